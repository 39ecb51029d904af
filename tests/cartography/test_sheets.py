"""Sheets, slides and files: right size, round scale, nothing half-written, no box for a missing character."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtGui import QFontDatabase, QImage, QPainter, QRawFont

from renomap.assets import resource
from renomap.cartography import sheet
from renomap.cartography.content import map_content
from renomap.cartography.files import complete_file
from renomap.cartography.fonts import FONT_FILES, family, legible, shortened, text_width, wrapped
from renomap.cartography.furniture import SCALES, fitted_view, round_length, snapped_scale
from renomap.cartography.layers import LegendEntry
from renomap.cartography.layout import FURNITURE, Layout, compact_layout, fitted_width, layout_of
from renomap.cartography.legend import LegendLine, _set
from renomap.cartography.pencil import Pencil, Rect
from renomap.cartography.style import Style
from renomap.cartography.symbols import Symbol
from renomap.cartography.titleblock import crs_name, default_title, draw_block
from renomap.errors import Cancelled, RenomapError
from renomap.model.feedback import Silent
from renomap.model.plan import Plan

Words = Mapping[str, str]
A4 = (297.0, 210.0)


@pytest.mark.parametrize("size", [(420.0, 297.0), A4, (180.0, 260.0)])
@pytest.mark.parametrize("furniture", FURNITURE)
def test_pdf_has_the_paper_size_and_one_vector_page(
    plan: Plan, zh: Words, tmp_path: Path, size: tuple[float, float], furniture: str
) -> None:
    path = tmp_path / "map.pdf"
    view = sheet.save_map_pdf(plan, path, "areas", zh, size_mm=size, area=1, style=Style(furniture))
    document = pypdfium2.PdfDocument(path)
    try:
        assert len(document) == 1
        page = document[0]
        assert [round(v * 25.4 / 72, 0) for v in page.get_size()] == [round(v, 0) for v in size]
        kinds = {item.type for item in page.get_objects()}
        assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds
        assert pypdfium2.raw.FPDF_PAGEOBJ_TEXT not in kinds
    finally:
        document.close()
    assert round(view.scale) in SCALES


def test_png_has_its_size_and_resolution(plan: Plan, zh: Words, tmp_path: Path) -> None:
    path = tmp_path / "map.png"
    sheet.save_map_png(plan, path, "deficit:elder_care", zh, size_px=(1240, 877), style=Style(dpi=75.0))
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1240, 877)
    assert image.dotsPerMeterX() == round(75 / 0.0254)


@pytest.mark.parametrize("area", [None, 1])
@pytest.mark.parametrize("size", [(1, 1), (100, 80), (600, 400)])
def test_a_sheet_too_small_for_its_furniture_still_has_a_map(
    plan: Plan, zh: Words, size: tuple[int, int], area: int | None
) -> None:
    """Of 600 pixels at 300 dots per inch title, legend and block leave less than nothing."""
    image = sheet.map_image(plan, "areas", zh, size, area=area, style=Style("full", dpi=300.0))
    assert (image.width(), image.height()) == size
    colours = {image.pixel(x, y) for x in range(0, size[0], 9) for y in range(0, size[1], 9)}
    assert len(colours) > 2 or size == (1, 1)


def test_slide_is_wide_and_written(plan: Plan, en: Words, tmp_path: Path) -> None:
    path = tmp_path / "slide.png"
    sheet.save_slide_png(plan, path, en, area=2)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1920, 1080)


@pytest.mark.parametrize("theme", ["areas", "year", "deficit:elder_care"])
def test_maps_of_a_bare_plan_and_of_a_crowd(
    bare_plan: Plan, crowd: Plan, en: Words, tmp_path: Path, theme: str
) -> None:
    for number, one in enumerate((bare_plan, crowd)):
        sheet.save_map_png(
            one, tmp_path / f"{number}.png", theme, en, size_px=(1000, 700), style=Style(dpi=96.0)
        )
    assert len(list(tmp_path.iterdir())) == 2


def test_hostile_texts_and_an_empty_form(plan: Plan, zh: Words, tmp_path: Path) -> None:
    names = plan.neighbourhoods.copy()
    names["name"] = ["<b>x</b>", "\u0007\t", "", "𠀀里🏠", "a" * 300, *names["name"].iloc[5:]]
    areas = plan.areas.copy()
    areas["name"] = [None, "", "很长的名字" * 20]
    form = {"title": "长" * 90, "author": "名" * 80}
    odd = replace(plan, neighbourhoods=names, areas=areas, project=replace(plan.project, form=form))
    sheet.save_map_pdf(odd, tmp_path / "a.pdf", "areas", zh, size_mm=A4, area=3)
    sheet.save_slide_png(odd, tmp_path / "a.png", zh, area=1)
    assert (tmp_path / "a.pdf").stat().st_size > 10_000


def test_the_block_tells_the_day_of_the_data_and_the_day_it_was_drawn(plan: Plan, zh: Words) -> None:
    told: list[str] = []

    class Recorder(Pencil):
        def text(self, text: str, *args: Any, **options: Any) -> None:
            told.append(text)
            super().text(text, *args, **options)

    dated = replace(plan, stamp="20261130-0554-30dc3f8c")
    image = QImage(1400, 60, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        draw_block(Recorder(painter, 96.0), Rect(0, 0, 360, 14), dated, zh)
    finally:
        painter.end()
    assert told[told.index("数据时点") + 2] == "出图日期"
    assert told[told.index("出图日期") + 1] == "2026-11-30"


def test_scale_is_round_and_everything_shows(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "areas", zh)
    for width in (300.0, 777.0, 1600.0, 5000.0):
        view = fitted_view(content.bounds, (width, width * 0.7), 96.0, 0.04)
        assert round(view.scale) in SCALES
        xmin, ymin, xmax, ymax = view.extent
        assert xmin <= content.bounds[0]
        assert ymin <= content.bounds[1]
        assert xmax >= content.bounds[2]
        assert ymax >= content.bounds[3]


@pytest.mark.parametrize(
    ("least", "scale"), [(480, 500), (500, 500), (501, 600), (2600, 3000), (7600, 10000), (11000, 12500)]
)
def test_scale_series(least: float, scale: int) -> None:
    assert snapped_scale(least) == scale


@pytest.mark.parametrize(("most", "length"), [(92, 50), (100, 100), (499, 200), (1.5, 1), (5000, 5000)])
def test_bar_lengths_are_round(most: float, length: float) -> None:
    assert round_length(most) == length


@pytest.mark.parametrize("size", [(196.0, 150.0), (196.0, 230.0), (276.0, 255.0), (390.0, 213.0)])
@pytest.mark.parametrize("inset", [False, True])
def test_the_legend_goes_where_the_ground_shows_larger(size: tuple[float, float], inset: bool) -> None:
    for shape in (0.3, 0.8, 1.0, 1.3, 2.0, 4.0):
        layout = compact_layout(size, shape, inset=inset, lines=25)
        parts = _parts(layout)
        assert (layout.inset is not None) == inset
        for k, one in enumerate(parts):
            assert one.x >= 0
            assert one.y >= 0
            assert one.x + one.w <= size[0] + 0.01
            assert one.y + one.h <= size[1] + 0.01
            assert not any(_overlap(one, other) for other in parts[k + 1 :])
        beside = layout_of(size, "compact", inset=inset)
        assert fitted_width(layout.map, shape) >= fitted_width(beside.map, shape)
    assert compact_layout((196.0, 230.0), 2.5, inset=inset, lines=25).map.w == 196.0
    assert compact_layout((390.0, 213.0), 1.0, inset=inset, lines=25).map.h == 213.0


def _overlap(a: Rect, b: Rect) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def _parts(layout: Layout) -> list[Rect]:
    return [r for r in (layout.map, layout.title, layout.legend, layout.inset, layout.block) if r is not None]


@pytest.mark.parametrize("size", [(420.0, 297.0), A4, (1189.0, 841.0), (150.0, 100.0)])
@pytest.mark.parametrize("furniture", FURNITURE)
@pytest.mark.parametrize("inset", [False, True])
def test_parts_of_a_sheet_do_not_overlap(size: tuple[float, float], furniture: str, inset: bool) -> None:
    parts = _parts(layout_of(size, furniture, inset=inset))
    for k, a in enumerate(parts):
        assert a.w > 0
        assert a.h > 0
        assert a.x >= 0
        assert a.x + a.w <= size[0] + 1e-6
        assert a.y + a.h <= size[1] + 1e-6
        for b in parts[k + 1 :]:
            apart = a.x + a.w <= b.x + 1e-6 or b.x + b.w <= a.x + 1e-6
            assert apart or a.y + a.h <= b.y + 1e-6 or b.y + b.h <= a.y + 1e-6


def test_titles(plan: Plan, bare_plan: Plan, zh: Words, en: Words) -> None:
    whole = default_title(plan, map_content(plan, "areas", zh), zh)
    assert whole == "芙蓉区老旧小区片区改造方案 改造片区划定图（2024）"
    one = default_title(plan, map_content(plan, "deficit:elder_care", zh, area=1), zh)
    assert one == "化龙池片区养老服务设施缺口分析图（2024）"
    untitled = replace(bare_plan, project=replace(bare_plan.project, form={}))
    assert default_title(untitled, map_content(untitled, "year", en), en) == "Years of completion"


def test_name_of_the_coordinate_system() -> None:
    assert crs_name("EPSG:4547") == "CGCS2000 3° CM 114E (EPSG:4547)"
    assert crs_name("a system of our own") == "a system of our own"


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_missing_folder_is_said(plan: Plan, zh: Words, tmp_path: Path, ending: str) -> None:
    save = sheet.save_map_png if ending == "png" else sheet.save_map_pdf
    with pytest.raises(RenomapError) as caught:
        save(plan, tmp_path / "none" / f"a.{ending}", "areas", zh)
    assert caught.value.code == "maps.no-folder"
    assert list(tmp_path.iterdir()) == []


def test_folder_in_the_way_is_said_and_nothing_left(plan: Plan, zh: Words, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(RenomapError) as caught:
        sheet.save_map_pdf(plan, tmp_path / "a.pdf", "areas", zh, size_mm=A4)
    assert caught.value.code == "maps.not-writable"
    assert [p.name for p in tmp_path.iterdir()] == ["a.pdf"]


def test_picture_beyond_memory_is_refused(plan: Plan, zh: Words, tmp_path: Path) -> None:
    with pytest.raises(RenomapError) as caught:
        sheet.save_map_png(plan, tmp_path / "a.png", "areas", zh, size_px=(900_000, 900_000))
    assert caught.value.code == "maps.too-large"


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_stopped_map_leaves_the_old_file(plan: Plan, zh: Words, tmp_path: Path, ending: str) -> None:
    class Stop(Silent):
        left = 4

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"old")
    save = sheet.save_map_png if ending == "png" else sheet.save_map_pdf
    with pytest.raises(Cancelled):
        save(plan, path, "areas", zh, feedback=Stop())
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_complete_file_is_readable_by_all(tmp_path: Path) -> None:
    with complete_file(tmp_path / "a.txt") as draft:
        draft.write_text("x")
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o644


def test_bundled_face_has_every_character_of_the_words(zh: Words, en: Words) -> None:
    for name in FONT_FILES:
        font = QRawFont(str(resource(name)), 20)
        own = (value for words in (zh, en) for key, value in words.items() if key.startswith("maps."))
        used = sorted({c for text in own for c in text if c.isprintable()})
        # By number: the overload for texts misses characters that share a glyph with a radical.
        assert [c for c in used if not font.supportsCharacter(ord(c))] == []
    assert family() in QFontDatabase.families()


def test_characters_the_face_lacks_are_marked_not_boxed() -> None:
    assert legible("化龙池 abc") == "化龙池 abc"
    assert legible("\U00020000里🏠") == "〓里〓"
    assert text_width("🏠") == text_width("〓")


def test_other_fonts_that_are_loaded_are_not_asked() -> None:
    import qtawesome

    qtawesome.icon("fa5s.home")  # its fonts have a house, as the window's have
    legible.cache_clear()
    assert legible("🏠") == "〓"


def test_wrapping_and_shortening() -> None:
    assert wrapped("未加载道路，未考虑阻隔", 10.0, 60.0) == ["未加载道路，", "未考虑阻隔"]
    assert wrapped("boundary of an undersized area", 10.0, 90.0) == ["boundary of an", "undersized area"]
    assert wrapped("养老缺口（m²），按片区", 10.0, 60.0) == ["养老缺口", "（m²），按", "片区"]
    assert wrapped("", 10.0, 60.0) == []
    assert shortened("短", 10.0, 60.0) == "短"
    cut = shortened("湖南省建筑设计院职工家属宿舍区", 10.0, 60.0)
    assert cut.endswith("…")
    assert text_width(cut) * 10.0 <= 60.0


def test_both_languages_have_the_same_codes() -> None:
    import tomllib

    tables = [
        tomllib.loads(resource(f"i18n/{lang}/maps.toml").read_text(encoding="utf-8")) for lang in ("zh", "en")
    ]
    assert list(tables[0]) == list(tables[1])


def test_command_line_draws_without_a_display_and_says_what_is_missing(tmp_path: Path) -> None:
    here = Path(__file__).parent
    env = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")}
    env["PYTHONPATH"] = os.pathsep.join([str(here), str(here.parents[1])])
    draw = (
        "from plan_factory import town\n"
        "from renomap.cartography.sheet import Style, save_map_png\n"
        "from renomap.wording.catalogue import words\n"
        "from pathlib import Path\n"
        f"path = Path({str(tmp_path / 'a.png')!r})\n"
        "save_map_png(town(), path, 'areas', words('zh'), size_px=(600, 400), style=Style(dpi=96))\n"
    )
    subprocess.run([sys.executable, "-c", draw], env=env, check=True, timeout=60)
    assert (tmp_path / "a.png").exists()
    without = (
        "import sys\n"
        "sys.modules['PySide6.QtGui'] = None\n"
        "from renomap.errors import RenomapError\n"
        "try:\n"
        "    import renomap.cartography.sheet\n"
        "except RenomapError as error:\n"
        "    print(error.code, error.params['command'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", without], env=env, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.startswith("maps.qt-missing sudo apt-get install -y libegl1")


def test_no_line_begins_with_a_closing_bracket() -> None:
    lines = wrapped("待核小区（暂纳入片区） (8)", 10.0, 106.0)
    assert lines == ["待核小区（暂纳入片区）", "(8)"]


def test_a_title_of_the_legend_is_never_the_last_of_its_column() -> None:
    """The first entry under it takes two lines: with room for one the title would stay behind alone."""
    image = QImage(800, 400, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    pencil = Pencil(painter, 254.0)
    entry = LegendEntry("某", "x", (0,), (Symbol(fill="#ffffff"),), "polygon")
    long = replace(entry, text="老年服务站与日间照料中心以及社区食堂")
    groups = [
        ("片区", [LegendLine(entry, 1, entry.symbols)] * 2),
        ("设施", [LegendLine(long, 1, entry.symbols)]),
    ]
    try:
        for height in range(12, 40):
            rows = _set(pencil, groups, Rect(0.0, 0.0, 70.0, float(height)), 8.0, 2)
            title = next(row for row in rows if row.texts == ("设施",))
            first = rows[rows.index(title) + 1]
            assert title.x == first.x, height
    finally:
        painter.end()

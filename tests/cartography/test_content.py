"""What a map shows: classes of every theme, legend of what is on the page, and plans that lack things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plan_factory import AREAS, UNITS, town
from PySide6.QtGui import QImage, QPainter
from shapely import box

from renomap.cartography.colours import GREY_STEP, lightness
from renomap.cartography.content import map_content, plan_bounds
from renomap.cartography.greys import for_grey
from renomap.cartography.layers import MapContent, ShapeLayer
from renomap.cartography.legend import draw_legend, legend_height, legend_on_page
from renomap.cartography.linkage import links_layer, links_legend
from renomap.cartography.markers import SHAPES
from renomap.cartography.pencil import Pencil, Rect
from renomap.cartography.symbols import facility_symbol, table
from renomap.cartography.themes import breaks
from renomap.errors import RenomapError
from renomap.facilities import facility_kinds
from renomap.model.links import Links
from renomap.model.mapview import MapView
from renomap.model.plan import Plan

Words = Mapping[str, str]
THEMES = ("areas", "year", "eligibility", "deficit:elder_care", "deficit:parking", "deficit:clinic")


def _view(content: MapContent) -> MapView:
    return MapView((0, 0), 1.0, (1200, 900), 96.0).fitted(content.bounds)


def _legend(content: MapContent, view: MapView | None = None) -> dict[str, int]:
    groups = legend_on_page(content, view or _view(content))
    return {line.entry.text: line.count for _, lines in groups for line in lines}


def _text_of(content: MapContent, fid: int) -> str:
    """The legend's word for a neighbourhood."""
    layer = content.layer("neighbourhoods")
    assert isinstance(layer, ShapeLayer)
    cls = int(layer.classes[list(layer.frame.index).index(fid)])
    entries = [e for g in content.legend for e in g.entries if e.layer == "neighbourhoods"]
    return next(e.text for e in entries if cls in e.classes)


def test_layers_run_from_the_ground_to_the_labels(plan: Plan, zh: Words) -> None:
    keys = [layer.key for layer in map_content(plan, "areas", zh).layers]
    assert keys == [
        *("landuse", "water", "area_fills", "neighbourhoods", "buildings", "roads", "railways", "barriers"),
        *("members_ground", "outlines", "facilities", "labels"),
    ]


def test_areas_theme_tells_the_fate_of_every_neighbourhood(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "areas", zh)
    expected = {
        101: "片区内小区",
        103: "待核小区（暂纳入片区）",
        111: "零星小区",
        112: "不纳入小区",
        113: "未划入小区",
    }
    assert {fid: _text_of(content, fid) for fid in expected} == expected
    legend = _legend(content)
    assert legend["片区内小区"] == 9
    assert legend["不纳入小区"] == 2
    assert sum(legend[text] for text in set(expected.values())) == len(UNITS)


def test_members_have_the_colour_of_their_area(plan: Plan, zh: Words) -> None:
    layer = map_content(plan, "areas", zh).layer("neighbourhoods")
    assert isinstance(layer, ShapeLayer)
    for fid, area in ((101, 1), (105, 2), (108, 3)):
        cls = layer.classes[list(layer.frame.index).index(fid)]
        assert layer.symbols[cls].fill == next(colour for key, _, colour, _ in AREAS if key == area)


def test_deficit_classes_of_areas(plan: Plan, zh: Words) -> None:
    legend = _legend(map_content(plan, "deficit:elder_care", zh))
    # 340 short, at least 120 certain of the unknown one, one without a deficit; m² break at 200 and 600.
    assert legend["小 ≤ 200"] == 1
    assert legend["中 >200–600"] == 1
    assert legend["无缺口"] == 1
    assert not any(text.startswith("大") for text in legend)


def test_classes_of_a_deficit_do_not_change_with_the_scheme(plan: Plan, zh: Words) -> None:
    areas = plan.areas.copy()
    areas["elder_care_deficit"] = 5.0 * areas["elder_care_deficit"]
    other = _legend(map_content(replace(plan, areas=areas), "deficit:elder_care", zh))
    assert other["大 > 600"] == 1
    assert not any("340" in text or "1,000" in text for text in other)


def test_breaks_rise_and_each_unit_of_a_facility_has_its_own() -> None:
    fixed = table("themes")["breaks"]
    assert all(0 < low < high for low, high in fixed.values())
    assert {str(kind.rules["unit"]) for kind in facility_kinds().values() if "unit" in kind.rules} <= set(
        fixed
    )


def test_every_step_of_a_theme_is_told_from_the_next_in_grey() -> None:
    """Lightness falls from none to large by eight at least; unknown alone has diagonal lines."""
    looks = table("themes")["deficit"]
    steps = [lightness(looks[name]["fill"]) for name in ("none", "small", "medium", "large")]
    assert steps == sorted(steps, reverse=True)
    assert min(np.abs(np.diff(steps))) >= GREY_STEP
    groups = {**table("map"), **table("themes")}.values()
    looks = [(name, look) for group in groups if isinstance(group, dict) for name, look in group.items()]
    lined = {name for name, look in looks if isinstance(look, dict) and look.get("hatch") == "diagonal"}
    assert lined == {"unknown"}


@pytest.mark.parametrize(
    ("theme", "text"), [("deficit:parking", "标准未设值"), ("deficit:clinic", "未达配建人口规模")]
)
def test_areas_without_a_number_say_why(plan: Plan, zh: Words, theme: str, text: str) -> None:
    legend = _legend(map_content(plan, theme, zh))
    assert legend[text] == len(AREAS)
    assert "待调查" not in legend


def test_unknown_is_a_class_of_its_own_and_never_none(plan: Plan, zh: Words) -> None:
    areas = plan.areas.copy()
    areas["elder_care_deficit"] = np.nan
    areas["elder_care_deficit_low"] = 0.0
    areas["elder_care_state"] = "unknown"
    legend = _legend(map_content(replace(plan, areas=areas), "deficit:elder_care", zh))
    assert legend["待调查"] == len(AREAS)
    assert "无缺口" not in legend


def test_deficit_by_neighbourhood(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "deficit:elder_care", zh, by="neighbourhood")
    assert content.layer("area_fills") is None
    assert _text_of(content, 103) == "待调查"
    assert _legend(content)["待调查"] == sum(1 for unit in UNITS if unit[4] is None)


def test_years_are_classed_by_the_latest_and_unknown_apart(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "year", zh)
    # The factory's latest year is one after the listed one: 1979 is still in the first class.
    expected = {
        104: "1979 年及以前",
        103: "未调查",
        105: "1990–2000 年",
        107: "2001–2005 年",
        112: "2006 年及以后",
    }
    assert {fid: _text_of(content, fid) for fid in expected} == expected


def test_eligibility(plan: Plan, zh: Words) -> None:
    legend = _legend(map_content(plan, "eligibility", zh))
    assert (legend["可纳入"], legend["限比例纳入"], legend["待核"], legend["不纳入"]) == (9, 1, 2, 2)


def test_legend_has_only_what_is_on_the_page(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "areas", zh)
    whole = _legend(content)
    assert {"住宅楼栋", "危房", "主干路", "铁路", "水系", "绿地", "养老服务设施", "其他设施"} <= set(
        whole
    ) | {"铁路"}
    corner = MapView((400_090.0, 3_120_460.0), 0.1, (400, 300), 96.0)
    assert set(_legend(content, corner)) == {"片区内小区", "住宅楼栋"}
    nowhere = MapView((0.0, 0.0), 1.0, (400, 300), 96.0)
    assert _legend(content, nowhere) == {}


def test_legend_leaves_out_what_the_scale_hides(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "areas", zh)
    far = MapView(_view(content).centre, 40.0, (1200, 900), 96.0)
    assert not {"住宅楼栋", "步行道", "街巷"} & set(_legend(content, far))


@pytest.mark.parametrize(
    ("theme", "kinds"),
    [
        ("areas", {"养老服务设施", "机动车停车位", "社区卫生服务站", "其他设施"}),
        ("deficit:elder_care", {"养老服务设施"}),
        ("deficit:elevator", set()),
        ("year", set()),
    ],
)
def test_map_of_a_deficit_shows_only_the_supply_it_is_about(
    plan: Plan, zh: Words, theme: str, kinds: set[str]
) -> None:
    content = map_content(plan, theme, zh)
    groups = dict(legend_on_page(content, _view(content)))
    assert {line.entry.text for line in groups.get("设施（大小示规模）", [])} == kinds


def test_every_kind_of_facility_has_a_shape_of_its_own(zh: Words, en: Words) -> None:
    drawn = {key: kind for key, kind in facility_kinds().items() if kind.symbol}
    shapes = [facility_symbol(key).marker for key in (*drawn, "any other")]
    assert len(set(shapes)) == len(shapes) > 15
    assert set(shapes) <= set(SHAPES)
    for key in (*drawn, "other"):
        assert zh[f"maps.facility.{key}"]
        assert en[f"maps.facility.{key}"]
    aliases = [alias for kind in drawn.values() for alias in kind.also]
    assert len(set(aliases)) == len(aliases)
    assert not set(aliases) & set(drawn)


def test_sheet_of_an_area_steps_the_others_back(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "areas", zh, area=1)
    assert _text_of(content, 101) == "片区内小区"
    assert _text_of(content, 105) == "其他片区小区"
    assert content.bounds == pytest.approx(tuple(plan.areas.geometry.loc[1].bounds))
    own = [label for label in content.labels.labels if label.text == "化龙池片区"]
    assert own[0].second == "已知 567 户"  # one of its four members has no known households


def test_missing_layers_are_told_on_every_map(plan: Plan, bare_plan: Plan, zh: Words) -> None:
    assert map_content(plan, "areas", zh).remarks == ()
    assert map_content(bare_plan, "areas", zh).remarks == ("未加载道路/河流/铁路，未考虑阻隔",)


@pytest.mark.parametrize("theme", THEMES)
def test_plan_without_areas_or_layers_has_maps(bare_plan: Plan, zh: Words, theme: str) -> None:
    content = map_content(bare_plan, theme, zh)
    assert [layer.key for layer in content.layers] == ["neighbourhoods", "labels"]
    assert sum(_legend(content).values()) == len(UNITS)


def test_standard_without_a_value_is_not_called_unsurveyed(bare_plan: Plan, zh: Words) -> None:
    assert set(_legend(map_content(bare_plan, "deficit:parking", zh))) == {"标准未设值"}


def test_plan_without_neighbourhoods(plan: Plan, zh: Words) -> None:
    empty = replace(plan, neighbourhoods=plan.neighbourhoods.iloc[:0], areas=plan.areas.iloc[:0])
    assert map_content(empty, "areas", zh).layer("neighbourhoods") is None


@pytest.mark.parametrize(
    ("theme", "area", "code"),
    [
        ("colours", None, "maps.theme-unknown"),
        ("deficit:swimming", None, "maps.facility-unknown"),
        ("areas", 99, "maps.area-unknown"),
    ],
)
def test_what_is_not_there_is_said(plan: Plan, zh: Words, theme: str, area: int | None, code: str) -> None:
    with pytest.raises(RenomapError) as caught:
        map_content(plan, theme, zh, area=area)
    assert caught.value.code == code
    assert code in zh


def test_plan_is_not_changed(zh: Words) -> None:
    plan = town()
    before = (plan.neighbourhoods.copy(), plan.areas.copy())
    for theme in THEMES:
        map_content(plan, theme, zh, area=2)
    assert plan.neighbourhoods.equals(before[0])
    assert plan.areas.equals(before[1])


def test_same_plan_gives_equal_layers(plan: Plan, zh: Words) -> None:
    first, again = map_content(plan, "areas", zh), map_content(plan, "areas", zh)
    assert [layer.token for layer in first.layers] == [layer.token for layer in again.layers]
    other = map_content(plan, "year", zh)
    tokens = {layer.key: layer.token for layer in first.layers}
    changed = {layer.key for layer in other.layers if tokens[layer.key] != layer.token}
    assert changed == {"neighbourhoods", "labels"}


def test_shared_border_is_drawn_once(plan: Plan, zh: Words) -> None:
    outlines = map_content(plan, "areas", zh).layer("outlines")
    assert isinstance(outlines, ShapeLayer)
    whole = plan.areas.geometry.boundary.union_all().length
    assert outlines.frame.length.sum() == pytest.approx(whole, rel=1e-3)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([120.0, 340.0], (200.0, 300.0)),
        ([], (1.0, 2.0)),
        ([0.0, 0.0], (1.0, 2.0)),
        ([300.0, 300.0], (300.0, 600.0)),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], (3.0, 5.0)),
        ([0.2, 0.4, 0.9], (0.4, 0.6)),
    ],
)
def test_breaks_are_round_and_rise(values: list[float], expected: tuple[float, float]) -> None:
    assert breaks(np.array(values)) == pytest.approx(expected)


def test_links_are_lines_between_their_neighbourhoods(plan: Plan, zh: Words) -> None:
    fids = plan.neighbourhoods.index.to_numpy()[::-1].copy()
    ends = np.array([[0, 1], [2, 5]], dtype=np.int32)
    ones = np.ones(2)
    links = Links(fids, ends[:, 0], ends[:, 1], ones, ones, ones, np.array([0, 3], dtype=np.int8), ("", "桥"))
    layer = links_layer(links, plan.neighbourhoods)
    assert isinstance(layer, ShapeLayer)
    shapes = plan.neighbourhoods.geometry
    for line, (a, b) in zip(layer.frame, ends, strict=True):
        assert line.boundary.geoms[0].within(shapes.loc[fids[a]])
        assert line.boundary.geoms[1].within(shapes.loc[fids[b]])
    assert [entry.text for entry in links_legend(links, zh).entries] == ["紧邻", "经桥梁或通道相连"]
    assert links_layer(links, plan.neighbourhoods).frame is layer.frame
    assert len(links_layer(plan.links, plan.neighbourhoods).frame) == 0


def test_strays_far_off_do_not_shrink_the_areas(plan: Plan, zh: Words) -> None:
    assert plan_bounds(plan) == tuple(plan.neighbourhoods.total_bounds)
    far = plan.neighbourhoods.copy()
    last = far.index[-1]
    far["area_id"] = far["area_id"].where(far.index != last, 0)
    xmin, _, xmax, _ = plan.areas.total_bounds
    far.loc[[last], "geometry"] = far.geometry.loc[[last]].translate(20 * (xmax - xmin))
    content = map_content(replace(plan, neighbourhoods=far), "areas", zh)
    assert content.bounds == tuple(plan.areas.total_bounds)
    off = sum(not shape.intersects(box(*content.bounds)) for shape in far.geometry)
    assert f"另有 {off} 个小区远离片区，在图幅之外。" in content.remarks
    assert not any("图幅之外" in remark for remark in map_content(plan, "areas", zh).remarks)


def test_discs_are_marked_as_estimated_and_only_they(plan: Plan, zh: Words) -> None:
    assert all(layer.key != "discs" for layer in map_content(plan, "areas", zh).layers)
    frame = plan.neighbourhoods.copy()
    frame["origin"] = pd.Series("survey", index=frame.index, dtype=object)
    frame.loc[frame.index[:2], "origin"] = "placed"
    for theme in ("areas", "year", "deficit:elder_care"):
        content = map_content(replace(plan, neighbourhoods=frame), theme, zh)
        keys = [layer.key for layer in content.layers]
        assert len(content.layer("discs").frame) == 2
        assert keys.index("neighbourhoods") < keys.index("discs") < keys.index("outlines")
        entries = [
            entry.text for group in content.legend for entry in group.entries if entry.layer == "discs"
        ]
        assert entries == ["圆形占位（仅知位置，边界推定）"]


def test_a_legend_fits_exactly_into_the_height_that_it_says(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "areas", zh)
    groups = legend_on_page(content, _view(content))
    pencil = Pencil(QPainter(), 96.0)
    roomy = Rect(0.0, 0.0, 44.0, 500.0)
    height = legend_height(pencil, groups, roomy, columns=1)
    assert height > 20.0
    for mm, pt in ((height, 8.0), (height - 0.5, 7.5)):
        image = QImage(400, 400, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        assert draw_legend(Pencil(painter, 96.0), groups, Rect(0.0, 0.0, 44.0, mm), columns=1) == pt
        painter.end()
    assert legend_height(pencil, [], roomy) == 0.0


def test_a_grey_copy_tells_green_water_and_land_apart(plan: Plan, zh: Words) -> None:
    """One grey each in colour; without colours white, dots and lines, on the map as in its legend."""
    content = map_content(plan, "areas", zh)
    grey = for_grey(content)
    for layer in (one for one in grey.layers if isinstance(one, ShapeLayer)):
        for before, after in zip(content.layer(layer.key).symbols, layer.symbols, strict=True):
            wanted = {"#e3ecda": "dots", "#d3e6f2": "horizontal", "#f6f6f3": before.hatch}
            expected = wanted.get(before.fill or "", before.hatch)
            assert after.hatch == expected
            assert after.fill == ("#ffffff" if before.fill in wanted else before.fill)
    entries = [item for group in grey.legend for one in group.entries for item in one.symbols]
    assert any(item.hatch == "horizontal" and item.fill == "#ffffff" for item in entries)

"""Every character of the bundled typeface reaches the paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import typst
from plan_sample import sample_plan, sample_words
from PySide6.QtGui import QFontDatabase

from renomap.assets import resource
from renomap.cartography.fonts import legible, text_path, text_width
from renomap.outputs import report, typeface

#: Characters that were boxes when the fonts listed them in a map of format 4.
LOST = "长龙里部面需配院门街道说明"


@pytest.mark.parametrize("name", typeface.FONTS)
def test_the_fonts_know_what_planners_write(name: str) -> None:
    known = typeface.characters(name)
    assert {ord(sign) for sign in LOST + "㎡m²×—“”《》（）①ⅣABC012"} <= known
    gb2312 = {
        ord(bytes([high, low]).decode("gb2312"))
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        if not (high == 0xD7 and low > 0xF9)
    }
    assert gb2312 <= known


def test_typst_sets_every_character(tmp_path: Path) -> None:
    source = tmp_path / "t.typ"
    source.write_text(f'#set text(font: "Noto Sans SC")\n{LOST}', encoding="utf-8")
    _, warnings = typst.compile_with_warnings(
        str(source),
        output=str(tmp_path / "t.pdf"),
        font_paths=[str(resource("fonts"))],
        ignore_system_fonts=True,
    )
    assert not warnings
    document = pypdfium2.PdfDocument((tmp_path / "t.pdf").read_bytes())
    assert LOST in document[0].get_textpage().get_text_range()
    document.close()
    assert typeface.covered(LOST)
    assert not typeface.covered(LOST + "\U00020000")


#: A character of the second plane that no font of a machine for tests has.
RARE = "\U00020bb7"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_no_font_has_is_marked_and_named(lang: str) -> None:
    words = sample_words(lang)
    texts = {"a": [f"张{RARE}村", 5, None, {"b": f"{RARE}{RARE}里"}], "c": "白果园"}
    done, told = typeface.printable(texts, words)
    assert done == {"a": ["张〓村", 5, None, {"b": "〓〓里"}], "c": "白果园"}
    assert "U+20BB7" in told
    assert "“张〓村”" in told
    assert typeface.printable({"c": "白果园 m²"}, words) == ({"c": "白果园 m²"}, "")


def test_what_a_font_of_the_machine_has_is_drawn() -> None:
    """Georgian, which the bundled face lacks, stands in DejaVu Sans; a machine without it prints the mark."""
    text = "ა里"
    assert not typeface.covered(text)
    if "DejaVu Sans" not in QFontDatabase.families():
        assert legible(text) == "〓里"
        return
    assert typeface.printable([text], sample_words("en")) == ([text], "")
    drawn, width = text_path(text, False, 64.0), text_width("里") * 64
    assert drawn.boundingRect().width() > width + 10  # the letter, and then the sign beside it
    assert text_width(text) * 64 > width + 10


def test_the_report_names_what_it_could_not_print(tmp_path: Path) -> None:
    plan = sample_plan()
    rows = plan.neighbourhoods.copy()
    rows.loc[rows.index[0], "name"] = f"张{RARE}村"
    report.write_pdf(replace(plan, neighbourhoods=rows), tmp_path / "t.pdf", sample_words("zh"))
    document = pypdfium2.PdfDocument((tmp_path / "t.pdf").read_bytes())
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert "U+20BB7" in text
    assert "张〓村" in text

"""Every character of the bundled typeface reaches the paper."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
import typst

from renomap.assets import resource
from renomap.outputs import typeface

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

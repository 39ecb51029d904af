"""Every character of the bundled typeface reaches the paper."""

from __future__ import annotations

import struct
from pathlib import Path

import pypdfium2
import typst

from renomap.assets import resource
from renomap.outputs import typeface

#: Characters that were boxes when Typst read the fonts as they come.
LOST = "长龙里部面需配院门街道说明"


def test_the_longer_map_says_the_same() -> None:
    font = resource("fonts/NotoSansSC-Regular.otf").read_bytes()
    start = typeface._subtable(font, 4)
    assert start is not None
    characters = typeface._characters(font, start)
    longer = typeface.with_long_map(font)
    place = typeface._subtable(longer, 12)
    assert place is not None
    (count,) = struct.unpack_from(">I", longer, place + 12)
    found = {}
    for k in range(count):
        first, last, glyph = struct.unpack_from(">III", longer, place + 16 + 12 * k)
        found |= {first + i: glyph + i for i in range(last - first + 1)}
    assert found == characters
    assert set(map(ord, LOST)) <= found.keys()
    assert typeface.with_long_map(longer) is longer


def test_typst_sets_every_character(tmp_path: Path) -> None:
    source = tmp_path / "t.typ"
    source.write_text(f'#set text(font: "Noto Sans SC")\n{LOST}', encoding="utf-8")
    fonts = typeface.font_folder(tmp_path)
    _, warnings = typst.compile_with_warnings(
        str(source), output=str(tmp_path / "t.pdf"), font_paths=[str(fonts)], ignore_system_fonts=True
    )
    assert not warnings
    data = (tmp_path / "t.pdf").read_bytes()
    document = pypdfium2.PdfDocument(data)
    assert LOST in document[0].get_textpage().get_text_range()
    document.close()
    assert typeface.covered(LOST)
    assert not typeface.covered(LOST + "\U00020000")

"""How the Word report looks: typefaces, sizes and distances as styles that an editor can change."""

from __future__ import annotations

from typing import Any, Final

from renomap.outputs.office_colours import office
from renomap.outputs.word_parts import CELL, CELL_HEAD, COVER, NOTE, OPEN, PICTURE, number_headings

#: Typefaces that every office in China has: of headings, and of the text.
HEADS, TEXT = ("Arial", "黑体"), ("Times New Roman", "宋体")
#: Name, what it is made from, typefaces, size (pt), bold, colour, points before and after, lines apart.
_STYLES: Final[tuple[tuple[str, str, tuple[str, str], float, bool, str, float, float, float], ...]] = (
    ("Normal", "", TEXT, 11, False, "ink", 0, 5, 1.35),
    ("Title", "Normal", HEADS, 24, True, "accent", 150, 18, 1.2),
    ("Heading 1", "Normal", HEADS, 16, True, "accent", 20, 9, 1.2),
    ("Heading 2", "Normal", HEADS, 13, True, "accent", 10, 6, 1.2),
    ("Heading 3", "Normal", HEADS, 11, True, "ink", 8, 3, 1.2),
    ("Header", "Normal", TEXT, 8, False, "text-2", 0, 0, 1.1),
    ("Footer", "Normal", TEXT, 8, False, "text-2", 0, 0, 1.1),
    ("Caption", "Normal", HEADS, 9, False, "ink", 6, 4, 1.2),
    ("List Bullet", "Normal", TEXT, 11, False, "ink", 0, 3, 1.3),
    (CELL, "Normal", TEXT, 8, False, "ink", 1.2, 1.2, 1.0),
    (CELL_HEAD, "Normal", HEADS, 8, True, "ink", 1.5, 1.5, 1.0),
    (PICTURE, "Normal", TEXT, 11, False, "ink", 2, 0, 1.0),
    (NOTE, "Normal", TEXT, 9, False, "text-2", 2, 4, 1.2),
    (COVER, "Normal", TEXT, 14, False, "ink", 2, 6, 1.2),
    ("toc 1", "Normal", HEADS, 10.5, False, "ink", 5, 1, 1.1),
    ("toc 2", "Normal", TEXT, 10, False, "ink", 0, 1, 1.1),
)
#: Size of text in tables (pt), as in the style of cells.
CELL_PT = 8.0


def set_styles(document: Any) -> None:
    """Give the document its styles; headings are numbered and each chapter begins a page."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    known = {style.name for style in document.styles}
    for name, base, faces, size, bold, colour, before, after, apart in _STYLES:
        style = document.styles[name] if name in known else _new(document, name, WD_STYLE_TYPE.PARAGRAPH)
        if base:
            style.base_style = document.styles[base]
        _lettering(style, faces, size, colour, bold=bold)
        form = style.paragraph_format
        form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), apart
    for name in (PICTURE, "Caption", "Title"):
        document.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Caption"].paragraph_format.keep_with_next = False
    document.styles["toc 2"].paragraph_format.left_indent = Mm(6)
    _plain_title(document)
    mark = document.styles.add_style(OPEN, WD_STYLE_TYPE.CHARACTER)
    _lettering(mark, TEXT, 0, "boundary-text", bold=False)
    number_headings(document)


def _new(document: Any, name: str, kind: Any) -> Any:
    return document.styles.add_style(name, kind)


def _lettering(style: Any, faces: tuple[str, str], size: float, colour: str, *, bold: bool) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.bold, style.font.italic = faces[0], bold, False
    if size:
        style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(office(colour))
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:hAnsi"), faces[0])
    fonts.set(qn("w:eastAsia"), faces[1])


def _plain_title(document: Any) -> None:
    """The library's title has a rule below, which cuts a title of two lines off its scheme."""
    properties = document.styles["Title"].element.get_or_add_pPr()
    for child in [one for one in properties if one.tag.endswith("}pBdr")]:
        properties.remove(child)

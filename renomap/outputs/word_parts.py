"""Parts of a Word file that its library does not make: fields, bookmarks, heading numbers, quick tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape

from renomap.outputs.office_colours import office
from renomap.outputs.plain_text import clean

#: The styles of this file's own, by what they are for.
CELL, CELL_HEAD, PICTURE, NOTE, OPEN, COVER = (
    "Table Cell", "Table Head", "Picture", "Remark", "To Fill", "Cover Line",
)  # fmt: skip
#: Twentieths of a point in a millimetre.
TWIPS = 1440 / 25.4
#: A table of fewer rows stays on one page.
_TOGETHER = 9
#: The list of numbers that the headings share.
_NUMBERS = 77


def _xml(text: str) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    head, _, rest = text.partition(">")
    closed = head.endswith("/")
    return parse_xml(f"{head.rstrip('/')} {nsdecls('w')}{'/' if closed else ''}>{rest}")


def add_field(paragraph: Any, code: str, shown: str, *, dirty: bool = False) -> None:
    """A field with what it shows until Word computes it again."""
    marked = ' w:dirty="1"' if dirty else ""
    for part in (
        f'<w:fldChar w:fldCharType="begin"{marked}/>',
        f'<w:instrText xml:space="preserve"> {escape(code)} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        f'<w:t xml:space="preserve">{escape(shown)}</w:t>',
        '<w:fldChar w:fldCharType="end"/>',
    ):
        paragraph._p.append(_xml(f"<w:r>{part}</w:r>"))


def open_field(paragraph: Any, code: str) -> None:
    """The beginning of a field over several paragraphs; ``close_field`` ends it."""
    for part in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {escape(code)} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
    ):
        paragraph._p.append(_xml(f"<w:r>{part}</w:r>"))


def close_field(paragraph: Any) -> None:
    """The end of a field that ``open_field`` began."""
    paragraph._p.append(_xml('<w:r><w:fldChar w:fldCharType="end"/></w:r>'))


def add_bookmark(paragraph: Any, name: str, number: int) -> None:
    """Mark the whole paragraph, so that the contents can lead there."""
    content = [child for child in paragraph._p if not child.tag.endswith("}pPr")]
    content[0].addprevious(_xml(f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'))
    paragraph._p.append(_xml(f'<w:bookmarkEnd w:id="{number}"/>'))


def number_headings(document: Any) -> None:
    """Let Word count the headings of the two levels: 1, 1.1."""
    root = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{k}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:pStyle w:val="Heading{k + 1}"/>'
        f'<w:suff w:val="space"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for k, text in enumerate(("%1", "%1.%2"))
    )
    kind = (
        f'<w:abstractNum w:abstractNumId="{_NUMBERS}"><w:multiLevelType w:val="multilevel"/>'
        f"{levels}</w:abstractNum>"
    )
    first = next(child for child in root if child.tag.endswith("}num"))
    first.addprevious(_xml(kind))
    root.append(_xml(f'<w:num w:numId="{_NUMBERS}"><w:abstractNumId w:val="{_NUMBERS}"/></w:num>'))
    for k in (0, 1):
        numbered = document.styles[f"Heading {k + 1}"].element.get_or_add_pPr().get_or_add_numPr()
        numbered.get_or_add_ilvl().val, numbered.get_or_add_numId().val = k, _NUMBERS


def without_number(paragraph: Any) -> None:
    """Take the number from one heading."""
    paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = 0


def update_fields(document: Any) -> None:
    """Let Word compute the fields anew when it opens the file, so that the contents get their pages.

    The setting stands where the format asks for it: Word refuses a file with its settings in another order.
    """
    settings = document.settings.element
    later = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", "docVars", "rsids", "mathPr")
    after = next((child for child in settings if child.tag.rpartition("}")[2] in later), None)
    setting = _xml('<w:updateFields w:val="true"/>')
    settings.append(setting) if after is None else after.addprevious(setting)


def table_of(content: Mapping[str, Any], widths: Sequence[float], style_ids: Mapping[str, str]) -> Any:
    """A table as XML: it repeats its head, tears no row, and has rules of three weights and no colour bands.

    Built as one text: the library's own cells take minutes for the tables of a city.

    Parameters
    ----------
    content : Mapping
        As ``table.for_template`` gives it.
    widths : sequence of float
        Widths of the columns in mm.
    style_ids : Mapping
        The ids of ``CELL`` and ``CELL_HEAD`` in the document.
    """
    twips = [round(width * TWIPS) for width in widths]
    rows = [_row(content["head"], twips, content["align"], style_ids[CELL_HEAD], head=True)]
    body, last = content["rows"], len(content["rows"]) - 1
    together = last < _TOGETHER
    rows += [
        _row(row, twips, content["align"], style_ids[CELL], kept=together and k < last)
        for k, row in enumerate(body)
    ]
    if "total" in content:
        rows.append(_row(content["total"], twips, content["align"], style_ids[CELL_HEAD], total=True))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    ink = office("ink")
    return _xml(
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>'
        f'<w:top w:val="single" w:sz="12" w:color="{ink}"/>'
        f'<w:bottom w:val="single" w:sz="8" w:color="{ink}"/>'
        f'<w:insideH w:val="single" w:sz="2" w:color="{office("rule")}"/></w:tblBorders>'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(
    texts: Sequence[str],
    twips: Sequence[int],
    align: Sequence[str],
    style: str,
    *,
    head: bool = False,
    total: bool = False,
    kept: bool = False,
) -> str:
    """A row as XML; ``kept`` holds it on the page of the next."""
    edge = "bottom" if head else "top"
    ruled = f'<w:tcBorders><w:{edge} w:val="single" w:sz="8" w:color="{office("ink")}"/></w:tcBorders>'
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{office("tint")}"/>' if head else ""
    stay = "<w:keepNext/>" if kept or head else ""
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{ruled if head or total else ""}{shade}'
        f'<w:vAlign w:val="{"center" if head else "top"}"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{stay}'
        f'{indent}<w:jc w:val="{side}"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'
        "</w:p></w:tc>"
        for text, width, side, indent in zip(texts, twips, align, _clearances(align), strict=True)
    ]
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _clearances(align: Sequence[str]) -> list[str]:
    """A text that follows a number keeps clear of it."""
    follows = [False, *(pair == ("right", "left") for pair in pairwise(align))]
    return ['<w:ind w:left="100"/>' if close else "" for close in follows]

"""The proposal as a Word file that the bureau edits further: .docx."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from renomap.cartography.style import Style
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.outputs.atomic import new_file
from renomap.outputs.blocks import Block, CaptionedTable, MapPicture, Passage, Section, numbers
from renomap.outputs.chapters import chapters
from renomap.outputs.fixed_zip import write_fixed
from renomap.outputs.map_pictures import draw_pictures
from renomap.outputs.plain_text import one_line
from renomap.outputs.report_content import subtitle
from renomap.outputs.report_layout import fit
from renomap.outputs.typesetting import made_at
from renomap.outputs.word_parts import (
    CELL_HEAD,
    COVER,
    NOTE,
    OPEN,
    PICTURE,
    add_bookmark,
    add_field,
    close_field,
    open_field,
    table_of,
    update_fields,
    without_number,
)
from renomap.outputs.word_styles import CELL_PT, set_styles

#: A4 standing, its margins, and the room between them (mm).
PAPER_MM, SIDE_MM, TOP_MM, FOOT_MM = (210.0, 297.0), 22.0, 24.0, 20.0
NARROW_MM, WIDE_MM = PAPER_MM[0] - 2 * SIDE_MM, PAPER_MM[1] - 2 * SIDE_MM
#: A map on a lying page with its heading and caption (mm).
MAP_MM = (WIDE_MM, 124.0)


def write_docx(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    dpi: float = 300.0,
    chosen: Sequence[str] = (),
    said: Mapping[str, Any] | None = None,
    feedback: Feedback | None = None,
) -> None:
    """Write the chapters of ``chapters.chapters`` as an editable file.

    What the program knows is filled in as the report says it; what it does not know is a marked place.

    Parameters
    ----------
    page : Page
        Its ``area_pages`` and ``grey``; the paper is A4.
    dpi : float
        Of the maps.
    chosen : sequence of str
        Chapters in the order wanted; empty for all.
    said : Mapping, optional
        As ``report_content.content`` gives it of this plan and page, where it is made already.

    Raises
    ------
    RenomapError
        ``outputs.no-areas``, ``outputs.chapter-unknown``, those of ``atomic.new_file`` and of
        ``cartography.sheet``.
    """
    feedback = feedback or Silent()
    if not len(plan.areas):
        raise RenomapError("outputs.no-areas")
    sections = chapters(plan, words, area_pages=page.area_pages, chosen=chosen, said=said)
    maps = [
        (block.theme, block.area)
        for section in sections
        for block in section.blocks
        if isinstance(block, MapPicture)
    ]
    with new_file(path) as draft, tempfile.TemporaryDirectory(prefix="renomap-word-") as place:
        pictures = draw_pictures(
            plan, Path(place), maps, words, size_mm=MAP_MM,
            style=Style("compact", grey=page.grey, dpi=dpi), feedback=feedback,
        )  # fmt: skip
        feedback.progress(1.0, "outputs.progress-report")
        pen = _Pen(_new_document(plan, words), words, pictures)
        _cover(pen, plan)
        _contents(pen, sections)
        for number, section in zip(numbers(sections), sections, strict=True):
            _section(pen, section, number)
        written = io.BytesIO()
        pen.document.save(written)
        write_fixed(written.getvalue(), draft)


@dataclass
class _Pen:
    """The document while it is written, and what has been counted so far."""

    document: Any
    words: Mapping[str, str]
    pictures: Mapping[tuple[str, int | None], Path]
    wide: bool = False
    #: Whether the chapter before keeps its page to itself.
    alone: bool = True
    headings: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def word(self, name: str) -> str:
        return self.words[f"outputs.chapter.{name}"]

    def paragraph(self, text: str, style: str) -> Any:
        """A new paragraph; the library itself would look through all styles for each."""
        line = self.document.add_paragraph(one_line(text))
        if style != "Normal":
            line._p.style = self.style_ids[style]
        return line

    def add_open(self, line: Any, text: str) -> None:
        """Text marked as one to be filled in."""
        line.add_run(text)._r.style = self.style_ids[OPEN]

    @cached_property
    def style_ids(self) -> dict[str, str]:
        """Id of each style by name."""
        return {style.name: style.style_id for style in self.document.styles}


def _new_document(plan: Plan, words: Mapping[str, str]) -> Any:
    import docx
    from docx.shared import Mm

    document = docx.Document()
    set_styles(document)
    form, made = plan.project.form, made_at(plan.stamp).replace(tzinfo=None)
    told = document.core_properties
    told.title = _title(plan, words)[:255]
    told.author = one_line(form.get("author", ""))[:255] or "renomap"
    told.last_modified_by, told.comments, told.keywords = told.author, "", plan.stamp
    told.created = told.modified = made
    told.language = "zh-CN" if words["language"] == "zh" else "en-GB"
    first = document.sections[0]
    first.page_width, first.page_height = Mm(PAPER_MM[0]), Mm(PAPER_MM[1])
    first.left_margin = first.right_margin = Mm(SIDE_MM)
    first.top_margin, first.bottom_margin = Mm(TOP_MM), Mm(FOOT_MM)
    first.header_distance, first.footer_distance = Mm(10), Mm(9)
    first.different_first_page_header_footer = True
    _running_lines(first, plan, words)
    update_fields(document)
    return document


def _running_lines(section: Any, plan: Plan, words: Mapping[str, str]) -> None:
    """Title, mark and stamp at the head of every page, its number at the foot."""
    mark = one_line(plan.project.form.get("mark", ""))
    stamp = f"{words['outputs.stamp']} {plan.stamp}"
    head = section.header.paragraphs[0]
    head.text = "    ".join(part for part in (_title(plan, words), stamp, mark) if part)
    foot = section.footer.paragraphs[0]
    fields = {"{page}": "PAGE", "{pages}": "NUMPAGES"}
    rest = words["outputs.report.page"]
    for mark_of, code in fields.items():
        before, _, rest = rest.partition(mark_of)
        foot.add_run(before)
        add_field(foot, code, "1")
    foot.add_run(rest)
    foot.alignment = 1


def _title(plan: Plan, words: Mapping[str, str]) -> str:
    return one_line(plan.project.form.get("title") or words["outputs.report.untitled"])


def _cover(pen: _Pen, plan: Plan) -> None:
    words, form = pen.words, plan.project.form
    pen.paragraph(_title(plan, words), "Title")
    for text in (pen.word("document"), subtitle(plan, words)):
        pen.paragraph(text, COVER).alignment = 1
    if form.get("mark"):
        line = pen.paragraph("", COVER)
        line.alignment = 1
        pen.add_open(line, one_line(form["mark"]))
    for key in ("author", "client", "date", "data_date", "data_source"):
        name = words[f"outputs.report.{key.replace('_', '-')}"]
        line = pen.paragraph(f"{name}{words['outputs.colon']}", COVER)
        line.alignment = 1
        given = one_line(form.get(key) or "")
        if given:
            line.add_run(given)
        else:
            pen.add_open(line, words["outputs.not-given"])
    pen.paragraph(f"{words['outputs.stamp']}{words['outputs.colon']}{plan.stamp}", COVER).alignment = 1
    pen.document.add_page_break()


def _contents(pen: _Pen, sections: Sequence[Section]) -> None:
    """The contents as a field whose entries stand already; their pages come when Word opens the file."""
    pen.paragraph(pen.word("contents"), CELL_HEAD).runs[0].font.size = 203200
    line = None
    for k, (number, section) in enumerate(zip(numbers(sections), sections, strict=True)):
        line = pen.paragraph("", f"toc {section.level}")
        if k == 0:
            open_field(line, r'TOC \o "1-2" \h \z \u')
        line.add_run(f"{number} {section.title}".strip())
        line.add_run("\t")
        add_field(line, rf"PAGEREF _part{k} \h", "")
    if line is not None:
        close_field(line)


def _section(pen: _Pen, section: Section, number: str) -> None:
    turned = section.wide != pen.wide
    if turned:
        _turn(pen, wide=section.wide)
    heading = pen.paragraph(section.title, f"Heading {section.level}")
    if not number:
        without_number(heading)
    # The summary stands on a page of its own.
    if section.level == 1 and not turned and (pen.alone or not number):
        heading.paragraph_format.page_break_before = True
    if section.level == 1:
        pen.alone = not number
    add_bookmark(heading, f"_part{pen.headings}", pen.headings)
    pen.headings += 1
    for block in section.blocks:
        _block(pen, block)


def _turn(pen: _Pen, *, wide: bool) -> None:
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Mm

    new = pen.document.add_section(WD_SECTION.NEW_PAGE)
    new.different_first_page_header_footer = False
    new.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    width, height = PAPER_MM[::-1] if wide else PAPER_MM
    new.page_width, new.page_height = Mm(width), Mm(height)
    pen.wide = wide


def _block(pen: _Pen, block: Block) -> None:
    if isinstance(block, Passage):
        _passage(pen, block)
    elif isinstance(block, CaptionedTable):
        _caption(pen, "table", block.caption).paragraph_format.keep_with_next = True
        _table(pen, block)
    else:
        _picture(pen, block)


def _passage(pen: _Pen, passage: Passage) -> None:
    styles = {"text": "Normal", "head": "Heading 3", "item": "List Bullet", "line": "toc 2", "note": NOTE}
    line = pen.paragraph("" if passage.is_open else passage.text, styles[passage.kind])
    if passage.is_open:
        pen.add_open(line, one_line(passage.text))


def _caption(pen: _Pen, kind: str, text: str) -> Any:
    """A numbered caption: Word counts it again when tables are added."""
    pen.counts[kind] = pen.counts.get(kind, 0) + 1
    line = pen.paragraph("", "Caption")
    line.add_run(f"{pen.word(kind)} ")
    add_field(line, rf"SEQ {pen.word(kind)} \* ARABIC", str(pen.counts[kind]))
    line.add_run(f"  {one_line(text)}")
    return line


def _table(pen: _Pen, block: CaptionedTable) -> None:
    from docx.shared import Pt

    content = dict(block.content)
    fit(content, WIDE_MM if pen.wide else NARROW_MM, CELL_PT)
    end = pen.paragraph(content.get("omitted", ""), NOTE)
    end._p.addprevious(table_of(content, content["widths"], pen.style_ids))
    if not end.text:
        # Word asks for a paragraph behind a table; it must not take a page of its own.
        end.paragraph_format.line_spacing = end.paragraph_format.space_before = Pt(1)
        end.paragraph_format.space_after = Pt(4)


def _picture(pen: _Pen, block: MapPicture) -> None:
    from docx.shared import Mm

    line = pen.paragraph("", PICTURE)
    width = WIDE_MM if pen.wide else NARROW_MM
    line.paragraph_format.keep_with_next = True
    line.add_run().add_picture(str(pen.pictures[block.theme, block.area]), width=Mm(width))
    _caption(pen, "figure", block.caption)

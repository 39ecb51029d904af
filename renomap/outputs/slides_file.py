"""The slides of a meeting as a file whose texts, tables and charts can be edited: .pptx."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from renomap.cartography.style import Style
from renomap.errors import RenomapError
from renomap.model.comparison import Comparison
from renomap.model.feedback import Feedback, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs.atomic import new_file
from renomap.outputs.blocks import Passage
from renomap.outputs.fixed_zip import write_fixed
from renomap.outputs.map_key import KeyEntry, map_key
from renomap.outputs.map_pictures import draw_pictures
from renomap.outputs.slide_parts import (
    BODY_PT,
    LEAST_PT,
    Box,
    add_chart,
    add_key,
    add_lines,
    add_table,
    add_text,
    fitted,
    lines_high,
    new_deck,
    rows_that_fit,
    set_size,
    text_wide,
)
from renomap.outputs.slides_content import Deck, Slide, deck
from renomap.outputs.typesetting import made_at

#: Places on a slide in mm: it is 338.7 wide and 190.5 high.
TITLE = Box(12.0, 7.0, 314.0, 18.0)
WHOLE = Box(12.0, 29.0, 314.0, 146.0)
MAP = Box(12.0, 29.0, 180.0, 126.0)
KEY = Box(12.0, 157.0, 180.0, 20.0)
SIDE = Box(197.0, 29.0, 129.0, 146.0)
FOOT = Box(12.0, 178.0, 314.0, 8.0)
#: The lettering of a map is made for paper; on a slide it is larger.
ENLARGED = 1.6
#: A longer title takes two lines, in the size of the text.
LONG_TITLE = 30
#: A slide that carries a table on has so many rows or more.
FEW_ROWS = 5
PICTURE_DPI = 200.0


def write_pptx(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    dpi: float = PICTURE_DPI,
    comparison: Comparison | None = None,
    said: Mapping[str, Any] | None = None,
    feedback: Feedback | None = None,
) -> None:
    """Write cover with the five answers, map, deficits, indicators, areas, comparison and what comes next.

    Parameters
    ----------
    page : Page
        Its ``area_pages`` and ``grey``.
    dpi : float
        Of the maps at the size they have on a slide.
    comparison : Comparison, optional
        Of this plan with another scheme; without it there is no slide of it.
    said : Mapping, optional
        As ``report_content.content`` gives it of this plan and page, where it is made already.

    Raises
    ------
    RenomapError
        ``outputs.no-areas``, those of ``atomic.new_file`` and of ``cartography.sheet``.
    """
    feedback = feedback or Silent()
    if not len(plan.areas):
        raise RenomapError("outputs.no-areas")
    told = deck(plan, words, area_pages=page.area_pages, comparison=comparison, said=said)
    maps = [slide.picture for slide in told.slides if slide.picture is not None]
    with new_file(path) as draft, tempfile.TemporaryDirectory(prefix="renomap-slides-") as place:
        pictures = draw_pictures(
            plan, Path(place), maps, words, size_mm=(MAP.w / ENLARGED, MAP.h / ENLARGED),
            style=Style("framed", ratio=False, grey=page.grey, dpi=dpi * ENLARGED), feedback=feedback,
        )  # fmt: skip
        feedback.progress(1.0, "outputs.progress-slides")
        file = new_deck()
        _describe(file, told, plan)
        keys = {each: map_key(plan, each[0], words, each[1], grey=page.grey) for each in pictures}
        pen = _Pen(file, words, pictures, keys, f"{words['outputs.stamp']} {plan.stamp}", told.mark)
        _cover(pen, told)
        for slide in told.slides:
            _KINDS[slide.kind](pen, slide)
        written = io.BytesIO()
        file.save(written)
        write_fixed(written.getvalue(), draft)


@dataclass(frozen=True)
class _Pen:
    """The file while it is written."""

    file: Any
    words: Mapping[str, str]
    pictures: Mapping[tuple[str, int | None], Path]
    keys: Mapping[tuple[str, int | None], tuple[str, list[KeyEntry]]]
    stamp: str
    mark: str

    def slide(self, title: str) -> Any:
        """A new slide with its title, the stamp and its number."""
        made = self.file.slides.add_slide(self.file.slide_layouts[5])
        shape = made.shapes.title
        shape.left, shape.top, shape.width, shape.height = TITLE.emu
        shape.text_frame.text = title
        if len(title) > LONG_TITLE:
            set_size(shape, BODY_PT)
        number = f"{self.stamp}    {self.mark}    {len(self.file.slides)}"
        add_text(made, FOOT, number, LEAST_PT, colour="text-3", right=True)
        return made


def _describe(file: Any, told: Deck, plan: Plan) -> None:
    about = file.core_properties
    about.title, about.keywords = told.title[:255], plan.stamp
    about.author = about.last_modified_by = plan.project.form.get("author", "")[:255] or "renomap"
    about.created = about.modified = made_at(plan.stamp).replace(tzinfo=None)


def _cover(pen: _Pen, told: Deck) -> None:
    made = pen.slide(told.title)
    size = 40 if len(told.title) <= 24 else 32 if len(told.title) <= 56 else 20
    shape = made.shapes.title
    shape.left, shape.top, shape.width, shape.height = Box(12.0, 12.0, 314.0, 34.0).emu
    set_size(shape, size)
    add_text(made, Box(12.0, 47.0, 314.0, 8.0), told.subtitle, LEAST_PT, colour="text-2")
    add_text(made, Box(12.0, 55.0, 314.0, 8.0), told.made_by, LEAST_PT, colour="text-2")
    rows = [
        [f"{k}  {answer.question}", answer.lines[0].text if answer.lines else ""]
        for k, answer in enumerate(told.answers, start=1)
    ]
    add_table(made, Box(12.0, 68.0, 314.0, 104.0), None, rows, ["left", "left"], [36.0, 64.0], size=BODY_PT)


def _map(pen: _Pen, slide: Slide) -> None:
    made = pen.slide(slide.title)
    _picture(made, pen, slide, MAP)
    top = _figures(made, SIDE, slide.figures, across=1)
    if slide.table is not None:
        _table_in(made, pen, slide.table, SIDE.below(top))


def _area(pen: _Pen, slide: Slide) -> None:
    made = pen.slide(slide.title)
    _picture(made, pen, slide, MAP)
    top = _figures(made, SIDE, slide.figures, across=3)
    rest = SIDE.below(top)
    chart_high = 46.0 if slide.chart is not None else 14.0
    low = sum(lines_high(line.text, rest.w, LEAST_PT) for line in slide.lines)
    shown = 0
    if slide.table is not None:
        place = Box(rest.x, rest.y, rest.w, rest.h - chart_high - low - 3.0)
        shown = _table_in(made, pen, slide.table, place, "outputs.slides.more-next")
        notes = Box(rest.x, rest.y + rest.h - chart_high - low - 2.0, rest.w, low)
        add_lines(made, notes, slide.lines)
    foot = Box(rest.x, rest.y + rest.h - chart_high, rest.w, chart_high)
    if slide.chart is None:
        add_text(made, foot, pen.words["outputs.slides.no-chart"], LEAST_PT, colour="text-3")
    else:
        add_chart(made, foot, slide.chart)
    if slide.table is not None and shown < len(slide.table["rows"]):
        title = sentence(pen.words, "outputs.slides.continued", {"title": slide.title})
        left = {**slide.table, "rows": slide.table["rows"][shown:]}
        _table(pen, replace(slide, title=title, table=left))


def _table(pen: _Pen, slide: Slide) -> None:
    """A table over as many slides as it needs, its head and the note below it on each."""
    table = slide.table
    assert table is not None
    widths = fitted(table, WHOLE.w)
    low = sum(lines_high(line.text, WHOLE.w, LEAST_PT) for line in slide.lines)
    place = Box(WHOLE.x, WHOLE.y, WHOLE.w, WHOLE.h - low)
    rows: list[Sequence[str]] = [*table["rows"], *([table["total"]] if "total" in table else [])]
    while rows:
        count = max(1, rows_that_fit(table["head"], rows, widths, place))
        # A last row alone on a slide says nothing.
        if count < len(rows) < count + FEW_ROWS:
            count = max(1, len(rows) - FEW_ROWS)
        made = pen.slide(slide.title)
        add_table(made, place, table["head"], rows[:count], table["align"], widths)
        if slide.lines:
            add_lines(made, Box(WHOLE.x, WHOLE.y + WHOLE.h - low, WHOLE.w, low), slide.lines)
        rows = rows[count:]


def _list(pen: _Pen, slide: Slide) -> None:
    """Lines over as many slides as they need."""
    lines = list(slide.lines)
    while lines:
        count, high = 0, 0.0
        for line in lines:
            high += lines_high(line.text, WHOLE.w, BODY_PT)
            if high > WHOLE.h and count:
                break
            count += 1
        # A question does not end a slide.
        while 1 < count < len(lines) and lines[count - 1].kind == "head":
            count -= 1
        add_lines(pen.slide(slide.title), WHOLE, lines[:count])
        lines = lines[count:]


def _chart(pen: _Pen, slide: Slide) -> None:
    assert slide.chart is not None
    made = pen.slide(slide.title)
    note = slide.chart.note(pen.words)
    add_chart(made, Box(WHOLE.x, WHOLE.y, WHOLE.w, WHOLE.h - 12.0), slide.chart, titled=False)
    if note:
        add_lines(made, Box(WHOLE.x, WHOLE.y + WHOLE.h - 11.0, WHOLE.w, 11.0), [Passage(note, "note")])


def _picture(made: Any, pen: _Pen, slide: Slide, box: Box) -> None:
    if slide.picture is not None:
        made.shapes.add_picture(str(pen.pictures[slide.picture]), *box.emu)
        add_key(made, KEY, *pen.keys[slide.picture])


def _figures(made: Any, box: Box, figures: Sequence[tuple[str, str, str]], across: int) -> float:
    """Key figures in columns; how high they stand (mm)."""
    if not figures:
        return 0.0
    wide = box.w / across
    notes = max(lines_high(note, wide - 2.0, LEAST_PT) if note else 0.0 for _, _, note in figures)
    high = max(36.0 if across == 1 else 22.0, 20.0 + notes)
    for k, (label, value, note) in enumerate(figures):
        x, y = box.x + k % across * wide, box.y + k // across * high
        add_text(made, Box(x, y, wide, 7.0), label, LEAST_PT, colour="text-2")
        size = 32.0 if text_wide(value, 32.0) < wide - 3.0 else 20.0
        add_text(made, Box(x, y + 6.0, wide, 14.0), value, size, bold=True)
        add_text(made, Box(x, y + 19.0, wide - 2.0, high - 20.0), note, LEAST_PT, colour="text-3")
    return -(-len(figures) // across) * high


def _table_in(
    made: Any, pen: _Pen, table: Mapping[str, Any], box: Box, more_code: str = "outputs.slides.more"
) -> int:
    """As many rows as the place holds, and in a sentence how many more there are; how many it held."""
    rows, widths = table["rows"], fitted(table, box.w)
    count = rows_that_fit(table["head"], rows, widths, box)
    if count < len(rows):
        room = Box(box.x, box.y, box.w, box.h - 9.0)
        count = rows_that_fit(table["head"], rows, widths, room)
        more = sentence(pen.words, more_code, {"count": len(rows) - count})
        add_text(made, Box(box.x, box.y + box.h - 8.0, box.w, 8.0), more, LEAST_PT, colour="text-3")
    if rows:
        add_table(made, box, table["head"], rows[:count], table["align"], widths)
    return count


_KINDS = {"map": _map, "area": _area, "table": _table, "list": _list, "chart": _chart}

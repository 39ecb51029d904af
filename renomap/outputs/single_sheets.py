"""Sheets that stand by themselves, a page each: drawn and set in batches, so that hundreds need no memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from renomap.cartography.symbols import tokens
from renomap.model.feedback import Feedback
from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs.atomic import new_file
from renomap.outputs.plain_text import one_line
from renomap.outputs.report_content import title_block
from renomap.outputs.report_layout import Paper, paper_of
from renomap.outputs.typeface import printable
from renomap.outputs.typesetting import made_at, typeset

#: Sheets set at once. Typst keeps about 4 MB for each sheet of its last ten runs, whatever is done with them.
BATCH: Final = 5
#: Widths of the map (mm) by paper, and sizes of text (pt): body, tables, notes.
MAP_MM: Final[Mapping[str, float]] = {"A3": 232.0, "A4": 150.0}
TYPE_PT: Final[Mapping[str, tuple[float, float, float]]] = {"A3": (9.0, 8.5, 7.5), "A4": (8.0, 7.5, 7.0)}
#: Draws the map of a sheet of that width and height (mm) into a file.
Draw = Callable[[Mapping[str, Any], Path, tuple[float, float]], object]


def write_sheets(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page,
    sheets: Sequence[Mapping[str, Any]],
    draw: Draw,
    feedback: Feedback,
) -> int:
    """Write a PDF with a page for each sheet; it is complete or not there.

    Parameters
    ----------
    page : Page
        Its ``report`` (paper, lying) and ``grey``.
    sheets : sequence of mappings
        What the template takes: ``form`` 'neighbourhood' or 'notice', ``title``, ``map`` (name of its map, ''
        for none) and what the form asks for.
    draw : callable
        Called once for each sheet that has a map.
    feedback : Feedback
        ``check`` is called before every sheet: when it stops, nothing is left behind.

    Returns
    -------
    int
        Number of pages.

    Raises
    ------
    RenomapError
        ``outputs.paper``, those of ``atomic.new_file`` and of ``cartography.sheet``.
    """
    paper = paper_of(page.report)
    common = _common(plan, words, page, paper, len(sheets))
    pages = 0
    with new_file(path) as draft, tempfile.TemporaryDirectory(prefix="renomap-sheets-") as place:
        parts = []
        for first in range(0, len(sheets), BATCH):
            batch = sheets[first : first + BATCH]
            with tempfile.TemporaryDirectory(prefix="batch-", dir=place) as bench:
                _draw(batch, Path(bench) / "maps", common["map"], draw, first, len(sheets), feedback)
                feedback.check()
                data, _ = printable({**common, "first": first + 1, "sheets": list(batch)}, words)
                parts.append(Path(place) / f"{first}.pdf")
                typeset(Path(bench), "sheets.typ", data, parts[-1], plan.stamp)
            pages += len(batch)
        feedback.progress(0.97, "outputs.progress-report")
        feedback.check()
        join(parts, draft, common["title"], common["author"], plan.stamp)
    return pages


def _draw(
    batch: Sequence[Mapping[str, Any]],
    folder: Path,
    size: Sequence[float],
    draw: Draw,
    first: int,
    total: int,
    feedback: Feedback,
) -> None:
    folder.mkdir()
    for k, sheet in enumerate(batch, start=first):
        feedback.check()
        feedback.progress(0.95 * k / max(total, 1), "outputs.progress-sheets")
        if sheet["map"]:
            draw(sheet, folder / f"{sheet['map']}.pdf", (size[0], size[1]))


def _common(plan: Plan, words: Mapping[str, str], page: Page, paper: Paper, total: int) -> dict[str, Any]:
    form = plan.project.form
    labels = {
        key.rsplit(".", 1)[1]: value
        for key, value in words.items()
        if key.startswith(("outputs.sheets.", "outputs.notice."))
    }
    body, table, small = TYPE_PT[paper.key]
    return {
        "lang": words["language"],
        "region": "cn" if words["language"] == "zh" else "gb",
        "tokens": dict(tokens()),
        "paper": paper.key,
        "page": {
            "w": paper.width,
            "h": paper.height,
            "x": paper.side,
            "top": paper.top,
            "bottom": paper.bottom,
        },
        "pt": {"base": body, "table": table, "small": small},
        "map": [MAP_MM[paper.key], paper.body[1]],
        "grey": page.grey,
        "title": one_line(form.get("title") or words["outputs.report.untitled"]),
        "author": one_line(form.get("author", "")),
        "mark": one_line(form.get("mark", "")),
        "stamp": plan.stamp,
        "strip": title_block(plan, words),
        "unknown": [words["outputs.no-data"], words["outputs.not-given"]],
        "labels": {**labels, "stamp": words["outputs.report.stamp"]},
        "total": total,
    }


def join(parts: Sequence[Path], path: Path, title: str, author: str, stamp: str) -> None:
    """Put PDF files together into one, their bookmarks kept; a single one is taken as it is."""
    if len(parts) == 1:
        parts[0].replace(path)
        return
    # Not needed by most runs.
    from pypdf import PdfWriter

    writer = PdfWriter()
    for part in parts:
        writer.append(str(part), import_outline=True)
    at = f"{made_at(stamp):D:%Y%m%d%H%M%S}Z"
    writer.add_metadata(
        {"/Title": title, "/Author": author, "/Keywords": stamp, "/CreationDate": at, "/ModDate": at}
    )
    with path.open("wb") as file:
        writer.write(file)
    writer.close()

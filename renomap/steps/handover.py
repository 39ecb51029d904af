"""Hand over: one plan written as map, tables, report or the whole meeting pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from renomap.errors import RenomapError
from renomap.model.comparison import Comparison
from renomap.model.feedback import Feedback, Part, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs.report import ReportResult

if TYPE_CHECKING:
    from renomap.outputs.formats import Format
    from renomap.outputs.pack import Pack

#: Endings that will come; until then they are refused with a sentence.
LATER = (".fgb", ".parquet")
#: What a report is made of: sheets of areas, of neighbourhoods, notices, or all of them.
PAGES = ("areas", "neighbourhoods", "notices", "all")


def export(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    *,
    layer: str = "areas",
    contents: tuple[str, ...] = (),
    feedback: Feedback | None = None,
) -> None:
    """Write one file; the ending says what.

    ``contents`` are chapters of a Word file in the order wanted, keys of ``outputs.chapters.CHAPTERS``.

    Raises
    ------
    RenomapError
        Those of ``require_export``, and what the outputs say of the disk.
    """
    from renomap.outputs.formats import Order

    chosen = require_export(path, layer)
    feedback = feedback or Silent()
    comparison = with_other_scheme(plan, feedback) if chosen.code == "slides" else None
    chosen.write(Order(plan, path, words, comparison=comparison, contents=contents, feedback=feedback))


def with_other_scheme(plan: Plan, feedback: Feedback) -> Comparison | None:
    """What differs between the project's first other scheme with areas and the plan; None without one."""
    from renomap.steps.compare import compare
    from renomap.steps.plan import make_plan

    others = [one for one in plan.project.schemes if one.key != plan.project.active and len(one.areas)]
    if not others or plan.scheme is None:
        return None
    return compare(make_plan(replace(plan.project, active=others[0].key), feedback), plan)


def require_export(path: Path, layer: str) -> Format:
    """The format that ``export`` writes; what it cannot write is refused before anything is computed.

    Raises
    ------
    RenomapError
        ``steps.export-layer``, ``steps.export-later``, ``steps.export-unknown``.
    """
    from renomap.outputs.formats import LAYERS, endings, format_of

    ending = path.suffix.lower()
    if layer not in LAYERS:
        raise RenomapError("steps.export-layer", layer=layer, known=", ".join(LAYERS))
    if ending in LATER:
        raise RenomapError("steps.export-later", ending=ending, known=", ".join(endings()))
    found = format_of(ending, layer)
    if found is None and ending in endings():
        layers = [each for each in LAYERS if format_of(ending, each) is not None]
        raise RenomapError("steps.export-layer", layer=layer, known=", ".join(layers))
    if found is None:
        raise RenomapError("steps.export-unknown", ending=ending or path.name, known=", ".join(endings()))
    return found


def report(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    feedback: Feedback | None = None,
) -> ReportResult:
    """Write the map report as a PDF."""
    from renomap.outputs import report as report_room

    return report_room.write_pdf(plan, path, words, page, feedback=feedback)


def sheets(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    pages: str = "all",
    key: int | None = None,
    feedback: Feedback | None = None,
) -> tuple[int, tuple[str, ...]]:
    """Write sheets that stand by themselves, or the report with all of them behind it, as one PDF.

    Parameters
    ----------
    pages : str
        One of ``PAGES`` but the first.
    key : int, optional
        Only of this project: the id of an area, or minus the fid of a neighbourhood.

    Returns
    -------
    int, tuple of str
        Number of pages, and a phrase for each notice that could not be made. Where everything is asked for,
        a project without notices stops nothing.
    """
    from renomap.outputs import neighbourhood_sheets, notice_sheet

    feedback = feedback or Silent()
    if pages == "notices":
        made = notice_sheet.write_pdf(plan, path, words, page, key=key, feedback=feedback)
        return made.pages, made.lacking
    if pages == "neighbourhoods":
        return neighbourhood_sheets.write_pdf(plan, path, words, page, key=key, feedback=feedback), ()
    return _everything(plan, path, words, page, feedback)


def _everything(
    plan: Plan, path: Path, words: Mapping[str, str], page: Page, feedback: Feedback
) -> tuple[int, tuple[str, ...]]:
    import tempfile

    from renomap.outputs import neighbourhood_sheets, notice_sheet
    from renomap.outputs import report as report_room
    from renomap.outputs.atomic import new_file
    from renomap.outputs.single_sheets import join

    with new_file(path) as draft, tempfile.TemporaryDirectory(prefix="renomap-report-") as place:
        parts = [Path(place) / f"{name}.pdf" for name in PAGES[:-1]]
        pages = report_room.write_pdf(plan, parts[0], words, page, feedback=Part(feedback, 0.0, 0.4)).pages
        pages += neighbourhood_sheets.write_pdf(
            plan, parts[1], words, page, feedback=Part(feedback, 0.4, 0.9)
        )
        lacking: tuple[str, ...] = ()
        try:
            made = notice_sheet.write_pdf(plan, parts[2], words, page, feedback=Part(feedback, 0.9, 1.0))
            pages, lacking = pages + made.pages, made.lacking
        except RenomapError as error:
            if not error.code.startswith("outputs.notices-"):
                raise
            lacking = (sentence(words, error.code, error.params),)
        form = plan.project.form
        there = [part for part in parts if part.exists()]
        join(there, draft, form.get("title", ""), form.get("author", ""), plan.stamp)
    return pages, lacking


def pack(
    plan: Plan,
    folder: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    feedback: Feedback | None = None,
) -> Pack:
    """Write the meeting pack: all outputs in one folder, with one version stamp."""
    from renomap.outputs import pack as pack_room

    feedback = feedback or Silent()
    comparison = with_other_scheme(plan, feedback)
    return pack_room.write_pack(plan, folder, words, page, comparison=comparison, feedback=feedback)

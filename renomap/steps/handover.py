"""Hand over: one plan written as map, tables, report or the whole meeting pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from renomap.errors import RenomapError
from renomap.model.comparison import Comparison
from renomap.model.feedback import Feedback, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.outputs.report import ReportResult

if TYPE_CHECKING:
    from renomap.outputs.formats import Format
    from renomap.outputs.pack import Pack

#: Endings that will come; until then they are refused with a sentence.
LATER = (".fgb", ".parquet")


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

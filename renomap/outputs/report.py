"""The map report as a PDF: vector maps placed by Typst, whose own text can be searched and copied."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renomap.cartography.style import Style
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.outputs.atomic import new_file
from renomap.outputs.report_content import content, with_figures
from renomap.outputs.report_layout import lay_out, paper_of
from renomap.outputs.typeface import printable
from renomap.outputs.typesetting import marks, typeset


@dataclass(frozen=True)
class ReportResult:
    """What was written: number of pages, and the pages (from 1) of each area by id."""

    pages: int
    area_pages: dict[int, list[int]]


def write_pdf(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    said: Mapping[str, Any] | None = None,
    feedback: Feedback | None = None,
) -> ReportResult:
    """Write the report: cover, areas, theme maps, a sheet per area, who is in no area, data and assumptions.

    Parameters
    ----------
    plan : Plan
        Source of every number.
    words : Mapping
        Catalogue of the report's language.
    page : Page
        Its ``report`` (paper, lying), ``area_pages`` (left out of plans of hundreds of areas), ``grey`` and
        ``figures``; a figure without data is named with its reason among the notes.
    said : Mapping, optional
        As ``report_content.content`` gives it of this plan and page, where it is made already.
    feedback : Feedback, optional
        Progress; ``check`` is called before every map.

    Raises
    ------
    RenomapError
        ``outputs.paper``; ``outputs.no-areas`` for a plan without areas; those of ``atomic.new_file`` and of
        ``cartography.sheet``.
    """
    feedback = feedback or Silent()
    sheet = paper_of(page.report)
    if not len(plan.areas):
        raise RenomapError("outputs.no-areas")
    said = said or content(plan, words, area_pages=page.area_pages)
    data, lost = printable(with_figures(said, plan, words, page.figures), words)
    if lost:
        data["notes"].append({"topic": words["outputs.topic.other"], "text": lost})
    lay_out(data, sheet, _shape(plan))
    data["grey"] = page.grey
    with new_file(path) as draft, tempfile.TemporaryDirectory(prefix="renomap-report-") as place:
        bench = Path(place)
        _draw_maps(plan, bench / "maps", data, words, feedback)
        feedback.progress(0.9, "outputs.progress-report")
        return _set(bench, data, draft, plan.stamp)


def _shape(plan: Plan) -> float:
    """Width of what the map of the whole plan shows to its height."""
    from renomap.cartography.content import plan_bounds

    xmin, ymin, xmax, ymax = plan_bounds(plan)
    return max(xmax - xmin, 1.0) / max(ymax - ymin, 1.0)


def _draw_maps(
    plan: Plan, folder: Path, data: Mapping[str, Any], words: Mapping[str, str], feedback: Feedback
) -> None:
    from renomap.cartography import sheet

    folder.mkdir()
    sheets: list[tuple[str, str, int | None, list[float]]] = [("cover", "areas", None, data["cover_map"])]
    sheets += [(f"figure-{k}", one["theme"], None, one["map"]) for k, one in enumerate(data["theme_maps"])]
    sheets += [(str(area["id"]), "areas", area["id"], area["map"]) for area in data["areas"]]
    for k, (name, theme, area, size) in enumerate(sheets):
        feedback.check()
        feedback.progress(0.9 * k / len(sheets), "outputs.progress-maps")
        sheet.save_map_pdf(
            plan,
            folder / f"{name}.pdf",
            theme,
            words,
            size_mm=(size[0], size[1]),
            area=area,
            style=Style("compact", grey=data["grey"]),
        )


def _set(bench: Path, data: Mapping[str, Any], draft: Path, stamp: str) -> ReportResult:
    """Let Typst set the pages, and ask it where each area begins and ends."""
    compiler = typeset(bench, "report.typ", data, draft, stamp)
    ends = {item["key"]: item["page"] for item in marks(compiler, "section-end")}
    pages = {
        int(item["key"].removeprefix("area-")): list(range(item["page"], ends[item["key"]] + 1))
        for item in marks(compiler, "section")
        if item["key"] in ends
    }
    return ReportResult(int(marks(compiler, "pages")[0]), pages)

"""The map report as a PDF: vector maps placed by Typst, whose own text can be searched and copied."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from renomap.assets import resource
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.plan import Plan
from renomap.outputs.atomic import new_file
from renomap.outputs.report_content import content, printed_lines
from renomap.outputs.typeface import covered, font_folder


@dataclass(frozen=True)
class Paper:
    """A landscape sheet in mm: size, side margin, room for header and footer, width of the map of an area."""

    key: str
    width: float
    height: float
    side: float
    top: float
    bottom: float
    cover_map: float
    area_map: float
    #: Whether map, members and deficits share a page (A3) or the tables follow on the next (A4).
    wide: bool

    @property
    def body(self) -> tuple[float, float]:
        """Width and height between the margins."""
        return self.width - 2 * self.side, self.height - self.top - self.bottom


PAPERS: Mapping[str, Paper] = {
    "A3": Paper("A3", 420.0, 297.0, 15.0, 25.0, 17.0, 292.0, 222.0, True),
    "A4": Paper("A4", 297.0, 210.0, 12.0, 21.0, 15.0, 196.0, 178.0, False),
}
#: Height of a row of a table, of one more line in it, of a heading above it (mm, as the template sets them).
_ROW_MM, _LINE_MM, _HEAD_MM, _CHAR_MM = 5.0, 3.6, 11.0, 1.28
_LEAST_MAP_MM, _FIGURES_MM, _GUTTER_MM = 150.0, 70.0, 8.0


@dataclass(frozen=True)
class ReportResult:
    """What was written: number of pages, and the pages (from 1) of each area by id."""

    pages: int
    area_pages: dict[int, list[int]]


def write_pdf(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    *,
    paper: str = "A3",
    area_pages: bool = True,
    feedback: Feedback | None = None,
) -> ReportResult:
    """Write the report: cover, table of areas, a sheet per area, who is in no area, data and assumptions.

    Parameters
    ----------
    plan : Plan
        Source of every number.
    words : Mapping
        Catalogue of the report's language.
    paper : str
        'A3' or 'A4', both landscape.
    area_pages : bool
        False leaves out the sheets of the areas, for plans of hundreds of areas.
    feedback : Feedback, optional
        Progress; ``check`` is called before every map.

    Raises
    ------
    RenomapError
        ``outputs.paper``; ``outputs.no-areas`` for a plan without areas; those of ``atomic.new_file`` and of
        ``cartography.sheet``.
    """
    feedback = feedback or Silent()
    sheet = PAPERS.get(paper.upper())
    if sheet is None:
        raise RenomapError("outputs.paper", paper=paper, known=", ".join(PAPERS))
    if not len(plan.areas):
        raise RenomapError("outputs.no-areas")
    data = content(plan, words, area_pages=area_pages)
    data |= _layout(sheet, words)
    for area in data["areas"]:
        _place(sheet, area)
    with new_file(path) as draft, tempfile.TemporaryDirectory(prefix="renomap-report-") as place:
        bench = Path(place)
        _draw_maps(plan, bench / "maps", data, words, feedback)
        feedback.progress(0.9, "outputs.progress-report")
        return _set(bench, data, draft, plan.stamp)


def _layout(sheet: Paper, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "paper": sheet.key,
        "region": "cn" if words["outputs.language"] == "zh" else "gb",
        "page": {
            "w": sheet.width,
            "h": sheet.height,
            "x": sheet.side,
            "top": sheet.top,
            "bottom": sheet.bottom,
        },
        "page-label": words["outputs.report.page"],
        "cover_map": [sheet.cover_map, sheet.body[1]],
    }


def _place(sheet: Paper, area: dict[str, Any]) -> None:
    """Decide what shares the first page of an area; what does not fit follows on the next, in full width.

    Sets ``map`` (width and height in mm), ``below`` (members under the map), ``beside`` (deficits beside it).
    """
    width, height = sheet.body
    below = height - _table_height(area["members"], sheet.area_map)
    beside = height - _table_height(area["deficits"], width - sheet.area_map - _GUTTER_MM)
    area["below"] = sheet.wide and below >= _LEAST_MAP_MM
    area["beside"] = sheet.wide and beside >= _FIGURES_MM + _LINE_MM * 2 * len(
        area["pooling"] + area["shared"]
    )
    area["map"] = [sheet.area_map, round(below if area["below"] else height, 1)]


def _table_height(table: Mapping[str, Any], width: float) -> float:
    rows = len(table["rows"]) + 1
    return _HEAD_MM + rows * _ROW_MM + (printed_lines(table, width, _CHAR_MM) - rows) * _LINE_MM


def _draw_maps(
    plan: Plan, folder: Path, data: Mapping[str, Any], words: Mapping[str, str], feedback: Feedback
) -> None:
    from renomap.cartography import sheet

    folder.mkdir()
    sheets: list[tuple[int | None, list[float]]] = [(None, data["cover_map"])]
    sheets += [(area["id"], area["map"]) for area in data["areas"]]
    for k, (area, size) in enumerate(sheets):
        feedback.check()
        feedback.progress(0.9 * k / len(sheets), "outputs.progress-maps")
        name = "cover" if area is None else str(area)
        sheet.save_map_pdf(
            plan,
            folder / f"{name}.pdf",
            "areas",
            words,
            size_mm=(size[0], size[1]),
            area=area,
            furniture="compact",
        )


def _set(bench: Path, data: Mapping[str, Any], draft: Path, stamp: str) -> ReportResult:
    """Let Typst set the pages, and ask it where each area begins and ends."""
    import typst

    template = bench / "report.typ"
    shutil.copy(resource("report/report.typ"), template)
    text = json.dumps(data, ensure_ascii=False)
    (bench / "data.json").write_text(text, encoding="utf-8")
    compiler = typst.Compiler(
        str(template),
        root=str(bench),
        font_paths=[str(font_folder(bench))],
        ignore_system_fonts=covered(text),
    )
    compiler.compile(output=str(draft), format="pdf", timestamp=_made(stamp))
    ends = {item["key"]: item["page"] for item in _marks(compiler, "section-end")}
    pages = {
        int(item["key"].removeprefix("area-")): list(range(item["page"], ends[item["key"]] + 1))
        for item in _marks(compiler, "section")
        if item["key"] in ends
    }
    return ReportResult(int(_marks(compiler, "pages")[0]), pages)


def _marks(compiler: Any, label: str) -> list[Any]:
    """What the template left under a label, in the order of pages."""
    return list(json.loads(compiler.query(f"<{label}>", field="value")))


def _made(stamp: str) -> datetime:
    """The time in the stamp, so that the same plan gives the same file; now if the stamp has none."""
    try:
        return datetime.strptime(stamp[:13], "%Y%m%d-%H%M").replace(tzinfo=UTC)
    except ValueError:
        return datetime.now(tz=UTC)

"""Hand over: one plan written as map, tables, report or the whole meeting pack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.mapview import MM_PER_INCH
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.outputs.report import ReportResult

if TYPE_CHECKING:
    from renomap.outputs.pack import Pack

ENDINGS = (".geojson", ".gpkg", ".xlsx", ".csv", ".html", ".png")
LAYERS = ("areas", "neighbourhoods")
#: Endings that will come; until then they are refused with a sentence.
LATER = (".dxf", ".kml", ".shp", ".fgb", ".parquet")


def export(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    *,
    layer: str = "areas",
    feedback: Feedback | None = None,
) -> None:
    """Write one file; the ending says what.

    Raises
    ------
    RenomapError
        Those of ``require_export``, and what the outputs say of the disk.
    """
    feedback = feedback or Silent()
    require_export(path, layer)
    ending = path.suffix.lower()
    if ending == ".geojson":
        from renomap.outputs import geojson

        (geojson.write_areas if layer == "areas" else geojson.write_neighbourhoods)(plan, path)
    elif ending == ".gpkg":
        from renomap.outputs import geopackage

        geopackage.write(plan, path)
    elif ending == ".xlsx":
        from renomap.outputs import tables

        tables.write_xlsx(plan, path, words)
    elif ending == ".csv":
        from renomap.outputs import tables

        tables.write_csv(plan, path, words, layer=layer)
    elif ending == ".html":
        from renomap.outputs import webmap

        webmap.write_html(plan, path, words)
    else:
        from renomap.cartography import sheet

        sheet.save_map_png(plan, path, "areas", words)


def require_export(path: Path, layer: str) -> None:
    """Refuse an ending or a layer that ``export`` cannot write, before anything is computed.

    Raises
    ------
    RenomapError
        ``steps.export-layer``, ``steps.export-later``, ``steps.export-unknown``.
    """
    ending = path.suffix.lower()
    if layer not in LAYERS:
        raise RenomapError("steps.export-layer", layer=layer, known=", ".join(LAYERS))
    if ending in LATER:
        raise RenomapError("steps.export-later", ending=ending)
    if ending not in ENDINGS:
        raise RenomapError("steps.export-unknown", ending=ending or path.name)


def map_sheet(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page,
    *,
    theme: str = "areas",
    area: int | None = None,
    dpi: float = 300.0,
    feedback: Feedback | None = None,
) -> None:
    """Write one map with its title block on the page's sheet: PDF with lines, or PNG with ``dpi``.

    Raises
    ------
    RenomapError
        ``steps.export-unknown`` for another ending, and those of ``cartography.sheet``.
    """
    from renomap.cartography import sheet

    ending = path.suffix.lower()
    feedback = feedback or Silent()
    feedback.progress(0.1, "outputs.progress-maps")
    if ending == ".pdf":
        sheet.save_map_pdf(
            plan, path, theme, words, size_mm=page.sheet_mm, area=area, scale=page.scale, grey=page.grey,
            feedback=feedback,
        )  # fmt: skip
    elif ending == ".png":
        width, height = (round(side / MM_PER_INCH * dpi) for side in page.sheet_mm)
        sheet.save_map_png(
            plan, path, theme, words, size_px=(width, height), dpi=dpi, area=area, scale=page.scale,
            grey=page.grey, feedback=feedback,
        )  # fmt: skip
    else:
        raise RenomapError("steps.export-unknown", ending=ending or path.name)


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

    return pack_room.write_pack(plan, folder, words, page, feedback=feedback)

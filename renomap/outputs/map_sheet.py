"""One map with its title block, on paper as a PDF or as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from renomap.cartography import sheet
from renomap.cartography.style import Style
from renomap.model.feedback import Feedback
from renomap.model.mapview import MM_PER_INCH
from renomap.model.page import Page
from renomap.model.plan import Plan


def write_pdf(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page,
    theme: str,
    area: int | None,
    feedback: Feedback,
) -> None:
    """Write the map of a theme with lines, on the page's sheet; raises what ``cartography.sheet`` raises."""
    feedback.progress(0.1, "outputs.progress-maps")
    sheet.save_map_pdf(
        plan, path, theme, words, size_mm=page.sheet_mm, area=area,
        style=Style(scale=page.scale, grey=page.grey), feedback=feedback,
    )  # fmt: skip


def write_png(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page,
    theme: str,
    area: int | None,
    dpi: float,
    feedback: Feedback,
) -> None:
    """Write the map of a theme as a picture of the page's sheet; raises what ``cartography.sheet`` raises."""
    feedback.progress(0.1, "outputs.progress-maps")
    width, height = (round(side / MM_PER_INCH * dpi) for side in page.sheet_mm)
    sheet.save_map_png(
        plan, path, theme, words, size_px=(width, height), area=area,
        style=Style(scale=page.scale, grey=page.grey, dpi=dpi), feedback=feedback,
    )  # fmt: skip

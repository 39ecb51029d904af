"""One sheet for each neighbourhood (一小区一图) as pages of a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.outputs.neighbourhood_content import SheetSource, building_works, sheet_of
from renomap.outputs.numbers import Figures
from renomap.outputs.single_sheets import write_sheets


def write_pdf(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    key: int | None = None,
    feedback: Feedback | None = None,
) -> int:
    """Write a page for each neighbourhood, area by area; returns the number of pages.

    Parameters
    ----------
    page : Page
        Its ``report``, ``grey`` and ``public``.
    key : int, optional
        Only members of the area of that id, or the neighbourhood of minus that fid.

    Raises
    ------
    RenomapError
        ``outputs.sheets-none`` where there are no such neighbourhoods; ``maps.area-unknown``; those of
        ``single_sheets.write_sheets``.
    """
    frame = _chosen(plan, key)
    if not len(frame):
        raise RenomapError("outputs.sheets-none")
    from renomap.cartography.neighbourhood_map import ground_of_sheets, neighbourhood_map
    from renomap.cartography.sheet import save_content_pdf
    from renomap.cartography.style import Style

    source = SheetSource(plan, Figures(words), page.public)
    order = frame["area_id"].where(frame["area_id"] > 0, frame["area_id"].max() + 1)
    sheets = [sheet_of(source, int(str(fid))) for fid in order.sort_values(kind="stable").index]
    ground, look = ground_of_sheets(plan, words), Style("compact", grey=page.grey)

    def draw(one: Mapping[str, Any], file: Path, size: tuple[float, float]) -> None:
        content = neighbourhood_map(plan, ground, one["fid"], words, building_works(source, one["fid"]))
        save_content_pdf(plan, file, content, words, size_mm=size, style=look)

    return write_sheets(plan, path, words, page, sheets, draw, feedback or Silent())


def _chosen(plan: Plan, key: int | None) -> pd.DataFrame:
    people: pd.DataFrame = plan.neighbourhoods
    if key is None:
        return people
    if key > 0 and key not in plan.areas.index:
        raise RenomapError("maps.area-unknown", area=key)
    chosen: pd.DataFrame = people[people["area_id"] == key] if key > 0 else people[people.index == -key]
    return chosen

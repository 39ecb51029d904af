"""The two notices of each project as pages of a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renomap.model.feedback import Feedback, Silent
from renomap.model.page import USUAL_PAGE, Page
from renomap.model.plan import Plan
from renomap.outputs.notice_content import notices
from renomap.outputs.single_sheets import write_sheets


@dataclass(frozen=True)
class NoticesResult:
    """Number of pages, and a phrase for each notice that could not be made: what it lacks."""

    pages: int
    lacking: tuple[str, ...]


def write_pdf(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    page: Page = USUAL_PAGE,
    *,
    key: int | None = None,
    feedback: Feedback | None = None,
) -> NoticesResult:
    """Write the notices of every project, or of the one of that key (see ``notice_content.notices``).

    Raises
    ------
    RenomapError
        Those of ``notice_content.notices`` and of ``single_sheets.write_sheets``.
    """
    found = notices(plan, words, key)
    sheets = [
        {**one, "form": "notice", "map": f"{one['kind']}{one['key']}" if one["key"] > 0 else ""}
        for one in found.sheets
    ]

    def draw(one: Mapping[str, Any], file: Path, size: tuple[float, float]) -> None:
        from renomap.cartography.sheet import save_map_pdf
        from renomap.cartography.style import Style

        look = Style("compact", grey=page.grey)
        save_map_pdf(plan, file, "areas", words, size_mm=size, area=one["key"], style=look)

    return NoticesResult(
        write_sheets(plan, path, words, page, sheets, draw, feedback or Silent()), found.lacking
    )

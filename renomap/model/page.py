"""The page: on what paper, at what scale and in what colours a project is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from renomap.model.project import Project

#: Sheets of ISO 216 in mm, upright.
SHEETS_MM: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "A4": (210.0, 297.0),
        "A3": (297.0, 420.0),
        "A2": (420.0, 594.0),
        "A1": (594.0, 841.0),
        "A0": (841.0, 1189.0),
    }
)
#: Papers that the report is laid out for, always lying.
REPORT_PAPERS: Final = ("A3", "A4")
#: Key of ``Project.meta`` that holds the page.
PAGE: Final = "page"


@dataclass(frozen=True)
class Page:
    """How a project is printed.

    Parameters
    ----------
    report : str
        Paper of the report, one of ``REPORT_PAPERS``.
    area_pages : bool
        Whether the report has a sheet for each area.
    sheet : str
        Paper of a map that is printed by itself, a key of ``SHEETS_MM``.
    upright : bool
        Whether that sheet stands; the report always lies.
    scale : int
        Scale denominator of that map; 0 = the largest round one that shows everything.
    grey : bool
        Whether maps are drawn without colours, for a black and white printer.
    figures : tuple of str
        Theme maps of the report: themes, or 'deficits' (the first three of the standard), 'all', 'none'.
    public : bool
        Whether neighbourhood sheets are for the public: no mobile numbers, no persons, no funding gap.
    """

    report: str = "A3"
    area_pages: bool = True
    sheet: str = "A3"
    upright: bool = False
    scale: int = 0
    grey: bool = False
    figures: tuple[str, ...] = ("deficits",)
    public: bool = False

    @property
    def sheet_mm(self) -> tuple[float, float]:
        """Width and height of the map's sheet."""
        short, long = SHEETS_MM[self.sheet]
        return (short, long) if self.upright else (long, short)


#: What a project is printed on that says nothing.
USUAL_PAGE: Final = Page()


def page_of(project: Project, usual: Page = USUAL_PAGE) -> Page:
    """The page of a project; what it does not say, or not in a way we know, is as in ``usual``."""
    said = project.meta.get(PAGE)
    if not isinstance(said, Mapping):
        return usual
    known = {name: said[name] for name in asdict(usual) if _fits(name, said.get(name))}
    if "figures" in known:
        known["figures"] = tuple(known["figures"])
    return replace(usual, **known)


def with_page(project: Project, page: Page) -> Project:
    """The project with that page."""
    return replace(project, meta={**project.meta, PAGE: asdict(page)})


def _fits(name: str, value: Any) -> bool:
    if name == "report":
        return value in REPORT_PAPERS
    if name == "sheet":
        return value in SHEETS_MM
    if name == "figures":
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if name == "scale":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, bool)

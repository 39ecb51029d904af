"""Schemes by hand: an empty one to paint, a copy to go on from, other names, fewer of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from renomap.cartography.colours import PALETTE, contrast
from renomap.editing.schemes import free_key
from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.model.settings import GroupSettings
from renomap.steps.frames import neighbourhood_frame

if TYPE_CHECKING:
    from renomap.steps.group import Grouping

_TEXTS = ("name", "colour", "kind", "status", "note", "size_flag")


def empty_scheme(project: Project, title: str) -> Scheme:
    """A scheme without areas, judged by the project's preset."""
    rows = neighbourhood_frame(project)
    columns: dict[str, pd.Series[Any]] = {name: pd.Series(dtype=object) for name in _TEXTS}
    columns["locked"] = pd.Series(dtype=bool)
    index = pd.Index([], dtype="int64", name="id")
    areas = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=project.crs), index=index)
    assignment = pd.Series(UNASSIGNED, index=rows.index, dtype="int64")
    return Scheme(free_key(project), title, assignment, areas, settings=GroupSettings(preset=project.preset))


def free_colour(project: Project | None, beside: Iterable[int] = ()) -> str:
    """A colour for a new area: none of the areas ``beside`` it, of the others one that fewest areas have, of
    these the one that differs most from all. Grey where no scheme could take an area."""
    scheme = None if project is None else project.scheme
    if scheme is None:
        return "#999999"
    used = scheme.areas["colour"].value_counts().to_dict()
    near = set(scheme.areas["colour"].reindex(list(beside)))
    merit = {colour: (colour in near, used.get(colour, 0)) for colour in PALETTE}
    free = [colour for colour in PALETTE if merit[colour] == min(merit.values())]
    return max(free, key=lambda colour: min((contrast(colour, other)[1] for other in used), default=0.0))


def duplicated(project: Project, title: str) -> Project:
    """The project with a copy of its active scheme, which is active then.

    Raises RenomapError ``window.scheme-none`` without a scheme, ``window.scheme-title-empty``.
    """
    return project.with_scheme(
        replace(_active(project), key=free_key(project), title=_title(project, title, ""))
    )


def renamed(project: Project, title: str) -> Project:
    """The project with another title of its active scheme.

    Raises RenomapError ``window.scheme-none``, ``window.scheme-title-empty``, ``window.scheme-title-taken``
    where another scheme is called so.
    """
    scheme = _active(project)
    return project.with_scheme(replace(scheme, title=_title(project, title, scheme.key)))


def switched(project: Project, key: str) -> Project:
    """The project with another active scheme.

    Raises RenomapError ``window.scheme-none`` for a key that it does not have.
    """
    if all(scheme.key != key for scheme in project.schemes):
        raise RenomapError("window.scheme-none")
    return replace(project, active=key)


def without_active(project: Project) -> Project:
    """The project without its active scheme; the one before it, or else the one after it, is active then.

    Raises RenomapError ``window.scheme-none`` without a scheme.
    """
    gone = _active(project).key
    keys = [scheme.key for scheme in project.schemes]
    at = keys.index(gone)
    rest = tuple(scheme for scheme in project.schemes if scheme.key != gone)
    return replace(project, schemes=rest, active=rest[max(at - 1, 0)].key if rest else None)


def with_grouping(project: Project, found: Grouping) -> Project:
    """The project with the scheme that a grouping gave, although it may have changed since.

    Raises
    ------
    RenomapError
        ``window.group.outdated`` where it has other neighbourhoods than those that were grouped.
    """
    if not neighbourhood_frame(project).index.equals(found.scheme.assignment.index):
        raise RenomapError("window.group.outdated")
    scheme = found.scheme
    if any(other.key == scheme.key for other in project.schemes):
        scheme = replace(scheme, key=free_key(project))
    return replace(project.with_scheme(scheme), preset=found.project.preset, standard=found.project.standard)


def free_title(project: Project, title: str) -> str:
    """The title, with a number behind it where another scheme is called so."""
    taken = {scheme.title for scheme in project.schemes}
    if title not in taken:
        return title
    return next(name for n in range(2, len(taken) + 3) if (name := f"{title} {n}") not in taken)


def _active(project: Project) -> Scheme:
    if project.scheme is None:
        raise RenomapError("window.scheme-none")
    return project.scheme


def _title(project: Project, title: str, own: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise RenomapError("window.scheme-title-empty")
    if any(scheme.title == title and scheme.key != own for scheme in project.schemes):
        raise RenomapError("window.scheme-title-taken", title=title)
    return title

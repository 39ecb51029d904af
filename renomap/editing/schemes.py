"""What every edit of a scheme begins and ends with: its rows, and the change between two states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, difference
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme

DERIVED: Final = "derived"
DRAWN: Final = "drawn"

#: What a fresh row of ``Scheme.areas`` says besides name and colour.
_BLANK: Final[Mapping[str, Any]] = {
    "locked": False,
    "kind": DERIVED,
    "status": "",
    "note": "",
    "size_flag": None,
}


@dataclass(frozen=True)
class NewArea:
    """An area to be created: its name ('' = named from the ground later) and colour ('#rrggbb')."""

    name: str = ""
    colour: str = "#999999"


def active_scheme(project: Project) -> Scheme:
    """The scheme that is edited. Raises RenomapError ``editing.no-scheme`` where there is none."""
    if project.scheme is None:
        raise RenomapError("editing.no-scheme")
    return project.scheme


def area_name(scheme: Scheme, area: int) -> str:
    """Name of an area as sentences say it; its number where it has no name."""
    if area in scheme.areas.index:
        return str(scheme.areas.at[area, "name"] or area)
    return str(area)


def free_area_id(scheme: Scheme) -> int:
    """An id above every id that the scheme uses; 1 in an empty scheme."""
    used = [0, *scheme.areas.index, int(scheme.assignment.max()) if len(scheme.assignment) else 0]
    return int(max(used)) + 1


def free_key(project: Project) -> str:
    """A key that no scheme of the project has yet."""
    taken = {item.key for item in project.schemes}
    return next(key for n in range(1, len(taken) + 2) if (key := f"scheme_{n}") not in taken)


def locked_areas(scheme: Scheme) -> frozenset[int]:
    """Ids of the areas that no edit may change."""
    return frozenset(int(area) for area in scheme.areas.index[scheme.areas["locked"].to_numpy(dtype=bool)])


def require_area(scheme: Scheme, area: int) -> None:
    """Raise RenomapError ``editing.no-area`` where the scheme has no such area."""
    if area not in scheme.areas.index:
        raise RenomapError("editing.no-area", area=area)


def require_open(scheme: Scheme, areas: Iterable[int]) -> None:
    """Raise RenomapError ``editing.no-area`` or ``editing.locked`` where an area may not be changed."""
    for area in areas:
        require_area(scheme, area)
        if bool(scheme.areas.at[area, "locked"]):
            raise RenomapError("editing.locked", area=area_name(scheme, area))


def known_fids(scheme: Scheme, fids: Iterable[int]) -> pd.Index[int]:
    """Distinct fids, ascending. Raises RenomapError ``editing.no-neighbourhood`` where one is not there."""
    chosen = np.unique(np.fromiter(fids, dtype=np.int64))
    index: pd.Index[int] = pd.Index(chosen, name=scheme.assignment.index.name)
    missing = index.difference(scheme.assignment.index)
    if len(missing):
        raise RenomapError("editing.no-neighbourhood", fid=int(missing[0]))
    return index


def with_area(scheme: Scheme, area: int, new: NewArea, like: int | None = None) -> Scheme:
    """The scheme with one more area; kind, status and note of ``like`` where given, never its lock."""
    areas = scheme.areas
    values = {name: _BLANK.get(name) for name in areas.columns if name != "geometry"}
    if like is not None:
        values |= {name: areas.at[like, name] for name in ("kind", "status", "note") if name in values}
    values |= {"name": new.name, "colour": new.colour}
    # the columns of an empty table have no telling types
    row = {
        name: pd.Series([value]).astype(areas[name].dtype).array if len(areas) else [value]
        for name, value in values.items()
    }
    index = pd.Index([area], name=areas.index.name, dtype=areas.index.dtype if len(areas) else "int64")
    fresh = gpd.GeoDataFrame(
        row, geometry=gpd.GeoSeries([None], crs=areas.crs).values, crs=areas.crs, index=index
    )
    fresh = fresh[list(areas.columns)]
    joined = pd.concat([areas, fresh]).sort_index() if len(areas) else fresh
    joined.index.name = areas.index.name or "id"
    return replace(scheme, areas=gpd.GeoDataFrame(joined, geometry="geometry", crs=areas.crs))


def with_values(scheme: Scheme, area: int, **values: Any) -> Scheme:
    """The scheme with some columns of an area's row set; a geometry of None is an absent boundary."""
    areas = scheme.areas.copy()
    for name, value in values.items():
        column = areas[name].array.copy()
        column[areas.index.get_loc(area)] = value
        areas[name] = pd.Series(column, index=areas.index)
    return replace(scheme, areas=areas)


def without_areas(scheme: Scheme, gone: Iterable[int]) -> Scheme:
    """The scheme without the rows of some areas; their members are not looked at."""
    return replace(scheme, areas=scheme.areas.drop(list(gone)))


def with_members(scheme: Scheme, fids: pd.Index[int], area: int | pd.Series[int]) -> Scheme:
    """The scheme with some neighbourhoods in an area (0 = in none), or each in its own of a Series."""
    assignment = scheme.assignment.copy()
    assignment.loc[fids] = area.loc[fids].to_numpy() if isinstance(area, pd.Series) else area
    return replace(scheme, assignment=assignment)


def change(project: Project, scheme: Scheme, code: str, **params: Any) -> ChangeSet:
    """The named change that puts ``scheme`` in place of the project's scheme of that key."""
    return difference(project, project.with_scheme(scheme, active=False), code, **params)


def members(scheme: Scheme, area: int) -> pd.Index[int]:
    """Fids of an area's neighbourhoods, ascending."""
    found: pd.Index[int] = scheme.assignment.index[scheme.assignment.to_numpy() == area]
    return found


def movable(scheme: Scheme, fids: pd.Index[int]) -> pd.Index[int]:
    """Those of the fids that no locked area holds."""
    closed = locked_areas(scheme) - {UNASSIGNED}
    return fids[~scheme.assignment.loc[fids].isin(closed).to_numpy()]

"""A layer of drawn areas read as a scheme: members by majority of surface, the drawn boundary kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.overlay import NOWHERE, holder
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme, SizeFlag
from renomap.model.settings import GroupSettings

_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
#: How a flag that came along says yes.
_YES = (True, 1, "true", "True", "1")
#: A neighbourhood with less of its surface than this inside its area is listed as cut.
_WHOLE = 0.95


def scheme_of(areas: Layer, units: gpd.GeoDataFrame, key: str) -> tuple[Scheme, tuple[Note, ...]]:
    """Read a layer of role AREAS as a scheme.

    Parameters
    ----------
    areas : Layer
        Polygons, columns ``id`` and ``name``; ``colour``, ``note`` and ``locked`` are taken where they came
        along, as in our own export.
    units : GeoDataFrame
        The neighbourhoods, index fid, same CRS.
    key : str
        Key of the new scheme.

    Returns
    -------
    scheme : Scheme
        Every area is ``drawn``. Ids are those of the layer where they are whole, positive and unique, else
        1, 2, ... A colour that did not come along is ''. A neighbourhood belongs to the area that holds most
        of its surface.
    notes : tuple of Note
        Neighbourhoods that a boundary cuts, areas without members.
    """
    frame = areas.frame
    ids = _ids(frame)
    index = pd.Index(ids, name="id", dtype="int64")
    shapes = gpd.GeoSeries(frame.geometry.values, index=index, crs=frame.crs)
    home = holder(shapes, units.geometry)
    members = np.where(home == NOWHERE, UNASSIGNED, home)
    table = gpd.GeoDataFrame(
        {
            "name": [name if isinstance(name, str) else "" for name in frame["name"]],
            "colour": [
                text if isinstance(text, str) and _COLOUR.match(text) else ""
                for text in _own(frame, "colour")
            ],
            "locked": [value in _YES for value in _own(frame, "locked")],
            "kind": "drawn",
            "status": "",
            "note": [text if isinstance(text, str) else "" for text in _own(frame, "note")],
            "size_flag": pd.Series(_flags(frame), index=index, dtype=object),
        },
        geometry=shapes.values,
        index=index,
        crs=frame.crs,
    ).sort_index()
    assignment = pd.Series(members, index=units.index, dtype="int64")
    settings = GroupSettings(source=areas.source, layer=areas.title, bounds=_bounds(frame))
    scheme = Scheme(key, areas.title, assignment, table, settings=settings)
    return scheme, (*_cut(areas, shapes, units, members), *_empty(areas, table, members))


def schemes_of(layers: Sequence[Layer], taken: Sequence[str]) -> tuple[tuple[Scheme, ...], tuple[Note, ...]]:
    """All layers of role AREAS as schemes; none where there are no neighbourhoods to be their members.

    Parameters
    ----------
    layers : sequence of Layer
        Layers of a project or an import, in one CRS.
    taken : sequence of str
        Keys of schemes that exist.
    """
    units = next((layer.frame for layer in layers if layer.role is Role.NEIGHBOURHOODS), None)
    if units is None:
        return (), ()
    keys = set(taken)
    schemes: list[Scheme] = []
    notes: list[Note] = []
    for layer in layers:
        if layer.role is Role.AREAS:
            key = next(name for number in range(1, 10_000) if (name := f"imported_{number}") not in keys)
            keys.add(key)
            scheme, its = scheme_of(layer, units, key)
            schemes.append(scheme)
            notes += its
    return tuple(schemes), tuple(notes)


def _flags(frame: gpd.GeoDataFrame) -> list[str | None]:
    """The size flags that came along; ``undersized`` is how earlier versions said it."""
    known = {flag.value for flag in SizeFlag}
    before = [SizeFlag.UNDERSIZED.value if value in _YES else None for value in _own(frame, "undersized")]
    return [
        str(flag) if flag in known else former
        for flag, former in zip(_own(frame, "size_flag"), before, strict=True)
    ]


def _bounds(frame: gpd.GeoDataFrame) -> dict[str, float]:
    """The bounds that areas were told to break, so that they are held to them here as well."""
    rules, bounds = _own(frame, "size_rule"), _own(frame, "size_bound")
    return {
        rule: float(bound)
        for rule, bound in zip(rules, bounds, strict=True)
        if isinstance(rule, str) and isinstance(bound, int | float) and np.isfinite(bound)
    }


def _own(frame: gpd.GeoDataFrame, column: str) -> list[object]:
    return list(frame[column]) if column in frame else [None] * len(frame)


def _ids(frame: gpd.GeoDataFrame) -> npt.NDArray[np.int64]:
    given = frame["id"].to_numpy(dtype=float)
    whole = np.isfinite(given) & (given >= 1) & (given == np.floor(given))
    if whole.all() and len(np.unique(given)) == len(given):
        return np.asarray(given, dtype=np.int64)
    return np.arange(1, len(frame) + 1, dtype=np.int64)


def _cut(
    areas: Layer, shapes: gpd.GeoSeries, units: gpd.GeoDataFrame, members: npt.NDArray[np.int64]
) -> list[Note]:
    inside = np.flatnonzero(members != UNASSIGNED)
    bodies = np.asarray(units.geometry.values, dtype=object)[inside]
    homes = np.asarray(shapes.loc[members[inside]].values, dtype=object)
    share = shapely.area(shapely.intersection(bodies, homes)) / shapely.area(bodies)
    fids = tuple(int(fid) for fid in units.index[inside[share < _WHOLE]])
    if not fids:
        return []
    return [
        Note(
            "sources.areas-cut",
            {"layer": areas.title, "count": len(fids)},
            Severity.WARNING,
            areas.title,
            fids,
        )
    ]


def _empty(areas: Layer, table: gpd.GeoDataFrame, members: npt.NDArray[np.int64]) -> list[Note]:
    empty = [
        str(name or number) for number, name in table["name"].items() if number not in set(members.tolist())
    ]
    if not empty:
        return []
    params = {"layer": areas.title, "count": len(empty), "names": empty[:20]}
    return [Note("sources.areas-empty", params, Severity.WARNING, areas.title)]

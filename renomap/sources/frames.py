"""Frames that a program hands over: checked by name, then made layers as an import makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from renomap.errors import RenomapError
from renomap.model.layer import Layer
from renomap.model.note import Note
from renomap.model.repair import repair
from renomap.model.roles import Role
from renomap.sources.addresses import ColumnOptions
from renomap.sources.canonical import beside, canonical
from renomap.sources.completion import complete
from renomap.sources.options import ImportOptions
from renomap.sources.synonyms import check_canonical

#: Dimensions of the shapes that a role may have; other roles may have any.
_DIMENSIONS: Final[Mapping[Role, frozenset[int]]] = {
    Role.NEIGHBOURHOODS: frozenset({2}),
    Role.BOUNDARY: frozenset({2}),
    Role.ROADS: frozenset({1, 2}),
    Role.WATER: frozenset({1, 2}),
    Role.RAILWAYS: frozenset({1, 2}),
    Role.BARRIERS: frozenset({1, 2}),
}
#: Web maps' own system: its metres are 18 to 80 % too long in China.
_WEB_MERCATOR: Final = 3857
_KINDS: Final = ("points", "lines", "polygons")


def require_frames(frames: Mapping[str, object]) -> dict[Role, gpd.GeoDataFrame]:
    """The frames by role, if each is what it must be.

    Parameters
    ----------
    frames : mapping
        A value of ``Role`` -> GeoDataFrame; ``neighbourhoods`` must be there. None = no such layer.

    Raises
    ------
    RenomapError
        One of the ``frames.*`` codes, with the name of the frame: no such role, no GeoDataFrame, no geometry,
        no coordinate system, degrees, another unit than metres, Web Mercator, another system than the
        neighbourhoods, labels of rows that are missing or repeated, a row without a shape or with another
        kind of shape, coordinates that are no numbers, columns of one name, no rows.

    Examples
    --------
    >>> require_frames({"neighbourhoods": gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)])})
    Traceback (most recent call last):
    ...
    renomap.errors.RenomapError: frames.no-crs(name=neighbourhoods)
    """
    given = {name: frame for name, frame in frames.items() if frame is not None or name == "neighbourhoods"}
    roles = {role.value: role for role in Role}
    for name in given:
        if name not in roles:
            raise RenomapError("frames.unknown-layer", name=name, known=", ".join(roles))
    checked = {roles[name]: _whole(name, frame) for name, frame in given.items()}
    first = checked[Role.NEIGHBOURHOODS]
    if first.empty:
        raise RenomapError("frames.empty")
    for role, frame in checked.items():
        _require_system(role.value, frame.crs)
        if not frame.crs.equals(first.crs, ignore_axis_order=True):
            raise RenomapError(
                "frames.other-crs", name=role.value, crs=frame.crs.name, expected=first.crs.name
            )
        _require_shapes(role, frame)
    return checked


def _whole(name: str, frame: object) -> gpd.GeoDataFrame:
    """The frame, if it is one whose rows and columns can be told apart."""
    if not isinstance(frame, gpd.GeoDataFrame):
        raise RenomapError("frames.no-frame", name=name, kind=type(frame).__name__)
    if frame._geometry_column_name not in frame.columns:
        raise RenomapError("frames.no-geometry", name=name)
    if frame.crs is None:
        raise RenomapError("frames.no-crs", name=name)
    if frame.index.hasnans:
        raise RenomapError("frames.label-missing", name=name)
    if not frame.index.is_unique:
        again = frame.index[frame.index.duplicated()][0]
        raise RenomapError("frames.label-repeated", name=name, label=str(again))
    columns = pd.Index([str(column) for column in frame.columns])
    if not columns.is_unique:
        raise RenomapError("frames.column-repeated", name=name, column=columns[columns.duplicated()][0])
    return frame


def _require_system(name: str, crs: pyproj.CRS) -> None:
    if crs.is_geographic:
        raise RenomapError("frames.degrees", name=name, crs=crs.name)
    if crs.to_epsg() == _WEB_MERCATOR or "Pseudo-Mercator" in crs.name:
        raise RenomapError("frames.mercator", name=name)
    unit = crs.axis_info[0].unit_name if crs.axis_info else ""
    if not crs.is_projected or unit != "metre":
        raise RenomapError("frames.no-metres", name=name, crs=crs.name, unit=unit or "?")


def _require_shapes(role: Role, frame: gpd.GeoDataFrame) -> None:
    shapes = np.asarray(frame.geometry.values, dtype=object)
    wanted = _DIMENSIONS.get(role)
    lacking = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    if role is Role.NEIGHBOURHOODS and lacking.any():
        label = frame.index[int(np.argmax(lacking))]
        raise RenomapError("frames.no-shape", name=role.value, label=str(label))
    dimensions = shapely.get_dimensions(shapes)
    wrong = ~lacking & ~np.isin(dimensions, list(wanted or (0, 1, 2)))
    if wrong.any():
        at = int(np.argmax(wrong))
        found = _KINDS[int(dimensions[at])]
        raise RenomapError(
            "frames.shape-kind",
            name=role.value,
            label=str(frame.index[at]),
            found=f"frames.{found}",
            wanted=f"frames.{_KINDS[max(wanted or ())]}",
        )
    wild = ~lacking & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    if wild.any():
        label = frame.index[int(np.argmax(wild))]
        raise RenomapError("frames.no-numbers", name=role.value, label=str(label))


def layers_of(
    frames: Mapping[Role, gpd.GeoDataFrame], fields: Mapping[str, str], m2_per_household: float
) -> tuple[tuple[Layer, ...], tuple[Note, ...]]:
    """A layer for each frame, and what was guessed and mended on the way.

    Parameters
    ----------
    frames : mapping of Role to GeoDataFrame
        All in one projected system in metres. ``fid`` of a row is its place in the frame, from 1; rows of
        which the shape is unusable are left out with a note.
    fields : mapping
        A column as it came -> a canonical column of ``model.fields``; others are recognised by their names.
    m2_per_household : float
        Floor area of one household where households are estimated from buildings.

    Raises
    ------
    RenomapError
        ``sources.unknown-field``, ``sources.unknown-canonical``: ``fields`` speaks of a column that is not
        there, or of a meaning that there is not.

    Examples
    --------
    >>> squares = gpd.GeoDataFrame({"户数": ["120户", "80"]}, geometry=[shapely.box(0, 0, 9, 9)] * 2)
    >>> layers, _ = layers_of({Role.NEIGHBOURHOODS: squares.set_crs("EPSG:4547")}, {}, 74.0)
    >>> layers[0].frame["households"].tolist()
    [120.0, 80.0]
    """
    for column, name in fields.items():
        owners = {role for role, frame in frames.items() if column in frame.columns}
        if not owners:
            known = ", ".join(dict.fromkeys(str(each) for frame in frames.values() for each in frame.columns))
            raise RenomapError("sources.unknown-field", field=column, known=known)
        check_canonical(name, owners)
    made = [_layer(role, frame, fields) for role, frame in frames.items()]
    whole, more, _ = complete(
        [layer for layer, _ in made], (), ImportOptions(m2_per_household=m2_per_household)
    )
    return whole, (*(note for _, notes in made for note in notes), *more)


def _layer(role: Role, frame: gpd.GeoDataFrame, fields: Mapping[str, str]) -> tuple[Layer, list[Note]]:
    shapes = shapely.force_2d(np.asarray(frame.geometry.values, dtype=object))
    fids = np.arange(1, len(shapes) + 1, dtype=np.int64)
    mended = repair(shapes, fids, role.value, int(shapely.get_dimensions(shapes).max(initial=0)))
    rows = pd.DataFrame(frame.drop(columns=frame.geometry.name)).iloc[mended.keep].reset_index(drop=True)
    known = {column: name for column, name in fields.items() if column in rows.columns}
    parsed = canonical(
        rows, fids[mended.keep], role, ColumnOptions(layer=role.value, fields=known), role.value
    )
    rest = beside(rows, parsed, role).set_axis(parsed.frame.index)
    table = gpd.GeoDataFrame(pd.concat([parsed.frame, rest], axis=1), geometry=mended.shapes, crs=frame.crs)
    layer = Layer(role.value, role.value, role, table, readings=parsed.readings)
    return layer, [*mended.notes, *parsed.notes]

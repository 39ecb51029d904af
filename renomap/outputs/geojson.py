"""GeoJSON after RFC 7946: WGS 84, seven decimals, right-hand rule, and nothing a web map stumbles over."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from shapely.geometry import mapping

from renomap.editing.coverage import noded
from renomap.model.plan import Plan
from renomap.model.repair import snapped, valid
from renomap.outputs.atomic import new_file
from renomap.outputs.columns import area_table, members_table, neighbourhood_table, plain

WGS84 = "EPSG:4326"
#: RFC 7946 section 11.2 calls six enough; seven are 1 cm.
COORDINATE_DECIMALS = 7


def write_areas(plan: Plan, path: Path) -> None:
    """Write the areas with the columns of ``columns.area_table``; feature ``id`` is the area's id.

    Read back, no two outlines overlap and what they share they share to the last digit. A foreign member
    ``stamp`` names the run. No areas give an empty collection. Raises the errors of
    ``atomic.new_file``.
    """
    _write(area_table(plan), "id", "areas", plan, path, shared=True)


def write_members(plan: Plan, path: Path) -> None:
    """Write the members' ground (实施范围) of each area, columns of ``columns.members_table``; a coverage."""
    _write(members_table(plan), "id", "members", plan, path, shared=True)


def write_neighbourhoods(plan: Plan, path: Path) -> None:
    """Write the neighbourhoods, columns of ``columns.neighbourhood_table``; feature ``id`` is the fid."""
    _write(neighbourhood_table(plan), "fid", "neighbourhoods", plan, path)


def _write(
    table: gpd.GeoDataFrame, key: str, name: str, plan: Plan, path: Path, *, shared: bool = False
) -> None:
    made = collection(table, key, name, plan.stamp, shared=shared)
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    with new_file(path) as draft:
        draft.write_bytes(text.encode("utf-8", errors="replace"))


def collection(
    table: gpd.GeoDataFrame, key: str, name: str, stamp: str, *, shared: bool = False
) -> dict[str, Any]:
    """A FeatureCollection of a table in any CRS, as plain values; ``shared`` as in ``geographic``."""
    shapes = geographic(table.geometry, shared=shared)
    columns = [column for column in table.columns if column != table.geometry.name]
    rows = zip(*(table[column].tolist() for column in columns), strict=True)
    features = [
        {
            "type": "Feature",
            "id": int(table[key].iloc[i]),
            "properties": {column: _short(plain(value)) for column, value in zip(columns, row, strict=True)},
            "geometry": None if shape is None or shape.is_empty else mapping(shape),
        }
        for i, (row, shape) in enumerate(zip(rows, shapes, strict=True))
    ]
    return {"type": "FeatureCollection", "name": name, "stamp": stamp, "features": features}


def geographic(
    shapes: gpd.GeoSeries, decimals: int = COORDINATE_DECIMALS, *, shared: bool = False
) -> npt.NDArray[Any]:
    """Geometries in WGS 84 (longitude, latitude) with rounded coordinates, exterior rings counter-clockwise.

    Points that become one are written once. A polygon that rounding makes invalid (a border finer than the
    last decimal) is snapped to the grid of that decimal as a whole: what collapses there is left out.
    ``shared``: the shapes are a coverage (``editing.coverage.noded``) and stay one.
    """
    exact = degrees(shapes)
    if shared:
        exact = noded(exact, 10.0**-decimals)
    return np.asarray(shapely.orient_polygons(shapely.remove_repeated_points(_written(exact, decimals)[0])))


def spiked(shapes: gpd.GeoSeries, decimals: int = COORDINATE_DECIMALS) -> npt.NDArray[np.bool_]:
    """Which shapes lose a part that can be seen when they are written: a spike finer than the last decimal.

    The file lacks what lay more than ten units of that decimal (10 cm for seven) from all that is kept.
    """
    exact = degrees(shapes)
    written, broken = _written(exact, decimals)
    lost = np.zeros(len(exact), dtype=bool)
    rows = np.flatnonzero(broken)
    far = shapely.hausdorff_distance(exact[rows], written[rows]) > 10.0 ** (1 - decimals)
    lost[rows] = far | shapely.is_empty(written[rows])
    lost |= shapely.is_empty(exact) & ~np.asarray(shapes.is_empty)
    return lost


def degrees(shapes: gpd.GeoSeries) -> npt.NDArray[Any]:
    """Geometries in WGS 84, exact; empty where the system of the project has no place on earth for one.

    Such a corner (a hair beyond a pole, for one) would come out infinite, and one of it ends every overlay.
    """
    bodies = np.asarray(shapes.values)
    if shapes.crs is None:
        raise ValueError("shapes without a coordinate system have no degrees")
    xy, whose = shapely.get_coordinates(bodies, return_index=True)
    lon, lat = _to_degrees(shapes.crs).transform(xy[:, 0], xy[:, 1])
    placed = np.column_stack([lon, lat])
    nowhere = ~np.isfinite(placed).all(axis=1)
    placed[nowhere] = 0.0  # a ring with such corners would not even close
    exact: npt.NDArray[Any] = shapely.transform(bodies, lambda _: placed)
    exact[whose[nowhere]] = shapely.Polygon()
    return exact


@lru_cache(maxsize=4)
def _to_degrees(system: CRS) -> Transformer:
    """The way from a coordinate system: looking for it takes longer than going it."""
    return Transformer.from_crs(system, WGS84, always_xy=True)


def _written(exact: npt.NDArray[Any], decimals: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """Rounded shapes, and which of them had to be snapped as a whole."""
    bodies = _rounded(exact, decimals)
    broken = ~(valid(bodies) | shapely.is_missing(bodies))
    if broken.any():
        bodies[broken] = _rounded(snapped(exact[broken], 10.0**-decimals), decimals)
    return bodies, broken


def _rounded(bodies: npt.NDArray[Any], decimals: int) -> npt.NDArray[Any]:
    return np.asarray(shapely.transform(bodies, lambda xy: np.round(xy, decimals)))


def _short(value: Any) -> Any:
    """1208 rather than 1208.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

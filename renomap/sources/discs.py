"""A list with positions but without boundaries: each neighbourhood stands as a disc until its outline is
drawn."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from renomap.model.fields import COLUMNS, NUMBER, PLACED
from renomap.model.layer import Layer
from renomap.model.roles import Role
from renomap.sources import offsets
from renomap.sources.crs import user_crs

Floats = npt.NDArray[np.float64]

#: Floors over land of old neighbourhoods; turns floor area into land where the list has no other.
_FLOOR_AREA_RATIO = 1.5
_M2_PER_HOUSEHOLD = 74.0
#: Radius (m) where nothing tells the size, and the limits of any.
_RADIUS, _LEAST, _MOST = 30.0, 5.0, 250.0


def positions(lon: Floats, lat: Floats, said: str) -> tuple[Floats, Floats]:
    """Longitudes and latitudes as WGS 84; NaN for what is no place on earth.

    Parameters
    ----------
    lon, lat : float arrays
        Degrees as the table has them, NaN where it has none.
    said : str
        ``gcj02`` or ``bd09`` undo the shift of web maps; anything else leaves the degrees as they are.
    """
    good = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    good &= (lon != 0) | (lat != 0)
    east, north = np.where(good, lon, np.nan), np.where(good, lat, np.nan)
    _, frame = user_crs(said)
    if frame and good.any():
        east[good], north[good] = offsets.to_wgs84(frame, east[good], north[good])
    return east, north


def discs(rows: pd.DataFrame, target: str, title: str, source: str) -> Layer:
    """The neighbourhoods of a list as a layer of discs.

    Parameters
    ----------
    rows : DataFrame
        Canonical columns of neighbourhoods, ``lon`` and ``lat`` (degrees of WGS 84, all finite).
    target : str
        Project system, metres.

    Returns
    -------
    Layer
        Role NEIGHBOURHOODS, fid from 1 in the order of the rows, ``origin`` ``placed``. A disc is as large as
        the land of its neighbourhood (told, else from floor area or households), and never reaches more than
        half way to the next position.
    """
    change = pyproj.Transformer.from_crs("EPSG:4326", target, always_xy=True)
    x, y = change.transform(rows["lon"].to_numpy(dtype=float), rows["lat"].to_numpy(dtype=float))
    centres = shapely.points(x, y)
    shapes = disc_shapes(rows, centres)
    index = pd.RangeIndex(1, len(rows) + 1, name="fid")
    columns = {}
    for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items():
        values = rows[name].to_numpy(dtype=float if kind == NUMBER else object)
        columns[name] = pd.Series(values, index=index, dtype=float if kind == NUMBER else object)
    columns["origin"] = pd.Series([PLACED] * len(rows), index=index, dtype=object)
    frame = gpd.GeoDataFrame(columns, index=index.astype("int64"), geometry=shapes, crs=target)
    return Layer(Role.NEIGHBOURHOODS.value, title, Role.NEIGHBOURHOODS, frame, source=source)


def disc_shapes(rows: pd.DataFrame, centres: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """A disc for each row about its centre (points in metres); see ``discs``."""
    shapes: npt.NDArray[np.object_] = shapely.buffer(centres, _radii(rows, centres), quad_segs=8)
    return shapes


def _radii(rows: pd.DataFrame, centres: npt.NDArray[np.object_]) -> Floats:
    land = rows["land_area_m2"].to_numpy(dtype=float)
    floors = rows["floor_area_m2"].to_numpy(dtype=float)
    homes = rows["households"].to_numpy(dtype=float) * _M2_PER_HOUSEHOLD
    area = np.where(land > 0, land, np.where(floors > 0, floors, homes) / _FLOOR_AREA_RATIO)
    radius = np.where(area > 0, np.sqrt(np.where(area > 0, area, 1.0) / np.pi), _RADIUS)
    if len(centres) > 1:
        tree = shapely.STRtree(centres)
        pairs, away = tree.query_nearest(centres, exclusive=True, return_distance=True, all_matches=False)
        half = np.full(len(centres), np.inf)
        half[pairs[0]] = away / 2
        radius = np.minimum(radius, half)
    return np.asarray(np.clip(radius, _LEAST, _MOST), dtype=np.float64)

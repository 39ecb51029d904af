"""Sketches while they are drawn: right angles, and what a length or surface is on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

Place = tuple[float, float]


def square(points: Sequence[Place], to: Place) -> Place:
    """The place nearest to ``to`` at a right angle, or straight on, from the last stretch of a sketch.

    From a single point: due east, north, west or south. Without points ``to`` itself. Metres.
    """
    if not points:
        return to
    last = np.array(points[-1])
    along = last - np.array(points[-2]) if len(points) > 1 else np.array([1.0, 0.0])
    size = float(np.hypot(*along))
    along = along / size if size > 0 else np.array([1.0, 0.0])
    reach = np.array(to) - last
    axes = (along, np.array([-along[1], along[0]]))
    best = max(axes, key=lambda axis: abs(float(reach @ axis)))
    x, y = (last + float(reach @ best) * best).tolist()
    return x, y


def ground_length(points: Sequence[Place], crs: str) -> float:
    """Length of a line on the ellipsoid of a coordinate system, metres; 0 for fewer than two points.

    The projection's distortion is not in it: what is 1,000 m on the ground is 1,000 m in any system.
    """
    if len(points) < 2:
        return 0.0
    lon, lat = _degrees(points, crs)
    return float(_geod(crs).line_length(lon, lat))


def ground_area(points: Sequence[Place], crs: str) -> float:
    """Surface of a ring on the ellipsoid of a coordinate system, square metres; 0 below three points.

    The direction of the ring does not matter. A ring that crosses itself has no surface worth telling: NaN.
    """
    if len(points) < 3:
        return 0.0
    if not shapely.Polygon(points).is_valid:
        return float("nan")
    lon, lat = _degrees(points, crs)
    return abs(float(_geod(crs).polygon_area_perimeter(lon, lat)[0]))


def _degrees(points: Sequence[Place], crs: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    xy = np.array(points, dtype=np.float64)
    lon, lat = _to_degrees(crs).transform(xy[:, 0], xy[:, 1])
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


@lru_cache(maxsize=8)
def _geod(crs: str) -> pyproj.Geod:
    found = pyproj.CRS.from_user_input(crs).get_geod()
    return found or pyproj.Geod(ellps="GRS80")


@lru_cache(maxsize=8)
def _to_degrees(crs: str) -> pyproj.Transformer:
    """To longitude and latitude on the system's own datum: no shift of datum may enter a length."""
    system = pyproj.CRS.from_user_input(crs)
    base = system.geodetic_crs or pyproj.CRS("EPSG:4490")
    return pyproj.Transformer.from_crs(system, base, always_xy=True)

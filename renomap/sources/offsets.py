"""GCJ-02 and BD-09, the shifted coordinates of Chinese web maps: forward, exact inverse, and recognition by
misfit.

The shift of GCJ-02 is public knowledge (formulas and constants as in the many open implementations, e.g.
eviltransform); the inverse is found by iteration, since no closed one exists. Neither is a coordinate
system: nothing else knows them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Array = npt.NDArray[np.float64]

_A = 6378245.0  # semi-major axis of Krasovsky 1940, m
_EE = 0.00669342162296594323  # its first eccentricity squared
_X_PI = np.pi * 3000.0 / 180.0
#: Iteration stops when the point is met to 1e-10 degrees (about 0.01 mm); it takes five to eight rounds.
_CLOSE = 1e-10
_ROUNDS = 30

FRAMES: tuple[str, ...] = ("", "gcj02", "bd09")


def inside_china(lon: Array, lat: Array) -> npt.NDArray[np.bool_]:
    """Where the shift applies: the rectangle that all implementations use."""
    return (lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271)


def wgs84_to_gcj02(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Shift WGS 84 degrees to GCJ-02; outside China nothing changes."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    magic = 1.0 - _EE * np.sin(phi) ** 2
    d_lat = np.degrees(north * magic**1.5 / (_A * (1.0 - _EE)))
    d_lon = np.degrees(east * np.sqrt(magic) / (_A * np.cos(phi)))
    inside = inside_china(lon, lat)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def gcj02_to_bd09(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Shift GCJ-02 degrees to BD-09 (the second shift, of one company's maps)."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _X_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _X_PI)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def wgs84_to_bd09(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Shift WGS 84 degrees to BD-09; outside China nothing changes."""
    shifted = gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    inside = inside_china(lon, lat)
    return np.where(inside, shifted[0], lon), np.where(inside, shifted[1], lat)


_FORWARD: dict[str, Callable[[Array, Array], tuple[Array, Array]]] = {
    "gcj02": wgs84_to_gcj02,
    "bd09": wgs84_to_bd09,
}


def to_wgs84(frame: str, lon: Array, lat: Array) -> tuple[Array, Array]:
    """Undo a shift.

    Parameters
    ----------
    frame : str
        ``gcj02``, ``bd09`` or ``''`` (nothing to undo).
    lon, lat : float64 arrays
        Degrees, finite.

    Returns
    -------
    two float64 arrays
        Degrees of WGS 84; shifting them again gives the input to better than 1 cm.
    """
    if not frame:
        return lon, lat
    forward = _FORWARD[frame]
    x, y = lon.astype(np.float64), lat.astype(np.float64)
    for _ in range(_ROUNDS):
        shifted_x, shifted_y = forward(x, y)
        step_x, step_y = shifted_x - lon, shifted_y - lat
        x, y = x - step_x, y - step_y
        if not len(x) or max(np.abs(step_x).max(), np.abs(step_y).max()) < _CLOSE:
            break
    return x, y


@dataclass(frozen=True)
class Misfit:
    """How well one layer lies on another under each frame of the first.

    ``frame`` is the one that fits best; ``clear`` whether it is clearly better than no shift. ``scores`` is
    the share of the reference that the outlines cut, by frame (0 = nothing cut); ``offset_m`` how far the
    shift moves the layer, and ``residual_m`` the further shift that would fit best still.
    """

    frame: str
    clear: bool
    scores: dict[str, float]
    offset_m: float
    residual_m: float


def misfit(
    versions: dict[str, npt.NDArray[np.object_]], reference: npt.NDArray[np.object_], *, most: int = 6000
) -> Misfit:
    """Judge by which frame the outlines of one layer cut fewest things of another.

    Buildings stand inside or outside a neighbourhood and roads run between them; outlines that are shifted
    by some hundred metres cut both at random.

    Parameters
    ----------
    versions : dict
        Frame -> the polygons of the layer in metres, brought to the true place under the assumption of that
        frame.
    reference : object array
        Buildings or lines in the same metres.
    most : int
        At most that many things of the reference are looked at, evenly chosen.
    """
    step = max(1, len(reference) // most)
    tree = shapely.STRtree(reference[::step])
    scores = {frame: _cut(shapes, tree, 0.0, 0.0) for frame, shapes in versions.items()}
    best = min(scores, key=lambda frame: (scores[frame], FRAMES.index(frame)))
    plain = shapely.get_coordinates(shapely.centroid(versions[""]))
    moved = shapely.get_coordinates(shapely.centroid(versions[best]))
    offset = (
        float(np.median(np.hypot(*(moved - plain).T))) if len(plain) == len(moved) and len(plain) else 0.0
    )
    clear = scores[best] < 0.75 * scores[""] and scores[""] - scores[best] > 0.03
    residual = _residual(versions[best], tree, scores[best]) if clear else 0.0
    return Misfit(best, clear, scores, offset, residual)


def _cut(shapes: npt.NDArray[np.object_], tree: shapely.STRtree, dx: float, dy: float) -> float:
    """Share of the things touched by polygons that their outlines cut."""
    if dx or dy:
        shapes = shapely.transform(shapes, lambda xy: xy + np.array([dx, dy]))
    touched = np.unique(tree.query(shapes, predicate="intersects")[1])
    if len(touched) < 20:
        return 1.0
    cut = np.unique(tree.query(shapely.boundary(shapes), predicate="crosses")[1])
    return len(cut) / len(touched)


def _residual(shapes: npt.NDArray[np.object_], tree: shapely.STRtree, at_zero: float) -> float:
    """Length of the small shift that would cut least: on a grid of 10 m out to 40 m, and only if it is
    clearly better."""
    steps = (-40.0, -20.0, -10.0, 10.0, 20.0, 40.0)
    trials = [(dx, 0.0) for dx in steps] + [(0.0, dy) for dy in steps]
    scores = [(_cut(shapes, tree, dx, dy), float(np.hypot(dx, dy))) for dx, dy in trials]
    best, length = min(scores)
    return length if best < 0.95 * at_zero else 0.0

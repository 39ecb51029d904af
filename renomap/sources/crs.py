"""Which coordinate system numbers are in: what the file claims is believed only as far as the numbers agree.

Codes of the zones of CGCS2000: three degrees with zone number before the easting EPSG:4513-4533 (zones
25-45), without it EPSG:4534-4554 (central meridians 75-135 E); six degrees with number EPSG:4491-4501 (zones
13-23).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from renomap.errors import RenomapError
from renomap.model.note import Note, Severity
from renomap.sources import offsets
from renomap.sources.control import Fit
from renomap.sources.options import AUTO

Shapes = npt.NDArray[np.object_]

_ZONES = range(25, 46)
_PREFIXED, _PLAIN, _SIX = 4513, 4534, 4491
_WGS84 = "EPSG:4326"
#: Codes of the 3-degree zones without prefix.
PLAIN_ZONES = range(_PLAIN, _PLAIN + len(_ZONES))

#: A generous outline of China (degrees), good enough to say which zones a northing leaves possible.
_CHINA = shapely.from_wkt(
    "POLYGON ((73 40, 80 46, 87 50, 97 43.5, 111 46, 116 50.5, 121 54, 127 51, 135.5 48.5, 131.5 42.5,"
    " 125 39.5, 123 37, 123 30, 122.5 23, 118 21, 112 17.5, 108 18, 107.5 21, 101 21, 97 24, 97 27.5,"
    " 88 27.2, 78 30.5, 73 38, 73 40))"
)
#: Furthest a place may lie from what settles its zone, in degrees: two neighbouring meridians are three
#: apart.
_NEAR_ENOUGH = 1.4
#: More degrees than this and no zone serves; then areas are taken in the cylindrical equal-area projection
#: of the world.
_WIDEST = 15.0
WORLD = "EPSG:6933"


@dataclass(frozen=True)
class Numbers:
    """The coordinates of a layer in a few figures; the extremes leave out the outermost fiftieth."""

    low: tuple[float, float]
    high: tuple[float, float]
    centre: tuple[float, float]

    @property
    def are_degrees(self) -> bool:
        """Whether longitude and latitude, in either order, could be meant."""
        (x0, y0), (x1, y1) = self.low, self.high
        return (max(abs(x0), abs(x1)) <= 180 and max(abs(y0), abs(y1)) <= 90) or self.are_swapped_degrees

    @property
    def are_swapped_degrees(self) -> bool:
        """Latitude before longitude, and certainly so: no latitude exceeds 90."""
        return max(abs(self.low[0]), abs(self.high[0])) <= 90 < self.low[1] and self.high[1] <= 180

    def swapped(self) -> Numbers:
        """The same with the axes exchanged."""
        return Numbers(self.low[::-1], self.high[::-1], self.centre[::-1])


@dataclass(frozen=True)
class Place:
    """Where the numbers of a layer are meant to be.

    ``crs`` the system, ``swapped`` whether north stands before east, ``frame`` the shift to undo ('' | gcj02
    | bd09), ``note`` what was guessed, None where nothing was. ``fit`` brings numbers of a drawing's own into
    ``crs`` first.
    """

    crs: pyproj.CRS
    swapped: bool = False
    frame: str = ""
    note: Note | None = None
    fit: Fit | None = None


@dataclass(frozen=True)
class Undecided:
    """Metres of a zone nothing names yet; ``candidates`` are (EPSG code, longitude, latitude of the
    centre)."""

    title: str
    swapped: bool
    candidates: tuple[tuple[int, float, float], ...]


def numbers_of(shapes: Shapes) -> Numbers | None:
    """The figures of a layer's coordinates; None where it has no finite ones."""
    bounds = shapely.bounds(shapes)
    bounds = bounds[np.isfinite(bounds).all(axis=1) & (np.abs(bounds) < 1e15).all(axis=1)]
    if not len(bounds):
        return None
    x, y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    low = (float(np.quantile(bounds[:, 0], 0.02)), float(np.quantile(bounds[:, 1], 0.02)))
    high = (float(np.quantile(bounds[:, 2], 0.98)), float(np.quantile(bounds[:, 3], 0.98)))
    return Numbers(low, high, (float(np.median(x)), float(np.median(y))))


def user_crs(text: str) -> tuple[pyproj.CRS | None, str]:
    """What ``--crs`` says: a system, or a shift of web maps ('gcj02' | 'bd09') on WGS 84; None for ``auto``.

    Raises
    ------
    RenomapError
        ``sources.unknown-crs``
    """
    word = text.strip().casefold().replace("-", "").replace("_", "")
    if word == AUTO:
        return None, ""
    if word in ("gcj02", "gcj", "bd09", "bd09ll"):
        return pyproj.CRS(_WGS84), "gcj02" if word.startswith("gcj") else "bd09"
    try:
        return pyproj.CRS.from_user_input(text.strip()), ""
    except (pyproj.exceptions.CRSError, UnicodeError):  # bytes of a script that are no text
        raise RenomapError("sources.unknown-crs", crs=text[:60]) from None


def place(
    title: str, declared: pyproj.CRS | None, numbers: Numbers, said: str = AUTO, *, cad: bool = False
) -> Place | Undecided:
    """Decide where a layer's numbers are meant to be.

    Parameters
    ----------
    title : str
        The layer, for the note.
    declared : CRS or None
        What the file claims. GeoJSON always claims WGS 84, whatever is in it.
    numbers : Numbers
        The layer's coordinates.
    said : str
        What the user says; overrules, where the numbers can be of its kind.
    cad : bool
        A drawing: small numbers are metres of its own, not degrees.

    Raises
    ------
    RenomapError
        ``sources.crs-local`` where no rule fits, ``sources.unknown-crs``.
    """
    wanted, frame = user_crs(said)
    if wanted is not None and _can_be(wanted, declared, numbers, cad):
        swapped = _is_swapped(wanted, numbers)
        note = Note("sources.crs-by-user", {"layer": title, "crs": said[:60]}, layer=title)
        fitted = _with_right_prefix(wanted, numbers.swapped() if swapped else numbers)
        return Place(fitted, swapped, frame, note)
    if numbers.are_degrees and not (cad and declared is None):
        return _in_degrees(title, declared, numbers)
    if declared is not None and not declared.is_geographic and (declared.is_projected or declared.is_bound):
        found = _as_declared(title, declared, numbers)
        if found is not None:
            return found
    return _in_metres(title, declared, numbers)


def _can_be(wanted: pyproj.CRS, declared: pyproj.CRS | None, numbers: Numbers, cad: bool) -> bool:
    """Whether the user's system can be meant for these numbers: of several files it may be said for one
    only."""
    if wanted.is_geographic == numbers.are_degrees:
        return True
    # Small numbers of a drawing that nobody describes are metres if the user says so.
    return not wanted.is_geographic and declared is None and (cad or not in_china(*numbers.centre))


def _in_degrees(title: str, declared: pyproj.CRS | None, numbers: Numbers) -> Place:
    swapped = numbers.are_swapped_degrees
    lon, lat = numbers.centre[::-1] if swapped else numbers.centre
    geographic = declared is not None and declared.is_geographic
    system = (
        declared
        if geographic and declared is not None
        else pyproj.CRS("EPSG:4490" if in_china(lon, lat) else _WGS84)
    )
    params = {"layer": title, "crs": name_of(system), "overrule": "--crs gcj02|bd09|EPSG:n"}
    if swapped:
        return Place(
            system, True, note=Note("sources.axes-swapped", params, Severity.WARNING, title, confidence=0.95)
        )
    if declared is None:
        return Place(system, note=Note("sources.crs-degrees", params, Severity.GUESS, title, confidence=0.7))
    if not geographic:
        params["declared"] = name_of(declared)
        return Place(
            system, note=Note("sources.crs-contradicted", params, Severity.WARNING, title, confidence=0.8)
        )
    return Place(system)


def _as_declared(title: str, declared: pyproj.CRS, numbers: Numbers) -> Place | None:
    """The claimed projected system, with the prefix and the axis order that the numbers show; None if it
    cannot be."""
    swapped = _is_swapped(declared, numbers)
    right = numbers.swapped() if swapped else numbers
    system = _with_right_prefix(declared, right)
    try:
        lon, lat = _lonlat(system, *right.centre)
    except pyproj.exceptions.ProjError:
        return None
    if not _is_at_home(system, lon, lat):
        return None
    params = {
        "layer": title,
        "crs": name_of(system),
        "declared": name_of(declared),
        "overrule": "--crs EPSG:n",
    }
    if swapped:
        return Place(
            system, True, note=Note("sources.axes-swapped", params, Severity.WARNING, title, confidence=0.9)
        )
    if system != declared:
        return Place(
            system, note=Note("sources.crs-contradicted", params, Severity.WARNING, title, confidence=0.9)
        )
    return Place(system)


def _in_metres(title: str, declared: pyproj.CRS | None, numbers: Numbers) -> Place | Undecided:
    for swapped, (x, y) in ((False, numbers.centre), (True, numbers.centre[::-1])):
        if not 1.8e6 < y < 6e6:
            continue
        system = _zone_of_prefix(x)
        if system is not None and in_china(*_lonlat(system, x, y)):
            code = "sources.axes-swapped" if swapped else "sources.crs-prefix"
            params = {"layer": title, "crs": name_of(system), "overrule": "--crs EPSG:n"}
            severity = Severity.WARNING if swapped or declared is not None else Severity.GUESS
            return Place(system, swapped, note=Note(code, params, severity, title, confidence=0.95))
        if 1e5 < x < 1e6:
            found = _candidates(x, y)
            if found:
                return Undecided(title, swapped, found)
    low, high = (
        f"{numbers.low[0]:.0f}, {numbers.low[1]:.0f}",
        f"{numbers.high[0]:.0f}, {numbers.high[1]:.0f}",
    )
    raise RenomapError("sources.crs-local", layer=title, low=low, high=high)


def settle(
    undecided: Undecided, near: tuple[float, float] | None, known: Sequence[tuple[float, float]]
) -> Place:
    """Choose the zone by a place the user names, or by the layers of the same import that have one.

    Parameters
    ----------
    near : (lon, lat) or None
        What ``--near`` says.
    known : sequence of (lon, lat)
        Centres of the layers whose place is settled.

    Raises
    ------
    RenomapError
        ``sources.crs-undecided`` with the candidates, ``sources.near-far`` if the named place fits none of
        them.
    """
    for points, code, severity, confidence in (
        ([near] if near else [], "sources.crs-near", Severity.INFO, None),
        (known, "sources.crs-neighbour", Severity.GUESS, 0.85),
    ):
        ranked = sorted(
            (max(abs(lon - px), abs(lat - py)), code_)
            for code_, lon, lat in undecided.candidates
            for px, py in points
        )
        if ranked and ranked[0][0] <= _NEAR_ENOUGH:
            system = pyproj.CRS.from_epsg(ranked[0][1])
            params = {
                "layer": undecided.title,
                "crs": name_of(system),
                "overrule": "--near LON,LAT / --crs EPSG:n",
            }
            if undecided.swapped:
                code, severity = "sources.axes-swapped", Severity.WARNING
            return Place(
                system,
                undecided.swapped,
                note=Note(code, params, severity, undecided.title, confidence=confidence),
            )
    listed = ", ".join(f"EPSG:{code} ({3 * (code - _PLAIN + 25)}°E)" for code, _, _ in undecided.candidates)
    if near:
        raise RenomapError(
            "sources.near-far", layer=undecided.title, near=f"{near[0]:g},{near[1]:g}", candidates=listed
        )
    middle = undecided.candidates[len(undecided.candidates) // 2]
    example = f"{middle[1]:.1f},{middle[2]:.1f}"
    raise RenomapError("sources.crs-undecided", layer=undecided.title, candidates=listed, example=example)


def alternatives(numbers: Numbers, declared: pyproj.CRS | None, chosen: str) -> tuple[str, ...]:
    """What else the numbers can be in, as ``--crs`` takes it: ``chosen`` first, then the likeliest."""
    found = [chosen] if chosen else []
    if numbers.are_degrees:
        found += [_WGS84, "EPSG:4490", "gcj02", "bd09"]
    for swapped in (False, True):
        x, y = numbers.centre[::-1] if swapped else numbers.centre
        if not numbers.are_degrees and 1.8e6 < y < 6e6:
            found += [f"EPSG:{code}" for code, _, _ in _candidates(x, y)]
    if declared is not None and (declared.is_geographic == numbers.are_degrees):
        found.append(name_of(declared))
    return tuple(dict.fromkeys(found))


def in_china(lon: float, lat: float) -> bool:
    """Whether a point is in or near China; generous at the border."""
    return bool(shapely.contains_xy(_CHINA, lon, lat))


def name_of(crs: pyproj.CRS) -> str:
    """``EPSG:n`` where the system is one, else its own name."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.name


def zone_crs(lon: float, lat: float) -> str:
    """The project system for a place: the 3-degree zone of CGCS2000 without prefix in China, else the zone
    of UTM."""
    if in_china(lon, lat):
        zone = min(max(round(lon / 3), _ZONES.start), _ZONES.stop - 1)
        return f"EPSG:{_PLAIN + zone - _ZONES.start}"
    zone = min(60, int((lon + 180) // 6) + 1)
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def spans_too_much(source: Place, numbers: Numbers) -> bool:
    """Degrees over more than a zone can hold: a country, not a town."""
    return (
        source.crs.is_geographic
        and max(numbers.high[0] - numbers.low[0], numbers.high[1] - numbers.low[1]) > _WIDEST
    )


def project_crs(source: Place, lonlat: tuple[float, float]) -> str:
    """The project system for a source: the source's own if it is a zone of CGCS2000 without prefix, the same
    zone without
    prefix if it has one, else the zone of its centre."""
    code = source.crs.to_epsg() or 0
    if _PLAIN <= code < _PLAIN + len(_ZONES):
        return f"EPSG:{code}"
    if _PREFIXED <= code < _PREFIXED + len(_ZONES):
        return f"EPSG:{code - _PREFIXED + _PLAIN}"
    return zone_crs(*lonlat)


def centre_lonlat(place_: Place, numbers: Numbers) -> tuple[float, float]:
    """Longitude and latitude of a layer's middle, shifts undone."""
    x, y = numbers.centre[::-1] if place_.swapped else numbers.centre
    if place_.fit is not None:
        (x,), (y,) = place_.fit.apply(np.array([x]), np.array([y]))
    lon, lat = _lonlat(place_.crs, x, y)
    east, north = offsets.to_wgs84(place_.frame, np.array([lon]), np.array([lat]))
    return float(east[0]), float(north[0])


def bring(shapes: Shapes, source: Place, target: str) -> Shapes:
    """Shapes in the target system, two-dimensional, axes and shifts put right.

    Parameters
    ----------
    shapes : object array
        Geometries or None.
    source : Place
        What their numbers mean.
    target : str
        Project system in metres.

    Returns
    -------
    object array
        New geometries in the same order. Points the target cannot take have infinite coordinates.
    """
    change = pyproj.Transformer.from_crs(source.crs, target, always_xy=True)
    same = pyproj.CRS(target) == source.crs

    def moved(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = (xy[:, 1], xy[:, 0]) if source.swapped else (xy[:, 0], xy[:, 1])
        if source.fit is not None:
            x, y = source.fit.apply(x, y)
        if source.frame:
            x, y = offsets.to_wgs84(source.frame, x, y)
        if not same:
            x, y = change.transform(x, y)
        return np.column_stack([x, y])

    return np.asarray(shapely.transform(shapes, moved), dtype=object)


@lru_cache(maxsize=64)
def _to_degrees(system: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(system, _WGS84, always_xy=True)


def _lonlat(system: pyproj.CRS, x: float, y: float) -> tuple[float, float]:
    lon, lat = _to_degrees(system).transform(x, y)
    return float(lon), float(lat)


def _zone_of_prefix(x: float) -> pyproj.CRS | None:
    zone, easting = divmod(x, 1e6)
    if not 1e5 < easting < 9e5:
        return None
    if int(zone) in _ZONES:
        return pyproj.CRS.from_epsg(_PREFIXED + int(zone) - _ZONES.start)
    if 13 <= zone <= 23:
        return pyproj.CRS.from_epsg(_SIX + int(zone) - 13)
    return None


def _candidates(x: float, y: float) -> tuple[tuple[int, float, float], ...]:
    """Zones without prefix that put the point in China not far from their meridian."""
    middle = _ZONES[len(_ZONES) // 2]
    lon, lat = _lonlat(pyproj.CRS.from_epsg(_PLAIN + middle - _ZONES.start), x, y)
    east = lon - 3 * middle  # the zones differ only in their meridian
    if abs(east) > 3.2:
        return ()
    places = [(_PLAIN + zone - _ZONES.start, 3 * zone + east, lat) for zone in _ZONES]
    return tuple(each for each in places if in_china(*each[1:]))


def _is_at_home(system: pyproj.CRS, lon: float, lat: float) -> bool:
    """Whether a place is where its system is used; generous, as surveys run past the edge of their zone."""
    if not (np.isfinite(lon) and np.isfinite(lat)):
        return False
    area = system.area_of_use
    if area is not None:
        wide = 180.0 if area.west > area.east else 3.0
        inside = area.west - wide <= lon <= area.east + wide and area.south - 3 <= lat <= area.north + 3
        return bool(inside or wide == 180.0)
    meridian = _meridian(system)
    return meridian is None or abs(lon - meridian) <= 10


def _meridian(system: pyproj.CRS) -> float | None:
    operation = system.coordinate_operation
    if operation is None or "Transverse Mercator" not in operation.method_name:
        return None
    return next((float(p.value) for p in operation.params if p.name == "Longitude of natural origin"), None)


def _with_right_prefix(system: pyproj.CRS, numbers: Numbers) -> pyproj.CRS:
    """The twin of a CGCS2000 zone with or without the number before the easting, whichever the numbers
    have."""
    code = system.to_epsg() or 0
    prefixed = numbers.centre[0] > 1.3e7
    if _PLAIN <= code < _PLAIN + len(_ZONES) and prefixed:
        return pyproj.CRS.from_epsg(code - _PLAIN + _PREFIXED)
    if _PREFIXED <= code < _PREFIXED + len(_ZONES) and not prefixed:
        return pyproj.CRS.from_epsg(code - _PREFIXED + _PLAIN)
    return system


def _is_swapped(system: pyproj.CRS, numbers: Numbers) -> bool:
    """North before east: sure for degrees, and for transverse Mercator in China by the size of the
    numbers."""
    if system.is_geographic:
        return numbers.are_swapped_degrees
    (x, y), meridian = numbers.centre, _meridian(system)
    return meridian is not None and 1.8e6 < x < 6e6 and (1e5 < y < 9e5 or 1.3e7 < y < 4.6e7)

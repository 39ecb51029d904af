"""What is wrong with the data: defects of shapes, names and numbers, each with its place and its culprits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.fields import PLACED
from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.overlay import NOWHERE, holder
from renomap.model.repair import valid
from renomap.model.roles import Role
from renomap.model.vast import vast
from renomap.sources.joining import fold_name
from renomap.sources.names import alike, same_code, same_name
from renomap.sources.remarks import label, of_row, point_of

#: Remarks of one kind that are made one by one; what exceeds it is only counted.
MOST_OF_A_KIND = 200

#: Limits of practice (domain standards 4.4): an overlap counts from 1 m2, and seriously from 1 % of the
#: smaller.
OVERLAP_M2, OVERLAP_SHARE = 1.0, 0.01
SAME_PLACE_SHARE = 0.8
SLIVER_M2, SLIVER_COMPACTNESS = 20.0, 0.02
#: A thin shape from this size on is no left-over of an overlay but a ground with a ragged or narrow outline.
_THIN_M2 = 2000.0
GAP_M = 0.5
#: Floor area per household; Chinese cities lie between 69 and 101 m2 (the same source, 1.8).
M2_PER_HOUSEHOLD = (30.0, 150.0)
PERSONS_PER_HOUSEHOLD = (1.0, 6.0)
#: Flags of households that contradict nothing: computed, or only the least there are.
UNSURE = ("estimated", "lower_bound")
SUM_TOLERANCE = 0.1
AREA_RATIO = 2.0
LARGEST_HA = 100.0
#: A neighbourhood with no other within this distance (m) is rarely where it says.
FAR_AWAY_M = 20_000.0
YEARS = (1900, 2035)

_NAMED = 20

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def check(layers: Sequence[Layer]) -> tuple[Note, ...]:
    """Look for the defects that surveys usually have.

    Parameters
    ----------
    layers : sequence of Layer
        Layers of one project, in its coordinates. Without neighbourhoods nothing is checked.

    Returns
    -------
    tuple of Note
        By kind, at most ``MOST_OF_A_KIND`` of each and then one that counts the rest. Errors make two things
        of one or lose ground; warnings are numbers that cannot all be true; infos are usual and worth
        knowing. ``params["fix"]`` names a repair where there is one (see ``fixes``).
    """
    units = next((layer for layer in layers if layer.role is Role.NEIGHBOURHOODS), None)
    if units is None or not len(units.frame):
        return ()
    notes: list[Note] = []
    for its in _CHECKS:
        notes += _limited(list(its(units, layers)))
    return tuple(notes)


def _placed(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """Neighbourhoods of which only the position is known: their ground is a guess."""
    discs = units.frame.index[units.frame["origin"] == PLACED]
    if len(discs):
        names = [label(units.frame, int(fid)) for fid in discs[:_NAMED]]
        fids = tuple(int(fid) for fid in discs)
        params = {"count": len(discs), "names": names}
        yield Note("sources.check-placed", params, Severity.WARNING, units.title, fids)


def waiting_note(rows: pd.DataFrame) -> Note:
    """The remark on rows of an inventory that have no boundary (``model.waiting``), of which there are
    some."""
    names = [str(name) for name in rows["name"].head(_NAMED)]
    return Note("sources.check-waiting", {"count": len(rows), "names": names}, Severity.WARNING)


def _limited(notes: list[Note]) -> list[Note]:
    by_code: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        by_code[note.code].append(note)
    out: list[Note] = []
    for code, its in by_code.items():
        out += its[:MOST_OF_A_KIND]
        rest = its[MOST_OF_A_KIND:]
        if rest:
            fids = tuple(fid for note in rest for fid in note.fids)
            params = {"count": len(rest), "kind": f"{code}-kind"}
            out.append(Note("sources.check-more", params, rest[0].severity, layer=its[0].layer, fids=fids))
    return out


def _overlaps(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """Two neighbourhoods on one ground: counted twice, or one drawn over the other."""
    frame = units.frame
    shapes = np.asarray(frame.geometry.values, dtype=object)
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    shared = shapely.intersection(shapes[a], shapes[b])
    area, size = shapely.area(shared), shapely.area(shapes)
    for k in np.flatnonzero(area > OVERLAP_M2):
        share = area[k] / min(size[a[k]], size[b[k]])
        pair = (int(frame.index[a[k]]), int(frame.index[b[k]]))
        params = {
            "first": label(frame, pair[0]),
            "second": label(frame, pair[1]),
            "area_m2": round(float(area[k]), 1),
            "share": round(100 * float(share), 1),
            "fix": "cut_overlap",
        }
        code = "sources.check-overlap"
        severity = Severity.ERROR if share > OVERLAP_SHARE else Severity.WARNING
        if area[k] / max(size[a[k]], size[b[k]]) > SAME_PLACE_SHARE:
            code, severity, params["fix"] = "sources.check-same-place", Severity.ERROR, "drop_second"
        yield Note(code, params, severity, layer=units.title, fids=pair, where=point_of(shared[k]))


def _shapes(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """Boundaries that no neighbourhood has."""
    shapes = np.asarray(units.frame.geometry.values, dtype=object)
    area, length = shapely.area(shapes), shapely.length(shapes)
    compactness = 4 * np.pi * area / np.maximum(length, 1e-9) ** 2
    parts = shapely.get_num_geometries(shapes)
    thin = (compactness < SLIVER_COMPACTNESS) & (parts == 1)
    huge = vast(shapes)
    sliver = (area < SLIVER_M2) | (thin & (area < _THIN_M2))
    lonely = _distance_to_next(shapes)
    kinds: tuple[tuple[str, Severity, Flags, Floats, str], ...] = (
        ("invalid", Severity.ERROR, ~valid(shapes), area, "make_valid"),
        ("sliver", Severity.WARNING, sliver, area, "drop_sliver"),
        ("thin", Severity.WARNING, thin & ~sliver & ~huge, area, ""),
        ("vast", Severity.ERROR, huge, _widths(shapes) / 1000, ""),
        ("large", Severity.WARNING, (area > LARGEST_HA * 1e4) & ~huge, area / 1e4, ""),
        ("multipart", Severity.INFO, parts > 1, parts.astype(float), ""),
        ("far", Severity.WARNING, (lonely > FAR_AWAY_M) & ~huge, lonely / 1000, ""),
    )
    for code, severity, rows, values, fix in kinds:
        more = {"fix": fix} if fix else {}
        for i in np.flatnonzero(rows):
            fid, value = int(units.frame.index[i]), round(float(values[i]), 1)
            yield of_row(units, code, severity, fid, value=value, **more)


def _widths(shapes: npt.NDArray[np.object_]) -> Floats:
    """The longer side of the box around each shape, metres."""
    boxes = shapely.bounds(shapes)
    longer: Floats = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    return longer


def _distance_to_next(shapes: npt.NDArray[np.object_]) -> Floats:
    """Distance of each shape to the nearest other one, metres; 0 where there is no other."""
    distance = np.zeros(len(shapes))
    points = shapely.centroid(shapes)
    tree = shapely.STRtree(points)
    (which, _), away = tree.query_nearest(points, exclusive=True, return_distance=True, all_matches=False)
    distance[which] = away
    return distance


def _gaps(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """Neighbours that were meant to touch: a gap of less than half a metre, which grouping does not mind."""
    frame = units.frame[units.frame["origin"] != PLACED]  # discs are made to meet
    shapes = np.asarray(frame.geometry.values, dtype=object)
    a, b = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=GAP_M)
    a, b = a[a < b], b[a < b]
    gap = shapely.distance(shapes[a], shapes[b]) > 0
    if gap.any():
        fids = frame.index.to_numpy()[np.unique(np.concatenate([a[gap], b[gap]]))]
        params = {"count": int(gap.sum()), "gap_m": GAP_M}
        yield Note("sources.check-gap", params, Severity.INFO, units.title, tuple(int(fid) for fid in fids))


def _numbers(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """Numbers of one row that cannot all be true. Unknown ones contradict nothing."""
    frame = units.frame
    with np.errstate(divide="ignore", invalid="ignore"):
        per_household = (frame["floor_area_m2"] / frame["households"]).to_numpy()
        persons = (frame["population"] / frame["households"]).to_numpy()
    year_first, year_last = frame["year_min"].to_numpy(), frame["year_max"].to_numpy()
    told = ~frame["households_flag"].isin(UNSURE).to_numpy()
    sure = frame["households_flag"].isin(["reported", "derived"]).to_numpy()
    # One value that cannot be true by itself can be set to unknown; of two only people know which is.
    kinds: tuple[tuple[str, Flags, Any, str], ...] = (
        ("floor-area", _outside(per_household, *M2_PER_HOUSEHOLD) & told, per_household, ""),
        ("persons", _outside(persons, *PERSONS_PER_HOUSEHOLD) & told, persons, ""),
        ("elderly", _more(frame, "elderly", "population"), frame["elderly"], ""),
        ("consent-yes", _answered(frame) > frame["consent_asked"].to_numpy(), _answered(frame), ""),
        ("consent-asked", _more(frame, "consent_asked", "households") & sure, frame["consent_asked"], ""),
        ("elevators", _more(frame, "elevators", "stairwells"), frame["elevators"], ""),
        ("year", _outside(year_last, *YEARS) | (year_first > year_last), year_last, "year"),
        ("no-household", (frame["households"] == 0).to_numpy(), frame["households"], "households"),
    )
    for code, rows, values, field in kinds:
        more = {"fix": "set_unknown", "field": f"field.{field}"} if field else {}
        for i in np.flatnonzero(rows):
            value = round(float(np.asarray(values, dtype=float)[i]), 1)
            yield of_row(units, code, _severity(code), int(frame.index[i]), value=value, **more)


def _severity(code: str) -> Severity:
    """A contradiction in a count of votes is an error: a verdict would rest on it."""
    return Severity.ERROR if code.startswith("consent-") else Severity.WARNING


def _answered(frame: gpd.GeoDataFrame) -> Floats:
    """Households in favour or against, as far as known; NaN compares with nothing where neither is."""
    known = [frame[name] for name in ("consent_yes", "consent_no") if name in frame]
    return np.asarray(pd.concat(known, axis=1).sum(axis=1, min_count=1), dtype=float)


def _outside(values: Floats, low: float, high: float) -> Flags:
    return np.isfinite(values) & ((values < low) | (values > high))


def _more(frame: gpd.GeoDataFrame, left: str, right: str) -> Flags:
    return np.asarray(frame[left] > frame[right], dtype=bool)


def _coverage(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """More floor area than storeys on the whole of the ground would give."""
    frame = units.frame
    ground = shapely.area(np.asarray(frame.geometry.values, dtype=object))
    most = np.where(frame["origin"] == PLACED, np.nan, ground) * frame["floors"].to_numpy()
    told = frame["floor_area_m2"].to_numpy()
    for i in np.flatnonzero(told > most):
        numbers = {"told_m2": round(float(told[i])), "most_m2": round(float(most[i]))}
        yield of_row(units, "coverage", Severity.WARNING, int(frame.index[i]), **numbers)


def _land(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """The land the table gives against the land the map shows."""
    frame = units.frame
    area = shapely.area(np.asarray(frame.geometry.values, dtype=object))
    ratio = np.where(frame["origin"] == PLACED, np.nan, frame["land_area_m2"].to_numpy() / area)
    for i in np.flatnonzero(_outside(ratio, 1 / AREA_RATIO, AREA_RATIO)):
        told, drawn = round(float(frame["land_area_m2"].iloc[i])), round(float(area[i]))
        yield of_row(units, "land", Severity.WARNING, int(frame.index[i]), told_m2=told, drawn_m2=drawn)


def _buildings(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """The neighbourhoods against the buildings inside them."""
    stock = next((layer for layer in layers if layer.role is Role.BUILDINGS), None)
    if stock is None:
        return
    frame, houses = units.frame, stock.frame
    home = holder(frame.geometry, houses.geometry)
    inside = houses.assign(home=home, footprint=houses.geometry.area)[home != NOWHERE]
    empty = [int(fid) for fid in frame.index[~frame.index.isin(inside["home"])]]
    if empty:
        params = {"count": len(empty), "layer": stock.title}
        yield Note("sources.check-no-building", params, Severity.INFO, units.title, tuple(empty))
    outside = int((home == NOWHERE).sum())
    if outside:
        params = {"count": outside, "of": len(houses)}
        yield Note("sources.check-building-outside", params, Severity.INFO, stock.title)
    known = inside.groupby("home")["households"].agg(["sum", "count", "size"])
    whole = known[(known["count"] == known["size"]) & (known["count"] > 0)]
    told = frame["households"].where(~frame["households_flag"].isin(UNSURE))
    yield from _against(units, "sum-households", told, whole["sum"], SUM_TOLERANCE)
    inside = inside.assign(floor_area=inside["footprint"] * inside["floors"])
    area = inside.groupby("home")["floor_area"].agg(["sum", "count", "size"])
    built = area[area["count"] == area["size"]]["sum"]
    yield from _against(units, "sum-floor-area", frame["floor_area_m2"], built, AREA_RATIO - 1)


def _against(units: Layer, code: str, told: Any, found: Any, tolerance: float) -> Iterator[Note]:
    """Two sums of the same thing by fid, where both are known."""
    both = told.to_frame("told").join(found.rename("found"), how="inner").dropna()
    both = both[(both["told"] > 0) & (both["found"] > 0)]
    ratio = np.maximum(both["told"] / both["found"], both["found"] / both["told"])
    for row in both[ratio > 1 + tolerance].itertuples():
        numbers = {"told": round(float(row.told)), "found": round(float(row.found))}
        yield of_row(units, code, Severity.WARNING, int(row.Index), **numbers)


def _boundaries(units: Layer, layers: Sequence[Layer]) -> Iterator[Note]:
    """The subdistrict and community a row names against the polygon it lies in."""
    frame = units.frame
    for layer in layers:
        if layer.role is not Role.BOUNDARY:
            continue
        for level in ("street", "community", "district"):
            rows = layer.frame[(layer.frame["level"] == level) & layer.frame["name"].notna()]
            named = frame[frame[level].notna()]
            if not len(rows) or not len(named):
                continue
            home = holder(rows.geometry, named.geometry)
            for i in np.flatnonzero(home != NOWHERE):
                fid, told, drawn = int(named.index[i]), named[level].iloc[i], rows.at[home[i], "name"]
                if not _same_place_name(told, drawn):
                    names = {"told": str(told), "drawn": str(drawn), "layer": layer.title}
                    names |= {"fix": "take_drawn", "field": f"field.{level}"}
                    yield of_row(units, "boundary", Severity.WARNING, fid, **names)


def _same_place_name(left: object, right: object) -> bool:
    """朝阳街 and 朝阳街街道, 枫林社区 and 枫林 are the same place."""
    a, b = fold_name(left), fold_name(right)
    return a == b or (len(min(a, b, key=len)) >= 2 and (a.startswith(b) or b.startswith(a)))


_CHECKS = (
    *(_overlaps, _shapes, _placed, _gaps, same_name, alike, same_code),
    *(_numbers, _coverage, _land, _buildings, _boundaries),
)

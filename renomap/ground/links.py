"""The ground between neighbourhoods: what divides it, what joins it, and who is whose neighbour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.ground import crossings as ways
from renomap.ground.barriers import describe, effects
from renomap.ground.frontage import FRONTAGE_MIN_M, in_order, least_gap, measure
from renomap.ground.segments import areal, scene
from renomap.model.feedback import Feedback, Silent
from renomap.model.links import CONTACT, CROSSING, GAP, ROAD, USER, Links

#: Frontage up to this gap is contact: outlines are digitised to a few centimetres at best.
CONTACT_M = 0.05
#: Roles whose absence a map has to state.
EXPECTED = ("roads", "water", "railways")


@dataclass(frozen=True)
class Ground:
    """What lies between neighbourhoods, in project coordinates.

    Parameters
    ----------
    hard : GeoDataFrame
        Lines and polygons that no link crosses; columns of ``barriers.describe``. A waterway of known width
        is a polygon.
    roads : GeoDataFrame
        Lines that may be crossed: minor and secondary roads, viaducts (``kind`` viaduct).
    passages : GeoDataFrame
        Ways over or under what is hard: points, and bridge or tunnel pieces as lines; see
        ``crossings.collect``.
    missing : tuple of str
        Which of roads, water and railways were not given: every map has to say so.
    """

    hard: gpd.GeoDataFrame
    roads: gpd.GeoDataFrame
    passages: gpd.GeoDataFrame
    missing: tuple[str, ...]

    def name_across(self, line: shapely.Geometry) -> str:
        """Name of what a line crosses: the first named barrier on it, else the first named road, else ''."""
        return _first_named(self.hard, line) or _first_named(self.roads, line)

    def barrier_across(self, line: shapely.Geometry) -> str:
        """Name of the first barrier that a line crosses and that has a name, else ''."""
        return _first_named(self.hard, line)


def _first_named(things: gpd.GeoDataFrame, line: shapely.Geometry) -> str:
    shapes = things.geometry.to_numpy()
    at = np.flatnonzero(shapely.intersects(shapes, line) & (things["name"].to_numpy() != ""))
    if len(at) == 0:
        return ""
    met = shapely.distance(shapely.intersection(shapes[at], line), shapely.get_point(line, 0))
    return str(things["name"].iloc[at[np.lexsort((at, met))[0]]])


def collect(
    roads: gpd.GeoDataFrame | None = None,
    water: gpd.GeoDataFrame | None = None,
    railways: gpd.GeoDataFrame | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    crossings: gpd.GeoDataFrame | None = None,
) -> Ground:
    """Sort the layers of the ground into what is hard, what may be crossed, and what leads across.

    Tunnel pieces divide nothing, nor do bridge pieces of roads and railways that stand over open ground
    (viaducts); both, and points of the crossings layer, lead across the barriers they meet. Metros divide
    nothing. The effects are those of ``resources/tables/barriers.toml``. None = the layer is not loaded.
    """
    given = {"roads": roads, "water": water, "railways": railways, "barriers": barriers}
    rows = [describe(frame, role) for role, frame in given.items()]
    crs = next((frame.crs for frame in (*given.values(), crossings) if frame is not None), None)
    things = _joined([row for row in rows if len(row)], crs)
    lasting = things[~things["tunnel"] & (things.geometry.geom_type != "Point")]
    hard = _with_width(lasting[lasting["hard"]])
    pieces = ways.collect(things, describe(crossings, "crossings"), hard)
    viaduct = hard.index.isin(pieces.loc[pieces["over"], "source"])
    raised = hard[viaduct].assign(kind="viaduct", cost=effects("crossings")["viaduct"].cost, opens=False)
    soft = things[~things["hard"] & ~things["tunnel"] & (things["role"] == "roads")]
    soft = soft[~soft["kind"].isin(["construction", "platform"])]
    return Ground(
        hard[~viaduct].reset_index(drop=True),
        _joined([soft, raised], crs),
        pieces,
        tuple(role for role in EXPECTED if given[role] is None),
    )


def _joined(frames: Iterable[gpd.GeoDataFrame], crs: object) -> gpd.GeoDataFrame:
    some = [frame for frame in frames if len(frame)]
    if not some:
        return describe(None, "roads").set_crs(crs)
    return gpd.GeoDataFrame(pd.concat(some, ignore_index=True), crs=crs)


def _with_width(hard: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Waterways of known width as polygons."""
    wide = hard["known_width"].to_numpy(dtype=bool) & (shapely.get_dimensions(hard.geometry.to_numpy()) == 1)
    shapes = hard.geometry.to_numpy().copy()
    shapes[wide] = shapely.buffer(shapes[wide], hard["half_width_m"].to_numpy()[wide], cap_style="flat")
    return hard.set_geometry(gpd.GeoSeries(shapes, index=hard.index, crs=hard.crs))


def find_links(
    neighbourhoods: gpd.GeoSeries,
    ground: Ground,
    *,
    gap_m: float = 30.0,
    gap_road_m: float = 60.0,
    overrides: pd.DataFrame | None = None,
    feedback: Feedback | None = None,
) -> Links:
    """Which neighbourhoods are neighbours on the ground.

    Two are linked if their frontage (``frontage.measure``) is at least 10 m, or a bridge, tunnel or
    crossing point within 50 m joins them (``crossings.joins``), or the user says so.

    Parameters
    ----------
    neighbourhoods : GeoSeries
        Polygons, int64 index ``fid``, project CRS in metres. Rows without geometry have no links.
    ground : Ground
        From ``collect``.
    gap_m : float
        Greatest gap, metres; 0 = contact only. The usual 30 is about a lane with its setbacks, an assumption
        that ``gaps.gap_chart`` lets the planner judge.
    gap_road_m : float
        Greatest gap where a minor or secondary road lies between; of no effect where none is loaded or
        ``gap_m`` is 0.
    overrides : DataFrame, optional
        ``a``, ``b`` (fids), ``action`` (link | cut), ``reason``: wins over the ground; the last row of a
        pair counts. Rows about fids that are not there are passed over.

    Returns
    -------
    Links
        Positions refer to the order of ``neighbourhoods``; the graph by fid is the same whatever that
        order, the order and direction of vertices, and where rings begin.

    Raises
    ------
    Cancelled
        When ``feedback`` says so.
    """
    feedback = feedback or Silent()
    fids = neighbourhoods.index.to_numpy(dtype=np.int64)
    order = in_order(fids)
    shapes = areal(neighbourhoods.values)[order]
    found = ground_links(shapes, ground, gap_m, gap_road_m, feedback)
    found = _overruled(found, fids[order], overrides)
    found["gap_m"] = least_gap(shapes, found["a"].to_numpy(np.int32), found["b"].to_numpy(np.int32))
    near = (found["gap_m"] <= CONTACT_M) & (found["kind"] == GAP)
    found["kind"] = found["kind"].where(~near, CONTACT)
    return _as_links(found, fids, order)


def ground_links(
    shapes: npt.NDArray[np.object_], ground: Ground, gap_m: float, gap_road_m: float, feedback: Feedback
) -> pd.DataFrame:
    """Links of shapes in their order: ``a < b`` (positions), ``frontage_m``, ``cost``, ``kind``, ``via``."""
    opening = ground.roads.geometry.to_numpy()[ground.roads["opens"].to_numpy(dtype=bool)]
    reach_m = max(gap_m, gap_road_m) if gap_m > 0 and len(opening) else gap_m
    stage = scene(shapes, ground.hard.geometry.to_numpy(), opening)
    frontage = measure(stage, gap_m, reach_m, feedback)
    linked = frontage.length_m >= FRONTAGE_MIN_M - 1e-6
    found = pd.DataFrame(
        {"a": frontage.a[linked], "b": frontage.b[linked], "frontage_m": frontage.length_m[linked]}
    )
    found = found.join(_between(found, frontage.sights[linked], ground))
    feedback.check()
    joined = ways.joins(shapes, ground.passages, ground.hard)
    known = pd.MultiIndex.from_frame(found[["a", "b"]])
    joined = joined[~pd.MultiIndex.from_frame(joined[["a", "b"]]).isin(known)]
    if len(joined) == 0:
        return found
    joined = joined.assign(frontage_m=FRONTAGE_MIN_M, kind=CROSSING)[list(found.columns)]
    return pd.concat([found, joined], ignore_index=True) if len(found) else joined


def _between(found: pd.DataFrame, sights: npt.NDArray[np.float64], ground: Ground) -> pd.DataFrame:
    """Kind, cost and name of what lies in the middle of the longest clear part of each pair's frontage."""
    kind = np.full(len(found), GAP, dtype=np.int8)
    cost = np.zeros(len(found))
    via = np.full(len(found), "", dtype=object)
    if len(found) and len(ground.roads):
        lines = shapely.linestrings(sights.reshape(-1, 2, 2))
        line, road = shapely.STRtree(ground.roads.geometry.to_numpy()).query(lines, predicate="intersects")
        costs, names = ground.roads["cost"].to_numpy(), ground.roads["name"].to_numpy()
        raised = (ground.roads["kind"] == "viaduct").to_numpy()
        path = (ground.roads["kind"] == "path").to_numpy()
        # dearest last, so that it stays; among equals the named one, then the first by name
        order = np.lexsort((names[road], names[road] != "", costs[road], ~path[road], line))
        line, road = line[order], road[order]
        cost[line], via[line] = costs[road], names[road]
        kind[line] = np.where(raised[road], CROSSING, np.where(path[road], GAP, ROAD))
    return pd.DataFrame({"cost": cost, "kind": kind, "via": via}, index=found.index)


def _overruled(
    found: pd.DataFrame, fids: npt.NDArray[np.int64], overrides: pd.DataFrame | None
) -> pd.DataFrame:
    """Links after the user's decisions; a link that the ground has anyway stays as the ground has it."""
    if overrides is None or len(overrides) == 0:
        return found
    at = pd.Series(np.arange(len(fids)), index=fids)
    said = overrides[
        overrides["a"].isin(fids) & overrides["b"].isin(fids) & (overrides["a"] != overrides["b"])
    ]
    if len(said) == 0:
        return found
    ends = np.sort(np.column_stack([at[said["a"]].to_numpy(), at[said["b"]].to_numpy()]), axis=1)
    decided = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "action": said["action"].to_numpy()})
    decided = decided.drop_duplicates(["a", "b"], keep="last").astype({"a": np.int32, "b": np.int32})
    pair = pd.MultiIndex.from_frame(found[["a", "b"]])
    cut = decided[decided["action"] == "cut"]
    kept = found[~pair.isin(pd.MultiIndex.from_frame(cut[["a", "b"]]))]
    made = decided[decided["action"] == "link"]
    made = made[~pd.MultiIndex.from_frame(made[["a", "b"]]).isin(pair)]
    if len(made) == 0:
        return kept.reset_index(drop=True)
    made = made.assign(frontage_m=FRONTAGE_MIN_M, cost=effects("user")["link"].cost, kind=USER, via="")
    made = made[list(found.columns)]
    return pd.concat([kept, made], ignore_index=True) if len(kept) else made.reset_index(drop=True)


def _as_links(found: pd.DataFrame, fids: npt.NDArray[np.int64], order: npt.NDArray[np.intp]) -> Links:
    """Positions in the caller's order, sorted by them."""
    ends = np.sort(order[found[["a", "b"]].to_numpy(dtype=np.int64)].reshape(-1, 2), axis=1)
    rows = np.lexsort((ends[:, 1], ends[:, 0]))
    found = found.iloc[rows]
    return Links(
        fids=fids,
        a=ends[rows, 0].astype(np.int32),
        b=ends[rows, 1].astype(np.int32),
        frontage_m=found["frontage_m"].to_numpy(np.float64),
        gap_m=found["gap_m"].to_numpy(np.float64),
        cost=found["cost"].to_numpy(np.float64),
        kind=found["kind"].to_numpy(np.int8),
        via=tuple(found["via"].tolist()),
    )

"""Land: what outlines are drawn from, put in order once for all areas of a scheme."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.ground import crossings
from renomap.ground.links import Ground
from renomap.ground.segments import areal
from renomap.ground.territories import hard_zone
from renomap.model.links import CROSSING, Links
from renomap.model.overlay import main_holder
from renomap.model.scheme import UNASSIGNED

#: Roads that bound nothing.
INSIDE_ROADS = ("service", "path", "viaduct")
#: Edges of streets are straightened by this much: ends of pieces and bends are round.
STREET_M = 0.5

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Land:
    """The land that areas are drawn on, for one setting of gap and nesting.

    Parameters
    ----------
    neighbourhoods, territories : GeoSeries
        Index ``fid``; see ``territories.territories``.
    links : Links
        Ground contiguity, the user's overrides applied.
    ground : Ground
        From ``links.collect``.
    gap_m : float
        The gap of the links, metres: as far as a line looks for an edge to run along.
    within : GeoSeries, optional
        The administrative units that ``territories`` was given.
    """

    neighbourhoods: gpd.GeoSeries
    territories: gpd.GeoSeries
    links: Links
    ground: Ground
    within: gpd.GeoSeries | None = None
    gap_m: float = 30.0


class TakenGround:
    """Ground that later outlines cannot have: those drawn before, and those drawn by hand."""

    def __init__(self, shapes: list[shapely.Geometry]) -> None:
        self._shapes = list(shapes)
        self._boxes = [shapely.bounds(shape) for shape in shapes]

    def add(self, shape: shapely.Geometry) -> None:
        """Take the ground of one more outline."""
        self._shapes.append(shape)
        self._boxes.append(shapely.bounds(shape))

    def near(self, shape: shapely.Geometry) -> list[shapely.Geometry]:
        """What has been taken whose box meets that of a shape."""
        x0, y0, x1, y1 = shapely.bounds(shape)
        boxes = np.reshape(self._boxes, (-1, 4))
        meets = (boxes[:, 0] <= x1) & (boxes[:, 2] >= x0) & (boxes[:, 1] <= y1) & (boxes[:, 3] >= y0)
        return [self._shapes[at] for at in np.flatnonzero(meets)]


@dataclass(frozen=True)
class Town:
    """What outlines are drawn from, by position of the unit in ``links.fids``."""

    area: npt.NDArray[np.int64]
    land: Shapes
    ground: Shapes  # territories
    links: Links
    tree: shapely.STRtree  # of territories
    hard: Shapes
    hard_tree: shapely.STRtree
    streets: Shapes  # road lines with their assumed width
    street_tree: shapely.STRtree
    home: npt.NDArray[np.int64]
    admin: Shapes
    around: Ground
    gap_m: float
    paths: dict[tuple[int, int], shapely.Geometry] = field(default_factory=dict)
    held: dict[int, shapely.Geometry] = field(default_factory=dict)  # by area, see range_line.held

    @classmethod
    def of(cls, assignment: pd.Series[int], given: Land) -> Town:
        """Put in order what is given; ``assignment`` is the area of each fid or 0."""
        links, ground, within = given.links, given.ground, given.within
        fids = pd.Index(links.fids)
        land = areal(given.neighbourhoods.reindex(fids).values)
        own = np.asarray(given.territories.reindex(fids).values)
        area = np.asarray(assignment.reindex(fids, fill_value=UNASSIGNED), dtype=np.int64)
        zone = hard_zone(ground)
        admin = np.empty(0, dtype=object) if within is None else np.asarray(within.values)
        home, _ = main_holder(gpd.GeoSeries(admin), gpd.GeoSeries(land))
        streets = streets_of(ground)
        trees = shapely.STRtree(own), shapely.STRtree(zone), shapely.STRtree(streets)
        town = cls(
            area,
            land,
            own,
            links,
            trees[0],
            zone,
            trees[1],
            streets,
            trees[2],
            home,
            admin,
            ground,
            given.gap_m,
        )
        inside = area[links.a] == area[links.b]
        if (inside & (area[links.a] != UNASSIGNED) & (links.kind == CROSSING)).any():
            joined = crossings.joins(land, ground.passages, ground.hard)
            pairs = zip(joined["a"], joined["b"], joined["path"], strict=True)
            town.paths.update({(int(a), int(b)): path for a, b, path in pairs})
        return town

    def inside(self, area: int) -> npt.NDArray[np.intp]:
        """Links between two members of an area."""
        return np.flatnonzero((self.area[self.links.a] == area) & (self.area[self.links.b] == area))


def streets_of(ground: Ground) -> Shapes:
    """Streets that may bound an area, as wide as they are assumed to be."""
    roads = ground.roads[ground.roads["opens"] & ~ground.roads["kind"].isin(INSIDE_ROADS)]
    widths = roads["half_width_m"].to_numpy(dtype=float)
    streets: Shapes = shapely.buffer(roads.geometry.to_numpy(), widths, cap_style="square", quad_segs=4)
    return streets

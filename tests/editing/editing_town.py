"""A town of crooked blocks for the tests of editing: neighbourhoods, the ground around them, links, areas."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.editing.ground import drawn_boundaries
from renomap.model.change import ChangeSet, apply
from renomap.model.layer import Layer
from renomap.model.links import Links
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme

CRS = "EPSG:4547"
BLOCK_M = 100.0
#: Half the width of the lanes between the neighbourhoods.
LANE_M = 6.0


class Town:
    """``wide`` x ``high`` blocks whose corners are shaken; unit 1 is in the south-west, rows run east."""

    def __init__(self, wide: int = 8, high: int = 6, *, seed: int = 1, shake: float = 25.0) -> None:
        rng = np.random.default_rng(seed)
        corner = np.stack(
            np.meshgrid(np.arange(wide + 1), np.arange(high + 1), indexing="ij"), axis=-1
        ).astype(float)
        corner = corner * BLOCK_M + rng.uniform(-shake, shake, corner.shape)
        corner += (500_000.0, 3_100_000.0)
        corner = np.round(corner, 3)
        cells = [
            shapely.Polygon([corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]])
            for j in range(high)
            for i in range(wide)
        ]
        self.wide, self.high = wide, high
        self.fids = np.arange(1, wide * high + 1, dtype=np.int64)
        index = pd.Index(self.fids, name="fid")
        self.territories = gpd.GeoSeries(cells, index=index, crs=CRS)
        households = rng.integers(20, 900, len(cells)).astype(float)
        households[rng.random(len(cells)) < 0.1] = np.nan
        self.frame = gpd.GeoDataFrame(
            {
                "name": [f"小区{fid}" for fid in self.fids],
                "households": households,
                "households_flag": ["unknown" if np.isnan(v) else "reported" for v in households],
                "origin": ["survey"] * len(cells),
            },
            geometry=[cell.buffer(-LANE_M, join_style="mitre") for cell in cells],
            crs=CRS,
            index=index,
        )
        self.links = self._links()

    def _links(self) -> Links:
        pairs = []
        for p in range(self.wide * self.high):
            if p % self.wide + 1 < self.wide:
                pairs.append((p, p + 1))
            if p + self.wide < self.wide * self.high:
                pairs.append((p, p + self.wide))
        a, b = np.array(sorted(pairs), dtype=np.int32).T
        m = len(a)
        return Links(
            self.fids, a, b, np.full(m, 80.0), np.full(m, 12.0), np.zeros(m), np.ones(m, np.int8), [""] * m
        )

    def project(self, columns: int = 2, rows: int = 2) -> Project:
        """The town cut into ``columns`` x ``rows`` derived areas, numbered like the neighbourhoods."""
        at = self.fids - 1
        across = (at % self.wide) * columns // self.wide
        up = (at // self.wide) * rows // self.high
        return self.with_assignment(up * columns + across + 1)

    def with_assignment(self, values: np.ndarray) -> Project:
        assignment = pd.Series(
            np.asarray(values, dtype=np.int64), index=pd.Index(self.fids, name="fid"), name="area"
        )
        ids = sorted(set(assignment) - {0})
        areas = gpd.GeoDataFrame(
            {
                "name": [f"片区{i}" for i in ids],
                "colour": ["#aabbcc"] * len(ids),
                "locked": [False] * len(ids),
                "kind": ["derived"] * len(ids),
                "status": [""] * len(ids),
                "note": [""] * len(ids),
                "size_flag": [None] * len(ids),
            },
            geometry=gpd.GeoSeries([None] * len(ids), crs=CRS).values,
            crs=CRS,
            index=pd.Index(ids, name="id", dtype="int64"),
        )
        layer = Layer("compounds", "小区", Role.NEIGHBOURHOODS, self.frame)
        return Project(CRS, (layer,), (Scheme("s1", "方案一", assignment, areas),), "s1")


def after(project: Project, *changes: ChangeSet) -> Project:
    for change in changes:
        project = apply(project, change)
    return project


def scheme_of(project: Project) -> Scheme:
    assert project.scheme is not None
    return project.scheme


def outlines_of(project: Project, town: Town) -> gpd.GeoSeries:
    """Outlines as the window shows them, but for corridors: drawn, else territories without what is drawn."""
    scheme = scheme_of(project)
    drawn = drawn_boundaries(scheme)
    assignment = scheme.assignment.loc[town.fids]
    found = {
        int(area): shapely.union_all(town.territories.loc[fids].to_numpy())
        for area, fids in assignment.groupby(assignment).groups.items()
        if area != UNASSIGNED
    }
    taken = shapely.union_all(np.array([*drawn.values()], dtype=object))
    found = {area: shapely.difference(shape, taken) for area, shape in found.items()} | drawn
    ids = pd.Index(sorted(found), name="id", dtype="int64")
    return gpd.GeoSeries([found[area] for area in ids], index=ids, crs=CRS)


def area_of(project: Project, fid: int) -> int:
    return int(scheme_of(project).assignment.loc[fid])

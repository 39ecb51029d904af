"""Dress new areas: a name from the ground, a colour that differs from the neighbours'."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.cartography.colours import area_colours
from renomap.ground.land import Land
from renomap.ground.outline import outlines
from renomap.ground.redrawing import Former
from renomap.ground.surroundings import describe
from renomap.model.feedback import Feedback, Silent
from renomap.model.members import united
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.steps.frames import frame_of, neighbourhood_frame
from renomap.steps.groundwork import Groundwork

#: Areas nearer than this to each other need different colours: the width of an arterial with its verges.
BESIDE_M = 80.0


def dress_areas(
    project: Project,
    assignment: pd.Series[int],
    former: Scheme | None = None,
    feedback: Feedback | None = None,
) -> gpd.GeoDataFrame:
    """Rows of ``Scheme.areas`` for an assignment.

    An area that ``former`` has keeps its row, and its name and colour are no other's around it; where its
    members are others, its boundary is derived again.
    New areas are derived and unlocked; no size is judged yet.
    """
    feedback = feedback or Silent()
    shapes = members_ground(project, assignment, feedback)
    ids = shapes.index.to_numpy()
    names = {} if former is None else former.areas["name"].to_dict()
    named = surroundings(project, shapes, feedback, kept=names)
    kept = {} if former is None else former.areas["colour"].to_dict()
    feedback.check()
    colours = area_colours(ids.tolist(), areas_beside(shapes.geometry), kept, feedback)
    areas = gpd.GeoDataFrame(
        {
            "name": [str(named["proposed_name"].get(area) or "") for area in ids],
            "colour": [colours[int(area)] for area in ids],
            "locked": np.zeros(len(ids), dtype=bool),
            "kind": ["derived"] * len(ids),
            "status": [""] * len(ids),
            "note": [""] * len(ids),
            "size_flag": np.full(len(ids), None, dtype=object),
        },
        geometry=gpd.GeoSeries([None] * len(ids), crs=project.crs).values,
        crs=project.crs,
        index=pd.Index(ids, name="id"),
    )
    return areas if former is None else _carried_on(areas, assignment, former)


def _carried_on(areas: gpd.GeoDataFrame, assignment: pd.Series[int], former: Scheme) -> gpd.GeoDataFrame:
    """The rows, with those of the former scheme for the areas it has."""
    rows = areas.copy()
    common = areas.index.intersection(former.areas.index)
    before = former.assignment.reindex(assignment.index, fill_value=UNASSIGNED)
    moved = set(assignment[assignment != before]) | set(before[assignment != before])
    same = common[~common.isin(moved)]
    for names, ids in (
        (["locked", "status", "note"], common),
        (["kind", "geometry"], same),
    ):
        rows.loc[ids, names] = former.areas.loc[ids, names]
    return rows


def members_ground(project: Project, assignment: pd.Series[int], feedback: Feedback) -> gpd.GeoDataFrame:
    """The members' own land of each area, index area id: enough to name and colour it, and quick."""
    rows = neighbourhood_frame(project).geometry
    inside = assignment[assignment != UNASSIGNED]
    shapes = united(rows.reindex(inside.index), inside.rename("id"), feedback)
    parts = shapely.get_num_geometries(shapes.to_numpy())
    return gpd.GeoDataFrame({"parts": parts}, geometry=shapes, index=shapes.index)


def area_shapes(
    neighbourhoods: gpd.GeoSeries,
    assignment: pd.Series[int],
    work: Groundwork,
    territories: gpd.GeoSeries,
    feedback: Feedback,
    drawn: gpd.GeoSeries | None = None,
    former: Former | None = None,
) -> gpd.GeoDataFrame:
    """Outlines of all areas, index area id; see ``outline.outlines``."""
    land = Land(neighbourhoods, territories, work.links, work.ground, work.within.polygons, work.gap_m)
    return outlines(assignment, land, drawn=drawn, former=former, feedback=feedback)


def surroundings(
    project: Project,
    shapes: gpd.GeoDataFrame,
    feedback: Feedback | None = None,
    *,
    kept: Mapping[int, str] | None = None,
) -> pd.DataFrame:
    """四至 and proposed names of areas, index area id; ``kept`` are the names that areas have already."""
    return describe(
        shapes,
        frame_of(project, Role.ROADS),
        frame_of(project, Role.WATER),
        frame_of(project, Role.RAILWAYS),
        frame_of(project, Role.BOUNDARY),
        kept=kept,
        feedback=feedback,
    )


def areas_beside(shapes: gpd.GeoSeries) -> list[tuple[int, int]]:
    """Pairs of areas (index labels, smaller first) so near to each other that they need different colours."""
    ids, bodies = shapes.index.to_numpy(), shapes.to_numpy()
    a, b = shapely.STRtree(bodies).query(bodies, predicate="dwithin", distance=BESIDE_M)
    return [(int(ids[i]), int(ids[j])) for i, j in zip(a, b, strict=True) if i < j]

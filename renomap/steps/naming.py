"""Dress new areas: a name from the ground, a colour that differs from the neighbours'."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.cartography.colours import area_colours
from renomap.grouping.outline import outlines as draw_outlines
from renomap.grouping.surroundings import describe
from renomap.model.feedback import Feedback, Silent
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED
from renomap.steps.frames import frame_of, neighbourhood_frame
from renomap.steps.groundwork import Groundwork, grow_territories


def dress_areas(
    project: Project,
    assignment: pd.Series[int],
    work: Groundwork,
    undersized: set[int],
    feedback: Feedback | None = None,
) -> gpd.GeoDataFrame:
    """Rows of ``Scheme.areas`` for an assignment; every area derived and unlocked."""
    feedback = feedback or Silent()
    ids = np.array(sorted(set(assignment[assignment != UNASSIGNED])), dtype=np.int64)
    shapes = area_shapes(project, assignment, work, feedback)
    named = surroundings(project, shapes)
    colours = area_colours(ids, touching_areas(assignment, work))
    return gpd.GeoDataFrame(
        {
            "name": [str(named["proposed_name"].get(area) or "") for area in ids],
            "colour": [colours[int(area)] for area in ids],
            "locked": np.zeros(len(ids), dtype=bool),
            "kind": ["derived"] * len(ids),
            "status": [""] * len(ids),
            "note": [""] * len(ids),
            "undersized": [int(area) in undersized for area in ids],
        },
        geometry=gpd.GeoSeries([None] * len(ids), crs=project.crs).values,
        crs=project.crs,
        index=pd.Index(ids, name="id"),
    )


def area_shapes(
    project: Project,
    assignment: pd.Series[int],
    work: Groundwork,
    feedback: Feedback,
    drawn: gpd.GeoSeries | None = None,
    territories: gpd.GeoSeries | None = None,
) -> gpd.GeoDataFrame:
    """Outlines of all areas, index area id."""
    grown = grow_territories(project, work, feedback) if territories is None else territories
    return draw_outlines(
        assignment,
        grown,
        neighbourhood_frame(project).geometry,
        work.links,
        work.ground,
        within=work.within.polygons,
        drawn=drawn,
    )


def surroundings(project: Project, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """四至 and proposed names of areas, index area id."""
    return describe(
        shapes,
        frame_of(project, Role.ROADS),
        frame_of(project, Role.WATER),
        frame_of(project, Role.RAILWAYS),
        frame_of(project, Role.BOUNDARY),
    )


def touching_areas(assignment: pd.Series[int], work: Groundwork) -> set[tuple[int, int]]:
    """Pairs of areas (smaller id first) that a link joins."""
    links = work.links
    area = assignment.reindex(links.fids).to_numpy()
    a, b = area[links.a], area[links.b]
    apart = (a != b) & (a != UNASSIGNED) & (b != UNASSIGNED)
    return {(int(min(p, q)), int(max(p, q))) for p, q in zip(a[apart], b[apart], strict=True)}

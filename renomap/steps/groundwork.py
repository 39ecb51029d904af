"""What lies on the ground of a project: links, lines and territories, computed once for several steps."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from renomap.ground.barriers import describe
from renomap.ground.links import Ground, collect, find_links
from renomap.ground.territories import territories as grow
from renomap.ground.walking import network
from renomap.model.derived import once
from renomap.model.feedback import Feedback
from renomap.model.links import Links
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.model.reach import WALKING, Walks, reach_of
from renomap.model.roles import Role
from renomap.model.settings import GroupSettings
from renomap.steps.frames import frame_of, neighbourhood_frame
from renomap.steps.within import Within, resolve_within


@dataclass(frozen=True)
class Groundwork:
    """Ground contiguity and its lines for one setting of gap and nesting.

    ``territories`` is None until somebody asks for outlines (``with_territories``); ``linked`` is False while
    nobody has looked for links, so that having none says nothing of a neighbourhood.
    """

    ground: Ground
    links: Links
    within: Within
    gap_m: float
    territories: gpd.GeoSeries | None = None
    linked: bool = True


def collect_ground(project: Project) -> Ground:
    """Barriers, roads and crossings of a project."""
    return collect(
        roads=frame_of(project, Role.ROADS),
        water=frame_of(project, Role.WATER),
        railways=frame_of(project, Role.RAILWAYS),
        barriers=frame_of(project, Role.BARRIERS),
        crossings=frame_of(project, Role.CROSSINGS),
    )


def walks_of(project: Project, work: Groundwork) -> Walks | None:
    """Ways along the roads, where the project measures reach by walking; made once for the same ground."""
    if reach_of(project.meeting) != WALKING:
        return None
    roads = frame_of(project, Role.ROADS)
    return once(
        work.ground.hard, "walking network", lambda: network(describe(roads, Role.ROADS.value), work.ground)
    )


def lay_ground(
    project: Project,
    preset: Preset,
    settings: GroupSettings,
    feedback: Feedback,
    overrides: pd.DataFrame | None = None,
) -> Groundwork:
    """Links of the neighbourhoods under the settings of a scheme (``gap_m``, ``within``) or of the preset."""
    gap_m = preset.gap_m if settings.gap_m is None else settings.gap_m
    feedback.progress(0.05, "steps.progress-links")
    ground = collect_ground(project)
    links = find_links(
        neighbourhood_frame(project).geometry,
        ground,
        gap_m=gap_m,
        gap_road_m=max(preset.gap_road_m, gap_m),
        overrides=overrides,
        feedback=feedback,
    )
    return Groundwork(ground, links, resolve_within(project, settings.within), gap_m)


def grow_territories(neighbourhoods: gpd.GeoSeries, work: Groundwork, feedback: Feedback) -> gpd.GeoSeries:
    """Ground of each neighbourhood, index ``fid`` as given."""
    feedback.progress(0.3, "steps.progress-territories")
    return grow(
        neighbourhoods,
        work.ground,
        gap_m=work.gap_m,
        within=work.within.polygons,
        feedback=feedback,
    )

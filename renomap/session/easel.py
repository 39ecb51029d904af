"""The easel: what a stroke needs to answer while the hand moves, prepared once for each plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.deficits.areas import assess_areas
from renomap.deficits.inputs import Inputs, prepare
from renomap.editing.graph import Graph, build_graph
from renomap.editing.live import Glimpse, Stroke
from renomap.editing.rules import Rules, limits
from renomap.editing.schemes import locked_areas
from renomap.editing.tally import Tally, amounts, tally
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED
from renomap.steps.frames import frame_of
from renomap.steps.groundwork import Groundwork

M2_PER_HA: Final = 10_000.0
#: Facilities that the tag at the cursor speaks of: the first of the standard.
FIRST: Final = 3


@dataclass(frozen=True)
class FacilityFlow:
    """What a stroke does to the deficit of one facility of one area; None where it is not known.

    ``low`` and ``high`` are the range that it has afterwards, see ``model.plan``.
    """

    key: str
    before: float | None
    after: float | None
    low: float | None
    high: float | None
    state: str | None


@dataclass(frozen=True)
class Flow:
    """What a stroke does to an area: known households and hectares more or less, its first facilities."""

    area: int
    households: float
    area_ha: float
    count: int
    facilities: tuple[FacilityFlow, ...]


@dataclass(frozen=True, eq=False)
class Easel:
    """Everything prepared for strokes. ``plan`` may be older than ``project``: strokes do not wait for it."""

    plan: Plan
    project: Project
    assignment: pd.Series[int]
    graph: Graph
    labels: npt.NDArray[np.int64]
    counted: Tally
    rules: Rules
    locked: frozenset[int]
    inputs: Inputs

    def followed(self, project: Project) -> Easel:
        """The same for a project in which only assignment and areas of the active scheme have changed."""
        assignment = _assignment(project, self.plan)
        labels = self.graph.labels(assignment)
        moved = np.flatnonzero(labels != self.labels)
        counted = self.counted.moved(moved, self.labels[moved], labels[moved])
        locked, exempt, names = _held(project)
        rules = replace(self.rules, exempt=exempt, names={**self.rules.names, **names})
        return replace(
            self,
            project=project,
            assignment=assignment,
            labels=labels,
            counted=counted,
            rules=rules,
            locked=locked,
        )

    def stroke(self, target: int, *, only_unassigned: bool = False) -> Stroke:
        """Begin a stroke that paints with an area, or with 0 for none."""
        return Stroke(
            self.graph, self.labels, target, self.counted, self.rules,
            locked=self.locked, only_unassigned=only_unassigned,
        )  # fmt: skip

    def flows(self, glimpse: Glimpse, target: int) -> tuple[Flow, ...]:
        """What a stroke does to the areas concerned, the target first.

        The deficits are those of a full recomputation of these areas; only the outlines are simpler (new
        members' territories without corridors), which matters for facilities on open ground alone.
        """
        if not glimpse.fids:
            return ()
        assignment = self.assignment.copy()
        assignment.loc[list(glimpse.fids)] = target
        after = self._assessed(assignment, glimpse.areas)
        current = self.plan.project is self.project
        before = self.plan.areas if current else self._assessed(self.assignment, glimpse.areas)
        return tuple(self._flow(glimpse, area, before, after) for area in glimpse.areas)

    def _assessed(self, assignment: pd.Series[int], areas: tuple[int, ...]) -> pd.DataFrame:
        outlines = self._outlines(assignment)
        known = [area for area in areas if area in outlines.index]
        return assess_areas(self.inputs, assignment, outlines, areas=known).areas

    def _flow(self, glimpse: Glimpse, area: int, before: pd.DataFrame, after: pd.DataFrame) -> Flow:
        facilities = []
        for facility in self.plan.standard.facilities[:FIRST]:
            name = f"{facility.key}_deficit"
            state = after[f"{facility.key}_state"].get(area)
            low, high = _value(after, area, f"{name}_low"), _value(after, area, f"{name}_high")
            values = (_value(before, area, name), _value(after, area, name), low, high)
            facilities.append(FacilityFlow(facility.key, *values, state))
        change = glimpse.before.change
        return Flow(
            area,
            change(glimpse.after, area, "households"),
            change(glimpse.after, area, "area_ha"),
            glimpse.after.count(area) - glimpse.before.count(area),
            tuple(facilities),
        )

    def _outlines(self, assignment: pd.Series[int]) -> gpd.GeoSeries:
        """Outlines of the plan with the territories that came since and without those that went.

        So the cost is that of what the hand has touched, not that of the areas.
        """
        shapes: dict[int, Any] = dict(self.plan.areas.geometry.items())
        index = self.plan.territories.index
        now = assignment.reindex(index).to_numpy()
        planned = self.plan.neighbourhoods["area_id"].reindex(index).to_numpy()
        grounds = self.plan.territories.to_numpy()
        moved = now != planned
        for area in {*now[moved].tolist(), *planned[moved].tolist()} - {UNASSIGNED}:
            come, gone = grounds[moved & (now == area)], grounds[moved & (planned == area)]
            shape = shapes.pop(area, shapely.Polygon())
            if len(gone):
                shape = shapely.difference(shape, shapely.union_all(gone))
            if len(come):
                shape = shapely.union_all([shape, *come])
            if (now == area).any():
                shapes[area] = shape
        ids = pd.Index(list(shapes), dtype="int64", name="id")
        return gpd.GeoSeries(list(shapes.values()), index=ids, crs=self.plan.territories.crs)


def make_easel(plan: Plan, work: Groundwork) -> Easel:
    """Prepare strokes on a plan."""
    people = plan.neighbourhoods
    graph = build_graph(plan.links, work.within.units)
    ordered = people.reindex(graph.fids)
    residents = _people(ordered, plan)
    counted = amounts(
        {
            "households": ordered["households"].to_numpy(dtype=float),
            "population": residents,
            "area_ha": ordered.geometry.area.to_numpy(dtype=float) / M2_PER_HA,
        }
    )
    assignment = _assignment(plan.project, plan)
    labels = graph.labels(assignment)
    locked, exempt, names = _held(plan.project)
    planned = {int(area): str(name) for area, name in plan.areas["name"].items()}
    rules = Rules(limits(_bounds(plan)), exempt, names=planned | names)
    # The others wait for the plan: 25 facilities in every frame would make the hand wait.
    first = replace(plan.standard, facilities=plan.standard.facilities[:FIRST])
    inputs = prepare(
        people, frame_of(plan.project, Role.BUILDINGS), frame_of(plan.project, Role.FACILITIES),
        first, plan.links,
    )  # fmt: skip
    counted_now = tally(counted, labels)
    return Easel(plan, plan.project, assignment, graph, labels, counted_now, rules, locked, inputs)


def _assignment(project: Project, plan: Plan) -> pd.Series[int]:
    """Area of each neighbourhood, index as in the plan."""
    index = plan.neighbourhoods.index
    if project.scheme is None:
        return pd.Series(UNASSIGNED, index=index, dtype="int64")
    return project.scheme.assignment.reindex(index, fill_value=UNASSIGNED).astype("int64")


def _held(project: Project) -> tuple[frozenset[int], frozenset[int], dict[int, str]]:
    """Locked areas, areas whose sizes are not judged, and names that the planner has given."""
    scheme = project.scheme
    if scheme is None or scheme.areas.empty:
        return frozenset(), frozenset(), {}
    locked = locked_areas(scheme)
    small = scheme.areas.index[scheme.areas["undersized"].to_numpy(dtype=bool)]
    names = {int(area): str(name) for area, name in scheme.areas["name"].items() if name}
    return locked, locked | {int(area) for area in small}, names


def _bounds(plan: Plan) -> Mapping[str, float]:
    """Bounds of the scheme, by default those of its preset."""
    given = {} if plan.scheme is None else plan.scheme.settings.get("bounds") or {}
    return given or {key: bound.value for key, bound in plan.preset.bounds.items()}


def _people(rows: pd.DataFrame, plan: Plan) -> npt.NDArray[np.float64]:
    reported = rows["population"].to_numpy(dtype=float)
    derived = rows["households"].to_numpy(dtype=float) * plan.standard.persons_per_household
    return np.where(np.isnan(reported), derived, reported)


def _value(frame: pd.DataFrame, area: int, column: str) -> float | None:
    if area not in frame.index or area == UNASSIGNED:
        return None
    value = float(frame[column].astype(float).loc[area])
    return None if np.isnan(value) else value

"""Stroke context: what a stroke needs to answer while the pointer moves, prepared once for each plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.deficits.areas import assess_areas
from renomap.deficits.inputs import Inputs, prepare
from renomap.editing.coverage import Boundaries
from renomap.editing.graph import Graph, build_graph
from renomap.editing.ground import drawn_boundaries
from renomap.editing.live import Stroke, StrokeEffect, foresee
from renomap.editing.rules import BY_COUNT, AreaRules, Between, limits
from renomap.editing.schemes import locked_areas
from renomap.editing.tally import Tally, amounts, tally
from renomap.ground.land import Land
from renomap.ground.links import Ground
from renomap.model.households import counted_whole
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import NOT_FITTING, UNASSIGNED
from renomap.outputs.numbers import M2_PER_HA
from renomap.steps.area_table import residents
from renomap.steps.frames import frame_of
from renomap.steps.groundwork import Groundwork
from renomap.steps.size_flags import bounds_in_force, sized_by_count

#: Pieces of an area further apart have more between them than one barrier.
APART_M: Final = 150.0
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
    emptied: bool  # no neighbourhood is left in it
    facilities: tuple[FacilityFlow, ...]


@dataclass(frozen=True, eq=False)
class StrokeContext:
    """Everything prepared for strokes. ``plan`` may be older than ``project``: strokes do not wait for it."""

    plan: Plan
    project: Project
    assignment: pd.Series[int]
    graph: Graph
    labels: npt.NDArray[np.int64]
    counted: Tally
    rules: AreaRules
    locked: frozenset[int]
    inputs: Inputs
    may_join: pd.Series[bool]
    land: Land

    def followed(self, project: Project) -> StrokeContext:
        """The same for a project in which only assignment and areas of the active scheme have changed."""
        assignment = _assignment(project, self.plan)
        labels = self.graph.labels(assignment)
        moved = np.flatnonzero(labels != self.labels)
        counted = self.counted.moved(moved, self.labels[moved], labels[moved])
        locked, declared, names = _held(project)
        rules = replace(self.rules, exempt=locked, declared=declared, names={**self.rules.names, **names})
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

    def foreseen(self, after: Project, target: int = UNASSIGNED) -> StrokeEffect:
        """What a change means that leads to the project ``after`` and moves neighbourhoods between areas."""
        wanted = self.graph.labels(_assignment(after, self.plan))
        _, _, names = _held(after)
        rules = replace(self.rules, names={**self.rules.names, **names})
        return foresee(self.graph, self.labels, wanted, self.counted, rules, target)

    def flows(self, effect: StrokeEffect, after: Project | None = None) -> tuple[Flow, ...]:
        """What a stroke or sketch does to the areas concerned, the target first.

        The deficits are those of a full recomputation of these areas; only derived outlines are simpler
        (members' territories without corridors), which matters for facilities on open ground alone.
        ``after`` is the project as a sketch would leave it: its drawn boundaries count.
        """
        if not effect.fids:
            return ()
        assignment = self.assignment.copy()
        assignment.loc[list(effect.fids)] = np.array(effect.to, dtype=np.int64)
        found = self._assessed(assignment, effect.areas, after or self.project)
        current = self.plan.project is self.project
        before = self.plan.areas if current else self._assessed(self.assignment, effect.areas, self.project)
        return tuple(self._flow(effect, area, before, found) for area in effect.areas)

    def _assessed(self, assignment: pd.Series[int], areas: tuple[int, ...], project: Project) -> pd.DataFrame:
        outlines = self._outlines(assignment, project)
        known = [area for area in areas if area in outlines.index]
        return assess_areas(self.inputs, assignment, outlines, areas=known).areas

    def _flow(self, effect: StrokeEffect, area: int, before: pd.DataFrame, after: pd.DataFrame) -> Flow:
        facilities = []
        for facility in self.plan.standard.facilities[:FIRST]:
            name = f"{facility.key}_deficit"
            state = after[f"{facility.key}_state"].get(area)
            low, high = _value(after, area, f"{name}_low"), _value(after, area, f"{name}_high")
            values = (_value(before, area, name), _value(after, area, name), low, high)
            facilities.append(FacilityFlow(facility.key, *values, state))
        change = effect.before.change
        return Flow(
            area,
            change(effect.after, area, "households"),
            change(effect.after, area, "area_ha"),
            effect.after.count(area) - effect.before.count(area),
            effect.after.count(area) == 0,
            tuple(facilities),
        )

    def _outlines(self, assignment: pd.Series[int], project: Project) -> gpd.GeoSeries:
        """Outlines of the plan with the territories that came since and without those that went.

        So the cost is that of what a stroke has touched, not that of the areas. Boundaries that are drawn in
        ``project`` are as they stand there, and derived ones give way to them.
        """
        drawn = {} if project.scheme is None else drawn_boundaries(project.scheme)
        shapes: dict[int, Any] = dict(self.plan.areas.geometry.items())
        index = self.plan.territories.index
        now = assignment.reindex(index).to_numpy()
        planned = self.plan.neighbourhoods["area_id"].reindex(index).to_numpy()
        settled = _assignment(project, self.plan).reindex(index).to_numpy()
        grounds = self.plan.territories.to_numpy()
        changed = now != planned
        for area in {*now[changed].tolist(), *planned[changed].tolist()} - {UNASSIGNED}:
            before = settled if area in drawn else planned
            come = grounds[(now == area) & (before != area)]
            gone = grounds[(now != area) & (before == area)]
            shape = drawn.get(area, shapes.pop(area, shapely.Polygon()))
            if len(gone):
                shape = shapely.difference(shape, shapely.union_all(gone))
            if len(come):
                shape = shapely.union_all([shape, *come])
            if (now == area).any():
                shapes[area] = shape
        moved = now != settled
        still = set(drawn) - {*now[moved].tolist(), *settled[moved].tolist()}
        shapes |= {area: drawn[area] for area in still}
        self._give_way(shapes, drawn)
        ids = pd.Index(list(shapes), dtype="int64", name="id")
        return gpd.GeoSeries(list(shapes.values()), index=ids, crs=self.plan.territories.crs)

    def _give_way(self, shapes: dict[int, Any], drawn: Boundaries) -> None:
        """Take out of derived outlines what has been drawn since the plan was made."""
        scheme = self.plan.scheme
        known = {} if scheme is None else drawn_boundaries(scheme)
        fresh = [
            shape
            for area, shape in drawn.items()
            if area not in known or not shapely.equals_identical(known[area], shape)
        ]
        if not fresh:
            return
        taken = shapely.union_all(fresh)
        shapely.prepare(taken)
        for area, shape in shapes.items():
            if area not in drawn and shapely.intersects(taken, shape):
                shapes[area] = shapely.difference(shape, taken)


def make_stroke_context(plan: Plan, work: Groundwork) -> StrokeContext:
    """Prepare strokes on a plan."""
    people = plan.neighbourhoods
    graph = build_graph(plan.links, work.within.units)
    ordered = people.reindex(graph.fids)
    persons = residents(ordered, plan.standard.persons_per_household)
    joins = people["fate"] != "excluded"
    whole = counted_whole(ordered).to_numpy(dtype=bool)
    by_count = sized_by_count(people["households"].astype(float), joins, plan.links, work.within.units)
    counted = amounts(
        {
            "households": ordered["households"].to_numpy(dtype=float),
            "population": np.asarray(persons, dtype=np.float64),
            "area_ha": ordered.geometry.area.to_numpy(dtype=float) / M2_PER_HA,
            BY_COUNT: np.asarray(by_count.reindex(graph.fids), dtype=np.float64),
        },
        {"households": whole, "population": whole | ordered["population"].notna().to_numpy(dtype=bool)},
    )
    assignment = _assignment(plan.project, plan)
    labels = graph.labels(assignment)
    locked, declared, names = _held(plan.project)
    planned = {int(area): str(name) for area, name in plan.areas["name"].items()}
    bounds = bounds_in_force(plan.scheme, plan.preset)
    rules = AreaRules(
        limits(bounds),
        exempt=locked,
        declared=declared,
        walk_max_m=float(bounds.get("walk_m_max") or np.inf),
        length_m=_lengths(plan, people),
        names=planned | names,
        between=_between(people, work.ground),
        limits_by_count=limits(bounds_in_force(plan.scheme, plan.preset, by_count=True)),
    )
    # The others wait for the plan: 25 facilities in every frame would make the pointer wait.
    first = replace(plan.standard, facilities=plan.standard.facilities[:FIRST])
    inputs = prepare(
        people, frame_of(plan.project, Role.BUILDINGS), frame_of(plan.project, Role.FACILITIES),
        first, plan.links, walks=plan.walks,
    )  # fmt: skip
    counted_now = tally(counted, labels)
    may_join = people["fate"] != "excluded"
    land = Land(people.geometry, plan.territories, plan.links, work.ground, work.within.polygons, work.gap_m)
    return StrokeContext(
        plan, plan.project, assignment, graph, labels, counted_now, rules, locked, inputs, may_join, land
    )  # fmt: skip


def _assignment(project: Project, plan: Plan) -> pd.Series[int]:
    """Area of each neighbourhood, index as in the plan."""
    index = plan.neighbourhoods.index
    if project.scheme is None:
        return pd.Series(UNASSIGNED, index=index, dtype="int64")
    return project.scheme.assignment.reindex(index, fill_value=UNASSIGNED).astype("int64")


def _held(project: Project) -> tuple[frozenset[int], dict[int, str], dict[int, str]]:
    """Locked areas, size flags of those that could not be made fit, and names that the planner has given."""
    scheme = project.scheme
    if scheme is None or scheme.areas.empty:
        return frozenset(), {}, {}
    locked = locked_areas(scheme)
    flags = scheme.areas["size_flag"]
    declared = {int(area): str(flag) for area, flag in flags[flags.isin(NOT_FITTING)].items()}
    names = {int(area): str(name) for area, name in scheme.areas["name"].items() if name}
    return locked, declared, names


def _lengths(plan: Plan, people: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """Walking length of each link as the engine takes it: between points in the neighbourhoods, metres."""
    points = people.geometry.reindex(plan.links.fids).representative_point()
    xy = np.stack([points.x, points.y], axis=1)
    return np.asarray(np.hypot(*(xy[plan.links.a] - xy[plan.links.b]).T), dtype=np.float64)


def _between(people: gpd.GeoDataFrame, ground: Ground) -> Between:
    """Says which river, railway or main road parts two sets of neighbourhoods that are near each other."""
    shapes = people.geometry

    def named(one: Sequence[int], other: Sequence[int]) -> str:
        apart = [shapely.union_all(shapes.loc[list(fids)].to_numpy()) for fids in (one, other)]
        line = shapely.shortest_line(*apart)
        return ground.barrier_across(line) if shapely.length(line) <= APART_M else ""

    return named


def _value(frame: pd.DataFrame, area: int, column: str) -> float | None:
    if area not in frame.index or area == UNASSIGNED:
        return None
    value: Any = frame.at[area, column]
    return None if value is None or np.isnan(value) else float(value)

"""The plan of the open project, made anew in the background after every change."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
from PySide6.QtCore import QObject, QTimer, Signal

from renomap.model.change import ChangeSet
from renomap.model.feedback import Feedback
from renomap.model.note import Note
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.settings import BY_HAND
from renomap.session.document import Document
from renomap.session.jobs import JobRunner

if TYPE_CHECKING:
    from renomap.session.problem import ListedProblem
    from renomap.session.stroke_context import StrokeContext
    from renomap.steps.groundwork import Groundwork

#: A burst of changes (undo held down) makes one plan.
_REST_MS: Final = 30
#: The first map is drawn before the work goes on: Python does one of the two at a time.
_MAP_FIRST_S: Final = 0.25


@dataclass(frozen=True)
class _KeptGround:
    """What was found for a state of the ground, kept until one of the values it was made from changes."""

    made_from: tuple[Any, ...]
    work: Any
    territories: gpd.GeoSeries
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Made:
    plan: Plan
    ground: _KeptGround
    context: StrokeContext
    problems: tuple[ListedProblem, ...]


class Planner(QObject):
    """Keeps ``plan`` up to date; ``planned`` tells of a new one. A plan may lag behind the project.

    While the first plan of a project without areas is made, ``sighted`` gives one that knows no neighbours
    yet, so that the map is seen at once; nothing but the map uses it.
    """

    planned = Signal(object)
    sighted = Signal(object)

    def __init__(self, document: Document, runner: JobRunner) -> None:
        super().__init__(document)
        self._document = document
        self._runner = runner
        self._ground: _KeptGround | None = None
        self.plan: Plan | None = None
        self.context: StrokeContext | None = None
        self.problems: tuple[ListedProblem, ...] = ()
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._start)
        document.changed.connect(self._on_changed)
        document.replaced.connect(self._on_replaced)

    @property
    def hard(self) -> gpd.GeoDataFrame | None:
        """What no link crosses (``ground.links.Ground.hard``), or None before the first plan."""
        return None if self.plan is None or self._ground is None else self._ground.work.ground.hard

    @property
    def work(self) -> Groundwork | None:
        """Links and lines of the ground that the plan stands on, or None before the first plan."""
        return None if self.plan is None or self._ground is None else self._ground.work

    @property
    def is_current(self) -> bool:
        """Whether the plan is that of the present project."""
        return self.plan is not None and self.plan.project is self._document.project

    def plan_other(self, project: Project, feedback: Feedback) -> Plan:
        """The plan of a project that is not the open one, such as another scheme; for a job's thread.

        What was found of the ground is used again where it is the same.
        """
        return _plan(project, self._ground, None, feedback)[0]

    def stop(self) -> None:
        """Plan nothing any more; the window is closing."""
        self._rest.stop()

    def _on_changed(self, change: ChangeSet) -> None:
        project = self._document.project
        strokes = {("scheme", "assignment"), ("scheme", "areas")}
        if self.context is not None and project is not None:
            followed = {(address.part, address.name) for address in change.steps} <= strokes
            self.context = self.context.followed(project) if followed else None
        self._rest.start()

    def _on_replaced(self) -> None:
        self.plan = self.context = None
        self.problems = ()
        self.planned.emit(None)
        self._start()

    def _start(self) -> None:
        project = self._document.project
        if project is None or project.neighbourhoods is None:
            return
        known, former = self._ground, self.plan
        job = self._runner.start(
            "job.plan", lambda feedback: _make(project, known, former, feedback), self._on_made, key="plan"
        )
        job.partly_done.connect(self._on_sighted)

    def _on_sighted(self, plan: Plan) -> None:
        if self.plan is None and plan.project is self._document.project:
            self.sighted.emit(plan)

    def _on_made(self, made: _Made) -> None:
        self.plan, self._ground, context, self.problems = made.plan, made.ground, made.context, made.problems
        project = self._document.project
        assert project is not None
        self.context = context if context.project is project else self.context and context.followed(project)
        self.planned.emit(self.plan)


def _sight(project: Project, feedback: Feedback) -> None:
    """Hand over what the map needs to show neighbourhoods, before anybody has asked who is near whom."""
    from renomap.ground.links import collect
    from renomap.model.links import no_links
    from renomap.steps.groundwork import Groundwork
    from renomap.steps.plan import active_preset, make_plan
    from renomap.steps.within import FREE

    people = project.neighbourhoods
    if people is None or any(len(scheme.areas) for scheme in project.schemes):
        return
    links, gap_m = no_links(people.frame.index.to_numpy()), active_preset(project).gap_m
    work = Groundwork(collect(), links, FREE, gap_m, linked=False)
    nowhere = gpd.GeoSeries([], index=people.frame.index[:0], crs=project.crs)
    feedback.partial(make_plan(project, work=work, territories=nowhere))
    time.sleep(_MAP_FIRST_S)


def _make(project: Project, known: _KeptGround | None, former: Plan | None, feedback: Feedback) -> _Made:
    if former is None:
        _sight(project, feedback)
    from renomap.session.problems import find_problems
    from renomap.session.stroke_context import make_stroke_context

    if former is not None and known is not None and _only_programme(former.project, project):
        from renomap.steps.programme import with_programme

        plan = with_programme(former, project)
        _prepare_pages(plan)
        context = make_stroke_context(plan, known.work)
        return _Made(plan, known, context, find_problems(context, known.notes))
    plan, ground = _plan(project, known, former, feedback)
    _prepare_pages(plan)
    context = make_stroke_context(plan, ground.work)
    return _Made(plan, ground, context, find_problems(context, ground.notes))


def _prepare_pages(plan: Plan) -> None:
    """Make what pages ask of every plan already here, so that the window never waits for it."""
    from renomap.linear import solver
    from renomap.outputs.findings import area_row, remedies_of
    from renomap.programme.idle_sites import siting_of

    if solver() is None or not len(plan.areas):
        return
    area_row(plan, int(plan.areas.index[0]))
    remedies_of(plan)  # the rooms chosen for what lacks are among them
    if plan.project.layers_of(Role.SITES):
        siting_of(plan)


def _plan(
    project: Project, known: _KeptGround | None, former: Plan | None, feedback: Feedback
) -> tuple[Plan, _KeptGround]:
    """The plan, and the ground it stands on: the one that is known where that is the same."""
    from renomap.steps import warming
    from renomap.steps.check import check
    from renomap.steps.frames import neighbourhood_frame
    from renomap.steps.groundwork import grow_territories, lay_ground
    from renomap.steps.plan import active_preset, make_plan
    from renomap.steps.within import resolve_within

    scheme = project.scheme
    settings = scheme.settings if scheme is not None else BY_HAND
    overrides = scheme.overrides if scheme is not None else None
    preset = active_preset(project)
    frames = tuple(layer.frame for layer in project.layers)
    gap = preset.gap_m if settings.gap_m is None else settings.gap_m
    within = resolve_within(project, settings.within).spec
    links = None if overrides is None or overrides.empty else overrides
    made_from = (*frames, links, preset.gap_road_m, gap, within)
    if known is None or not _same(known.made_from, made_from):
        warming.wait(feedback, warming.GROUND)
        work = lay_ground(project, preset, settings, feedback, overrides)
        rows = neighbourhood_frame(project)
        known = _KeptGround(made_from, work, grow_territories(rows.geometry, work, feedback), check(project))
    plan = make_plan(project, feedback, work=known.work, territories=known.territories, former=former)
    return plan, known


def _only_programme(before: Project, after: Project) -> bool:
    """Whether nothing differs but tables of the programme that no other number is made from."""
    others = (item.name for item in fields(Project) if item.name != "programme")
    alike = all(getattr(before, name) is getattr(after, name) for name in others)
    return alike and before.programme.surveys is after.programme.surveys


def _same(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Frames are values: the same object is the same table, so nothing needs to be compared."""
    return len(a) == len(b) and all(
        x is y or (isinstance(x, str | int | float) and x == y) for x, y in zip(a, b, strict=True)
    )

"""The plan of the open project, made anew in the background after every change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
from PySide6.QtCore import QObject, QTimer, Signal

from renomap.model.feedback import Feedback
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.session.document import Document
from renomap.session.jobs import JobRunner

#: A burst of changes (undo held down) makes one plan.
_REST_MS: Final = 30


@dataclass(frozen=True)
class _Ground:
    """What was found for a state of the ground, kept until one of the values it was made from changes."""

    made_from: tuple[Any, ...]
    work: Any
    territories: gpd.GeoSeries


class Planner(QObject):
    """Keeps ``plan`` up to date; ``planned`` tells of a new one. A plan may lag behind the project."""

    planned = Signal(object)

    def __init__(self, document: Document, runner: JobRunner) -> None:
        super().__init__(document)
        self._document = document
        self._runner = runner
        self._ground: _Ground | None = None
        self.plan: Plan | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._start)
        document.changed.connect(lambda _: self._rest.start())
        document.replaced.connect(self._on_replaced)

    @property
    def is_current(self) -> bool:
        """Whether the plan is that of the present project."""
        return self.plan is not None and self.plan.project is self._document.project

    def _on_replaced(self) -> None:
        self.plan = None
        self.planned.emit(None)
        self._start()

    def _start(self) -> None:
        project = self._document.project
        if project is None or project.neighbourhoods is None:
            return
        known = self._ground
        self._runner.start(
            "job.plan", lambda feedback: _make(project, known, feedback), self._on_made, key="plan"
        )

    def _on_made(self, made: tuple[Plan, _Ground]) -> None:
        self.plan, self._ground = made
        self.planned.emit(self.plan)


def _make(project: Project, known: _Ground | None, feedback: Feedback) -> tuple[Plan, _Ground]:
    from renomap.steps.groundwork import grow_territories, lay_ground
    from renomap.steps.plan import active_preset, make_plan

    scheme = project.scheme
    settings = scheme.settings if scheme is not None else {}
    overrides = scheme.overrides if scheme is not None else None
    preset = active_preset(project)
    frames = tuple(layer.frame for layer in project.layers)
    made_from = (*frames, overrides, preset.key, settings.get("gap_m"), settings.get("within"))
    if known is None or not _same(known.made_from, made_from):
        work = lay_ground(project, preset, settings, feedback, overrides)
        known = _Ground(made_from, work, grow_territories(project, work, feedback))
    plan = make_plan(project, feedback, work=known.work, territories=known.territories)
    return plan, known


def _same(a: tuple[Any, ...], b: tuple[Any, ...]) -> bool:
    """Frames are values: the same object is the same table, so nothing needs to be compared."""
    return len(a) == len(b) and all(
        x is y or (isinstance(x, str | int | float) and x == y) for x, y in zip(a, b, strict=True)
    )

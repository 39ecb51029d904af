"""The dialog of grouping: it stands beside the map, which shows links, the best so far and the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.canvas.groupview import GroupView
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.dialogs.answers import answer_box
from renomap.desktop.dialogs.demands import DemandsPage
from renomap.desktop.dialogs.gapchart import GapChart
from renomap.desktop.dialogs.weights import WeightsPage
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.links import Links
from renomap.model.preset import WIDEST_GAP_M
from renomap.model.problem import Partial
from renomap.model.project import Project
from renomap.model.settings import BY_HAND, GroupSettings
from renomap.outputs.findings import proof_text, sizes_text
from renomap.session.jobs import Job
from renomap.session.session import Session
from renomap.steps.options import SELECTED, GroupOptions

if TYPE_CHECKING:
    from renomap.steps.group import Grouping

_SETTLE_MS: Final = 250


class GroupingDialog(QDialog):
    """Demands, gap and weights; a run that can be stopped and keeps its best; accept or discard.

    ``found`` is what a run gave. It becomes part of the project only when the planner accepts.
    """

    def __init__(
        self,
        session: Session,
        project: Project,
        parent: QWidget | None = None,
        canvas: MapCanvas | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._project = project
        self._job: Job | None = None
        self._view = GroupView(canvas, self) if canvas is not None else None
        self.found: Grouping | None = None
        say = session.speech
        self.setWindowTitle(say("window.group.title"))
        self.demands = DemandsPage(session, project)
        self.weights_page = WeightsPage(say)
        self.preset, self.count, self.exact = self.demands.preset, self.demands.count, self.demands.exact
        self.gap = QDoubleSpinBox(minimum=0, maximum=WIDEST_GAP_M, decimals=0, suffix=" m")
        self.chart = GapChart(say)
        self.links = QCheckBox(say("window.group.links"))
        self._counted = QLabel(wordWrap=True)
        self._counted.setProperty("role", "faint")
        self._told = QLabel(wordWrap=True)
        self._told.setMinimumHeight(self._told.fontMetrics().lineSpacing() * 2)
        self._bar = QProgressBar(textVisible=False, maximum=100)
        self._run = QPushButton(say("window.group.run"))
        self._stop = QPushButton(say("window.group.stop"), autoDefault=False)
        self._buttons, self._accept = answer_box(
            self, say("window.group.accept"), say("window.group.discard")
        )
        self._soon = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self.demands.show_preset()
        self._recall()
        self._show_running(False)
        self._await_run()
        self._count_gaps()
        self.resize(440, 490)

    def options(self) -> GroupOptions:
        """What is chosen now."""
        scope = self.demands.scope.currentData()
        return GroupOptions(
            preset=self.demands.chosen[0],
            areas=self.demands.areas,
            bounds=self.demands.given_bounds,
            gap_m=self.gap.value(),
            within=self.demands.within.currentData(),
            weights=self.weights_page.weights,
            targets=self.demands.given_targets,
            time_limit=self.demands.time_limit,
            onward=self.demands.onward.isChecked(),
            only=scope,
            fids=self.demands.chosen_fids() if scope == SELECTED else (),
        )

    def run(self) -> None:
        """Group the project as it is now, with what is chosen."""
        from renomap.steps.group import group

        project = self._session.document.project or self._project
        options = self.options()
        self.found = None
        self._told.setText("")
        self._await_run()
        self._show_running(True)
        self._job = self._session.runner.start(
            "job.group", lambda feedback: group(project, options, feedback), self._on_found,
            failed=self._on_failed, key="group",
        )  # fmt: skip
        self._job.progressed.connect(self._on_progressed)
        self._job.partly_done.connect(self._on_partial)

    def done(self, result: int) -> None:
        """Close; a run that goes on is stopped, the map is as it was."""
        for job in self._session.runner.jobs:
            if job is self._job or job.key in ("gaps", "links"):
                job.cancel()
        if self._view is not None:
            self._view.clear()
        self._session.runner.ended.disconnect(self._on_ended)
        if result != QDialog.DialogCode.Accepted:
            self.found = None
        super().done(result)

    def _lay_out(self) -> None:
        say = self._session.speech
        self.tabs = QTabWidget(documentMode=True)
        for page, code in (
            (self.demands, "demands"),
            (self._gap_page(), "gap-page"),
            (self.weights_page, "weights"),
        ):
            scroll = QScrollArea(widgetResizable=True)
            scroll.setWidget(page)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            # Nothing scrolls sideways, so that the page must have its width, in any language.
            bar = scroll.verticalScrollBar().sizeHint().width()
            scroll.setMinimumWidth(page.minimumSizeHint().width() + bar)
            self.tabs.addTab(scroll, say(f"window.group.{code}"))
        self.tabs.tabBar().setAccessibleName(say("window.group.title"))
        running = QHBoxLayout()
        running.addWidget(self._run)
        running.addWidget(self._bar, 1)
        running.addWidget(self._stop)
        whole = QVBoxLayout(self)
        whole.addWidget(self.tabs, 1)
        whole.addLayout(running)
        whole.addWidget(self._told)
        whole.addWidget(self._buttons)

    def _gap_page(self) -> QWidget:
        say = self._session.speech
        page = QWidget()
        form = QFormLayout()
        form.addRow(say("window.group.gap"), self.gap)
        heading = QLabel(say("window.group.chart"), wordWrap=True)
        column = QVBoxLayout(page)
        column.addLayout(form)
        column.addWidget(heading)
        column.addWidget(self.chart, 1)
        column.addWidget(self.links)
        column.addWidget(self._counted)
        return page

    def _connect(self) -> None:
        session = self._session
        self.demands.preset_chosen.connect(self._on_preset)
        self.demands.refused.connect(self._told.setText)
        self.gap.valueChanged.connect(self.chart.set_gap)
        self.gap.valueChanged.connect(lambda _: self._soon.start())
        self.chart.chosen.connect(self.gap.setValue)
        self.links.toggled.connect(lambda _: self._find_links())
        self._soon.timeout.connect(self._find_links)
        self._run.clicked.connect(self.run)
        self._stop.clicked.connect(self._on_stop)
        session.runner.ended.connect(self._on_ended)
        session.document.replaced.connect(self.reject)

    def _on_preset(self) -> None:
        preset = self.demands.chosen[1]
        self.gap.setValue(preset.gap_m)
        self.weights_page.set_preset(preset)

    def _recall(self) -> None:
        """Begin with what made the active scheme, so that one thing can be changed and the rest stays."""
        scheme = self._project.scheme
        settings = BY_HAND if scheme is None else scheme.settings
        if settings.result is None or settings.preset != self._project.preset or settings.gap_m is None:
            return
        self.demands.recall(settings)
        self.gap.setValue(settings.gap_m)
        if settings.weights != dict(self.demands.chosen[1].weights):
            self.weights_page.recall(settings.weights)

    def _count_gaps(self) -> None:
        project = self._project

        def work(feedback: Feedback) -> pd.DataFrame:
            from renomap.ground.gaps import gap_chart
            from renomap.steps.frames import neighbourhood_frame
            from renomap.steps.groundwork import collect_ground

            return gap_chart(
                neighbourhood_frame(project).geometry, collect_ground(project), feedback=feedback
            )

        self._session.runner.start("job.gaps", work, self.chart.set_rows, key="gaps")

    def _find_links(self) -> None:
        """Who is whose neighbour at the chosen gap, drawn on the map."""
        if self._view is None or not self.links.isChecked():
            self._counted.setText("")
            if self._view is not None:
                self._view.hide_links()
            return
        project, gap = self._session.document.project or self._project, self.gap.value()
        preset = self.demands.chosen[1]

        def work(feedback: Feedback) -> Links:
            from renomap.steps.groundwork import lay_ground

            overrides = project.scheme.overrides if project.scheme is not None else None
            return lay_ground(project, preset, GroupSettings(gap_m=gap), feedback, overrides).links

        self._session.runner.start("job.links", work, self._on_links, key="links")

    def _on_links(self, links: Links) -> None:
        plan = self._session.planner.plan
        if self._view is not None and plan is not None and self.links.isChecked():
            self._view.show_links(links, plan)
            self._counted.setText(self._session.speech("window.group.links-counted", count=len(links)))

    def _on_stop(self) -> None:
        """Enough: what there is by now is the result."""
        if self._job is not None:
            self._job.finish()
            self._stop.setEnabled(False)
            self._told.setText(self._session.speech("window.group.stopping"))

    def _on_progressed(self, part: float, code: str) -> None:
        self._bar.setValue(round(100 * part))
        if self.found is None and self._job is not None and not self._job.ending:
            self._told.setText(self._session.speech(code))

    def _on_partial(self, partial: Any) -> None:
        plan = self._session.planner.plan
        if self._view is not None and plan is not None and isinstance(partial, Partial) and self._job:
            self._view.show_partial(partial, plan)

    def _on_ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._show_running(False)
            # Where a result follows, it says more.
            self._told.setText(self._session.speech("window.group.stopped") if job.ending else "")

    def _on_found(self, found: Grouping) -> None:
        self.found = found
        plan = self._session.planner.plan
        if self._view is not None and plan is not None:
            self._view.show_scheme(found.scheme, plan)
        self._accept.setEnabled(True)
        self._accept.setDefault(True)
        self._accept.setFocus()
        self._told.setText(self._summary(found))

    def _on_failed(self, fault: Exception) -> None:
        if self._view is not None:
            self._view.clear()
        if not isinstance(fault, RenomapError):
            raise fault
        self._told.setText(self._session.speech.error(fault))

    def _summary(self, found: Grouping) -> str:
        say, result = self._session.speech, found.result
        figures: dict[str, Any] = {
            "areas": len(found.scheme.areas),
            "sizes": sizes_text(found.scheme.areas["size_flag"], say.words),
            "members": int((found.scheme.assignment > 0).sum()),
            "objective": f"{result.objective:.3f}",
        }
        return say("window.group.result", **figures) + proof_text(result, say.words)

    def _await_run(self) -> None:
        """There is no result to take: what Enter does, and what is blue, is to run."""
        self._accept.setEnabled(False)
        self._accept.setDefault(False)
        self._run.setDefault(True)

    def _show_running(self, running: bool) -> None:
        self._bar.setVisible(running)
        self._bar.setValue(0)
        self._stop.setVisible(running)
        self._stop.setEnabled(True)
        self._run.setEnabled(not running)

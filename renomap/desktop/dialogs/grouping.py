"""The dialog of grouping: what the planner may choose, the chart of the gap, a run that can be stopped."""

from __future__ import annotations

from typing import Any

import pandas as pd
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.gapchart import GapChart
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.outputs.findings import titled
from renomap.session.jobs import Job
from renomap.session.session import Session
from renomap.steps.group import Grouping
from renomap.steps.options import GroupOptions

COUNTS = ("auto", "most", "fewest", "exact")
BOUNDS = ("households_min", "households_max", "count_min", "count_max", "area_ha_max", "walk_m_max")
_UNSET = -1.0


class GroupingDialog(QDialog):
    """Choices on the left, the chart on the right; ``found`` is the grouping that was accepted, or None."""

    def __init__(self, session: Session, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        from renomap.deficits import presets

        self._session = session
        self._project = project
        self._presets: list[Preset] = [presets.load(name) for name in presets.available()]
        self._job: Job | None = None
        self.found: Grouping | None = None
        say = session.speech
        self.setWindowTitle(say("window.group.title"))
        self.resize(860, 480)
        self.preset = QComboBox()
        for item in self._presets:
            self.preset.addItem(titled(item, say.words), item.key)
        self.preset.setCurrentIndex(max(0, self.preset.findData(project.preset)))
        self.count = QComboBox()
        for code in COUNTS:
            self.count.addItem(say(f"window.group.count-{code}"), code)
        self.exact = QSpinBox(minimum=1, maximum=5000, value=12)
        self.within = QComboBox()
        for name, spec in (("default", None), ("none", "none"), ("community", "community")):
            self.within.addItem(say(f"window.group.within-{name}"), spec)
        self.gap = QDoubleSpinBox(minimum=0, maximum=500, decimals=0, suffix=" m")
        self.bounds = {name: self._bound_field() for name in BOUNDS}
        self.chart = GapChart(say)
        self._told = QLabel(wordWrap=True)
        self._bar = QProgressBar(textVisible=False, maximum=100)
        self._run, self._stop = QPushButton(say("window.group.run")), QPushButton(say("window.stop"))
        self._run.setProperty("primary", True)
        self._buttons = QDialogButtonBox()
        self._accept = self._buttons.addButton(
            say("window.group.accept"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._cancel = self._buttons.addButton(say("window.cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._lay_out()
        self._connect()
        self._on_preset()
        self._show_running(False)
        self._accept.setEnabled(False)
        self._count_gaps()

    def options(self) -> GroupOptions:
        """What is chosen now."""
        count = self.count.currentData()
        given = {name: field.value() for name, field in self.bounds.items() if field.value() > _UNSET}
        preset = self._preset()
        return GroupOptions(
            preset=preset.key,
            areas=self.exact.value() if count == "exact" else count,
            bounds={
                name: value
                for name, value in given.items()
                if name not in preset.bounds or value != preset.bounds[name].value
            },
            gap_m=self.gap.value(),
            within=self.within.currentData(),
        )

    def done(self, result: int) -> None:
        """Close; a run that goes on is stopped."""
        if self._job is not None:
            self._job.cancel()
        if result != QDialog.DialogCode.Accepted:
            self.found = None
        super().done(result)

    def _lay_out(self) -> None:
        say = self._session.speech
        form = QFormLayout(labelAlignment=Qt.AlignmentFlag.AlignRight)
        form.addRow(say("window.group.preset"), self.preset)
        counts = QHBoxLayout()
        counts.addWidget(self.count, 1)
        counts.addWidget(self.exact)
        form.addRow(say("window.group.count"), counts)
        form.addRow(say("window.group.within"), self.within)
        form.addRow(say("window.group.gap"), self.gap)
        self.exact.setAccessibleName(say("window.group.count-exact"))
        self.count.setAccessibleName(say("window.group.count"))
        limits = QGroupBox(say("window.group.bounds"))
        limit_form = QFormLayout(limits, labelAlignment=Qt.AlignmentFlag.AlignRight)
        for name, field in self.bounds.items():
            limit_form.addRow(say(f"window.group.{name}"), field)
        left = QVBoxLayout()
        left.addLayout(form)
        left.addWidget(limits)
        left.addStretch()
        inner = QWidget()
        inner.setLayout(left)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(inner)
        scroll.setMinimumWidth(380)
        right = QVBoxLayout()
        heading = QLabel(say("window.group.chart"), wordWrap=True)
        heading.setProperty("role", "heading")
        right.addWidget(heading)
        right.addWidget(self.chart, 1)
        right.addWidget(self._told)
        running = QHBoxLayout()
        running.addWidget(self._run)
        running.addWidget(self._bar, 1)
        running.addWidget(self._stop)
        right.addLayout(running)
        columns = QHBoxLayout()
        columns.addWidget(scroll, 5)
        columns.addLayout(right, 6)
        whole = QVBoxLayout(self)
        whole.addLayout(columns, 1)
        whole.addWidget(self._buttons)

    def _connect(self) -> None:
        self.preset.currentIndexChanged.connect(lambda _: self._on_preset())
        self.count.currentIndexChanged.connect(lambda _: self._show_exact())
        self.gap.valueChanged.connect(self.chart.set_gap)
        self.chart.chosen.connect(self.gap.setValue)
        self._run.clicked.connect(self.run)
        self._stop.clicked.connect(lambda: self._job.cancel() if self._job is not None else None)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def _bound_field(self) -> QDoubleSpinBox:
        field = QDoubleSpinBox(minimum=_UNSET, maximum=1e7, decimals=0)
        field.setSpecialValueText(self._session.speech("window.group.no-bound"))
        return field

    def _preset(self) -> Preset:
        return self._presets[self.preset.currentIndex()]

    def _on_preset(self) -> None:
        preset = self._preset()
        self.gap.setValue(preset.gap_m)
        for name, field in self.bounds.items():
            bound = preset.bounds.get(name)
            field.setValue(_UNSET if bound is None else bound.value)
            field.setToolTip("" if bound is None else bound.source)
        self._show_exact()

    def _show_exact(self) -> None:
        self.exact.setVisible(self.count.currentData() == "exact")

    def _count_gaps(self) -> None:
        project = self._project

        def work(feedback: Feedback) -> pd.DataFrame:
            from renomap.grouping.gaps import gap_chart
            from renomap.steps.frames import neighbourhood_frame
            from renomap.steps.groundwork import collect_ground

            return gap_chart(
                neighbourhood_frame(project).geometry, collect_ground(project), feedback=feedback
            )

        self._session.runner.start("job.gaps", work, self.chart.set_rows, key="gaps")

    def run(self) -> None:
        """Group with what is chosen."""
        from renomap.steps.group import group

        options, project = self.options(), self._project
        self._told.setText("")
        self._accept.setEnabled(False)
        self._show_running(True)
        job = self._session.runner.start(
            "job.group", lambda feedback: group(project, options, feedback), self._on_found,
            failed=self._on_failed, key="group",
        )  # fmt: skip
        self._job = job
        job.progressed.connect(lambda fraction, _: self._bar.setValue(round(100 * fraction)))
        self._session.runner.ended.connect(self._on_ended)

    def _on_ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._session.runner.ended.disconnect(self._on_ended)
            self._show_running(False)

    def _on_found(self, found: Grouping) -> None:
        self.found = found
        self._accept.setEnabled(True)
        self._accept.setFocus()
        self._told.setText(self._summary(found))

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, RenomapError):
            raise fault
        self._told.setText(self._session.speech.error(fault))

    def _summary(self, found: Grouping) -> str:
        say, result = self._session.speech, found.result
        figures: dict[str, Any] = {
            "areas": len(found.scheme.areas),
            "members": int((found.scheme.assignment > 0).sum()),
            "objective": f"{result.objective:.3f}",
        }
        proof = say(f"window.group.proof-{result.proof}", gap=f"{100 * (result.gap or 0):.1f}")
        return say("window.group.result", **figures) + proof

    def _show_running(self, running: bool) -> None:
        self._bar.setVisible(running)
        self._bar.setValue(0)
        self._stop.setVisible(running)
        self._run.setEnabled(not running)

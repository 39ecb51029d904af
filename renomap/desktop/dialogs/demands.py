"""Demands on a grouping: by which preset, what of the plan it may change, how many areas of what size."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from renomap.deficits import presets
from renomap.errors import RenomapError
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.model.settings import GroupSettings
from renomap.session.session import Session
from renomap.steps.options import EVERYTHING, SELECTED, UNASSIGNED_ONLY
from renomap.wording.names import titled

COUNTS: Final = ("auto", "most", "fewest", "exact")
SCOPES: Final = (None, SELECTED, UNASSIGNED_ONLY, EVERYTHING)
NESTS: Final = (("default", None), ("none", "none"), ("community", "community"))
BOUNDS: Final = (
    ("households_min", "households_max"),
    ("count_min", "count_max"),
    ("area_ha_max",),
    ("walk_m_max",),
)
TARGETS: Final = ("households", "count")
_UNSET: Final = -1.0
_LONGEST_S: Final = 3600


class DemandsPage(QWidget):
    """What the planner may ask for; ``preset_chosen`` tells of another preset."""

    preset_chosen = Signal()
    refused = Signal(str)

    def __init__(self, session: Session, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        say = session.speech
        self.preset, self.scope, self.count, self.within = (QComboBox() for _ in range(4))
        self.exact = QSpinBox(minimum=1, maximum=5000, value=12)
        self.targets = {name: self._number_field(f"target-{name}") for name in TARGETS}
        self.foreseen = QLabel(wordWrap=True)
        self.foreseen.setProperty("role", "faint")
        self.bounds = {name: self._number_field(name) for pair in BOUNDS for name in pair}
        self.seconds = QSpinBox(minimum=0, maximum=_LONGEST_S)
        self.seconds.setSuffix(say("window.group.seconds"))
        self.seconds.setSpecialValueText(say("window.group.no-limit"))
        self.onward = QCheckBox(say("window.group.onward"))
        self.onward.setToolTip(say("window.group.onward-tip"))
        self._project = project
        self._presets: dict[str, Preset] = {name: presets.load(name) for name in presets.available()}
        if project.preset not in self._presets:
            self._presets[project.preset] = presets.load(project.preset)
        self._last = 0
        self._fill()
        self._list_presets(project.preset)
        self._lay_out()
        self.preset.activated.connect(self._on_preset)
        self.count.currentIndexChanged.connect(lambda _: self._show_exact())
        for field in (*self.targets.values(), *self.bounds.values()):
            field.valueChanged.connect(lambda _: self.say_foreseen())
        self.within.currentIndexChanged.connect(lambda _: self.say_foreseen())
        session.document.selected.connect(self.say_scope)
        self._show_exact()
        self.say_scope()

    @property
    def chosen(self) -> tuple[str, Preset]:
        """What a project keeps of the preset (its name, or the text of the user's own), and the preset."""
        key = self.preset.currentData()
        return key, self._presets[key]

    @property
    def areas(self) -> int | str:
        """How many areas."""
        count: str = self.count.currentData()
        return self.exact.value() if count == "exact" else count

    @property
    def given_targets(self) -> dict[str, float]:
        """Wished sizes that differ from the preset's."""
        usual = {name: bound.value for name, bound in self.chosen[1].targets.items()}
        values = {name: field.value() for name, field in self.targets.items()}
        return {name: value for name, value in values.items() if value > 0 and value != usual.get(name)}

    @property
    def given_bounds(self) -> dict[str, float | None]:
        """Bounds that differ from the preset's; None = none although the preset has one."""
        usual = {name: bound.value for name, bound in self.chosen[1].bounds.items()}
        values = {
            name: None if field.value() == _UNSET else field.value() for name, field in self.bounds.items()
        }
        return {name: value for name, value in values.items() if value != usual.get(name)}

    @property
    def time_limit(self) -> float | None:
        """Seconds after which the best so far is taken; None = until there is nothing to gain."""
        return float(self.seconds.value()) or None

    def chosen_fids(self) -> tuple[int, ...]:
        """The neighbourhoods that are chosen on the map, those of the chosen area among them."""
        document = self._session.document
        fids = set(document.selection.fids)
        scheme = document.project.scheme if document.project is not None else None
        if scheme is not None and document.selection.area is not None:
            members = scheme.assignment[scheme.assignment == document.selection.area]
            fids |= {int(fid) for fid in members.index}
        return tuple(sorted(fids))

    def add_preset(self, path: Path) -> None:
        """Choose a preset from a file; ``refused`` says what is wrong with it."""
        try:
            key = presets.for_project(path)
            self._presets[key] = presets.load(key)
        except RenomapError as fault:
            self.refused.emit(self._session.speech.error(fault))
            return
        self._list_presets(key)
        self.show_preset()

    def show_preset(self) -> None:
        """Put the bounds of the preset into the fields."""
        preset = self.chosen[1]
        for name, field in self.bounds.items():
            bound = preset.bounds.get(name)
            field.setValue(_UNSET if bound is None else bound.value)
            field.setToolTip("" if bound is None else bound.source)
        for name, field in self.targets.items():
            target = preset.targets.get(name)
            field.setValue(_UNSET if target is None else target.value)
            field.setToolTip("" if target is None else target.source)
        self.say_foreseen()
        self.preset_chosen.emit()

    def recall(self, settings: GroupSettings) -> None:
        """Ask for the same again as the run that left these settings of a scheme."""
        areas = settings.areas
        self.count.setCurrentIndex(max(0, self.count.findData("exact" if isinstance(areas, int) else areas)))
        if isinstance(areas, int):
            self.exact.setValue(areas)
        for name, field in self.bounds.items():
            field.setValue(settings.bounds.get(name, _UNSET))
        for name, value in settings.targets.items():
            self.targets[name].setValue(value)
        nest = self.within.findData(settings.within)
        if nest > 0:  # what the preset says stands first
            self.within.setCurrentIndex(nest)

    def say_foreseen(self) -> None:
        """Say how many areas the targets ask for in these data, and near which number 'auto' begins."""
        from renomap.steps.foreseen import foreseen_count

        say, preset = self._session.speech, self.chosen[1]
        found = foreseen_count(
            self._project,
            preset,
            self.given_targets,
            self.given_bounds,
            within=self.within.currentData(),
            work=self._session.planner.work,
        )
        asked = [say(f"window.group.foreseen-{name}", count=count) for name, count in found.asked.items()]
        told = say(
            "window.group.foreseen", asked=say("window.group.foreseen-join").join(asked), taken=found.taken
        )
        self.foreseen.setText(told if asked else "")

    def say_scope(self) -> None:
        """Say how many neighbourhoods are chosen."""
        at = self.scope.findData(SELECTED)
        count = len(self.chosen_fids())
        self.scope.setItemText(at, self._session.speech("window.group.only-selected", count=count))

    def _list_presets(self, chosen: str) -> None:
        self.preset.clear()
        for key, preset in self._presets.items():
            self.preset.addItem(titled(preset, self._session.speech.words), key)
        self.preset.insertSeparator(self.preset.count())
        self.preset.addItem(self._session.speech("window.group.preset-file"), None)
        self.preset.setCurrentIndex(max(0, self.preset.findData(chosen)))
        self._last = self.preset.currentIndex()

    def _on_preset(self) -> None:
        if self.preset.currentData() is not None:
            self._last = self.preset.currentIndex()
            self.show_preset()
            return
        self.preset.setCurrentIndex(self._last)
        say, settings = self._session.speech, self._session.settings
        name, _ = QFileDialog.getOpenFileName(
            self, say("window.group.preset-file"), settings.folder, "TOML (*.toml)"
        )
        if name:
            self.add_preset(Path(name))

    def _number_field(self, name: str) -> QDoubleSpinBox:
        say = self._session.speech
        field = QDoubleSpinBox(minimum=_UNSET, maximum=1e7, decimals=0)
        field.setSpecialValueText(say("window.group.no-bound"))
        field.setAccessibleName(say(f"window.group.{name}"))
        return field

    def _fill(self) -> None:
        say = self._session.speech
        for code in COUNTS:
            self.count.addItem(say(f"window.group.count-{code}"), code)
        for name, spec in NESTS:
            self.within.addItem(say(f"window.group.within-{name}"), spec)
        for scope in SCOPES:
            self.scope.addItem(say(f"window.group.only-{scope or 'free'}"), scope)
        self.exact.setAccessibleName(say("window.group.count-exact"))
        self.count.setAccessibleName(say("window.group.count"))

    def _lay_out(self) -> None:
        say = self._session.speech
        form = QFormLayout(self, labelAlignment=Qt.AlignmentFlag.AlignRight)
        counts = QHBoxLayout()
        counts.addWidget(self.count, 1)
        counts.addWidget(self.exact)
        form.addRow(say("window.group.preset"), self.preset)
        form.addRow(say("window.group.only"), self.scope)
        form.addRow(say("window.group.count"), counts)
        wished = QHBoxLayout()
        for name in TARGETS:
            wished.addWidget(self.targets[name], 1)
            wished.addWidget(QLabel(say(f"window.group.unit-{name}")))
        form.addRow(say("window.group.targets"), wished)
        form.addRow("", self.foreseen)
        form.addRow(say("window.group.within"), self.within)
        for pair in BOUNDS:
            row = QHBoxLayout()
            for at, name in enumerate(pair):
                if at:
                    row.addWidget(QLabel("–"))
                row.addWidget(self.bounds[name], 1)
            form.addRow(say(f"window.group.limit-{pair[0].rpartition('_')[0]}"), row)
        form.addRow(say("window.group.time"), self.seconds)
        form.addRow("", self.onward)

    def _show_exact(self) -> None:
        exact, auto = (self.count.currentData() == name for name in ("exact", "auto"))
        self.exact.setVisible(exact)
        for field in self.targets.values():
            field.setEnabled(auto)
        self.foreseen.setVisible(auto)

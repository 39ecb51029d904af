"""Weights of the objective: a slider for each term, shown as the shares that they come to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from renomap.grouping.problem import DEFAULT_WEIGHTS
from renomap.model.preset import Preset
from renomap.model.problem import TERMS
from renomap.session.speech import Speech

_MOST = 40
_PER_CENT = 100.0


class WeightsPage(QWidget):
    """What the search is to care for. Whatever the sliders say is rescaled to 100 %."""

    def __init__(self, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self._usual: Mapping[str, int] = {}
        self.sliders = {term: QSlider(Qt.Orientation.Horizontal) for term in TERMS}
        self._shares = {term: QLabel(alignment=Qt.AlignmentFlag.AlignRight) for term in TERMS}
        self.reset_button = QPushButton(speech("window.group.weights-reset"), autoDefault=False)
        told = QLabel(speech("window.group.weights-about"), wordWrap=True)
        told.setProperty("role", "faint")
        rows = QGridLayout()
        rows.setColumnStretch(1, 1)
        for at, term in enumerate(TERMS):
            slider, label = self.sliders[term], QLabel(speech(f"grouping.term.{term}"))
            label.setToolTip(speech(f"window.group.weight-{term}"))
            label.setBuddy(slider)
            slider.setToolTip(label.toolTip())
            slider.setAccessibleName(label.text())
            slider.setMaximum(_MOST)
            slider.setPageStep(5)
            self._shares[term].setMinimumWidth(46)
            for place, widget in enumerate((label, slider, self._shares[term])):
                rows.addWidget(widget, at, place)
            slider.valueChanged.connect(lambda _: self._show_shares())
        column = QVBoxLayout(self)
        column.addWidget(told)
        column.addLayout(rows)
        column.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        self.reset_button.clicked.connect(self.reset)

    def set_preset(self, preset: Preset) -> None:
        """Begin with the weights of a preset."""
        weights = {**DEFAULT_WEIGHTS, **preset.weights}
        self._usual = {term: round(_PER_CENT * weights.get(term, 0.0)) for term in TERMS}
        self.reset()

    def recall(self, weights: Mapping[str, float]) -> None:
        """Put the sliders where a former run had them; only their shares matter."""
        most = max(weights.values(), default=0.0)
        if most <= 0:
            return
        factor = min(_PER_CENT, _MOST / most)
        for term, slider in self.sliders.items():
            slider.setValue(round(factor * weights.get(term, 0.0)))

    def reset(self) -> None:
        """Put every slider where the preset has it."""
        for term, slider in self.sliders.items():
            slider.setValue(self._usual.get(term, 0))
        self._show_shares()

    @property
    def weights(self) -> dict[str, float]:
        """What differs from the preset, summing to 1 with the rest; nothing where nothing differs."""
        chosen = {term: slider.value() for term, slider in self.sliders.items()}
        if chosen == self._usual or not any(chosen.values()):
            return {}
        total = sum(chosen.values())
        return {term: value / total for term, value in chosen.items()}

    def _show_shares(self) -> None:
        total = sum(slider.value() for slider in self.sliders.values())
        for term, slider in self.sliders.items():
            share = _PER_CENT * slider.value() / total if total else 0.0
            self._shares[term].setText(f"{share:.0f} %" if total else "—")
        self.reset_button.setEnabled(
            any(slider.value() != self._usual.get(term, 0) for term, slider in self.sliders.items())
        )

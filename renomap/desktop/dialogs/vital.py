"""What will not be possible with the data of an import, said before it is taken, each with its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from renomap.model.note import LEAVE_OUT, Guess, GuessKind, Note
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.session.speech import Speech
from renomap.sources.options import ImportOptions
from renomap.steps.completeness import VITAL, Blank, blanks
from renomap.steps.plan import active_standard

#: What the box begins with; nobody has verified it, whoever presses the button answers for it.
_STOREYS: Final = 6
#: Characters of a column and its samples in a list; the whole of it is the tip.
_LONGEST: Final = 20
#: What the style sheet leaves beside the words of a list, of which its own width knows nothing.
_PADDING_PX: Final = 12
_MOST_M2, _MOST_STOREYS = 500, 60
_Guesses = Sequence[tuple[Guess, Note | None]]


class VitalStrip(QFrame):
    """A line for each vital column that is not filled in: what it prevents, and the column that it may be.

    ``chosen`` gives a guess and what its column is said to mean; ``assumed`` floor area per household (m2)
    and storeys, both 0 where the assumption is taken back.
    """

    chosen = Signal(object, str)
    assumed = Signal(int, int)

    def __init__(self, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self.boxes: dict[str, QComboBox] = {}
        self._said: list[str] = []
        self._lines = QGridLayout()
        self._lines.setColumnStretch(0, 1)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self.m2 = _spin(ImportOptions.m2_per_household, _MOST_M2, " m²", speech("window.vital.m2"))
        suffix = speech("window.vital.storeys-unit")
        self.storeys = _spin(_STOREYS, _MOST_STOREYS, suffix, speech("window.vital.storeys"))
        self.estimate = QPushButton(autoDefault=False)
        self.estimate.clicked.connect(self._on_estimate)
        self._row = QWidget()
        self._told = QLabel(wordWrap=True)
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._told, 1)
        for label, spin in (("m2", self.m2), ("storeys", self.storeys)):
            row.addWidget(QLabel(speech(f"window.vital.{label}")))
            row.addWidget(spin)
        row.addWidget(self.estimate)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addLayout(self._lines, 0, 0)
        layout.addWidget(self._row, 1, 0)
        self._options = ImportOptions()
        self.hide()

    def show_for(self, project: Project | None, guesses: _Guesses, options: ImportOptions) -> None:
        """Say what this project lacks; hidden where nothing vital is blank and nothing was assumed."""
        self._options = options
        found = (
            []
            if project is None
            else [each for each in blanks(project, active_standard(project)) if each.field in VITAL]
        )
        self._clear()
        self._said = []
        for blank in found:
            self._add(blank, guesses)
        is_assumed = options.storeys is not None
        has_buildings = project is not None and bool(project.layers_of(Role.BUILDINGS))
        lacks = any(blank.field == "households" for blank in found)
        self._row.setVisible(has_buildings and (lacks or is_assumed))
        code = "assumed" if is_assumed else "assume"
        self._told.setText(self._speech(f"window.vital.{code}"))
        self.estimate.setText(
            self._speech("window.vital.withdraw" if is_assumed else "window.vital.estimate")
        )
        for spin in (self.m2, self.storeys):
            spin.setEnabled(not is_assumed)
        self.setVisible(bool(found) or (has_buildings and is_assumed))

    @property
    def text(self) -> str:
        """What the lines say."""
        return "\n".join(self._said)

    def _add(self, blank: Blank, guesses: _Guesses) -> None:
        say, row = self._speech, self._lines.rowCount()
        code = f"window.vital.{blank.field}"
        label = QLabel(say(code, count=len(blank.fids), of=blank.of), wordWrap=True)
        label.setProperty("role", "warning")
        self._said.append(label.text())
        self._lines.addWidget(label, row, 0)
        columns = [guess for guess, _ in guesses if _may_mean(guess, blank.field)]
        if not columns:
            return
        box = self.boxes[blank.field] = QComboBox()
        box.addItem(say("window.vital.choose", field=say(f"field.{blank.field}")))
        for guess in columns:
            samples = say.words["list.between"].join(guess.samples)
            code = "window.vital.column" if samples else "window.vital.column-empty"
            text = say(code, column=guess.column, samples=samples)
            box.addItem(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…", guess)
            box.setItemData(box.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
        box.setAccessibleName(box.itemText(0))
        box.setMinimumWidth(box.sizeHint().width() + _PADDING_PX)
        box.activated.connect(lambda at, field=blank.field, box=box: self._on_chosen(box, at, field))
        self._lines.addWidget(box, row, 1, Qt.AlignmentFlag.AlignTop)

    def _on_chosen(self, box: QComboBox, at: int, field: str) -> None:
        if at > 0:
            self.chosen.emit(box.itemData(at), field)

    def _on_estimate(self) -> None:
        withdraw = self._options.storeys is not None
        self.assumed.emit(0 if withdraw else self.m2.value(), 0 if withdraw else self.storeys.value())

    def _clear(self) -> None:
        self.boxes = {}
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()


def _may_mean(guess: Guess, field: str) -> bool:
    """Whether a column stands unread that a user can say is this one."""
    return guess.kind is GuessKind.FIELD and guess.chosen == LEAVE_OUT and field in guess.alternatives


def _spin(value: float, most: int, suffix: str, name: str) -> QSpinBox:
    spin = QSpinBox(minimum=1, maximum=most, value=round(value), suffix=suffix)
    spin.setAccessibleName(name)
    return spin

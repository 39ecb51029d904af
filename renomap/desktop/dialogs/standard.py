"""The standard and what the meeting sets in it: numbers that a standard leaves open are settled here."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from renomap.deficits import standards
from renomap.deficits.meeting import COMPLETE, RESIDENTS, SURVEY
from renomap.deficits.rules import BASES, PLACES, POPULATION_MIN
from renomap.desktop.dialogs.answers import answer_box
from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.model.reach import DISTANCE, WALKING, reach_of
from renomap.model.standard import PROGRAMME_VALUES, REACH, Facility, Standard
from renomap.session.session import Session
from renomap.steps.judge import settled
from renomap.tables import NONE_WORD
from renomap.wording.names import facility_name, titled, unit_name

#: Numbers of a facility that a meeting may set, beside its rate.
NUMBERS: Final = ("min_size", "radius_m", POPULATION_MIN)
_NONE_WORDS: Final = ("无", "none", "-", "—")


class StandardDialog(QDialog):
    """Facilities on the left, the numbers of the chosen one on the right; accepting is one undoable step.

    An empty field means the standard's own number, which stands in it in grey.
    """

    def __init__(self, session: Session, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._project = project
        say = session.speech
        self.setWindowTitle(say("window.standard.title"))
        self._key = project.standard
        self._standard: Standard = standards.load(project.standard)
        self.values = {(item.facility, item.key): item.value for item in project.meeting}
        self.standard = QComboBox()
        self.by = QLineEdit(session.settings.meeting_by)
        self.by.setPlaceholderText(say("window.standard.by-example"))
        self.facilities = QListWidget()
        self.facilities.setAccessibleName(say("window.standard.facilities"))
        self.rate, self.per, self.base = QLineEdit(), QLineEdit(), QComboBox()
        self.fields = {name: QLineEdit() for name in NUMBERS}
        self.complete = QCheckBox(say("window.standard.complete"))
        self.everybody = QCheckBox(say("window.standard.residents"))
        self.everybody.setChecked((SURVEY, RESIDENTS) in self.values)
        self.walking = QCheckBox(say("window.standard.walking"))
        self.walking.setToolTip(say("outputs.reach.set-walking"))
        self.walking.setChecked(reach_of(project.meeting) == WALKING)
        self._source, self._told = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._source.setProperty("role", "faint")
        self.reset_button = QPushButton(say("window.standard.reset"), autoDefault=False)
        self._list_standards()
        self._lay_out()
        self._connect()
        self._list_facilities()
        self.resize(780, 430)

    @property
    def facility(self) -> Facility:
        """The facility that is chosen on the left."""
        return self._standard.facilities[max(self.facilities.currentRow(), 0)]

    def add_standard(self, path: Path) -> None:
        """Judge by a standard from a file, or say what is wrong with it."""
        try:
            key = standards.for_project(path)
            standard = standards.load(key)
        except RenomapError as fault:
            self._told.setText(self._session.speech.error(fault))
            return
        self.standard.insertItem(0, titled(standard, self._session.speech.words), key)
        self.standard.setCurrentIndex(0)
        self._use(key)

    def accept(self) -> None:
        """Apply as one step; what does not fit is told and nothing changes."""
        project = self._session.document.project
        if project is None:
            return
        by = self.by.text().strip()
        try:
            who = by or self._session.speech("window.standard.by")
            after = settled(project, self._key, self.values, by=who)
            self._session.document.apply_project(after, "change.standard")
        except RenomapError as fault:
            self._told.setText(self._session.speech.error(fault))
            return
        self._session.settings.meeting_by = by
        super().accept()

    def _list_standards(self) -> None:
        words = self._session.speech.words
        keys = list(standards.available())
        if self._key not in keys:
            keys.insert(0, self._key)
        for key in keys:
            self.standard.addItem(titled(standards.load(key), words), key)
        self.standard.insertSeparator(self.standard.count())
        self.standard.addItem(self._session.speech("window.standard.file"), None)
        self.standard.setCurrentIndex(self.standard.findData(self._key))

    def _on_standard(self) -> None:
        key = self.standard.currentData()
        if key is not None:
            self._use(key)
            return
        self.standard.setCurrentIndex(self.standard.findData(self._key))
        say, settings = self._session.speech, self._session.settings
        title = say("window.standard.file")
        name, _ = QFileDialog.getOpenFileName(self, title, settings.folder, "TOML (*.toml)")
        if name:
            self.add_standard(Path(name))

    def _use(self, key: str) -> None:
        self._key, self._standard = key, standards.load(key)
        known = {facility.key for facility in self._standard.facilities} | {SURVEY, *PROGRAMME_VALUES}
        gone = [place for place in self.values if place[0] not in known]
        for place in gone:
            del self.values[place]
        self._told.setText(self._session.speech("window.standard.gone", count=len(gone)) if gone else "")
        self._list_facilities()

    def _list_facilities(self) -> None:
        self.facilities.clear()
        for facility in self._standard.facilities:
            self.facilities.addItem(QListWidgetItem(self._line(facility)))
        self.facilities.setCurrentRow(0)

    def _line(self, facility: Facility) -> str:
        say = self._session.speech
        name = facility_name(facility, say.words)
        if any(place[0] == facility.key for place in self.values):
            return say("window.standard.line-set", name=name)
        unset = facility.rate is None and facility.min_size is None
        return say("window.standard.line-open", name=name) if unset else name

    def _show(self) -> None:
        """Put the numbers of the chosen facility into the fields."""
        facility, say = self.facility, self._session.speech
        unit = unit_name(facility, say.words)
        self._group.setTitle(f"{facility_name(facility, say.words)} ({unit})")
        given = self.values.get((facility.key, "rate"), "")
        number, _, rest = given.partition("/")
        per = "".join(sign for sign in rest if sign.isdigit() or sign == ".")
        base = rest[len(per) :].strip() or facility.base
        whole = facility.base in PLACES
        bases = (facility.base,) if whole else tuple(name for name in BASES if name not in PLACES)
        fields: list[tuple[QLineEdit, str, float | None]] = [
            (self.rate, number, facility.rate),
            (self.per, per, facility.rate_per),
            *((field, self._given(name), _own(facility, name)) for name, field in self.fields.items()),
        ]
        for field, text, own in fields:
            field.blockSignals(True)
            field.setText(text)
            code = "window.standard.none" if own is None else "window.standard.own"
            field.setPlaceholderText(say(code, value="" if own is None else f"{own:g}"))
            field.blockSignals(False)
        self.per.setPlaceholderText(f"{facility.rate_per:g}")
        self.base.blockSignals(True)
        self.base.clear()
        for name in bases:
            self.base.addItem(say.words.get(f"outputs.base.{name}", name), name)
        self.base.setCurrentIndex(max(0, self.base.findData(base)))
        self.base.blockSignals(False)
        self.complete.blockSignals(True)
        self.complete.setChecked((facility.key, SURVEY) in self.values)
        self.complete.blockSignals(False)
        status = say.words.get(f"status.{facility.status}", str(facility.status))
        clause = " ".join(part for part in (facility.source, facility.clause) if part)
        self._source.setText(say("window.standard.source", source=clause, status=status))
        self._show_reset()

    def _given(self, key: str) -> str:
        text = self.values.get((self.facility.key, key), "")
        return self._session.speech("window.standard.none-word") if text == NONE_WORD else text

    def _take(self) -> None:
        """Keep what is in the fields as values of the meeting."""
        facility = self.facility
        rate = self.rate.text().strip()
        # An empty field is the standard's own number, as it stands in grey.
        per = self.per.text().strip() or f"{facility.rate_per:g}"
        per = "" if per == "1" else per
        self._put("rate", f"{rate}/{per}{self.base.currentData()}" if rate else "")
        for name, field in self.fields.items():
            text = field.text().strip()
            self._put(name, NONE_WORD if text in _NONE_WORDS else text)
        self._put(SURVEY, COMPLETE if self.complete.isChecked() else "")
        item = self.facilities.currentItem()
        if item is not None:
            item.setText(self._line(facility))
        self._show_reset()

    def _on_everybody(self, checked: bool) -> None:
        """Declare that the survey holds all residents of its communities, or take it back."""
        if checked:
            self.values[SURVEY, RESIDENTS] = COMPLETE
        else:
            self.values.pop((SURVEY, RESIDENTS), None)

    def _on_walking(self, checked: bool) -> None:
        """Measure radii along the roads, or in straight lines."""
        if checked:
            self.values[REACH, DISTANCE] = WALKING
        else:
            self.values.pop((REACH, DISTANCE), None)

    def _put(self, key: str, text: str) -> None:
        if text:
            self.values[self.facility.key, key] = text
        else:
            self.values.pop((self.facility.key, key), None)

    def _reset(self) -> None:
        """Back to the standard's own numbers for the chosen facility."""
        for place in [place for place in self.values if place[0] == self.facility.key]:
            del self.values[place]
        item = self.facilities.currentItem()
        if item is not None:
            item.setText(self._line(self.facility))
        self._show()

    def _show_reset(self) -> None:
        self.reset_button.setEnabled(any(place[0] == self.facility.key for place in self.values))

    def _lay_out(self) -> None:
        say = self._session.speech
        above = QFormLayout(labelAlignment=Qt.AlignmentFlag.AlignRight)
        above.setVerticalSpacing(4)
        above.addRow(say("window.standard.label"), self.standard)
        above.addRow(say("window.standard.set-by"), self.by)
        above.addRow("", self.everybody)
        above.addRow("", self.walking)
        self._group = QGroupBox()
        rows = QFormLayout(self._group, labelAlignment=Qt.AlignmentFlag.AlignRight)
        rate = QHBoxLayout()
        rate.addWidget(self.rate, 3)
        rate.addWidget(QLabel(say("window.standard.per")))
        rate.addWidget(self.per, 2)
        rate.addWidget(self.base, 2)
        self.per.setAccessibleName(say("window.standard.per"))
        self.base.setAccessibleName(say("window.standard.base"))
        self.rate.setAccessibleName(say("window.standard.rate"))
        rows.addRow(say("window.standard.rate"), rate)
        for name, field in self.fields.items():
            rows.addRow(say(f"window.standard.{name}"), field)
        rows.addRow("", self.complete)
        right = QVBoxLayout()
        right.addWidget(self._group)
        self._source.setMinimumHeight(self._source.fontMetrics().lineSpacing() * 3)
        right.addWidget(self._source)
        right.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignRight)
        right.addStretch()
        columns = QHBoxLayout()
        self.facilities.setMinimumWidth(230)
        self.facilities.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.facilities.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        columns.addWidget(self.facilities, 4)
        columns.addLayout(right, 7)
        buttons, _ = answer_box(self, say("window.apply"), say("window.cancel"))
        whole = QVBoxLayout(self)
        whole.addLayout(above)
        whole.addLayout(columns, 1)
        whole.addWidget(self._told)
        whole.addWidget(buttons)

    def _connect(self) -> None:
        self.standard.activated.connect(lambda _: self._on_standard())
        self.facilities.currentRowChanged.connect(lambda row: self._show() if row >= 0 else None)
        for field in (self.rate, self.per, *self.fields.values()):
            field.textEdited.connect(lambda _: self._take())
        self.base.activated.connect(lambda _: self._take())
        self.complete.toggled.connect(lambda _: self._take())
        self.everybody.toggled.connect(self._on_everybody)
        self.walking.toggled.connect(self._on_walking)
        self.reset_button.clicked.connect(self._reset)


def _own(facility: Facility, key: str) -> float | None:
    """The standard's own number."""
    if key == "min_size":
        return facility.min_size
    return facility.radius_m if key == "radius_m" else facility.trigger.get(key)

"""Page and title block: what is written on every sheet of the project, and on what paper."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.dialogs.answers import answer_box
from renomap.desktop.dialogs.scalechoice import ScaleChoice
from renomap.model.dates import is_possible
from renomap.model.page import REPORT_PAPERS, SHEETS_MM, Page, page_of, with_page
from renomap.model.project import FORM_FIELDS, Project
from renomap.session.session import Session

#: Marks that planners print on a sheet; another can be typed.
MARKS = ("", "draft", "review", "internal", "final")
#: Fields of the title block that hold a date.
_DATES = ("date", "data_date")
_EXAMPLES = ("title", "date", "data_date", "number", "data_source")


class PageDialog(QDialog):
    """Title block on the left, paper on the right; accepting is one undoable change of the project."""

    def __init__(self, session: Session, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._project = project
        say = session.speech
        self.setWindowTitle(say("window.page.heading"))
        self.fields: dict[str, QLineEdit] = {name: QLineEdit() for name in FORM_FIELDS if name != "mark"}
        self.mark = QComboBox(editable=True)
        self.report, self.sheet, self.turn = (QComboBox() for _ in range(3))
        self.scale = ScaleChoice(say)
        self._told = QLabel(wordWrap=True)
        self._told.setProperty("role", "warning")
        self._told.hide()
        self.area_pages, self.grey = QCheckBox(say("window.page.area-pages")), QCheckBox()
        self.grey.setText(say("window.page.grey"))
        self._fill()
        columns = QHBoxLayout()
        columns.addWidget(self._block(), 6)
        columns.addWidget(self._paper(), 5)
        buttons, _ = answer_box(self, say("window.apply"), say("window.cancel"))
        whole = QVBoxLayout(self)
        whole.addLayout(columns)
        whole.addWidget(self._told)
        whole.addWidget(buttons)
        self.resize(780, self.sizeHint().height())

    @property
    def page(self) -> Page:
        """The page that is chosen now."""
        return replace(
            page_of(self._project, usual_page(self._session)),
            report=self.report.currentData(),
            area_pages=self.area_pages.isChecked(),
            sheet=self.sheet.currentData(),
            upright=self.turn.currentData(),
            scale=self.scale.scale,
            grey=self.grey.isChecked(),
        )

    @property
    def form(self) -> dict[str, str]:
        """The title block as it is written now; what is empty is left out."""
        texts = {name: field.text().strip() for name, field in self.fields.items()}
        texts["mark"] = self.mark.currentText().strip()
        return {name: text for name, text in texts.items() if text}

    def changed(self, project: Project) -> Project:
        """A project with what is chosen here."""
        others = {name: text for name, text in project.form.items() if name not in FORM_FIELDS}
        return with_page(replace(project, form=others | self.form), self.page)

    def accept(self) -> None:
        """Apply as one undoable step, unless nothing is different; a day that is none is refused."""
        for name in _DATES:
            if not is_possible(self.fields[name].text()):
                say = self._session.speech
                self._told.setText(say("window.page.no-day", field=say(f"window.page.{name}")))
                self._told.show()
                self.fields[name].setFocus()
                return
        project = self._session.document.project
        before = page_of(self._project, usual_page(self._session))
        if project is not None and (self.page != before or self.form != dict(self._project.form)):
            self._session.document.apply_project(self.changed(project), "change.page")
            self._session.settings.paper = self.page.report
            self._session.settings.area_pages = self.page.area_pages
        super().accept()

    def _fill(self) -> None:
        say, project = self._session.speech, self._project
        for name, field in self.fields.items():
            field.setText(project.form.get(name, ""))
            field.setAccessibleName(say(f"window.page.{name}"))
            if name in _EXAMPLES:
                field.setPlaceholderText(say(f"window.page.{name}-example"))
        for mark in MARKS:
            self.mark.addItem(say(f"window.page.mark-{mark}") if mark else "")
        self.mark.setCurrentText(project.form.get("mark", ""))
        page = page_of(project, usual_page(self._session))
        for name in REPORT_PAPERS:
            self.report.addItem(say("window.page.lying", paper=name), name)
        for name in SHEETS_MM:
            self.sheet.addItem(name, name)
        for upright in (False, True):
            self.turn.addItem(say("window.page.upright" if upright else "window.page.across"), upright)
        self.scale.choose(page.scale)
        for box, value in ((self.report, page.report), (self.sheet, page.sheet), (self.turn, page.upright)):
            box.setCurrentIndex(max(0, box.findData(value)))
        self.area_pages.setChecked(page.area_pages)
        self.grey.setChecked(page.grey)

    def _block(self) -> QGroupBox:
        say = self._session.speech
        group = QGroupBox(say("window.page.block"))
        rows = QFormLayout(group, labelAlignment=Qt.AlignmentFlag.AlignRight)
        for name, field in self.fields.items():
            rows.addRow(say(f"window.page.{name}"), field)
        rows.addRow(say("window.page.mark"), self.mark)
        return group

    def _paper(self) -> QWidget:
        say = self._session.speech
        report = QGroupBox(say("window.page.report"))
        rows = QFormLayout(report, labelAlignment=Qt.AlignmentFlag.AlignRight)
        rows.addRow(say("window.page.paper"), self.report)
        rows.addRow(self.area_pages)
        sheet = QGroupBox(say("window.page.sheet"))
        rows = QFormLayout(sheet, labelAlignment=Qt.AlignmentFlag.AlignRight)
        rows.addRow(say("window.page.paper"), self.sheet)
        rows.addRow(say("window.page.turn"), self.turn)
        rows.addRow(say("window.page.scale"), self.scale)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(report)
        column.addWidget(sheet)
        column.addWidget(self.grey)
        hint = QLabel(say("window.page.hint"), wordWrap=True)
        hint.setProperty("role", "faint")
        column.addWidget(hint)
        column.addStretch()
        return both


def usual_page(session: Session) -> Page:
    """The page of projects that do not say: what was chosen last."""
    return Page(report=session.settings.paper, area_pages=session.settings.area_pages)

"""Export: one dialog for every file that a plan can be handed over as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.dialogs.page import usual_page
from renomap.desktop.dialogs.pathfield import PathField, WrittenLine
from renomap.desktop.dialogs.scalechoice import ScaleChoice
from renomap.desktop.look import icon
from renomap.desktop.naming import theme_names
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.page import REPORT_PAPERS, SHEETS_MM, Page, page_of
from renomap.model.plan import Plan
from renomap.outputs.formats import FORMATS, Format, Order, format_named
from renomap.outputs.notice_sheet import NoticesResult
from renomap.session.jobs import Job
from renomap.session.session import Session
from renomap.wording.catalogue import LANGUAGES, words

#: Notices that could not be made are counted, and so many are told.
MOST_TOLD: Final = 2
RESOLUTIONS: Final = (150, 300, 600)


class ExportDialog(QDialog):
    """Kinds on the left, their few choices on the right, the file below; it stays open for the next file."""

    def __init__(
        self, session: Session, plan: Plan, kind: str = "report", theme: str = "areas",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._session = session
        self._plan = plan
        self._job: Job | None = None
        say = session.speech
        self.setWindowTitle(say("window.export.title"))
        self.kinds = QListWidget()
        self.kinds.setIconSize(QSize(20, 20))
        self.kinds.setAccessibleName(say("window.export.kind"))
        for each in FORMATS:
            QListWidgetItem(icon(each.icon), each.title(say.words), self.kinds)
        self._told = QLabel(wordWrap=True)
        self._told.setProperty("role", "faint")
        self.language, self.paper, self.theme, self.area, self.sheet, self.turn, self.dpi = (
            QComboBox() for _ in range(7)
        )
        self.scale = ScaleChoice(say)
        self.area_pages = QCheckBox(say("window.page.area-pages"))
        self.public = QCheckBox(say("window.page.public"))
        self.file = PathField(say, say("window.export.file"))
        self._hint = QLabel()
        self._hint.setProperty("role", "faint")
        self._bar = QProgressBar(textVisible=False, maximum=100)
        self._stop = QPushButton(say("window.stop"), autoDefault=False)
        self.written = WrittenLine(say)
        self._buttons = QDialogButtonBox()
        self.export_button = self._buttons.addButton(
            say("window.export.write"), QDialogButtonBox.ButtonRole.ApplyRole
        )
        self.export_button.setDefault(True)
        self._buttons.addButton(say("window.close"), QDialogButtonBox.ButtonRole.RejectRole)
        self._fill(theme)
        self._lay_out()
        self._connect()
        self._show_running(False)
        self.kinds.setCurrentRow(FORMATS.index(format_named(kind)))
        self.resize(720, 430)

    @property
    def kind(self) -> Format:
        """What is chosen on the left."""
        return FORMATS[max(self.kinds.currentRow(), 0)]

    @property
    def page(self) -> Page:
        """The project's page with what is chosen here."""
        kept = page_of(self._plan.project, usual_page(self._session))
        return replace(
            kept,
            report=self.paper.currentData(),
            area_pages=self.area_pages.isChecked(),
            sheet=self.sheet.currentData(),
            upright=self.turn.currentData(),
            scale=self.scale.scale,
            public=self.public.isChecked(),
        )

    def run(self) -> None:
        """Write the file that is asked for, in the background."""
        path, kind = self.file.path, self.kind
        if path is None:
            self.written.tell(self._session.speech("window.export.no-file"))
            self.file.text.setFocus()
            return
        if path.suffix.lower() != kind.ending:
            path = path.with_name(path.name + kind.ending)
            self.file.set_path(path)
        self._session.settings.export_folder = str(path.parent)
        self.written.tell("")
        self._show_running(True)
        work = self._work(kind, path)
        self._job = self._session.runner.start(
            "job.export",
            work,
            lambda made: self._on_written(path, made),
            failed=self._on_failed,
            key="export",
        )
        self._job.progressed.connect(lambda part, _: self._bar.setValue(round(100 * part)))

    def done(self, result: int) -> None:
        """Close; what is being written is left away."""
        if self._job is not None:
            self._job.cancel()
        self._session.runner.ended.disconnect(self._on_ended)
        super().done(result)

    def _work(self, kind: Format, path: Path) -> Callable[[Feedback], object]:
        # The plan may be newer than the dialog: what is on the screen is what is written.
        session, page = self._session, self.page
        plan = session.comparing.with_comparison(session.shown.as_shown(session.planner.plan or self._plan))
        spoken = words(self.language.currentData())
        theme, area, dpi = self.theme.currentData(), self.area.currentData(), self.dpi.currentData()
        if area is not None and area not in plan.areas.index:
            area = None

        def work(feedback: Feedback) -> object:
            return kind.write(Order(plan, path, spoken, page, theme, area, dpi, feedback=feedback))

        return work

    def _on_written(self, path: Path, made: object) -> None:
        say = self._session.speech
        told = say("window.export.done", path=path.name)
        if isinstance(made, NoticesResult) and made.lacking:
            first = say.words["outputs.semicolon"].join(made.lacking[:MOST_TOLD])
            told += say("window.export.left-out", count=len(made.lacking), first=first)
        self.written.tell(told, path)
        self._show_hint()

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, RenomapError):
            raise fault
        self.written.tell(self._session.speech.error(fault))

    def _on_ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._show_running(False)

    def _on_kind(self) -> None:
        kind, words = self.kind, self._session.speech.words
        self._told.setText(kind.about(words))
        for name, rows in self._rows.items():
            for row in rows:
                self._form.setRowVisible(row, name in kind.asks)
        self.file.kinds = f"{kind.title(words)} (*{kind.ending})"
        self.file.set_path(self._proposed(kind))
        self.written.tell("")

    def _proposed(self, kind: Format) -> Path:
        session = self._session
        folder = Path(session.settings.export_folder or session.settings.folder or Path.home())
        path, title = session.document.path, self._plan.project.form.get("title", "")
        stem = (path.stem if path is not None else title) or session.speech("window.files.new")
        clean = "".join("_" if sign in '\\/:*?"<>|' else sign for sign in stem)
        return folder / f"{clean}-{kind.file_name(session.speech.words)}"

    def _show_hint(self) -> None:
        path = self.file.path
        there = path is not None and path.is_file()
        self._hint.setText(self._session.speech("window.export.exists") if there else "")

    def _show_running(self, running: bool) -> None:
        self._bar.setVisible(running)
        self._stop.setVisible(running)
        self._bar.setValue(0)
        self.export_button.setEnabled(not running)

    def _fill(self, theme: str) -> None:
        say, plan = self._session.speech, self._plan
        page = page_of(plan.project, usual_page(self._session))
        rows: Mapping[QComboBox, list[tuple[str, object]]] = {
            self.language: [(words(code)["language.name"], code) for code in LANGUAGES],
            self.paper: [(say("window.page.lying", paper=name), name) for name in REPORT_PAPERS],
            self.theme: [(text, code) for code, text in theme_names(plan, say)],
            self.area: [
                (say("window.export.all-areas"), None),
                *((f"{area} {name}", int(area)) for area, name in plan.areas["name"].items()),
            ],
            self.sheet: [(name, name) for name in SHEETS_MM],
            self.turn: [(say("window.page.across"), False), (say("window.page.upright"), True)],
            self.dpi: [(f"{dpi} dpi", dpi) for dpi in RESOLUTIONS],
        }
        chosen = (say.language, page.report, theme, None, page.sheet, page.upright, 300)
        for (box, items), value in zip(rows.items(), chosen, strict=True):
            for text, data in items:
                box.addItem(text, data)
            box.setCurrentIndex(max(0, box.findData(value)) if value is not None else 0)
        self.area_pages.setChecked(page.area_pages)
        self.public.setChecked(page.public)
        self.scale.choose(page.scale)
        self.turn.setAccessibleName(say("window.page.turn"))

    def _lay_out(self) -> None:
        say = self._session.speech
        self._form = QFormLayout(labelAlignment=Qt.AlignmentFlag.AlignRight)
        self._rows: dict[str, list[int]] = {}
        paper = QHBoxLayout()
        paper.addWidget(self.sheet, 1)
        paper.addWidget(self.turn, 1)
        for name, label, field in (
            ("language", "window.export.language", self.language),
            ("theme", "window.theme", self.theme),
            ("area", "window.export.area", self.area),
            ("paper", "window.page.paper", self.paper),
            ("sheet", "window.page.paper", paper),
            ("scale", "window.page.scale", self.scale),
            ("dpi", "window.export.dpi", self.dpi),
        ):
            self._rows[name] = [self._form.rowCount()]
            self._form.addRow(say(label), field)
        self.sheet.setAccessibleName(say("window.page.paper"))
        self._rows["area-pages"] = [self._form.rowCount()]
        self._form.addRow("", self.area_pages)
        self._rows["public"] = [self._form.rowCount()]
        self._form.addRow("", self.public)
        right = QVBoxLayout()
        right.addWidget(self._told)
        right.addSpacing(6)
        right.addLayout(self._form)
        right.addStretch()
        above = QHBoxLayout()
        above.addWidget(self.kinds, 4)
        above.addLayout(right, 6)
        where = QHBoxLayout()
        before = QLabel(say("window.export.file"))
        before.setBuddy(self.file.text)
        where.addWidget(before)
        where.addWidget(self.file, 1)
        running = QHBoxLayout()
        running.addWidget(self._hint, 1)
        running.addWidget(self._bar, 1)
        running.addWidget(self._stop)
        whole = QVBoxLayout(self)
        whole.addLayout(above, 1)
        whole.addLayout(where)
        whole.addLayout(running)
        whole.addWidget(self.written)
        whole.addWidget(self._buttons)

    def _connect(self) -> None:
        self.kinds.currentRowChanged.connect(lambda _: self._on_kind())
        self.file.changed.connect(self._show_hint)
        self.export_button.clicked.connect(self.run)
        self._stop.clicked.connect(lambda: self._job.cancel() if self._job is not None else None)
        self._session.runner.ended.connect(self._on_ended)
        self._buttons.rejected.connect(self.reject)

"""Print preview: the finished PDF itself, page by page, and the way to the printer."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QImage, QKeySequence, QPixmap, QResizeEvent, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.dialogs.page import usual_page
from renomap.desktop.dialogs.pdfpages import PdfPages
from renomap.desktop.dialogs.printing import Printed, prepared, print_pages
from renomap.desktop.look import icon
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.mapview import MM_PER_INCH
from renomap.model.page import page_of
from renomap.model.plan import Plan
from renomap.outputs.formats import Format, Order, format_named
from renomap.session.jobs import Job
from renomap.session.session import Session

PRINTING: Final = "job.print"
THUMB_PX: Final = 120
FIT_PAGE, FIT_WIDTH = "page", "width"
ZOOMS: Final = (50, 75, 100, 150, 200, 300)
#: Points on the screen that stand for an inch of paper at 100 %.
_SCREEN_DPI: Final = 96.0
_MARGIN_PX: Final = 18
#: What a window's frame has above the window.
_TITLE_PX: Final = 40
_WAIT_MS: Final = 120


class PrintPreview(QDialog):
    """Makes the report, or one map, and shows exactly what is printed and saved."""

    def __init__(
        self, session: Session, plan: Plan, theme: str = "areas", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._session = session
        self._plan = plan
        self._theme = theme
        self._job: Job | None = None
        self._closing: int | None = None
        self.pages: PdfPages | None = None
        say = session.speech
        self.setWindowTitle(say("window.preview.title"))
        self.what = QComboBox()
        for code in ("report", "map"):
            self.what.addItem(say(f"window.preview.{code}"), code)
        self.zoom = QComboBox()
        for code in (FIT_PAGE, FIT_WIDTH):
            self.zoom.addItem(say(f"window.preview.fit-{code}"), code)
        for percent in ZOOMS:
            self.zoom.addItem(f"{percent} %", percent)
        self.number = QSpinBox(minimum=1)
        self._of = QLabel()
        self.print_button = QPushButton(icon("printer-outline", "#ffffff"), say("window.preview.print"))
        self.print_button.setProperty("primary", True)
        self.save_button = QPushButton(say("window.preview.save"))
        self.page_button = QPushButton(say("window.action.page"))
        self.thumbs = QListWidget()
        self.thumbs.setIconSize(QSize(THUMB_PX, THUMB_PX))
        self.thumbs.setSpacing(4)
        self.shown = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._scroll = QScrollArea(widgetResizable=True)
        self._bar = QProgressBar(textVisible=False, maximum=100)
        self._stop = QPushButton(say("window.stop"), autoDefault=False)
        self._making = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._told = QLabel(wordWrap=True)
        self._rest = QTimer(self, interval=_WAIT_MS, singleShot=True)
        self._lay_out()
        self._connect()
        self._place()
        self.make()

    def _place(self) -> None:
        """In the middle of the screen, with room above for the frame's title."""
        room = self.screen().availableGeometry()
        size = QSize(min(1180, round(room.width() * 0.9)), min(820, round(room.height() * 0.86)))
        self.resize(size)
        spare = (room.size() - size) / 2
        self.move(room.left() + spare.width(), room.top() + max(_TITLE_PX, spare.height()))

    def make(self) -> None:
        """Make the PDF anew, with what the page settings say now."""
        session, printed = self._session, self._format
        plan = session.comparing.with_comparison(session.shown.as_shown(session.planner.plan or self._plan))
        page = page_of(session.document.project or plan.project, usual_page(session))
        words, theme = session.speech.words, self._theme

        def work(feedback: Feedback) -> PdfPages:
            with tempfile.TemporaryDirectory(prefix="renomap-preview-") as folder:
                path = Path(folder) / "preview.pdf"
                printed.write(Order(plan, path, words, page, theme, feedback=feedback))
                return PdfPages(path)

        self._show_state(making=True)
        self._start("job.preview", work, self._on_made)

    def print_to(self, printer: QPrinter) -> None:
        """Print in the background on a printer whose dialog was answered."""
        pages = self.pages
        assert pages is not None
        grey = printer.colorMode() == QPrinter.ColorMode.GrayScale
        self.print_button.setEnabled(False)

        def work(feedback: Feedback) -> Printed:
            return print_pages(pages, printer, grey=grey, feedback=feedback)

        self._start(PRINTING, work, self._on_printed)

    def save_to(self, path: Path) -> None:
        """Save the PDF that is shown."""
        from renomap.outputs.atomic import new_file

        assert self.pages is not None
        try:
            with new_file(path) as draft:
                draft.write_bytes(self.pages.data)
        except RenomapError as fault:
            self._told.setText(self._session.speech.error(fault))
            return
        self._session.settings.export_folder = str(path.parent)
        self._told.setText(self._session.speech("window.export.done", path=path.name))

    def done(self, result: int) -> None:
        """Close. What is being made is stopped; what is being printed is printed to its end first."""
        if self._job is not None and self._job.code == PRINTING:
            self._closing = result
            self.hide()
            return
        for job in self._session.runner.jobs:
            if job.key.startswith("preview"):
                job.cancel()
        self._session.runner.ended.disconnect(self._on_ended)
        if self.pages is not None:
            self.pages.close()
        super().done(result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rest.start()

    def _start(self, code: str, work: Callable[[Any], Any], done: Callable[[Any], None]) -> None:
        self._told.setText("")
        job = self._session.runner.start(code, work, done, failed=self._on_failed, key="preview")
        self._job = job
        job.progressed.connect(self._on_progressed)
        self._bar.setValue(0)
        self._bar.show()
        self._stop.show()

    def _on_progressed(self, part: float, code: str) -> None:
        self._bar.setValue(round(100 * part))
        self._making.setText(self._session.speech(code))

    def _on_ended(self, job: Job) -> None:
        if job is not self._job:
            return
        self._job = None
        self._bar.hide()
        self._stop.hide()
        self.print_button.setEnabled(self.pages is not None)
        if self._closing is not None:
            self.done(self._closing)
        if job.stopping:
            self._making.setText(self._session.speech("window.preview.stopped"))
            self._told.setText(self._session.speech("job.cancelled"))

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, RenomapError):
            raise fault
        self._making.setText(self._session.speech.error(fault))
        self._told.setText(self._session.speech.error(fault))

    def _on_made(self, pages: PdfPages) -> None:
        former, self.pages = self.pages, pages
        if former is not None:
            former.close()
        self._show_state(making=False)
        self.number.setMaximum(len(pages))
        self._of.setText(self._session.speech("window.preview.of", count=len(pages)))
        self.thumbs.clear()
        for at in range(len(pages)):
            item = QListWidgetItem(str(at + 1))
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            item.setSizeHint(QSize(THUMB_PX + 16, THUMB_PX + 24))
            self.thumbs.addItem(item)
        self.thumbs.setCurrentRow(0)
        self._draw_thumbs(pages)

    def _on_printed(self, printed: Printed) -> None:
        say = self._session.speech
        code = "window.preview.printed" if printed.keeps_scale else "window.preview.printed-smaller"
        self._told.setText(say(code, count=printed.pages, percent=f"{100 * printed.share:.0f}"))

    def _draw_thumbs(self, pages: PdfPages) -> None:
        ratio = self.devicePixelRatioF()

        def work(feedback: Feedback) -> None:
            for at, size in enumerate(pages.sizes_mm):
                feedback.check()
                dpi = THUMB_PX * ratio / max(size) * MM_PER_INCH
                feedback.partial((at, pages.picture(at, dpi)))

        job = self._session.runner.start(
            "job.preview-pages", work, lambda _: None, failed=lambda _: None, key="preview-thumbs"
        )
        job.partly_done.connect(self._on_thumb)

    def _on_thumb(self, made: tuple[int, QImage]) -> None:
        item = self.thumbs.item(made[0])
        if item is not None:
            item.setIcon(QIcon(QPixmap.fromImage(made[1])))

    def _draw_page(self) -> None:
        pages, at = self.pages, self.number.value() - 1
        if pages is None or not 0 <= at < len(pages):
            return
        dpi = self._dpi(pages.sizes_mm[at]) * self.devicePixelRatioF()
        self._session.runner.start(
            "job.preview-pages", lambda _: pages.picture(at, dpi), self._on_page,
            failed=lambda _: None, key="preview-page",
        )  # fmt: skip

    def _on_page(self, image: QImage) -> None:
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.shown.setPixmap(QPixmap.fromImage(image))

    def _dpi(self, size_mm: tuple[float, float]) -> float:
        """Points of the screen per inch of paper, before the screen's own ratio."""
        chosen = self.zoom.currentData()
        if not isinstance(chosen, str):
            return float(_SCREEN_DPI * chosen / 100.0)
        room = self._scroll.viewport().size()
        wide = (room.width() - _MARGIN_PX) / size_mm[0] * MM_PER_INCH
        high = (room.height() - _MARGIN_PX) / size_mm[1] * MM_PER_INCH
        return max(10.0, wide if chosen == FIT_WIDTH else min(wide, high))

    def _show_state(self, *, making: bool) -> None:
        self._pages.setCurrentIndex(0 if making else 1)
        self._making.setText(self._session.speech("job.preview"))
        for widget in (self.print_button, self.save_button, self.number, self.zoom):
            widget.setEnabled(not making)

    def _on_print(self) -> None:
        assert self.pages is not None
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        prepared(printer, self.pages)
        printer.setDocName(self.windowTitle())
        dialog = QPrintDialog(printer, self)
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintCurrentPage, False)
        dialog.accepted.connect(lambda: self.print_to(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)

    def _on_save(self) -> None:
        say, settings = self._session.speech, self._session.settings
        folder = Path(settings.export_folder or settings.folder or Path.home())
        start = folder / self._format.file_name(say.words)
        name, _ = QFileDialog.getSaveFileName(self, say("window.preview.save"), str(start), "PDF (*.pdf)")
        if name:
            path = Path(name)
            self.save_to(path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf"))

    @property
    def _format(self) -> Format:
        return format_named(self.what.currentData())

    def _on_page_settings(self) -> None:
        from renomap.desktop.dialogs.page import PageDialog

        project = self._session.document.project
        if project is None:
            return
        dialog = PageDialog(self._session, project, self)
        dialog.accepted.connect(self._remake_when_planned)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remake_when_planned(self) -> None:
        """The title block is read from the plan, so the next plan is waited for."""
        planner = self._session.planner
        if planner.is_current:
            self.make()
            return
        self._show_state(making=True)
        planner.planned.connect(self._on_planned, Qt.ConnectionType.SingleShotConnection)

    def _on_planned(self, plan: Plan | None) -> None:
        if plan is not None:
            self.make()

    def _step(self, by: int) -> None:
        self.number.setValue(self.number.value() + by)

    def _zoom_by(self, by: int) -> None:
        self.zoom.setCurrentIndex(min(max(self.zoom.currentIndex() + by, 0), self.zoom.count() - 1))

    def _lay_out(self) -> None:
        say = self._session.speech
        for widget, name in (
            (self.what, "what"), (self.zoom, "zoom"), (self.number, "number"), (self.thumbs, "pages"),
            (self._scroll, "page"),
        ):  # fmt: skip
            widget.setAccessibleName(say(f"window.preview.{name}"))
        self.thumbs.setViewMode(QListView.ViewMode.IconMode)
        self.thumbs.setMovement(QListView.Movement.Static)
        self.thumbs.setFlow(QListView.Flow.TopToBottom)
        self.thumbs.setWrapping(False)
        self.thumbs.setMinimumWidth(THUMB_PX + 40)
        bar = QHBoxLayout()
        for button in (self.print_button, self.save_button, self.page_button):
            button.setAutoDefault(False)
            bar.addWidget(button)
        bar.addStretch()
        bar.addWidget(self.what)
        bar.addWidget(self.number)
        bar.addWidget(self._of)
        bar.addWidget(self.zoom)
        self.shown.setMargin(_MARGIN_PX // 2)
        self._scroll.setWidget(self.shown)
        self._scroll.setStyleSheet("QScrollArea, QScrollArea > QWidget > QLabel { background: #8b949d; }")
        split = QSplitter()
        split.addWidget(self.thumbs)
        split.addWidget(self._scroll)
        split.setStretchFactor(1, 1)
        split.setSizes([THUMB_PX + 40, 800])
        self._pages = QStackedWidget()
        self._pages.addWidget(self._making)
        self._pages.addWidget(split)
        foot = QHBoxLayout()
        foot.addWidget(self._told, 1)
        foot.addWidget(self._bar, 1)
        foot.addWidget(self._stop)
        whole = QVBoxLayout(self)
        whole.addLayout(bar)
        whole.addWidget(self._pages, 1)
        whole.addLayout(foot)

    def _connect(self) -> None:
        self.what.activated.connect(lambda _: self.make())
        self.zoom.currentIndexChanged.connect(lambda _: self._draw_page())
        self.number.valueChanged.connect(lambda number: self.thumbs.setCurrentRow(number - 1))
        self.thumbs.currentRowChanged.connect(self._on_row)
        self.print_button.clicked.connect(self._on_print)
        self.save_button.clicked.connect(self._on_save)
        self.page_button.clicked.connect(self._on_page_settings)
        self._stop.clicked.connect(lambda: self._job.cancel() if self._job is not None else None)
        self._session.runner.ended.connect(self._on_ended)
        self._rest.timeout.connect(self._draw_page)
        for keys, step in (("PgDown", 1), ("PgUp", -1)):
            QShortcut(QKeySequence(keys), self, lambda step=step: self._step(step))
        for keys, step in (("Ctrl++", 1), ("Ctrl+-", -1)):
            QShortcut(QKeySequence(keys), self, lambda step=step: self._zoom_by(step))
        QShortcut(QKeySequence("Ctrl+P"), self, self.print_button.click)

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.number.setValue(row + 1)
            self._draw_page()

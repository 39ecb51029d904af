"""The status bar: what happens, what is chosen, where the pointer is, whether it is saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.previewer import Preview
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.chrome.scalebox import ScaleBox
from renomap.desktop.look import WARNING
from renomap.desktop.naming import crs_text
from renomap.model.households import counted_whole
from renomap.outputs.numbers import M2_PER_HA, Figures, Kind
from renomap.session.jobs import Job
from renomap.session.session import Session

_STAY_MS = 12_000
#: Left and right of everything, and between two things.
_MARGINS_PX, _GAP_PX = 24, 8
#: Kinds of jobs that nobody waits for.
_QUIET = ("plan", "preview-page", "preview-thumbs", "links")


class StatusBar(QStatusBar):
    """Message or progress with a stop, then selection, coordinates, scale, system, saved mark."""

    troubles_wanted = Signal()

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._job: Job | None = None
        self._warned = False
        self.setSizeGripEnabled(False)
        self.message = QLabel()
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        # a long sentence is cut off (the tip has all of it); it must not widen the window on the way
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar(textVisible=False, maximum=100)
        self._bar.setFixedWidth(150)
        self._stop = QPushButton()
        self._stop.setProperty("flat", True)
        self._stop.clicked.connect(session.runner.cancel_all)
        working = QWidget()
        row = QHBoxLayout(working)
        row.setContentsMargins(8, 0, 0, 0)
        for widget in (self._bar, self._stop):
            row.addWidget(widget)
        row.addWidget(self.message, 1)
        self.addWidget(working, 1)
        self.troubles = QPushButton()
        self.troubles.setProperty("flat", True)
        self.troubles.clicked.connect(self.troubles_wanted)
        self._chosen, self._place, self._crs, self._saved = (QLabel() for _ in range(4))
        self.scale = ScaleBox(session, canvas)
        for lasting in (self.troubles, self._chosen, self._place, self.scale, self._crs, self._saved):
            lasting.setContentsMargins(8, 0, 8, 0)
            self.addPermanentWidget(lasting)
        self._fade = QTimer(self, interval=_STAY_MS, singleShot=True)
        self._fade.timeout.connect(lambda: self.tell(""))
        self._show_working(False)
        session.runner.started.connect(self._on_started)
        session.runner.ended.connect(self._on_ended)
        session.document.selected.connect(self._on_selected)
        session.document.named.connect(self._on_named)
        session.document.undo_stack.cleanChanged.connect(self._on_named)
        session.document.changed.connect(self._on_changed)
        session.planner.planned.connect(self._on_planned)
        canvas.pointed.connect(self._on_pointed)
        canvas.previewed.connect(self._on_live)
        session.speech.changed.connect(self.say)
        self.say()

    def say(self) -> None:
        """Say everything again, in the language of now."""
        self._stop.setText(self._session.speech("window.stop"))
        self.tell("")
        self._on_planned()
        self._on_named()

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Show a sentence for a while."""
        self._warned = warning
        self.message.setText(text)
        self.message.setStyleSheet(f"color: {WARNING}" if warning else "")
        self.message.setToolTip(text)
        self._make_room()
        self._fade.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """In a narrow window coordinates, system and selection give way while a sentence needs their room."""
        giving = (self._place, self._crs, self._chosen)
        for label in giving:
            label.show()
        needed = self.message.sizeHint().width() if self.message.text() else 0
        shown = [self.troubles, *giving, self.scale, self._saved]
        if not self._bar.isHidden():
            shown += [self._bar, self._stop]
        room = self.width() - _MARGINS_PX
        room -= sum(each.sizeHint().width() + _GAP_PX for each in shown if not each.isHidden())
        for label in giving:
            if room >= needed:
                return
            room += label.sizeHint().width() + _GAP_PX
            label.hide()

    def _on_changed(self) -> None:
        """What a warning spoke of may be another, or undone."""
        if self._warned:
            self.tell("")

    def _on_live(self, told: Preview | None) -> None:
        """Which rule a gesture would break that is still on its way."""
        if told is None:
            return
        lines = told.warnings(self._session.speech)
        if lines:
            self.tell(" ".join(lines), warning=True)
        elif self._warned:
            self.tell("")

    def _on_started(self, job: Job) -> None:
        if job.key in _QUIET:
            return  # quick, and after every change: a flashing bar would only disturb
        self._job = job
        job.progressed.connect(self._on_progressed)
        self._bar.setRange(0, 0)
        self._show_working(True)
        self.message.setText(self._session.speech(job.code))
        self.message.setStyleSheet("")
        self._make_room()
        self._fade.stop()

    def _on_progressed(self, fraction: float, code: str) -> None:
        self._bar.setRange(0, 100)
        self._bar.setValue(round(100 * fraction))
        self.message.setText(self._session.speech(code))
        self._make_room()

    def _on_ended(self, job: Job) -> None:
        if job is not self._job:
            return
        self._job = None
        self._show_working(False)
        self.tell(self._session.speech("job.cancelled") if job.stopping else "")

    def _show_working(self, working: bool) -> None:
        self._bar.setVisible(working)
        self._stop.setVisible(working)

    def _on_planned(self) -> None:
        count = len(self._session.planner.problems)
        self.troubles.setText(self._session.speech("window.problems.count", count=count) if count else "")
        self.troubles.setVisible(bool(count))
        self._on_selected()

    def _on_selected(self) -> None:
        plan, fids = self._session.planner.plan, self._session.document.selection.fids
        if plan is None or not fids:
            self._chosen.setText("")
            return
        rows = plan.neighbourhoods.reindex(list(fids))
        figures = Figures(self._session.speech.words)
        known, total = int(counted_whole(rows).sum()), rows["households"].sum(min_count=1)
        households = figures.partial(total, known, len(rows))
        hectares = figures.number(rows.geometry.area.sum() / M2_PER_HA, Kind.HA)
        code = "window.chosen-sums" if total == total else "window.chosen-unknown"
        told = self._session.speech(code, count=len(rows), households=households, hectares=hectares)
        self._chosen.setText(told)
        self._make_room()

    def _on_pointed(self, pointer: Pointer | None) -> None:
        self._place.setText("" if pointer is None else f"{pointer.x:,.1f}  {pointer.y:,.1f}")

    def _on_named(self) -> None:
        document, say = self._session.document, self._session.speech
        project = document.project
        self._crs.setText("" if project is None else crs_text(project, say))
        if project is None:
            self._saved.setText("")
        elif document.holder is not None and document.holder.code == "store.read-only":
            self._saved.setText(say("window.read-only"))
        else:
            unsaved = document.is_changed or document.path is None
            self._saved.setText(say("window.unsaved" if unsaved else "window.saved"))

"""The dialog of an import: what was read and guessed, each guess to be overruled, before it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QTabWidget,
    QTextBrowser,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.dialogs.answers import answer_box
from renomap.desktop.dialogs.changes import ChangeTree
from renomap.desktop.dialogs.guesses import GuessTree
from renomap.desktop.dialogs.report import describe_layers, describe_notes
from renomap.desktop.dialogs.vital import VitalStrip
from renomap.desktop.naming import in_the_window
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import Guess, GuessKind, Question
from renomap.session.importing import Offer, read_offer
from renomap.session.jobs import Job
from renomap.session.session import Session
from renomap.sources.options import ImportOptions, overrule

_NAMED: Final = 4


class ImportDialog(QDialog):
    """Reads as soon as it is shown; ``taken`` gives the offer that the planner accepts.

    ``may_take`` is asked before, and the dialog stays where it does not hold.
    """

    taken = Signal(object)
    may_take: Callable[[Offer], bool] = staticmethod(lambda offer: True)

    def __init__(
        self, session: Session, paths: Sequence[Path], *, joins: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.paths = list(paths)
        self.options = ImportOptions()
        self.offer: Offer | None = None
        self._job: Job | None = None
        self._pending = False
        say = session.speech
        self.setWindowTitle(say("window.importing.title"))
        self._sources = QLabel(self._listed(), wordWrap=True)
        self.as_new = QRadioButton(say("window.importing.new"))
        self.as_part = QRadioButton(say("window.importing.join"))
        self._elsewhere = False  # whether it was found to be another place
        project = session.document.project
        can_join = project is not None and session.document.holder is None
        self.as_part.setEnabled(can_join)
        (self.as_part if joins and can_join else self.as_new).setChecked(True)
        self.guesses = GuessTree(say)
        self.vital = VitalStrip(say)
        self.changes = ChangeTree(say)
        self.page = QTextBrowser()
        self.page.setAccessibleName(say("window.importing.result"))
        self.page.document().setDocumentMargin(12)
        self._evidence = QLabel(wordWrap=True)
        self._evidence.setProperty("role", "faint")
        self._told = QLabel(wordWrap=True)
        self._bar = QProgressBar(textVisible=False, maximum=100)
        self._stop = QPushButton(say("window.stop"), autoDefault=False)
        self.control = QPushButton(say("window.importing.control"), autoDefault=False)
        self.control.setToolTip(say("window.importing.control-tip"))
        self.control.setEnabled(False)
        self.again = QPushButton(say("window.importing.again"), autoDefault=False)
        self._buttons, self._accept = answer_box(self, say("window.importing.take"), say("window.cancel"))
        self._lay_out()
        self._connect()
        self.resize(860, 486)
        self.read()

    @property
    def joins(self) -> bool:
        """Whether the files join the open project."""
        return self.as_part.isChecked()

    def read(self) -> None:
        """Read the files with what is decided, in the background."""
        base = self._session.document.project if self.joins else None
        paths, options = tuple(self.paths), self.options
        self.offer, self._pending = None, False
        self._told.setText("")
        self._show_state(running=True)

        def work(feedback: Feedback) -> Offer:
            return read_offer(paths, options, base, feedback)

        self._job = self._session.runner.start(
            "job.import", work, self._on_read, failed=self._on_failed, key="read"
        )
        self._job.progressed.connect(self._on_progressed)

    def give_control(self, path: Path) -> None:
        """Place what the row of a coordinate system is about by a file of control points."""
        guess = self.guesses.guess(self.guesses.currentItem())
        if guess is None:
            return
        controls = {**self.options.controls, guess.address: str(path)}
        self.options = replace(self.options, controls=controls)
        self._pending = True
        self._told.setText(self._session.speech("window.importing.control-given", name=path.name))
        self._show_state(running=False)

    def accept(self) -> None:
        """Take what was read; where the open project went on meanwhile it is read again first."""
        offer = self.offer
        if offer is None or offer.project is None or self._pending:
            return
        if offer.base is not None and offer.base is not self._session.document.project:
            self.read()
            self._told.setText(self._session.speech("window.importing.went-on"))
            return
        if not self.may_take(offer):
            return  # what was corrected here stays until it is known what becomes of the open project
        self.taken.emit(offer)
        super().accept()

    def done(self, result: int) -> None:
        """Close; a reading that goes on is stopped."""
        if self._job is not None:
            self._job.cancel()
        self._session.runner.ended.disconnect(self._on_ended)
        super().done(result)

    def _on_read(self, offer: Offer) -> None:
        self.offer = offer
        say = self._session.speech
        self.guesses.set_guesses(offer.guesses, self.options)
        self.vital.show_for(offer.project, offer.guesses, self.options)
        self.tabs.setTabVisible(self.tabs.indexOf(self.changes), offer.base is not None)
        self.changes.set_changes(offer.changes)
        project = offer.project
        if offer.question is not None:
            self._told.setText(self._asked(offer.question))
            self.tabs.setCurrentIndex(0)
        elif self._is_elsewhere(offer):
            self.as_new.setChecked(True)  # reads again
            self._elsewhere = True
            return
        elif project is not None:
            layers = project.layers
            if offer.base is not None:
                before = {id(layer) for layer in offer.base.layers}
                layers = tuple(layer for layer in layers if id(layer) not in before)
            told = say("window.importing.read", layers=len(layers), guesses=len(offer.guesses))
            self._told.setText(
                (say("window.importing.elsewhere") if self._elsewhere and not self.joins else "") + told
            )
        here = say("window.importing.here")
        told = describe_notes(offer.notes, say, overrule=here)
        self.page.setHtml((describe_layers(project, say) if project is not None else "") + told)
        self._show_state(running=False)

    def _is_elsewhere(self, offer: Offer) -> bool:
        """Whether what was to join the project has none of its neighbourhoods: another place, most likely.

        Said once; whoever wants it all the same turns back and is not asked again.
        """
        before = None if offer.base is None else offer.base.neighbourhoods
        if self._elsewhere or before is None or before.frame.empty or offer.changes is None:
            return False
        return int((offer.changes["kind"] == "removed").sum()) == len(before.frame)

    def _asked(self, question: Question) -> str:
        """A question in the words of this dialog, where it has some, rather than of the command line."""
        say, guess = self._session.speech, question.guess
        code = f"window.question.{guess.kind}"
        if code not in say.words:
            return say.error(question)
        return say(code, name=guess.layer or Path(guess.source).name)

    def _on_failed(self, fault: Exception) -> None:
        if not isinstance(fault, RenomapError):
            raise fault
        self._told.setText(self._session.speech.error(fault))

    def _on_ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._show_state(running=False)
            if job.stopping:
                self._told.setText(self._session.speech("window.importing.stopped"))
                self.again.setEnabled(True)

    def _on_progressed(self, part: float, code: str) -> None:
        self._bar.setValue(round(100 * part))
        if self.offer is None:
            self._told.setText(self._session.speech(code))

    def _on_answered(self, guess: Guess, value: str) -> None:
        self.options = overrule(self.options, guess, value)
        self._pending = True
        self._told.setText(self._session.speech("window.importing.pending"))
        self._show_state(running=False)

    def _on_chosen(self, guess: Guess, value: str) -> None:
        """A vital column was named: what comes of it is seen at once."""
        self.options = overrule(self.options, guess, value)
        self.read()

    def _on_assumed(self, m2: int, storeys: int) -> None:
        assumed = (float(m2), float(storeys)) if storeys else (ImportOptions.m2_per_household, None)
        self.options = replace(self.options, m2_per_household=assumed[0], storeys=assumed[1])
        self.read()

    def _on_control(self) -> None:
        title, folder = self.control.text(), str(self.paths[0].parent)
        name, _ = QFileDialog.getOpenFileName(self, title, folder, "CSV (*.csv *.txt)")
        if name:
            self.give_control(Path(name))

    def _on_row(self, item: QTreeWidgetItem | None) -> None:
        say, note, guess = self._session.speech, self.guesses.evidence(item), self.guesses.guess(item)
        self.control.setEnabled(guess is not None and guess.kind is GuessKind.CRS)
        if note is None:
            self._evidence.setText("")
            return
        self._evidence.setText(say(note.code, **in_the_window(note.params, say("window.importing.above"))))

    def _show_state(self, *, running: bool) -> None:
        self._bar.setVisible(running)
        self._stop.setVisible(running)
        self._bar.setValue(0)
        self.again.setEnabled(not running and self._pending)
        whole = self.offer is not None and self.offer.project is not None
        self._accept.setEnabled(whole and not running and not self._pending)
        self._accept.setDefault(not self._pending)
        self.again.setDefault(self._pending)

    def _listed(self) -> str:
        names = [path.name for path in self.paths]
        more = len(names) - _NAMED
        text = self._session.speech.words["list.between"].join(names[:_NAMED])
        if more > 0:
            text = self._session.speech("window.importing.and-more", names=text, count=more)
        return self._session.speech("window.importing.sources", names=text)

    def _lay_out(self) -> None:
        say = self._session.speech
        where = QHBoxLayout()
        where.addWidget(self._sources, 1)
        where.addWidget(self.as_new)
        where.addWidget(self.as_part)
        first = QWidget()
        column = QVBoxLayout(first)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.vital)
        column.addWidget(self.guesses, 1)
        self._evidence.setMinimumHeight(self._evidence.fontMetrics().lineSpacing() * 2)
        below = QHBoxLayout()
        below.addWidget(self._evidence, 1)
        below.addWidget(self.control)
        column.addLayout(below)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.addTab(first, say("window.guess.title"))
        self.tabs.addTab(self.page, say("window.importing.result"))
        self.tabs.addTab(self.changes, say("window.changes.title"))
        self.tabs.setTabVisible(2, False)
        self.tabs.tabBar().setAccessibleName(say("window.importing.title"))
        foot = QHBoxLayout()
        foot.addWidget(self._told, 1)
        foot.addWidget(self._bar)
        foot.addWidget(self._stop)
        foot.addWidget(self.again)
        whole = QVBoxLayout(self)
        whole.addLayout(where)
        whole.addWidget(self.tabs, 1)
        whole.addLayout(foot)
        whole.addWidget(self._buttons)

    def _connect(self) -> None:
        self.as_new.toggled.connect(lambda _: self.read())
        self.guesses.answered.connect(self._on_answered)
        self.vital.chosen.connect(self._on_chosen)
        self.vital.assumed.connect(self._on_assumed)
        self.guesses.currentItemChanged.connect(lambda item, _: self._on_row(item))
        self.again.clicked.connect(self.read)
        self.control.clicked.connect(self._on_control)
        self._stop.clicked.connect(lambda: self._job.cancel() if self._job is not None else None)
        self._session.runner.ended.connect(self._on_ended)

"""The guesses of an import as a tree: each with its confidence, and a list to decide otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from renomap.desktop.look import FAINT, WARNING
from renomap.model.note import LEAVE_OUT, Guess, GuessKind, Note
from renomap.session.speech import Speech
from renomap.sources.options import AUTO, ImportOptions, answer
from renomap.wording.catalogue import choice_label

_GUESS: Final = int(Qt.ItemDataRole.UserRole)
_NOTE: Final = _GUESS + 1
SUBJECT, DECISION, SURE, SAMPLES = 0, 1, 2, 3
#: Below this a planner should look.
DOUBTFUL: Final = 0.8
#: What a layer, a sheet or a file is as a whole stands in its own row.
_HEADS: Final = (GuessKind.ROLE, GuessKind.ROWS, GuessKind.CRS)
_HEADINGS: Final = ("subject", "decision", "sure", "samples")
_ROW_PX: Final = 27
#: Lists longer than this are searched by typing a part of a word.
_LONG: Final = 12
_Index = QModelIndex | QPersistentModelIndex


class GuessTree(QTreeWidget):
    """A branch for each file, layer or sheet. ``answered`` tells of a guess and what was decided instead."""

    answered = Signal(object, str)

    def __init__(self, speech: Speech, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speech = speech
        self.options = ImportOptions()
        self.setHeaderLabels([speech(f"window.guess.{name}") for name in _HEADINGS])
        self.setAccessibleName(speech("window.guess.title"))
        self.setAlternatingRowColors(True)
        self.setItemDelegate(_Chooser(self, speech))
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.itemClicked.connect(self._on_clicked)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        head = self.header()
        head.setStretchLastSection(False)
        for column, mode in (
            (SUBJECT, QHeaderView.ResizeMode.Stretch),
            (DECISION, QHeaderView.ResizeMode.Stretch),
            (SURE, QHeaderView.ResizeMode.ResizeToContents),
            (SAMPLES, QHeaderView.ResizeMode.Stretch),
        ):
            head.setSectionResizeMode(column, mode)
        head.moveSection(SAMPLES, 1)  # what stands in a column is read before what it is taken for

    def set_guesses(self, guesses: Sequence[tuple[Guess, Note | None]], options: ImportOptions) -> None:
        """Show guesses that were made under these options."""
        self.options = options
        self.clear()
        branches: dict[tuple[str, str], QTreeWidgetItem] = {}
        for guess, note in guesses:
            key = (guess.source, guess.layer)
            if key not in branches:
                branches[key] = self._branch(guess)
            branch = branches[key]
            if guess.kind in _HEADS and self.guess(branch) is None:
                subject = self._speech(f"window.guess.kind-{guess.kind}")
                branch.setText(SUBJECT, f"{branch.text(SUBJECT)}  ·  {subject}")
                self._fill(branch, guess, note)
            else:
                branch.addChild(self._row(guess, note))
        for branch in branches.values():
            branch.setExpanded(any(self._wants_a_look(row) for row in _rows(branch)))
            branch.setFirstColumnSpanned(self.guess(branch) is None)
        if branches:
            self.setCurrentItem(next(iter(branches.values())))

    def guess(self, item: QTreeWidgetItem | None) -> Guess | None:
        """The guess of a row; None for a branch that is only a heading."""
        return None if item is None else item.data(SUBJECT, _GUESS)

    def evidence(self, item: QTreeWidgetItem | None) -> Note | None:
        """The remark behind a row."""
        return None if item is None else item.data(SUBJECT, _NOTE)

    def row(self, kind: GuessKind, subject: str) -> QTreeWidgetItem | None:
        """The row of a guess by its kind and the end of its address."""
        for at in range(self.topLevelItemCount()):
            branch = self.topLevelItem(at)
            for item in [branch, *_rows(branch)]:
                guess = self.guess(item)
                if guess is not None and guess.kind is kind and guess.address.endswith(subject):
                    return item
        return None

    def decide(self, item: QTreeWidgetItem, value: str) -> None:
        """Decide a guess otherwise; the row shows it at once."""
        guess = self.guess(item)
        if guess is None or value in ("", self.shown_value(item)):
            return
        item.setData(DECISION, _GUESS, value)
        self._word(item, guess, value, decided=True)
        self.answered.emit(guess, value)

    def shown_value(self, item: QTreeWidgetItem) -> str:
        """What a row shows as decided."""
        value: str = item.data(DECISION, _GUESS)
        return value

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the list of the row, which is what a hand on the keyboard expects of it."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._on_clicked(item, DECISION)
            return
        super().keyPressEvent(event)

    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == DECISION and self.guess(item) is not None:
            self.editItem(item, DECISION)

    def _branch(self, guess: Guess) -> QTreeWidgetItem:
        file = PurePath(guess.source)
        own = guess.layer and guess.layer != file.stem  # a file of one layer needs its name but once
        branch = QTreeWidgetItem(self, [f"{file.name} › {guess.layer}" if own else file.name])
        branch.setToolTip(SUBJECT, guess.address)
        branch.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        font = branch.font(SUBJECT)
        font.setBold(True)
        branch.setFont(SUBJECT, font)
        return branch

    def _row(self, guess: Guess, note: Note | None) -> QTreeWidgetItem:
        subject = self._speech(f"window.guess.kind-{guess.kind}")
        item = QTreeWidgetItem([f"{subject} “{guess.column}”" if guess.column else subject])
        self._fill(item, guess, note)
        return item

    def _fill(self, item: QTreeWidgetItem, guess: Guess, note: Note | None) -> None:
        item.setData(SUBJECT, _GUESS, guess)
        item.setData(SUBJECT, _NOTE, note)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        said = answer(self.options, guess)
        item.setText(SAMPLES, self._speech.words["list.between"].join(guess.samples))
        item.setForeground(SAMPLES, QBrush(QColor(FAINT)))
        item.setData(DECISION, _GUESS, guess.chosen)
        self._word(item, guess, guess.chosen, decided=said != AUTO)
        if said != AUTO:
            item.setText(SURE, self._speech("window.guess.decided"))
        elif note is not None and note.confidence is not None and guess.chosen != LEAVE_OUT:
            item.setText(SURE, f"{100 * note.confidence:.0f}%")
            if note.confidence < DOUBTFUL:
                item.setForeground(SURE, QBrush(QColor(WARNING)))
        item.setTextAlignment(SURE, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _word(self, item: QTreeWidgetItem, guess: Guess, value: str, *, decided: bool) -> None:
        item.setText(DECISION, choice_label(self._speech.words, guess.kind, value))
        font = item.font(DECISION)
        font.setBold(decided)
        item.setFont(DECISION, font)

    def _wants_a_look(self, row: QTreeWidgetItem) -> bool:
        guess, note = self.guess(row), self.evidence(row)
        doubtful = note is None or (note.confidence is not None and note.confidence < DOUBTFUL)
        decided = guess is not None and answer(self.options, guess) != AUTO
        return doubtful or decided or (guess is not None and not guess.chosen)


def _rows(branch: QTreeWidgetItem | None) -> list[QTreeWidgetItem]:
    children = [] if branch is None else [branch.child(at) for at in range(branch.childCount())]
    return [child for child in children if child is not None]


def _searched(box: QComboBox) -> None:
    """Let the list of a box shrink to what holds the letters that are typed."""
    completer = QCompleter(box.model(), box)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setMaxVisibleItems(_LONG)
    box.setCompleter(completer)


class _Chooser(QStyledItemDelegate):
    """A list of answers in the column of decisions, nothing elsewhere."""

    def __init__(self, tree: GuessTree, speech: Speech) -> None:
        super().__init__(tree)
        self._tree = tree
        self._speech = speech

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), _ROW_PX)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        if index.column() == DECISION and self._tree.guess(self._tree.itemFromIndex(index)) is not None:
            option.text = f"{option.text}  ▾"  # a list can be opened here

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget | None:  # type: ignore[override]
        item = self._tree.itemFromIndex(index)
        guess = self._tree.guess(item)
        if guess is None or index.column() != DECISION:
            return None
        is_long = len(guess.alternatives) > _LONG
        box = QComboBox(parent, editable=guess.open or is_long)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setMaxVisibleItems(_LONG)
        box.setAccessibleName(item.text(SUBJECT))
        values = [*guess.alternatives]
        shown = self._tree.shown_value(item)
        values += [shown] if shown and shown not in values else []
        values += [AUTO] if answer(self._tree.options, guess) != AUTO and AUTO not in values else []
        for value in values:
            box.addItem(choice_label(self._speech.words, guess.kind, value), value)
        if is_long:
            _searched(box)
        box.activated.connect(lambda _: self._close(box))
        return box

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(self._tree.shown_value(self._tree.itemFromIndex(index))))
        completer, line = editor.completer(), editor.lineEdit()
        if completer is None or line is None or editor.count() <= _LONG:
            QTimer.singleShot(0, editor.showPopup)  # the editor has not found its place yet
            return
        line.selectAll()
        completer.setCompletionPrefix("")
        QTimer.singleShot(0, completer.complete)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        assert isinstance(editor, QComboBox)
        item = self._tree.itemFromIndex(index)
        guess, text = self._tree.guess(item), editor.currentText().strip()
        at = editor.findText(text)
        typed = text if guess is not None and guess.open else ""  # a part of a word is no answer
        self._tree.decide(item, (editor.itemData(at) if at >= 0 else typed) or "")

    def _close(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

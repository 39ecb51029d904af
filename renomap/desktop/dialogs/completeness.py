"""Completeness (数据完备): what is blank, what each column would unlock, filled by pasting one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.naming import short_name
from renomap.desktop.panels.pasting import read_block
from renomap.model.roles import Role
from renomap.outputs.findings import neighbourhood_name
from renomap.session.session import Session
from renomap.steps.completeness import WEIGHTY, Blank, Pasted, blanks, paste
from renomap.steps.edit_value import editable
from renomap.steps.plan import active_standard

#: Neighbourhoods that the list of a column names; the map shows all of them.
_MOST_NAMES: Final = 500


class CompletenessDialog(QDialog):
    """``pasted`` tells of a column that was laid over a blank one, ``wanted`` whom to choose."""

    pasted = Signal(object)
    wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.blanks: tuple[Blank, ...] = ()
        say = session.speech
        self.setWindowTitle(say("completeness.title"))
        self.resize(820, 460)
        self.summary = QLabel(wordWrap=True)
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels([say(f"completeness.head-{name}") for name in ("field", "missing", "use")])
        self.list.setAccessibleName(say("completeness.title"))
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(True)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self.names = QListWidget()
        self.names.setAccessibleName(say("completeness.names"))
        self.names.setMaximumWidth(190)
        self.told = QLabel(wordWrap=True)
        self.told.setProperty("role", "faint")
        self.select = QPushButton(say("completeness.select"), autoDefault=False)
        self.paste = QPushButton(say("completeness.paste"), autoDefault=False)
        self.paste.setToolTip(say("completeness.paste-tip"))
        self.select.clicked.connect(self._select)
        self.paste.clicked.connect(self._paste)
        middle = QHBoxLayout()
        middle.addWidget(self.list, 1)
        middle.addWidget(self.names)
        foot = QHBoxLayout()
        foot.addWidget(self.told, 1)
        foot.addWidget(self.select)
        foot.addWidget(self.paste)
        column = QVBoxLayout(self)
        column.addWidget(self.summary)
        column.addLayout(middle, 1)
        column.addLayout(foot)
        session.document.changed.connect(self.fill)
        session.document.replaced.connect(self.reject)
        self.fill()

    def fill(self) -> None:
        """List what is blank now; the column that was chosen stays chosen."""
        project, chosen, say = self._session.document.project, self.chosen, self._session.speech
        self.blanks = () if project is None else blanks(project, active_standard(project))
        self.list.clear()
        for blank in self.blanks:
            called = short_name(blank.facilities[0], say) if blank.facilities else blank.field
            name = say.words.get(f"field.{blank.field}", called)
            missing = say("completeness.missing", count=len(blank.fids), of=blank.of)
            item = QTreeWidgetItem(self.list, [name, missing, self._use(blank)])
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(2, item.text(2))
            if chosen is not None and chosen.field == blank.field:
                self.list.setCurrentItem(item)
        first = self.list.topLevelItem(0)
        if self.chosen is None and first is not None:
            self.list.setCurrentItem(first)
        code = "completeness.summary" if self.blanks else "completeness.whole"
        self.summary.setText(say(code, count=len(self.blanks)))
        self._show()

    @property
    def chosen(self) -> Blank | None:
        """The blank column of the chosen row."""
        item = self.list.currentItem()
        at = -1 if item is None else self.list.indexOfTopLevelItem(item)
        return self.blanks[at] if 0 <= at < len(self.blanks) else None

    def choose(self, field: str) -> None:
        """Choose a column that is blank; any other leaves the choice as it is."""
        for at, blank in enumerate(self.blanks):
            item = self.list.topLevelItem(at)
            if blank.field == field and item is not None:
                self.list.setCurrentItem(item)

    def tell(self, text: str) -> None:
        """Say what became of what was pasted."""
        self.told.setText(text)

    def _use(self, blank: Blank) -> str:
        say = self._session.speech
        uses = [say(f"completeness.use.{blank.field}")] if blank.field in WEIGHTY else []
        if blank.facilities:
            names = say.words["list.between"].join(short_name(item, say) for item in blank.facilities)
            uses.append(say("completeness.use-facilities", names=names))
        return say.words["outputs.semicolon"].join(uses)

    def _show(self) -> None:
        """The neighbourhoods without a value, in the order in which a single column is pasted."""
        blank, project, say = self.chosen, self._session.document.project, self._session.speech
        self.names.clear()
        layer = None if project is None else project.neighbourhoods
        can_type = blank is not None and blank.field in editable(Role.NEIGHBOURHOODS)
        self.select.setEnabled(blank is not None)
        self.paste.setEnabled(can_type and self._session.document.holder is None)
        if blank is None or layer is None:
            return
        shown = layer.frame["name"].reindex(list(blank.fids[:_MOST_NAMES]))
        self.names.addItems([neighbourhood_name(fid, name, say.words) for fid, name in shown.items()])
        self.told.setText("" if can_type else say("completeness.by-import", field=blank.field))

    def _select(self) -> None:
        if self.chosen is not None:
            self.wanted.emit(self.chosen.fids)

    def _paste(self) -> None:
        project, blank = self._session.document.project, self.chosen
        if project is None or blank is None:
            return
        found: Pasted | None = paste(project, blank, read_block(QGuiApplication.clipboard().text()))
        if found is None or not (found.cells or found.unknown or found.filled):
            self.tell(self._session.speech("completeness.paste-what", count=len(blank.fids)))
            return
        self.pasted.emit(found)

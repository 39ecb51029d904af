"""What killed windows have left, offered before anything else is opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from renomap.session.speech import Speech
from renomap.session.unfinished import Unfinished

_PATH = int(Qt.ItemDataRole.UserRole)


def unfinished_line(one: Unfinished, speech: Speech) -> str:
    """Name, time of the last edit, and how many steps are in no file."""
    name = one.path.stem if one.saved else speech("window.start.left-behind")
    code = "window.unfinished.steps" if one.steps else "window.unfinished.import"
    return f"{name}\n{speech(code, count=one.steps, last=f'{one.last:%Y-%m-%d %H:%M}')}"


class UnfinishedDialog(QDialog):
    """Lists the projects with what is not saved of each; what is not opened now is offered again."""

    open_wanted = Signal(object)
    later_wanted = Signal()

    def __init__(self, speech: Speech, left: Sequence[Unfinished], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(speech("window.unfinished.title"))
        self.setModal(True)
        self.resize(560, 320)
        told = QLabel(speech("window.unfinished.text", count=len(left)), wordWrap=True)
        self.list = QListWidget()
        self.list.setAccessibleName(speech("window.unfinished.title"))
        for one in left:
            item = QListWidgetItem(unfinished_line(one, speech))
            item.setData(_PATH, one.path)
            item.setToolTip(str(one.path))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _: self.accept())
        buttons = QDialogButtonBox()
        self.now = buttons.addButton(speech("window.unfinished.open"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.later = buttons.addButton(
            speech("window.unfinished.later"), QDialogButtonBox.ButtonRole.RejectRole
        )
        self.now.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        for widget in (told, self.list, buttons):
            layout.addWidget(widget)
        self.accepted.connect(lambda: self.open_wanted.emit(self.list.currentItem().data(_PATH)))
        self.rejected.connect(self.later_wanted)

"""The two buttons at the foot of a dialog that is answered with yes or no."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton


def answer_box(dialog: QDialog, take: str, leave: str) -> tuple[QDialogButtonBox, QPushButton]:
    """A button that accepts the dialog, pressed by Enter, and one that leaves it: box, first button."""
    box = QDialogButtonBox()
    accept = box.addButton(take, QDialogButtonBox.ButtonRole.AcceptRole)
    accept.setDefault(True)
    box.addButton(leave, QDialogButtonBox.ButtonRole.RejectRole)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box, accept

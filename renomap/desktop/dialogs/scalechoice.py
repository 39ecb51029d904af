"""The scale of a map on paper: chosen from a list, typed, or as large as the sheet allows."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QComboBox

from renomap.session.speech import Speech

SCALES: Final = (500, 1000, 2000, 2500, 5000, 10_000, 20_000)


class ScaleChoice(QComboBox):
    """``scale`` is the denominator, 0 = as large as the sheet allows."""

    def __init__(self, speech: Speech) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(speech("window.page.scale"))
        self.addItem(speech("window.page.scale-auto"))
        self.addItems([f"1:{scale:,}" for scale in SCALES])
        line = self.lineEdit()
        assert line is not None
        line.editingFinished.connect(lambda: self.choose(self.scale))

    @property
    def scale(self) -> int:
        """What is chosen or typed (2000, 1:2000, 1：2,000)."""
        digits = self.currentText().replace("：", ":").replace(",", "").rpartition(":")[2].strip()
        return int(digits) if digits.isdecimal() and int(digits) < 10_000_000 else 0

    def choose(self, scale: int) -> None:
        """Show a scale; 0 shows that the sheet decides."""
        self.setCurrentText(f"1:{scale:,}" if scale else self.itemText(0))

"""The scale in the status bar: read, chosen from a list, or typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from PySide6.QtWidgets import QComboBox

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.session.session import Session

SCALES: Final = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


class ScaleBox(QComboBox):
    """``1:5,000``; what is typed may leave out the one, the colon and the commas."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__()
        self._session = session
        self._canvas = canvas
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(9)
        self.addItems([f"1:{scale:,}" for scale in SCALES])
        self.activated.connect(lambda _: self._take())
        field = self.lineEdit()
        assert field is not None
        field.returnPressed.connect(self._take)
        field.editingFinished.connect(self.show_scale)
        canvas.view_changed.connect(self.show_scale)
        session.planner.planned.connect(self.show_scale)
        session.speech.changed.connect(self._say)
        self._say()

    def show_scale(self) -> None:
        """Show what the scale is now."""
        shown = self._session.planner.plan is not None
        self.setVisible(shown)
        self.setEditText(f"1:{self._canvas.view.scale:,.0f}" if shown else "")

    def _say(self) -> None:
        self.setAccessibleName(self._session.speech("window.scale"))
        self.setToolTip(self._session.speech("window.scale"))
        self.show_scale()

    def _take(self) -> None:
        """Go to the scale that was typed; what is no number shows the old one again."""
        digits = re.sub(r"[^\d.]", "", re.sub(r"^\s*1\s*[:：/]", "", self.currentText()))
        if digits.replace(".", "", 1).isdigit() and float(digits) > 0:
            view = self._canvas.view
            factor = view.scale / float(digits)
            self._canvas.show_view(replace(view, resolution=view.resolution / factor))
            self._canvas.setFocus()
        self.show_scale()

"""Options of the tool in hand: what it paints with and how, in sight instead of remembered."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSizePolicy, QSlider, QToolBar

from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.look import FAINT, swatch
from renomap.desktop.tools.paint import BRUSH_PX, PaintTool
from renomap.model.scheme import UNASSIGNED
from renomap.session.schemes import free_colour
from renomap.session.session import Session

#: Options that a tool may have, in the order of the bar.
OPTIONS: Final = ("target", "brush", "unassigned", "snapping")
#: What the list of targets says for an area that the next stroke or sketch makes.
_NEW: Final = -1
_SPACE: Final = 12
_EDGE: Final = 5


class ElidedLabel(QLabel):
    """A line of text that takes what room there is and is cut off with dots."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(40, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(FAINT))
        room = self.rect().adjusted(_SPACE, 0, -4, 0)
        told = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, told)


class ToolOptions(QToolBar):
    """The tool's name, its options, and how it is used."""

    def __init__(self, session: Session, canvas: MapCanvas) -> None:
        super().__init__(movable=False, floatable=False, iconSize=QSize(16, 16))
        self._session = session
        self._canvas = canvas
        self.setObjectName("tool-options")
        self.name = QLabel()
        self.name.setContentsMargins(4, 0, 10, 0)
        self.addWidget(self.name)
        self._target_label, self._brush_label = QLabel(), QLabel()
        self.target = QComboBox(minimumContentsLength=12)
        self.target.activated.connect(self._on_target)
        self.brush = QSlider(Qt.Orientation.Horizontal)
        self.brush.setRange(*BRUSH_PX)
        self.brush.setFixedWidth(110)
        self.brush.valueChanged.connect(self._on_brush)
        self._brush_size = QLabel()
        self.unassigned, self.snapping = QCheckBox(), QCheckBox()
        for check in (self.unassigned, self.snapping):
            check.setStyleSheet(f"margin-left: {_SPACE}px")
        self.unassigned.toggled.connect(lambda on: self._set("only_unassigned", on))
        self.snapping.toggled.connect(lambda on: self._set("snapping", on))
        self._parts: dict[str, list[QAction]] = {
            code: [self.addWidget(part) for part in parts]
            for code, parts in (
                ("target", (self._target_label, self.target)),
                ("brush", (self._brush_label, self.brush, self._brush_size)),
                ("unassigned", (self.unassigned,)),
                ("snapping", (self.snapping,)),
            )
        }
        self.help = ElidedLabel()
        self.addWidget(self.help)
        self._target_label.setBuddy(self.target)
        self._brush_label.setBuddy(self.brush)
        self.setFixedHeight(self.target.sizeHint().height() + 2 * _EDGE)  # the map must not jump
        canvas.tool_changed.connect(self.say)
        canvas.options_changed.connect(self._show_values)
        session.document.selected.connect(self._show_values)
        session.palette.changed.connect(self._show_values)
        session.document.changed.connect(self._show_values)
        session.planner.planned.connect(self._show_values)
        session.speech.changed.connect(self.say)

    def say(self) -> None:
        """Name the tool and show its options, in the language of now."""
        tool, say = self._canvas.tool, self._session.speech
        if tool is None:
            return
        self.setWindowTitle(say("window.options.title"))
        self.name.setText(f"<b>{say(f'window.action.{tool.code}').rstrip('…')}</b>")
        self._target_label.setText(say("window.options.target") + " ")
        self._brush_label.setText("  " + say("window.options.brush") + " ")
        self.unassigned.setText(say("window.action.only-unassigned"))
        self.snapping.setText(say("window.action.snapping"))
        for widget, code in ((self.target, "target"), (self.brush, "brush")):
            widget.setAccessibleName(say(f"window.options.{code}"))
        for code, parts in self._parts.items():
            for part in parts:
                part.setVisible(code in tool.options)
        told = say(f"window.help.{tool.code}")
        self.help.setText(told)
        self.help.setToolTip(told)
        self._show_values()

    def _show_values(self) -> None:
        settings = self._session.settings
        for widget, value in (
            (self.brush, settings.brush_px),
            (self.unassigned, settings.only_unassigned),
            (self.snapping, settings.snapping),
        ):
            widget.blockSignals(True)
            widget.setValue(value) if isinstance(widget, QSlider) else widget.setChecked(bool(value))
            widget.blockSignals(False)
        self._brush_size.setText(f" {settings.brush_px} px  ")
        self._fill_targets()

    def _fill_targets(self) -> None:
        project, plan = self._session.document.project, self._session.planner.plan
        scheme = None if project is None else project.scheme
        self.target.clear()
        self.target.addItem(swatch(free_colour(project)), self._session.speech("window.live.new-area"), _NEW)
        if scheme is not None:
            known = {} if plan is None else plan.areas["name"].to_dict()
            rows = scheme.areas
            for area, called, colour, locked in zip(
                rows.index, rows["name"], rows["colour"], rows["locked"], strict=True
            ):
                name = str(called or known.get(area) or area)
                self.target.addItem(swatch(str(colour)), f"{name} 🔒" if locked else name, int(area))
        chosen = self._session.document.selection.area
        if isinstance(self._canvas.tool, PaintTool):
            self.target.addItem(self._session.speech("window.options.none"), UNASSIGNED)
            chosen = self._session.palette.target
        self.target.setCurrentIndex(max(self.target.findData(_NEW if chosen is None else chosen), 0))

    def _on_target(self, at: int) -> None:
        area = self.target.itemData(at)
        self._session.palette.take(None if area == _NEW else area)
        self._canvas.setFocus()

    def _on_brush(self, value: int) -> None:
        self._session.settings.brush_px = value
        self._brush_size.setText(f" {value} px  ")

    def _set(self, name: str, on: bool) -> None:
        setattr(self._session.settings, name, on)
        self._canvas.options_changed.emit()

"""The layers of the map, the uppermost first: shown or not, how they are drawn, where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from renomap.cartography.layers import LabelLayer, LegendEntry, MapContent, MapLayer, MarkerLayer, ShapeLayer
from renomap.cartography.legend import draw_swatch
from renomap.cartography.linkage import CUTS, LINKS
from renomap.cartography.pencil import Pencil, Rect
from renomap.cartography.symbols import Symbol
from renomap.cartography.underlays import UNDERLAY, UnderlayLayer, underlay_key
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.rendering import Picture
from renomap.desktop.look import icon
from renomap.desktop.naming import crs_text
from renomap.desktop.panels.picture_bar import PictureBar
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.underlay import underlays_of
from renomap.session.session import Session

SWATCH_PX: Final = (26, 14)
#: Swatches look as on a map of this scale.
SWATCH_SCALE: Final = 4_000.0
KEY: Final = int(Qt.ItemDataRole.UserRole)
#: Layers of a map that show rows of the plan, not of a layer of the project.
_ROLES: Final = {"area_fills": Role.AREAS, "outlines": Role.AREAS, "members_ground": Role.AREAS}
#: Icons of the buttons under the list: to the layer, the usual layers, another picture.
_BUTTONS: Final = ("magnify-scan", "restore", "image-plus-outline")
#: What stands for layers that have no line in the legend.
_ICONS: Final = {"labels": "format-letter-case", "area_fills": "palette-outline"}
#: Keys that are shown and hidden together: what is cut by hand is part of who is whose neighbour.
_TOGETHER: Final = {LINKS: (LINKS, CUTS)}


@dataclass(frozen=True)
class LayerRow:
    """A line of the list: the layer, what it is called, how many things it draws, and its legend."""

    key: str
    text: str
    count: str
    tip: str
    entries: tuple[LegendEntry, ...]


def keys_of(key: str) -> tuple[str, ...]:
    """The layers of the map that a line of the list stands for."""
    return _TOGETHER.get(key, (key,))


class LayersPanel(QWidget):
    """A check box for each layer. What is off is a setting of the view, not an undo step."""

    zoom_wanted = Signal(str)
    add_wanted = Signal()
    change_wanted = Signal(object)
    remove_wanted = Signal(str)

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._content: MapContent | None = None
        self.tree = QTreeWidget(columnCount=2)
        self.tree.setHeaderHidden(True)
        self.tree.setIconSize(QSize(*SWATCH_PX))
        self.tree.setIndentation(16)
        self.tree.setUniformRowHeights(True)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemChanged.connect(self._on_item_changed)
        self.tree.itemDoubleClicked.connect(lambda item, _: self._zoom(item))
        self.tree.currentItemChanged.connect(lambda *_: self._enable())
        self.zoom, self.all, self.add = (QToolButton(autoRaise=True) for _ in range(3))
        for button, name in zip((self.zoom, self.all, self.add), _BUTTONS, strict=True):
            button.setIcon(icon(name))
        self.zoom.clicked.connect(lambda: self._zoom(self.tree.currentItem()))
        self.all.clicked.connect(session.shown.reset)
        self.add.clicked.connect(self.add_wanted)
        foot = QHBoxLayout()
        foot.setContentsMargins(6, 4, 6, 6)
        for button in (self.zoom, self.all, self.add):
            foot.addWidget(button)
        foot.addStretch()
        self.picture = PictureBar(session)
        self.picture.changed.connect(self.change_wanted)
        self.picture.removed.connect(self.remove_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.picture)
        layout.addLayout(foot)
        canvas.pictured.connect(self._on_pictured)
        session.shown.changed.connect(self._check)
        session.speech.changed.connect(self._say)
        self._say()

    def item(self, key: str) -> QTreeWidgetItem | None:
        """The line of a layer."""
        return next((item for item in self._items() if item.data(0, KEY) == key), None)

    def _say(self) -> None:
        say = self._session.speech
        self.tree.setAccessibleName(say("window.dock.layers"))
        codes = ("window.layers.zoom", "window.layers.reset", "window.action.add-underlay")
        for button, code in zip((self.zoom, self.all, self.add), codes, strict=True):
            button.setToolTip(say(code))
            button.setAccessibleName(say(code))
        self._enable()

    def _on_pictured(self, picture: Picture | None) -> None:
        content = None if picture is None else picture.content
        if content is not self._content:
            self._content = content
            self._fill()

    def _fill(self) -> None:
        project, content = self._session.document.project, self._content
        open_ = {item.data(0, KEY) for item in self._items() if item.isExpanded()}
        current = self.tree.currentItem()
        kept = None if current is None else current.data(0, KEY)
        self.tree.blockSignals(True)
        self.tree.clear()
        rows = [] if project is None or content is None else list(self._rows(project, content))
        for row in rows:
            item = self._made(row)
            self.tree.addTopLevelItem(item)
            item.setExpanded(row.key in open_)
            if row.key == kept:
                self.tree.setCurrentItem(item)
        self.tree.blockSignals(False)
        self._check()
        self._enable()

    def _rows(self, project: Project, content: MapContent) -> Iterator[LayerRow]:
        say = self._session.speech
        for layer in reversed(content.layers):
            if layer.key == CUTS or isinstance(layer, UnderlayLayer):
                continue
            base, number = _based(layer.key)
            source = _source(project, base, number)
            text = say(f"window.layer.{base}")
            if source is not None and len(project.layers_of(source.role)) > 1:
                text = say("window.layers.further", name=text, title=source.title)
            keys = keys_of(base)
            entries = tuple(e for group in content.legend for e in group.entries if e.layer in keys)
            yield LayerRow(layer.key, text, f"{_count(layer):,}", self._tip(project, source), entries)
        drawn = {layer.key for layer in content.layers}
        for picture in reversed(underlays_of(project)):
            key = underlay_key(picture)
            tip = [picture.path] + ([] if key in drawn else [say("window.layers.gone")])
            yield LayerRow(key, picture.title, "" if key in drawn else "⚠", "\n".join(tip), ())

    def _tip(self, project: Project, source: Layer | None) -> str:
        say = self._session.speech
        crs = crs_text(project, say)
        lines = [say("window.layers.tip-crs", crs=crs), say("window.layers.tip-zoom")]
        if source is not None:
            lines.insert(0, say("window.layers.tip-source", title=source.title, source=source.source or "—"))
        return "\n".join(lines)

    def _made(self, row: LayerRow) -> QTreeWidgetItem:
        item = QTreeWidgetItem([row.text, row.count])
        item.setData(0, KEY, row.key)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setToolTip(0, row.tip)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(1, Qt.GlobalColor.gray)
        if row.entries:
            item.setIcon(0, swatch(row.entries[0].symbols[0], row.entries[0].shape, self.devicePixelRatioF()))
        elif row.key.startswith(UNDERLAY):
            item.setIcon(0, icon("image-outline"))
        elif row.key in _ICONS:
            item.setIcon(0, icon(_ICONS[row.key]))
        if len(row.entries) > 1:
            for entry in row.entries:
                child = QTreeWidgetItem([entry.text])
                child.setIcon(0, swatch(entry.symbols[0], entry.shape, self.devicePixelRatioF()))
                child.setFlags(Qt.ItemFlag.ItemIsEnabled)
                item.addChild(child)
        return item

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.tree.topLevelItem(i) for i in range(self.tree.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _check(self) -> None:
        self.tree.blockSignals(True)
        for item in self._items():
            shown = self._session.shown.has(item.data(0, KEY))
            item.setCheckState(0, Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
        self.tree.blockSignals(False)

    def _enable(self) -> None:
        item, project = self.tree.currentItem(), self._session.document.project
        self.zoom.setEnabled(item is not None)
        self.add.setEnabled(project is not None)
        pictures = () if project is None else underlays_of(project)
        key = None if item is None else item.data(0, KEY)
        picture = next((each for each in pictures if underlay_key(each) == key), None)
        self.picture.show_picture(picture)
        if picture is not None:  # the bar has taken room from the list
            QTimer.singleShot(0, self, self._show_current)

    def _show_current(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            self.tree.scrollToItem(item)

    def _on_item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        key = item.data(0, KEY)
        if key is not None:
            self._session.shown.put(item.checkState(0) == Qt.CheckState.Checked, *keys_of(key))

    def _zoom(self, item: QTreeWidgetItem | None) -> None:
        while item is not None and item.parent() is not None:
            item = item.parent()
        if item is not None:
            self.zoom_wanted.emit(item.data(0, KEY))


def _based(key: str) -> tuple[str, int]:
    """What a layer of the map shows, and the how-manieth of its kind it is (from 0)."""
    base, _, number = key.rpartition("_")
    return (base, int(number) - 1) if number.isdigit() else (key, 0)


def _source(project: Project, base: str, number: int) -> Layer | None:
    if base not in set(Role) or base in _ROLES:
        return None
    layers = [layer for layer in project.layers_of(Role(base)) if layer.visible and len(layer.frame)]
    return layers[number] if number < len(layers) else None


def _count(layer: MapLayer) -> int:
    if isinstance(layer, LabelLayer):
        return len(layer.labels)
    if isinstance(layer, MarkerLayer):
        return len(layer.points)
    return int((layer.classes >= 0).sum()) if isinstance(layer, ShapeLayer) else 1


def swatch(symbol: Symbol, shape: str, ratio: float = 1.0) -> QIcon:
    """A sample of a symbol as the legend draws it."""
    width, height = SWATCH_PX
    pixmap = QPixmap(round(width * ratio), round(height * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pencil = Pencil(painter, 96.0)
    mm = pencil.mm
    draw_swatch(
        pencil, symbol.at(SWATCH_SCALE), shape, Rect(1 / mm, 1.5 / mm, (width - 2) / mm, (height - 3) / mm)
    )
    painter.end()
    return QIcon(pixmap)

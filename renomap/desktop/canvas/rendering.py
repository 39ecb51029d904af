"""Rendering: the one thread that draws the map; the newest wish wins, unchanged layers are kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

from renomap.cartography.choice import clear_of, with_method, without
from renomap.cartography.content import map_content
from renomap.cartography.layers import LabelLayer, MapContent, MapLayer
from renomap.cartography.legend import Groups, legend_on_page
from renomap.cartography.painter import draw_map
from renomap.cartography.underlays import UnderlayLayer
from renomap.errors import Cancelled
from renomap.model.mapview import MapView
from renomap.model.plan import Plan

#: Layers that would hide a picture under the map, and how much of them is drawn over one.
SURFACES = {"landuse", "area_fills", "neighbourhoods", "buildings"}
SEE_THROUGH = 0.6
#: Layers that the legend of the window explains; the ground and the facilities are on the printed one.
THEMATIC = {"neighbourhoods", "discs", "area_fills", "members_ground", "outlines", "links", "cuts", "blocks"}


#: What stands on the picture, where no label goes: left, top, right, bottom in its pixels.
Boxes = tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, eq=False)
class Wish:
    """What is to be drawn, without the layers ``off``; ``hard`` is what no link crosses."""

    plan: Plan
    theme: str
    words: Mapping[str, str]
    view: MapView
    off: frozenset[str] = frozenset()
    hard: gpd.GeoDataFrame | None = None
    avoid: Boxes = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """What was drawn: the image of the view, all that the map could show, and what of it was left out.

    ``letters`` is the layer of labels by itself, for where something is drawn above the image.
    """

    view: MapView
    image: QImage
    content: MapContent
    plan: Plan
    legend: Groups
    off: frozenset[str] = frozenset()
    avoid: Boxes = ()
    letters: QImage | None = None


class Renderer(QObject):
    """Draws wishes in a thread of its own and tells of each finished picture on the main thread.

    Two threads would not be faster: Qt holds Python's lock while it draws.
    """

    drawn = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish: Wish | None = None
        self._closed = False
        self._called = threading.Condition()
        self._images: dict[str, tuple[tuple[Any, ...], MapView, QImage]] = {}
        self._content: tuple[Plan, str, Mapping[str, str], MapContent] | None = None
        self._thread = threading.Thread(target=self._run, name="renomap-render")
        self._thread.start()

    def want(self, wish: Wish) -> None:
        """Draw this as soon as possible; what is being drawn now is given up."""
        with self._called:
            self._wish = wish
            self._called.notify()

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._called:
            self._closed = True
            self._called.notify()
        self._thread.join()

    def progress(self, fraction: float, code: str) -> None:
        """Drawing is too quick to tell how far it is."""

    def partial(self, value: Any) -> None:
        """A half-drawn map is not shown."""

    def check(self) -> None:
        """Give up where something newer is wanted."""
        if self._wish is not None or self._closed:
            raise Cancelled

    def _run(self) -> None:
        while True:
            with self._called:
                self._called.wait_for(lambda: self._closed or self._wish is not None)
                if self._closed:
                    return
                wish, self._wish = self._wish, None
            assert wish is not None
            try:
                self.drawn.emit(self._drawn(wish))
            except Cancelled:
                continue
            except Exception as fault:
                self.failed.emit(fault)

    def _drawn(self, wish: Wish) -> Picture:
        content = self._content_of(wish)
        shown = clear_of(without(content, wish.off), wish.avoid)
        images = [self._image_of(layer, wish.view) for layer in shown.layers]
        self._images = {layer.key: self._images[layer.key] for layer in shown.layers}
        whole = _empty(wish.view)
        painter = QPainter(whole)
        try:
            over_picture = any(isinstance(layer, UnderlayLayer) for layer in shown.layers)
            for layer, image in zip(shown.layers, images, strict=True):
                self.check()
                painter.setOpacity(SEE_THROUGH if over_picture and layer.key in SURFACES else 1.0)
                painter.drawImage(0, 0, image)
        finally:
            painter.end()
        thematic = [group for group in content.legend if {entry.layer for entry in group.entries} & THEMATIC]
        legend = legend_on_page(replace(shown, legend=tuple(thematic)), wish.view)
        letters = images[-1] if shown.layers and isinstance(shown.layers[-1], LabelLayer) else None
        return Picture(wish.view, whole, content, wish.plan, legend, wish.off, wish.avoid, letters)

    def _content_of(self, wish: Wish) -> MapContent:
        known = self._content
        made_from = (wish.plan, wish.theme, wish.words)
        if known is None or any(a is not b for a, b in zip(known, made_from, strict=False)):
            content = map_content(wish.plan, wish.theme, wish.words, printed=False)
            known = (*made_from, with_method(content, wish.plan, wish.hard, wish.words))
            self._content = known
        return known[3]

    def _image_of(self, layer: MapLayer, view: MapView) -> QImage:
        kept = self._images.get(layer.key)
        if kept is not None and kept[1] == view and kept[0] == layer.token:
            return kept[2]
        image = _empty(view)
        painter = QPainter(image)
        try:
            draw_map(painter, view, [layer], self)
        finally:
            painter.end()
        self._images[layer.key] = (layer.token, view, image)
        return image


def _empty(view: MapView) -> QImage:
    image = QImage(round(view.size[0]), round(view.size[1]), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    return image

"""Map furniture: legend, scale bar, north arrow, inset and title block, all in millimetres of the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, log10

import numpy as np

from renomap.cartography.fonts import shortened, text_width, wrapped
from renomap.cartography.layers import LegendEntry, LegendGroup, MapContent, MarkerLayer, ShapeLayer
from renomap.cartography.painter import draw_map, draw_marker, draw_text, hatch_lines, kept_state, pen_of
from renomap.cartography.paths import painter_paths, shapes_of
from renomap.cartography.qt import QtCore, QtGui
from renomap.cartography.symbols import Symbol, symbol
from renomap.model.mapview import MapView

INK = "#222222"
GREY = "#6b6b6b"
RULE = "#9a9a9a"
#: Scale denominators maps are snapped to: round ones that a planner's ruler has.
SCALES: tuple[int, ...] = tuple(
    int(step * 10**power) for power in (2, 3, 4, 5, 6) for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5)
)
LINE = 1.25


@dataclass(frozen=True)
class Rect:
    """A rectangle of the sheet in mm."""

    x: float
    y: float
    w: float
    h: float

    def inset(self, mm: float) -> Rect:
        """The rectangle ``mm`` smaller on every side."""
        return Rect(self.x + mm, self.y + mm, self.w - 2 * mm, self.h - 2 * mm)


class Pencil:
    """Draws on a sheet in millimetres and points; a thin hand on a painter."""

    def __init__(self, painter: QtGui.QPainter, dpi: float) -> None:
        self.painter = painter
        self.mm = dpi / 25.4
        self.pt = dpi / 72.0

    def rect(
        self, r: Rect, *, fill: str | None = None, stroke: str | None = None, width: float = 0.2
    ) -> None:
        """A box."""
        p = self.painter
        p.setBrush(QtGui.QBrush(QtGui.QColor(fill)) if fill else QtCore.Qt.BrushStyle.NoBrush)
        p.setPen(self.pen(stroke, width) if stroke else QtCore.Qt.PenStyle.NoPen)
        p.drawRect(self.box(r))

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = RULE, width: float = 0.2
    ) -> None:
        """A straight line."""
        self.painter.setPen(self.pen(stroke, width))
        points = (QtCore.QPointF(x1 * self.mm, y1 * self.mm), QtCore.QPointF(x2 * self.mm, y2 * self.mm))
        self.painter.drawLine(*points)

    def pen(self, stroke: str | None, width: float, dash: Sequence[float] = ()) -> QtGui.QPen:
        """A pen of a width in mm with mitred corners."""
        pen = pen_of(stroke, width, self.mm, dash)
        pen.setJoinStyle(QtCore.Qt.PenJoinStyle.MiterJoin)
        return pen

    def box(self, r: Rect) -> QtCore.QRectF:
        """The rectangle in units of the painter."""
        return QtCore.QRectF(r.x * self.mm, r.y * self.mm, r.w * self.mm, r.h * self.mm)

    def width(self, text: str, pt: float, bold: bool = False) -> float:
        """Width of a text in mm."""
        return text_width(text, bold) * pt * self.pt / self.mm

    def text(
        self,
        text: str,
        x: float,
        y: float,
        pt: float,
        *,
        room: float | None = None,
        align: str = "left",
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """A line of text whose em box starts at y (mm), shortened to ``room`` mm."""
        if room is not None:
            text = shortened(text, pt * self.pt, room * self.mm, bold)
        if align != "left":
            x -= self.width(text, pt, bold) * (0.5 if align == "middle" else 1.0)
        baseline = y * self.mm + 0.88 * pt * self.pt
        draw_text(self.painter, text, x * self.mm, baseline, pt * self.pt, colour=colour, bold=bold)

    def lines(self, text: str, pt: float, room: float, bold: bool = False) -> list[str]:
        """The text wrapped to ``room`` mm."""
        return wrapped(text, pt * self.pt, room * self.mm, bold)

    def leading(self, pt: float) -> float:
        """Distance of baselines in mm."""
        return pt * self.pt / self.mm * LINE


def snapped_scale(least: float) -> int:
    """The first round scale denominator that is at least ``least``."""
    return next((scale for scale in SCALES if scale >= least * 0.9999), SCALES[-1])


def fitted_view(
    bounds: tuple[float, float, float, float], size: tuple[float, float], dpi: float, margin: float
) -> MapView:
    """A view of a round scale that shows the bounds whole."""
    view = MapView((0.0, 0.0), 1.0, size, dpi).fitted(bounds, margin)
    return replace(view, resolution=snapped_scale(view.scale) / (view.px_per_mm * 1000.0))


def round_length(most_m: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten (metres) that is at most ``most_m``."""
    power = 10.0 ** floor(log10(most_m))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= most_m * 1.000001)


@dataclass(frozen=True)
class LegendLine:
    """A legend entry that is on the page, with what it counts."""

    entry: LegendEntry
    count: int
    symbols: tuple[Symbol, ...]

    @property
    def text(self) -> str:
        """The entry's words with the count in brackets where it counts."""
        return f"{self.entry.text} ({self.count:,})" if self.entry.counted else self.entry.text


def legend_on_page(content: MapContent, view: MapView) -> list[tuple[str, list[LegendLine]]]:
    """The groups of the legend with the entries of which something is drawn on the page.

    An entry of several classes shows the symbols of those on the page, at most three. Groups without entries
    are left out.
    """
    groups = []
    for group in content.legend:
        lines = [line for entry in group.entries if (line := _line(content, entry, view)) is not None]
        if lines:
            groups.append((group.title, lines))
    return groups


def _line(content: MapContent, entry: LegendEntry, view: MapView) -> LegendLine | None:
    present: dict[int, int] = {}
    symbols: tuple[Symbol, ...] = ()
    for layer in content.layers:
        if layer.key != entry.layer and not layer.key.startswith(f"{entry.layer}_"):
            continue
        if isinstance(layer, MarkerLayer):
            xmin, ymin, xmax, ymax = view.extent
            x, y = layer.points[:, 0], layer.points[:, 1]
            seen = layer.classes[(x >= xmin) & (x <= xmax) & (y >= ymin) & (y <= ymax)]
        elif isinstance(layer, ShapeLayer):
            seen = layer.classes[_on_page(layer, view)]
        else:
            continue
        symbols = layer.symbols
        for cls in entry.classes:
            hidden = bool(symbols[cls].max_scale) and view.scale > symbols[cls].max_scale
            count = 0 if hidden else int((seen == cls).sum())
            if count:
                present[cls] = present.get(cls, 0) + count
    if not present:
        return None
    drawn = tuple(symbols[cls] for cls in sorted(present))
    shown = (entry.symbols[0],) if entry.shape != "polygon" or len(entry.symbols) == 1 else drawn[:3]
    return LegendLine(entry, sum(present.values()), shown)


def _on_page(layer: ShapeLayer, view: MapView) -> np.ndarray:
    """Positions of the features that really meet the page, not only with their boxes."""
    import shapely

    shapes = shapes_of(layer.frame)
    rows = shapes.visible(view.extent)
    page = shapely.box(*view.extent)
    shapely.prepare(page)
    return rows[shapely.intersects(page, shapes.geometry[rows])]


SWATCH = (7.0, 3.6)


def legend_height(
    pencil: Pencil, groups: list[tuple[str, list[LegendLine]]], pt: float, room: float
) -> float:
    """Height in mm of the legend set in one column ``room`` mm wide."""
    return sum(height for _, height in _legend_rows(pencil, groups, pt, room))


def _legend_rows(
    pencil: Pencil, groups: list[tuple[str, list[LegendLine]]], pt: float, room: float
) -> list[tuple[tuple[str, LegendLine | str], float]]:
    rows: list[tuple[tuple[str, LegendLine | str], float]] = []
    for title, lines in groups:
        height = len(pencil.lines(title, pt, room, True)) * pencil.leading(pt) + 1.2
        rows.append((("title", title), height))
        for line in lines:
            count = len(pencil.lines(line.text, pt, room - SWATCH[0] - 2.0))
            rows.append((("entry", line), max(count * pencil.leading(pt), SWATCH[1]) + 1.1))
        rows.append((("gap", ""), 1.6))
    return rows


def draw_legend(
    pencil: Pencil, groups: list[tuple[str, list[LegendLine]]], at: Rect, pt: float, *, columns: int = 1
) -> None:
    """The legend in columns from the top left of ``at``; a title is never the last line of a column."""
    gap = 4.0
    room = (at.w - gap * (columns - 1)) / columns
    rows = _legend_rows(pencil, groups, pt, room)
    limit = at.h + 0.01
    x, y = at.x, at.y
    for number, ((kind, what), height) in enumerate(rows):
        ahead = height + (rows[number + 1][1] if kind == "title" and number + 1 < len(rows) else 0.0)
        if kind != "gap" and y + ahead > at.y + limit and y > at.y:
            x, y = x + room + gap, at.y
            if x > at.x + at.w - 1.0:
                return
        if kind == "title":
            for k, text in enumerate(pencil.lines(str(what), pt, room, True)):
                pencil.text(text, x, y + k * pencil.leading(pt), pt, bold=True)
        elif isinstance(what, LegendLine):
            _draw_entry(pencil, what, x, y, height - 1.1, pt, room)
        if not (kind == "gap" and y == at.y):
            y += height


def fitted_columns(
    pencil: Pencil, groups: list[tuple[str, list[LegendLine]]], at: Rect, pt: float, most: int
) -> tuple[int, float]:
    """Number of columns and font size (pt, not under 5.5) with which the legend fits ``at``."""
    size = pt
    while True:
        for columns in range(1, most + 1):
            room = (at.w - 4.0 * (columns - 1)) / columns
            rows = _legend_rows(pencil, groups, size, room)
            # The last line of every column may be left empty when a group does not break well.
            waste = max((height for _, height in rows), default=0.0) * 2 * (columns - 1)
            if sum(height for _, height in rows) + waste <= at.h * columns:
                return columns, size
        if size <= 5.5:
            return most, size
        size -= 0.5


def _draw_entry(
    pencil: Pencil, line: LegendLine, x: float, y: float, height: float, pt: float, room: float
) -> None:
    swatch = Rect(x, y + (height - SWATCH[1]) / 2, *SWATCH)
    for k, item in enumerate(line.symbols):
        width = SWATCH[0] / len(line.symbols)
        part = Rect(swatch.x + k * width, swatch.y, width, swatch.h)
        draw_swatch(pencil, item, line.entry.shape, part)
    texts = pencil.lines(line.text, pt, room - SWATCH[0] - 2.0)
    top = y + (height - len(texts) * pencil.leading(pt)) / 2 + (LINE - 1) / 2 * pencil.leading(pt) / LINE
    for k, text in enumerate(texts):
        pencil.text(text, x + SWATCH[0] + 2.0, top + k * pencil.leading(pt), pt)


def draw_swatch(pencil: Pencil, item: Symbol, shape: str, r: Rect) -> None:
    """A sample of a symbol: a box, a line or a marker."""
    p = pencil.painter
    if shape == "point":
        fit = min(1.0, r.h * 1.1 / item.size_mm)
        draw_marker(p, pencil.mm, item, (r.x + r.w / 2) * pencil.mm, (r.y + r.h / 2) * pencil.mm, fit)
        return
    if shape == "line":
        y = r.y + r.h / 2
        width = min(item.stroke_mm, r.h / 2)
        with kept_state(p):
            if item.casing:
                p.setPen(pencil.pen(item.casing, width + 2 * item.casing_mm))
                p.drawLine(*_ends(pencil, r.x, y, r.x + r.w))
            p.setPen(pencil.pen(item.stroke, width, item.dash))
            p.drawLine(*_ends(pencil, r.x, y, r.x + r.w))
        return
    with kept_state(p):
        pencil.rect(r, fill=item.fill)
        if item.hatch:
            _hatch_box(pencil, item, r)
        p.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        p.setPen(pencil.pen(item.stroke or GREY, max(item.stroke_mm, 0.1), item.dash))
        p.drawRect(pencil.box(r))


def _ends(pencil: Pencil, x1: float, y: float, x2: float) -> tuple[QtCore.QPointF, QtCore.QPointF]:
    return QtCore.QPointF(x1 * pencil.mm, y * pencil.mm), QtCore.QPointF(x2 * pencil.mm, y * pencil.mm)


def _hatch_box(pencil: Pencil, item: Symbol, r: Rect) -> None:
    import shapely

    # The map's y runs up, the sheet's down: mirrored so that a diagonal leans the same way in both.
    frame = (r.x, -r.y - r.h, r.x + r.w, -r.y)
    dense = replace(item, hatch_mm=min(item.hatch_mm, 1.4))
    lines = hatch_lines(np.array([shapely.box(*frame)], dtype=object), frame, dense, 1.0)
    path = painter_paths(lines, np.zeros(1, dtype=np.int64), 1, (0.0, 0.0))[0]
    with kept_state(pencil.painter):
        pencil.painter.scale(pencil.mm, -pencil.mm)
        pencil.painter.setPen(pen_of(item.hatch_colour, item.hatch_stroke_mm, 1.0))
        pencil.painter.drawPath(path)


def draw_scale_bar(
    pencil: Pencil, view: MapView, x: float, y: float, room: float, words: Mapping[str, str]
) -> Rect:
    """A bar of a round length with the numeric scale above it, at most ``room`` mm wide; the ground it covers."""
    metres_per_mm = view.scale / 1000.0
    length = round_length(room * metres_per_mm)
    width = length / metres_per_mm
    pt = 7.0
    unit, factor = ("kilometres", 1000.0) if length >= 2000 else ("metres", 1.0)
    pencil.text(f"1:{view.scale:,.0f}", x, y, 8.5, bold=True)
    top = y + 4.2
    parts = 4
    for k in range(parts):
        fill = INK if k % 2 == 0 else "#ffffff"
        pencil.rect(Rect(x + k * width / parts, top, width / parts, 1.3), fill=fill, stroke=INK, width=0.15)
    under = top + 1.8
    pencil.text("0", x, under, pt, align="left")
    pencil.text(f"{length / factor / 2:g}", x + width / 2, under, pt, align="middle")
    end = f"{length / factor:g} {words[f'maps.{unit}']}"
    number = pencil.width(f"{length / factor:g}", pt) / 2
    pencil.text(end, x + width - number, under, pt)
    return Rect(x, y, max(width - number + pencil.width(end, pt), 18.0), under + pencil.leading(pt) - y)


def draw_north_arrow(pencil: Pencil, x: float, y: float, height: float = 12.0) -> Rect:
    """An arrow to the north (grid north: up) with its N, its top at (x, y); the ground it covers."""
    p, mm = pencil.painter, pencil.mm
    half = height * 0.2
    top, bottom = y + height * 0.34, y + height
    for side, fill in ((-1, INK), (1, "#ffffff")):
        path = QtGui.QPainterPath()
        path.moveTo(x * mm, top * mm)
        path.lineTo((x + side * half) * mm, bottom * mm)
        path.lineTo(x * mm, (bottom - height * 0.14) * mm)
        path.closeSubpath()
        p.setPen(pencil.pen(INK, 0.2))
        p.setBrush(QtGui.QBrush(QtGui.QColor(fill)))
        p.drawPath(path)
    pencil.text("N", x, y, height * 0.8, align="middle", bold=True)
    return Rect(x - half - 1.0, y, 2 * half + 2.0, height)


def draw_inset(pencil: Pencil, overview: MapContent, view: MapView, at: Rect, title: str) -> None:
    """The whole plan, small, with a red box where the sheet is."""
    pencil.rect(at, fill="#ffffff", stroke=RULE)
    inner = at.inset(0.6)
    small = MapView((0.0, 0.0), 1.0, (inner.w * pencil.mm, inner.h * pencil.mm), view.dpi)
    small = small.fitted(overview.bounds, 0.04)
    layers = []
    for key in ("water", "neighbourhoods", "outlines"):
        layer = overview.layer(key)
        if isinstance(layer, ShapeLayer):
            layers.append(_plain(layer, key))
    with kept_state(pencil.painter):
        pencil.painter.translate(inner.x * pencil.mm, inner.y * pencil.mm)
        draw_map(pencil.painter, small, layers)
        left, top = small.to_screen(view.extent[0], view.extent[3])
        right, bottom = small.to_screen(view.extent[2], view.extent[1])
        frame = symbol("inset.frame")
        box = QtCore.QRectF(left, top, right - left, bottom - top)
        pencil.painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        pencil.painter.setPen(pencil.pen(frame.stroke, frame.stroke_mm))
        whole = QtCore.QRectF(0.0, 0.0, *small.size)
        pencil.painter.drawRect(box.intersected(whole))
    pencil.text(title, at.x + 1.2, at.y + 1.0, 6.5, colour=GREY)


def _plain(layer: ShapeLayer, key: str) -> ShapeLayer:
    if key == "water":
        return layer
    item = (
        symbol("inset.neighbourhood") if key == "neighbourhoods" else Symbol(stroke="#7a7a7a", stroke_mm=0.15)
    )
    return ShapeLayer(key, layer.frame, np.zeros(len(layer.classes), dtype=np.int64), (item,))

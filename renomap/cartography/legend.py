"""The legend: what is on the page, with units and counts, set in columns that fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import shapely

from renomap.cartography.layers import IntArray, LegendEntry, MapContent, MarkerLayer, ShapeLayer
from renomap.cartography.painter import draw_marker, hatch_lines, hatch_pen
from renomap.cartography.paths import painter_paths, shapes_of
from renomap.cartography.pencil import GREY, Pencil, Rect
from renomap.cartography.qt import QtCore
from renomap.cartography.states import kept_state
from renomap.cartography.symbols import Symbol, symbol
from renomap.model.mapview import MapView

SWATCH_MM = (7.5, 3.6)
COLUMN_GAP_MM = 4.0
GROUP_GAP_MM = 1.8
ROW_GAP_MM = 1.0
LEAST_PT = 5.5
MOST_SAMPLES = 3  # symbols shown side by side for an entry of many classes


@dataclass(frozen=True)
class LegendLine:
    """A legend entry that is on the page, the number of things it stands for, and their symbols."""

    entry: LegendEntry
    count: int
    symbols: tuple[Symbol, ...]

    @property
    def text(self) -> str:
        """The entry's words, with the count in brackets where it counts."""
        return f"{self.entry.text} ({self.count:,})" if self.entry.counted else self.entry.text


Groups = list[tuple[str, list[LegendLine]]]


@dataclass(frozen=True)
class _Row:
    """A title (``line`` None) or an entry with its place on the sheet (mm)."""

    texts: tuple[str, ...]
    line: LegendLine | None
    x: float
    y: float
    h: float


def legend_on_page(content: MapContent, view: MapView) -> Groups:
    """The groups of the legend with the entries of which something is drawn on the page.

    Groups without entries are left out. Counts are numbers of things that meet the page.
    """
    seen = {layer.key: _classes_on_page(layer, view) for layer in content.layers if not _is_labels(layer)}
    groups: Groups = []
    for group in content.legend:
        lines = [line for entry in group.entries if (line := _line(entry, seen, view)) is not None]
        if lines:
            groups.append((group.title, lines))
    return groups


def legend_of_all(legends: Iterable[Groups]) -> Groups:
    """One legend for several pages: every text that stands on any of them, once and without counts."""
    groups: dict[str, dict[str, LegendLine]] = {}
    for legend in legends:
        for title, lines in legend:
            known = groups.setdefault(title, {})
            for line in lines:
                known.setdefault(line.entry.text, replace(line, entry=replace(line.entry, counted=False)))
    return [(title, list(known.values())) for title, known in groups.items()]


def _is_labels(layer: object) -> bool:
    return not isinstance(layer, ShapeLayer | MarkerLayer)


def _line(entry: LegendEntry, seen: dict[str, IntArray], view: MapView) -> LegendLine | None:
    # Several layers of a role carry the same classes under the keys roads, roads_2...
    classes = [
        value for key, value in seen.items() if key == entry.layer or key.startswith(f"{entry.layer}_")
    ]
    present: dict[int, int] = {}
    for number, cls in enumerate(entry.classes):
        item = entry.symbols[min(number, len(entry.symbols) - 1)]
        hidden = bool(item.max_scale) and view.scale > item.max_scale
        count = 0 if hidden else sum(int((values == cls).sum()) for values in classes)
        if count:
            present[number] = count
    if not present:
        return None
    symbols = (entry.symbols[min(number, len(entry.symbols) - 1)] for number in present)
    shown = tuple(dict.fromkeys(item.at(view.scale) for item in symbols))
    # Pieces of a pattern would be too small to be known again.
    most = 1 if any(item.hatch for item in shown) else MOST_SAMPLES
    return LegendLine(entry, sum(present.values()), shown[:most])


def _classes_on_page(layer: object, view: MapView) -> IntArray:
    """Class of each feature that really meets the page, not only with its box."""
    xmin, ymin, xmax, ymax = view.extent
    if isinstance(layer, MarkerLayer):
        x, y = layer.points[:, 0], layer.points[:, 1]
        return layer.classes[(x >= xmin) & (x <= xmax) & (y >= ymin) & (y <= ymax)]
    assert isinstance(layer, ShapeLayer)
    shapes = shapes_of(layer.frame)
    rows = shapes.visible(view.extent)
    page = shapely.box(xmin, ymin, xmax, ymax)
    shapely.prepare(page)
    seen: IntArray = layer.classes[rows[shapely.intersects(page, shapes.geometry[rows])]]
    return seen


def draw_legend(pencil: Pencil, groups: Groups, at: Rect, *, pt: float = 8.0, columns: int = 2) -> float:
    """Set the legend into ``at`` and draw it.

    Parameters
    ----------
    pt : float
        Font size to begin with; made smaller, down to ``LEAST_PT``, until everything fits.
    columns : int
        Most columns; as few as possible are used.

    Returns
    -------
    float
        The font size used. What does not fit even at the smallest is left out: the last entries are those of
        the ground, which explains itself.
    """
    size, rows = _fitted(pencil, groups, at, pt, columns)
    for row in (row for row in rows if _fits(row, at)):
        _draw_row(pencil, row, size)
    return size


def legend_height(pencil: Pencil, groups: Groups, at: Rect, *, pt: float = 8.0, columns: int = 2) -> float:
    """Height in mm that ``draw_legend`` takes of ``at``; 0.0 without groups. Nothing is drawn."""
    _, rows = _fitted(pencil, groups, at, pt, columns)
    return max((row.y + row.h - ROW_GAP_MM - at.y for row in rows), default=0.0)


def legend_width(pencil: Pencil, groups: Groups, *, pt: float = 8.0) -> float:
    """Width in mm at which no title and no entry of one column is broken; 0.0 without groups."""
    titles = (pencil.width(title, pt, True) for title, _ in groups)
    texts = (pencil.width(line.text, pt) + SWATCH_MM[0] + 2.0 for _, lines in groups for line in lines)
    return max((*titles, *texts), default=0.0)


def _fitted(pencil: Pencil, groups: Groups, at: Rect, pt: float, columns: int) -> tuple[float, list[_Row]]:
    size = pt
    while True:
        for count in range(1, columns + 1):
            rows = _set(pencil, groups, at, size, count)
            if all(_fits(row, at) for row in rows):
                return size, rows
        if size <= LEAST_PT:
            return size, rows
        size -= 0.5


def _fits(row: _Row, at: Rect) -> bool:
    return row.y + row.h - ROW_GAP_MM <= at.y + at.h + 0.01


def _set(pencil: Pencil, groups: Groups, at: Rect, pt: float, columns: int) -> list[_Row]:
    """Rows from the top left; a title is never the last row of a column."""
    room = (at.w - COLUMN_GAP_MM * (columns - 1)) / columns
    rows: list[_Row] = []
    x, y, column = at.x, at.y, 1
    for title, lines in groups:
        group = [_row(pencil, title, line, pt, room) for line in (None, *lines)]
        for k, row in enumerate(group):
            ahead = row.h + (group[1].h if k == 0 else 0.0)
            if y + ahead > at.y + at.h and y > at.y and column < columns:
                x, y, column = x + room + COLUMN_GAP_MM, at.y, column + 1
            rows.append(replace(row, x=x, y=y))
            y += row.h
        y += GROUP_GAP_MM
    return rows


def _row(pencil: Pencil, title: str, line: LegendLine | None, pt: float, room: float) -> _Row:
    """A title or an entry in a column of ``room`` mm, not yet in its place."""
    if line is None:
        texts = pencil.lines(title, pt, room, True)
        return _Row(tuple(texts), None, 0.0, 0.0, len(texts) * pencil.leading(pt) + ROW_GAP_MM)
    texts = pencil.lines(line.text, pt, room - SWATCH_MM[0] - 2.0)
    height = max(len(texts) * pencil.leading(pt) + ROW_GAP_MM, SWATCH_MM[1] + 0.9)
    return _Row(tuple(texts), line, 0.0, 0.0, height)


def _draw_row(pencil: Pencil, row: _Row, pt: float) -> None:
    top = row.y + (row.h - ROW_GAP_MM - len(row.texts) * pencil.leading(pt)) / 2 + 0.12 * pencil.leading(pt)
    left = row.x
    if row.line is not None:
        width, height = SWATCH_MM
        share = width / len(row.line.symbols)
        for k, item in enumerate(row.line.symbols):
            r = Rect(row.x + k * share, row.y + (row.h - ROW_GAP_MM - height) / 2, share, height)
            draw_swatch(pencil, item, row.line.entry.shape, r)
        left += width + 2.0
    for k, text in enumerate(row.texts):
        pencil.text(text, left, top + k * pencil.leading(pt), pt, bold=row.line is None)


def draw_swatch(pencil: Pencil, item: Symbol, shape: str, r: Rect) -> None:
    """A sample of a symbol: a box ('polygon'), a line ('line') or a marker ('point')."""
    with kept_state(pencil.painter):
        if shape == "point":
            x, y = (r.x + r.w / 2) * pencil.mm, (r.y + r.h / 2) * pencil.mm
            draw_marker(pencil.painter, item, x, y, min(item.size_mm, r.h * 1.1) * pencil.mm)
        elif shape == "line":
            _line_swatch(pencil, item, r)
        else:
            pencil.rect(r, fill=item.fill)
            if item.hatch:
                _hatch_box(pencil, item, r)
            pencil.rect(r, stroke=item.stroke or GREY, width=max(item.stroke_mm, 0.1), dash=item.dash)


def _line_swatch(pencil: Pencil, item: Symbol, r: Rect) -> None:
    if item.stroke == "#ffffff":
        pencil.rect(r, fill=symbol("paper").fill)
    y = r.y + r.h / 2
    width = min(item.stroke_mm, r.h / 2)
    for colour, mm, dash in ((item.casing, width + 2 * item.casing_mm, ()), (item.stroke, width, item.dash)):
        if colour:
            pencil.line(r.x, y, r.x + r.w, y, stroke=colour, width=mm, dash=dash)


def _hatch_box(pencil: Pencil, item: Symbol, r: Rect) -> None:
    # The map's y runs up, the sheet's down: mirrored so that a diagonal leans the same way in both.
    frame = (r.x, -r.y - r.h, r.x + r.w, -r.y)
    dense = replace(item, hatch_mm=min(item.hatch_mm, 1.4))
    lines = hatch_lines(np.array([shapely.box(*frame)], dtype=object), frame, dense, 1.0)
    path = painter_paths(lines, np.zeros(1, dtype=np.int64), 1, (0.0, 0.0))[0]
    with kept_state(pencil.painter):
        pencil.painter.scale(pencil.mm, -pencil.mm)
        pencil.painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
        pencil.painter.setPen(hatch_pen(item, 1.0))
        pencil.painter.drawPath(path)

"""Map furniture: the map in its frame at a round scale, with scale bar and north arrow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import floor, log10

from renomap.cartography.layers import LabelLayer, MapContent
from renomap.cartography.painter import draw_map
from renomap.cartography.pencil import INK, Pencil, Rect
from renomap.cartography.qt import QtGui
from renomap.cartography.states import kept_state
from renomap.cartography.symbols import symbol
from renomap.model.feedback import Feedback
from renomap.model.mapview import MapView

#: Scale denominators maps are snapped to: round ones that a planner's ruler has.
SCALES: tuple[int, ...] = tuple(
    int(step * 10**power) for power in (2, 3, 4, 5, 6) for step in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5)
)
BAR_PT = 7.0
BAR_MM = 46.0
SCALE_PT = 8.5


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
class ScaleBar:
    """A bar of a round length: metres, millimetres on the sheet, the ground it covers with its numbers."""

    length_m: float
    width_mm: float
    end: str
    size_mm: tuple[float, float]


def scale_bar(pencil: Pencil, view: MapView, room_mm: float, words: Mapping[str, str]) -> ScaleBar:
    """The longest bar of a round length that is at most ``room_mm`` wide."""
    length = round_length(room_mm * view.scale / 1000.0)
    width = length * 1000.0 / view.scale
    unit, factor = ("kilometres", 1000.0) if length >= 2000 else ("metres", 1.0)
    end = f"{length / factor:g} {words[f'maps.{unit}']}"
    number = pencil.width(f"{length / factor:g}", BAR_PT) / 2
    covered = max(
        width - number + pencil.width(end, BAR_PT), pencil.width(f"1:{view.scale:,.0f}", SCALE_PT, True)
    )
    return ScaleBar(length, width, end, (covered + 1.0, 9.5))


def draw_scale_bar(
    pencil: Pencil, view: MapView, bar: ScaleBar, x: float, y: float, *, ratio: bool = True
) -> None:
    """The numeric scale (``ratio``) and under it the bar, their top left at (x, y) mm."""
    if ratio:
        pencil.text(f"1:{view.scale:,.0f}", x, y, SCALE_PT, bold=True)
    top = y + 4.4
    quarter = bar.width_mm / 4
    for k in range(4):
        fill = INK if k % 2 == 0 else "#ffffff"
        pencil.rect(Rect(x + k * quarter, top, quarter, 1.3), fill=fill, stroke=INK, width=0.15)
    under = top + 1.9
    number, unit = bar.end.split(" ", 1)
    pencil.text("0", x, under, BAR_PT)
    pencil.text(f"{float(number) / 2:g}", x + 2 * quarter, under, BAR_PT, align="middle")
    pencil.text(f"{number} {unit}", x + bar.width_mm - pencil.width(number, BAR_PT) / 2, under, BAR_PT)


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


def draw_framed_map(
    pencil: Pencil,
    frame: Rect,
    view: MapView,
    content: MapContent,
    words: Mapping[str, str],
    *,
    bare: bool = False,
    ratio: bool = True,
    feedback: Feedback | None = None,
) -> None:
    """The map in its frame (mm) with scale bar and north arrow; labels keep clear of them.

    ``bare`` leaves scale bar, arrow and frame line away; without ``ratio`` the bar has no number above it,
    which is false as soon as the picture is shown in another size.
    """
    mm = pencil.mm
    bar = scale_bar(pencil, view, BAR_MM, words)
    corner = Rect(2.5, frame.h - bar.size_mm[1] - 4.5, bar.size_mm[0] + 4.0, bar.size_mm[1] + 2.0)
    arrow = Rect(frame.w - 11.0, 2.5, 8.5, 14.0)
    pieces = () if bare else (corner, arrow)
    avoid = tuple((r.x * mm, r.y * mm, (r.x + r.w) * mm, (r.y + r.h) * mm) for r in pieces)
    layers = [
        replace(layer, avoid=(*layer.avoid, *avoid)) if isinstance(layer, LabelLayer) else layer
        for layer in content.layers
    ]
    pencil.rect(frame, fill=symbol("paper").fill)
    with kept_state(pencil.painter):
        pencil.painter.translate(frame.x * mm, frame.y * mm)
        draw_map(pencil.painter, view, layers, feedback)
        if not bare:
            for piece in pieces:
                pencil.rect(piece, fill="#d9ffffff")
            draw_scale_bar(pencil, view, bar, corner.x + 2.5, corner.y + 1.0, ratio=ratio)
            draw_north_arrow(pencil, arrow.x + arrow.w / 2, arrow.y + 1.0)
    if not bare:
        pencil.rect(frame, stroke=INK, width=0.3)

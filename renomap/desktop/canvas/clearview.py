"""Which part of the map to show so that legend and scale bar hide nothing of what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from math import hypot

from renomap.model.mapview import MapView

Box = tuple[float, float, float, float]
#: Free ground around what is shown, as share of the room that it is given.
MARGIN = 0.05


def clear_view(view: MapView, shown: Box, kept: Box, hidden: Sequence[Box]) -> MapView:
    """The view that shows most closely all of ``shown`` and hides nothing of ``kept``.

    Parameters
    ----------
    shown, kept : (xmin, ymin, xmax, ymax)
        Metres; ``kept`` lies within ``shown``.
    hidden : sequence of (left, top, right, bottom)
        Pixels of the view that something stands on. Where they leave no room at all they are not avoided.
    """
    wide, high = view.size
    lefts = [0.0, *(right for _, _, right, _ in hidden)]
    rights = [wide, *(left for left, _, _, _ in hidden)]
    tops = [0.0, *(bottom for _, _, _, bottom in hidden)]
    bottoms = [high, *(top for _, top, _, _ in hidden)]
    rooms = [
        room for room in product(lefts, tops, rights, bottoms) if room[0] < room[2] and room[1] < room[3]
    ]
    views = [_within(view, shown, room) for room in rooms]
    clear = [one for one in views if not any(_meet(_pixels(one, kept), box) for box in hidden)]
    x, y = (shown[0] + shown[2]) / 2, (shown[1] + shown[3]) / 2
    return min(
        clear or views[:1],
        key=lambda one: (one.resolution, hypot(one.centre[0] - x, one.centre[1] - y)),
    )


def _within(view: MapView, shown: Box, room: Box) -> MapView:
    """The view with ``shown`` in the middle of a room of the picture."""
    left, top, right, bottom = room
    fitted = replace(view, size=(right - left, bottom - top)).fitted(shown, MARGIN)
    x, y = fitted.centre
    across = view.size[0] / 2 - (left + right) / 2
    down = view.size[1] / 2 - (top + bottom) / 2
    centre = (x + across * fitted.resolution, y - down * fitted.resolution)
    return replace(view, centre=centre, resolution=fitted.resolution)


def _pixels(view: MapView, bounds: Box) -> Box:
    left, top = view.to_screen(bounds[0], bounds[3])
    right, bottom = view.to_screen(bounds[2], bounds[1])
    return left, top, right, bottom


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]

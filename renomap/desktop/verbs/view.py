"""Looking: what part of the map is shown, and in which language."""

from __future__ import annotations

from collections.abc import Iterable

from renomap.cartography.layers import MarkerLayer, ShapeLayer
from renomap.cartography.linkage import BLOCKS, LINKS
from renomap.cartography.underlays import UnderlayLayer
from renomap.cartography.warping import ground_of
from renomap.desktop.canvas.twinmap import LEAST_SHOWN_M
from renomap.desktop.desk import Desk
from renomap.desktop.panels.layers import keys_of


def zoom_all(desk: Desk) -> None:
    """Show everything."""
    desk.canvas.fit()


def zoom_selection(desk: Desk) -> None:
    """Show what is chosen."""
    plan, chosen = desk.plan, desk.session.document.selection
    where = plan.neighbourhoods.geometry if chosen.fids else plan.areas.geometry
    wanted = list(chosen.fids) if chosen.fids else [chosen.area]
    shown = where[where.index.isin(wanted)]
    if not shown.empty:  # the plan may still be that of a moment ago
        zoom_to(desk, shown.total_bounds)


def zoom_to(desk: Desk, bounds: Iterable[float]) -> None:
    """Show some ground (xmin, ymin, xmax, ymax) with what is around it, beside legend and scale bar."""
    xmin, ymin, xmax, ymax = (float(value) for value in bounds)
    # one small neighbourhood without anything around it tells nobody where it is
    x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
    wide, high = (max(side, LEAST_SHOWN_M) / 2 for side in (xmax - xmin, ymax - ymin))
    around = (x - wide, y - high, x + wide, y + high)
    desk.canvas.fit_clear(around, (xmin, ymin, xmax, ymax))


def zoom_in(desk: Desk) -> None:
    """Nearer."""
    desk.canvas.zoom(1.5)


def zoom_out(desk: Desk) -> None:
    """Further away."""
    desk.canvas.zoom(1 / 1.5)


def view_back(desk: Desk) -> None:
    """Show what was shown before."""
    desk.trail.step(-1)


def view_forward(desk: Desk) -> None:
    """Take back a step back."""
    desk.trail.step(1)


def zoom_area(desk: Desk) -> None:
    """Show the chosen area whole."""
    zoom_to(desk, desk.plan.areas.geometry.loc[[desk.area]].total_bounds)


def zoom_layer(desk: Desk, key: str) -> None:
    """Show all of a layer of the map."""
    picture = desk.canvas.picture
    layer = None if picture is None else picture.content.layer(key)
    if isinstance(layer, ShapeLayer) and len(layer.frame):
        desk.canvas.fit(layer.frame.total_bounds)
    elif isinstance(layer, MarkerLayer) and len(layer.points):
        desk.canvas.fit((*layer.points.min(axis=0), *layer.points.max(axis=0)))
    elif isinstance(layer, UnderlayLayer) and (ground := ground_of(layer)) is not None:
        desk.canvas.fit(ground)
    else:
        zoom_all(desk)


def links(desk: Desk) -> None:
    """Show who counts as whose neighbour, or not."""
    desk.session.shown.put(not links_is_on(desk), *keys_of(LINKS))


def links_is_on(desk: Desk) -> bool:
    """Whether links are shown."""
    return desk.session.shown.has(LINKS)


def blocks(desk: Desk) -> None:
    """Show what no link crosses, or not."""
    desk.session.shown.put(not blocks_is_on(desk), *keys_of(BLOCKS))


def blocks_is_on(desk: Desk) -> bool:
    """Whether it is shown what no link crosses."""
    return desk.session.shown.has(BLOCKS)


def chinese(desk: Desk) -> None:
    """Speak Chinese."""
    desk.speak("zh")


def english(desk: Desk) -> None:
    """Speak English."""
    desk.speak("en")


def chinese_is_on(desk: Desk) -> bool:
    """Whether the window speaks Chinese."""
    return desk.session.speech.language == "zh"


def english_is_on(desk: Desk) -> bool:
    """Whether the window speaks English."""
    return desk.session.speech.language == "en"

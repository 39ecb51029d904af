"""Looking: what part of the map is shown, and in which language."""

from __future__ import annotations

from collections.abc import Iterable

from renomap.cartography.layers import MarkerLayer, ShapeLayer
from renomap.cartography.linkage import BLOCKS, LINKS
from renomap.cartography.underlays import UnderlayLayer
from renomap.cartography.warping import ground_of
from renomap.desktop.panels.layers import keys_of
from renomap.desktop.verbs.base import Verbs

#: Ground that "zoom to" shows at least, metres.
LEAST_SHOWN_M = 400.0


class ViewVerbs(Verbs):
    """The verbs of the menu."""

    def zoom_all(self) -> None:
        """Show everything."""
        self.window.canvas.fit()

    def zoom_selection(self) -> None:
        """Show what is chosen."""
        plan, chosen = self.plan, self.session.document.selection
        where = plan.neighbourhoods.geometry if chosen.fids else plan.areas.geometry
        wanted = list(chosen.fids) if chosen.fids else [chosen.area]
        shown = where[where.index.isin(wanted)]
        if not shown.empty:  # the plan may still be that of a moment ago
            self.zoom_to(shown.total_bounds)

    def zoom_to(self, bounds: Iterable[float]) -> None:
        """Show some ground (xmin, ymin, xmax, ymax) with what is around it, beside legend and scale bar."""
        xmin, ymin, xmax, ymax = (float(value) for value in bounds)
        # one small neighbourhood without anything around it tells nobody where it is
        x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
        wide, high = (max(side, LEAST_SHOWN_M) / 2 for side in (xmax - xmin, ymax - ymin))
        around = (x - wide, y - high, x + wide, y + high)
        self.window.canvas.fit_clear(around, (xmin, ymin, xmax, ymax))

    def zoom_in(self) -> None:
        """Nearer."""
        self.window.canvas.zoom(1.5)

    def zoom_out(self) -> None:
        """Further away."""
        self.window.canvas.zoom(1 / 1.5)

    def view_back(self) -> None:
        """Show what was shown before."""
        self.window.trail.step(-1)

    def view_forward(self) -> None:
        """Take back a step back."""
        self.window.trail.step(1)

    def zoom_area(self) -> None:
        """Show the chosen area whole."""
        self.zoom_to(self.plan.areas.geometry.loc[[self.area]].total_bounds)

    def zoom_layer(self, key: str) -> None:
        """Show all of a layer of the map."""
        picture = self.window.canvas.picture
        layer = None if picture is None else picture.content.layer(key)
        if isinstance(layer, ShapeLayer) and len(layer.frame):
            self.window.canvas.fit(layer.frame.total_bounds)
        elif isinstance(layer, MarkerLayer) and len(layer.points):
            self.window.canvas.fit((*layer.points.min(axis=0), *layer.points.max(axis=0)))
        elif isinstance(layer, UnderlayLayer) and (ground := ground_of(layer)) is not None:
            self.window.canvas.fit(ground)
        else:
            self.zoom_all()

    def links(self) -> None:
        """Show who counts as whose neighbour, or not."""
        self.session.shown.put(not self.links_is_on(), *keys_of(LINKS))

    def links_is_on(self) -> bool:
        """Whether links are shown."""
        return self.session.shown.has(LINKS)

    def blocks(self) -> None:
        """Show what no link crosses, or not."""
        self.session.shown.put(not self.blocks_is_on(), *keys_of(BLOCKS))

    def blocks_is_on(self) -> bool:
        """Whether it is shown what no link crosses."""
        return self.session.shown.has(BLOCKS)

    def chinese(self) -> None:
        """Speak Chinese."""
        self.window.speak("zh")

    def english(self) -> None:
        """Speak English."""
        self.window.speak("en")

    def chinese_is_on(self) -> bool:
        """Whether the window speaks Chinese."""
        return self.session.speech.language == "zh"

    def english_is_on(self) -> bool:
        """Whether the window speaks English."""
        return self.session.speech.language == "en"

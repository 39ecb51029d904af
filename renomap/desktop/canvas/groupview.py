"""What a grouping shows above the map while it is thought over: links, the best so far, the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from PySide6.QtCore import QObject, QTimer

from renomap.cartography.colours import PALETTE
from renomap.cartography.linkage import link_lines
from renomap.cartography.symbols import symbol
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.model.links import KINDS, Links
from renomap.model.plan import Plan
from renomap.model.problem import Partial
from renomap.model.scheme import UNASSIGNED, Scheme

_PREFIX: Final = "group-"
#: A veil over the scheme that is there, so that the new one is not read together with it.
_VEIL: Final = "#b4fbfaf7"
_LINE: Final = "#5c1a1b"
#: Paint at most so often: the eye gains nothing, and the search wants the processor.
_PAINT_MS: Final = 250
_MARGIN: Final = 0.2


class GroupView(QObject):
    """Overlays of one grouping; ``clear`` takes them away."""

    def __init__(self, canvas: MapCanvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._waiting: tuple[Partial, Plan] | None = None
        self._rest = QTimer(self, interval=_PAINT_MS, singleShot=True)
        self._rest.timeout.connect(self._paint_waiting)

    def show_links(self, links: Links, plan: Plan) -> None:
        """Draw links as lines in the colours of the map's legend; none of a former gap stay."""
        lines = link_lines(links, plan.neighbourhoods).to_numpy()
        for at, kind in enumerate(KINDS):
            look = symbol(f"link.{kind}")
            self._canvas.overlay.show(
                f"{_PREFIX}links-{kind}",
                lines[links.kind == at].tolist(),
                stroke=look.stroke,
                width=2.0,
                level=4,
            )

    def hide_links(self) -> None:
        """Take the links away."""
        self._clear(f"{_PREFIX}links-")

    def show_partial(self, partial: Partial, plan: Plan) -> None:
        """Paint the best so far; of several in quick succession the last is painted."""
        self._waiting = (partial, plan)
        if not self._rest.isActive():
            self._paint_waiting()
            self._rest.start()

    def show_scheme(self, scheme: Scheme, plan: Plan) -> None:
        """Paint a result in its own colours, its areas outlined."""
        self._waiting = None
        colours = {int(area): str(colour) for area, colour in scheme.areas["colour"].items()}
        self._paint(scheme.assignment, colours, plan)
        areas = scheme.assignment.reindex(plan.territories.index, fill_value=UNASSIGNED).to_numpy()
        order = np.argsort(areas, kind="stable")
        begins = np.flatnonzero(np.diff(areas[order], prepend=UNASSIGNED))
        grounds = np.split(plan.territories.to_numpy()[order], begins)[1:]
        # Territories never overlap: of 777 areas a tenth of a second, half a second as a plain union.
        shapes = [shapely.coverage_union_all(ground) for ground in grounds]
        self._canvas.overlay.show(f"{_PREFIX}outlines", shapes, stroke=_LINE, width=2.2, level=4)

    def clear(self) -> None:
        """Show nothing more."""
        self._waiting = None
        self._rest.stop()
        self._clear(_PREFIX)

    def _clear(self, prefix: str) -> None:
        for name in self._canvas.overlay.names(prefix):
            self._canvas.overlay.clear(name)

    def _paint_waiting(self) -> None:
        if self._waiting is None:
            return
        (partial, plan), self._waiting = self._waiting, None
        labels = pd.Series(partial.labels, index=partial.fids) + 1
        colours = {int(label): PALETTE[int(label) * 5 % len(PALETTE)] for label in labels.unique()}
        self._canvas.overlay.clear(f"{_PREFIX}outlines")
        self._paint(labels, colours, plan)
        self._rest.start()

    def _paint(self, areas: pd.Series[Any], colours: Mapping[int, str], plan: Plan) -> None:
        frame = plan.neighbourhoods
        overlay = self._canvas.overlay
        xmin, ymin, xmax, ymax = (float(value) for value in frame.total_bounds)
        wide, high = _MARGIN * (xmax - xmin), _MARGIN * (ymax - ymin)
        veil = shapely.box(xmin - wide, ymin - high, xmax + wide, ymax + high)
        overlay.show(f"{_PREFIX}veil", [veil], fill=_VEIL, level=2)
        known = areas[(areas > UNASSIGNED) & areas.index.isin(frame.index)]
        shapes = frame.geometry.loc[known.index].to_numpy()
        tones = known.map(lambda area: colours.get(int(area), PALETTE[0])).to_numpy()
        for tone in {*PALETTE, *tones}:
            name = f"{_PREFIX}paint-{tone}"
            if (tones == tone).any():
                overlay.show(
                    name, shapes[tones == tone].tolist(), fill=tone, stroke="#8c6d5a", width=0.8, level=3
                )
            else:
                overlay.clear(name)
        out = frame.geometry.loc[frame.index.difference(known.index)].to_numpy()
        overlay.show(f"{_PREFIX}paint-none", out.tolist(), fill="#d9dcdf", level=2.5)

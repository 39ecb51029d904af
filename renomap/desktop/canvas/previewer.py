"""Previewer: what a gesture would change, shown on the map and told before the button is released."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import shapely
from PySide6.QtCore import QObject, Qt, QTimer

from renomap.desktop.canvas.surface import Pointer, Surface
from renomap.desktop.look import ACCENT, SELECTION
from renomap.editing.ground import drawn_boundaries
from renomap.editing.live import StrokeEffect
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, apply
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED
from renomap.session.session import Session
from renomap.session.speech import Speech
from renomap.session.stroke_context import StrokeContext

_TAKEN, _BROKEN, _LINES = "stroke", "broken", "previewer-lines"
#: While the pointer moves an answer is found at most this often, and never takes more than half the time.
_REST_MS: Final = 25
#: What an unfinished sketch is refused for is no news: it is unfinished.
_UNFINISHED: Final = frozenset(
    {
        "editing.too-few-points",
        "editing.too-small",
        "editing.line-misses",
        "editing.nothing-inside",
        "editing.split-all",
        "window.reason.no-area",
    }
)


@dataclass(frozen=True)
class Preview:
    """What is told of a gesture that is on its way: numbers and broken rules, or why it cannot be done."""

    context: StrokeContext
    effect: StrokeEffect | None = None
    after: Project | None = None
    fault: RenomapError | None = None

    def warnings(self, say: Speech) -> list[str]:
        """Each rule that would be broken, or why it cannot be done, in a sentence."""
        lines = [] if self.fault is None else [say.error(self.fault)]
        for item in () if self.effect is None else self.effect.findings:
            fresh = item.area not in self.context.rules.names
            named = {"name": say("window.live.new-area")} if fresh else {}
            lines.append(say(item.code, **(dict(item.params) | named)))
        return lines


class Previewer(QObject):
    """Shows on the map what changes hands, hatches what breaks a rule, tells the tag and the status bar."""

    def __init__(self, session: Session, canvas: Surface) -> None:
        super().__init__(canvas.viewport())
        self._session = session
        self._canvas = canvas
        self._make: Callable[[StrokeContext], ChangeSet] | None = None
        self._at: Pointer | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._answer)

    def show(self, preview: Preview, colours: Mapping[int, str], at: Pointer) -> None:
        """Show a effect: what is taken in the colour of its area to be, what breaks a rule hatched."""
        context, effect, overlay = preview.context, preview.effect, self._canvas.overlay
        shapes = context.plan.neighbourhoods.geometry
        by_area: dict[int, list[int]] = {}
        for fid, area in zip(*((effect.fids, effect.to) if effect else ((), ())), strict=True):
            by_area.setdefault(area, []).append(fid)
        names = {f"{_TAKEN}-{area}" for area in by_area}
        for name in set(overlay.names(_TAKEN)) - names:
            overlay.clear(name)
        for area, fids in by_area.items():
            colour = colours.get(area, "#f1f3f5")
            overlay.show(
                f"{_TAKEN}-{area}", shapes.loc[fids].to_numpy(),
                stroke="#333f4b", width=1.4, fill=f"#b8{colour[1:]}", level=6,
            )  # fmt: skip
        broken = sorted({fid for finding in (effect.findings if effect else ()) for fid in finding.fids})
        if broken:
            pattern = Qt.BrushStyle.BDiagPattern
            overlay.show(
                _BROKEN, shapes.loc[broken].to_numpy(),
                stroke=SELECTION, width=2.0, fill="#c92a2a", pattern=pattern, level=7,
            )  # fmt: skip
        else:
            overlay.clear(_BROKEN)
        self._canvas.previewed.emit(preview)
        self._canvas.preview_moved.emit(at)

    def ask(self, make: Callable[[StrokeContext], ChangeSet], at: Pointer) -> None:
        """Work out soon what a change would mean; a later question replaces one that was not answered."""
        self._make, self._at = make, at
        if not self._rest.isActive():
            self._rest.start()

    def keep(self) -> None:
        """Leave what is taken on the map until the map itself shows it."""
        for name in self._canvas.overlay.names(_TAKEN):
            self._canvas.keep_until_drawn(name)

    def clear(self) -> None:
        """Show nothing and answer no more."""
        self._rest.stop()
        self._make = None
        for name in (*self._canvas.overlay.names(_TAKEN), _BROKEN, _LINES):
            self._canvas.overlay.clear(name)
        self._canvas.previewed.emit(None)

    def _answer(self) -> None:
        context = self._session.planner.context
        if self._make is None or self._at is None or context is None:
            return
        if context.plan.project is not self._session.document.project:
            return  # outlines of a moment ago would mislead
        began = perf_counter()
        try:
            change = self._make(context)
        except RenomapError as fault:
            preview = Preview(context, fault=None if fault.code in _UNFINISHED else fault)
            self._canvas.overlay.clear(_LINES)
            self.show(preview, {}, self._at)
        else:
            self._tell(context, change)
        self._rest.setInterval(max(_REST_MS, round(2000 * (perf_counter() - began))))

    def _tell(self, context: StrokeContext, change: ChangeSet) -> None:
        assert self._at is not None
        after = apply(context.project, change)
        scheme = after.scheme
        assert scheme is not None
        chosen = self._session.document.selection.area
        effect = context.foreseen(after, UNASSIGNED if chosen is None else chosen)
        colours = {int(area): str(colour) for area, colour in scheme.areas["colour"].items()}
        self._show_lines(context.project, after)
        self.show(Preview(context, effect, after), colours, self._at)

    def _show_lines(self, before: Project, after: Project) -> None:
        """The boundaries as they would be, of those that change."""
        old, new = (
            drawn_boundaries(project.scheme) if project.scheme is not None else {}
            for project in (before, after)
        )
        shapes = [
            shape
            for area, shape in new.items()
            if area not in old or not shapely.equals_identical(old[area], shape)
        ]
        self._canvas.overlay.show(_LINES, shapes, stroke=ACCENT, width=2.0, dash=(4, 3), level=8)

"""Side: one click makes a side of a boundary straight, lays it along the road, or derives it."""

from __future__ import annotations

from collections.abc import Callable

import shapely

from renomap.desktop.canvas.magnet import SNAP_PX
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Gesture, Tool
from renomap.desktop.desk import Desk
from renomap.desktop.look import ACCENT, SELECTION
from renomap.editing.boundaries import reshape
from renomap.editing.ground import boundaries
from renomap.editing.sides import along_road, as_derived, side_at, straightened
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.session.guides import derived_line, roads_of
from renomap.session.session import Session
from renomap.session.stroke_context import StrokeContext

#: What a side becomes: context, area, the side as it is.
Becomes = Callable[[StrokeContext, int, shapely.Geometry], shapely.Geometry]


def straight(context: StrokeContext, area: int, side: shapely.Geometry) -> shapely.Geometry:
    """The side without its bends."""
    return straightened(side)


def on_road(context: StrokeContext, area: int, side: shapely.Geometry) -> shapely.Geometry:
    """The side along the edges of streets, banks, railways and administrative lines near it."""
    return along_road(side, roads_of(context))


def rederived(context: StrokeContext, area: int, side: shapely.Geometry) -> shapely.Geometry:
    """The side where the derived line runs."""
    derived = derived_line(context, area)
    return side if derived.is_empty else as_derived(side, derived)


class SideTool(Tool):
    """Shows the side under the pointer, the line that it would become and what that moves; a click does it.

    A click elsewhere chooses another area.
    """

    options = frozenset({"target"})

    def __init__(self, session: Session, code: str, becomes: Becomes) -> None:
        super().__init__(code)
        self._session = session
        self._becomes = becomes
        self._side: shapely.Geometry | None = None

    def stop(self) -> None:
        """Take the side off the map."""
        self.refresh()

    def refresh(self) -> None:
        """Nothing is under the pointer any more."""
        self._side = None
        if self._canvas is not None:
            for name in ("side", "side-new"):
                self.canvas.overlay.clear(name)
            self.canvas.previewer.clear()

    def hover(self, pointer: Pointer) -> None:
        """Show the side under the pointer and what it would become."""
        side = self._under(pointer)
        if side is None:
            self.refresh()
            return
        context = self._session.planner.context
        if context is None or (self._side is not None and shapely.equals_identical(side, self._side)):
            return
        self._side = side
        overlay = self.canvas.overlay
        overlay.show("side", [side], stroke=SELECTION, width=4.0, level=8)
        new = self._becomes(context, self._area(), side)
        overlay.show("side-new", [new], stroke=ACCENT, width=2.5, level=9)
        self.canvas.previewer.ask(lambda context: self._change(context, side), pointer)

    def gesture(self, pointer: Pointer) -> Gesture:
        """A click redraws the side; beside the boundary it chooses an area."""
        self.hover(pointer)
        side = self._side
        if side is None:
            self.canvas.pick_area(pointer)
            return
        while (yield) is not None:
            pass
        context, document = self._session.planner.context, self._session.document
        if context is None or context.plan.project is not document.project:
            return
        try:
            if document.holder is not None:
                raise document.holder
            change = self._change(context, side)
        except RenomapError as fault:
            self.canvas.refused.emit(fault)
            return
        self.canvas.previewer.keep()
        document.apply(change)
        self.refresh()

    def _change(self, context: StrokeContext, side: shapely.Geometry) -> ChangeSet:
        area, shown = self._area(), context.plan.areas.geometry
        line = self._becomes(context, area, side)
        return reshape(context.project, area, line, shown, may_join=context.may_join)

    def _under(self, pointer: Pointer) -> shapely.Geometry | None:
        """The side of the chosen area within reach of the pointer."""
        plan, area = self._session.planner.plan, self._session.document.selection.area
        if plan is None or plan.scheme is None or area not in plan.areas.index:
            return None
        shape = boundaries(plan.scheme, plan.areas.geometry).get(int(area or 0))
        spot = shapely.Point(pointer.x, pointer.y)
        if shape is None or shape.is_empty:
            return None
        reach = SNAP_PX * self.canvas.view.resolution
        near = shapely.distance(shapely.boundary(shape), spot) <= reach
        return side_at(shape, (pointer.x, pointer.y)) if near else None

    def _area(self) -> int:
        area = self._session.document.selection.area
        if area is None:
            raise RenomapError("window.reason.no-area")
        return area


def straightening(desk: Desk, code: str) -> Tool:
    """The tool that makes a side straight."""
    return SideTool(desk.session, code, straight)


def roadside(desk: Desk, code: str) -> Tool:
    """The tool that lays a side along the road."""
    return SideTool(desk.session, code, on_road)


def rederiving(desk: Desk, code: str) -> Tool:
    """The tool that gives a side back to the derived line."""
    return SideTool(desk.session, code, rederived)

"""Vertex: move, insert and remove corners of a boundary; neighbours that share it go along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from PySide6.QtCore import Qt

from renomap.desktop.canvas.magnet import SNAP_PX
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import REMOVING, Gesture, Measured, Tool, ToolSurface
from renomap.desktop.desk import Desk
from renomap.desktop.look import ACCENT, SELECTION
from renomap.editing.ground import boundaries
from renomap.editing.schemes import require_open
from renomap.editing.vertices import Place, add_vertex, arms, bent, corners, move_vertex, remove_vertex
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.session.session import Session
from renomap.session.stroke_context import StrokeContext

_OVERLAYS: Final = ("handles", "handle", "arms")
_HANDLE_PX: Final = 3.5


@dataclass(frozen=True)
class Grip:
    """What is held: a corner, or a place on the line that becomes one."""

    at: Place
    is_corner: bool


class VertexTool(Tool):
    """Drags corners of the chosen area; a click takes one up and the next click puts it down.

    A press on the line puts a corner there, Del removes the one under the pointer, a press elsewhere chooses
    another area.
    """

    options = frozenset({"target", "snapping"})

    def __init__(self, session: Session, code: str = "vertex") -> None:
        super().__init__(code)
        self._session = session
        self._held: Grip | None = None
        self._under: Grip | None = None

    @property
    def takes_right(self) -> bool:
        """The right button puts back what was taken up."""
        return self._held is not None

    def start(self, canvas: ToolSurface) -> None:
        """Show the handles of the chosen area."""
        super().start(canvas)
        self.refresh()

    @property
    def own_keys(self) -> frozenset[Qt.Key]:
        """Del is for corners."""
        return REMOVING

    @property
    def is_busy(self) -> bool:
        """No tag about the ground while a corner is being moved."""
        return self._held is not None

    def stop(self) -> None:
        """Take the handles off the map; what was taken up goes back."""
        self._held = self._under = None
        if self._canvas is not None:
            self._drop_preview()
            for name in _OVERLAYS:
                self.canvas.overlay.clear(name)
            self.canvas.magnet.mark(None)

    def refresh(self) -> None:
        """Show the handles of the boundary as it is now."""
        shape = self._shape()
        if shape is None:
            for name in _OVERLAYS:
                self.canvas.overlay.clear(name)
            return
        self._show_handles(shape)

    def hover(self, pointer: Pointer) -> None:
        """Show what a press would take hold of, or move on what is held."""
        if self._held is not None:
            self._preview(self._held, pointer)
            return
        self._under = self._grip(pointer)
        self._show_grip(self._under)

    def gesture(self, pointer: Pointer) -> Gesture:
        """A drag moves; a click takes up, and the next puts down."""
        if self._held is not None:
            held, self._held = self._held, None
            self._drop_preview()
            if not pointer.right:
                self._put(held, pointer)
            return
        grip = self._grip(pointer)
        if grip is None:
            self.canvas.pick_area(pointer)
            return
        self._check_open()
        at, dragged = pointer, False
        try:
            while (moved := (yield)) is not None:
                at, dragged = moved, dragged or moved.far_from(pointer)
                if dragged:
                    self._preview(grip, at)
        finally:  # also where Esc ends it
            self._drop_preview()
        if dragged:
            self._put(grip, at)
        else:
            self._held = grip
            self._preview(grip, at)

    def double(self, pointer: Pointer) -> bool:
        """A double click on the line leaves a corner where it is."""
        held, self._held = self._held, None
        if held is None or held.is_corner:
            self._drop_preview()
            return held is not None
        self._drop_preview()
        self._apply(lambda context: self._edit(context, held, held.at))
        return True

    def key(self, key: int) -> bool:
        """Del removes the corner under the pointer; Esc puts back what was taken up."""
        if key == Qt.Key.Key_Escape and self._held is not None:
            self._held = None
            self._drop_preview()
            return True
        if key not in REMOVING:
            return False
        grip = self._held or self._under
        if grip is not None and grip.is_corner:
            self._held = self._under = None
            self._drop_preview()
            self._apply(lambda context: self._removed(context, grip))
        return True

    def _shape(self) -> shapely.Geometry | None:
        """The boundary of the chosen area as it is shown."""
        plan, area = self._session.planner.plan, self._session.document.selection.area
        if plan is None or plan.scheme is None or area not in plan.areas.index:
            return None
        return boundaries(plan.scheme, plan.areas.geometry).get(int(area or 0))

    def _grip(self, pointer: Pointer) -> Grip | None:
        """The nearest corner within reach, else the nearest place on the line, else None."""
        shape = self._shape()
        if shape is None:
            return None
        reach = SNAP_PX * self.canvas.view.resolution
        places = corners(shape)
        away = np.hypot(*(places - (pointer.x, pointer.y)).T)
        nearest = int(away.argmin())
        if away[nearest] <= reach:
            x, y = places[nearest].tolist()
            return Grip((x, y), is_corner=True)
        line = shapely.shortest_line(shapely.boundary(shape), shapely.Point(pointer.x, pointer.y))
        if shapely.length(line) > reach:
            return None
        x, y = shapely.get_coordinates(line)[0].tolist()
        return Grip((x, y), is_corner=False)

    def _target(self, grip: Grip, pointer: Pointer) -> Place:
        """Where the corner goes: snapped to anything but the boundary that it is a corner of."""
        shape = self._shape()
        return self.canvas.magnet.place(pointer, None if shape is None else shapely.boundary(shape))

    def _preview(self, grip: Grip, pointer: Pointer) -> None:
        shape, canvas = self._shape(), self.canvas
        if shape is None:
            return
        to = self._target(grip, pointer)
        lines = [shapely.LineString([place, to]) for place in arms(shape, grip.at)]
        canvas.overlay.show("arms", lines, stroke=ACCENT, width=2.0, level=9)
        self._show_grip(Grip(to, is_corner=True))
        new = bent(shape, grip.at, to)
        canvas.measured.emit(Measured(float(shapely.length(new)), float(shapely.area(new))))
        canvas.preview_moved.emit(pointer)
        canvas.previewer.ask(lambda context: self._edit(context, grip, to), pointer)

    def _drop_preview(self) -> None:
        canvas = self.canvas
        canvas.overlay.clear("arms")
        canvas.overlay.clear("handle")
        canvas.magnet.mark(None)
        canvas.measured.emit(None)
        canvas.previewer.clear()

    def _put(self, grip: Grip, pointer: Pointer) -> None:
        to = self._target(grip, pointer)
        self.canvas.magnet.mark(None)
        self._apply(lambda context: self._edit(context, grip, to))

    def _edit(self, context: StrokeContext, grip: Grip, to: Place) -> ChangeSet:
        edit = move_vertex if grip.is_corner else add_vertex
        outlines = context.plan.areas.geometry
        return edit(context.project, self._area(), grip.at, to, outlines, may_join=context.may_join)

    def _removed(self, context: StrokeContext, grip: Grip) -> ChangeSet:
        outlines = context.plan.areas.geometry
        return remove_vertex(context.project, self._area(), grip.at, outlines, may_join=context.may_join)

    def _apply(self, make: Callable[[StrokeContext], ChangeSet]) -> None:
        context, document = self._session.planner.context, self._session.document
        if context is None or context.plan.project is not document.project:
            return  # the boundary of a moment ago may be another now
        try:
            document.apply(make(context))
        except RenomapError as fault:
            self.canvas.refused.emit(fault)

    def _area(self) -> int:
        area = self._session.document.selection.area
        if area is None:
            raise RenomapError("window.reason.no-area")
        return area

    def _check_open(self) -> None:
        """Refuse at once what could not be put down anywhere."""
        document = self._session.document
        if document.holder is not None:
            raise document.holder
        if document.project is not None and document.project.scheme is not None:
            require_open(document.project.scheme, [self._area()])

    def _show_handles(self, shape: shapely.Geometry) -> None:
        half = _HANDLE_PX * self.canvas.view.resolution
        places = corners(shape)
        # where corners stand closer than their handles, one handle for all tells where to zoom in
        _, first = np.unique(np.round(places / (3 * half)), axis=0, return_index=True)
        places = places[first]
        boxes = shapely.box(*(places - half).T, *(places + half).T)
        self.canvas.overlay.show("handles", boxes, stroke=ACCENT, width=1.2, fill="#ffffff", level=8)

    def _show_grip(self, grip: Grip | None) -> None:
        overlay = self.canvas.overlay
        if grip is None:
            overlay.clear("handle")
            return
        size = 1.7 * _HANDLE_PX * self.canvas.view.resolution
        x, y = grip.at
        mark = (
            shapely.box(x - size, y - size, x + size, y + size)
            if grip.is_corner
            else shapely.Point(x, y).buffer(size, quad_segs=1)
        )
        fill = SELECTION if grip.is_corner else "#ffffff"
        overlay.show("handle", [mark], stroke=SELECTION, width=1.6, fill=fill, level=9)


def vertices(desk: Desk, code: str) -> Tool:
    """The tool that moves, adds and removes corners of boundaries."""
    return VertexTool(desk.session, code)

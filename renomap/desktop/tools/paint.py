"""Paint: neighbourhoods go into an area under the brush, a rectangle or a lasso; numbers answer at once."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import shapely
from PySide6.QtCore import Qt

from renomap.desktop.canvas.previewer import Preview
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tool import Gesture, Tool, ToolSurface
from renomap.desktop.desk import Desk
from renomap.editing.assign import paint
from renomap.editing.live import Stroke, StrokeEffect
from renomap.editing.schemes import NewArea, area_name, free_area_id
from renomap.errors import RenomapError
from renomap.model.scheme import UNASSIGNED
from renomap.session.schemes import free_colour
from renomap.session.session import Session
from renomap.session.stroke_context import StrokeContext

BRUSHES: Final = ("brush", "rectangle", "lasso")
BRUSH_PX: Final = (4, 160)
#: One key press or notch of the wheel makes the brush so much larger.
BRUSH_STEP: Final = 1.25


@dataclass(frozen=True)
class StrokeTarget:
    """What one stroke paints with: an area of the plan or a new one, and whether it takes from others."""

    context: StrokeContext
    area: int
    colour: str
    new: NewArea | None
    only_unassigned: bool

    def begun(self) -> Stroke:
        """A stroke that has touched nothing yet."""
        return self.context.stroke(self.area, only_unassigned=self.only_unassigned)

    def show(self, canvas: ToolSurface, effect: StrokeEffect, pointer: Pointer) -> None:
        """Show on the map what the stroke would do."""
        canvas.previewer.show(Preview(self.context, effect), {self.area: self.colour}, pointer)


class PaintTool(Tool):
    """Paints with the area that is chosen; the right button and the eraser take neighbourhoods out.

    ``shape`` is how it reaches: one of ``BRUSHES``. ``target`` is an area id, 0 for the eraser, None
    for an area that the stroke creates.
    """

    def __init__(self, session: Session, code: str, shape: str = "brush", *, erases: bool = False) -> None:
        super().__init__(code)
        self.shape = shape
        self.erases = erases
        own = {"brush"} if shape == "brush" else set()
        self.options = frozenset(own if erases else own | {"target", "unassigned"})
        self._session = session
        self._held: int | None = None

    def stop(self) -> None:
        """Take the brush off the map."""
        self._held = None
        self._clean()

    @property
    def takes_right(self) -> bool:
        """The right button takes out."""
        return True

    @property
    def target(self) -> int | None:
        """What the next stroke paints with."""
        return UNASSIGNED if self.erases else self._session.palette.target

    @property
    def brush_px(self) -> int:
        """Width of the brush on the screen; all brushes share it."""
        return self._session.settings.brush_px

    def hover(self, pointer: Pointer) -> None:
        """Show how far the brush reaches, and say before the button is pressed where it may not paint."""
        self._show_reach(pointer)
        self._show_lock(pointer)

    def _show_lock(self, pointer: Pointer) -> None:
        """A locked area under the pointer, or to be painted with, forbids it."""
        context, fid = self._session.planner.context, self.canvas.index.at(pointer.x, pointer.y)
        held: int | None = None
        if context is not None and context.locked:
            under = None if fid is None else self._session.document.area_of([fid])
            held = next((area for area in (self.target, under) if area in context.locked), None)
        if held == self._held:
            return
        self._held = held
        self.canvas.viewport().setCursor(self.cursor if held is None else Qt.CursorShape.ForbiddenCursor)
        if held is not None and context is not None and context.project.scheme is not None:
            fault = RenomapError("editing.locked", area=area_name(context.project.scheme, held))
            self.canvas.refused.emit(fault)

    def turn(self, pointer: Pointer, steps: float) -> bool:
        """Ctrl or Alt and the wheel change the brush."""
        if self.shape != "brush" or not (pointer.ctrl or pointer.alt):
            return False
        self.resize(BRUSH_STEP**steps)
        self._show_reach(pointer)
        return True

    def resize(self, factor: float) -> None:
        """Make the brush larger (> 1) or smaller."""
        low, high = BRUSH_PX
        wanted = self.brush_px * factor
        # small brushes would not change at all where the factor is lost in rounding
        wanted = max(wanted, self.brush_px + 1) if factor > 1 else min(wanted, self.brush_px - 1)
        self._session.settings.brush_px = round(min(max(wanted, low), high))
        self.canvas.options_changed.emit()

    def key(self, key: int) -> bool:
        """[ and ] change the brush, 1 to 9 choose an area, 0 none, N a new one."""
        plan, palette = self._session.planner.plan, self._session.palette
        if key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.resize(BRUSH_STEP if key == Qt.Key.Key_BracketRight else 1 / BRUSH_STEP)
            return True
        if key in (Qt.Key.Key_N, Qt.Key.Key_0):
            palette.take(None if key == Qt.Key.Key_N else UNASSIGNED)
            return True
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and plan is not None:
            number = key - Qt.Key.Key_1
            if number < len(plan.areas):
                palette.take(int(plan.areas.index[number]))
            return True
        return False

    def gesture(self, pointer: Pointer) -> Gesture:
        """One stroke from press to release: one undo step. Esc on the way leaves everything as it was."""
        context, document = self._session.planner.context, self._session.document
        if context is None or context.project is not document.project:
            return  # another change is being counted; strokes are possible again when it is
        if pointer.alt:
            self.canvas.pick_area(pointer)
            return
        if document.holder is not None:
            raise document.holder
        goal = self._goal(context, erases=pointer.right)
        with self._tidied():  # also where Esc ends it
            effect = yield from self._follow(goal, pointer)
            self.canvas.previewer.keep()
        if effect.fids:
            self._apply(goal, effect)

    def _goal(self, context: StrokeContext, *, erases: bool) -> StrokeTarget:
        """What a stroke that begins now paints with; refused where the area is locked."""
        scheme = context.project.scheme
        if scheme is None:
            raise RenomapError("editing.no-scheme")
        wanted = UNASSIGNED if erases else self.target
        target = free_area_id(scheme) if wanted is None else wanted
        if target in context.locked:
            raise RenomapError("editing.locked", area=area_name(scheme, target))
        new = NewArea("", free_colour(context.project)) if wanted is None else None
        colour = self._colour(context, target) if new is None else new.colour
        return StrokeTarget(context, target, colour, new, self._session.settings.only_unassigned)

    def _follow(self, goal: StrokeTarget, pointer: Pointer) -> Generator[None, Pointer | None, StrokeEffect]:
        """Show what the stroke would do until the button is released; what it does in the end."""
        canvas, path = self.canvas, [pointer]
        stroke = goal.begun()
        effect = stroke.touch(self._reached(path))
        goal.show(canvas, effect, pointer)
        while (moved := (yield)) is not None:
            path.append(moved)
            known = len(effect.fids)
            if self.shape == "brush":
                effect = stroke.touch(self._reached(path[-2:]))
            else:  # what a rectangle or lasso holds can shrink again: the stroke begins anew
                effect = goal.begun().touch(self._reached(path))
            self._show_reach(moved, path)
            if self.shape != "brush" or len(effect.fids) != known:
                goal.show(canvas, effect, moved)
            else:
                canvas.preview_moved.emit(moved)
        return effect

    def _apply(self, goal: StrokeTarget, effect: StrokeEffect) -> None:
        """Make the stroke one change of the project; a new area that it makes is chosen."""
        context, document = goal.context, self._session.document
        into = goal.area if goal.new is None else goal.new
        document.apply(
            paint(
                context.project, effect.fids, into,
                territories=context.plan.territories, only_unassigned=goal.only_unassigned,
            )
        )  # fmt: skip
        if goal.new is not None:
            document.select((), goal.area)
        self.canvas.stroked.emit(effect)

    @contextmanager
    def _tidied(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._clean()

    def _clean(self) -> None:
        if self._canvas is not None:
            self.canvas.overlay.clear("reach")
            self.canvas.previewer.clear()

    def _reach(self, path: list[Pointer]) -> shapely.Geometry:
        points = [(at.x, at.y) for at in path]
        if self.shape == "rectangle":
            (x1, y1), (x2, y2) = points[0], points[-1]
            return shapely.box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if self.shape == "lasso" and len(points) > 2:
            return shapely.make_valid(shapely.Polygon(points))
        line = shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])
        radius = self.brush_px / 2 if self.shape == "brush" else 1.0
        return shapely.buffer(line, radius * self.canvas.view.resolution)

    def _reached(self, path: list[Pointer]) -> list[int]:
        return self.canvas.index.touching(self._reach(path), whole=self.shape != "brush")

    def _show_reach(self, pointer: Pointer, path: list[Pointer] | None = None) -> None:
        shape = self._reach(path if path and self.shape != "brush" else [pointer])
        if self.shape == "brush" or path:
            self.canvas.overlay.show("reach", [shape], stroke="#c0333f4b", width=1.2, level=9)

    def _colour(self, context: StrokeContext, target: int) -> str:
        scheme = context.project.scheme
        if scheme is None or target not in scheme.areas.index:
            return "#f1f3f5"
        return str(scheme.areas.at[target, "colour"])


def brush(desk: Desk, code: str) -> Tool:
    """The brush."""
    return PaintTool(desk.session, code)


def rectangle(desk: Desk, code: str) -> Tool:
    """Painting by a box."""
    return PaintTool(desk.session, code, "rectangle")


def lasso(desk: Desk, code: str) -> Tool:
    """Painting by a line around what is meant."""
    return PaintTool(desk.session, code, "lasso")


def eraser(desk: Desk, code: str) -> Tool:
    """The brush that takes out of areas."""
    return PaintTool(desk.session, code, erases=True)

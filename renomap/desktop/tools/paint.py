"""Paint: neighbourhoods go into an area under the brush, a rectangle or a lasso; numbers answer at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import shapely
from PySide6.QtCore import Qt

from renomap.desktop.look import SELECTION
from renomap.desktop.tools.base import Gesture, Pointer
from renomap.editing.assign import paint
from renomap.editing.live import Glimpse
from renomap.editing.schemes import NewArea, area_name, free_area_id
from renomap.errors import RenomapError
from renomap.model.scheme import UNASSIGNED
from renomap.session.easel import Easel
from renomap.session.session import Session

if TYPE_CHECKING:
    from renomap.desktop.canvas import MapCanvas

BRUSHES: Final = ("brush", "rectangle", "lasso")
BRUSH_PX: Final = (4, 160)
_HATCH: Final = Qt.BrushStyle.BDiagPattern
_OVERLAYS: Final = ("stroke", "broken", "reach")


class PaintTool:
    """Paints with the area that is chosen; the right button and the eraser take neighbourhoods out.

    ``shape`` is how the hand reaches: one of ``BRUSHES``. ``target`` is an area id, 0 for the eraser, None
    for an area that the stroke creates.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, session: Session, code: str, shape: str = "brush", *, erases: bool = False) -> None:
        self.code = code
        self.shape = shape
        self._erases = erases
        self._session = session
        self._canvas: MapCanvas | None = None
        self.only_unassigned = False
        self.brush_px = session.settings.brush_px

    def start(self, canvas: MapCanvas) -> None:
        """Work on this map."""
        self._canvas = canvas

    def stop(self) -> None:
        """Take the brush off the map."""
        self._clean()
        self._session.settings.brush_px = self.brush_px

    @property
    def target(self) -> int | None:
        """What the next stroke paints with."""
        return UNASSIGNED if self._erases else self._session.document.selection.area

    def hover(self, pointer: Pointer) -> None:
        """Show how far the brush reaches."""
        self._show_reach(pointer)

    def key(self, key: int) -> bool:
        """[ and ] change the brush, digits choose an area, N a new one."""
        plan = self._session.planner.plan
        if key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            factor = 1.25 if key == Qt.Key.Key_BracketRight else 0.8
            self.brush_px = round(min(max(self.brush_px * factor, BRUSH_PX[0]), BRUSH_PX[1]))
            return True
        if key == Qt.Key.Key_N:
            self._session.document.select((), None)
            return True
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and plan is not None:
            number = key - Qt.Key.Key_1
            if number < len(plan.areas):
                self._session.document.select((), int(plan.areas.index[number]))
            return True
        return False

    def gesture(self, pointer: Pointer) -> Gesture:
        """One stroke from press to release: one undo step. Esc on the way leaves everything as it was."""
        canvas, easel, document = self._canvas, self._session.planner.easel, self._session.document
        assert canvas is not None
        if easel is None or easel.project is not document.project:
            return  # something other than a stroke is being counted; a moment later the hand is free again
        if pointer.alt:
            self._pick(pointer)
            return
        if document.holder is not None:
            raise document.holder
        scheme = easel.project.scheme
        if scheme is None:
            raise RenomapError("editing.no-scheme")
        new = NewArea("", canvas.free_colour())
        wanted = UNASSIGNED if pointer.right else self.target
        target = free_area_id(scheme) if wanted is None else wanted
        if target in easel.locked:
            raise RenomapError("editing.locked", area=area_name(scheme, target))
        stroke = easel.stroke(target, only_unassigned=self.only_unassigned)
        colour = new.colour if wanted is None else self._colour(easel, target)
        with self._tidied():  # also where Esc ends it
            path = [pointer]
            glimpse = stroke.touch(self._reached(path))
            self._show(easel, glimpse, target, colour, pointer)
            while (moved := (yield)) is not None:
                path.append(moved)
                known = len(glimpse.fids)
                if self.shape == "brush":
                    glimpse = stroke.touch(self._reached(path[-2:]))
                else:  # what a rectangle or lasso holds can shrink again: the stroke begins anew
                    stroke = easel.stroke(target, only_unassigned=self.only_unassigned)
                    glimpse = stroke.touch(self._reached(path))
                self._show_reach(moved, path)
                if self.shape != "brush" or len(glimpse.fids) != known:
                    self._show(easel, glimpse, target, colour, moved)
                else:
                    canvas.live_moved.emit(moved)
            canvas.keep_until_drawn("stroke")
        if glimpse.fids:
            area = new if wanted is None else target
            document.apply(
                paint(
                    easel.project, glimpse.fids, area,
                    territories=easel.plan.territories, only_unassigned=self.only_unassigned,
                )
            )  # fmt: skip
            if wanted is None:
                document.select((), target)
            canvas.stroked.emit(glimpse)

    @contextmanager
    def _tidied(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._clean()

    def _clean(self) -> None:
        if self._canvas is not None:
            for name in _OVERLAYS:
                self._canvas.overlay.clear(name)
            self._canvas.live_told.emit(None)

    def _pick(self, pointer: Pointer) -> None:
        """The eyedropper: paint with the area under the pointer."""
        assert self._canvas is not None
        fid = self._canvas.index.at(pointer.x, pointer.y)
        area = self._canvas.index.area_of([fid]) if fid is not None else None
        self._session.document.select((), area or self._canvas.index.area_at(pointer.x, pointer.y))

    def _reach(self, path: list[Pointer]) -> shapely.Geometry:
        assert self._canvas is not None
        points = [(at.x, at.y) for at in path]
        if self.shape == "rectangle":
            (x1, y1), (x2, y2) = points[0], points[-1]
            return shapely.box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if self.shape == "lasso" and len(points) > 2:
            return shapely.make_valid(shapely.Polygon(points))
        line = shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])
        radius = self.brush_px / 2 if self.shape == "brush" else 1.0
        return shapely.buffer(line, radius * self._canvas.view.resolution)

    def _reached(self, path: list[Pointer]) -> list[int]:
        assert self._canvas is not None
        return self._canvas.index.touching(self._reach(path), whole=self.shape != "brush")

    def _show_reach(self, pointer: Pointer, path: list[Pointer] | None = None) -> None:
        assert self._canvas is not None
        shape = self._reach(path if path and self.shape != "brush" else [pointer])
        if self.shape == "brush" or path:
            self._canvas.overlay.show("reach", [shape], stroke="#c0333f4b", width=1.2, level=9)

    def _show(self, easel: Easel, glimpse: Glimpse, target: int, colour: str, at: Pointer) -> None:
        canvas = self._canvas
        assert canvas is not None
        shapes = easel.plan.neighbourhoods.geometry
        taken = shapes.loc[list(glimpse.fids)].to_numpy()
        canvas.overlay.show("stroke", taken, stroke="#333f4b", width=1.4, fill=f"#b8{colour[1:]}", level=6)
        broken = sorted({fid for finding in glimpse.findings for fid in finding.fids})
        cut = shapes.loc[broken].to_numpy()
        canvas.overlay.show(
            "broken", cut, stroke=SELECTION, width=2.0, fill="#c92a2a", pattern=_HATCH, level=7
        )
        canvas.live_told.emit((easel, glimpse, target))
        canvas.live_moved.emit(at)

    def _colour(self, easel: Easel, target: int) -> str:
        scheme = easel.project.scheme
        if scheme is None or target not in scheme.areas.index:
            return "#f1f3f5"
        return str(scheme.areas.at[target, "colour"])

"""The menu of the map: what can be done with what is under the pointer."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from renomap.desktop.actions import Actions
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.desk import Desk
from renomap.desktop.look import swatch
from renomap.desktop.verbs import view
from renomap.editing import assign
from renomap.editing.missing import DRAWN
from renomap.editing.schemes import NewArea
from renomap.model.scheme import UNASSIGNED
from renomap.outputs.findings import neighbourhood_name
from renomap.session.schemes import free_colour

#: Areas that "put into" offers by name, the nearest first; the others are reached by the brush.
OFFERED: Final = 8


class MapMenu(QMenu):
    """Chooses what was clicked, unless it is chosen already, and offers what the planner does with it."""

    def __init__(self, desk: Desk, actions: Actions, pointer: Pointer) -> None:
        super().__init__(desk.window)
        self._desk, self._by_code = desk, actions.by_code
        session, index = desk.session, desk.canvas.index
        self._say = session.speech
        self.fid = index.at(pointer.x, pointer.y)
        chosen = session.document.selection
        self.area = session.document.area_of([self.fid]) if self.fid is not None else None
        self.area = self.area or desk.canvas.area_at(pointer)
        if self.fid is not None and self.fid not in chosen.fids:
            session.document.select((self.fid,), self.area)
        elif self.fid is None and self.area != chosen.area:
            session.document.select((), self.area)
        actions.refresh()
        self._fill()

    def _fill(self) -> None:
        actions, say, document = self._by_code, self._say, self._desk.session.document
        if self.fid is not None:
            self._fill_neighbourhood()
        if self.area is not None:
            name = str(self._desk.plan.areas.at[self.area, "name"])
            area = self.area
            self._add_heading(name)
            self.addAction(say("window.mapmenu.select-area"), lambda: document.select((), area))
            self.addAction(say("window.mapmenu.zoom-area"), self._zoom_area)
            for code in (
                ("lock", "rename", "dissolve")
                if self.fid is not None
                else ("why", "lock", "rename", "dissolve")
            ):
                self.addAction(actions[code])
            if actions["derive"].isEnabled():
                self.addAction(actions["derive"])
        self.addSeparator()
        for code in ("identify", "zoom-all"):
            self.addAction(actions[code])

    def _add_heading(self, text: str) -> None:
        """What the actions below are about; a section of Qt shows no text in our style."""
        if self.actions():
            self.addSeparator()
        heading = self.addAction(text)
        heading.setEnabled(False)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)

    def _fill_neighbourhood(self) -> None:
        actions, say = self._by_code, self._say
        assert self.fid is not None
        row = self._desk.plan.neighbourhoods.loc[self.fid]
        several = len(self._desk.session.document.selection.fids)
        name = neighbourhood_name(self.fid, row["name"], say.words)
        self._add_heading(name if several < 2 else say("window.facts.several", count=several))
        if several < 2:
            self.addAction(actions["why"])
        self._add_targets()
        for code in ("link", "cut", "unlink", "merge"):
            if actions[code].isEnabled() and several >= 2:
                self.addAction(actions[code])
        if row["origin"] == DRAWN:
            self.addAction(actions["remove-missing"])
        self.addAction(actions["zoom-selection"])

    def _add_targets(self) -> None:
        """Put what is chosen into an area: those nearby first, a new one, or none."""
        desk, plan = self._desk, self._desk.plan
        menu = self.addMenu(self._say("window.mapmenu.put"))
        scheme = plan.scheme
        if scheme is None or desk.session.document.holder is not None:
            menu.setEnabled(False)
            return
        fids = sorted(desk.session.document.selection.fids)
        near = plan.areas.geometry.distance(plan.neighbourhoods.geometry.loc[fids].union_all())
        for area in near.sort_values(kind="stable").index[:OFFERED].tolist():
            row = plan.areas.loc[area]
            action = QAction(swatch(str(row["colour"])), str(row["name"]), menu)
            action.setEnabled(not row["locked"] and area != self.area)
            action.triggered.connect(partial(self._put, fids, area))
            menu.addAction(action)
        menu.addSeparator()
        new = free_colour(desk.session.document.project)
        menu.addAction(swatch(new), self._say("window.live.new-area"), lambda: self._put_into_new(fids, new))
        menu.addAction(self._say("window.mapmenu.put-out"), lambda: self._put(fids, UNASSIGNED))

    def _put(self, fids: list[int], area: int, *_: bool) -> None:
        desk, plan = self._desk, self._desk.plan
        desk.change(lambda: assign.paint(desk.project, fids, area, territories=plan.territories))

    def _put_into_new(self, fids: list[int], colour: str) -> None:
        desk, plan = self._desk, self._desk.plan
        new = NewArea("", colour)
        desk.change(lambda: assign.paint(desk.project, fids, new, territories=plan.territories))

    def _zoom_area(self) -> None:
        self._desk.session.document.select((), self.area)
        view.zoom_selection(self._desk)

"""The menu of the map: what can be done with what is under the pointer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.look import swatch
from renomap.editing import assign
from renomap.editing.missing import DRAWN
from renomap.editing.schemes import NewArea
from renomap.model.scheme import UNASSIGNED
from renomap.session.schemes import free_colour

if TYPE_CHECKING:
    from renomap.desktop.commands import Commands

#: Areas that "put into" offers by name, the nearest first; the others are reached by the brush.
OFFERED: Final = 8


class MapMenu(QMenu):
    """Chooses what was clicked, unless it is chosen already, and offers what the planner does with it."""

    def __init__(self, commands: Commands, pointer: Pointer, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        session, index = commands.session, commands.window.canvas.index
        self._say = session.speech
        self.fid = index.at(pointer.x, pointer.y)
        chosen = session.document.selection
        self.area = index.area_of([self.fid]) if self.fid is not None else None
        self.area = self.area or index.area_at(pointer.x, pointer.y)
        if self.fid is not None and self.fid not in chosen.fids:
            session.document.select((self.fid,), self.area)
        elif self.fid is None and self.area != chosen.area:
            session.document.select((), self.area)
        commands.window.actions_.refresh()
        self._fill()

    def _fill(self) -> None:
        actions, say, document = (
            self._commands.window.actions_.by_code,
            self._say,
            self._commands.session.document,
        )
        if self.fid is not None:
            self._fill_neighbourhood()
        if self.area is not None:
            name = str(self._commands.areas.plan.areas.at[self.area, "name"])
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
        actions, say = self._commands.window.actions_.by_code, self._say
        assert self.fid is not None
        row = self._commands.areas.plan.neighbourhoods.loc[self.fid]
        several = len(self._commands.session.document.selection.fids)
        self._add_heading(str(row["name"]) if several < 2 else say("window.facts.several", count=several))
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
        commands, plan = self._commands, self._commands.areas.plan
        menu = self.addMenu(self._say("window.mapmenu.put"))
        scheme = plan.scheme
        if scheme is None or commands.session.document.holder is not None:
            menu.setEnabled(False)
            return
        fids = sorted(commands.session.document.selection.fids)
        near = plan.areas.geometry.distance(plan.neighbourhoods.geometry.loc[fids].union_all())
        for area in near.sort_values(kind="stable").index[:OFFERED].tolist():
            row = plan.areas.loc[area]
            action = QAction(swatch(str(row["colour"])), str(row["name"]), menu)
            action.setEnabled(not row["locked"] and area != self.area)
            action.triggered.connect(partial(self._put, fids, area))
            menu.addAction(action)
        menu.addSeparator()
        new = free_colour(commands.session.document.project)
        menu.addAction(swatch(new), self._say("window.live.new-area"), lambda: self._put_into_new(fids, new))
        menu.addAction(self._say("window.mapmenu.put-out"), lambda: self._put(fids, UNASSIGNED))

    def _put(self, fids: list[int], area: int, *_: bool) -> None:
        verbs, plan = self._commands.areas, self._commands.areas.plan
        verbs.change(lambda: assign.paint(verbs.project, fids, area, territories=plan.territories))

    def _put_into_new(self, fids: list[int], colour: str) -> None:
        verbs, plan = self._commands.areas, self._commands.areas.plan
        new = NewArea("", colour)
        verbs.change(lambda: assign.paint(verbs.project, fids, new, territories=plan.territories))

    def _zoom_area(self) -> None:
        self._commands.session.document.select((), self.area)
        self._commands.view.zoom_selection()

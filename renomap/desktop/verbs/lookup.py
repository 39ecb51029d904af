"""Go anywhere by its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from renomap.desktop.desk import Desk
from renomap.desktop.dialogs.lookup import Destination, LookupDialog
from renomap.desktop.naming import theme_names
from renomap.desktop.verbs import view
from renomap.model.roles import Role
from renomap.outputs.findings import neighbourhood_name


def lookup(desk: Desk) -> None:
    """Ask where to go, by Chinese, pinyin or initials."""
    desk.show(LookupDialog(desk.session.speech, tuple(places(desk)), desk.window))


def places(desk: Desk) -> Iterator[Destination]:
    """All that has a name: commands, then areas, neighbourhoods, facilities, themes of the map."""
    bar = desk.window.menuBar()
    for title in bar.actions():
        menu = title.menu()
        if isinstance(menu, QMenu):
            yield from _commands(desk, menu)
    plan, say = desk.session.planner.plan, desk.session.speech
    if plan is None:
        return
    kinds = {name: say(f"window.lookup.{name}") for name in ("area", "neighbourhood", "facility", "theme")}
    for area, name in plan.areas["name"].items():
        yield Destination(str(name), kinds["area"], partial(_choose, desk, (), int(str(area))))
    rows = plan.neighbourhoods
    within = rows["area_id"].map(plan.areas["name"])
    for fid, name, area_name in zip(rows.index, rows["name"], within, strict=True):
        beside = (
            f"{kinds['neighbourhood']} · {area_name}"
            if isinstance(area_name, str)
            else kinds["neighbourhood"]
        )
        called = neighbourhood_name(int(fid), name, say.words)
        yield Destination(called, beside, partial(_choose, desk, (int(fid),), None))
    for layer in plan.project.layers:
        if layer.role is Role.FACILITIES and "name" in layer.frame:
            for name, shape in zip(layer.frame["name"], layer.frame.geometry, strict=True):
                if isinstance(name, str) and name and shape is not None:
                    yield Destination(name, kinds["facility"], partial(view.zoom_to, desk, shape.bounds))
    for code, name in theme_names(plan, say):
        yield Destination(name, kinds["theme"], partial(desk.canvas.set_theme, code))


def _commands(desk: Desk, menu: QMenu) -> Iterator[Destination]:
    title = menu.title().replace("&", "").split("(")[0]
    for action in menu.actions():
        if action.isSeparator() or action.menu() is not None or not action.text():
            continue
        keys = action.shortcut().toString()
        beside = f"{title} · {keys}" if keys else title
        yield Destination(
            action.text().replace("&", "").rstrip("…"), beside, partial(_carry_out, desk, action)
        )


def _carry_out(desk: Desk, action: QAction) -> None:
    """Do what an action does, or say why it cannot be done now: the last line of its tip."""
    if action.isEnabled():
        action.trigger()
    else:
        desk.status.tell(action.toolTip().splitlines()[-1], warning=True)


def _choose(desk: Desk, fids: tuple[int, ...], area: int | None) -> None:
    desk.session.document.select(fids, area)
    view.zoom_selection(desk)

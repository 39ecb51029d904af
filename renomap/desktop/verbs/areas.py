"""Areas: group, draw, and change the scheme by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from renomap.desktop.desk import Desk
from renomap.desktop.verbs import view
from renomap.editing import areas, boundaries, links
from renomap.model.project import Project
from renomap.model.scheme import Scheme
from renomap.model.version import BEFORE_GROUPING
from renomap.outputs.findings import neighbourhood_name, sizes_text
from renomap.session import versions
from renomap.session.schemes import (
    duplicated,
    empty_scheme,
    free_title,
    renamed,
    switched,
    with_grouping,
    without_active,
)
from renomap.store.user import user_name

if TYPE_CHECKING:
    from renomap.steps.group import Grouping


def group(desk: Desk) -> None:
    """Ask how to group, beside the map; the scheme that the planner accepts is one undo step."""
    from renomap.desktop.dialogs.grouping import GroupingDialog

    shown = desk.window.findChildren(GroupingDialog)
    open_now = next((dialog for dialog in shown if dialog.isVisible()), None)
    if open_now is not None:
        open_now.raise_()
        open_now.activateWindow()
        return
    dialog = GroupingDialog(desk.session, desk.project, desk.window, desk.canvas)
    dialog.accepted.connect(lambda: _take(desk, dialog.found))
    desk.show(dialog)
    desk.put_beside(dialog)


def _take(desk: Desk, found: Grouping | None) -> None:
    if found is not None:
        desk.guarded(lambda: take(desk, with_grouping(desk.project, found), found.scheme))


def take(desk: Desk, project: Project, scheme: Scheme) -> None:
    """Go on with a project whose grouping was accepted; one undo step."""
    before = desk.project
    saved = versions.with_version(before, BEFORE_GROUPING, by=user_name(), at=dt.datetime.now())
    project = replace(project, versions=saved.versions)
    desk.session.document.apply_project(project, "change.group", title=scheme.title)
    say = desk.session.speech
    counted = sizes_text(scheme.areas["size_flag"], say.words)
    told = say("window.grouped", areas=len(scheme.areas), sizes=counted, title=scheme.title)
    desk.status.tell(told)


def new_scheme(desk: Desk) -> None:
    """Begin an empty scheme, to be painted by hand."""
    project = desk.project
    title = desk.session.speech("window.scheme-title", number=len(project.schemes) + 1)
    title = free_title(project, title)
    after = project.with_scheme(empty_scheme(project, title))
    desk.guarded(lambda: desk.session.document.apply_project(after, "change.new-scheme", title=title))


def copy_scheme(desk: Desk) -> None:
    """Go on with a copy of the active scheme, which stays as it is."""
    project, say = desk.project, desk.session.speech
    title = free_title(project, say("window.scheme-copy", title=_scheme_title(desk)))
    _change_schemes(desk, lambda: duplicated(project, title), "change.copy-scheme", title)


def rename_scheme(desk: Desk) -> None:
    """Ask for another title of the active scheme."""
    say, old = desk.session.speech, _scheme_title(desk)

    def then(title: str) -> None:
        _change_schemes(desk, lambda: renamed(desk.project, title), "change.rename-scheme", title)

    desk.ask_text(say("window.action.rename-scheme"), say("window.schemes.title"), old, then)


def delete_scheme(desk: Desk) -> None:
    """Take the active scheme out of the project; undo brings it back."""
    project, title = desk.project, _scheme_title(desk)
    _change_schemes(desk, lambda: without_active(project), "change.delete-scheme", title)


def switch_scheme(desk: Desk, key: str) -> None:
    """Work on another scheme."""
    project = desk.project
    title = next((scheme.title for scheme in project.schemes if scheme.key == key), "")
    _change_schemes(desk, lambda: switched(project, key), "change.switch-scheme", title)
    desk.schemes.refresh()


def _change_schemes(desk: Desk, make: Callable[[], Project], code: str, title: str) -> None:
    desk.guarded(lambda: desk.session.document.apply_project(make(), code, title=title))
    desk.session.document.select()


def _scheme_title(desk: Desk) -> str:
    scheme = desk.project.scheme
    return "" if scheme is None else scheme.title


def only_unassigned(desk: Desk) -> None:
    """Let the brushes take only neighbourhoods that are in no area, or all."""
    desk.session.settings.only_unassigned = not desk.session.settings.only_unassigned
    desk.canvas.options_changed.emit()


def only_unassigned_is_on(desk: Desk) -> bool:
    """Whether the brushes spare the areas."""
    return desk.session.settings.only_unassigned


def lock(desk: Desk) -> None:
    """Lock the chosen area, or open it."""
    project, area = desk.project, desk.area
    scheme = project.scheme
    assert scheme is not None
    locked = bool(scheme.areas.at[area, "locked"])
    desk.change(lambda: areas.lock(project, area, not locked))


def rename(desk: Desk) -> None:
    """Ask for another name of the chosen area."""
    project, area, say = desk.project, desk.area, desk.session.speech
    scheme = project.scheme
    assert scheme is not None
    old = str(scheme.areas.at[area, "name"])

    def then(name: str) -> None:
        desk.change(lambda: areas.rename(desk.project, area, name))

    desk.ask_text(say("window.action.rename"), say("window.areas.name"), old, then)


def merge(desk: Desk) -> None:
    """Make one area of those that are chosen."""
    plan, chosen = desk.plan, desk.chosen_areas()
    desk.change(lambda: areas.merge(desk.project, chosen, plan.areas.geometry))


def merge_preview(desk: Desk) -> None:
    """What the merger would mean."""
    chosen = desk.chosen_areas()
    desk.foresee(lambda context: areas.merge(context.project, chosen, context.plan.areas.geometry))


def dissolve_preview(desk: Desk) -> None:
    """What would be left over."""
    area = desk.area
    desk.foresee(lambda context: areas.dissolve(context.project, [area]))


def next_area(desk: Desk) -> None:
    """Choose and show the next area of the list."""
    _step(desk, 1)


def last_area(desk: Desk) -> None:
    """Choose and show the area before."""
    _step(desk, -1)


def _step(desk: Desk, by: int) -> None:
    ids, chosen = desk.plan.areas.index.tolist(), desk.session.document.selection.area
    at = ids.index(chosen) + by if chosen in ids else 0 if by > 0 else -1
    desk.session.document.select((), ids[at % len(ids)])
    view.zoom_selection(desk)


def dissolve(desk: Desk) -> None:
    """Remove the chosen area; its neighbourhoods are in none afterwards."""
    project, area = desk.project, desk.area
    desk.change(lambda: areas.dissolve(project, [area]))
    desk.session.document.select()


def derive(desk: Desk) -> None:
    """Give up the drawn boundary of the chosen area: its members decide it again."""
    project, area = desk.project, desk.area
    desk.change(lambda: boundaries.derive(project, area))


def unlink(desk: Desk) -> None:
    """Leave the chosen pair to the ground again: neither linked nor cut by hand."""
    project, (one, two) = desk.project, sorted(desk.session.document.selection.fids)
    desk.change(lambda: links.remove_override(project, one, two))


def override(desk: Desk, one: int, two: int, action: str) -> None:
    """Make two neighbourhoods neighbours (``link``) or not (``cut``), with a reason that is printed."""
    say, plan = desk.session.speech, desk.plan
    called = plan.neighbourhoods["name"]
    names = (neighbourhood_name(fid, called.at[fid], say.words) for fid in (one, two))
    question = say("window.link-question", pair=" — ".join(names), reason=say("window.link-reason"))
    title = say(f"window.action.{action}").rstrip("…")

    def then(reason: str) -> None:
        today = dt.date.today().isoformat()
        make = links.link if action == "link" else links.cut
        desk.change(lambda: make(desk.project, one, two, reason, by=user_name(), at=today))

    desk.ask_text(title, question, "", then)

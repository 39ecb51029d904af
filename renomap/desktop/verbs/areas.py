"""Areas: group, draw, and change the scheme by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from renomap.desktop.verbs.base import Verbs
from renomap.editing import areas, boundaries, links
from renomap.model.project import Project
from renomap.model.scheme import Scheme
from renomap.outputs.findings import sizes_text
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


class AreaVerbs(Verbs):
    """The verbs of the menu; those of its tools are in ``desktop.tools``."""

    def group(self) -> None:
        """Ask how to group, beside the map; the scheme that the planner accepts is one undo step."""
        from renomap.desktop.dialogs.grouping import GroupingDialog

        shown = self.window.findChildren(GroupingDialog)
        open_now = next((dialog for dialog in shown if dialog.isVisible()), None)
        if open_now is not None:
            open_now.raise_()
            open_now.activateWindow()
            return
        dialog = GroupingDialog(self.session, self.project, self.window, self.window.canvas)
        dialog.accepted.connect(lambda: self._take(dialog.found))
        self.commands.show(dialog)
        self.commands.put_beside(dialog)

    def _take(self, found: Grouping | None) -> None:
        if found is not None:
            self.guarded(lambda: self.take(with_grouping(self.project, found), found.scheme))

    def take(self, project: Project, scheme: Scheme) -> None:
        """Go on with a project whose grouping was accepted; one undo step."""
        self.session.document.apply_project(project, "change.group", title=scheme.title)
        say = self.session.speech
        counted = sizes_text(scheme.areas["size_flag"], say.words)
        told = say("window.grouped", areas=len(scheme.areas), sizes=counted, title=scheme.title)
        self.window.status.tell(told)

    def new_scheme(self) -> None:
        """Begin an empty scheme, to be painted by hand."""
        project = self.project
        title = self.session.speech("window.scheme-title", number=len(project.schemes) + 1)
        title = free_title(project, title)
        after = project.with_scheme(empty_scheme(project, title))
        self.guarded(lambda: self.session.document.apply_project(after, "change.new-scheme", title=title))

    def copy_scheme(self) -> None:
        """Go on with a copy of the active scheme, which stays as it is."""
        project, say = self.project, self.session.speech
        title = free_title(project, say("window.scheme-copy", title=self._scheme_title()))
        self._change_schemes(lambda: duplicated(project, title), "change.copy-scheme", title)

    def rename_scheme(self) -> None:
        """Ask for another title of the active scheme."""
        say, old = self.session.speech, self._scheme_title()

        def then(title: str) -> None:
            self._change_schemes(lambda: renamed(self.project, title), "change.rename-scheme", title)

        self.commands.ask_text(say("window.action.rename-scheme"), say("window.schemes.title"), old, then)

    def delete_scheme(self) -> None:
        """Take the active scheme out of the project; undo brings it back."""
        project, title = self.project, self._scheme_title()
        self._change_schemes(lambda: without_active(project), "change.delete-scheme", title)

    def switch_scheme(self, key: str) -> None:
        """Work on another scheme."""
        project = self.project
        title = next((scheme.title for scheme in project.schemes if scheme.key == key), "")
        self._change_schemes(lambda: switched(project, key), "change.switch-scheme", title)
        self.window.areas.schemes.refresh()

    def _change_schemes(self, make: Callable[[], Project], code: str, title: str) -> None:
        self.guarded(lambda: self.session.document.apply_project(make(), code, title=title))
        self.session.document.select()

    def _scheme_title(self) -> str:
        scheme = self.project.scheme
        return "" if scheme is None else scheme.title

    def only_unassigned(self) -> None:
        """Let the brushes take only neighbourhoods that are in no area, or all."""
        self.session.settings.only_unassigned = not self.session.settings.only_unassigned
        self.window.canvas.options_changed.emit()

    def only_unassigned_is_on(self) -> bool:
        """Whether the brushes spare the areas."""
        return self.session.settings.only_unassigned

    def lock(self) -> None:
        """Lock the chosen area, or open it."""
        project, area = self.project, self.area
        scheme = project.scheme
        assert scheme is not None
        locked = bool(scheme.areas.at[area, "locked"])
        self.change(lambda: areas.lock(project, area, not locked))

    def rename(self) -> None:
        """Ask for another name of the chosen area."""
        project, area, say = self.project, self.area, self.session.speech
        scheme = project.scheme
        assert scheme is not None
        old = str(scheme.areas.at[area, "name"])

        def then(name: str) -> None:
            self.change(lambda: areas.rename(self.project, area, name))

        self.commands.ask_text(say("window.action.rename"), say("window.areas.name"), old, then)

    def merge(self) -> None:
        """Make one area of those that are chosen."""
        plan, chosen = self.plan, self.commands.chosen_areas()
        self.change(lambda: areas.merge(self.project, chosen, plan.areas.geometry))

    def merge_preview(self) -> None:
        """What the merger would mean."""
        chosen = self.commands.chosen_areas()
        self.foresee(lambda easel: areas.merge(easel.project, chosen, easel.plan.areas.geometry))

    def dissolve_preview(self) -> None:
        """What would be left over."""
        area = self.area
        self.foresee(lambda easel: areas.dissolve(easel.project, [area]))

    def next_area(self) -> None:
        """Choose and show the next area of the list."""
        self._step(1)

    def last_area(self) -> None:
        """Choose and show the area before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        ids, chosen = self.plan.areas.index.tolist(), self.session.document.selection.area
        at = ids.index(chosen) + by if chosen in ids else 0 if by > 0 else -1
        self.session.document.select((), ids[at % len(ids)])
        self.commands.view.zoom_selection()

    def dissolve(self) -> None:
        """Remove the chosen area; its neighbourhoods are in none afterwards."""
        project, area = self.project, self.area
        self.change(lambda: areas.dissolve(project, [area]))
        self.session.document.select()

    def derive(self) -> None:
        """Give up the drawn boundary of the chosen area: its members decide it again."""
        project, area = self.project, self.area
        self.change(lambda: boundaries.derive(project, area))

    def unlink(self) -> None:
        """Leave the chosen pair to the ground again: neither linked nor cut by hand."""
        project, (one, two) = self.project, sorted(self.session.document.selection.fids)
        self.change(lambda: links.remove_override(project, one, two))

    def override(self, one: int, two: int, action: str) -> None:
        """Make two neighbourhoods neighbours (``link``) or not (``cut``), with a reason that is printed."""
        say, plan = self.session.speech, self.plan
        names = (str(plan.neighbourhoods.at[fid, "name"] or fid) for fid in (one, two))
        question = say("window.link-question", pair=" — ".join(names), reason=say("window.link-reason"))
        title = say(f"window.action.{action}").rstrip("…")

        def then(reason: str) -> None:
            today = dt.date.today().isoformat()
            make = links.link if action == "link" else links.cut
            self.change(lambda: make(self.project, one, two, reason, by=user_name(), at=today))

        self.commands.ask_text(title, question, "", then)

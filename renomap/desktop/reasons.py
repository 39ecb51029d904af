"""Reasons: why an action cannot be used now, as the code of a sentence; None where nothing hinders it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from renomap.editing.ground import drawn_boundaries
from renomap.editing.missing import DRAWN
from renomap.model.plan import Plan
from renomap.model.scheme import Scheme

if TYPE_CHECKING:
    from renomap.desktop.commands import Commands

Reason = Callable[["Commands"], str | None]


def always(_: Commands) -> None:
    """Nothing stands in the way."""


def needs_project(commands: Commands) -> str | None:
    """A project must be open."""
    return None if commands.session.document.project is not None else "window.reason.no-project"


def needs_own_project(commands: Commands) -> str | None:
    """A project must be open and ours to change."""
    holder = commands.session.document.holder
    return needs_project(commands) or (holder.code if holder is not None else None)


def needs_plan(commands: Commands) -> str | None:
    """Neighbourhoods must be loaded and counted."""
    return None if commands.session.planner.plan is not None else "window.reason.no-neighbourhoods"


def needs_edit(commands: Commands) -> str | None:
    """The project must be ours to change."""
    holder = commands.session.document.holder
    return needs_plan(commands) or (holder.code if holder is not None else None)


def needs_areas(commands: Commands) -> str | None:
    """A scheme with areas must be there."""
    plan = commands.session.planner.plan
    if plan is None or plan.areas.empty:
        return "window.reason.no-areas"
    return None


def needs_problems(commands: Commands) -> str | None:
    """There must be something wrong."""
    return None if commands.session.planner.problems else "window.reason.no-problems"


def needs_selection(commands: Commands) -> str | None:
    """Something must be chosen."""
    chosen = commands.session.document.selection
    return None if chosen.fids or chosen.area is not None else "window.reason.no-selection"


def needs_scheme(commands: Commands) -> str | None:
    """There must be a scheme that we may change."""
    return needs_edit(commands) or (None if _scheme(commands) else "window.reason.no-scheme")


def needs_area(commands: Commands) -> str | None:
    """One area must be chosen."""
    chosen = commands.session.document.selection.area is not None
    return needs_scheme(commands) or (None if chosen else "window.reason.no-area")


def needs_drawn_area(commands: Commands) -> str | None:
    """One area must be chosen whose boundary was drawn by hand."""
    scheme, area = _scheme(commands), commands.session.document.selection.area
    drawn = scheme is not None and area in drawn_boundaries(scheme)
    return needs_area(commands) or (None if drawn else "window.reason.not-drawn-area")


def needs_override(commands: Commands) -> str | None:
    """Two neighbourhoods must be chosen that a hand has linked or cut."""
    scheme, fids = _scheme(commands), commands.session.document.selection.fids
    pairs = () if scheme is None else zip(scheme.overrides["a"], scheme.overrides["b"], strict=True)
    found = any({a, b} == fids for a, b in pairs)
    return needs_scheme(commands) or (None if found else "window.reason.no-override")


def _scheme(commands: Commands) -> Scheme | None:
    project = commands.session.document.project
    return None if project is None else project.scheme


def needs_subject(commands: Commands) -> str | None:
    """One neighbourhood or one area must be chosen, in a scheme with areas."""
    chosen = commands.session.document.selection
    one = len(chosen.fids) == 1 or (not chosen.fids and chosen.area is not None)
    return needs_areas(commands) or (None if one else "window.reason.no-subject")


def needs_two_areas(commands: Commands) -> str | None:
    """Neighbourhoods of two or more areas must be chosen."""
    return needs_scheme(commands) or (None if len(commands.chosen_areas()) > 1 else "window.reason.one-area")


def needs_open_layer(commands: Commands) -> str | None:
    """The padlock of the neighbourhoods must be open."""
    project = commands.session.document.project
    layer = None if project is None else project.neighbourhoods
    locked = layer is None or layer.locked
    return needs_edit(commands) or ("window.reason.locked-layer" if locked else None)


def needs_drawn(commands: Commands) -> str | None:
    """One neighbourhood that was drawn by hand must be chosen."""
    plan, fids = commands.session.planner.plan, commands.session.document.selection.fids
    drawn = plan is not None and len(fids) == 1 and _origin(plan, next(iter(fids))) == DRAWN
    return needs_open_layer(commands) or (None if drawn else "window.reason.not-drawn")


def _origin(plan: Plan, fid: int) -> object:
    return plan.neighbourhoods["origin"].get(fid)


def needs_shown_area(commands: Commands) -> str | None:
    """One area must be chosen; it need not be ours to change."""
    plan, area = commands.session.planner.plan, commands.session.document.selection.area
    found = plan is not None and area is not None and area in plan.areas.index
    return needs_plan(commands) or (None if found else "window.reason.no-area")


def needs_view_before(commands: Commands) -> str | None:
    """The map must have been somewhere else."""
    return needs_plan(commands) or (
        None if commands.window.trail.has_back else "window.reason.no-view-before"
    )


def needs_view_after(commands: Commands) -> str | None:
    """A step back must have been made."""
    return needs_plan(commands) or (
        None if commands.window.trail.has_forward else "window.reason.no-view-after"
    )


def needs_undo(commands: Commands) -> str | None:
    """There must be a step to undo."""
    return None if commands.session.document.undo_stack.canUndo() else "window.reason.no-undo"


def needs_redo(commands: Commands) -> str | None:
    """There must be a step to redo."""
    return None if commands.session.document.undo_stack.canRedo() else "window.reason.no-redo"

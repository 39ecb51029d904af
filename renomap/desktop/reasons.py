"""Reasons: why an action cannot be used now, as the code of a sentence; None where nothing hinders it."""

from __future__ import annotations

from collections.abc import Callable

from renomap.desktop.desk import Desk
from renomap.editing.ground import drawn_boundaries
from renomap.editing.missing import DRAWN
from renomap.model.plan import Plan
from renomap.model.scheme import Scheme

Reason = Callable[[Desk], str | None]


def always(_: Desk) -> None:
    """Nothing stands in the way."""


def needs_project(desk: Desk) -> str | None:
    """A project must be open."""
    return None if desk.session.document.project is not None else "window.reason.no-project"


def needs_own_project(desk: Desk) -> str | None:
    """A project must be open and ours to change."""
    holder = desk.session.document.holder
    return needs_project(desk) or (holder.code if holder is not None else None)


def needs_plan(desk: Desk) -> str | None:
    """Neighbourhoods must be loaded and counted."""
    if desk.session.planner.plan is not None:
        return None
    return needs_neighbourhoods(desk) or "window.reason.counting"


def needs_neighbourhoods(desk: Desk) -> str | None:
    """Neighbourhoods must be loaded; whether they are counted does not matter."""
    project = desk.session.document.project
    loaded = project is not None and project.neighbourhoods is not None
    return None if loaded else "window.reason.no-neighbourhoods"


def needs_loaded(desk: Desk) -> str | None:
    """Neighbourhoods must be loaded and ours to change: what asks first need not wait for the plan."""
    holder = desk.session.document.holder
    return needs_neighbourhoods(desk) or (holder.code if holder is not None else None)


def needs_edit(desk: Desk) -> str | None:
    """The project must be ours to change."""
    holder = desk.session.document.holder
    return needs_plan(desk) or (holder.code if holder is not None else None)


def needs_areas(desk: Desk) -> str | None:
    """A scheme with areas must be there."""
    plan = desk.session.planner.plan
    if plan is None or plan.areas.empty:
        return "window.reason.no-areas"
    return None


def needs_problems(desk: Desk) -> str | None:
    """There must be something wrong."""
    return None if desk.session.planner.problems else "window.reason.no-problems"


def needs_selection(desk: Desk) -> str | None:
    """Something must be chosen."""
    chosen = desk.session.document.selection
    return None if chosen.fids or chosen.area is not None else "window.reason.no-selection"


def needs_scheme(desk: Desk) -> str | None:
    """There must be a scheme that we may change."""
    return needs_edit(desk) or (None if _scheme(desk) else "window.reason.no-scheme")


def needs_area(desk: Desk) -> str | None:
    """One area must be chosen."""
    chosen = desk.session.document.selection.area is not None
    return needs_scheme(desk) or (None if chosen else "window.reason.no-area")


def needs_drawn_area(desk: Desk) -> str | None:
    """One area must be chosen whose boundary was drawn by hand."""
    scheme, area = _scheme(desk), desk.session.document.selection.area
    drawn = scheme is not None and area in drawn_boundaries(scheme)
    return needs_area(desk) or (None if drawn else "window.reason.not-drawn-area")


def needs_override(desk: Desk) -> str | None:
    """Two neighbourhoods must be chosen that a hand has linked or cut."""
    scheme, fids = _scheme(desk), desk.session.document.selection.fids
    pairs = () if scheme is None else zip(scheme.overrides["a"], scheme.overrides["b"], strict=True)
    found = any({a, b} == fids for a, b in pairs)
    return needs_scheme(desk) or (None if found else "window.reason.no-override")


def _scheme(desk: Desk) -> Scheme | None:
    project = desk.session.document.project
    return None if project is None else project.scheme


def needs_subject(desk: Desk) -> str | None:
    """One neighbourhood or one area must be chosen, in a scheme with areas."""
    chosen = desk.session.document.selection
    one = len(chosen.fids) == 1 or (not chosen.fids and chosen.area is not None)
    return needs_areas(desk) or (None if one else "window.reason.no-subject")


def needs_two_areas(desk: Desk) -> str | None:
    """Neighbourhoods of two or more areas must be chosen."""
    return needs_scheme(desk) or (None if len(desk.chosen_areas()) > 1 else "window.reason.one-area")


def needs_open_layer(desk: Desk) -> str | None:
    """The padlock of the neighbourhoods must be open."""
    project = desk.session.document.project
    layer = None if project is None else project.neighbourhoods
    locked = layer is None or layer.locked
    return needs_edit(desk) or ("window.reason.locked-layer" if locked else None)


def needs_drawn(desk: Desk) -> str | None:
    """One neighbourhood that was drawn by hand must be chosen."""
    plan, fids = desk.session.planner.plan, desk.session.document.selection.fids
    drawn = plan is not None and len(fids) == 1 and _origin(plan, next(iter(fids))) == DRAWN
    return needs_open_layer(desk) or (None if drawn else "window.reason.not-drawn")


def _origin(plan: Plan, fid: int) -> object:
    return plan.neighbourhoods["origin"].get(fid)


def needs_shown_area(desk: Desk) -> str | None:
    """One area must be chosen; it need not be ours to change."""
    plan, area = desk.session.planner.plan, desk.session.document.selection.area
    found = plan is not None and area is not None and area in plan.areas.index
    return needs_plan(desk) or (None if found else "window.reason.no-area")


def needs_view_before(desk: Desk) -> str | None:
    """The map must have been somewhere else."""
    return needs_plan(desk) or (None if desk.trail.has_back else "window.reason.no-view-before")


def needs_view_after(desk: Desk) -> str | None:
    """A step back must have been made."""
    return needs_plan(desk) or (None if desk.trail.has_forward else "window.reason.no-view-after")


def needs_undo(desk: Desk) -> str | None:
    """There must be a step to undo."""
    return None if desk.session.document.undo_stack.canUndo() else "window.reason.no-undo"


def needs_redo(desk: Desk) -> str | None:
    """There must be a step to redo."""
    return None if desk.session.document.undo_stack.canRedo() else "window.reason.no-redo"

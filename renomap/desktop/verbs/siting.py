"""Idle rooms on the map and in the project: shown with what they could do, accepted, refused, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import shapely

from renomap.cartography.themes import DEFICIT
from renomap.desktop.desk import Desk
from renomap.desktop.look import ACCENT, SELECTION
from renomap.desktop.verbs.view import zoom_to
from renomap.model.change import ChangeSet, difference
from renomap.model.plan import Plan
from renomap.model.programme_columns import SiteDecision
from renomap.outputs.siting_lines import SiteLine, basis_of
from renomap.programme.siting import Pairing
from renomap.steps.sites import choice_of, decide, withdraw
from renomap.store.user import user_name

THEME = "areas"
_GREEN = "#1b7f4b"
#: Names of what is drawn above the map.
_PROPOSED, _ACCEPTED = "siting-proposed", "siting-accepted"
_CHOSEN, _RADIUS = "siting-chosen", "siting-radius"


def sites(desk: Desk) -> None:
    """Show the dock of idle rooms beside a map that shows them: of areas, or of a deficit."""
    desk.docks.raise_("siting")
    if not desk.canvas.theme.startswith((THEME, DEFICIT)):
        desk.canvas.set_theme(THEME)


def give_decision(desk: Desk, pair: Pairing, decision: SiteDecision, reason: str) -> None:
    """Accept or refuse a room for what an area lacks; one undo step."""

    def step() -> ChangeSet:
        plan = _plan_of_now(desk)
        basis = basis_of(plan, pair, desk.session.speech.words)
        after = decide(
            plan, choice_of(pair), decision, by=user_name() or "-", reason=reason or None, basis=basis
        )
        return difference(desk.project, after, f"change.site-{decision}", name=pair.site.name)

    desk.change(step)


def take_back(desk: Desk, pair: Pairing) -> None:
    """Take a decision back, and the works that it made; one undo step."""

    def step() -> ChangeSet:
        after = withdraw(_plan_of_now(desk), choice_of(pair))
        return difference(desk.project, after, "change.site-withdrawn", name=pair.site.name)

    desk.change(step)


def show_lines(desk: Desk, lines: Sequence[SiteLine], chosen: SiteLine | None) -> None:
    """Draw a line from each proposed or accepted room to its area, and what the chosen one reaches."""
    overlay, plan = desk.canvas.overlay, desk.session.planner.plan
    for name in (_PROPOSED, _ACCEPTED, _CHOSEN, _RADIUS):
        overlay.clear(name)
    if plan is None or not lines:
        return
    for name, standing, stroke, dash in (
        (_PROPOSED, "proposed", ACCENT, (5, 3)),
        (_ACCEPTED, "accepted", _GREEN, ()),
    ):
        drawn = [_line(plan, line.pair) for line in lines if line.standing == standing and line != chosen]
        overlay.show(name, [one for one in drawn if one is not None], stroke=stroke, dash=dash, level=6)
    if chosen is None:
        return
    line, room = _line(plan, chosen.pair), _room(plan, chosen.pair)
    if line is not None and room is not None:
        overlay.show(
            _RADIUS,
            [_reach(plan, room, chosen.pair.lack.radius_m)],
            stroke=SELECTION,
            width=1.5,
            dash=(3, 3),
            level=6,
        )
        overlay.show(_CHOSEN, [line], stroke=SELECTION, width=3.0, level=7)


def go_to(desk: Desk, pair: Pairing) -> None:
    """Show a room and the area it is for."""
    line = _line(desk.plan, pair)
    if line is not None:
        zoom_to(desk, line.bounds)


def _plan_of_now(desk: Desk) -> Plan:
    """The plan with the project as it is: a decision may come while a new plan is being made."""
    plan = desk.plan
    return plan if plan.project is desk.project else replace(plan, project=desk.project)


def _line(plan: Plan, pair: Pairing) -> shapely.Geometry | None:
    """From the room into its area: the straight line to the outline is measured, its middle is where it
    leads, so that a room that stands inside has a line too."""
    room = _room(plan, pair)
    if room is None or pair.lack.area not in plan.areas.index:
        return None
    middle = plan.areas.geometry.loc[pair.lack.area].representative_point()
    return shapely.LineString([room.representative_point(), middle])


def _reach(plan: Plan, room: shapely.Geometry, radius_m: float) -> shapely.Geometry:
    """What lies within the radius of a room: a disc, or the roads that one can walk so far."""
    if plan.walks is None:
        return room.buffer(radius_m, quad_segs=32)
    return plan.walks.reached(room, radius_m)


def _room(plan: Plan, pair: Pairing) -> shapely.Geometry | None:
    layer = plan.project.layer(pair.site.layer)
    if layer is None or pair.site.number not in layer.frame.index:
        return None
    return layer.frame.geometry.loc[pair.site.number]

"""What a hand has decided can be left to the ground again, without undoing all that came after."""

from __future__ import annotations

import shapely
from desk import EAST, NORTH, Desk, town

from renomap.editing import boundaries, links


def can(desk: Desk, code: str) -> bool:
    desk.window.actions_.refresh()
    return desk.window.actions_.by_code[code].isEnabled()


def test_a_cut_is_removed(desk: Desk) -> None:
    desk.open(town())
    document = desk.session.document
    document.select((0, 1))
    assert not can(desk, "unlink")
    document.apply(links.cut(document.project, 0, 1, "围墙"))
    desk.settle()
    document.select((0, 1, 2))
    assert not can(desk, "unlink")
    document.select((0, 1))
    assert can(desk, "unlink")
    desk.window.actions_.by_code["unlink"].trigger()
    assert document.project.scheme.overrides.empty
    desk.settle()
    assert not can(desk, "unlink")


def test_a_drawn_boundary_is_given_up(desk: Desk) -> None:
    desk.open(town())
    document = desk.session.document
    document.select((), 1)
    assert not can(desk, "derive")
    outline = shapely.box(EAST - 20, NORTH - 20, EAST + 215, NORTH + 340)
    derived = desk.session.planner.plan.areas.geometry
    document.apply(boundaries.draw(document.project, outline, 1, derived))
    desk.settle()
    document.select((), 1)
    assert can(desk, "derive")
    desk.window.actions_.by_code["derive"].trigger()
    desk.settle()
    assert document.project.scheme.areas.at[1, "kind"] == "derived"
    assert desk.session.planner.plan.areas.geometry.loc[1].equals(derived.loc[1])
    assert not can(desk, "derive")

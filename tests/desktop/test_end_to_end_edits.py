"""200 random edits by mouse and keys: ground goes from hand to hand, nobody is lost, undo comes home."""

from __future__ import annotations

import random
from collections import Counter

import geopandas as gpd
import pytest
import shapely
from desk import Desk, town
from planner_day import Hand, pairs, state_of
from test_random_edits import check_boundaries, check_drawn, check_ground

from renomap.editing.ground import drawn_boundaries
from renomap.editing.schemes import locked_areas
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.scheme import Scheme

KINDS = {
    "paint": 8,
    "erase": 2,
    "new": 2,
    "draw": 3,
    "reshape": 5,
    "split": 5,
    "merge": 2,
    "undo": 3,
    "redo": 2,
}


class RandomHand(Hand):
    """Does anything at all, always the same for a seed."""

    def __init__(self, desk: Desk, seed: int) -> None:
        super().__init__(desk)
        self.choose = random.Random(seed)

    @property
    def scheme(self) -> Scheme:
        """The scheme as it is now."""
        scheme = self.project.scheme
        assert scheme is not None
        return scheme

    @property
    def plan(self) -> Plan:
        """The settled plan."""
        plan = self.desk.session.planner.plan
        assert plan is not None
        return plan

    @property
    def outlines(self) -> gpd.GeoSeries:
        """What the map shows as boundaries."""
        return self.plan.areas.geometry

    def edit(self) -> str:
        """One edit of any kind; what it was."""
        kind = self.choose.choices(list(KINDS), list(KINDS.values()))[0]
        area = self.choose.choice(self.scheme.areas.index.tolist() or [None])
        if kind in ("paint", "erase", "new"):
            self.brush(kind, area)
        elif kind in ("undo", "redo"):
            stack = self.desk.session.document.undo_stack
            if kind == "undo" or not stack.canRedo():
                stack.setIndex(max(0, stack.index() - self.choose.randrange(1, 4)))
            if kind == "redo":
                stack.redo()
        elif kind == "merge":
            owner = self.scheme.assignment
            apart = [pair for pair in pairs(self.plan) if 0 < owner[pair[0]] != owner[pair[1]] > 0]
            self.desk.session.document.select(self.choose.choice(apart or [()]))
            self.desk.window.actions_.refresh()
            self.desk.window.actions_.by_code["merge"].trigger()
        else:
            if kind == "split":  # of small areas no line leaves two
                area = int(self.scheme.assignment[self.scheme.assignment > 0].mode().iloc[0])
            self.by_line(kind, area)
        self.desk.settle()
        return kind

    def brush(self, kind: str, area: int | None) -> None:
        """A stroke over one to three neighbourhoods in a row."""
        self.desk.canvas.fit()
        self.use("erase" if kind == "erase" else "paint", None if kind == "new" else area)
        fids = self.choose.choice(pairs(self.plan))
        self.desk.drag(self.desk.place(fids[0]), *(self.desk.place(fid) for fid in fids))

    def by_line(self, kind: str, area: int | None) -> None:
        """A ring somewhere, or a line that enters and leaves the area."""
        xmin, ymin, xmax, ymax = self.plan.neighbourhoods.total_bounds
        if kind == "draw":
            x, y = self.choose.uniform(xmin, xmax), self.choose.uniform(ymin, ymax)
            wide, high = self.choose.uniform(60, 220), self.choose.uniform(60, 220)
            ring = [(x, y), (x + wide, y + 15), (x + wide - 12, y + high), (x - 8, y + high - 20)]
            self.sketch("draw", area if self.choose.random() < 0.3 else None, ring)
        elif area in self.outlines.index:
            self.sketch(kind, area, self.across(area) if kind == "split" else self.along(area))

    def across(self, area: int) -> list[tuple[float, float]]:
        """A line through the middle of an area, from side to side."""
        xmin, ymin, xmax, ymax = self.outlines[area].bounds
        x, y = (xmin + xmax) / 2 + self.choose.gauss(0, 20), (ymin + ymax) / 2 + self.choose.gauss(0, 20)
        return (
            [(x, ymin - 40), (x + 5, ymax + 40)]
            if self.choose.random() < 0.5
            else [(xmin - 40, y), (xmax + 40, y)]
        )

    def along(self, area: int) -> list[tuple[float, float]]:
        """A line that leaves an area's boundary at one place and comes back to it at another."""
        rim = shapely.boundary(self.outlines[area])
        ends = [shapely.line_interpolate_point(rim, self.choose.random(), normalized=True) for _ in "ab"]
        (ax, ay), (bx, by) = (end.coords[0] for end in ends)
        mx, my = (ax + bx) / 2 + self.choose.gauss(0, 40), (ay + by) / 2 + self.choose.gauss(0, 40)
        start, end = (
            (ax + (ax - mx) * 0.1, ay + (ay - my) * 0.1),
            (bx + (bx - mx) * 0.1, by + (by - my) * 0.1),
        )
        return [start, (ax, ay), (mx, my), (bx, by), end]


def check(hand: RandomHand, kind: str, before: Project, outlines: gpd.GeoSeries) -> None:
    """What must hold after any edit."""
    scheme = hand.scheme
    check_boundaries(hand.outlines)
    check_drawn(hand.project)
    was = before.scheme
    assert was is not None
    check_ground(kind, outlines, hand.outlines, locked_areas(was), set(drawn_boundaries(scheme)))
    people = hand.project.neighbourhoods
    assert people is not None
    assert scheme.assignment.index.equals(people.frame.index)  # each neighbourhood once
    assert set(scheme.assignment) - {0} <= set(scheme.areas.index)
    plan = hand.plan
    alone = plan.neighbourhoods.loc[
        ~plan.neighbourhoods["area_id"].isin(plan.areas.index), "households"
    ].sum()
    assert plan.areas["households"].sum() + alone == people.frame["households"].sum()


@pytest.mark.parametrize("edits", [15, pytest.param(200, marks=pytest.mark.long)])
def test_random_edits_on_the_window(desk: Desk, edits: int) -> None:
    desk.window.resize(700, 500)
    desk.open(town(7, 5))
    hand = RandomHand(desk, 4)
    start, steps = state_of(hand.project), Counter[str]()
    for _ in range(edits):
        before, outlines = hand.project, hand.outlines
        kind = hand.edit()
        if hand.project is not before:
            steps[kind] += 1
            check(hand, kind, before, outlines)
    assert set(steps) == set(KINDS) or edits < 200, steps
    assert sum(steps.values()) > edits / 2, steps
    end = state_of(hand.project)
    hand.walk("undo")
    assert state_of(hand.project) == start
    hand.walk("redo")
    assert state_of(hand.project) == end

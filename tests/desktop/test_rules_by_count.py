"""The window holds areas to the bounds that the engine holds them to, also where households are unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from desk import Desk, town

from renomap.model.project import Project


def _without_households(project: Project) -> Project:
    layer = project.layers[0]
    frame = layer.frame.assign(households=np.nan, households_flag="unknown")
    return replace(project, layers=(replace(layer, frame=frame),))


def _sizes_broken(desk: Desk) -> set[tuple[str, str]]:
    problems = desk.session.planner.problems
    return {
        (p.code, str(p.params["about"])) for p in problems if p.code in ("editing.below", "editing.above")
    }


def test_areas_of_unknown_households_are_held_to_a_number_of_neighbourhoods(desk: Desk) -> None:
    desk.open(
        _without_households(town(columns=2, rows=2))
    )  # two areas of two neighbourhoods; 3 to 20 by count
    assert _sizes_broken(desk) == {("editing.below", "count")}


def test_areas_large_enough_by_count_are_no_problem(desk: Desk) -> None:
    desk.open(_without_households(town(columns=4, rows=3)))  # two areas of six
    assert _sizes_broken(desk) == set()


def test_known_households_are_held_to_the_bounds_of_households(desk: Desk) -> None:
    desk.open(town(columns=2, rows=2))  # 202 and 204 households; 300 to 4,000 by default
    assert _sizes_broken(desk) == {("editing.below", "households")}

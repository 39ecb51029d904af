"""The list of problems, and fixes that really mend."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from editing_town import Town, after, area_of, scheme_of
from test_boundaries import box
from test_boundaries import outlines as outlines_of

from renomap.editing import areas, assign, boundaries, checks, findings
from renomap.editing.checks import Context, problems
from renomap.editing.findings import Finding
from renomap.editing.graph import build_graph
from renomap.editing.rules import AreaRules, limits, sizes
from renomap.editing.schemes import NewArea
from renomap.editing.tally import amounts, tally
from renomap.model.project import Project
from renomap.wording.catalogue import words

TOWN = Town(shake=0.0)
GRAPH = build_graph(TOWN.links)


def found(project: Project, rules: AreaRules | None = None, **more: object) -> tuple[Finding, ...]:
    counted = amounts({"households": TOWN.frame["households"].to_numpy()})
    totals = tally(counted, GRAPH.labels(scheme_of(project).assignment))
    context = Context(GRAPH, totals, rules or AreaRules(), **more)  # type: ignore[arg-type]
    return problems(project, context)


def test_a_sound_scheme_has_no_problems() -> None:
    assert found(TOWN.project()) == ()


def test_a_torn_area_is_mended_by_its_fix() -> None:
    project = TOWN.project()
    torn = after(project, assign.paint(project, [8], 1))
    (problem,) = found(torn)
    assert (problem.code, problem.area, problem.fids) == (findings.TORN, 1, (8,))
    assert problem.id == "editing.torn:1"
    assert problem.fix is not None
    assert (problem.fix.code, problem.fix.params["count"]) == ("editing.fix-join", 1)
    mended = after(torn, problem.fix)
    assert found(mended) == ()
    assert area_of(mended, 8) == 2


def test_the_fix_keeps_the_part_with_more_households_and_takes_the_rest_out_where_nothing_is_beside() -> None:
    values = np.zeros(48)
    values[[0, 1, 46, 47]] = 1
    project = TOWN.with_assignment(values)
    problem = next(item for item in found(project) if item.area == 1)
    households = TOWN.frame["households"]
    smaller = (1, 2) if households.loc[[1, 2]].sum() < households.loc[[47, 48]].sum() else (47, 48)
    assert problem.fix is not None
    assert problem.fix.code == "editing.fix-release"
    mended = after(project, problem.fix)
    assert {area_of(mended, fid) for fid in smaller} == {0}


def test_locked_areas_are_reported_without_a_fix() -> None:
    project = TOWN.project()
    torn = after(project, assign.paint(project, [8], 1))
    torn = after(torn, areas.lock(torn, 1))
    (problem,) = found(torn)
    assert problem.fix is None


def test_bounds_and_walk() -> None:
    project = TOWN.project()
    steps = np.full(len(TOWN.links), 100.0)
    rules = AreaRules(limits({"count_max": 11}), walk_max_m=400, length_m=steps, exempt=frozenset({2, 3, 4}))
    above, walk = found(project, rules)
    assert (above.code, above.id) == (findings.ABOVE, "editing.above:1:count")
    assert (above.params["total"], above.params["limit"]) == (12, 11)
    # from one corner of 4 x 3 squares to the other it is 3 + 2 steps
    assert (walk.code, walk.params["walk"], walk.fids) == (findings.WALK, 500, (1, 20))


def test_what_unknown_households_could_lift_above_a_minimum_is_to_check() -> None:
    """Twelve neighbourhoods of 10 households, at least 150: below, unless one is unknown or a lower bound."""
    project = TOWN.project()
    labels = GRAPH.labels(scheme_of(project).assignment)
    homes, whole = np.full(48, 10.0), np.ones(48, dtype=bool)
    first = np.flatnonzero(labels == 1)
    least = AreaRules(limits({"households_min": 150}), exempt=frozenset({2, 3, 4}))
    unknown, floor = homes.copy(), whole.copy()
    unknown[first[0]] = np.nan
    floor[first] = False
    for values, sure, code, told in (
        (homes, whole, findings.BELOW, (120, 12)),
        (unknown, whole, findings.BELOW_KNOWN, (110, 11)),
        (homes, floor, findings.BELOW_KNOWN, (120, 0)),
    ):
        counted = tally(amounts({"households": values}, {"households": sure}), labels)
        (problem,) = sizes(least, counted, 1)
        assert (problem.code, problem.params["total"], problem.params["known"]) == (code, *told)


def test_empty_areas_can_be_dissolved() -> None:
    values = scheme_of(TOWN.project()).assignment.to_numpy().copy()
    project = TOWN.with_assignment(values)
    empty = after(project, assign.paint(project, np.flatnonzero(values == 4) + 1, 3))
    problem = next(item for item in found(empty) if item.code == findings.EMPTY)
    assert problem.fix is not None
    assert 4 not in scheme_of(after(empty, problem.fix)).areas.index


def test_neighbourhoods_cut_or_left_outside_by_a_boundary() -> None:
    project = TOWN.project()
    drawn = after(project, boundaries.draw(project, box(0, 0, 260, 100), NewArea("画"), outlines_of(project)))
    cut = [item for item in found(drawn) if item.code == findings.CUT]
    assert [(item.area, item.fids, item.params["share"]) for item in cut] == [(5, (3,), 61)]  # 54 of 88 m
    assert cut[0].id == "editing.cut:5:3"
    outside = after(drawn, assign.paint(drawn, [12], 5))
    problem = next(item for item in found(outside) if item.code == findings.OUTSIDE)
    assert problem.fids == (12,)
    assert problem.fix is not None
    assert area_of(after(outside, problem.fix), 12) == 0


def test_a_boundary_in_two_parts() -> None:
    project = TOWN.project()
    drawn = after(project, boundaries.draw(project, box(0, 0, 400, 100), NewArea(), outlines_of(project)))
    drawn = after(drawn, boundaries.draw(drawn, box(100, 0, 200, 100), NewArea(), outlines_of(drawn)))
    parts = [item for item in found(drawn) if item.code == findings.PARTS]
    assert [(item.area, item.params["parts"]) for item in parts] == [(5, 2)]
    assert isinstance(scheme_of(drawn).areas.geometry.loc[5], shapely.MultiPolygon)


def test_what_is_left_over_is_offered_to_the_area_beside_it() -> None:
    project = TOWN.project()
    erased = after(project, assign.erase(project, [1, 2, 48]))
    first, second = found(erased)
    assert (first.fids, second.fids) == ((1, 2), (48,))
    assert first.fix is not None
    assert area_of(after(erased, first.fix), 1) == 1
    eligible = TOWN.frame["households"].notna() | True
    eligible[[1, 2]] = False
    assert [item.fids for item in found(erased, eligible=eligible)] == [(48,)]
    assert [item.fids for item in found(erased, eligible=eligible.drop(48))] == [(48,)]  # nothing said: may


def test_only_some_areas() -> None:
    project = TOWN.project()
    torn = after(project, assign.paint(project, [8], 1))
    counted = tally(amounts({"count": np.ones(48)}), GRAPH.labels(scheme_of(torn).assignment))
    context = Context(GRAPH, counted, AreaRules())
    assert checks.problems(torn, context, areas={2, 3}) == ()
    assert len(checks.problems(torn, context, areas={1})) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_finding_has_its_words(language: str) -> None:
    known = words(language)
    for name in (
        "TORN",
        "TORN_BY",
        "LINE_CROSSED",
        "OVER_CROSSING",
        "BELOW",
        "BELOW_KNOWN",
        "ABOVE",
        "WALK",
        "EMPTY",
        "CUT",
    ):
        assert getattr(findings, name) in known
    for name in ("OUTSIDE", "PARTS", "LEFT_OVER", "LEFT_ALONE"):
        assert getattr(findings, name) in known

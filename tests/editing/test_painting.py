"""Painting moves whole neighbourhoods, skips what is locked, and goes back exactly."""

from __future__ import annotations

import numpy as np
import pytest
from editing_town import Town, after, area_of, scheme_of

from renomap.editing import areas, assign
from renomap.editing.graph import build_graph
from renomap.editing.schemes import NewArea, members
from renomap.errors import RenomapError
from renomap.model.change import apply

TOWN = Town()


def test_painting_moves_only_what_was_named() -> None:
    project = TOWN.project()
    change = assign.paint(project, [5, 4, 5], 1)
    painted = apply(project, change)
    moved = scheme_of(painted).assignment != scheme_of(project).assignment
    assert list(moved.index[moved]) == [5]  # 4 was in area 1 already
    assert change.params == {"name": "片区1", "count": 1}
    assert scheme_of(apply(painted, change.inverse)).assignment.equals(scheme_of(project).assignment)


def test_painting_what_is_there_already_changes_nothing() -> None:
    assert not assign.paint(TOWN.project(), [1, 2], 1)
    assert not assign.paint(TOWN.project(), [], 2)


def test_a_locked_area_gives_and_takes_nothing() -> None:
    project = TOWN.project()
    project = after(project, areas.lock(project, 2))
    assert not assign.paint(project, [5, 6], 1)
    with pytest.raises(RenomapError, match=r"editing\.locked"):
        assign.paint(project, [1], 2)


def test_a_new_area_takes_the_next_id_and_its_looks() -> None:
    project = TOWN.project()
    painted = after(project, assign.paint(project, [1, 2], NewArea("新片区", "#123456")))
    row = scheme_of(painted).areas.loc[5]
    assert (row["name"], row["colour"], bool(row["locked"]), row["kind"]) == (
        "新片区",
        "#123456",
        False,
        "derived",
    )
    assert area_of(painted, 1) == area_of(painted, 2) == 5
    assert scheme_of(painted).areas.dtypes.equals(scheme_of(project).areas.dtypes)


def test_a_new_area_in_an_empty_scheme() -> None:
    project = TOWN.with_assignment(np.zeros(48))
    change = assign.paint(project, [7], NewArea())
    painted = apply(project, change)
    assert list(scheme_of(painted).areas.index) == [1]
    assert scheme_of(apply(painted, change.inverse)).areas.empty


def test_erasing_and_only_unassigned() -> None:
    project = TOWN.project()
    erased = after(project, assign.erase(project, [1, 2]))
    assert area_of(erased, 1) == 0
    filled = after(erased, assign.paint(erased, [1, 5], 2, only_unassigned=True))
    assert (area_of(filled, 1), area_of(filled, 5)) == (2, 2)
    assert area_of(after(erased, assign.paint(erased, [1, 3], 2, only_unassigned=True)), 3) == 1


def test_one_gesture_is_one_step_that_keeps_what_was_first() -> None:
    project = TOWN.project()
    first = assign.paint(project, [5], 1)
    second = assign.paint(apply(project, first), [5, 6], 3)
    joined = first.merge(second)
    painted = apply(project, joined)
    assert area_of(painted, 5) == area_of(painted, 6) == 3
    back = apply(painted, joined.inverse)
    assert area_of(back, 5) == area_of(back, 6) == 2


def test_unknown_neighbourhoods_and_areas_are_named() -> None:
    with pytest.raises(RenomapError, match=r"no-neighbourhood\(fid=99"):
        assign.paint(TOWN.project(), [1, 99], 1)
    with pytest.raises(RenomapError, match=r"no-area\(area=9"):
        assign.paint(TOWN.project(), [1], 9)


def test_merging_keeps_the_area_with_more_households() -> None:
    project = TOWN.project()
    households = TOWN.frame["households"].groupby(scheme_of(project).assignment).sum()
    larger = 1 if households[1] >= households[2] else 2
    merged = after(project, areas.merge(project, [1, 2]))
    assert list(scheme_of(merged).areas.index) == sorted({larger, 3, 4})
    assert area_of(merged, 1) == area_of(merged, 8) == larger
    assert scheme_of(merged).areas.at[larger, "name"] == f"片区{larger}"


def test_merging_one_or_a_locked_area_is_refused() -> None:
    project = TOWN.project()
    with pytest.raises(RenomapError, match=r"editing\.merge-one"):
        areas.merge(project, [1, 1])
    project = after(project, areas.lock(project, 2))
    with pytest.raises(RenomapError, match=r"editing\.locked"):
        areas.merge(project, [1, 2])
    opened = after(project, areas.lock(project, 2, locked=False))
    assert areas.merge(opened, [1, 2])


def test_splitting_gives_the_new_id_to_the_part_with_fewer_households() -> None:
    project, graph = TOWN.project(), build_graph(TOWN.links)
    chosen = [1, 2, 9, 10]
    rest = [fid for fid in members(scheme_of(project), 1) if fid not in chosen]
    sums = [TOWN.frame["households"].loc[part].sum() for part in (chosen, rest)]
    split = after(project, areas.split(project, 1, chosen, NewArea("分出"), graph))
    smaller = chosen if sums[0] < sums[1] else rest
    assert set(members(scheme_of(split), 5)) == set(smaller)
    assert scheme_of(split).areas.at[1, "name"] == "片区1"


@pytest.mark.parametrize(
    ("fids", "code"),
    [([1, 3], "split-torn"), ([1, 5], "split-foreign"), ([], "split-all"), ([2, 10, 18], "split-torn")],
)
def test_a_split_that_makes_no_two_areas_is_refused(fids: list[int], code: str) -> None:
    with pytest.raises(RenomapError, match=rf"editing\.{code}"):
        areas.split(TOWN.project(), 1, fids, NewArea(), build_graph(TOWN.links))


def test_dissolving_frees_the_members() -> None:
    project = TOWN.project()
    gone = after(project, areas.dissolve(project, [2]))
    assert area_of(gone, 5) == 0
    assert 2 not in scheme_of(gone).areas.index


def test_names_colours_and_notes() -> None:
    project = TOWN.project()
    named = after(project, areas.rename(project, 1, " 城南 "), areas.recolour(project, 1, "#ABCDEF"))
    named = after(named, areas.annotate(named, 1, note="待会商"))
    row = scheme_of(named).areas.loc[1]
    assert (row["name"], row["colour"], row["note"]) == ("城南", "#abcdef", "待会商")
    with pytest.raises(ValueError, match="not a colour"):
        areas.recolour(project, 1, "red")

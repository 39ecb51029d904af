"""Boundaries by hand, with figures worked out on squares of 100 m."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from editing_town import Town, after, area_of, outlines_of, scheme_of

from renomap.editing import areas, assign, boundaries, splitting, vertices
from renomap.editing.graph import build_graph
from renomap.editing.schemes import NewArea, members
from renomap.errors import RenomapError
from renomap.model.project import Project

X, Y = 500_000.0, 3_100_000.0
#: 8 x 6 squares; areas 1 and 2 in the south, 3 and 4 in the north, each 4 x 3 squares.
TOWN = Town(shake=0.0)
GRAPH = build_graph(TOWN.links)


def outlines(project: Project) -> gpd.GeoSeries:
    return outlines_of(project, TOWN)


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(X + x0, Y + y0, X + x1, Y + y1)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in points])


def hectares(project: Project) -> dict[int, float]:
    return {int(k): round(v, 4) for k, v in (outlines(project).area / 1e4).items()}


def test_drawing_takes_the_neighbourhoods_that_lie_inside_for_the_most_part() -> None:
    project = TOWN.project()
    drawn = after(
        project, boundaries.draw(project, box(-10, -10, 255, 145), NewArea("画"), outlines(project))
    )
    # 1 and 2 are inside; of 3, which is 88 m wide and begins at 206 m, 49 m are; of the second row 39 of 88 m
    assert list(members(scheme_of(drawn), 5)) == [1, 2, 3]
    row = scheme_of(drawn).areas.loc[5]
    assert row["kind"] == "drawn"
    assert row["geometry"].area == pytest.approx(265 * 155)
    # area 1 has 9 squares left, from which the boundary takes 255 x 45 m of the second row
    assert hectares(drawn)[1] == pytest.approx(9 - 255 * 45 / 1e4)


def test_a_drawn_boundary_cuts_another_drawn_one_and_never_a_locked_one() -> None:
    project = TOWN.project()
    project = after(project, boundaries.draw(project, box(0, 0, 200, 200), NewArea(), outlines(project)))
    cut = after(project, boundaries.draw(project, box(100, 0, 300, 200), NewArea(), outlines(project)))
    assert scheme_of(cut).areas.geometry.loc[5].equals(box(0, 0, 100, 200))
    assert [area_of(cut, fid) for fid in (1, 2, 3, 9, 10, 11)] == [5, 6, 6, 5, 6, 6]
    held = after(project, areas.lock(project, 5))
    held = after(held, boundaries.draw(held, box(100, 0, 300, 200), NewArea(), outlines(held)))
    assert scheme_of(held).areas.geometry.loc[5].equals(box(0, 0, 200, 200))
    assert scheme_of(held).areas.geometry.loc[6].equals(box(200, 0, 300, 200))
    assert area_of(held, 2) == 5


def test_a_derived_locked_area_is_not_cut_either() -> None:
    project = TOWN.project()
    project = after(project, areas.lock(project, 1))
    drawn = after(project, boundaries.draw(project, box(300, 0, 600, 100), NewArea(), outlines(project)))
    assert scheme_of(drawn).areas.geometry.loc[5].equals(box(400, 0, 600, 100))


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)]), "self-crossing"),
        (box(0, 0, 0.5, 0.5), "too-small"),
        (shapely.Polygon(), "too-few-points"),
        (box(-500, -500, -300, -300), "nothing-inside"),
    ],
)
def test_an_outline_that_is_none_is_refused(shape: shapely.Polygon, code: str) -> None:
    project = TOWN.project()
    with pytest.raises(RenomapError, match=rf"editing\.{code}"):
        boundaries.draw(project, shape, NewArea(), outlines(project))


def test_drawing_inside_a_locked_area_is_refused() -> None:
    project = TOWN.project()
    project = after(project, areas.lock(project, 1))
    with pytest.raises(RenomapError, match=r"editing\.nothing-left"):
        boundaries.draw(project, box(10, 10, 190, 190), NewArea(), outlines(project))


def test_neighbourhoods_that_may_not_join_do_not_follow() -> None:
    project = TOWN.project()
    may = TOWN.frame["households"].notna() & (TOWN.frame.index != 2)
    change = boundaries.draw(project, box(0, 0, 300, 100), NewArea(), outlines(project), may_join=may)
    assert area_of(after(project, change), 2) == 1


def test_reshaping_gives_and_takes_along_the_shared_border() -> None:
    project = TOWN.project()
    grown = after(
        project, boundaries.reshape(project, 1, line((400, 0), (460, 50), (400, 100)), outlines(project))
    )
    assert hectares(grown) == {1: 12.3, 2: 11.7, 3: 12.0, 4: 12.0}  # a triangle of 100 x 60 / 2 m
    assert list(scheme_of(grown).areas["kind"]) == ["drawn", "drawn", "derived", "derived"]
    assert area_of(grown, 5) == 2  # 0.3 of its square
    dent = line((400, 0), (340, 50), (400, 100))
    back = after(grown, boundaries.reshape(grown, 1, dent, outlines(grown)))
    assert hectares(back) == {1: 11.7, 2: 12.3, 3: 12.0, 4: 12.0}


def test_members_follow_a_reshaped_border() -> None:
    project = TOWN.project()
    over = line((400, 0), (480, 10), (480, 90), (400, 100))
    change = boundaries.reshape(project, 1, over, outlines(project))
    assert area_of(after(project, change), 5) == 1
    in_again = line((400, 0), (320, 10), (320, 90), (400, 100))
    assert area_of(after(project, boundaries.reshape(project, 1, in_again, outlines(project))), 4) == 2


def test_ground_given_up_goes_to_each_neighbour_up_to_where_they_meet() -> None:
    project = TOWN.project()
    one = after(project, boundaries.draw(project, box(0, 0, 400, 600), NewArea(), outlines(project)))
    # area 5 is the west half; its border with 2 (south) and 4 (north), which meet at y = 300, moves 50 m west
    change = boundaries.reshape(one, 5, line((350, -10), (350, 610)), outlines(one))
    moved = after(one, change)
    assert hectares(moved) == {2: 13.5, 4: 13.5, 5: 21.0}
    assert scheme_of(moved).areas.geometry.loc[2].equals(box(350, 0, 800, 300))
    assert area_of(moved, 4) == 5  # half of it is still inside


def test_a_locked_neighbour_gives_nothing_when_a_border_is_reshaped() -> None:
    project = TOWN.project()
    project = after(project, areas.lock(project, 2))
    change = boundaries.reshape(project, 1, line((400, 100), (460, 150), (400, 200)), outlines(project))
    assert hectares(after(project, change))[2] == 12.0


def test_a_line_that_does_not_cut_is_refused() -> None:
    project = TOWN.project()
    for path in (line((100, 100), (200, 200)), line((-100, -50), (900, -50)), line((350, 50), (450, 50))):
        with pytest.raises(RenomapError, match=r"editing\.line-misses"):
            boundaries.reshape(project, 1, path, outlines(project))


def test_a_shared_corner_moves_all_that_share_it() -> None:
    project = TOWN.project()
    change = vertices.move_vertex(project, 1, (X + 400, Y + 300), (X + 420, Y + 310), outlines(project))
    moved = after(project, change)
    assert set(scheme_of(moved).areas["kind"]) == {"drawn"}
    assert sum(hectares(moved).values()) == pytest.approx(48.0)
    union = shapely.union_all(outlines(moved).to_numpy())
    assert union.area == pytest.approx(480_000, abs=0.01)
    for area in (1, 2, 3, 4):
        corners = vertices.corners(scheme_of(moved).areas.geometry.loc[area])
        assert [X + 420, Y + 310] in corners.tolist()
    # the next corners are those of the squares, 100 m away: two triangles of 100 x 10 / 2 and 100 x 20 / 2
    assert hectares(moved)[1] == pytest.approx(12 + (100 * 10 / 2 + 100 * 20 / 2) / 1e4)


def test_corners_of_locked_areas_stay() -> None:
    project = TOWN.project()
    project = after(project, areas.lock(project, 4))
    with pytest.raises(RenomapError, match=r"editing\.locked"):
        vertices.move_vertex(project, 1, (X + 400, Y + 300), (X + 420, Y + 310), outlines(project))


def test_corners_that_are_not_there_and_edges_that_cross() -> None:
    project = TOWN.project()
    with pytest.raises(RenomapError, match=r"editing\.no-vertex"):
        vertices.move_vertex(project, 1, (X + 250, Y + 130), (X, Y), outlines(project))
    with pytest.raises(RenomapError, match=r"editing\.no-edge"):
        vertices.add_vertex(project, 1, (X + 250, Y + 130), (X, Y), outlines(project))
    with pytest.raises(RenomapError, match=r"editing\.self-crossing"):
        vertices.move_vertex(project, 1, (X + 100, Y), (X + 100, Y + 1000), outlines(project))
    with pytest.raises(RenomapError, match=r"editing\.junction"):
        vertices.remove_vertex(project, 1, (X + 400, Y + 300), outlines(project))


def test_a_new_corner_belongs_to_both_sides_and_can_be_removed() -> None:
    project = TOWN.project()
    at, to = (X + 400, Y + 150), (X + 430, Y + 150)
    added = after(project, vertices.add_vertex(project, 1, at, to, outlines(project)))
    # the corners of the squares at y = 100 and 200 hold the rest of the border
    assert hectares(added)[1] == pytest.approx(12 + 100 * 30 / 2 / 1e4)
    assert hectares(added)[1] + hectares(added)[2] == pytest.approx(24)
    removed = after(added, vertices.remove_vertex(added, 2, to, outlines(added)))
    assert hectares(removed)[1] == pytest.approx(12)
    assert hectares(removed)[2] == pytest.approx(12)


def test_painting_into_a_drawn_area_brings_the_territory() -> None:
    project = TOWN.project()
    project = after(project, boundaries.draw(project, box(0, 0, 200, 200), NewArea(), outlines(project)))
    grown = after(project, assign.paint(project, [3], 5, territories=TOWN.territories))
    assert scheme_of(grown).areas.geometry.loc[5].area == pytest.approx(50_000)
    lost = after(grown, assign.paint(grown, [1], 2, territories=TOWN.territories))
    assert scheme_of(lost).areas.geometry.loc[5].area == pytest.approx(40_000)
    assert hectares(lost)[2] == 13.0


def test_giving_up_a_drawn_boundary() -> None:
    project = TOWN.project()
    drawn = after(project, boundaries.draw(project, box(0, 0, 255, 155), NewArea(), outlines(project)))
    derived = after(drawn, boundaries.derive(drawn, 5))
    assert scheme_of(derived).areas.at[5, "kind"] == "derived"
    assert hectares(derived)[5] == len(members(scheme_of(derived), 5))


def test_splitting_a_derived_area_by_a_line() -> None:
    project = TOWN.project()
    path = line((200, -10), (200, 310))
    split = after(project, splitting.split_by_line(project, 1, path, NewArea("分"), outlines(project), GRAPH))
    west = [1, 2, 9, 10, 17, 18]
    assert len({area_of(split, fid) for fid in west}) == 1
    assert {area_of(split, 1), area_of(split, 3)} == {1, 5}
    assert hectares(split)[1] == hectares(split)[5] == 6.0
    assert set(scheme_of(split).areas["kind"]) == {"derived"}


def test_splitting_a_drawn_area_cuts_its_boundary() -> None:
    project = TOWN.project()
    project = after(project, boundaries.draw(project, box(0, 0, 400, 200), NewArea(), outlines(project)))
    path = line((100, -10), (130, 100), (100, 210))
    split = after(project, splitting.split_by_line(project, 5, path, NewArea("分"), outlines(project), GRAPH))
    sizes = scheme_of(split).areas.geometry.loc[[5, 6]].area
    assert sizes.sum() == pytest.approx(80_000)
    assert sizes.min() == pytest.approx(2 * 100 * (100 + 30 * 10 / 110 + 130) / 2, abs=0.1)
    assert sorted(len(members(scheme_of(split), area)) for area in (5, 6)) == [2, 6]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (line((200, 10), (200, 250)), "line-misses"),
        (line((-5, 50), (-5, 250)), "line-misses"),
        (line((2, -10), (2, 310)), "split-all"),
        (line((-10, 100), (50, 100), (50, 200), (-10, 200)), "split-all"),
    ],
)
def test_lines_that_do_not_split(path: shapely.LineString, code: str) -> None:
    project = TOWN.project()
    with pytest.raises(RenomapError, match=rf"editing\.{code}"):
        splitting.split_by_line(project, 1, path, NewArea(), outlines(project), GRAPH)


def test_merging_drawn_and_derived_areas_unites_their_boundaries() -> None:
    project = TOWN.project()
    project = after(project, boundaries.draw(project, box(0, 0, 400, 300), 1, outlines(project)))
    merged = after(project, areas.merge(project, [1, 2], outlines(project)))
    kept = area_of(merged, 1)
    assert scheme_of(merged).areas.at[kept, "kind"] == "drawn"
    assert scheme_of(merged).areas.geometry.loc[kept].area == pytest.approx(240_000)
    assert np.isclose(sum(hectares(merged).values()), 48.0)

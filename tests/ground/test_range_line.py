"""Range lines: as a planner would draw them, round all members, past everybody else."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.deficits.presets import load
from renomap.ground.land import Land
from renomap.ground.links import collect, find_links
from renomap.ground.outline import enclosed, outlines
from renomap.ground.surroundings import describe
from renomap.ground.territories import territories
from renomap.model.feedback import Silent
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.settings import GroupSettings
from renomap.steps.demo import sample_project
from renomap.steps.frames import frame_of, neighbourhood_frame
from renomap.steps.groundwork import lay_ground

CRS = "EPSG:4547"
PRESETS = ("guangzhou", "changsha")
TRUTH = json.loads((Path(__file__).parent / "truth_ranges.json").read_text(encoding="utf-8"))


def layer(*rows, **columns) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(rows), crs=CRS)


def units(*shapes) -> gpd.GeoSeries:
    return gpd.GeoSeries(list(shapes), index=np.arange(1, len(shapes) + 1), crs=CRS)


def draw(town, ground, assignment) -> gpd.GeoDataFrame:
    land = Land(town, territories(town, ground), find_links(town, ground), ground)
    return outlines(pd.Series(assignment, index=town.index), land)


@pytest.fixture(scope="module")
def project() -> Project:
    return sample_project()


@pytest.fixture(scope="module")
def town(project) -> Land:
    homes = neighbourhood_frame(project).geometry
    work = lay_ground(project, load("changsha"), GroupSettings(), Silent())
    within = work.within.polygons
    grown = territories(homes, work.ground, gap_m=work.gap_m, within=within)
    return Land(homes, grown, work.links, work.ground, within, work.gap_m)


def scheme(preset: str, fids: pd.Index) -> pd.Series:
    """The areas of the sample town by a preset, as ``truth_ranges.json`` lists their members."""
    area = pd.Series(0, index=fids)
    areas = next(s["areas"] for s in TRUTH["schemes"] if (s["town"], s["preset"]) == ("sample", preset))
    for key, members in enumerate(areas, 1):
        area[members] = key
    return area


@pytest.fixture(scope="module")
def drawn(town) -> dict[str, gpd.GeoDataFrame]:
    return {preset: outlines(scheme(preset, town.neighbourhoods.index), town) for preset in PRESETS}


def test_lines_are_those_that_were_drawn_by_hand(town, drawn):
    likeness = []
    for by_hand in TRUTH["areas"]:
        if by_hand["town"] == "sample":
            area = scheme(by_hand["preset"], town.neighbourhoods.index)
            one = drawn[by_hand["preset"]].geometry[area[by_hand["members"][0]]]
            other = shapely.Polygon(by_hand["ring"])
            likeness.append(one.intersection(other).area / one.union(other).area)
    assert np.median(likeness) >= 0.90
    assert min(likeness) >= 0.75


@pytest.mark.parametrize("preset", PRESETS)
def test_the_four_sides_are_those_read_off_the_map(project, drawn, preset):
    page = (Path(__file__).parents[2] / "docs" / "four-sides.md").read_text(encoding="utf-8")
    lines = page.split(f"## Preset {preset}\n")[1].split("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    by_hand = {int(area): sides for area, *sides in cells[2:]}
    roles = (Role.ROADS, Role.WATER, Role.RAILWAYS, Role.BOUNDARY)
    said = describe(drawn[preset], *(frame_of(project, role) for role in roles))
    sides = said[["north", "south", "east", "west"]].fillna("–")
    assert dict(zip(sides.index, sides.to_numpy().tolist(), strict=True)) == by_hand


@st.composite
def streets_and_compounds(draw):
    """Compounds in blocks between streets and one river, and areas of whole blocks or parts of them."""
    shapes, area = [], []
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    for row in range(rows):
        for column in range(columns):
            x, y = 90 * column + draw(st.integers(0, 8)), 90 * row + draw(st.integers(0, 8))
            shapes.append(shapely.box(x, y, x + draw(st.integers(50, 74)), y + draw(st.integers(50, 74))))
            area.append(draw(st.integers(0, 2)))
    lines = [shapely.LineString([(90 * k - 4, -60), (90 * k - 4, 330)]) for k in range(columns + 1)]
    kinds = [draw(st.sampled_from(["residential", "tertiary"])) for _ in lines]
    bank = draw(st.sampled_from([-4.0, 86.0, 176.0]))
    river = layer(shapely.LineString([(-90, bank), (390, bank)]), kind=["river"], width_m=[6.0])
    return units(*shapes), area, collect(layer(*lines, road_class=kinds), river), river.geometry[0]


@settings(max_examples=12, deadline=None)
@given(streets_and_compounds())
def test_a_range_holds_its_members_and_nobody_elses(case):
    town, area, ground, river = case
    drawn = draw(town, ground, area)
    assert drawn.is_valid.all()
    shapes = drawn.geometry.to_numpy()
    if len(shapes) == 2:
        assert shapely.intersection(*shapes).area < 0.01
    for key, shape in drawn.geometry.items():
        mine = np.array(area) == key
        assert shapely.union_all(town[mine].values).difference(shape).area < 0.05
        assert shapely.union_all(town[~mine & (np.array(area) > 0)].values).intersection(shape).area < 0.05
        assert river.intersection(shape).length < 0.05, "there is no bridge"
        rings = [r for part in shapely.get_parts(shape) for r in part.interiors]
        strangers = town[~mine & (np.array(area) > 0)]
        assert all(strangers.intersects(shapely.Polygon(ring)).any() for ring in rings)
        for home in town[np.array(area) == 0]:
            share = home.intersection(shape).area / home.area
            assert share < 0.01 or share > 0.99, "a compound that is not renewed is inside or outside"
    grown, links = territories(town, ground).to_numpy(), find_links(town, ground)
    linked = set(zip(links.a.tolist(), links.b.tolist(), strict=True))
    for key in drawn.index:
        members = np.flatnonzero(np.array(area) == key)
        # Two that only meet across a corner are no neighbours, and their range may be in two pieces.
        if tuple(members.tolist()) in linked and shapely.intersection(*grown[members]).length > 12:
            assert drawn.loc[key, "parts"] == 1, "their ground meets"


@settings(max_examples=4, deadline=None)
@given(streets_and_compounds())
def test_the_order_of_rows_does_not_show(case):
    town, area, ground, _ = case
    area = pd.Series(area, index=town.index)
    one, other = draw(town, ground, area), draw(town.iloc[::-1], ground, area.iloc[::-1])
    assert (
        shapely.area(shapely.symmetric_difference(one.geometry.values, other.geometry.values)).max(initial=0)
        < 0.01
    )


def test_a_compound_that_members_surround_is_inside_and_listed():
    row = [shapely.box(x, 0, x + 60, 60) for x in (0, 66, 132)]
    town = units(*row, shapely.box(0, -70, 192, -6), shapely.box(400, 0, 460, 60))
    drawn = draw(town, collect(), [1, 0, 1, 1, 0])
    assert row[1].difference(drawn.geometry[1]).area < 0.01
    inside = enclosed(town, pd.Series([1, 0, 1, 1, 0], index=town.index), drawn.geometry)
    assert inside.to_dict() == {1: 0, 2: 1, 3: 0, 4: 0, 5: 0}


def test_a_pond_is_no_hole_and_a_river_is_no_ground():
    ring = [shapely.box(0, 0, 140, 50), shapely.box(0, 90, 140, 140), shapely.box(0, 55, 40, 85)]
    town = units(*ring, shapely.box(100, 55, 140, 85))
    pond = layer(shapely.box(60, 60, 80, 80), kind=["lake"])
    drawn = draw(town, collect(water=pond), [1, 1, 1, 1])
    assert drawn.geometry[1].covers(pond.geometry[0])
    river = layer(shapely.LineString([(-300, 70), (400, 70)]), kind=["river"], width_m=[8.0])
    split = draw(units(*ring[:2]), collect(water=river), [1, 1])
    assert split.loc[1, "parts"] == 2
    assert split.geometry[1].intersection(river.geometry[0]).length == 0


def test_few_corners_and_right_angles():
    town = units(shapely.box(0, 0, 60, 60), shapely.box(66, 0, 126, 60), shapely.box(0, 66, 126, 110))
    shape = draw(town, collect(), [1, 1, 1]).geometry[1]
    assert shape.simplify(0.05).equals_exact(shapely.box(0, 0, 126, 110), 0.1) or (
        shape.symmetric_difference(shapely.box(0, 0, 126, 110)).area < 1
    )
    assert len(shape.simplify(0.05).exterior.coords) == 5


def test_an_area_whose_members_have_no_shape_has_no_line():
    town = units(shapely.box(0, 0, 60, 60), shapely.Polygon(), None)
    drawn = draw(town, collect(), [1, 2, 2])
    assert drawn.geometry[2].is_empty
    assert drawn.geometry[1].area == pytest.approx(3600, abs=1)


def test_a_range_leaves_room_for_a_later_one():
    """Ground between members of the second area is not a pocket of the first."""
    town = units(*(shapely.box(x, y, x + 60, y + 60) for x in (0, 85) for y in (0, 85, 170)))
    drawn = draw(town, collect(), [1, 2, 1, 1, 2, 1])
    assert drawn.loc[2, "parts"] == 1
    assert shapely.intersection(*drawn.geometry.values).area < 0.01

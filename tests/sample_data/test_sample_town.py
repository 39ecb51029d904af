"""The sample town: reproducible, credible, and wrong only where it is meant to be."""

from __future__ import annotations

import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from shapely import STRtree

from sample_data.make_town import Town, make_town, write

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town()


@pytest.fixture(scope="module")
def sound(town: Town) -> gpd.GeoDataFrame:
    """Neighbourhoods as surveyed, without the sliver and with the loop untied."""
    frame = town.layers["neighbourhoods"]
    frame = frame[frame["小区编号"].notna()].copy()
    frame["geometry"] = frame.geometry.make_valid()
    return frame


def same_frames(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame, tolerance: float) -> None:
    assert one.crs == other.crs
    assert (one.geom_type.to_numpy() == other.geom_type.to_numpy()).all()
    pairs = zip(one.geometry, other.geometry, strict=True)
    assert all(shapely.equals_exact(a, b, tolerance) for a, b in pairs)
    columns = [name for name in one.columns if name != "geometry"]
    assert columns == [name for name in other.columns if name != "geometry"]
    for name in columns:
        left, right = one[name], other[name]
        assert (left.isna().to_numpy() == right.isna().to_numpy()).all(), name
        assert left[left.notna()].tolist() == right[right.notna()].tolist(), name


def cells(path: Path) -> list[list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


def test_two_runs_make_the_same_town(town: Town) -> None:
    again = make_town()
    assert list(again.layers) == list(town.layers)
    for name, frame in town.layers.items():
        same_frames(frame, again.layers[name], 0.0)
    assert again.rows == town.rows
    assert again.programme == town.programme


def test_another_seed_makes_another_town(town: Town) -> None:
    other = make_town(seed=69)
    assert [c.households for c in other.compounds] != [c.households for c in town.compounds]


def test_committed_files_are_what_the_script_makes(town: Town, tmp_path: Path) -> None:
    write(town, tmp_path)
    for name in town.layers:
        fresh, kept = (gpd.read_file(folder / "town.gpkg", layer=name) for folder in (tmp_path, FOLDER))
        same_frames(fresh, kept, 0.02)
    for name in ("inventory.xlsx", "programme.xlsx"):
        assert cells(tmp_path / name) == cells(FOLDER / name), name


def test_files_stay_small() -> None:
    assert (
        sum((FOLDER / name).stat().st_size for name in ("town.gpkg", "inventory.xlsx", "programme.xlsx"))
        < 3_000_000
    )


def test_figures_are_those_of_an_old_quarter(town: Town) -> None:
    households = pd.Series([c.households for c in town.compounds])
    years = pd.Series([c.year for c in town.compounds])
    assert 115 <= len(households) <= 125
    # Changsha: 151 households a neighbourhood inside its areas (13.11万户 / 869 小区).
    assert households.mean() == pytest.approx(151, abs=6)
    assert households.min() < 45
    assert households.max() > 450
    assert households.skew() > 1.0
    assert years.between(1975, 2012).all()
    assert (years <= 2000).mean() > 0.7
    assert years.between(2001, 2005).sum() >= 8
    assert (years > 2005).sum() >= 6
    assert 850 <= len(town.layers["buildings"]) <= 950
    assert len(town.layers["subdistricts"]) == 3
    assert 11 <= len(town.layers["communities"]) <= 15
    names = town.layers["neighbourhoods"]["小区名称"].dropna()
    assert names.is_unique


def test_exactly_the_known_geometry_defects(town: Town, sound: gpd.GeoDataFrame) -> None:
    frame = town.layers["neighbourhoods"]
    assert (~frame.geometry.is_valid).sum() == 1
    assert (frame.area < 20).sum() == 1
    assert frame["小区名称"].isna().sum() == 1
    a, b = STRtree(sound.geometry.to_numpy()).query(sound.geometry.to_numpy(), predicate="intersects")
    shapes = sound.geometry.to_numpy()
    areas = shapely.area(shapely.intersection(shapes[a[a < b]], shapes[b[a < b]]))
    assert (areas > 1.0).sum() == 1
    assert areas.sum() - areas.max() < 0.01


def test_streets_and_water_keep_off_the_neighbourhoods(town: Town, sound: gpd.GeoDataFrame) -> None:
    land = sound.union_all()
    assert town.layers["roads"].intersection(land).length.max() < 0.5
    assert town.layers["water"].intersection(land).area.max() == 0.0
    rail = town.layers["railways"].query("kind == 'rail'")
    assert rail.intersects(land).sum() == 0


def test_hair_gaps_inside_blocks_and_street_widths_between(sound: gpd.GeoDataFrame) -> None:
    shapes = sound.geometry.to_numpy()
    a, b = STRtree(shapes).query(shapely.buffer(shapes, 30.0), predicate="intersects")
    gaps = shapely.distance(shapes[a[a < b]], shapes[b[a < b]])
    assert ((gaps > 0) & (gaps <= 3.0)).sum() >= 30
    assert ((gaps > 3.0) & (gaps <= 9.0)).sum() >= 5
    assert ((gaps > 12.0) & (gaps <= 30.0)).sum() >= 40


def test_compounds_are_not_squares_on_a_grid(sound: gpd.GeoDataFrame) -> None:
    boxes = sound.geometry.minimum_rotated_rectangle()
    fill = sound.area / boxes.area
    assert (fill < 0.8).mean() > 0.15  # L-shapes, notches, wedges
    assert (fill > 0.98).mean() < 0.1
    corners = sound.geometry.count_coordinates() - 1
    assert corners.median() >= 6


def test_dwellings_stand_in_their_compound_and_face_south(town: Town) -> None:
    turns = []
    for compound in town.compounds:
        shapes = [house.shape for house in compound.houses]
        assert all(compound.shape.buffer(0.05).contains(shape) for shape in shapes)
        a, b = STRtree(shapes).query(shapes, predicate="intersects")
        assert (a == b).all()
        for house in compound.houses:
            ring = shapely.get_coordinates(house.shape.minimum_rotated_rectangle)
            sides = np.diff(ring[:3], axis=0)
            way = sides[np.argmax(np.hypot(*sides.T))]
            turns.append(abs((np.degrees(np.arctan2(way[1], way[0])) + 90.0) % 180.0 - 90.0))
    assert np.mean(np.array(turns) < 26.0) > 0.85


def test_floors_and_stairwells(town: Town) -> None:
    frame = town.layers["buildings"]
    lived = frame[(frame["用途"] == "住宅") & frame["楼栋名称"].notna()]
    assert lived["层数"].min() >= 2
    assert lived["层数"].max() <= 28
    assert town.layers["buildings"]["层数"].min() >= 1
    assert 0.02 < lived["层数"].isna().mean() < 0.06
    assert 0.25 < lived["单元数"].isna().mean() < 0.45
    tall = [house for c in town.compounds for house in c.houses if house.floors > 9]
    assert 5 <= len(tall) <= 60
    assert all(11 <= house.floors <= 18 and house.elevators > 0 for house in tall)


def test_two_bridges_one_underpass_and_a_metro(town: Town) -> None:
    roads, water = town.layers["roads"], town.layers["water"]
    river = water.geometry[water["kind"] == "river"].iloc[0]
    over = roads[roads["桥"] == 1]
    assert len(over) == 2
    assert over.intersects(river).all()
    assert not roads[roads["桥"] == 0].intersects(river.buffer(-0.5)).any()
    rails = town.layers["railways"].set_index("kind")
    assert rails.loc["subway", "tunnel"] == 1
    under = roads[roads["隧道"] == 1]
    assert under.intersects(rails.loc["rail"].geometry).sum() == 1
    spots = town.layers["crossings"]
    passage = spots.geometry[spots["kind"] == "underpass"].iloc[0]
    assert passage.distance(rails.loc["rail"].geometry) < 0.5
    assert set(spots["kind"]) == {"underpass", "footbridge", "gate"}
    gates = spots[spots["kind"] == "gate"]
    walls = town.layers["barriers"].union_all()
    assert len(gates) < len(town.layers["barriers"])
    assert gates.distance(walls).max() < 0.05


def test_one_neighbourhood_alone_beyond_the_expressway(town: Town, sound: gpd.GeoDataFrame) -> None:
    roads = town.layers["roads"]
    express = roads[roads["等级"] == "快速路"].union_all()
    district = town.layers["district"].geometry.iloc[0]
    east = max(shapely.ops.split(district, express).geoms, key=lambda part: part.centroid.x)
    beyond = sound[sound.within(east)]
    assert len(beyond) == 1
    assert sound.drop(beyond.index).distance(beyond.geometry.iloc[0]).min() > 60.0


def test_a_pair_on_an_island_between_river_and_railway(town: Town, sound: gpd.GeoDataFrame) -> None:
    water, rails, roads = (town.layers[name] for name in ("water", "railways", "roads"))
    hard = shapely.union_all([
        water.geometry[water["kind"] == "river"].iloc[0],
        rails.geometry[rails["kind"] == "rail"].iloc[0].buffer(1.0),
        roads[roads["等级"] == "快速路"].union_all().buffer(1.0),
    ])  # fmt: skip
    quarters = town.layers["district"].geometry.iloc[0].difference(hard).geoms
    counts = sorted(sound.representative_point().within(quarter).sum() for quarter in quarters)
    assert 2 in counts


def test_administration_covers_the_district_without_overlap(town: Town, sound: gpd.GeoDataFrame) -> None:
    small, large = town.layers["communities"], town.layers["subdistricts"]
    district = town.layers["district"].area.iloc[0]
    assert small.area.sum() == pytest.approx(district, rel=1e-5)
    assert large.area.sum() == pytest.approx(district, rel=1e-5)
    assert set(small.geom_type) == {"Polygon"}
    homes = small.set_index("社区名称").geometry
    share = sound.intersection(homes.loc[sound["社区"]].set_axis(sound.index)).area / sound.area
    assert share.min() > 0.99


def test_inventory_has_the_usual_defects(town: Town) -> None:
    names = [str(row["小区名称"]) for row in town.rows]
    codes = {c.code: c.name for c in town.compounds}
    assert len(codes) - len(town.same) == 3
    assert sum(name not in town.same for name in names) == 2
    assert len(names) - len(set(names)) == 1
    changed = [name for name, code in town.same.items() if codes[code] != name]
    assert 10 <= len(changed) <= 16
    assert any("（" in name for name in changed)
    written = [str(value) for row in town.rows for value in row.values()]
    for text in ("无", "/", "不详", "None"):
        assert text in written, text
    assert sum(value.startswith("约") for value in written) == 4
    for pattern in (
        r"^\d{1,2},\d{3}$",
        r"^\d0年代$",
        r"^[０-９]+$",
        r"余户$",
        r"^\d+栋\+\d栋$",
        r"^有\(\d+部\)$",
    ):
        assert pd.Series(written).str.contains(pattern).any(), pattern


def test_consent_never_exceeds_those_asked(town: Town) -> None:
    for compound in town.compounds:
        facts = compound.facts
        assert 0 <= int(facts["同意户数"] or 0) <= int(facts["征询户数"] or 0) <= compound.households


def test_the_projects_have_gaps_as_real_ones_do(town: Town) -> None:
    sheets = town.programme
    by_code = {c.code: c.facts["体检日期"] for c in town.compounds}
    assert by_code["CD12007"] is None
    assert 5 <= sum(day is None for day in by_code.values()) <= 20
    assert {row["计划年度"] for row in sheets["项目"]} == {2026, 2027, 2028}
    assert {row["结果"] for row in sheets["前期工作"] if "结果" in row} == {"通过", "退回"}
    assert len({row["资金来源"] for row in sheets["资金筹措"]}) >= 6
    assert any(row["计划(万元)"] is None for row in sheets["资金筹措"])
    assert all("示例" in str(row["实施主体"]) for row in sheets["项目"] if row["实施主体"])
    for row in sheets["意愿征询"]:
        assert 0 <= int(row["同意户数"] or 0) <= int(row["已征询户数"] or 0) <= int(row["应征询户数"] or 0)


def test_the_meeting_sets_the_parking_rate() -> None:
    meeting = tomllib.loads((FOLDER / "meeting.toml").read_text(encoding="utf-8"))
    assert meeting["set"][0] == "parking.rate=0.6/household"
    assert meeting["by"]
    assert meeting["note"] == "本次会议取值"


def test_the_readme_counts_the_rows_of_each_layer(town: Town) -> None:
    counted: dict[str, int] = {}
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines():
        parts = [part.strip() for part in line.strip("|").split("|")]
        if len(parts) == 3 and parts[1].replace(", ", "").isdigit():
            names = [name.strip(" `") for name in parts[0].split(",")]
            counted |= dict(zip(names, map(int, parts[1].split(", ")), strict=True))
    assert counted == {name: len(frame) for name, frame in town.layers.items()}

"""The town of labelled pairs: every label right, and right again however the same town is written down."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.ground.links import Ground, collect, find_links
from renomap.model.links import KINDS, Links

TOWN = Path(__file__).parent.parent / "data" / "town_of_pairs"


def read(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(TOWN / f"{name}.geojson")


@pytest.fixture(scope="module")
def town() -> gpd.GeoSeries:
    return read("neighbourhoods").set_index("fid").geometry


@pytest.fixture(scope="module")
def ground() -> Ground:
    return collect(*(read(name) for name in ("roads", "water", "railways", "barriers", "crossings")))


@pytest.fixture(scope="module")
def decisions() -> pd.DataFrame:
    return pd.read_csv(TOWN / "overrides.csv")


@pytest.fixture(scope="module")
def labels() -> pd.DataFrame:
    return pd.read_csv(TOWN / "pairs.csv", keep_default_na=False)


def by_fid(links: Links) -> dict[tuple[int, int], tuple[str, float, float, str]]:
    rows = zip(links.a, links.b, links.kind, links.frontage_m, links.cost, links.via, strict=True)
    found = {}
    for a, b, kind, frontage, cost, via in rows:
        pair = sorted((int(links.fids[a]), int(links.fids[b])))
        found[pair[0], pair[1]] = (KINDS[kind], float(frontage), float(cost), via)
    return found


@pytest.fixture(scope="module")
def found(town, ground, decisions) -> dict[tuple[int, int], tuple[str, float, float, str]]:
    return by_fid(find_links(town, ground, overrides=decisions))


def test_the_town_is_large_enough(labels):
    assert len(labels) >= 60
    assert {"yes", "no"} == set(labels["linked"])


def test_every_pair_is_right(found, labels):
    wrong = [
        f"{row.case}: {row.a}-{row.b} not '{row.kind}' ({row.reason}) but {found.get((row.a, row.b))}"
        for row in labels.itertuples()
        if (found[row.a, row.b][0] if (row.a, row.b) in found else "") != row.kind
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_else_is_linked(found, labels):
    linked = labels[labels["linked"] == "yes"]
    assert set(found) == set(zip(linked["a"], linked["b"], strict=True))


@pytest.mark.parametrize(
    ("case", "frontage"),
    [
        ("alley 6 m", 60.0),
        ("road that stops later", 14.0),
        ("wall that leaves 12 m", 12.0),
        ("third leaves 20 m", 40.0),  # a and b: b is 40 m long
        ("facing 12 m across 5 m", 17.0),
        ("diagonal 20 m apart", 18.0),
        ("round tower", 30 * np.pi / 2),
        ("shared 10.5 m", 10.5),
        ("corner overlap 8 m", 16.0),
        ("courtyard", 120.0),
        ("inside, no hole drawn", 120.0),
        ("many vertices, alley", 60.0),
    ],
)
def test_frontage_is_measured_not_estimated(found, labels, case, frontage):
    row = labels[labels["case"] == case].iloc[0]
    assert found[row["a"], row["b"]][1] == pytest.approx(frontage, abs=0.01)


def test_what_lies_between_is_named(found, labels):
    def via(case: str) -> str:
        row = labels[labels["case"] == case].iloc[0]
        return found[row["a"], row["b"]][3]

    assert via("minor road 30.5 m") == "学院支路"
    assert via("bridge over a wide river") == "浏阳河"
    assert via("alley 6 m") == ""


def test_secondary_roads_and_bridges_cost(found, labels):
    def cost(case: str) -> float:
        row = labels[labels["case"] == case].iloc[0]
        return found[row["a"], row["b"]][2]

    assert cost("alley with road") == 0
    assert 0 < cost("secondary road 45 m") < cost("bridge") <= 1


def test_row_order_does_not_show(town, ground, decisions, found):
    shuffled = town.sample(frac=1, random_state=7)
    assert by_fid(find_links(shuffled, ground, overrides=decisions)) == found


def test_vertex_order_does_not_show(town, ground, decisions, found):
    turned = gpd.GeoSeries([_rolled(shape) for shape in town], index=town.index, crs=town.crs)
    assert by_fid(find_links(turned, ground, overrides=decisions)) == found


def _rolled(shape: shapely.Polygon) -> shapely.Polygon:
    def roll(ring: shapely.LinearRing) -> list[tuple[float, float]]:
        points = list(ring.coords)[:-1]
        k = len(points) // 2 + 1
        return (points[k:] + points[:k])[::-1]

    return shapely.Polygon(roll(shape.exterior), [roll(ring) for ring in shape.interiors])


def test_added_vertices_do_not_show(town, ground, decisions, found):
    dense = gpd.GeoSeries(shapely.segmentize(town.values, 3.7), index=town.index, crs=town.crs)
    again = by_fid(find_links(dense, ground, overrides=decisions))
    assert again.keys() == found.keys()
    for pair, row in found.items():
        assert again[pair][0] == row[0]
        assert again[pair][1] == pytest.approx(row[1], abs=0.01)


def test_without_layers_the_ground_says_what_is_missing():
    assert collect().missing == ("roads", "water", "railways")
    assert collect(roads=read("roads")).missing == ("water", "railways")

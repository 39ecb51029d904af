"""Properties of frontage, and the same figures from a plain sampling of the definition."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import affinity

from renomap.ground.frontage import measure
from renomap.ground.links import collect, find_links
from renomap.ground.segments import scene
from renomap.ground.territories import territories
from renomap.model.feedback import Silent

NONE = np.empty(0, dtype=object)


def frontage(shapes, gap=30.0, walls=NONE) -> dict[tuple[int, int], float]:
    found = measure(scene(np.array(shapes, dtype=object), walls, NONE), gap, gap, Silent())
    return {(int(a), int(b)): float(m) for a, b, m in zip(found.a, found.b, found.length_m, strict=True)}


@st.composite
def towns(draw):
    """A few neighbourhoods, turned and stretched, near enough to meddle with each other."""
    shapes = []
    for _ in range(draw(st.integers(2, 5))):
        x, y = draw(st.integers(0, 160)), draw(st.integers(0, 160))
        wide, tall = draw(st.integers(8, 70)), draw(st.integers(8, 70))
        shape = shapely.box(x, y, x + wide, y + tall)
        if draw(st.booleans()):
            bite = shapely.box(x + wide / 2, y + tall / 2, x + wide + 1, y + tall + 1)
            shape = shape.difference(bite)
        shapes.append(affinity.rotate(shape, draw(st.integers(0, 89)), origin=(x, y)))
    return shapes


def sampled(shapes, i, j, gap=30.0, step=0.1) -> float:
    """Frontage of i towards j, one direction, straight from the definition by dense sampling."""
    points = np.asarray(shapely.orient_polygons(shapes[i]).exterior.coords)
    here, normal, weight = [], [], []
    for p, q in pairwise(points):
        length = np.hypot(*(q - p))
        n = max(1, int(np.ceil(length / step)))
        here.append(p + (q - p) * ((np.arange(n) + 0.5) / n)[:, None])
        normal.append(np.tile([(q - p)[1] / length, -(q - p)[0] / length], (n, 1)))
        weight.append(np.full(n, length / n))
    here, normal, weight = np.concatenate(here), np.concatenate(normal), np.concatenate(weight)
    spots = shapely.points(here)
    sights = shapely.shortest_line(spots, shapes[j])
    away = shapely.get_coordinates(sights).reshape(-1, 2, 2)
    away = away[:, 1] - away[:, 0]
    length = shapely.length(sights)
    clear = (length <= gap) & ((away * normal).sum(axis=1) >= length * np.cos(np.pi / 4) - 1e-9)
    for k, shape in enumerate(shapes):
        if k not in (i, j):
            clear &= shapely.length(shapely.intersection(sights, shape)) < 0.06
    return float(weight[clear | shapely.intersects(spots, shapes[j])].sum())


def lies_in(one, other) -> bool:
    """As ``frontage.measure`` has it: by hairs a unit may stand out of the one it lies in."""
    ring = one.exterior
    return bool(ring.intersection(other.buffer(2e-3)).length >= 0.98 * ring.length)


@settings(max_examples=15, deadline=None)
@given(towns())
def test_frontage_is_what_the_definition_says(shapes):
    found = frontage(shapes)
    for i in range(len(shapes)):
        for j in range(i + 1, len(shapes)):
            if lies_in(shapes[i], shapes[j]) or lies_in(shapes[j], shapes[i]):
                continue  # nested units count with their whole boundary, see the town
            plain = min(sampled(shapes, i, j), sampled(shapes, j, i))
            assert found.get((i, j), 0.0) == pytest.approx(plain, abs=0.8)


@settings(max_examples=10, deadline=None)
@given(towns(), st.randoms(use_true_random=False))
def test_order_of_rows_and_vertices_does_not_show(shapes, random):
    order = list(range(len(shapes)))
    random.shuffle(order)
    turned = []
    for k in order:
        ring = list(shapes[k].exterior.coords)[:-1]
        at = random.randrange(len(ring))
        turned.append(shapely.Polygon((ring[at:] + ring[:at])[:: random.choice((1, -1))]))
    ground = collect()
    plain = _links(gpd.GeoSeries(shapes, index=np.arange(len(shapes))), ground)
    assert _links(gpd.GeoSeries(turned, index=order), ground) == plain


def _links(units: gpd.GeoSeries, ground) -> dict[tuple[int, int], float]:
    links = find_links(units, ground)
    pairs = np.sort(np.column_stack([links.fids[links.a], links.fids[links.b]]), axis=1)
    return {(int(a), int(b)): float(m) for (a, b), m in zip(pairs, links.frontage_m, strict=True)}


#: Two that cross all but squarely: the nearest corner gives way to its side where no sample sees it.
ALL_BUT_SQUARE = [
    shapely.Polygon([(89, 110), (81, 109), (75.25, 163.7), (79.23, 164.12), (82.1, 136.8), (86.1, 137.2)]),
    shapely.Polygon([(84.92, 153.11), (82.7, 168.96), (74.77, 167.84), (77, 152)]),
]


@settings(max_examples=10, deadline=None)
@example(ALL_BUT_SQUARE)
@given(towns())
def test_added_vertices_do_not_show(shapes):
    plain, dense = frontage(shapes), frontage([shapely.segmentize(shape, 2.3) for shape in shapes])
    for pair in plain.keys() | dense.keys():
        assert dense.get(pair, 0.0) == pytest.approx(plain.get(pair, 0.0), abs=0.01)


@settings(max_examples=10, deadline=None)
@given(st.floats(-0.04, 0.04), st.integers(5, 60))
def test_hair_gaps_and_overlaps_do_not_show(hair, shared):
    a, b = shapely.box(0, 0, 60, 60), shapely.box(60 + hair, 60 - shared, 120, 120)
    assert frontage([a, b])[0, 1] == pytest.approx(shared, abs=0.1)


@settings(max_examples=10, deadline=None)
@given(towns(), st.integers(-100, 200), st.integers(-100, 200))
def test_a_wall_never_adds_frontage(shapes, x, y):
    free = frontage(shapes)
    cut = frontage(shapes, walls=np.array([shapely.LineString([(x, -100), (y, 300)])], dtype=object))
    for pair, length in cut.items():
        assert length <= free[pair] + 1e-6


def test_a_unit_deep_inside_another_counts_with_its_whole_boundary():
    around, inside = shapely.box(0, 0, 400, 400), shapely.box(150, 150, 230, 210)
    assert frontage([around, inside], gap=5.0)[0, 1] == pytest.approx(280)


def test_a_side_deep_inside_another_counts_whatever_its_vertices():
    a, b = shapely.box(0, 0, 100, 40), shapely.box(-50, -80, 60, 200)
    whole = frontage([a, b], gap=5.0)[0, 1]
    assert frontage([shapely.segmentize(a, 1.7), b], gap=5.0)[0, 1] == pytest.approx(whole, abs=0.01)


def test_degenerate_input():
    none = gpd.GeoSeries([], index=np.array([], dtype=np.int64))
    assert len(find_links(none, collect())) == 0
    lonely = gpd.GeoSeries([shapely.box(0, 0, 10, 10), None, shapely.Polygon()], index=[5, 3, 9])
    links = find_links(lonely, collect())
    assert len(links) == 0
    assert list(links.fids) == [5, 3, 9]


def test_positions_refer_to_the_rows_given():
    units = gpd.GeoSeries(
        [shapely.box(66, 0, 126, 60), shapely.box(500, 0, 510, 9), shapely.box(0, 0, 60, 60)]
    )
    units.index = [30, 20, 10]
    links = find_links(units, collect())
    assert (links.a.tolist(), links.b.tolist()) == ([0], [2])


def test_far_coordinates_lose_nothing():
    near = [shapely.box(0, 0, 60, 60), shapely.box(66, 0, 126, 60)]
    far = [affinity.translate(shape, 500_000, 4_400_000) for shape in near]
    assert frontage(far) == pytest.approx(frontage(near), abs=1e-4)


def test_what_is_as_wide_as_a_country_is_nobodys_neighbour() -> None:
    """Its outline would be walked along for hours; the others are linked as if it were not there."""
    coast = shapely.box(-2e6, -2e6, 2e6, -5).union(shapely.Point(0, -5).buffer(30))
    town = gpd.GeoSeries([shapely.box(0, 0, 90, 90), shapely.box(100, 0, 190, 90)], crs="EPSG:4547")
    both = gpd.GeoSeries([coast, *town], crs=town.crs)
    links = find_links(both, collect())
    assert [(links.a[0], links.b[0])] == [(1, 2)]
    assert len(links) == 1
    ground = territories(both, collect())
    assert ground[0].is_empty
    assert ground[1:].geom_equals(territories(town, collect()).set_axis([1, 2])).all()

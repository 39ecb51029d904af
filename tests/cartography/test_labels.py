"""Labels: none over another, none outside, the same plan always the same map."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from renomap.cartography.content import map_content
from renomap.cartography.labels import Placed, place_labels
from renomap.cartography.layers import Label, MarkerLayer
from renomap.cartography.markers import marker_places
from renomap.cartography.symbols import Symbol
from renomap.errors import Cancelled
from renomap.model.feedback import Silent
from renomap.model.mapview import MapView
from renomap.model.plan import Plan

VIEW = MapView((500.0, 500.0), 1.0, (1000.0, 1000.0), 96.0)


def _boxes(placed: list[Placed]) -> np.ndarray:
    return np.array([Polygon(item.box) for item in placed], dtype=object)


def _assert_apart(placed: list[Placed]) -> None:
    boxes = _boxes(placed)
    a, b = shapely.STRtree(boxes).query(boxes, predicate="intersects")
    shared = shapely.area(shapely.intersection(boxes[a], boxes[b]))[a < b]
    assert not (shared > 1e-6).any()


_points = st.tuples(st.floats(0, 1000), st.floats(0, 1000))
_texts = st.text("甲乙丙丁abc 12", min_size=1, max_size=9)


@st.composite
def _labels(draw: st.DrawFn) -> list[Label]:
    labels = []
    for key in range(draw(st.integers(1, 40))):
        text, pt, rank = draw(_texts), draw(st.sampled_from([6.0, 9.0, 14.0])), draw(st.integers(0, 3))
        if draw(st.booleans()):
            line = LineString([draw(_points), draw(_points), draw(_points)])
            labels.append(Label(text, pt, rank, key, line=line))
        else:
            labels.append(
                Label(text, pt, rank, key, spots=(draw(_points),), second=draw(_texts), second_pt=7.0)
            )
    return labels


@settings(max_examples=60, deadline=None)
@given(_labels())
def test_no_two_labels_overlap_and_all_are_inside(labels: list[Label]) -> None:
    placed = place_labels(labels, VIEW, Silent())
    _assert_apart(placed)
    page = box(-1e-6, -1e-6, 1000 + 1e-6, 1000 + 1e-6)
    assert all(page.contains(item) for item in _boxes(placed))


@settings(max_examples=15, deadline=None)
@given(_labels(), st.randoms(use_true_random=False))
def test_order_does_not_matter(labels: list[Label], random: object) -> None:
    first = place_labels(labels, VIEW, Silent())
    mixed = list(labels)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert [p.box for p in place_labels(mixed, VIEW, Silent())] == [p.box for p in first]


def test_lower_rank_wins_the_place() -> None:
    one = Label("小区", 9.0, 20, 1, spots=((500, 500),), room_m=(200, 100))
    area = Label("片区", 9.0, 0, 2, spots=((500, 500),))
    assert place_labels([one, area], VIEW, Silent())[0].label.text == "片区"


def test_furniture_is_kept_clear() -> None:
    label = Label("片区", 9.0, 0, 1, spots=((20.0, 980.0),))
    assert place_labels([label], VIEW, Silent())
    assert not place_labels([label], VIEW, Silent(), avoid=[(0, 0, 200, 200)])


def test_name_is_left_out_where_it_has_no_room_and_parted_where_that_helps() -> None:
    def placed(width: float, height: float) -> list[Placed]:
        label = Label("省建筑设计院宿舍", 9.0, 20, 1, spots=((500, 500),), room_m=(width, height))
        return place_labels([label], VIEW, Silent())

    assert len(placed(150, 40)[0].lines) == 1
    assert len(placed(60, 40)[0].lines) == 2
    assert placed(20, 20) == []


def test_small_area_is_named_by_its_number() -> None:
    def text(side: float) -> str:
        body = box(500, 500, 500 + side, 500 + side)
        label = Label(
            "化龙池片区",
            12.0,
            0,
            1,
            spots=((510, 510),),
            second="1,208 户",
            second_pt=9.0,
            short="7",
            body=body,
        )
        return place_labels([label], VIEW, Silent())[0].lines[0][0]

    assert text(200) == "化龙池片区"
    assert text(20) == "7"


def test_area_cut_by_the_edge_is_named_in_the_part_that_shows() -> None:
    body = box(800, 300, 2000, 700)
    label = Label("东片区", 12.0, 0, 1, spots=((1400, 500),), short="3", body=body)
    (placed,) = place_labels([label], VIEW, Silent())
    assert 800 < placed.centre[0] < 1000


def test_road_name_follows_the_road_and_reads_from_the_left() -> None:
    (east,) = place_labels(
        [Label("五一大道", 8.0, 5, 1, line=LineString([(900, 100), (100, 300)]))], VIEW, Silent()
    )
    assert east.angle == pytest.approx(14.04, abs=0.1)  # atan(200 / 800), down to the right on the screen
    (north,) = place_labels(
        [Label("蔡锷路", 8.0, 5, 1, line=LineString([(500, 50), (500, 950)]))], VIEW, Silent()
    )
    assert len(north.lines) == 3  # one character under the other
    assert abs(north.angle) < 1.0


def test_road_name_is_not_repeated_nearby_nor_put_on_a_short_road() -> None:
    lines = [LineString([(100, y), (900, y)]) for y in (400, 420, 440)]
    labels = [Label("五一大道", 8.0, 5, k, line=line) for k, line in enumerate(lines)]
    assert len(place_labels(labels, VIEW, Silent())) == 1
    assert (
        place_labels([Label("五一大道", 8.0, 5, 1, line=LineString([(0, 0), (20, 0)]))], VIEW, Silent()) == []
    )


@pytest.mark.parametrize("theme", ["areas", "deficit:elder_care", "year"])
@pytest.mark.parametrize("resolution", [0.5, 1.0, 3.0])
def test_labels_of_a_plan_never_overlap(
    plan: Plan, zh: dict[str, str], theme: str, resolution: float
) -> None:
    content = map_content(plan, theme, zh)
    xmin, ymin, xmax, ymax = content.bounds
    view = MapView(((xmin + xmax) / 2, (ymin + ymax) / 2), resolution, (1200, 800), 96.0)
    placed = place_labels(content.labels.labels, view, Silent(), marks=content.labels.marks)
    assert placed
    _assert_apart(placed)


def test_crowd_is_thinned_out(crowd: Plan, zh: dict[str, str]) -> None:
    content = map_content(crowd, "areas", zh)
    far = MapView((0, 0), 1.0, (1600, 1000), 96.0).fitted(content.bounds)
    assert len(content.labels.labels) == 3700
    assert len(place_labels(content.labels.labels, far, Silent())) < 100
    near = far.zoomed(12, 800, 500)
    assert len(place_labels(content.labels.labels, near, Silent())) >= 5


def test_placing_can_be_stopped(crowd: Plan, zh: dict[str, str]) -> None:
    class Stop(Silent):
        def check(self) -> None:
            raise Cancelled

    content = map_content(crowd, "areas", zh)
    with pytest.raises(Cancelled):
        place_labels(content.labels.labels, VIEW, Stop())


def test_markers_stand_beside_each_other_and_names_beside_them() -> None:
    item = Symbol(fill="#333333", marker="disc", size_mm=4.0)
    points = np.array([[500.0, 500.0], [502.0, 500.0], [500.0, 501.0], [900.0, 100.0]])
    layer = MarkerLayer("facilities", points, np.zeros(4, dtype=np.int64), np.ones(4), (item,))
    rows, places, sizes = marker_places(layer, VIEW)
    assert list(rows) == [0, 1, 2, 3]
    gaps = [np.hypot(*(places[a] - places[b])) for a in range(4) for b in range(a)]
    assert min(gaps) >= 0.75 * sizes[0]
    assert tuple(places[0]) == (500.0, 500.0)
    name = Label("小区", 9.0, 20, 1, spots=((500.0, 500.0),))
    (placed,) = place_labels([name], VIEW, Silent(), marks=layer)
    marks = shapely.box(*np.hstack([places - sizes[:, None] / 2, places + sizes[:, None] / 2]).T)
    assert not shapely.intersects(marks, shapely.buffer(Polygon(placed.box), -0.01)).any()


def test_title_of_an_area_covers_a_marker_rather_than_shrink_to_its_number() -> None:
    item = Symbol(fill="#333333", marker="disc", size_mm=30.0)
    layer = MarkerLayer(
        "facilities", np.array([[500.0, 500.0]]), np.zeros(1, dtype=np.int64), np.ones(1), (item,)
    )
    label = Label("化龙池片区", 12.0, 0, 1, spots=((500, 500),), short="7", body=box(420, 420, 580, 580))
    (placed,) = place_labels([label], VIEW, Silent(), marks=layer)
    assert placed.lines[0][0] == "化龙池片区"

"""A view that hides nothing: worked by hand on a picture of 800 x 600 pixels with a legend in its corner."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.desktop.canvas.clearview import clear_view
from renomap.model.mapview import MapView

VIEW = MapView((0.0, 0.0), 1.0, (800.0, 600.0))
LEGEND = (600.0, 350.0, 790.0, 590.0)


def test_without_furniture_it_is_the_plain_view() -> None:
    assert clear_view(VIEW, (0, 0, 100, 100), (0, 0, 100, 100), ()) == VIEW.fitted((0.0, 0.0, 100.0, 100.0))


def test_furniture_that_is_not_in_the_way_changes_nothing() -> None:
    shown = (0.0, 0.0, 100.0, 100.0)  # 545 pixels wide in the middle of 800: its right edge is at 673
    narrow = (0.0, 0.0, 60.0, 100.0)  # that of the kept is at 455
    assert clear_view(VIEW, shown, narrow, [LEGEND]) == VIEW.fitted(shown)


def test_a_square_moves_to_the_left_of_the_legend() -> None:
    shown = (0.0, 0.0, 110.0, 110.0)
    view = clear_view(VIEW, shown, shown, [LEGEND])
    # Left of the legend there are 600 x 600 pixels: 110 m and a margin of 5 % on either side take 121 m.
    assert view.resolution == pytest.approx(121 / 600)
    assert view.to_screen(55.0, 55.0) == pytest.approx((300.0, 300.0))


def test_a_flat_shape_moves_above_the_legend() -> None:
    shown = (0.0, 0.0, 200.0, 60.0)
    view = clear_view(VIEW, shown, shown, [LEGEND])
    assert view.resolution == pytest.approx(220 / 800)
    assert view.to_screen(200.0, 0.0)[1] < LEGEND[1]


def test_where_there_is_no_room_it_is_the_plain_view() -> None:
    shown = (0.0, 0.0, 100.0, 100.0)
    assert clear_view(VIEW, shown, shown, [(0.0, 0.0, 800.0, 600.0)]) == VIEW.fitted(shown)


side = st.floats(10.0, 5000.0)


@given(side, side, st.floats(0.0, 1.0))
def test_nothing_kept_is_ever_hidden(wide: float, high: float, part: float) -> None:
    shown = (0.0, 0.0, wide, high)
    kept = (0.0, 0.0, wide * part, high)
    boxes = [LEGEND, (10.0, 540.0, 230.0, 590.0)]
    view = clear_view(VIEW, shown, kept, boxes)
    left, top = view.to_screen(kept[0], kept[3])
    right, bottom = view.to_screen(kept[2], kept[1])
    assert left >= 0
    assert right <= 800
    assert top >= 0
    assert bottom <= 600
    for x1, y1, x2, y2 in boxes:
        assert right <= x1 or left >= x2 or bottom <= y1 or top >= y2

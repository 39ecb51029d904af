"""A small screen, and a large one at 150 % or 200 %: the map has room, and every part shows something."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, town
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from renomap.desktop.chrome.docks import LOW, MAP_SHARE
from renomap.session.settings import FOLDED, OPEN


@pytest.fixture
def low(tmp_path: Path) -> Desk:
    """The window on 1366 x 768 at 150 %."""
    desk = Desk(tmp_path)
    desk.window.resize(911, 512)
    desk.open(town())
    yield desk
    desk.close()


def test_a_low_window_shows_rows_of_the_table_and_stays_as_it_is(low: Desk) -> None:
    low.window.actions_.by_code["table"].trigger()
    QTest.qWait(50)
    table = low.window.table.table
    assert (low.window.width(), low.window.height()) == (911, 512)
    assert table.viewport().height() >= 2 * table.rowHeight(0)
    low.settle()


def test_problems_stand_behind_the_areas_until_there_is_room(low: Desk) -> None:
    docks = low.window.docks
    assert docks.by_code["problems"] in low.window.tabifiedDockWidgets(docks.by_code["areas"])
    low.window.resize(1366, LOW + 100)
    docks.raise_("problems")
    QApplication.processEvents()
    assert docks.by_code["problems"] not in low.window.tabifiedDockWidgets(docks.by_code["areas"])
    low.settle()


def test_the_map_has_three_fifths_of_a_small_screen(desk: Desk) -> None:
    desk.window.resize(1366, 768)
    desk.open(town())
    desk.window.docks.reset()
    QApplication.processEvents()
    assert desk.canvas.width() >= (MAP_SHARE - 0.01) * desk.window.width()
    desk.settle()


def test_a_legend_folds_where_it_would_cover_the_map_and_opens_by_hand(desk: Desk) -> None:
    desk.open(town())
    legend, settings = desk.window.legend, desk.session.settings
    assert legend.isVisible()
    assert not legend.is_folded
    legend.fold.click()
    desk.settle()
    assert not legend.isVisible()
    assert legend.fold.isVisible()
    assert settings.legend == FOLDED
    legend.fold.click()
    desk.settle()
    assert legend.isVisible()
    assert settings.legend == OPEN


def test_in_a_low_window_neither_legend_nor_its_button_stands_on_the_scale(low: Desk) -> None:
    window, legend = low.window, low.window.legend
    for state, shown in ((OPEN, True), (FOLDED, False)):
        low.session.settings.legend = state
        legend.set_wanted(True)
        assert legend.isVisible() == shown
        piece = legend if shown else legend.fold
        assert not piece.geometry().intersects(window.scale_mark.geometry())
        assert window.canvas.viewport().rect().contains(piece.geometry())
    low.canvas.show_view(low.canvas.view)
    low.settle()

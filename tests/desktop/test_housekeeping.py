"""Garbage goes while the hand rests, and Python gets its collector back."""

from __future__ import annotations

import gc
import weakref

from pytestqt.qtbot import QtBot

from renomap.desktop import housekeeping
from renomap.desktop.housekeeping import Housekeeper


class _Ring:
    def __init__(self) -> None:
        self.me = self


def _litter(count: int) -> weakref.ref[_Ring]:
    """So many objects that only a collector can clear away; one of them to watch."""
    rings = [_Ring() for _ in range(count)]
    return weakref.ref(rings[0])


def test_what_is_new_goes_while_the_hand_rests(qtbot: QtBot, monkeypatch) -> None:
    monkeypatch.setattr(housekeeping, "_REST_S", 0.0)
    keeper = Housekeeper()
    try:
        gc.collect()
        watched = _litter(housekeeping._SOME * 2)
        assert watched() is not None, "Python no longer collects by itself"
        keeper.tidy()
        assert watched() is None
    finally:
        keeper.stop()
    assert gc.isenabled()


def test_a_hand_at_work_is_left_alone_until_there_is_much(qtbot: QtBot) -> None:
    keeper = Housekeeper()
    try:
        gc.collect()
        watched = _litter(housekeeping._SOME * 2)
        keeper.hand_moved()
        keeper.tidy()
        assert watched() is not None
        more = _litter(housekeeping._MANY)
        keeper.tidy()
        assert watched() is None
        assert more() is None
    finally:
        keeper.stop()


def test_old_garbage_goes_in_the_end(qtbot: QtBot, monkeypatch) -> None:
    monkeypatch.setattr(housekeeping, "_REST_S", 0.0)
    keeper = Housekeeper()
    try:
        old = _Ring()
        watched = weakref.ref(old)
        gc.collect()  # it survives and is old now
        del old
        for _ in range(housekeeping._LOOKS + 1):
            _litter(housekeeping._SOME * 2)
            keeper.tidy()
        assert watched() is None
    finally:
        keeper.stop()

"""Whoever stops a run has its plan as a scheme; whoever stops it after the search has none."""

from __future__ import annotations

from typing import Any

import pytest
from test_scope import BOUNDS, town

from renomap.errors import Cancelled
from renomap.model.feedback import Silent
from renomap.steps.group import group
from renomap.steps.options import GroupOptions


class Stopping(Silent):
    """Stops at the n-th look after a first plan was shown; counts the looks there are."""

    def __init__(self, looks: int) -> None:
        self._looks, self._shown = looks, False
        self.seen = 0

    def partial(self, value: Any) -> None:
        self._shown = True

    def check(self) -> None:
        if self._shown:
            self.seen += 1
            if self.seen > self._looks:
                raise Cancelled


def run(looks: int) -> tuple[int, bool, int]:
    """Areas of the scheme, whether the search was complete, and the looks."""
    feedback = Stopping(looks)
    found = group(town(), GroupOptions(bounds=BOUNDS), feedback)
    return len(found.scheme.areas), found.result.complete, feedback.seen


def test_stopped_while_it_searches_there_is_a_scheme_with_names_and_colours() -> None:
    areas, complete, seen = run(0)
    assert areas > 1
    assert not complete
    assert seen == 1  # nobody is asked again on the way to the scheme


def test_stopped_while_areas_are_named_there_is_none() -> None:
    areas, complete, looks = run(10**9)
    assert complete
    assert looks > areas
    with pytest.raises(Cancelled):
        run(looks - 1)

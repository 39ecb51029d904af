"""Why a unit is where it is, and what binds an area."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine_cases import grid

from renomap.errors import RenomapError
from renomap.grouping import explain
from renomap.model.problem import TERMS
from renomap.wording.catalogue import LANGUAGES, words

ROWS = np.repeat(np.arange(4, dtype=np.int32), 4)


def test_a_legal_move_tells_its_change_term_by_term() -> None:
    # from the end of the first row to the second: one link less cut below it, one more beside it
    told = explain.unit(grid(4, 4, lower=300), ROWS, 100)
    assert told.label == 0
    move = next(item for item in told.moves if item.to == 1)
    assert move.legal
    assert move.change == pytest.approx({"compactness": 0.0})
    alone = next(item for item in told.moves if item.to == -1)
    assert [item.rule for item in alone.broken] == ["below"]


def test_what_would_tear_or_overfill_is_forbidden_by_name() -> None:
    inner = explain.unit(grid(4, 4, lower=300, upper=400), ROWS, 101)
    rules = {item.rule for move in inner.moves for item in move.broken if move.to == 1}
    assert rules == {"connected", "above"}


def test_an_area_tells_its_tightest_bound_first() -> None:
    told = explain.area(grid(4, 4, lower=390, upper=1000, walk_max=1000.0), ROWS, 0)
    assert [(item.name, item.side) for item in told.bindings] == [
        ("households", "lower"),
        ("households", "upper"),
        ("walk", "upper"),
    ]
    assert told.bindings[0].slack == pytest.approx(10.0)
    assert not told.isolated
    # only the corner for the unit below the far corner tears neither row
    assert [move.fids for move in told.swaps] == [(100, 107)]


def test_an_area_behind_a_line_is_isolated_by_units_it_could_touch() -> None:
    problem = grid(4, 4)
    usable = ~((problem.a < 4) & (problem.b >= 4))
    told = explain.area(replace(problem, usable=usable), ROWS, 0)
    assert told.isolated
    assert told.barred == (104, 105, 106, 107)


def test_swaps_are_the_best_legal_ones() -> None:
    told = explain.area(grid(3, 3, lower=300), np.array([0, 0, 0, 0, 1, 1, 0, 1, 1], np.int32), 0)
    assert all(move.legal for move in told.swaps)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_can_be_told_has_words(language: str) -> None:
    known = words(language)
    room = Path(explain.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in sorted(room.glob("*.py")))
    reasons = set(re.findall(r"Reason\(\s*\"([a-z.-]+)\"", source))
    # in the order of ``verify.violations``
    rules = (
        "labels",
        "connected",
        "below",
        "above",
        "walk",
        "together",
        "apart",
        "locked",
        "count",
        "left_over",
    )
    assert len(reasons) >= 6
    assert reasons | {f"grouping.rule.{rule}" for rule in rules} <= known.keys()
    assert {f"grouping.term.{term}" for term in TERMS} <= known.keys()
    assert {f"grouping.capacity.{name}" for name in ("households", "count", "population", "area_ha")} <= set(
        known
    )
    assert {f"grouping.phase.{name}" for name in ("first", "legal", "better", "exact", "check")} <= set(known)


def test_unknown_units_and_areas_are_refused() -> None:
    with pytest.raises(RenomapError, match=r"grouping\.unknown-unit"):
        explain.unit(grid(2, 2), np.zeros(4, np.int32), 5)
    with pytest.raises(RenomapError, match=r"grouping\.unknown-area"):
        explain.area(grid(2, 2), np.zeros(4, np.int32), 5)

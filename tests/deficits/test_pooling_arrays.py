"""What the engine is told about pooling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from deficit_frames import grid, per_area

from renomap.deficits import standards
from renomap.deficits.pooling import pooling_arrays

CHANGSHA = standards.load("changsha")
WITH_CLINIC = per_area(CHANGSHA)
#: Care centre (always due, from 300 m2) and clinic (from 5,000 persons), nothing else.
KEYS = ("elder_care", "clinic", "canteen")
TWO = replace(CHANGSHA, facilities=tuple(f for f in WITH_CLINIC.facilities if f.key in KEYS))


def test_who_gains() -> None:
    # 151 households reach neither; 1,500 are 300 m2 and 4,800 persons; 1,600 are 320 m2 and 5,120 persons.
    frame = grid(4, households=[151.0, 1500.0, 1600.0, np.nan])
    found = pooling_arrays(frame, TWO)
    assert found.threshold.tolist() == [0, 5000]
    assert found.gain.tolist() == [[151, 0, 0, 0], [151, 1500, 0, 0]]
    assert found.population[:3] == pytest.approx([483.2, 4800, 5120])
    assert np.isnan(found.population[3])


def test_order_is_that_of_the_frame() -> None:
    frame = grid(3, households=[100.0, 200.0, 300.0]).iloc[[2, 0, 1]]
    assert pooling_arrays(frame, TWO).gain[0].tolist() == [300, 100, 200]


def test_facilities_of_one_threshold_are_added_up() -> None:
    """100 households are 320 persons: too few for a care centre of 300 m2 and for a pocket park of 400 m2."""
    found = pooling_arrays(grid(1, households=[100.0]), WITH_CLINIC)
    assert found.threshold.tolist() == [0, 5000]
    assert found.gain[:, 0].tolist() == [2 * 100, 100]


def test_what_a_community_has_does_not_pool() -> None:
    """Nine facilities are due from 5,000 persons of a community, however it is divided into areas."""
    found = pooling_arrays(grid(1, households=[100.0]), CHANGSHA)
    assert found.threshold.tolist() == [0]
    assert found.gain[:, 0].tolist() == [2 * 100]


def test_the_term_of_the_worked_areas() -> None:
    """Eight gain the care centre only; twelve the clinic too."""
    for n, share in ((8, 0.5), (12, 1.0)):
        found = pooling_arrays(grid(n, households=151.0), TWO)
        due = found.population.sum() >= found.threshold
        assert (found.gain[due].sum() / found.gain.sum()) == pytest.approx(share)


def test_nothing_to_pool() -> None:
    none = replace(CHANGSHA, facilities=())
    found = pooling_arrays(grid(2, households=151.0), none)
    assert found.gain.shape == (0, 2)
    assert pooling_arrays(grid(0), TWO).gain.shape[1] == 0

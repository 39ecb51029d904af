"""Whether a facility is due, and what is said while nobody knows."""

from __future__ import annotations

import numpy as np
import pytest
from deficit_frames import grid, one_area, per_area

from renomap.deficits import standards
from renomap.deficits.assess import assess
from renomap.deficits.rules import DUE, DUE_UNKNOWN, NOT_DUE, due, is_set, minimum, shortfall

NAN = np.nan


@pytest.mark.parametrize(
    ("trigger", "population", "known", "elderly_share", "expected"),
    [
        ({}, 0, False, NAN, DUE),
        ({"population_min": 5000}, 5000, True, NAN, DUE),
        ({"population_min": 5000}, 4999, True, NAN, NOT_DUE),
        ({"population_min": 5000}, 5000, False, NAN, DUE),  # whoever is unknown can only add
        ({"population_min": 5000}, 4999, False, NAN, DUE_UNKNOWN),
        ({"population_min": 0.3}, 0.1 * 3, True, NAN, DUE),
        ({"elderly_share_min": 0.2}, 100, True, 0.2, DUE),
        ({"elderly_share_min": 0.2}, 100, True, 0.19, NOT_DUE),
        ({"elderly_share_min": 0.2}, 100, True, NAN, DUE_UNKNOWN),
        ({"population_min": 50, "elderly_share_min": 0.2}, 100, True, NAN, DUE_UNKNOWN),
        ({"population_min": 5000, "elderly_share_min": 0.2}, 100, True, NAN, NOT_DUE),
        ({"elderly_share_min": 0.2, "population_min": 5000}, 100, True, NAN, NOT_DUE),
        ({"floors_min": 4}, 0, False, NAN, DUE),
    ],
)
def test_triggers(
    trigger: dict[str, float], population: float, known: bool, elderly_share: float, expected: int
) -> None:
    state = due(trigger, np.array([float(population)]), np.array([known]), np.array([elderly_share]))
    assert state.tolist() == [expected]


@pytest.mark.parametrize(("there", "high", "state"), [(0.0, 120, "unknown"), (200.0, 0, "met")])
def test_while_it_is_unknown_whether_a_clinic_is_due(there: float, high: float, state: str) -> None:
    """Seven of 151 households are 3,382.4 persons; the eighth may or may not bring them to 5,000.

    A clinic that is large enough is met, whether it is due or not.
    """
    frame = grid(8, households=[151.0] * 7 + [NAN], clinic_m2=[there] + [0.0] * 7)
    row = assess(frame, None, None, *one_area(frame), per_area(standards.load("national"))).areas.loc[1]
    assert row["clinic_state"] == state
    assert (row["clinic_deficit_low"], row["clinic_deficit_high"]) == (0, high)
    assert np.isnan(row["clinic_required"])
    assert np.isnan(row["clinic_served_pooled"])
    assert (row["clinic_deficit"] == 0) == (high == 0)


def test_a_standard_without_a_size_asks_for_none() -> None:
    found = {item.key: (is_set(item), minimum(item)) for item in standards.load("national").facilities}
    assert found["parking"] == (False, 0)
    assert found["elder_care"] == (True, 350)
    assert found["clinic"] == (True, 120)


def test_what_lacks_is_never_less_than_nothing_and_unknown_stays_so() -> None:
    lack = shortfall(np.array([3.0, 2.0, NAN, 3.0, 0.1 * 3]), np.array([2.0, 3.0, 1.0, NAN, 0.3]))
    np.testing.assert_array_equal(lack, [1, 0, NAN, NAN, 0])

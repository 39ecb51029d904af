"""Counts are whole: a place, a space or a stairwell of which part is needed is needed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

#: Units that are counted; surfaces and lengths are not.
COUNTED: Final = frozenset(
    ("elevator", "space", "place", "charger", "site", "point", "type", "neighbourhood", "N")
)
#: Figures of an area that are amounts of the facility's unit, but for the supply, which is as surveyed.
_AMOUNTS: Final = ("need", "need_high", "required", "deficit_low", "deficit_high", "deficit")
#: What arithmetic leaves over: 3 x 0.1 x 10 needs 3 places, not 4.
_NOISE: Final = 1e-6


def whole_amounts(unit: str, amounts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Amounts of a unit, rounded up where it is counted: who needs 4.3 places needs a fifth; NaN stays NaN.

    >>> whole_amounts("place", np.array([4.311, 3.0000000001, np.inf])).tolist()
    [5.0, 3.0, inf]
    >>> whole_amounts("m2", np.array([4.311])).tolist()
    [4.311]
    """
    return np.ceil(amounts - _NOISE) if unit in COUNTED else amounts


def whole_amount(unit: str, amount: float | None) -> float | None:
    """One amount as ``whole_amounts`` rounds it, of a neighbourhood by itself; None and NaN stay.

    A neighbourhood keeps its exact need, for those of an area add up before they are rounded; where one is
    printed alone, who needs 160.2 spaces needs 161.

    >>> whole_amount("space", 160.2), whole_amount("m2", 160.2), whole_amount("space", None)
    (161.0, 160.2, None)
    """
    if amount is None or unit not in COUNTED or not math.isfinite(amount):
        return amount
    return float(math.ceil(amount - _NOISE))


def whole_units(unit: str, figures: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """The figures of one facility with amounts rounded up where its unit is counted.

    Done once, for each area: every output then prints and exports the same whole number, and a total is the
    sum of what stands in its rows.

    Parameters
    ----------
    unit : str
        Unit of the facility.
    figures : mapping of (k,) arrays
        By suffix of ``model.plan.AREA_FACILITY_SUFFIXES``; NaN stays NaN.

    Examples
    --------
    >>> whole_units("space", {"need": np.array([90.6, np.nan, 3.0000000001])})["need"].tolist()
    [91.0, nan, 3.0]
    >>> whole_units("m2", {"need": np.array([241.6])})["need"].tolist()
    [241.6]
    """
    amounts = (*_AMOUNTS, "deficit_separate")
    return {
        suffix: whole_amounts(unit, values) if suffix in amounts else values
        for suffix, values in figures.items()
    }

"""What one line of a standard means: how it pools, whether it sets a number, when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

import numpy as np
import numpy.typing as npt

from renomap.model.standard import Facility, Level

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]

BASES: Final = ("household", "person", "car", "stairwell", "parking", "neighbourhood", "area", "community")
POPULATION_MIN: Final = "population_min"
ELDERLY_SHARE_MIN: Final = "elderly_share_min"
FLOORS_MIN: Final = "floors_min"
TRIGGERS: Final = (POPULATION_MIN, ELDERLY_SHARE_MIN, FLOORS_MIN)
UNITS: Final = (
    "elevator",
    "space",
    "m2",
    "m2_land",
    "place",
    "charger",
    "site",
    "point",
    "type",
    "neighbourhood",
)
#: Bases that are one for the whole place: what is required is required once, whoever lives there.
PLACES: Final = ("area", "community")
#: Units of which one row of a facility layer is one, even if it states no capacity.
COUNTED_UNITS: Final = ("site", "point")

#: Amounts below this are what floating point leaves of 0; sums of exact thresholds fall short by less than
#: this share.
TINY: Final = 1e-6
ALMOST: Final = 1 - 1e-9

DUE: Final = 1
NOT_DUE: Final = 0
DUE_UNKNOWN: Final = -1


@dataclass(frozen=True)
class Range:
    """The least and the most that a quantity can be, whatever the unknown values are.

    Two arrays of one shape, both >= 0 and never NaN; ``high`` inf = open.
    """

    low: Floats
    high: Floats

    def less(self, other: Range) -> Range:
        """What remains of it after the other is taken away, never below 0."""
        return Range(_lack(self.low, other.high), _lack(self.high, other.low))

    def at_least(self, least: float) -> Range:
        """Both ends raised to ``least``."""
        return Range(np.maximum(self.low, least), np.maximum(self.high, least))

    @property
    def settled(self) -> Flags:
        """Where both ends are one number."""
        same: Flags = self.low == self.high
        return same & np.isfinite(self.high)


def _lack(of: Floats, taken: Floats) -> Floats:
    """``of - taken`` down to 0; infinite less infinite is 0 here, as the least that can remain."""
    with np.errstate(invalid="ignore"):
        rest = np.where(np.isposinf(taken), 0.0, of - taken)
    return np.where(rest < TINY, 0.0, rest)


class PoolingWay(Enum):
    """Who may use what stands in a neighbourhood."""

    OWN = auto()  # only the neighbourhood itself: elevators, waste points
    LINKED = auto()  # also neighbourhoods linked within the radius: parking
    AREA = auto()  # the whole area: one place built for all


def pooling(facility: Facility) -> PoolingWay:
    """How a facility pools: its ``pooled`` and ``linked``; what is not of level area never pools."""
    if not facility.pooled or facility.level is not Level.AREA:
        return PoolingWay.OWN
    return PoolingWay.LINKED if facility.linked else PoolingWay.AREA


def is_set(facility: Facility) -> bool:
    """Whether the standard sets a number: a rate, or a size for each neighbourhood, area, community."""
    return facility.rate is not None or (
        bool(facility.min_size) and facility.base in ("area", "neighbourhood", "community")
    )


def minimum(facility: Facility) -> float:
    """The minimum size, 0 where none is set."""
    return facility.min_size or 0.0


def shortfall(required: Floats, there: Floats) -> Floats:
    """What lacks, never below 0; NaN where either is unknown."""
    lack = np.maximum(required - there, 0.0)
    return np.where(lack < TINY, 0.0, lack)


def due(
    trigger: Mapping[str, float],
    population: Floats,
    population_known: Flags,
    elderly_share: Floats,
) -> npt.NDArray[np.int8]:
    """Whether a facility is due in each of n groups (areas, or single neighbourhoods).

    Population only ever grows when an unknown member becomes known, so what is known may suffice to be
    due, but is never enough to be below the trigger.

    Parameters
    ----------
    trigger : Mapping
        Thresholds; all must be met. ``floors_min`` is a rule for buildings and does not count here.
    population : float array (n,)
        Persons, sum of what is known.
    population_known : bool array (n,)
        Whether the population of every member is known.
    elderly_share : float array (n,)
        Persons of 60 and more / population, NaN unless all of both is known.

    Returns
    -------
    int8 array (n,)
        ``DUE``, ``NOT_DUE`` or ``DUE_UNKNOWN``.
    """
    state = np.full(len(population), DUE, dtype=np.int8)
    for key, threshold in trigger.items():
        if key == POPULATION_MIN:
            reached, certain = population >= threshold * ALMOST, population_known
        elif key == ELDERLY_SHARE_MIN:
            reached, certain = elderly_share >= threshold * ALMOST, ~np.isnan(elderly_share)
        else:
            continue
        one = np.where(reached, DUE, np.where(certain, NOT_DUE, DUE_UNKNOWN))
        state = np.where((state == NOT_DUE) | (one == NOT_DUE), NOT_DUE, np.minimum(state, one)).astype(
            np.int8
        )
    return state

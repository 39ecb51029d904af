"""A grouping problem (units, links, bounds, weights) and its answer (labels, terms, proof, broken rules)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.model.note import Note

NO_AREA: Final = -1

#: Terms of the objective, in the order of reports. Each is 0..1 and 1 is best.
TERMS: Final = (
    "compactness",
    "target",
    "similarity",
    "crossings",
    "pooling",
    "administrative",
    "stability",
    "walk",
)

#: How many areas: a number, or one of these words.
AUTO: Final = "auto"
MOST: Final = "most"
FEWEST: Final = "fewest"

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Capacity:
    """Something that adds up over the units of an area and has bounds.

    ``values`` (n,) are >= 0; NaN = unknown, which adds nothing. ``lower`` 0 and ``upper`` inf mean no
    bound. ``name`` is one of households, count, population, area_ha, or any other code that has a word in
    the catalogue. ``binds`` (n,): False for units whose areas the bounds do not mean; their values are such
    that no bound can be broken. None = all are meant.
    """

    name: str
    values: Floats
    lower: float = 0.0
    upper: float = np.inf
    binds: Flags | None = None

    @property
    def known(self) -> Floats:
        """The values with 0 for unknown: what an area's total is made of."""
        return np.nan_to_num(self.values, nan=0.0)


@dataclass(frozen=True)
class Target:
    """The size an area should have: ``value`` of the capacity called ``capacity``."""

    capacity: str
    value: float


@dataclass(frozen=True)
class Pooling:
    """What areas of sufficient population make possible, per facility.

    ``threshold`` (f,): population from which the facility is due (0 = always). ``gain`` (f, n): households
    of a unit that gain the facility when its area reaches the threshold. ``population`` (n,): NaN =
    unknown.
    """

    threshold: Floats
    gain: Floats
    population: Floats


@dataclass(frozen=True)
class Problem:
    """Units to be grouped, in the order of their keys, so that the order of the caller's rows cannot matter.

    Parameters
    ----------
    keys : (n,) int64, ascending, unique
        The ``fid`` of each unit; excluded units are not in the problem.
    a, b : (m,) int32
        Positions of the two ends of each link, ``a < b``, sorted by (a, b), unique.
    frontage, crossing, length : (m,) float64
        Metres of common frontage, cost of crossing (0..1) and walking distance in metres of each link.
    usable : (m,) bool
        False where a link cannot hold an area together (administrative line, longer than the walk allowed).
        It still counts in the terms.
    count : int or 'auto', 'most', 'fewest'
        How many areas, locked ones included; 'auto' = the number near the wished one that leaves the fewest
        units out, then scores highest (``grouping.counts``).
    weights : Mapping
        Weight per term, summing to 1; a term that is absent has no data or no weight.
    attributes : (n, d) float64
        Z-scores, 0 where unknown: what similarity compares.
    community, community_weight : (n,) int32 and float64
        Number of the 社区 (-1 unknown) and the households that count for it.
    previous : (n,) int32
        Area of each unit in the scheme that stability compares with, -1 none.
    fixed : (n,) int32
        Number of the locked area a unit belongs to, -1 = free. A locked area is kept unit by unit.
    together, apart : (k, 2) int32
        Pairs that must, or must not, share an area.
    by_count : bool
        Sizes go by the number of neighbourhoods in every piece, as households are unknown for more than half.
        Where only some pieces do, the target is a share of the size wished for, whatever it is counted in.
    asked : (n, t) float64
        The share of an area that each unit is under each of the targets; its sums are the numbers of areas
        that the targets ask for. Empty = the target alone.
    points : (n, 2) float64
        A point in each unit, project CRS; empty where the problem has no ground.
    """

    keys: Keys
    a: Ints
    b: Ints
    frontage: Floats
    crossing: Floats
    length: Floats
    usable: Flags
    capacities: tuple[Capacity, ...]
    walk_max: float = np.inf
    count: int | str = AUTO
    target: Target | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    attributes: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    community: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    community_weight: Floats = field(default_factory=lambda: np.zeros(0))
    pooling: Pooling | None = None
    previous: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    fixed: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    together: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    apart: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    by_count: bool = False
    asked: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    points: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        """Number of units."""
        return len(self.keys)

    def capacity(self, name: str) -> Capacity | None:
        """The capacity of that name, or None."""
        return next((item for item in self.capacities if item.name == name), None)

    def series(self, labels: npt.NDArray[Any]) -> pd.Series[int]:
        """Labels as an int64 series over ``fid``."""
        areas: pd.Series[int] = pd.Series(np.asarray(labels, dtype=np.int64), name="area")  # type: ignore[assignment]
        return areas.set_axis(pd.Index(self.keys, name="fid"))


@dataclass(frozen=True)
class Reason:
    """Why something is as it is: a code of the catalogue and the values of its sentence."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scattered:
    """A unit (零星) that no legal area can take in."""

    fid: int
    reason: Reason


@dataclass(frozen=True)
class Undersized:
    """An area (规模不足 or 规模超限) of two or more units that no legal area can take in.

    ``label`` is its number in the result.
    """

    label: int
    fids: tuple[int, ...]
    reason: Reason


@dataclass(frozen=True)
class Violation:
    """A rule that a plan breaks. ``rule`` is a code; ``label`` -1 = the plan as a whole."""

    rule: str
    label: int = NO_AREA
    fids: tuple[int, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Partial:
    """The best plan so far of a search that goes on: what it offers to ``Feedback.partial``.

    ``fids`` (n,) int64, ascending: the units that take part. ``labels`` (n,) int32: areas numbered 0.. by
    their first unit, -1 = none yet. Bounds need not be kept yet.
    """

    fids: Keys
    labels: Ints


@dataclass(frozen=True)
class Result:
    """A plan that has passed ``grouping.verify``.

    ``labels`` (n,) int32 in the order of ``Problem.keys``: areas are numbered 0.. by their first unit, -1 =
    scattered. ``areas`` counts the legal areas, without the undersized. ``terms`` are 0..1 (1 = best),
    ``objective`` is their weighted sum. ``proof`` is 'optimal', 'bound' (the best possible is at most
    ``gap`` above) or 'not_proven'; ``bound`` is in the unit of what is maximised: the number of areas for a
    count of 'most', of areas for 'fewest' (from below), else the objective. ``complete`` False: stopped
    early, this is the best so far. ``asked``: the number of areas that was asked for.
    """

    labels: Ints
    areas: int
    terms: Mapping[str, float]
    objective: float
    scattered: tuple[Scattered, ...] = ()
    undersized: tuple[Undersized, ...] = ()
    notes: tuple[Note, ...] = ()
    bound: float | None = None
    gap: float | None = None
    proof: str = "not_proven"
    pieces: int = 0
    seconds: float = 0.0
    sweeps: int = 0
    complete: bool = True
    asked: int | str = AUTO
    violations: tuple[Violation, ...] = ()

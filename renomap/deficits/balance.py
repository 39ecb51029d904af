"""Need against supply of every area for one facility: the range of what lacks, and its state."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from renomap.deficits.inputs import Inputs, share
from renomap.deficits.reach import meet
from renomap.deficits.rules import (
    DUE,
    NOT_DUE,
    Flags,
    Floats,
    Pooling,
    Positions,
    due,
    is_set,
    minimum,
    pooling,
    shortfall,
)
from renomap.model.standard import Facility, State


@dataclass(frozen=True)
class Groups:
    """k areas over n neighbourhoods: ``labels`` (n,) = 0..k-1, -1 = in none."""

    labels: Positions
    k: int
    inside: Flags = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inside", self.labels >= 0)

    def sum(self, values: Floats | Flags) -> Floats:
        """Sum of the known values of each area's members; 0 where there are none."""
        known = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0)
        sums = np.bincount(self.labels[self.inside], known[self.inside], minlength=self.k)
        return sums.astype(np.float64)

    def total(self, values: Floats) -> Floats:
        """Sum of the known values of each area's members; NaN where none is known."""
        return np.where(self.sum(~np.isnan(values)) > 0, self.sum(values), np.nan)

    def every(self, flags: Flags) -> Flags:
        """Whether a flag holds for all members of each area."""
        none: Flags = self.sum(~flags) == 0
        return none


@dataclass(frozen=True)
class Facts:
    """What all facilities of a division into areas have in common; arrays (k,)."""

    groups: Groups
    members: Floats
    households: Floats
    population: Floats
    population_known: Flags
    elderly_share: Floats


def facts(inputs: Inputs, groups: Groups) -> Facts:
    """Sum up households, persons and elderly of each area."""
    population_known = groups.every(~np.isnan(inputs.population))
    both = population_known & groups.every(~np.isnan(inputs.elderly))
    elderly_share = share(groups.sum(inputs.elderly), groups.sum(inputs.population))
    return Facts(
        groups=groups,
        members=groups.sum(np.ones(len(inputs.fids))),
        households=groups.total(inputs.households),
        population=groups.sum(inputs.population),
        population_known=population_known,
        elderly_share=np.where(both, elderly_share, np.nan),
    )


@dataclass(frozen=True)
class Balance:
    """One facility in k areas before anything is shared between them.

    ``due`` as in ``rules.due``; ``whole`` = the need of every member is wholly known; ``required`` NaN where
    not even a minimum is known; ``sure`` = supply that is certainly there, ``surveyed`` = that is all of it;
    ``high`` and ``low`` = what lacks if unknown supply is none, or enough; ``spare`` = what the area can
    certainly do without.
    """

    due: npt.NDArray[np.int8]
    whole: Flags
    need: Floats
    required: Floats
    sure: Floats
    surveyed: Flags
    high: Floats
    low: Floats
    spare: Floats


def balance(inputs: Inputs, f: int, common: Facts, ground: Floats, ground_doubt: Flags) -> Balance:
    """Weigh need against supply in each area.

    - A facility that pools over the area is required once: ``max(need, minimum size)``, against all supply in
      the area.
    - A linked one is required member by member; surplus goes to linked members only (``reach.meet``).
    - One that does not pool is required member by member, and surplus helps nobody.

    Parameters
    ----------
    inputs : Inputs
        n neighbourhoods.
    f : int
        Position of the facility in the standard.
    common : Facts
        Of the same areas.
    ground, ground_doubt : (k,)
        Supply that stands in the area outside its neighbourhoods, and whether some of it is of unknown
        capacity.
    """
    item = inputs.standard.facilities[f]
    groups = common.groups
    sure, known = inputs.supply.sure[f], inputs.supply.known[f]
    state = due(item.trigger, common.population, common.population_known, common.elderly_share)
    inside = groups.sum(sure) + ground
    surveyed = groups.every(known) & ~ground_doubt
    whole = groups.every(inputs.whole[f])
    if pooling(item) is Pooling.AREA:
        need, required = _required_once(item, inputs.need[f], groups)
        high = shortfall(required, inside)
        low = np.where(surveyed & ~np.isnan(high), high, 0.0)
        spare = shortfall(inside, required)
    else:
        need = groups.total(inputs.need[f])
        each = np.maximum(inputs.need[f], minimum(item))
        required = groups.total(each)
        high, low, spare = _member_by_member(inputs, f, groups, each)
        high = np.where(np.isnan(required), np.nan, high)
    settled = whole & (state == DUE)
    spare = np.where(state == NOT_DUE, inside, np.where(settled, np.nan_to_num(spare), 0.0))
    return Balance(state, whole, need, required, inside, surveyed, high, low, spare)


def _required_once(item: Facility, need_of: Floats, groups: Groups) -> tuple[Floats, Floats]:
    if item.base == "area":
        rate = np.nan if item.rate is None else item.rate / item.rate_per
        need = np.where(groups.sum(np.ones(len(need_of))) > 0, rate, np.nan)
    else:
        need = groups.total(need_of)
    # A facility that is due has at least its minimum size, however many households are unknown.
    least = item.min_size if item.min_size is not None and is_set(item) else np.nan
    return need, np.fmax(need, least)


def _member_by_member(inputs: Inputs, f: int, groups: Groups, each: Floats) -> tuple[Floats, Floats, Floats]:
    """High, low and spare (k,) where need and supply meet in the members."""
    sure, known = inputs.supply.sure[f], inputs.supply.known[f]
    want = np.nan_to_num(each, nan=0.0)
    lacking = shortfall(want, sure)
    certain = np.where(known, lacking, 0.0)
    extra = np.where(np.isnan(each), 0.0, shortfall(sure, want))
    if pooling(inputs.standard.facilities[f]) is Pooling.OWN:
        return groups.sum(lacking), groups.sum(certain), np.zeros(groups.k)
    pairs = inputs.pairs[f]
    at_worst = meet(lacking, extra, pairs, groups.labels, groups.k)
    hoped = np.where(known, shortfall(sure, want), np.inf)
    at_best = meet(certain, hoped, pairs, groups.labels, groups.k)
    return at_worst.unmet, at_best.unmet, at_worst.left


def state_of(
    item: Facility, found: Balance, low: Floats, high: Floats, members: Floats
) -> npt.NDArray[np.object_]:
    """What is to be said of the facility in each area (``State`` values).

    ``unknown`` wherever the figures allow both a shortage and none: supply nobody surveyed, a trigger that
    hangs on an unknown population, or members whose need is unknown while the known need is met.
    """
    if not is_set(item):
        return np.full(len(low), State.NOT_SET.value, dtype=object)
    met = found.whole & (high == 0)
    cases = [members == 0, found.due == NOT_DUE, met, (found.due == DUE) & (low > 0)]
    words = [State.UNKNOWN, State.BELOW_TRIGGER, State.MET, State.SHORT]
    return np.select(cases, [word.value for word in words], State.UNKNOWN.value).astype(object)

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
    PoolingWay,
    Positions,
    Range,
    due,
    is_set,
    minimum,
    pooling,
    shortfall,
)
from renomap.deficits.whole import whole_amounts
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

    def add(self, values: Floats) -> Floats:
        """Sum over each area's members of values that are all known; inf where one is."""
        sums = np.bincount(self.labels[self.inside], values[self.inside], minlength=self.k)
        return sums.astype(np.float64)

    def whole(self, values: Floats) -> Floats:
        """Sum over each area's members; NaN where it has none or the value of one is unknown."""
        certain = self.every(~np.isnan(values)) & (
            np.bincount(self.labels[self.inside], minlength=self.k) > 0
        )
        return np.where(certain, self.sum(values), np.nan)

    def total(self, values: Floats) -> Floats:
        """Sum of the known values of each area's members; NaN where none is known."""
        return np.where(self.sum(~np.isnan(values)) > 0, self.sum(values), np.nan)

    def every(self, flags: Flags) -> Flags:
        """Whether a flag holds for all members of each area."""
        none: Flags = self.sum(~flags) == 0
        return none


@dataclass(frozen=True)
class AreaSums:
    """What all facilities of a division into areas have in common; arrays (k,)."""

    groups: Groups
    members: Floats
    households: Floats
    households_known: Flags
    population: Floats
    population_known: Flags
    elderly_share: Floats


def facts(inputs: Inputs, groups: Groups) -> AreaSums:
    """Sum up households, persons and elderly of each area."""
    population_known = groups.every(inputs.population_whole)
    both = population_known & groups.every(~np.isnan(inputs.elderly))
    elderly_share = share(groups.sum(inputs.elderly), groups.sum(inputs.population))
    return AreaSums(
        groups=groups,
        members=groups.sum(np.ones(len(inputs.fids))),
        households=groups.total(inputs.households),
        households_known=groups.every(inputs.households_whole),
        population=groups.sum(inputs.population),
        population_known=population_known,
        elderly_share=np.where(both, elderly_share, np.nan),
    )


@dataclass(frozen=True)
class Balance:
    """One facility in k areas before anything is shared between them.

    ``due`` as in ``rules.due``; ``need`` and ``required`` rest on what is known, NaN where not even a minimum
    is, ``need_high`` inf where open; ``sure`` = supply that is certainly there. ``lack`` and ``spare`` are
    what the area lacks and what it can do without, whatever the unknown values are; ``lack_known`` and
    ``spare_known`` are the same by what is known alone, by which sharing is shown.
    """

    due: npt.NDArray[np.int8]
    need: Floats
    need_high: Floats
    required: Floats
    sure: Floats
    lack: Range
    spare: Range
    lack_known: Floats
    spare_known: Floats


def balance(inputs: Inputs, f: int, common: AreaSums, ground: Floats, ground_doubt: Flags) -> Balance:
    """Weigh need against supply in each area.

    - A facility that pools over the area is required once: ``max(need, minimum size)``, against all supply in
      the area.
    - A linked one is required member by member; surplus goes to linked members only (``reach.meet``).
    - One that does not pool is required member by member, and surplus helps nobody.

    Below its trigger nothing is required; while that is unknown, an area may lack nothing or all of it.

    Parameters
    ----------
    inputs : Inputs
        n neighbourhoods.
    f : int
        Position of the facility in the standard.
    common : AreaSums
        Of the same areas.
    ground, ground_doubt : (k,)
        Supply that stands in the area outside its neighbourhoods, and whether some of it is of unknown
        capacity.
    """
    item = inputs.standard.facilities[f]
    groups = common.groups
    state = due(item.trigger, common.population, common.population_known, common.elderly_share)
    inside = groups.sum(inputs.supply.sure[f]) + ground
    surveyed = groups.every(inputs.supply.known[f]) & ~ground_doubt
    there = Range(inside, np.where(surveyed, inside, np.inf))
    needs = inputs.needed(f)
    if pooling(item) is PoolingWay.AREA:
        need, high, required = _required_once(item, inputs, f, groups)
        asked = Range(np.nan_to_num(need, nan=0.0), high).at_least(minimum(item))
        lack, spare = asked.less(there), there.less(asked)
        lack_known = np.nan_to_num(shortfall(required, inside), nan=0.0)
    else:
        need, high = groups.total(inputs.need[f]), groups.add(needs.high)
        required = groups.total(np.maximum(inputs.need[f], minimum(item)))
        lack, spare, lack_known = _member_by_member(inputs, f, groups)
    whole = groups.every(needs.settled) | ((item.base == "area") & np.isfinite(high))
    return Balance(
        due=state,
        need=need,
        need_high=high,
        required=required,
        sure=inside,
        lack=Range(np.where(state == DUE, lack.low, 0.0), np.where(state == NOT_DUE, 0.0, lack.high)),
        spare=Range(
            np.where(state == NOT_DUE, there.low, spare.low), np.where(state == DUE, spare.high, there.high)
        ),
        lack_known=np.where(state == DUE, lack_known, 0.0),
        spare_known=np.select([state == NOT_DUE, (state == DUE) & whole], [inside, spare.low], 0.0),
    )


def _required_once(item: Facility, inputs: Inputs, f: int, groups: Groups) -> tuple[Floats, Floats, Floats]:
    """Known need, the most it can be, and what is required by what is known (k,), in whole units if counted.

    Rounded before anything is shared: an area that needs 4.3 places asks its neighbours for a fifth one too.
    """
    if item.base == "area":
        rate = np.nan if item.rate is None else item.rate / item.rate_per
        need = np.where(groups.sum(np.ones(len(inputs.fids))) > 0, rate, np.nan)
        high = np.nan_to_num(need, nan=0.0)
    else:
        need, high = groups.total(inputs.need[f]), groups.add(inputs.needed(f).high)
        need, high = whole_amounts(item.unit, need), whole_amounts(item.unit, high)
    # A facility that is due has at least its minimum size, however many households are unknown.
    least = item.min_size if item.min_size is not None and is_set(item) else np.nan
    return need, high, np.fmax(need, least)


def _member_by_member(inputs: Inputs, f: int, groups: Groups) -> tuple[Range, Range, Floats]:
    """Lack, spare and known lack (k,) where need and supply meet in the members.

    More need and less supply never lower what remains unmet nor raise what is left over, so the ends of the
    range are the two extremes.
    """
    item = inputs.standard.facilities[f]
    asked, there = inputs.needed(f).at_least(minimum(item)), inputs.there(f)
    lack, extra = asked.less(there), there.less(asked)
    known = np.nan_to_num(np.maximum(inputs.need[f], minimum(item)), nan=0.0)
    lack_known = shortfall(known, there.low)
    if pooling(item) is PoolingWay.OWN:
        nothing = np.zeros(groups.k)
        ends = Range(groups.add(lack.low), groups.add(lack.high))
        return ends, Range(nothing, nothing), groups.add(lack_known)
    pairs = inputs.pairs[f]
    worst = meet(lack.high, extra.low, pairs, groups.labels, groups.k)
    best = meet(lack.low, extra.high, pairs, groups.labels, groups.k)
    if np.array_equal(lack_known, lack.high):
        by_known = worst
    else:
        by_known = meet(lack_known, extra.low, pairs, groups.labels, groups.k)
    return Range(best.unmet, worst.unmet), Range(worst.left, best.left), by_known.unmet


def state_of(
    item: Facility, due_or_not: npt.NDArray[np.int8], lack: Range, members: Floats
) -> npt.NDArray[np.object_]:
    """What is to be said of the facility in each area (``State`` values).

    A verdict only where no completion of the unknown values contradicts it, else ``unknown``: supply nobody
    surveyed, members whose need is unknown, or a trigger that hangs on an unknown population. Where what
    exists is enough even if the facility is due, the area is ``met`` whether it is due or not.
    """
    if not is_set(item):
        return np.full(len(members), State.NOT_SET.value, dtype=object)
    cases = [members == 0, due_or_not == NOT_DUE, lack.high == 0, (due_or_not == DUE) & (lack.low > 0)]
    words = [State.UNKNOWN, State.BELOW_TRIGGER, State.MET, State.SHORT]
    return np.select(cases, [word.value for word in words], State.UNKNOWN.value).astype(object)

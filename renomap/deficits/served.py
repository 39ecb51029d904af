"""Households that a pooled facility serves for the first time, where it is lacking."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from renomap.deficits.balance import Groups
from renomap.deficits.inputs import Inputs, own_deficit
from renomap.deficits.rules import ALMOST, Floats, PoolingWay, minimum, pooling
from renomap.model.standard import State


def newly_served(
    inputs: Inputs, f: int, groups: Groups, states: npt.NDArray[np.object_]
) -> tuple[Floats, Floats]:
    """Least and most of the households that get facility ``f`` by building it for the whole area.

    Those are households of members that neither reach trigger and minimum size alone nor have enough of their
    own. Nobody is newly served where nothing lacks, where nothing is required, in an area of one member, and
    where the standard sets no size to reach. Where it is unknown whether anything lacks the least is 0; a
    member of whom it is unknown whether it is served counts in the most only. The least is of households that
    are known; the most is open while those of a member that counts in it are not all known.

    Parameters
    ----------
    states : object (k,)
        ``State`` values of the areas.

    Returns
    -------
    two of float (k,)
        NaN for what does not pool by area, and of the most where it is open.
    """
    item = inputs.standard.facilities[f]
    if pooling(item) is not PoolingWay.AREA:
        return np.full(groups.k, np.nan), np.full(groups.k, np.nan)
    if not (item.trigger or item.min_size):
        return np.zeros(groups.k), np.zeros(groups.k)
    own = item.base != "area"
    size = max(minimum(item), 0.0 if own else item.rate or 0.0)
    there, known = inputs.supply.sure[f], inputs.supply.known[f]
    enough = there >= size * ALMOST
    served = enough & ((own_deficit(inputs, f) == 0) | (not own))
    maybe = ~known | (enough & ((there >= np.nan_to_num(inputs.need[f], nan=0.0) * ALMOST) | (not own)))
    households = np.nan_to_num(inputs.households, nan=0.0)
    alone = inputs.alone[f]
    low = groups.sum(households * ((alone == 0) & ~maybe))
    lacking = (alone != 1) & ~served
    counted = groups.sum(lacking & ~inputs.households_whole) == 0
    high = np.where(counted, groups.sum(households * lacking), np.nan)
    together = groups.sum(np.ones(len(alone))) > 1
    short, unknown = states == State.SHORT.value, states == State.UNKNOWN.value
    return np.where(short & together, low, 0.0), np.where((short | unknown) & together, high, 0.0)

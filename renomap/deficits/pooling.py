"""What the grouping engine needs to know of the standard: who gains when an area is large enough."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from renomap.deficits.inputs import Inputs, prepare
from renomap.deficits.rules import ELDERLY_SHARE_MIN, POPULATION_MIN, PoolingWay, is_set, pooling
from renomap.model.links import Links
from renomap.model.problem import Pooling
from renomap.model.standard import Standard


def pooling_arrays(
    neighbourhoods: gpd.GeoDataFrame,
    standard: Standard,
    buildings: gpd.GeoDataFrame | None = None,
    links: Links | None = None,
) -> Pooling:
    """Arrays of the engine's pooling term, see ``pooling_of``.

    Links change nothing; where they are known, nobody has to find out who is near to whom.
    """
    return pooling_of(neighbourhoods, prepare(neighbourhoods, buildings, None, standard, links))


def pooling_of(neighbourhoods: gpd.GeoDataFrame, inputs: Inputs) -> Pooling:
    """Arrays of the engine's pooling term: the share of households that become served by pooling.

    One row per population that makes something due, facilities of the same threshold added up: the term is a
    sum over facilities, so nothing is lost. A facility counts if it pools over the area and the standard sets
    something to reach: a minimum size or a population. One that hangs on the share of the elderly is left
    out, because no population makes it due, and so is one of level community: it is built once for its
    community, whatever areas the community is divided into.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        The frame that ``inputs`` was prepared from; its order is the order of the arrays.
    inputs : Inputs
        From ``inputs.prepare``.

    Returns
    -------
    Pooling
        ``threshold`` (f,) ascending, 0 = always due; ``gain`` (f, n) = known households of a unit that is not
        served alone, 0 where households are unknown or where it is unknown whether it is served alone;
        ``population`` (n,), NaN = unknown.
    """
    order = np.searchsorted(inputs.fids, neighbourhoods.index.to_numpy(dtype=np.int64))
    households = np.nan_to_num(inputs.households, nan=0.0)
    gains: dict[float, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for f, item in enumerate(inputs.standard.facilities):
        if pooling(item) is not PoolingWay.AREA or not is_set(item) or ELDERLY_SHARE_MIN in item.trigger:
            continue
        threshold = item.trigger.get(POPULATION_MIN, 0.0)
        gain = np.where(inputs.alone[f] == 0, households, 0.0)
        gains[threshold] = gains.get(threshold, np.zeros(len(households))) + gain
    thresholds = sorted(gains)
    gain = np.array([gains[one] for one in thresholds]).reshape(len(thresholds), len(households))
    return Pooling(
        threshold=np.array(thresholds, dtype=np.float64),
        gain=np.ascontiguousarray(gain[:, order]),
        population=inputs.population[order],
    )

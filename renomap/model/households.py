"""Whether a count of households is all of them, or the least there can be."""

from __future__ import annotations

from typing import Final

import pandas as pd

#: Value of ``households_flag`` of a count that only says how many there are at least.
LOWER_BOUND: Final = "lower_bound"


def counted_whole(neighbourhoods: pd.DataFrame) -> pd.Series[bool]:
    """Whether the households of each neighbourhood are wholly known.

    A count is a lower bound where the survey says so ("100余户") or where it is estimated from buildings
    of which some have unknown storeys. Every sum and verdict treats it as not wholly known: it adds to the
    sum of what is known but never to the number of those known.

    Parameters
    ----------
    neighbourhoods : DataFrame
        ``households`` and ``households_flag``; a frame without the flag has no lower bounds, one without
        households knows none.

    Returns
    -------
    bool Series, index of ``neighbourhoods``
    """
    if "households" not in neighbourhoods:
        return pd.Series(False, index=neighbourhoods.index, dtype=bool)
    known = neighbourhoods["households"].notna()
    if "households_flag" not in neighbourhoods:
        return known
    whole: pd.Series[bool] = known & (neighbourhoods["households_flag"] != LOWER_BOUND)
    return whole.astype(bool)

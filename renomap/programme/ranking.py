"""Which project first (多因素比选): scores on fixed scales with visible weights, ranges where much is open.

The scales belong to the rules, not to the candidates: adding a candidate never changes another's score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.programme_rules import Factor
from renomap.model.standard import WEIGHT, MeetingValue, Status

#: Share of the weights that must be known for a place in the order; below, a project is listed after, 待核.
ENOUGH: Final = 0.70
#: Points of a project for which every factor is full.
FULL: Final = 100.0
_ROUNDING: Final = 1e-9
Floats = npt.NDArray[np.float64]


def weighted(factors: Sequence[Factor], values: Sequence[MeetingValue]) -> tuple[Factor, ...]:
    """The factors with the weights that a meeting has set; a later value of the same factor wins.

    Raises
    ------
    RenomapError
        ``programme.set-factor`` (no such factor), ``programme.set-weight`` (no number from 0 to 1),
        ``programme.set-weights`` where the weights do not add up to 1.
    """
    found = {one.key: one for one in factors}
    for value in values:
        if value.facility != WEIGHT:
            continue
        if value.key not in found:
            raise RenomapError("programme.set-factor", key=value.key, known=", ".join(found))
        try:
            weight = float(value.value)
        except ValueError:
            weight = -1.0
        if not 0 <= weight <= 1:
            raise RenomapError("programme.set-weight", key=value.key, value=value.value)
        source = f"会议确定值（{value.by}，{value.at}）"
        found[value.key] = replace(found[value.key], weight=weight, source=source, status=Status.MEETING)
    total = sum(one.weight for one in found.values())
    if found and abs(total - 1) > _ROUNDING:
        raise RenomapError("programme.set-weights", total=f"{total:g}")
    return tuple(found.values())


def parts(low: pd.DataFrame, high: pd.DataFrame, factors: Sequence[Factor]) -> tuple[Floats, Floats]:
    """Points of every factor, the least and the most.

    Parameters
    ----------
    low, high : DataFrame
        The same index; a column for each factor with its value, the least and the most; NaN unknown. A column
        that is absent is unknown for all.

    Returns
    -------
    two arrays, shape (rows, factors)
        Points of 100: ``weight * clamp((value - zero) / (full - zero))``; an unknown value gives from none to
        all of the weight.
    """
    ends = []
    for frame, unknown in ((low, 0.0), (high, 1.0)):
        columns = [
            (_column(frame, one.key) - one.zero) / (one.full - one.zero) if one.key in frame else np.nan
            for one in factors
        ]
        shares = np.column_stack([np.broadcast_to(column, len(frame)) for column in columns])
        ends.append(np.where(np.isnan(shares), unknown, np.clip(shares, 0.0, 1.0)))
    weights = FULL * np.array([one.weight for one in factors])
    return np.minimum(*ends) * weights, np.maximum(*ends) * weights


def scores(low: pd.DataFrame, high: pd.DataFrame, factors: Sequence[Factor]) -> pd.DataFrame:
    """The score of every row.

    Parameters
    ----------
    low, high : DataFrame
        As for ``parts``.

    Returns
    -------
    DataFrame, index as given
        ``score_low``, ``score_high`` (0 to 100) and ``known_weight`` (share of the weights of the factors of
        which one value is known).

    >>> from renomap.model.standard import Status
    >>> one = Factor("age", "", "", 1.0, 0.0, 40.0, "", Status.VERIFIED)
    >>> frame = pd.DataFrame({"age": [10.0, np.nan]})
    >>> scores(frame, frame, (one,)).values.tolist()
    [[25.0, 25.0, 1.0], [0.0, 100.0, 0.0]]
    """
    least, most = parts(low, high, factors)
    known = [
        (_column(low, one.key) == _column(high, one.key)) * one.weight
        if one.key in low
        else np.zeros(len(low))
        for one in factors
    ]
    return pd.DataFrame(
        {
            "score_low": least.sum(axis=1),
            "score_high": most.sum(axis=1),
            "known_weight": np.sum(known, axis=0),
        },
        index=low.index,
    )


def ranks(scored: pd.DataFrame, codes: pd.Series[str]) -> pd.Series[int]:
    """Places in the order, 1 first: those of which enough is known by their sure score, then the others.

    Ties by code, then by index; rows without code after those with one.
    """
    known = scored["known_weight"] >= ENOUGH - _ROUNDING
    table = pd.DataFrame(
        {
            "after": ~known,
            "score": -scored["score_low"].round(9),
            "bare": codes.isna(),
            "code": codes.fillna("").astype(str),
            "id": scored.index.to_numpy(),
        },
        index=scored.index,
    )
    ordered = table.sort_values(["after", "score", "bare", "code", "id"], kind="stable").index
    return pd.Series(range(1, len(ordered) + 1), index=ordered, dtype=np.int64).reindex(scored.index)


def _column(frame: pd.DataFrame, name: str) -> Floats:
    return frame[name].to_numpy(dtype=np.float64, na_value=np.nan)

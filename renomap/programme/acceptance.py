"""Acceptance by residents (民意验收): whether enough of those who answered are satisfied."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd

from renomap.model.preset import Bound
from renomap.model.programme_columns import SurveyKind
from renomap.programme.consent import MET, NOT_MET
from renomap.programme.rounds import latest


def of_areas(
    surveys: pd.DataFrame, area_of: pd.Series[int], areas: pd.Index[int], least: Bound | None
) -> pd.DataFrame:
    """The answers of the last round of each area and whether they suffice.

    Parameters
    ----------
    surveys : DataFrame
        Table ``surveys``: rows of kind acceptance with ``returned`` and ``yes``.
    area_of : Series
        Fid -> area.
    least : Bound or None
        Share of answers that must be satisfied; None = the city sets none.

    Returns
    -------
    DataFrame, index ``areas``
        ``answers``, ``satisfied`` (NaN unless known of every member asked), ``accepted``: 'met', 'not_met'
        (also where nobody answered, or answers are unknown), None where no share is set.
    """
    found = latest(surveys, SurveyKind.ACCEPTANCE)
    found = found.assign(area=area_of.reindex(found.index)).dropna(subset=["area"])
    out = pd.DataFrame(index=areas)
    for name, column in (("answers", "returned"), ("satisfied", "yes")):
        sums = found.groupby("area")[column].agg(lambda rows: rows.sum(skipna=False))
        out[name] = sums.reindex(areas).astype(np.float64)
    verdicts = [
        None if least is None else _verdict(answers, satisfied, least)
        for answers, satisfied in zip(out["answers"], out["satisfied"], strict=True)
    ]
    out["accepted"] = pd.Series(verdicts, index=areas, dtype=object)
    return out


def _verdict(answers: float, satisfied: float, least: Bound) -> str:
    if np.isnan(answers) or np.isnan(satisfied) or answers <= 0 or not 0 <= satisfied <= answers:
        return NOT_MET
    return MET if Fraction(satisfied) >= Fraction(str(least.value)) * Fraction(answers) else NOT_MET

"""Whether a neighbourhood may join an area, and why: year of completion and state of renovation."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.model.preset import Eligibility, Preset
from renomap.model.vast import vast

REASONS: Final = (
    "eligibility.vast",
    "eligibility.built-in-time",
    "eligibility.built-capped",
    "eligibility.built-too-late",
    "eligibility.year-straddles",
    "eligibility.years-excluded",
    "eligibility.year-unknown",
    "eligibility.no-year-rule",
    "eligibility.renovation-done",
    "eligibility.renovation-ongoing",
)


def judge(neighbourhoods: gpd.GeoDataFrame, preset: Preset) -> pd.DataFrame:
    """Judge every neighbourhood by the preset's years and its own state of renovation.

    Completed by ``year_max`` is eligible, up to ``year_max_capped`` capped, later not eligible. A range of
    years (1998-2002) that does not fall wholly into one of the three is pending (待核), as is an unknown
    year; but a range of which no year may join (2004-2006 where capped years are left out) is not eligible.
    Nothing is ever dropped because the survey is silent. Renovated already, or being renovated, is not
    eligible whatever the year: a neighbourhood is dug up once. Nor is what is too wide to be one
    (``model.vast``), as is a row with a stray corner.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Columns ``year_min``, ``year_max`` (NaN = unknown; '2000年前' has only ``year_max``) and
        ``renovation`` (none | ongoing | done | unknown). A missing column is unknown throughout. Shapes in
        metres.
    preset : Preset
        ``year_max`` None sets no rule of years: all are eligible.

    Returns
    -------
    DataFrame, index as given
        ``eligibility`` (``Eligibility`` values, text) and ``reason`` (code of the catalogue). Empty in, empty
        out.
    """
    index = neighbourhoods.index
    earliest = _number(neighbourhoods, "year_min")
    latest = _number(neighbourhoods, "year_max")
    renovation = neighbourhoods.get("renovation", pd.Series(index=index, dtype=object))
    done = (renovation == "done").to_numpy(dtype=bool)
    ongoing = (renovation == "ongoing").to_numpy(dtype=bool)
    limit = preset.year_max.value if preset.year_max is not None else np.inf
    capped_limit = preset.year_max_capped.value if preset.year_max_capped is not None else limit
    cases: list[tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], Eligibility, str]] = [
        (vast(neighbourhoods.geometry.to_numpy()), Eligibility.NOT_ELIGIBLE, "eligibility.vast"),
        (done, Eligibility.NOT_ELIGIBLE, "eligibility.renovation-done"),
        (ongoing, Eligibility.NOT_ELIGIBLE, "eligibility.renovation-ongoing"),
        (np.full(len(index), preset.year_max is None), Eligibility.ELIGIBLE, "eligibility.no-year-rule"),
        (latest <= limit, Eligibility.ELIGIBLE, "eligibility.built-in-time"),
        (earliest > max(limit, capped_limit), Eligibility.NOT_ELIGIBLE, "eligibility.built-too-late"),
        ((earliest > limit) & (latest <= capped_limit), Eligibility.CAPPED, "eligibility.built-capped"),
        (
            (earliest > limit) & (Eligibility.CAPPED not in preset.joining),
            Eligibility.NOT_ELIGIBLE,
            "eligibility.years-excluded",
        ),
        (np.isnan(earliest) & np.isnan(latest), Eligibility.PENDING, "eligibility.year-unknown"),
    ]
    when = [case[0] for case in cases]
    verdict = np.select(when, [case[1].value for case in cases], Eligibility.PENDING.value)
    reason = np.select(when, [case[2] for case in cases], "eligibility.year-straddles")
    return pd.DataFrame({"eligibility": verdict.astype(object), "reason": reason.astype(object)}, index=index)


def _number(frame: gpd.GeoDataFrame, column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if column not in frame:
        return np.full(len(frame), np.nan)
    values: np.ndarray[tuple[int], np.dtype[np.float64]] = frame[column].to_numpy(
        dtype=np.float64, na_value=np.nan
    )
    return values

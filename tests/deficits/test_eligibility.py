"""Who may join an area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from deficit_frames import grid

from renomap.deficits import presets
from renomap.grouping.eligibility import REASONS, judge
from renomap.session.texts import words

NAN = np.nan


def survey(*rows: tuple[float, float, str | None]) -> gpd.GeoDataFrame:
    return grid(
        len(rows),
        year_min=[row[0] for row in rows],
        year_max=[row[1] for row in rows],
        renovation=np.array([row[2] for row in rows], dtype=object),
    )


CASES = [
    # year_min, year_max, renovation, Changsha, Guangzhou
    (2000, 2000, "none", "eligible", "eligible"),
    (2001, 2001, "none", "capped", "not_eligible"),
    (2005, 2005, None, "capped", "not_eligible"),
    (2006, 2006, None, "not_eligible", "not_eligible"),
    (1990, 1999, None, "eligible", "eligible"),  # 90年代
    (NAN, 2000, None, "eligible", "eligible"),  # 2000年前
    (1998, 2002, None, "pending", "pending"),
    (2003, 2008, None, "pending", "not_eligible"),
    (2001, NAN, None, "pending", "not_eligible"),
    (1998, NAN, None, "pending", "pending"),
    (NAN, NAN, None, "pending", "pending"),
    (1985, 1985, "done", "not_eligible", "not_eligible"),
    (1985, 1985, "ongoing", "not_eligible", "not_eligible"),
    (NAN, NAN, "done", "not_eligible", "not_eligible"),
]


@pytest.mark.parametrize(("city", "column"), [("changsha", 3), ("guangzhou", 4)])
def test_years_and_renovation(city: str, column: int) -> None:
    found = judge(survey(*[case[:3] for case in CASES]), presets.load(city))
    assert found["eligibility"].tolist() == [case[column] for case in CASES]


def test_every_verdict_has_a_reason_with_words() -> None:
    found = judge(survey(*[case[:3] for case in CASES]), presets.load("changsha"))
    assert set(found["reason"]) <= set(REASONS)
    for language in ("zh", "en"):
        assert set(REASONS) <= words(language).keys()
        assert {f"eligibility.{verdict}" for verdict in found["eligibility"]} <= words(language).keys()
    assert found.loc[found["eligibility"] == "pending", "reason"].tolist() == [
        "eligibility.year-straddles",
        "eligibility.year-straddles",
        "eligibility.year-straddles",
        "eligibility.year-straddles",
        "eligibility.year-unknown",
    ]


def test_a_silent_survey_drops_nobody() -> None:
    found = judge(grid(3), presets.load("changsha"))
    assert found["eligibility"].tolist() == ["pending"] * 3
    assert judge(grid(0), presets.load("changsha")).empty


def test_order_and_index_are_kept() -> None:
    frame = survey((1990, 1990, None), (2010, 2010, None)).iloc[::-1]
    found = judge(frame, presets.load("changsha"))
    pd.testing.assert_index_equal(found.index, frame.index)
    assert found["eligibility"].tolist() == ["not_eligible", "eligible"]

"""Who may join an area."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from deficit_frames import grid

from renomap.deficits import presets
from renomap.grouping.eligibility import REASONS, judge
from renomap.wording.catalogue import words

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
    (2003, 2008, None, "not_eligible", "not_eligible"),
    (2004, 2006, None, "not_eligible", "not_eligible"),  # no year of it may join
    (2000, 2006, None, "pending", "pending"),
    (2006, 2008, None, "not_eligible", "not_eligible"),
    (2001, NAN, None, "not_eligible", "not_eligible"),
    (2006, NAN, None, "not_eligible", "not_eligible"),
    (NAN, 2005, None, "pending", "pending"),
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
        *["eligibility.year-straddles"] * 4,
        "eligibility.year-unknown",
    ]


@pytest.mark.parametrize("join_capped", [False, True])
def test_pending_means_that_some_year_could_join_and_some_could_not(join_capped: bool) -> None:
    preset = dataclasses.replace(presets.load("changsha"), join_capped=join_capped)
    every = [(low, high) for low in range(1997, 2009) for high in range(low, 2009)]
    ranges = judge(survey(*[(low, high, None) for low, high in every]), preset)["eligibility"]
    single = judge(survey(*[(year, year, None) for year in range(1997, 2009)]), preset)["eligibility"]
    joins = dict(zip(range(1997, 2009), single.isin(preset.joining), strict=True))
    for (low, high), verdict in zip(every, ranges, strict=True):
        could = {bool(joins[year]) for year in range(low, high + 1)}
        if could == {False}:
            assert verdict not in preset.joining, (low, high, verdict)
        elif could == {False, True}:
            assert verdict == "pending", (low, high)
        else:
            assert verdict in preset.joining, (low, high, verdict)


def test_a_silent_survey_drops_nobody() -> None:
    found = judge(grid(3), presets.load("changsha"))
    assert found["eligibility"].tolist() == ["pending"] * 3
    assert judge(grid(0), presets.load("changsha")).empty


def test_order_and_index_are_kept() -> None:
    frame = survey((1990, 1990, None), (2010, 2010, None)).iloc[::-1]
    found = judge(frame, presets.load("changsha"))
    pd.testing.assert_index_equal(found.index, frame.index)
    assert found["eligibility"].tolist() == ["not_eligible", "eligible"]


def test_a_row_with_a_stray_corner_does_not_join() -> None:
    rows = survey((1990, 1990, None), (1990, 1990, None))
    rows.geometry = [rows.geometry.iloc[0], rows.geometry.iloc[1] | shapely.box(0, 0, 90, 200_001)]
    found = judge(rows, presets.load("changsha"))
    assert found["eligibility"].tolist() == ["eligible", "not_eligible"]
    assert found["reason"].iloc[1] == "eligibility.vast"

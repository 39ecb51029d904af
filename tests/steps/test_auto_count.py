"""``auto`` against every number of areas that could have been asked for instead."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from renomap.errors import Cancelled, RenomapError
from renomap.grouping import search
from renomap.grouping.counts import WINDOW
from renomap.model.feedback import Silent
from renomap.model.layer import Layer
from renomap.model.problem import Result
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.steps.group import Grouping, group
from renomap.steps.options import GroupOptions

CRS = "EPSG:4547"
#: The preset of Guangzhou as it was when ``auto`` was found to do worse than asking.
BY_PERSONS = str(Path(__file__).parents[1] / "data" / "presets" / "guangzhou_by_persons.toml")


def project_of(frame: gpd.GeoDataFrame, preset: str) -> Project:
    return Project(CRS, (Layer("neighbourhoods", "小区", Role.NEIGHBOURHOODS, frame),), preset=preset)


def equal_blocks() -> Project:
    """8 x 4 squares of 80 m, 10 m apart, 674 households each."""
    place = np.arange(32)
    x, y = 90.0 * (place % 8), 90.0 * (place // 8)
    frame = gpd.GeoDataFrame(
        {"households": 674.0, "year_max": 1990.0},
        geometry=[box(a, b, a + 80, b + 80) for a, b in zip(x, y, strict=True)],
        crs=CRS,
        index=pd.Index(place + 1, name="fid", dtype="int64"),
    )
    return project_of(frame, BY_PERSONS)


def random_town(seed: int) -> Project:
    """Blocks of random size on a grid with holes; households of very unequal numbers, some unknown."""
    rng = np.random.default_rng(seed)
    columns, rows = int(rng.integers(3, 10)), int(rng.integers(3, 9))
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(columns), np.arange(rows)))
    here = rng.random(len(x)) > rng.uniform(0.05, 0.3)
    x, y = x[here], y[here]
    n, step = len(x), float(rng.choice([70.0, 110.0, 160.0]))
    width, depth = rng.uniform(0.75, 0.95, (2, n)) * step
    households = np.round(rng.lognormal(np.log(rng.choice([90, 200, 500])), rng.choice([0.3, 0.9]), n))
    households[rng.random(n) < rng.choice([0.0, 0.2, 0.7])] = np.nan
    frame = gpd.GeoDataFrame(
        {"households": households, "year_max": rng.integers(1970, 2000, n).astype(float)},
        geometry=[
            box(a * step, b * step, a * step + w, b * step + d)
            for a, b, w, d in zip(x, y, width, depth, strict=True)
        ],
        crs=CRS,
        index=pd.Index(np.arange(1, n + 1), name="fid", dtype="int64"),
    )
    return project_of(frame, str(rng.choice(["national", "changsha", BY_PERSONS])))


def left_out(result: Result) -> int:
    return len(result.scattered) + sum(len(item.fids) for item in result.undersized)


def asked(project: Project, count: int) -> Grouping | None:
    """The grouping into that many areas; None where a rule forbids it."""
    try:
        return group(project, GroupOptions(areas=count))
    except RenomapError:
        return None


def assert_no_worse_than_asking(project: Project) -> None:
    auto = group(project).result
    for count in range(max(1, auto.areas - WINDOW), auto.areas + WINDOW + 1):
        found = asked(project, count)
        if found is None:
            continue
        assert left_out(auto) <= left_out(found.result), count
        if left_out(auto) == left_out(found.result):
            assert auto.objective >= found.result.objective - 1e-12, count


def test_equal_blocks_are_all_taken_in() -> None:
    result = group(equal_blocks()).result
    assert (result.areas, left_out(result)) == (8, 0)
    assert result.objective == pytest.approx(0.854, abs=5e-4)
    assert result.proof == "optimal"


@pytest.mark.parametrize("seed", range(5))
def test_no_number_within_three_does_better(seed: int) -> None:
    assert_no_worse_than_asking(random_town(seed))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5, 30))
def test_no_number_within_three_does_better_in_more_towns(seed: int) -> None:
    assert_no_worse_than_asking(random_town(seed))


def test_the_order_of_rows_changes_nothing() -> None:
    project = random_town(3)
    assert project.neighbourhoods is not None
    frame = project.neighbourhoods.frame
    turned = project_of(frame.iloc[::-1], project.preset)
    one, other = group(project).scheme.assignment, group(turned).scheme.assignment
    parts = [sorted(sorted(ids) for ids in each.groupby(each).groups.values()) for each in (one, other)]
    assert json.dumps(parts[0], default=int) == json.dumps(parts[1], default=int)


def test_two_targets_ask_for_a_number_between() -> None:
    project = equal_blocks()
    few = group(project, GroupOptions(preset="changsha", targets={"households": 2700.0})).problem
    # 32 x 674 / 2700 = 7.99 by households, 32 / 8 = 4 by neighbourhoods
    assert few.asked.sum(axis=0) == pytest.approx([7.988, 4.0], abs=1e-3)


@pytest.mark.parametrize("targets", [{"parks": 3.0}, {"count": 0.0}, {"households": np.inf}])
def test_a_target_that_is_none_is_refused(targets: dict[str, float]) -> None:
    with pytest.raises(RenomapError) as refused:
        group(equal_blocks(), GroupOptions(targets=targets))
    assert refused.value.code in ("grouping.unknown-target", "grouping.bad-target")


class Stopping(Silent):
    """Stops while other numbers of areas are tried."""

    def __init__(self) -> None:
        self._compares = False

    def progress(self, fraction: float, code: str) -> None:
        self._compares |= code == "grouping.phase.counts"

    def check(self) -> None:
        if self._compares:
            raise Cancelled


def test_stopped_between_numbers_the_best_so_far_is_handed_over() -> None:
    task = group(equal_blocks()).problem
    result = search.solve(task, feedback=Stopping())
    assert not result.complete
    assert result.areas >= 6
    assert not result.violations

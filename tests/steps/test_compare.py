"""Two divisions side by side: who moved, which areas go on, and a list that replays exactly."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from shapely import box

from renomap import api
from renomap.errors import RenomapError
from renomap.model.change import apply
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.scheme import Scheme
from renomap.steps.adopting import Adoption
from renomap.steps.compare import compare
from renomap.steps.naming import dress_areas
from renomap.steps.numbering import match_areas
from renomap.steps.plan import make_plan
from renomap.store import projectfile

HOUSEHOLDS = [300.0, 250, 400, np.nan, 200, 500]


@cache
def _town() -> Project:
    """Six squares in a row, in no area."""
    squares = [box(500_000 + 110 * i, 3_100_000, 500_100 + 110 * i, 3_100_100) for i in range(6)]
    columns = {"name": list("甲乙丙丁戊己"), "households": HOUSEHOLDS, "area_id": [1] * 6}
    return api.deficits(gpd.GeoDataFrame(columns, geometry=squares, crs="EPSG:4547")).plan.project


def project(ids: list[object], names: dict[str, str] | None = None) -> Project:
    """The squares in the areas said, numbered as they come."""
    numbers, found = pd.factorize(pd.Series(ids).where(pd.Series(ids) != 0))
    assignment = pd.Series(numbers.astype("int64") + 1, index=pd.Index(range(1, 7), name="fid"))
    areas = dress_areas(_town(), assignment)
    areas = areas.assign(name=[(names or {}).get(name, name) for name in found])
    return _town().with_scheme(Scheme("s1", "/".join(map(str, ids)), assignment, areas))


def plan(ids: list[object], names: dict[str, str] | None = None) -> Plan:
    return make_plan(project(ids, names))


def test_what_moved_and_which_areas_go_on() -> None:
    before = plan(["a", "a", "a", "b", "b", 0])
    after = plan(["a", "a", "x", "b", "b", "b"], {"a": "A"})
    found = compare(before, after)
    assert found.matches == {1: 1, 2: 3}
    assert found.moved["name"].tolist() == ["丙", "己"]
    assert found.moved["households"].tolist() == [400, 500]
    assert found.moved["before_name"].tolist() == ["a", None]
    assert found.moved["after_name"].tolist() == ["x", "b"]
    states = dict(zip(found.areas["after_name"], found.areas["state"], strict=True))
    assert states == {"A": "renamed", "b": "same", "x": "new"}
    totals = found.totals.set_index(["subject", "figure"])[["before", "after"]]
    assert totals.loc[("areas", "")].tolist() == [2, 3]
    assert totals.loc[("households", "")].tolist() == [1150, 1650]


def test_a_scheme_does_not_differ_from_itself() -> None:
    one = plan(["a", "a", "b", "b", 0, 0])
    found = compare(one, one)
    assert found.moved.empty
    assert found.settings.empty
    assert found.programme.empty
    assert found.alone.empty
    assert not found.change
    same = found.totals["before"].eq(found.totals["after"]) | found.totals["before"].isna()
    assert same.all()


def test_an_area_that_is_split_goes_on_where_most_households_are() -> None:
    fids = range(5)
    old = pd.Series([1] * 5, index=fids)
    new = pd.Series([7, 7, 7, 8, 8], index=fids)
    assert match_areas(old, new, pd.Series([1.0, 1, 1, 50, 50], index=fids)) == {1: 8}
    assert match_areas(old, new, pd.Series([np.nan] * 5, index=fids)) == {1: 7}


def test_less_than_half_of_the_smaller_is_another_area() -> None:
    old, new = pd.Series([1, 1, 1, 0, 0]), pd.Series([0, 0, 5, 5, 5])
    assert match_areas(old, new, pd.Series([1.0] * 5)) == {}


ids = st.lists(st.sampled_from(["a", "b", "c", 0]), min_size=6, max_size=6).filter(any)


@settings(max_examples=4, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(one=ids, two=ids)
def test_the_list_replays_exactly(one: list[object], two: list[object]) -> None:
    before, after = plan(one), plan(two)
    found = compare(before, after)
    replayed = apply(before.project, found.change).scheme
    target = after.scheme
    assert replayed is not None
    assert target is not None
    pd.testing.assert_series_equal(replayed.assignment, target.assignment)
    pd.testing.assert_frame_equal(pd.DataFrame(replayed.areas), pd.DataFrame(target.areas))
    back = apply(apply(before.project, found.change), found.change.inverse).scheme
    assert back is not None
    assert before.scheme is not None
    pd.testing.assert_series_equal(back.assignment, before.scheme.assignment)
    # who did not move is in the area that his is on the other side
    still = before.neighbourhoods.index.difference(found.moved["fid"])
    for fid in still:
        area = before.neighbourhoods["area_id"][fid]
        assert after.neighbourhoods["area_id"][fid] == (found.matches[area] if area else 0)


@settings(max_examples=4, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(one=ids, two=ids)
def test_an_area_that_is_adopted_is_theirs_and_the_last_makes_all_theirs(
    one: list[object], two: list[object]
) -> None:
    ours, theirs = plan(one), plan(two)
    their = theirs.scheme
    assert their is not None
    for area in their.areas.index:
        change = Adoption(ours, theirs, compare(ours, theirs)).area(int(area))
        after = make_plan(apply(ours.project, change))
        members = set(their.assignment.index[their.assignment == area])
        held = after.neighbourhoods["area_id"][sorted(members)]
        assert held.nunique() == 1
        assert set(after.neighbourhoods.index[after.neighbourhoods["area_id"] == held.iloc[0]]) == members
        assert set(after.neighbourhoods["area_id"]) - {0} == set(after.areas.index)
        ours = after
    left = compare(ours, theirs).moved
    assert left["after"].isna().all(), "whoever is still elsewhere is in none of their areas"


def test_a_locked_area_is_not_changed_by_adopting() -> None:
    ours, theirs = project(["a", "a", "a", "b", "b", "b"]), plan(["a", "a", "b", "b", "b", "b"])
    scheme = ours.scheme
    assert scheme is not None
    locked = make_plan(ours.with_scheme(replace(scheme, areas=scheme.areas.assign(locked=[True, False]))))
    adoption = Adoption(locked, theirs, compare(locked, theirs))
    for refused in (adoption.area, lambda _: adoption.neighbourhood(3)):
        with pytest.raises(RenomapError, match=r"editing\.locked"):
            refused(2)


def test_a_verdict_stands_only_where_no_unknown_value_could_overturn_it() -> None:
    """丁 has no households: with it inside an area on either side nobody knows which has more."""
    known, more = plan(["a", "a", 0, 0, 0, 0]), plan(["a", "a", "a", 0, 0, 0])
    unknown = plan(["a", "a", 0, "b", 0, 0])

    def verdict(one: Plan, two: Plan, subject: str) -> str:
        rows = compare(one, two).totals.set_index(["subject", "figure"])["verdict"]
        return str(rows[subject, ""])

    assert verdict(known, more, "households") == "better"
    assert verdict(more, known, "households") == "worse"
    assert verdict(known, known, "households") == "alike"
    assert verdict(unknown, more, "households") == "open"
    assert verdict(known, more, "areas") == ""


def test_strangers_and_projects_without_areas_are_refused() -> None:
    one = plan(["a"] * 6)
    bare = make_plan(replace(one.project, schemes=(), active=None))
    with pytest.raises(RenomapError, match=r"compare\.no-scheme"):
        compare(one, bare)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One project with two schemes: 甲 ... 己 in two areas, and in three."""
    path = tmp_path_factory.mktemp("compare") / "p.gpkg"
    one, two = project(["a", "a", "a", "b", "b", "b"]), project(["a", "a", "b", "b", "c", "c"])
    assert one.scheme is not None
    assert two.scheme is not None
    first, second = replace(one.scheme, title="五月"), replace(two.scheme, key="s2", title="六月")
    projectfile.save(one.with_scheme(first).with_scheme(second), path)
    return path


def run(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "renomap", "compare", *(str(word) for word in words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_tells_lists_and_writes(saved: Path, tmp_path: Path) -> None:
    book = tmp_path / "c.xlsx"
    done = run(saved, "五月", "六月", "--json", "-o", book)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["a"], told["b"]) == ("五月", "六月")
    assert told["totals"]["areas"] == {"a": 2, "b": 3}
    assert {row["name"] for row in told["moved"]} == {"丙", "丁"}
    sheets = openpyxl.load_workbook(book)
    rows = list(sheets[sheets.sheetnames[2]].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [row["name"] for row in told["moved"]]
    assert rows[0][1:] == (400, "a", "b")
    assert rows[1][1] in ("no data", "无数据"), "unknown is a word, not 0"


def test_another_file_and_a_scheme_that_is_not_there(saved: Path) -> None:
    same = run(saved, saved, "六月", "--json")
    assert json.loads(same.stdout)["moved"] == []
    lost = run(saved, "七月", "六月")
    assert lost.returncode == 2
    assert len(lost.stderr.splitlines()) == 1

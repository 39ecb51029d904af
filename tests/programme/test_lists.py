"""Lists of plans: moves, their history, and sums that close."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.errors import RenomapError
from renomap.model.programme import no_rows
from renomap.model.programme_columns import Stage
from renomap.programme import files, lists

RULES = files.load("changsha")
NONE = pd.DataFrame(columns=["area", "gate", "state", "done", "of", "failing", "end"])
FIDS = pd.Index([1, 2, 3], name="fid")
NUMBERS = pd.DataFrame({"households": [100.0, 200, np.nan], "floor_area_m2": [1.0, 2, 3]}, index=FIDS)


def move(
    tables: tuple[pd.DataFrame, pd.DataFrame], fids: list[int], to: Stage, year: float = np.nan
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return lists.moved(*tables, fids, to, year, by="规划科", at="2026-11-30", reason="试")


def test_T08_pool_to_2027_and_back_writes_two_rows() -> None:
    tables = move((no_rows("units"), no_rows("history")), [1], Stage.POOL)
    start = len(tables[1])
    tables = move(move(tables, [1], Stage.ANNUAL, 2027), [1], Stage.POOL)
    assert len(tables[1]) - start == 2
    assert tables[1].iloc[-2:][["from_stage", "to_stage"]].to_numpy().tolist() == [
        ["pool", "annual"],
        ["annual", "pool"],
    ]
    assert tables[1]["to_year"].tolist()[1] == 2027
    assert len(move(tables, [1], Stage.POOL)[1]) == len(tables[1]), "it stands there already"


def test_sums_of_lists_are_all_there_is() -> None:
    tables = move((no_rows("units"), no_rows("history")), [1, 2, 3], Stage.POOL)
    found = lists.identity(lists.stands(tables[0], FIDS, 2027), NUMBERS)
    assert found.loc["pool"].tolist() == [3, 300, 2, 6, 3]
    tables = move(move(tables, [1], Stage.ANNUAL, 2027), [2], Stage.ANNUAL, 2029)
    where = lists.stands(tables[0], FIDS, 2027)
    assert where.tolist() == ["annual", "long", "pool"]
    found = lists.identity(where, NUMBERS)
    assert found.loc["sum"].tolist() == found.loc["all"].tolist() == [3, 300, 2, 6, 3]
    assert (found.loc["difference"] == 0).all()
    assert found.at["exited", "households"] == 0, "a list of no neighbourhood holds no household"
    unknown = lists.identity(where, NUMBERS.assign(households=np.nan))
    assert np.isnan(unknown.at["annual", "households"]), "the sum of unknown numbers is unknown"


def test_what_is_not_finished_rolls_into_the_next_year() -> None:
    tables = move((no_rows("units"), no_rows("history")), [1], Stage.BUILDING, 2026)
    tables = move(move(tables, [2], Stage.ANNUAL, 2026), [3], Stage.BUILT, 2026)
    units, history = lists.rolled(*tables, 2026, by=None, at="2026-12-31")
    assert units.set_index("fid")["year"].to_dict() == {1: 2027, 2: 2027, 3: 2026}
    assert history["reason"].tolist()[-2:] == [lists.ROLLED] * 2


@pytest.mark.parametrize(
    ("to", "year", "was", "reason", "code"),
    [
        (Stage.ANNUAL, np.nan, Stage.POOL, None, "programme.move-no-year"),
        (Stage.POOL, np.nan, Stage.ANNUAL, None, "programme.move-no-reason"),
        (Stage.EXITED, np.nan, Stage.POOL, "", "programme.move-no-reason"),
        (Stage.POOL, np.nan, Stage.SURVEY, None, "programme.move-held"),
    ],
)
def test_T01_a_move_that_may_not_be_is_refused(
    to: Stage, year: float, was: Stage, reason: str | None, code: str
) -> None:
    held = pd.DataFrame([{"area": 7, "gate": "checkup", "failing": (2,)}])
    with pytest.raises(RenomapError) as caught:
        lists.check_move(to, year, was, held, RULES, reason, {2: "桔园里"})
    assert caught.value.code == code
    assert caught.value.params.get("gates", "体检（桔园里）") == "体检（桔园里）"
    lists.check_move(Stage.POOL, np.nan, Stage.SURVEY, NONE, RULES, None, {})


def test_T19_coverage_by_count_and_by_floor_area() -> None:
    eligible = pd.Series(True, index=range(177))
    area = pd.Series(np.where(eligible.index < 108, 552 / 108, (813 - 552) / 69), index=eligible.index)
    numbers = pd.DataFrame({"households": np.nan, "floor_area_m2": area})
    found = lists.coverage(eligible, pd.Series(eligible.index < 108, index=eligible.index), numbers)
    assert found["share"].round(3).tolist()[:1] == [0.610]
    assert round(found.at["floor_area_m2", "share"], 3) == 0.679
    assert np.isnan(found.at["households", "share"])


MOVES = st.lists(
    st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from(list(Stage)), st.sampled_from([2026, 2027, 2028])),
    max_size=8,
)


@given(MOVES)
def test_whatever_moves_nothing_is_lost(moves: list[tuple[int, Stage, int]]) -> None:
    tables = (no_rows("units"), no_rows("history"))
    for fid, to, year in moves:
        tables = move(tables, [fid], to, float(year))
    found = lists.identity(lists.stands(tables[0], FIDS, 2026), NUMBERS)
    assert (found.loc["difference"] == 0).all()
    last = tables[1].drop_duplicates("fid", keep="last").set_index("fid")["to_stage"].to_dict()
    assert last == tables[0].set_index("fid")["stage"].to_dict()

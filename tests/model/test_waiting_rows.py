"""The list of neighbourhoods without a boundary: rows come, take an older one's place, and go."""

from __future__ import annotations

import pandas as pd

from renomap.model.project import Project
from renomap.model.waiting import waiting, with_waiting, without_waiting

PROJECT = Project("EPSG:4547")


def rows(*named: tuple[str, int, float]) -> pd.DataFrame:
    """(name, row of the sheet, households)."""
    table = pd.DataFrame(named, columns=["name", "row", "households"])
    return table.assign(file="台账.xlsx", sheet="Sheet1", suggestions=[(7, 8)] * len(table))


def test_nothing_waits_in_a_table_with_names_alone() -> None:
    found = waiting(PROJECT)
    assert (found.columns.tolist(), len(found), found.index.name) == (["name"], 0, "id")
    assert with_waiting(PROJECT, rows()).meta == {}


def test_rows_come_are_replaced_and_go() -> None:
    two = with_waiting(PROJECT, rows(("甲", 2, 100.0), ("乙", 3, float("nan"))))
    found = waiting(two)
    assert found.index.tolist() == [1, 2]
    assert found["households"].iloc[0] == 100.0
    assert pd.isna(found["households"].iloc[1])  # unknown, not nothing
    assert found["suggestions"].tolist() == [(7, 8), (7, 8)]
    again = with_waiting(two, rows(("乙苑", 3, 80.0)))
    assert waiting(again)["name"].to_dict() == {1: "甲", 3: "乙苑"}
    assert waiting(without_waiting(again, [1]))["name"].to_dict() == {3: "乙苑"}
    assert without_waiting(again, [1, 3]).meta == {}
    assert waiting(two)["name"].tolist() == ["甲", "乙"]  # projects are values

"""Spreadsheets of a bureau are read whatever stands above the header and in whatever unit money is."""

from __future__ import annotations

from typing import Any

import pytest

from renomap.sources.programme_tables import FoundRows, read_cells
from renomap.sources.programme_words import meant

NAMES = {
    "item": {
        "roof": ("屋面防水", "roofs"),
        "pipes": ("老化管线改造", "pipes"),
        "elevator": ("加装电梯", "lifts"),
    },
    "source": {"city": ("市级补助资金", "city"), "residents": ("居民出资", "residents")},
    "gate": {"review": ("评审", "review"), "notice": ("公示", "notice")},
}


def read(table: str, *cells: tuple[Any, ...]) -> FoundRows:
    found = read_cells(cells, table, NAMES)
    assert found is not None
    return found


def test_titles_units_and_headers_of_two_rows() -> None:
    found = read(
        "works",
        ("某街道改造内容清单",), ("单位：万元",),
        ("序号", "小区名称", "改造内容", "工程量", "投资", "计划开竣工", "计划开竣工"),
        (None, None, None, None, None, "开工", "竣工"),
        (1, "甲里小区", "屋面渗漏", "2,100", 27.3, "2026年5月", 46265),
        (2, "乙里小区", "电梯", "2-4", "—", None, "待定"),
        ("合计", None, None, None, 27.3), ("注：投资为匡算",),
    )  # fmt: skip
    assert found.rows == (
        {"item": "roof", "quantity": 2100.0, "cost": 273000.0, "start": "2026-05", "end": "2026-08-31"},
        {"item": "elevator", "quantity_low": 2.0, "quantity_high": 4.0},
    )
    assert found.ties["neighbourhood"].tolist() == ["甲里小区", "乙里小区"]
    assert found.places == (5, 6)


@pytest.mark.parametrize(
    ("header", "cells", "yuan"),
    [
        ("计划（万元）", (90.6, 12), (906000, 120000)),
        ("计划资金", (90.6, 12), (906000, 120000)),  # no unit: by size
        ("计划（元）", (906000, 12), (906000, 12)),
        ("计划资金", (906000, 120000), (906000, 120000)),
        ("计划资金", ("90.6万元", "12万"), (906000, 120000)),
        ("计划（万元）", ("906,000元", "0.5亿元"), (906000, 50_000_000)),
    ],
)
def test_money_is_whole_yuan_whatever_unit_it_came_in(
    header: str, cells: tuple[Any, ...], yuan: tuple[int, ...]
) -> None:
    found = read("funds", ("片区", "资金来源", header), *(("甲", "市级", cell) for cell in cells))
    assert [row["planned"] for row in found.rows] == list(yuan)
    guessed = [note for note in found.notes if note.code == "sources.programme-unit"]
    assert bool(guessed) == (header == "计划资金" and cells == (90.6, 12))


def test_what_cannot_be_read_is_named_and_never_zero() -> None:
    found = read(
        "funds",
        ("片区", "资金来源", "计划", "天气"),
        ("甲", "妇联", "很多", "晴"),
        ("乙", "市级", None, "雨"),
    )
    assert found.rows == ({"source": "妇联"}, {"source": "city"})
    told = {note.code: note.params for note in found.notes}
    assert told["sources.programme-cells"]["cells"] == ["2: 很多"]
    assert told["sources.programme-words"]["texts"] == ["妇联"]
    assert told["sources.programme-unread"]["columns"] == ["天气"]


def test_both_dates_in_one_cell() -> None:
    found = read(
        "events", ("片区", "事项", "轮次", "公示起止", "结果"),
        ("甲", "方案公示", "第二轮", "2026.3.1至2026.3.7", "通过"), ("甲", "评审", 1, "2026年4月", "未通过"),
    )  # fmt: skip
    assert found.rows == (
        {"gate": "notice", "round": 2, "start": "2026-03-01", "end": "2026-03-07", "result": "passed"},
        {"gate": "review", "round": 1, "start": "2026-04", "result": "returned"},
    )


def test_a_word_behind_not_means_the_opposite() -> None:
    words = {"done": ("完工",), "planned": ("未开工",)}
    assert meant("已完工", words) == "done"
    assert meant("未完工", words) is None
    assert meant("全部完工", words) == "done"
    assert meant("无此词", words) is None


def test_a_sheet_without_a_header_is_none() -> None:
    assert read_cells([("天气", "心情"), ("晴", "好")], "works", NAMES) is None

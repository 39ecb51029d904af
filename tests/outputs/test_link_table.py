"""The reason of a link or cut stands in workbook, report and web map, and nothing where there is none."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pypdfium2
from plan_sample import sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.model.scheme import LINK_COLUMNS
from renomap.outputs import report, tables, webmap
from renomap.outputs.link_table import manual_links

REASON = "有人行天桥 <b>相连</b>"


def linked() -> Plan:
    plan = sample_plan(3, 4, 2)
    fids = plan.neighbourhoods.index.tolist()
    rows = [
        (fids[0], fids[1], "link", REASON, "=张三", "2026-11-30"),
        (fids[2], fids[5], "cut", "=围墙", None, float("nan")),
    ]
    assert plan.scheme is not None
    scheme = dataclasses.replace(plan.scheme, overrides=pd.DataFrame(rows, columns=list(LINK_COLUMNS)))
    return dataclasses.replace(plan, scheme=scheme)


def test_a_row_per_pair_with_names_areas_and_reason() -> None:
    plan = linked()
    table = manual_links(plan, sample_words("zh"))
    names, areas = plan.neighbourhoods["name"].tolist(), plan.areas["name"].tolist()
    assert table.rows[0] == ("人工连通", names[0], names[1], areas[0], REASON, "=张三", "2026-11-30")
    assert table.rows[1] == (
        "人工阻断",
        names[2],
        names[5],
        f"{areas[0]}、{areas[1]}",
        "=围墙",
        "无记录",
        "无记录",
    )
    assert manual_links(sample_plan(1, 2, 0), sample_words("zh")).rows == ()


def test_all_three_print_the_reason(tmp_path: Path) -> None:
    plan, words = linked(), sample_words("zh")
    tables.write_xlsx(plan, tmp_path / "t.xlsx", words)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["2b 人工连通与阻断"]
    told_twice = [(REASON, "=张三", "2026-11-30"), ("=围墙", "无记录", "无记录")]
    assert [row[-3:] for row in sheet.iter_rows(min_row=2, values_only=True)] == told_twice
    webmap.write_html(plan, tmp_path / "m.html", words)
    page = (tmp_path / "m.html").read_text("utf-8")
    data = json.loads(page.split('id="plan-data">')[1].split("</script>")[0])
    (told,) = data["tables"]
    assert told["title"] == "人工连通与阻断"
    assert [tuple(row[-3:]) for row in told["rows"]] == told_twice
    report.write_pdf(plan, tmp_path / "r.pdf", words)
    document = pypdfium2.PdfDocument(tmp_path / "r.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    told_once = re.sub(r"\s", "", text)
    for part in (REASON, "设定人", "设定日期", "张三", "2026-11-30", "无记录"):
        assert re.sub(r"\s", "", part) in told_once


def test_who_and_when_are_not_recorded_in_older_projects() -> None:
    plan = linked()
    assert plan.scheme is not None
    older = plan.scheme.overrides.drop(columns=["by", "at"])
    table = manual_links(
        dataclasses.replace(plan, scheme=dataclasses.replace(plan.scheme, overrides=older)),
        sample_words("en"),
    )
    assert [row[-2:] for row in table.rows] == [("not recorded", "not recorded")] * 2


def test_without_pairs_nothing_is_said_of_them(tmp_path: Path) -> None:
    plan, words = sample_plan(1, 2, 0), sample_words("zh")
    tables.write_xlsx(plan, tmp_path / "t.xlsx", words)
    assert not any("人工" in name for name in openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames)

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
from renomap.outputs import report, tables, webmap
from renomap.outputs.link_table import manual_links

REASON = "有人行天桥 <b>相连</b>"


def linked() -> Plan:
    plan = sample_plan(3, 4, 2)
    fids = plan.neighbourhoods.index.tolist()
    rows = [(fids[0], fids[1], "link", REASON), (fids[2], fids[5], "cut", "=围墙")]
    assert plan.scheme is not None
    scheme = dataclasses.replace(
        plan.scheme, overrides=pd.DataFrame(rows, columns=["a", "b", "action", "reason"])
    )
    return dataclasses.replace(plan, scheme=scheme)


def test_a_row_per_pair_with_names_areas_and_reason() -> None:
    plan = linked()
    table = manual_links(plan, sample_words("zh"))
    names, areas = plan.neighbourhoods["name"].tolist(), plan.areas["name"].tolist()
    assert table.rows[0] == ("人工连通", names[0], names[1], areas[0], REASON)
    assert table.rows[1] == ("人工阻断", names[2], names[5], f"{areas[0]}、{areas[1]}", "=围墙")
    assert manual_links(sample_plan(1, 2, 0), sample_words("zh")).rows == ()


def test_all_three_print_the_reason(tmp_path: Path) -> None:
    plan, words = linked(), sample_words("zh")
    tables.write_xlsx(plan, tmp_path / "t.xlsx", words)
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["2b 人工连通与阻断"]
    assert [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)] == [REASON, "=围墙"]
    webmap.write_html(plan, tmp_path / "m.html", words)
    page = (tmp_path / "m.html").read_text("utf-8")
    data = json.loads(page.split('id="plan-data">')[1].split("</script>")[0])
    (told,) = data["tables"]
    assert told["title"] == "人工连通与阻断"
    assert told["rows"][0][-1] == REASON
    report.write_pdf(plan, tmp_path / "r.pdf", words)
    document = pypdfium2.PdfDocument(tmp_path / "r.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert re.sub(r"\s", "", REASON) in re.sub(r"\s", "", text)


def test_without_pairs_nothing_is_said_of_them(tmp_path: Path) -> None:
    plan, words = sample_plan(1, 2, 0), sample_words("zh")
    tables.write_xlsx(plan, tmp_path / "t.xlsx", words)
    assert not any("人工" in name for name in openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames)

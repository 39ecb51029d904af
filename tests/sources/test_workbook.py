from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from survey_files import book

from renomap.errors import RenomapError
from renomap.model.feedback import Silent
from renomap.sources.containers import table_file
from renomap.sources.options import ImportOptions
from renomap.sources.sheets import read_tables


def tables(path: Path, encoding: str = "auto") -> list:
    return read_tables(table_file(path), ImportOptions(encoding=encoding), Silent())


def test_the_header_is_found_under_title_rows(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        表一=[
            ["某区老旧小区摸底调查表"],
            ["填报单位：", "住建局"],
            ["序号", "小区名称", "户数"],
            [1, "甲苑", 120],
        ],
    )
    [sheet] = tables(path)
    assert list(sheet.rows.columns) == ["序号", "小区名称", "户数"]
    assert sheet.rows.iloc[0].tolist() == [1, "甲苑", 120]
    assert sheet.rows.index.tolist() == [4]


def test_a_header_of_two_rows_and_merged_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ["摸底表"],
        ["街道", "小区名称", "停车设施", None],
        [None, None, "车位数", "充电桩"],
        ["甲街道", "一苑", 10, 1],
        [None, "二苑", 20, 2],
    ):
        sheet.append(row)
    for block in ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "A4:A5"):
        sheet.merge_cells(block)
    workbook.save(path)
    [found] = tables(path)
    assert list(found.rows.columns) == ["街道", "小区名称", "车位数", "充电桩"]
    assert found.rows["街道"].tolist() == ["甲街道", "甲街道"]
    assert found.rows["充电桩"].tolist() == [1, 2]


def test_totals_and_footnotes_are_no_neighbourhoods(tmp_path: Path) -> None:
    rows = [["小区名称", "户数"], ["甲苑", 1], [None, None], ["合计", 1], ["注：户数为约数"]]
    [sheet] = tables(book(tmp_path / "a.xlsx", 一=rows))
    assert sheet.rows["小区名称"].tolist() == ["甲苑"]
    assert [note.code for note in sheet.notes] == ["sources.totals-left-out", "sources.sheet"]


def test_codes_are_texts(tmp_path: Path) -> None:
    [sheet] = tables(
        book(tmp_path / "a.xlsx", 一=[["小区编号", "小区名称"], [43010201, "甲苑"], [43010202.0, "乙苑"]])
    )
    assert sheet.rows["小区编号"].tolist() == ["43010201", "43010202"]


def test_several_sheets_and_one_of_buildings(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        甲街道=[["小区名称", "户数"], ["甲苑", 1]],
        说明=[["本表由各街道填报"]],
        楼栋=[["小区名称", "楼号", "户数"], ["甲苑", "1栋", 1]],
    )
    assert [(sheet.name, sheet.of) for sheet in tables(path)] == [
        ("甲街道", "neighbourhoods"),
        ("楼栋", "buildings"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "清单.csv"
    path.write_text("小区名称,户数\n甲苑,120\n", encoding=encoding)
    [sheet] = tables(path)
    assert list(sheet.rows.columns) == ["小区名称", "户数"]
    assert sheet.rows.iloc[0].tolist() == ["甲苑", "120"]


def test_no_table_at_all(tmp_path: Path) -> None:
    for path in (book(tmp_path / "a.xlsx", 一=[["无关内容"], ["1"]]), tmp_path / "b.xlsx"):
        if not path.exists():
            path.write_text("no workbook")
        with pytest.raises(RenomapError) as raised:
            tables(path)
        assert raised.value.code in ("sources.table-empty", "sources.unreadable")

"""``rebuild`` through the command line: the requirements T23 and T27, and its workbook read back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from test_programme import Run, run

__all__ = ["run"]  # the fixture of the commands of the programme

CASE = """
name = "示例"
prices = "yongan"
[money]
construction_m2 = 11000
construction_price = 3200
premium_units = 10
premium_per_unit = 150000
other = 0
subsidies = 1400000
[[sale]]
units = 10
m2 = 100
price = 12000
"""
OWNER = '[[owner]]\nbuilding = "{0}幢"\nhouseholds = {1}\nown_m2 = 80\nnew_m2 = {2}\nsigned = {1}\n'


def written(folder: Path, *owners: tuple[int, int, int], represented: tuple[int, ...] = ()) -> Path:
    path = folder / "case.toml"
    rows = [OWNER.format(*each) for each in owners]
    rows += [f'[[representative]]\nbuilding = "{n}幢"\nname = "代表{n}"\n' for n in represented]
    path.write_text(CASE + "".join(rows), encoding="utf-8")
    return path


def test_t23_owners_balance_and_sensitivity(tmp_path: Path, run: Run) -> None:
    path, book = written(tmp_path, (1, 100, 100), represented=(1,)), tmp_path / "out.xlsx"
    code, told, said = run("rebuild", path, "-o", book)
    assert code == 0, said
    assert told["owners"][0]["yuan"] == 280_000
    assert (told["balance"]["income"], told["balance"]["cost"]) == (41_400_000, 36_700_000)
    left = [told[name]["low"] for name in ("balance", "sales_lower", "construction_dearer", "both")]
    assert left == [4_700_000, 3_500_000, 1_180_000, -20_000]
    assert (told["balance"]["verdict"], told["both"]["verdict"]) == ("balanced", "short")
    sheets = openpyxl.load_workbook(book, data_only=True)
    rows = {row[0]: row[1:] for row in sheets.worksheets[0].iter_rows(values_only=True)}
    assert rows["结余（不含贷款）"] == (470, 350, 118, -2)
    assert rows["结论"] == ("平衡", "平衡", "平衡", "不平衡")


def test_what_is_given_up_has_no_price_and_the_balance_is_open(tmp_path: Path, run: Run) -> None:
    told = run("rebuild", written(tmp_path, (1, 100, 70)))[1]
    assert (told["owners"][0]["yuan"], told["owners"][0]["given_up_m2"]) == (105_000, 10)
    assert told["balance"]["low"] is None
    assert (told["balance"]["verdict"], told["balance"]["unknown"]) == ("short", ["given_up"])


def test_t27_one_representative_of_each_building(tmp_path: Path, run: Run) -> None:
    path = written(tmp_path, *((n, 10, 80) for n in range(1, 14)), represented=(*range(1, 7), *range(8, 14)))
    told = run("rebuild", path)[1]
    assert told["unrepresented"] == ["7幢"]
    assert told["signed"]["1幢"] == 1

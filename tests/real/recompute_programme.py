"""Consent, costs and ledger of a programme computed from sheets of the workbook alone."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from printed import NO_DATA
from recompute import ROOT, consent_of_unit, in_print

FLAGS = {"上报": "reported", "推算": "derived", "估算": "estimated"}
COUNTS = ("households", "consent_asked", "consent_yes", "consent_no")
CATEGORIES = ("基础", "完善", "提升")
STAGES = {
    "摸底": "survey",
    "储备库": "pool",
    "年度计划": "annual",
    "中长期计划": "long",
    "施工": "building",
    "完工": "built",
    "验收移交": "handed_over",
    "退出": "exited",
}
PAYERS = {
    "fiscal": "财政(万元)",
    "companies": "专营等单位(万元)",
    "residents": "居民(万元)",
    "financing": "融资(万元)",
}
Row = dict[str, Any]


@cache
def sheets_of(folder: Path) -> dict[str, list[Row]]:
    """Rows of the numbered sheets of a workbook by their headings, by the number of the sheet ("7b")."""
    book = openpyxl.load_workbook(folder / "tables.xlsx", read_only=True, data_only=True)
    found = {}
    for page in book:
        head, *rows = page.iter_rows(values_only=True)
        found[page.title.split(" ")[0]] = [dict(zip(map(str, head), row, strict=False)) for row in rows]
    return found


def told(cell: object) -> float:
    """A cell as a number; NaN where it holds none."""
    return float(cell) if isinstance(cell, int | float) else math.nan


def yuan(cell: object) -> float:
    """A cell of 10,000 yuan as whole yuan; NaN where it holds no number."""
    return math.nan if math.isnan(told(cell)) else float(round(10_000 * told(cell)))


def consent_of_members(folder: Path, least: tuple[float, float]) -> pd.DataFrame:
    """``area`` (NaN = in none), ``verdict`` and ``printed`` of every neighbourhood, by name.

    The last round of a consultation takes the place of what the survey of neighbourhoods says.
    """
    last: dict[str, Row] = {}
    for row in sheets_of(folder)["8"]:
        of_all = row["类型"] == "意愿征询" and row["计数口径"] in (None, "户数")
        if of_all and row["轮次"] >= last.get(row["小区"], row)["轮次"]:
            last[row["小区"]] = row
    found = []
    for row in sheets_of(folder)["2"]:
        asked = last.get(row["小区"], {"已征询": row["已征询户数"], "同意": row["同意户数"], "不同意": None})
        cells = (row["户数"], *(asked[name] for name in ("已征询", "同意", "不同意")))
        values = dict(zip(COUNTS, map(told, cells), strict=True))
        flag = FLAGS.get(str(row["数据状态"]).split("、")[0], "unknown")
        verdict = consent_of_unit(pd.Series({**values, "households_flag": flag}), least)
        (title,) = [name for name in row if name.startswith("意愿结论")]
        found.append((row["小区"], told(row["编号"]), verdict, row[title]))
    return pd.DataFrame(found, columns=["name", "area", "verdict", "printed"])


def cost_of_work(row: Row) -> tuple[float, float]:
    """Least and most of a row of works: quantity times price; NaN where the row does not say both."""
    price, *quantities = (told(row[name]) for name in ("单价（元）", "工程量", "工程量上限"))
    least, most = (one * price for one in quantities)
    return (least if math.isnan(least) else round(least)), (most if math.isnan(most) else round(most))


@dataclass
class Pot:
    """Money of one source for one project; ``most`` inf where nothing limits it."""

    source: Row
    items: frozenset[str]  # items or categories in Chinese; empty = free
    least: float
    most: float
    used: float = 0.0

    @property
    def turn(self) -> tuple[int, int, int]:
        tied, kind = bool(self.items), self.source["kind"]
        group = {"subsidy": 1, "financing": 3}.get(kind, 0 if tied else 2)
        return group, self.source["nth"], len(self.items) or 999

    def pays(self, line: Row, rebuilt: bool) -> bool:
        if self.source["kind"] == "subsidy" and (rebuilt or line["改造内容"] == "加装电梯"):
            return False
        return not self.items or line["改造内容"] in self.items or line["类别"] in self.items


@dataclass(frozen=True)
class Settled:
    """What a pass of money over a project's costs leaves: by payer what is used, and the gaps."""

    payers: dict[str, float]
    pots: list[Pot]
    gap: float
    financed: float


def sources() -> dict[str, Row]:
    """Sources of money by their Chinese name, with their place in the order of use."""
    rules = tomllib.loads((ROOT / "resources" / "programmes" / "national.toml").read_text("utf-8"))
    return {one["zh"]: {**one, "nth": nth} for nth, one in enumerate(rules["source"])}


def catalogue() -> dict[str, int]:
    works = tomllib.loads((ROOT / "resources" / "works" / "national.toml").read_text("utf-8"))
    return {one["zh"]: nth for nth, one in enumerate(works["item"])}


def pots_of(rows: list[Row], basis: str, open_subsidies: bool) -> Iterator[Pot]:
    """Money of one project by sheet 7; derived subsidies may be more where households are not all known."""
    known = sources()
    for row in rows:
        amount = yuan(row[basis])
        tied = str(row["限定用途"] or "")
        derived = str(row["说明"] or "").startswith("推算")
        unlimited = math.isnan(amount) or (derived and open_subsidies and basis.startswith("计划"))
        least = 0.0 if math.isnan(amount) else amount
        yield Pot(
            known[row["资金来源"]],
            frozenset(tied.split("、")) - {""},
            least,
            math.inf if unlimited else least,
        )


def settle(lines: list[Row], pots: list[Pot], *, rebuilt: bool, most: bool) -> Settled:
    """Pours money over costs: against the highest costs and sure amounts, or the least and the most."""
    place = catalogue()

    def rank(line: Row) -> tuple[int, int]:
        known = line["类别"] in CATEGORIES
        return (CATEGORIES.index(line["类别"]) if known else 9), place.get(line["改造内容"], 999)

    lines = sorted(lines, key=rank)
    low = [
        0.0 if math.isnan(yuan(line["投资下限(万元)"])) else yuan(line["投资下限(万元)"]) for line in lines
    ]
    high = [yuan(line["投资上限(万元)"]) for line in lines]
    rest = low if most else [a if math.isnan(b) else b for a, b in zip(low, high, strict=True)]
    rest, payers, gap = list(rest), dict.fromkeys(PAYERS, 0.0), sum(rest)
    pots = sorted(pots, key=lambda pot: pot.turn)
    for pot in pots:
        amount = pot.most if most else pot.least
        for nth, line in enumerate(lines):
            if pot.pays(line, rebuilt):
                part = min(amount - pot.used, rest[nth])
                rest[nth] -= part
                pot.used += part
        payers[pot.source["payer"]] += pot.used
        if pot.source["kind"] != "financing":
            gap = sum(rest)
    return Settled(payers, pots, gap, sum(rest))


def wan(cell: object) -> str:
    """An amount in print; a word where it is unknown."""
    return NO_DATA if math.isnan(told(cell)) else in_print(told(cell), 1)


def bounds(low: object, high: object) -> tuple[str, str]:
    """Least and most in print, each in a cell of its own."""
    return ("≥" if math.isnan(told(high)) and not math.isnan(told(low)) else "") + wan(low), wan(high)


def span(low: object, high: object) -> str:
    """Least and most in print, in one cell."""
    least, most = bounds(low, high)
    return least if most in (NO_DATA, least) else f"{least}–{most}"

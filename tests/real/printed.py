"""Numbers as they must stand in print, from exported figures, and where a reader finds them in a pack."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2
from recompute import Rule, cell, in_print

NO_DATA, UNKNOWN, NONE_ASKED, TO_CHECK = "无数据", "未知", "—", "待核"
NOT_ASKED_FOR = ("not_set", "below_trigger")


def figure(value: float, *, least: bool = False) -> str:
    """A number as people read it, with the sign of what is the least there can be; a word if unknown."""
    if math.isnan(value):
        return NO_DATA
    return ("≥" if least else "") + in_print(value, 1 if 0 < abs(value) < 0.5 else 0)


def needed(rule: Rule, row: pd.Series) -> tuple[str, str]:
    """Need and what is required of an area in print: the least wherever members are unknown."""
    key, state = rule["key"], row[f"{rule['key']}_state"]
    need, required = cell(row, f"{key}_need"), cell(row, f"{key}_required")
    most = cell(row, f"{key}_need_high")
    more = math.isnan(most) or most > (0.0 if math.isnan(need) else need) + 1e-6
    once = rule.get("pooled", True) and rule.get("level") == "area" and not rule.get("linked")
    beyond = more and (not once or math.isnan(most) or most > required)
    asked = state not in NOT_ASKED_FOR
    undecided = math.isnan(required) and not math.isnan(cell(row, f"{key}_deficit_high"))
    due = TO_CHECK if undecided else figure(required, least=beyond)
    return (
        NONE_ASKED if math.isnan(need) and not asked else figure(need, least=more),
        due if asked else NONE_ASKED,
    )


def lacking(key: str, row: pd.Series) -> str:
    """The deficit of an area in print: a number, a range, open above, or a word."""
    if row[f"{key}_state"] in NOT_ASKED_FOR:
        return NONE_ASKED
    low, high, one = (cell(row, f"{key}_deficit{end}") for end in ("_low", "_high", ""))
    if not math.isnan(one):
        return figure(one)
    if math.isnan(low) or (math.isnan(high) and low == 0):
        return UNKNOWN
    if math.isnan(high) or high == low:
        return f"≥{figure(low)}"
    return f"{figure(low)}–{figure(high)}"


def subsidies(row: pd.Series) -> tuple[str, str]:
    """Of city and district in 万元: the least there can be where households of members are unknown."""
    least = "≥" if row["households_known"] < row["neighbourhoods"] else ""
    city, district = (cell(row, f"{name}_subsidy") / 10_000 for name in ("city", "district"))
    return tuple(NO_DATA if math.isnan(n) else least + in_print(n, 1) for n in (city, district))  # type: ignore


def web(folder: Path) -> dict[str, Any]:
    """What the web map holds, by its page."""
    page = (folder / "map.html").read_text("utf-8")
    found = re.search(r'id="plan-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    plan: dict[str, Any] = json.loads(found[1])
    return plan


def pages(folder: Path) -> list[list[str]]:
    """The report's pages as lines of text, top down."""
    document = pypdfium2.PdfDocument(folder / "report.pdf")
    return [page.get_textpage().get_text_range().splitlines() for page in document]


def row_of(lines: list[str], area: int, names: Mapping[int, str]) -> str:
    """What stands behind number and name of an area in a table of areas, down to the row of the next one."""
    own = f"{area} {names[area]} "
    fronts = tuple(f"{other} {name} " for other, name in names.items() if other != area)
    row: list[str] = []
    for line in lines:
        if line.startswith(own):
            row = [line.removeprefix(own)]
        elif row and line.startswith(fronts):
            break
        elif row:
            row.append(line)
    return " ".join(row)


def sheet_of(every: list[list[str]], area: int) -> str:
    """The pages of one area as one text."""
    own = [page for page in every if page and page[0].startswith(f"片区 {area} ")]
    return " ".join(line for page in own for line in page)


def stands_in_row(text: str, title: str, cells: tuple[str, ...]) -> bool:
    """Whether the cells follow one another behind a title, which may be broken over lines."""
    spaced = r"\s*".join(re.escape(sign) for sign in title if not sign.isspace())
    row = r"\s+".join(re.escape(value) for value in cells)
    return re.search(rf"{spaced}(?:\s*\([^)]*\))?\s+{row}(?=\s)", text) is not None

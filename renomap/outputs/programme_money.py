"""Sheets of a programme's money: each source of each project, and one ledger that closes to the yuan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from renomap.model.programme_view import ProgrammeView
from renomap.outputs.numbers import AtLeast, Figures, Kind, known_sum, missing
from renomap.outputs.programme_texts import Row, column, cost_text, item_name, least, span, wan, word
from renomap.outputs.table import Table
from renomap.programme.cost import LEVELS
from renomap.wording.names import titled

#: Parts of the bar of a project, in their order.
PARTS: tuple[str, ...] = ("fiscal", "companies", "residents", "financing", "gap")
_Words = Mapping[str, str]


def funds(view: ProgrammeView, words: _Words) -> Table:
    """Sheet 7, 资金筹措表: a row per source of a project; planned, arranged, paid, used, left."""
    columns = (
        column(words, "key", Kind.YEAR, 7),
        column(words, "name", None, 26),
        column(words, "source", None, 22),
        column(words, "scope", None, 24, wrap=True),
        *(column(words, name, Kind.WAN, 12) for name in ("planned", "arranged", "paid", "used", "left")),
        column(words, "derived", None, 22, wrap=True),
    )
    names = view.projects["name"].to_dict()
    sources = {source.key: titled(source, words) for source in view.rules.sources}
    rows = []
    for row in view.money.to_dict("records"):
        scope = words["outputs.join"].join(_scope(key, view, words) for key in str(row["scope"]).split())
        key = int(row["key"])
        head = (max(key, 0) or "", names[key], sources.get(row["source"], row["source"]), scope)
        amounts = [wan(row[name]) for name in ("planned", "arranged", "paid", "used", "left")]
        rows.append((*head, *amounts, _derived(row, words)))
    return Table(words["outputs.sheet.programme-funds"], columns, tuple(rows))


def _scope(key: str, view: ProgrammeView, words: _Words) -> str:
    return words.get(f"outputs.category.{key}") or item_name(key, view.rules, words)


def _derived(row: Row, words: _Words) -> str:
    if not row["derived"]:
        return ""
    bound = words["outputs.programme.derived-least"] if row["source"] == "district" else ""
    return words["outputs.programme.derived"] + bound


def costs(view: ProgrammeView, words: _Words) -> Table:
    """Sheet 7a, 投资估算: a row per item of a project, with its category and layer."""
    columns = (
        column(words, "key", Kind.YEAR, 7),
        column(words, "name", None, 26),
        column(words, "item", None, 24),
        column(words, "category", None, 10),
        column(words, "layer", None, 10),
        column(words, "cost", Kind.WAN, 13),
        column(words, "cost-high", Kind.WAN, 13),
        column(words, "level", None, 8),
        column(words, "items", None, 9),
    )
    names, rows = view.projects["name"].to_dict(), []
    for row in view.costs.to_dict("records"):
        key, item = int(row["area"]), view.rules.item(str(row["item"]))
        low = row["low"] if row["known"] or row["low"] else None
        low = AtLeast(low) if low is not None and row["known"] < row["rows"] else low
        rows.append(
            (
                max(key, 0) or "",
                names[key],
                item_name(row["item"], view.rules, words),
                "" if item is None else words[f"outputs.category.{item.category}"],
                "" if item is None else words[f"outputs.programme.layer.{item.layer}"],
                wan(low),
                wan(row["high"]),
                word("level", LEVELS[int(row["level"])], words) or "",
                f"{row['known']}/{row['rows']}",
            )
        )
    return Table(words["outputs.sheet.programme-costs"], columns, tuple(rows))


def ledger(view: ProgrammeView, words: _Words) -> Table:
    """Sheet 7b, 一本账: a row per project and their sum; cost = used + gap with financing, to the yuan."""
    money = ("fiscal", "companies", "residents", "financing")
    columns = (
        column(words, "key", Kind.YEAR, 7),
        column(words, "name", None, 26),
        column(words, "cost", Kind.WAN, 13),
        column(words, "cost-high", Kind.WAN, 13),
        column(words, "level", None, 8),
        column(words, "items", None, 9),
        *(column(words, name, Kind.WAN, 12) for name in money),
        *(
            column(words, name, Kind.WAN, 13)
            for name in ("gap-low", "gap-high", "financed-low", "financed-high")
        ),
        *(column(words, name, Kind.WAN, 13) for name in ("arranged-low", "arranged-high")),
        column(words, "left", Kind.WAN, 11),
    )
    rows, stated = [], funded(view)
    for key, row in view.projects.to_dict("index").items():
        gaps = [
            (least(row[f"{name}_low"], row[f"{name}_high"]), row[f"{name}_high"])
            for name in ("gap", "financed", "arranged_gap")
        ]
        paid = [row[name] if int(str(key)) in stated else None for name in (*money, "left")]
        rows.append(
            (
                max(int(str(key)), 0) or "",
                row["name"],
                wan(least(row["cost_low"], row["cost_high"])),
                wan(row["cost_high"]),
                word("level", row["cost_level"], words) or "",
                f"{row['cost_known']}/{row['cost_items']}" if row["cost_items"] else "",
                *(wan(one) for one in paid[:-1]),
                *(wan(one) for pair in gaps for one in pair),
                wan(paid[-1]),
            )
        )
    return Table(words["outputs.sheet.programme-ledger"], columns, tuple(rows))


def funded(view: ProgrammeView) -> frozenset[int]:
    """Keys of the projects for which any money is stated: of the others who pays is unknown, not nothing."""
    return frozenset(int(key) for key in view.money["key"])


def ledger_total(table: Table, words: _Words) -> tuple[Any, ...]:
    """The sums below the ledger: what is known, the least there can be where some are not.

    The most that all come to is unknown where that of one is.
    """
    cells: list[Any] = ["", words["outputs.total"], None, None, "", ""]
    for nth, each in enumerate(table.columns):
        if each.kind is not Kind.WAN:
            continue
        values = [row[nth] for row in table.rows]
        total = known_sum(values)
        partly = any(missing(value) or isinstance(value, AtLeast) for value in values)
        if each.key.endswith("-high") and partly:
            total = None
        told = AtLeast(total) if partly and total is not None else total
        if nth < len(cells):
            cells[nth] = told
        else:
            cells.append(told)
    return tuple(cells)


def bars(view: ProgrammeView, figures: Figures) -> list[dict[str, Any]]:
    """A bar for each project of known cost: 财政 | 专营等 | 居民 | 融资 | 缺口, with its texts.

    Projects of unknown cost come without parts. The gap of a bar is the most it can be.
    """
    found = []
    for key, row in view.projects.to_dict("index").items():
        if not row["cost_items"] and missing(row["cost_low"]):
            continue
        made: dict[str, Any] = {"id": max(int(str(key)), 0), "name": row["name"], "parts": []}
        made["cost"] = cost_text(row, figures)
        made["gap"] = span(row["gap_low"], row["gap_high"], figures)
        made["financed"] = span(row["financed_low"], row["financed_high"], figures)
        if not missing(row["financed_high"]) and row["cost_high"] > 0:
            made["parts"] = _parts(pd.Series(row), row["cost_high"], figures)
        found.append(made)
    return found


def _parts(row: pd.Series[Any], whole: float, figures: Figures) -> list[dict[str, Any]]:
    amounts = {name: row[name] for name in PARTS[:-1]} | {"gap": row["financed_high"]}
    return [
        {"kind": name, "share": float(amount) / whole, "text": figures.wan(amount)}
        for name, amount in amounts.items()
        if amount > 0
    ]


def town_bar(view: ProgrammeView, figures: Figures) -> list[dict[str, Any]]:
    """The parts of all projects of known cost together."""
    rows = view.projects[view.projects["financed_high"].notna()]
    whole = float(rows["cost_high"].sum())
    return _parts(rows[[*PARTS[:-1], "financed_high"]].sum(), whole, figures) if whole > 0 else []

"""The links and cuts that the planner set by hand, each with the reason, for sheet, page and web map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renomap.model.plan import Plan
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import missing
from renomap.outputs.table import Table, column


def manual_links(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 2b: a row per pair of the active scheme, in the order they were set; no rows without pairs."""
    columns = (
        column(words, "link-action", None, 12),
        column(words, "link-one", None, 28),
        column(words, "link-two", None, 28),
        column(words, "link-areas", None, 30),
        column(words, "link-reason", None, 60, wrap=True),
        column(words, "link-by", None, 14),
        column(words, "link-at", None, 12),
    )
    pairs = [] if plan.scheme is None else plan.scheme.overrides.to_dict("records")
    rows = tuple(
        (
            words[f"outputs.link.{pair['action']}"],
            _name(plan, int(pair["a"]), words),
            _name(plan, int(pair["b"]), words),
            words["outputs.join"].join(_areas(plan, (int(pair["a"]), int(pair["b"])))),
            str(pair["reason"]),
            *(recorded(pair.get(key), words) for key in ("by", "at")),
        )
        for pair in pairs
    )
    return Table(words["outputs.sheet.manual-links"], columns, rows)


def recorded(value: Any, words: Mapping[str, str]) -> str:
    """Who set a pair, or when; what earlier versions did not keep is told as not recorded."""
    return words["outputs.link.unrecorded"] if missing(value) or value == "" else str(value)


def _name(plan: Plan, fid: int, words: Mapping[str, str]) -> str:
    names = plan.neighbourhoods["name"]
    return neighbourhood_name(fid, names.get(fid), words)


def _areas(plan: Plan, fids: tuple[int, ...]) -> list[str]:
    """Names of the areas that the pair is in, each once; empty where both are in none."""
    of: Any = plan.neighbourhoods["area_id"]
    areas = dict.fromkeys(of.get(fid) for fid in fids)
    return [str(plan.areas["name"][area]) for area in areas if not missing(area) and area in plan.areas.index]

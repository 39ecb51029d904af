"""The links and cuts that the planner set by hand, each with the reason, for sheet, page and web map."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from renomap.model.plan import Plan
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.numbers import missing
from renomap.outputs.table import Table, column, made


def manual_links(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 2b: a row per pair of the active scheme, in the order they were set; no rows without pairs."""
    col = partial(column, words)
    columns = (
        col("link-action", None, 12, lambda pair: words[f"outputs.link.{pair['action']}"]),
        col("link-one", None, 28, lambda pair: _name(plan, int(pair["a"]), words)),
        col("link-two", None, 28, lambda pair: _name(plan, int(pair["b"]), words)),
        col("link-areas", None, 30, lambda pair: words["outputs.join"].join(_areas(plan, pair))),
        col("link-reason", None, 60, lambda pair: str(pair["reason"]), wrap=True),
        col("link-by", None, 14, lambda pair: recorded(pair.get("by"), words)),
        col("link-at", None, 12, lambda pair: recorded(pair.get("at"), words)),
    )
    pairs = [] if plan.scheme is None else plan.scheme.overrides.to_dict("records")
    return made(words["outputs.sheet.manual-links"], columns, ((pair,) for pair in pairs))


def recorded(value: Any, words: Mapping[str, str]) -> str:
    """Who set a pair, or when; what earlier versions did not keep is told as not recorded."""
    return words["outputs.link.unrecorded"] if missing(value) or value == "" else str(value)


def _name(plan: Plan, fid: int, words: Mapping[str, str]) -> str:
    names = plan.neighbourhoods["name"]
    return neighbourhood_name(fid, names.get(fid), words)


def _areas(plan: Plan, pair: Mapping[Any, Any]) -> list[str]:
    """Names of the areas that the pair is in, each once; empty where both are in none."""
    of: Any = plan.neighbourhoods["area_id"]
    areas = dict.fromkeys(of.get(int(pair[end])) for end in ("a", "b"))
    return [str(plan.areas["name"][area]) for area in areas if not missing(area) and area in plan.areas.index]

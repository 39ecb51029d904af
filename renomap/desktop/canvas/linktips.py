"""Why two neighbourhoods count as neighbours, or not: what the tag says of the link under the pointer."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
import shapely

from renomap.cartography.linkage import cut_lines, link_lines
from renomap.desktop.look import FAINT
from renomap.model.links import KINDS
from renomap.model.plan import Plan
from renomap.outputs.findings import neighbourhood_name
from renomap.outputs.link_table import recorded
from renomap.outputs.numbers import Figures, Kind
from renomap.session.speech import Speech

#: How near the pointer must be to a line, pixels.
REACH_PX = 5.0


@dataclass(frozen=True)
class Pair:
    """A link or a cut of two neighbourhoods; ``link`` is its row in the plan's links, None for a cut."""

    a: int
    b: int
    link: int | None
    line: shapely.LineString


class LinkIndex:
    """Links and cuts of a plan by place."""

    def __init__(self, plan: Plan | None) -> None:
        self._plan = plan

    def at(self, x: float, y: float, reach: float) -> Pair | None:
        """The nearest link or cut within ``reach`` metres of a point."""
        if self._plan is None:
            return None
        found = self._tree.query_nearest(shapely.Point(x, y), max_distance=reach, all_matches=False)
        return self._pairs[int(found[0])] if len(found) else None

    @cached_property
    def _pairs(self) -> list[Pair]:
        assert self._plan is not None
        links, frame = self._plan.links, self._plan.neighbourhoods
        lines = link_lines(links, frame).to_numpy()
        fids = links.fids
        pairs = [Pair(int(fids[links.a[k]]), int(fids[links.b[k]]), k, lines[k]) for k in range(len(links))]
        if self._plan.scheme is not None:
            table = self._plan.scheme.overrides
            cut = cut_lines(table, frame)
            ends = table.loc[cut.index, ["a", "b"]].to_numpy()
            pairs += [Pair(int(a), int(b), None, line) for (a, b), line in zip(ends, cut, strict=True)]
        return pairs

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(np.array([pair.line for pair in self._pairs], dtype=object))


def link_text(plan: Plan, pair: Pair, say: Speech) -> str:
    """The pair, what joins or parts it, and the figures behind it, as rich text."""
    figures, links = Figures(say.words), plan.links
    called = plan.neighbourhoods["name"]
    names = [neighbourhood_name(fid, called.at[fid], say.words) for fid in (pair.a, pair.b)]
    kind = "cuts" if pair.link is None else KINDS[links.kind[pair.link]]
    lines = [f"<b>{escape(' — '.join(names))}</b>", escape(say(f"maps.link.{kind}"))]
    if pair.link is not None and kind != "user":
        k = pair.link
        facts = [
            say("window.link.frontage", metres=figures.number(links.frontage_m[k], Kind.METRE)),
            say("window.link.gap", metres=figures.number(links.gap_m[k], Kind.METRE)),
        ]
        if links.via[k]:
            facts.append(say("window.link.via", name=links.via[k]))
        lines.append(f"<span style='color:{FAINT}'>{escape(say('outputs.join').join(facts))}</span>")
    if override := _override(plan, pair):
        lines.append(escape(say("window.link.reason", reason=str(override["reason"]))))
        by, at = (recorded(override.get(key), say.words) for key in ("by", "at"))
        lines.append(f"<span style='color:{FAINT}'>{escape(say('window.link.set', by=by, at=at))}</span>")
    return "<br>".join(lines)


def _override(plan: Plan, pair: Pair) -> Mapping[Hashable, Any]:
    """The row of a pair that was set by hand; empty where the ground decides."""
    if plan.scheme is None:
        return {}
    table = plan.scheme.overrides
    rows = table[(table["a"] == min(pair.a, pair.b)) & (table["b"] == max(pair.a, pair.b))]
    return rows.iloc[-1].to_dict() if len(rows) else {}

"""Idle rooms for what lacks, in words: one value for command, window, report and workbook."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renomap.model.plan import Plan
from renomap.model.rounding import written
from renomap.model.standard import Facility
from renomap.model.words import sentence
from renomap.outputs.numbers import Figures, Kind
from renomap.outputs.table import Table, column, made
from renomap.programme.idle_sites import decisions, siting_of
from renomap.programme.siting import Pairing, Siting
from renomap.wording.names import facility_name, unit_name

#: What was decided or is proposed of a pair, in the order in which it is listed.
STANDINGS = ("accepted", "proposed", "left", "refused")


@dataclass(frozen=True)
class SiteLine:
    """A room for what an area lacks, as it is listed.

    ``standing``: one of ``STANDINGS`` (left: another choice is better, or it cannot be counted);
    ``lacking``: number and unit, ``0–130 m²`` where it is not known; ``told``: who decided when and why.
    """

    pair: Pairing
    standing: str
    site: str
    area: str
    facility: str
    lacking: str
    verdict: str
    standing_text: str
    told: str = ""


def siting_lines(plan: Plan, words: Mapping[str, str]) -> tuple[SiteLine, ...]:
    """Every pair within reach: accepted, proposed, the others, refused; each by area, facility, distance.

    Empty where the survey has no idle rooms or nothing is within reach.
    """
    found = siting_of(plan)
    known = decisions(plan, found.pairs)
    lines = [_line(plan, found, n, known.get(n, {}), words) for n in range(len(found.pairs))]
    order = {facility.key: n for n, facility in enumerate(plan.standard.facilities)}

    def place(line: SiteLine) -> tuple[Any, ...]:
        lack = line.pair.lack
        return STANDINGS.index(line.standing), lack.area, order[lack.facility], line.pair.distance_m

    return tuple(sorted(lines, key=place))


def siting_table(plan: Plan, words: Mapping[str, str], *, is_brief: bool = False) -> Table:
    """Sheet 5b, 存量资源利用建议: a row per room and lack within reach of each other.

    ``is_brief``: for papers, without the rooms that would do as well but are needed elsewhere.
    """
    lines = [
        line
        for line in siting_lines(plan, words)
        if not is_brief or line.standing != "left" or not line.pair.counted
    ]

    def col(name: str, kind: Kind | None, width: float, value: Any, *, wrap: bool = False) -> Any:
        return column(words, name, kind, width, value, wrap=wrap)

    columns = (
        col("siting-standing", None, 10, lambda line: line.standing_text),
        col("siting-site", None, 26, lambda line: line.site),
        col("site-m2", Kind.M2, 12, lambda line: line.pair.site.m2),
        col("siting-area", None, 24, lambda line: line.area),
        col("siting-facility", None, 22, lambda line: line.facility),
        col("siting-lacking", None, 16, lambda line: line.lacking),
        col(_distance(plan), Kind.METRE, 14, lambda line: line.pair.distance_m),
        col("siting-verdict", None, 16, lambda line: line.verdict),
        col("siting-told", None, 34, lambda line: line.told, wrap=True),
    )
    return made(words["outputs.sheet.siting"], columns, ((line,) for line in lines))


def _distance(plan: Plan) -> str:
    return "siting-distance" if plan.walks is None else "siting-walk"


def way_word(plan: Plan, words: Mapping[str, str]) -> str:
    """How the distances of a plan are measured: in a straight line, or walking."""
    return words["outputs.reach.straight" if plan.walks is None else "outputs.reach.walking"]


def siting_note(plan: Plan, words: Mapping[str, str]) -> str:
    """What the distances of rooms are, and that rooms change no deficit."""
    return words["outputs.siting.straight" if plan.walks is None else "outputs.siting.walking"]


def basis_of(plan: Plan, pair: Pairing, words: Mapping[str, str]) -> str:
    """What a work that puts a room to use rests on; its distance is told as what it is."""
    params = {
        "name": pair.site.name or pair.site.number,
        "owner": owner_of(plan, pair) or words["outputs.no-data"],
        "way": way_word(plan, words),
        "metres": Figures(words).number(pair.distance_m, Kind.METRE),
    }
    return sentence(words, "outputs.siting.basis", params)


def owner_of(plan: Plan, pair: Pairing) -> str | None:
    """Who owns the room of a pair; None unknown."""
    layer = plan.project.layer(pair.site.layer)
    told = None if layer is None else layer.frame.get("owner", {}).get(pair.site.number)
    return told if isinstance(told, str) and told else None


def _line(plan: Plan, found: Siting, n: int, row: Mapping[str, Any], words: Mapping[str, str]) -> SiteLine:
    pair = found.pairs[n]
    facility = plan.standard.facility(pair.lack.facility)
    assert facility is not None
    standing = str(row.get("decision") or ("proposed" if n in found.proposed else "left"))
    return SiteLine(
        pair=pair,
        standing=standing,
        site=pair.site.name or str(pair.site.number),
        area=str(plan.areas["name"].get(pair.lack.area) or pair.lack.area),
        facility=facility_name(facility, words),
        lacking=_lacking(pair, facility, words),
        verdict=words[f"outputs.siting.verdict.{pair.verdict}"],
        standing_text=words[f"outputs.siting.{standing if pair.counted or standing != 'left' else 'listed'}"],
        told=_told(row, words),
    )


def _lacking(pair: Pairing, facility: Facility, words: Mapping[str, str]) -> str:
    low, high = written(pair.lack.low), written(pair.lack.high) if math.isfinite(pair.lack.high) else ""
    amount = low if low == high else f"{low}–{high}" if high else f"≥{low}"
    return sentence(words, "outputs.siting.lacking", {"amount": amount, "unit": unit_name(facility, words)})


def _told(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    if not row:
        return ""
    who = [str(row[name]) for name in ("at", "by") if row[name]]
    params = {"who": words["outputs.join"].join(who), "reason": row["reason"]}
    return sentence(words, "outputs.siting.told" if row["reason"] else "outputs.siting.told-bare", params)

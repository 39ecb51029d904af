"""The tables of a plan, each defined once for sheets and pages: areas, neighbourhoods, deficits, outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from renomap.deficits.rules import PoolingWay, is_set, pooling
from renomap.deficits.whole import whole_amount
from renomap.model.households import LOWER_BOUND
from renomap.model.members import members_of
from renomap.model.plan import NEIGHBOURHOOD_FACILITY_SUFFIXES, Plan
from renomap.model.preset import Eligibility
from renomap.model.words import sentence
from renomap.outputs.consent_text import (
    consent_head,
    consent_members,
    consent_verdict,
    of_asked,
    share_of_all,
)
from renomap.outputs.findings import (
    NOT_ASKED,
    FacilityLine,
    Row,
    area_row,
    basis_text,
    data_status,
    facility_lines,
    left_out,
    neighbourhood_name,
    not_fitting,
    reason_text,
    remedy_text,
    size_text,
    size_word,
)
from renomap.outputs.numbers import YUAN_PER_WAN, AtLeast, Figures, Kind, at_least, known_sum, missing
from renomap.outputs.table import Column, Table, column, made
from renomap.wording.deficits import state_text
from renomap.wording.names import facility_name, name_and_unit, unit_name
from renomap.wording.statuses import subsidies_status

M2_PER_WAN = 10_000.0
#: Sums of an area that its remark calls partly known; for households table 1 has a column.
PARTLY: tuple[str, ...] = ("year", "population", "buildings", "floor_area_m2", "consent_asked")
#: Columns of table 1 that are summed below it.
SUMMED: tuple[str, ...] = (
    "neighbourhoods",
    "buildings",
    "households",
    "population",
    "area-ha",
    "members-ha",
    "floor-area",
    "city-subsidy",
    "district-subsidy",
    "consent-asked",
    "consent-yes",
)


def areas(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 1: a row per area."""
    figures, join = Figures(words), words["outputs.join"].join
    verdict = consent_head(plan, words, of_areas=True)
    col = partial(column, words)
    columns = (
        col("area-id", Kind.YEAR, 7, lambda i, a: i),
        col("area", None, 24, lambda i, a: a["name"]),
        col("street", None, 18, lambda i, a: a.get("street")),
        col("neighbourhoods", Kind.COUNT, 9, lambda i, a: a["neighbourhoods"]),
        col("buildings", Kind.COUNT, 9, lambda i, a: _known_of(a, "buildings")),
        col("households", Kind.COUNT, 10, lambda i, a: _known_of(a, "households")),
        col(
            "households-known", None, 12, lambda i, a: figures.of(a["households_known"], a["neighbourhoods"])
        ),
        col("population", Kind.COUNT, 10, lambda i, a: _known_of(a, "population")),
        col("area-ha", Kind.HA, 11, lambda i, a: a["area_ha"]),
        col("members-ha", Kind.HA, 11, lambda i, a: a["members_ha"]),
        col("enclosed", Kind.COUNT, 9, lambda i, a: a.get("enclosed")),
        col("floor-area", Kind.WAN_M2, 13, lambda i, a: _known_of(a, "floor_area_m2", M2_PER_WAN)),
        col("years", None, 12, lambda i, a: figures.years(a.get("year_min"), a.get("year_max"))),
        col("city-subsidy", Kind.WAN, 12, lambda i, a: _subsidy(a, "city_subsidy")),
        col("district-subsidy", Kind.WAN, 12, lambda i, a: _subsidy(a, "district_subsidy")),
        col("subsidy-status", None, 14, lambda i, a: join(subsidies_status(plan, words, i))),
        col("consent-asked", Kind.COUNT, 10, lambda i, a: _known_of(a, "consent_asked")),
        col("consent-yes", Kind.COUNT, 10, lambda i, a: _known_of(a, "consent_yes", of="consent_asked")),
        col("consent-asked-share", Kind.PERCENT, 9, lambda i, a: share_of_all(a, "consent_asked")),
        col("consent-yes-share", Kind.PERCENT, 9, lambda i, a: share_of_all(a, "consent_yes")),
        col("consent-of-asked", Kind.PERCENT, 9, lambda i, a: of_asked(a)),
        Column("verdict", verdict, None, 11, value=lambda i, a: consent_verdict(a, figures)),
        col("remark", None, 40, lambda i, a: _area_remarks(plan, i, a, figures), wrap=True),
    )
    items = ((area, area_row(plan, area)) for area in map(int, map(str, plan.areas.index)))
    return made(words["outputs.sheet.areas"], columns, items)


def totals(plan: Plan, table: Table, figures: Figures) -> tuple[Any, ...]:
    """The row below table 1: its title, sums of what is known (None if nothing is) and how much is known."""
    counts = plan.areas[[name for name in plan.areas if str(name).endswith("_known")]].sum()
    counts["neighbourhoods"] = plan.areas["neighbourhoods"].sum()
    said = {
        "area": figures.words["outputs.total"],
        "households-known": figures.of(counts["households_known"], counts["neighbourhoods"]),
        "remark": partly_known(counts, figures),
        "subsidy-status": figures.words["outputs.join"].join(subsidies_status(plan, figures.words)),
    }

    def total(c: int, key: str) -> Any:
        if key not in SUMMED:
            return said.get(key, "")
        cells = [row[c] for row in table.rows]
        value = known_sum(cells)
        if value is None or not any(isinstance(cell, AtLeast) for cell in cells):
            return value
        return AtLeast(value)

    return tuple(total(c, column.key) for c, column in enumerate(table.columns))


def _per(row: Row, name: str, divisor: float) -> float | None:
    value: Any = row.get(name)
    return None if missing(value) else float(value) / divisor


def _subsidy(row: Row, name: str) -> Any:
    """Of the households that are known: the least it can be where there are more."""
    return _known_of(row, name, YUAN_PER_WAN, of="households")


def _known_of(row: Row, name: str, divisor: float = 1.0, *, of: str = "") -> Any:
    """A sum over the members, as the least it can be where ``of`` (the column itself) is unknown of some."""
    members: Any = row["neighbourhoods"]
    return at_least(_per(row, name, divisor), row.get(f"{of or name}_known", members), members)


def _area_remarks(plan: Plan, area: int, row: Row, figures: Figures) -> str:
    parts = (
        area_remark(row, figures),
        pending_members(plan, area, figures),
        partly_known(row, figures),
        consent_members(plan, area, figures),
    )
    return figures.words["outputs.semicolon"].join(part for part in parts if part)


def _households(row: Row) -> Any:
    """The households of a neighbourhood; at least so many where some of its buildings are not counted."""
    value: Any = row.get("households")
    least = not missing(value) and row.get("households_flag") == LOWER_BOUND
    return AtLeast(value) if least else value


def pending_members(plan: Plan, area: int, figures: Figures) -> str:
    """The members whose eligibility is still to be checked, with their households; empty for none."""
    people, words = members_of(plan, area), figures.words
    pending = people[people["eligibility"] == Eligibility.PENDING]
    if pending.empty:
        return ""
    if len(pending) > 1 and len(pending) == int((people["area_id"] == area).sum()):
        every = sentence(words, "outputs.every-member", {"count": len(pending)})
        return sentence(words, "outputs.pending-members", {"names": every})
    named = []
    for fid, row in pending.iterrows():
        name, households = neighbourhood_name(int(str(fid)), row["name"], words), _households(row)
        told = {"name": name, "households": figures.number(households)}
        named.append(name if missing(households) else sentence(words, "outputs.pending-member", told))
    return sentence(words, "outputs.pending-members", {"names": words["outputs.join"].join(named)})


def partly_known(row: Row, figures: Figures) -> str:
    """Which sums leave out members of whom nothing is known; empty if none does."""
    words = figures.words

    def count(name: str) -> int:
        value: Any = row.get(name)
        return 0 if missing(value) else int(value)

    of_all = count("neighbourhoods")
    parts = [
        f"{words[f'field.{name}']} {figures.of(known, of_all)}"
        for name in PARTLY
        if 0 < (known := count(f"{name}_known")) < of_all
    ]
    if not parts:
        return ""
    return sentence(words, "outputs.partly", {"parts": words["outputs.join"].join(parts)})


def area_remark(row: Row, figures: Figures) -> str:
    """The flag of its size with the reason, estimated households, outline in parts, the user's note."""
    words = figures.words
    parts = []
    if size := size_text(row, words):
        parts.append(size)
    if row.get("households_flag") == "estimated":
        parts.append(words["outputs.households-estimated"])
    if not missing(row.get("parts")) and int(row["parts"]) > 1:
        parts.append(sentence(words, "outputs.report.parts", {"parts": figures.number(row["parts"])}))
    if not missing(row.get("note")):
        parts.append(str(row["note"]))
    return words["outputs.semicolon"].join(part.rstrip("。.") for part in parts)


def neighbourhoods(plan: Plan, words: Mapping[str, str], rows: pd.DataFrame | None = None) -> Table:
    """Table 2: a row per neighbourhood, of all or of those given (rows of the plan's frame)."""
    figures, surfaces = Figures(words), plan.neighbourhoods.geometry.area
    col = partial(column, words)
    columns = (
        col("fid", Kind.YEAR, 7, lambda i, n: i),
        col("neighbourhood", None, 28, lambda i, n: neighbourhood_name(i, n.get("name"), words)),
        col("code", None, 14, lambda i, n: n.get("code")),
        col("street", None, 16, lambda i, n: n.get("street")),
        col("community", None, 16, lambda i, n: n.get("community")),
        col("area-id", Kind.YEAR, 7, lambda i, n: int(n["area_id"]) or ""),
        col("area", None, 22, lambda i, n: plan.areas["name"].get(n["area_id"], "")),
        col("fate", None, 12, lambda i, n: figures.coded("outputs.fate", n["fate"])),
        col("years", None, 12, lambda i, n: figures.years(n.get("year_min"), n.get("year_max"))),
        col("buildings", Kind.COUNT, 9, lambda i, n: n.get("buildings")),
        col("stairwells", Kind.COUNT, 9, lambda i, n: n.get("stairwells")),
        col("households", Kind.COUNT, 9, lambda i, n: _households(n)),
        col("population", Kind.COUNT, 9, lambda i, n: n.get("population")),
        col("floors", Kind.COUNT, 8, lambda i, n: n.get("floors")),
        col("land", Kind.M2, 12, lambda i, n: surfaces[i]),
        col("floor-area-m2", Kind.M2, 12, lambda i, n: n.get("floor_area_m2")),
        col("elderly", Kind.COUNT, 9, lambda i, n: n.get("elderly")),
        col("parking", Kind.COUNT, 9, lambda i, n: n.get("parking_spaces")),
        col("elevators", Kind.COUNT, 9, lambda i, n: n.get("elevators")),
        col("property", None, 9, lambda i, n: words.get(f"outputs.{n.get('property_mgmt')}")),
        col("consent-asked", Kind.COUNT, 9, lambda i, n: n.get("consent_asked")),
        col("consent-yes", Kind.COUNT, 9, lambda i, n: n.get("consent_yes")),
        col("consent-asked-share", Kind.PERCENT, 9, lambda i, n: n.get("consent_asked_share")),
        col("consent-yes-share", Kind.PERCENT, 9, lambda i, n: n.get("consent_yes_share")),
        col("consent-of-asked", Kind.PERCENT, 9, lambda i, n: of_asked(n)),
        Column(
            "verdict",
            consent_head(plan, words, of_areas=False),
            None,
            11,
            value=lambda i, n: consent_verdict(n, figures),
        ),
        col("status", None, 22, lambda i, n: data_status(n, figures)),
    )
    frame = plan.neighbourhoods if rows is None else rows
    items = ((int(str(fid)), row) for fid, row in frame.iterrows())
    return made(words["outputs.sheet.neighbourhoods"], columns, items)


def deficits(plan: Plan, words: Mapping[str, str], only: int | None = None) -> Table:
    """Table 3: a row per area (or of the one given) and facility, in the plan's and the standard's order."""
    figures = Figures(words)
    col = partial(column, words)
    columns = (
        col("area-id", Kind.YEAR, 7, lambda i, it: i),
        col("area", None, 22, lambda i, it: plan.areas["name"][i]),
        col("facility", None, 26, lambda i, it: facility_name(it.facility, words)),
        col("category", None, 8, lambda i, it: figures.coded("outputs.category", it.facility.category)),
        col("unit", None, 9, lambda i, it: unit_name(it.facility, words)),
        col("need", Kind.COUNT, 10, lambda i, it: _asked(it, it.need)),
        col("required", Kind.COUNT, 10, lambda i, it: _asked(it, it.required)),
        col("sites-low", Kind.COUNT, 7, lambda i, it: _of_places(it, it.sites_low)),
        col("sites-high", Kind.COUNT, 7, lambda i, it: _of_places(it, it.sites_high)),
        col("out-of-reach", Kind.COUNT, 11, lambda i, it: _of_places(it, it.out_of_reach)),
        col("supply-shared", Kind.COUNT, 11, lambda i, it: it.supply),
        col("known", None, 10, lambda i, it: figures.of(it.known, it.members)),
        col("separate", Kind.COUNT, 11, lambda i, it: _asked(it, it.deficit_separate)),
        col("deficit-pooled", Kind.COUNT, 11, lambda i, it: _asked(it, it.deficit)),
        col("deficit-low", Kind.COUNT, 10, lambda i, it: _asked(it, it.deficit_low)),
        col("deficit-high", Kind.COUNT, 10, lambda i, it: _asked(it, it.deficit_high)),
        col("served-alone", Kind.COUNT, 12, lambda i, it: _asked(it, it.served_alone)),
        col("newly-low", Kind.COUNT, 12, lambda i, it: _of_pooling(it, it.newly_low)),
        col("newly-high", Kind.COUNT, 12, lambda i, it: _of_pooling(it, it.newly_high)),
        col("state", None, 14, lambda i, it: state_text(it.state, it.facility, words)),
        col("remedy", None, 18, lambda i, it: remedy_text(plan, i, it.facility, words)),
        col("basis", None, 60, lambda i, it: basis_text(it.facility, plan.standard, words), wrap=True),
        col("verified", None, 14, lambda i, it: figures.coded("status", it.facility.status)),
    )
    ids = (int(str(area)) for area in plan.areas.index)
    items = ((area, line) for area in ids if only in (None, area) for line in facility_lines(plan, area))
    return made(words["outputs.sheet.deficits"], columns, items)


def _of_places(line: FacilityLine, value: float | None) -> float | str | None:
    """The value, or a dash where no radius limits whom a place serves."""
    return _of_pooling(line, value) if line.facility.radius_m else NOT_ASKED


def _of_pooling(line: FacilityLine, value: float | None) -> float | str | None:
    """The value, or a dash for what does not pool over the area, where a place is no question."""
    return _asked(line, value) if pooling(line.facility) is PoolingWay.AREA else NOT_ASKED


def _asked(line: FacilityLine, value: float | None) -> float | str | None:
    """The value, or a dash where the standard asks for nothing here and so nothing is missing."""
    return NOT_ASKED if value is None and not line.asked else value


def own_deficits(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 3b: a row per neighbourhood with need, supply and deficit of every facility."""
    col = partial(column, words)
    columns = [
        col("fid", Kind.YEAR, 7, lambda i, n: i),
        col("neighbourhood", None, 28, lambda i, n: neighbourhood_name(i, n["name"], words)),
        col("area-id", Kind.YEAR, 7, lambda i, n: n["area_id"] or ""),
    ]
    for facility in plan.standard.facilities:
        for suffix in NEIGHBOURHOOD_FACILITY_SUFFIXES:
            title = f"{name_and_unit(facility, words)} {words[f'outputs.col.{suffix}']}"
            key = f"{facility.key}_{suffix}"
            unset = suffix in ("need", "deficit") and not is_set(facility)
            whole = facility.unit if suffix != "supply" else ""
            value = _constant(words["state.not_set"]) if unset else _cell(key, whole)
            columns.append(Column(key, title, Kind.COUNT, 13, value=value))
    frame = plan.neighbourhoods
    records = frame.drop(columns=frame.geometry.name).to_dict("records")
    return made(words["outputs.sheet.own-deficits"], columns, zip(frame.index.tolist(), records, strict=True))


def _cell(key: str, unit: str) -> Callable[..., Any]:
    return lambda fid, row: whole_amount(unit, row.get(key))


def _constant(text: str) -> Callable[..., Any]:
    return lambda fid, row: text


def outside(plan: Plan, words: Mapping[str, str]) -> Table:
    """Who is in no area and which areas are too small or too large, each with the reason."""
    figures = Figures(words)
    col = partial(column, words)
    columns = (
        col("kind", None, 14, lambda it: it.kind),
        col("fid", Kind.YEAR, 8, lambda it: it.number),
        col("neighbourhood", None, 28, lambda it: it.name),
        col("street", None, 18, lambda it: it.row.get("street")),
        col("community", None, 18, lambda it: it.row.get("community")),
        col("years", None, 12, lambda it: figures.years(it.row.get("year_min"), it.row.get("year_max"))),
        col("households", Kind.COUNT, 10, lambda it: it.households),
        col("status", None, 22, lambda it: it.status),
        col("reason", None, 60, lambda it: reason_text(it.row, words).rstrip("。."), wrap=True),
    )
    items = [
        _Outside(
            figures.coded("outputs.fate", row["fate"]),
            fid,
            neighbourhood_name(fid, row.get("name"), words),
            _households(row),
            data_status(row, figures),
            row,
        )
        for fid, row in left_out(plan).iterrows()
    ]
    items += [
        _Outside(size_word(row, words), area, row["name"], row["households"], _area_status(row, figures), row)
        for area, row in not_fitting(plan).iterrows()
    ]
    return made(words["outputs.sheet.left-out"], columns, ((item,) for item in items))


@dataclass(frozen=True)
class _Outside:
    """A neighbourhood in no area, or an area that does not fit."""

    kind: str
    number: Any
    name: str
    households: Any
    status: str
    row: Row


def _area_status(row: Row, figures: Figures) -> str:
    """How an area's households are known; unknown where there is no number, whatever its members say."""
    flag = "unknown" if missing(row["households"]) else row.get("households_flag")
    return figures.coded("outputs.flag", flag)

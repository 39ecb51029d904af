"""The tables of a plan, each defined once for sheets and pages: areas, neighbourhoods, deficits, outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from renomap.deficits.rules import Pooling, is_set, pooling
from renomap.model.households import LOWER_BOUND
from renomap.model.plan import NEIGHBOURHOOD_FACILITY_SUFFIXES, Plan
from renomap.model.preset import Eligibility
from renomap.model.words import sentence
from renomap.outputs.consent_text import consent_head, consent_members, consent_verdict, of_asked
from renomap.outputs.findings import (
    NOT_ASKED,
    FacilityLine,
    Row,
    basis_text,
    data_status,
    facility_lines,
    facility_name,
    left_out,
    name_and_unit,
    neighbourhood_name,
    not_fitting,
    reason_text,
    remedy_text,
    size_text,
    size_word,
    unit_name,
)
from renomap.outputs.numbers import YUAN_PER_WAN, AtLeast, Figures, Kind, at_least, known_sum, missing
from renomap.outputs.table import Column, Table, column
from renomap.wording.deficits import state_text
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
    figures = Figures(words)
    columns = [
        column(words, "area-id", Kind.YEAR, 7),
        column(words, "area", None, 24),
        column(words, "street", None, 18),
        column(words, "neighbourhoods", Kind.COUNT, 9),
        column(words, "buildings", Kind.COUNT, 9),
        column(words, "households", Kind.COUNT, 10),
        column(words, "households-known", None, 12),
        column(words, "population", Kind.COUNT, 10),
        column(words, "area-ha", Kind.HA, 11),
        column(words, "members-ha", Kind.HA, 11),
        column(words, "floor-area", Kind.WAN_M2, 13),
        column(words, "years", None, 12),
        column(words, "city-subsidy", Kind.WAN, 12),
        column(words, "district-subsidy", Kind.WAN, 12),
        column(words, "subsidy-status", None, 14),
        column(words, "consent-asked", Kind.COUNT, 10),
        column(words, "consent-yes", Kind.COUNT, 10),
        column(words, "consent-asked-share", Kind.PERCENT, 9),
        column(words, "consent-yes-share", Kind.PERCENT, 9),
        column(words, "consent-of-asked", Kind.PERCENT, 9),
        Column("verdict", consent_head(plan, words, of_areas=True), None, 11),
        column(words, "remark", None, 40, wrap=True),
    ]
    rows = tuple(_area_row(plan, int(str(i)), row, figures) for i, row in plan.areas.iterrows())
    return Table(words["outputs.sheet.areas"], tuple(columns), rows)


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
        value = known_sum([row[c] for row in table.rows])
        by_households = key in ("city-subsidy", "district-subsidy")
        counted = (counts["households_known"], counts["neighbourhoods"])
        return at_least(value, *counted) if by_households else value

    return tuple(total(c, column.key) for c, column in enumerate(table.columns))


def _area_row(plan: Plan, area: int, row: Row, figures: Figures) -> tuple[Any, ...]:
    def per(name: str, divisor: float) -> float | None:
        value: Any = row.get(name)
        return None if missing(value) else float(value) / divisor

    def subsidy(name: str) -> Any:
        """Of the households that are known: the least it can be where there are more."""
        return at_least(per(name, YUAN_PER_WAN), row["households_known"], row["neighbourhoods"])

    words = figures.words
    return (
        area,
        row["name"],
        row.get("street"),
        row["neighbourhoods"],
        row.get("buildings"),
        row["households"],
        figures.of(row["households_known"], row["neighbourhoods"]),
        row.get("population"),
        row["area_ha"],
        row["members_ha"],
        per("floor_area_m2", M2_PER_WAN),
        figures.years(row.get("year_min"), row.get("year_max")),
        subsidy("city_subsidy"),
        subsidy("district_subsidy"),
        words["outputs.join"].join(subsidies_status(plan, words, area)),
        row.get("consent_asked"),
        row.get("consent_yes"),
        row.get("consent_asked_share"),
        row.get("consent_yes_share"),
        of_asked(row),
        consent_verdict(row, figures),
        words["outputs.semicolon"].join(
            part
            for part in (
                area_remark(row, figures),
                pending_members(plan, area, figures),
                partly_known(row, figures),
                consent_members(plan, area, figures),
            )
            if part
        ),
    )


def _households(row: Row) -> Any:
    """The households of a neighbourhood; at least so many where some of its buildings are not counted."""
    value = row.get("households")
    least = not missing(value) and row.get("households_flag") == LOWER_BOUND
    return AtLeast(value) if least else value


def pending_members(plan: Plan, area: int, figures: Figures) -> str:
    """The members whose eligibility is still to be checked, with their households; empty for none."""
    people, words = plan.neighbourhoods, figures.words
    pending = people[(people["area_id"] == area) & (people["eligibility"] == Eligibility.PENDING)]
    if pending.empty:
        return ""
    named = [
        sentence(
            words,
            "outputs.pending-member",
            {
                "name": neighbourhood_name(int(str(fid)), row["name"], words),
                "households": figures.number(_households(row)),
            },
        )
        for fid, row in pending.iterrows()
    ]
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
    figures = Figures(words)
    columns = [
        column(words, "fid", Kind.YEAR, 7),
        column(words, "neighbourhood", None, 28),
        column(words, "code", None, 14),
        column(words, "street", None, 16),
        column(words, "community", None, 16),
        column(words, "area-id", Kind.YEAR, 7),
        column(words, "area", None, 22),
        column(words, "fate", None, 12),
        column(words, "years", None, 12),
        column(words, "buildings", Kind.COUNT, 9),
        column(words, "stairwells", Kind.COUNT, 9),
        column(words, "households", Kind.COUNT, 9),
        column(words, "population", Kind.COUNT, 9),
        column(words, "floors", Kind.COUNT, 8),
        column(words, "land", Kind.M2, 12),
        column(words, "floor-area-m2", Kind.M2, 12),
        column(words, "elderly", Kind.COUNT, 9),
        column(words, "parking", Kind.COUNT, 9),
        column(words, "elevators", Kind.COUNT, 9),
        column(words, "property", None, 9),
        column(words, "consent-asked", Kind.COUNT, 9),
        column(words, "consent-yes", Kind.COUNT, 9),
        column(words, "consent-asked-share", Kind.PERCENT, 9),
        column(words, "consent-yes-share", Kind.PERCENT, 9),
        column(words, "consent-of-asked", Kind.PERCENT, 9),
        Column(
            "verdict",
            consent_head(plan, words, of_areas=False),
            None,
            11,
        ),
        column(words, "status", None, 22),
    ]
    frame = plan.neighbourhoods if rows is None else rows
    surfaces = plan.neighbourhoods.geometry.area
    cells = tuple(
        _neighbourhood_row(plan, int(str(fid)), row, surfaces[fid], figures) for fid, row in frame.iterrows()
    )
    return Table(words["outputs.sheet.neighbourhoods"], tuple(columns), cells)


def _neighbourhood_row(
    plan: Plan, fid: int, row: Row, surface_m2: float, figures: Figures
) -> tuple[Any, ...]:
    area = int(row["area_id"])
    return (
        fid,
        neighbourhood_name(fid, row.get("name"), figures.words),
        row.get("code"),
        row.get("street"),
        row.get("community"),
        area or "",
        plan.areas["name"].get(area, "") if area else "",
        figures.coded("outputs.fate", row["fate"]),
        figures.years(row.get("year_min"), row.get("year_max")),
        row.get("buildings"),
        row.get("stairwells"),
        row.get("households"),
        row.get("population"),
        row.get("floors"),
        surface_m2,
        row.get("floor_area_m2"),
        row.get("elderly"),
        row.get("parking_spaces"),
        row.get("elevators"),
        figures.words.get(f"outputs.{row.get('property_mgmt')}"),
        row.get("consent_asked"),
        row.get("consent_yes"),
        row.get("consent_asked_share"),
        row.get("consent_yes_share"),
        of_asked(row),
        consent_verdict(row, figures),
        data_status(row, figures),
    )


def deficits(plan: Plan, words: Mapping[str, str], only: int | None = None) -> Table:
    """Table 3: a row per area (or of the one given) and facility, in the plan's and the standard's order."""
    figures = Figures(words)
    columns = [
        column(words, "area-id", Kind.YEAR, 7),
        column(words, "area", None, 22),
        column(words, "facility", None, 26),
        column(words, "category", None, 8),
        column(words, "unit", None, 9),
        column(words, "need", Kind.COUNT, 10),
        column(words, "required", Kind.COUNT, 10),
        column(words, "sites-low", Kind.COUNT, 7),
        column(words, "sites-high", Kind.COUNT, 7),
        column(words, "out-of-reach", Kind.COUNT, 11),
        column(words, "supply-shared", Kind.COUNT, 11),
        column(words, "known", None, 10),
        column(words, "separate", Kind.COUNT, 11),
        column(words, "deficit-pooled", Kind.COUNT, 11),
        column(words, "deficit-low", Kind.COUNT, 10),
        column(words, "deficit-high", Kind.COUNT, 10),
        column(words, "served-alone", Kind.COUNT, 12),
        column(words, "newly-low", Kind.COUNT, 12),
        column(words, "newly-high", Kind.COUNT, 12),
        column(words, "state", None, 14),
        column(words, "remedy", None, 18),
        column(words, "basis", None, 60, wrap=True),
        column(words, "verified", None, 14),
    ]
    rows: list[tuple[Any, ...]] = []
    for area, name in plan.areas["name"].items():
        if only is not None and area != only:
            continue
        for line in facility_lines(plan, int(str(area))):
            facility = line.facility
            rows.append(
                (
                    area,
                    name,
                    facility_name(facility, words),
                    figures.coded("outputs.category", facility.category),
                    unit_name(facility, words),
                    _asked(line, line.need),
                    _asked(line, line.required),
                    *(_of_places(line, number) for number in (line.sites_low, line.sites_high)),
                    _of_places(line, line.out_of_reach),
                    line.supply,
                    figures.of(line.known, line.members),
                    _asked(line, line.deficit_separate),
                    _asked(line, line.deficit),
                    _asked(line, line.deficit_low),
                    _asked(line, line.deficit_high),
                    _asked(line, line.served_alone),
                    *(_of_pooling(line, number) for number in (line.newly_low, line.newly_high)),
                    state_text(line.state, facility, words),
                    remedy_text(plan, int(str(area)), facility, words),
                    basis_text(facility, plan.standard, words),
                    figures.coded("status", facility.status),
                )
            )
    return Table(words["outputs.sheet.deficits"], tuple(columns), tuple(rows))


def _of_places(line: FacilityLine, value: float | None) -> float | str | None:
    """The value, or a dash where no radius limits whom a place serves."""
    return _of_pooling(line, value) if line.facility.radius_m else NOT_ASKED


def _of_pooling(line: FacilityLine, value: float | None) -> float | str | None:
    """The value, or a dash for what does not pool over the area, where a place is no question."""
    return _asked(line, value) if pooling(line.facility) is Pooling.AREA else NOT_ASKED


def _asked(line: FacilityLine, value: float | None) -> float | str | None:
    """The value, or a dash where the standard asks for nothing here and so nothing is missing."""
    return NOT_ASKED if value is None and not line.asked else value


def own_deficits(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 3b: a row per neighbourhood with need, supply and deficit of every facility."""
    columns = [
        column(words, "fid", Kind.YEAR, 7),
        column(words, "neighbourhood", None, 28),
        column(words, "area-id", Kind.YEAR, 7),
    ]
    names = []
    for facility in plan.standard.facilities:
        for suffix in NEIGHBOURHOOD_FACILITY_SUFFIXES:
            title = f"{name_and_unit(facility, words)} {words[f'outputs.col.{suffix}']}"
            key = f"{facility.key}_{suffix}"
            columns.append(Column(key, title, Kind.COUNT, 13))
            names.append(key)
    frame = plan.neighbourhoods
    values = [frame[name].tolist() if name in frame else [None] * len(frame) for name in names]
    for facility in plan.standard.facilities:
        if not is_set(facility):
            for suffix in ("need", "deficit"):
                values[names.index(f"{facility.key}_{suffix}")] = [words["state.not_set"]] * len(frame)
    fronts = zip(frame.index.tolist(), frame["name"].tolist(), frame["area_id"].tolist(), strict=True)
    rows = tuple(
        (fid, neighbourhood_name(fid, name, words), area or "", *(numbers[i] for numbers in values))
        for i, (fid, name, area) in enumerate(fronts)
    )
    return Table(words["outputs.sheet.own-deficits"], tuple(columns), rows)


def outside(plan: Plan, words: Mapping[str, str]) -> Table:
    """Who is in no area and which areas are too small or too large, each with the reason."""
    figures = Figures(words)
    columns = [
        column(words, "kind", None, 14),
        column(words, "fid", Kind.YEAR, 8),
        column(words, "neighbourhood", None, 28),
        column(words, "street", None, 18),
        column(words, "community", None, 18),
        column(words, "years", None, 12),
        column(words, "households", Kind.COUNT, 10),
        column(words, "status", None, 22),
        column(words, "reason", None, 60, wrap=True),
    ]
    rows: list[tuple[Any, ...]] = [
        (
            figures.coded("outputs.fate", row["fate"]),
            fid,
            neighbourhood_name(fid, row.get("name"), words),
            row.get("street"),
            row.get("community"),
            figures.years(row.get("year_min"), row.get("year_max")),
            _households(row),
            data_status(row, figures),
            reason_text(row, words).rstrip("。."),
        )
        for fid, row in left_out(plan).iterrows()
    ]
    rows += [
        (
            size_word(row, words),
            area,
            row["name"],
            row.get("street"),
            row.get("community"),
            figures.years(row.get("year_min"), row.get("year_max")),
            row["households"],
            _area_status(row, figures),
            reason_text(row, words).rstrip("。."),
        )
        for area, row in not_fitting(plan).iterrows()
    ]
    return Table(words["outputs.sheet.left-out"], tuple(columns), tuple(rows))


def _area_status(row: Row, figures: Figures) -> str:
    """How an area's households are known; unknown where there is no number, whatever its members say."""
    flag = "unknown" if missing(row["households"]) else row.get("households_flag")
    return figures.coded("outputs.flag", flag)

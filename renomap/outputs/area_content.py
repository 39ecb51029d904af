"""What the report and the web map say of one area, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renomap.model.members import members_of
from renomap.model.plan import Plan
from renomap.model.standard import Level
from renomap.model.words import sentence
from renomap.outputs import plan_tables
from renomap.outputs.community_tables import community_lines
from renomap.outputs.consent_text import area_consent
from renomap.outputs.findings import (
    NOT_ASKED,
    FacilityLine,
    Row,
    area_row,
    enclosed_text,
    facility_lines,
    is_missized,
    line_deficit,
    remedy_text,
    required_text,
    uneven_text,
    vague_places_text,
)
from renomap.outputs.numbers import Figures, Kind, at_least, missing
from renomap.outputs.plain_text import one_line
from renomap.outputs.pooling_text import pooling_sentences
from renomap.outputs.programme_texts import programme_facts
from renomap.outputs.siting_lines import way_word
from renomap.outputs.table import for_template
from renomap.outputs.tally_tables import tally_facts
from renomap.wording.deficits import state_text
from renomap.wording.names import facility_name, name_and_unit, unit_name
from renomap.wording.statuses import (
    bracketed,
    facility_status,
    households_status,
    population_status,
    subsidies_status,
)

#: Columns of table 2 on the sheet of an area with their shares of the width.
MEMBER_COLUMNS: tuple[tuple[str, float], ...] = (
    ("neighbourhood", 24),
    ("community", 14),
    ("years", 11),
    ("buildings", 7),
    ("stairwells", 7),
    ("households", 8),
    ("floors", 6),
    ("floor-area-m2", 11),
    ("elderly", 8),
    ("parking", 7),
    ("elevators", 6),
    ("property", 6),
    ("status", 13),
)


def area_content(plan: Plan, area: int, figures: Figures) -> dict[str, Any]:
    """Everything on the sheet of an area except its map, as plain values."""
    words, row = figures.words, area_row(plan, area)
    title = sentence(words, "outputs.report.area", {"id": area, "name": row["name"]})
    residents = plan_tables.neighbourhoods(plan, words, members_of(plan, area))
    return {
        **area_facts(plan, area, figures),
        "title": one_line(title),
        "deficits": _deficit_table(plan, area, figures),
        "communities": community_lines(plan, area, figures),
        "shared": _shared(plan, area, figures),
        "members": for_template(residents, figures, MEMBER_COLUMNS),
    }


def area_facts(plan: Plan, area: int, figures: Figures) -> dict[str, Any]:
    """What is said of an area beside its tables: remark, figures, bounds and what pooling makes possible."""
    words, row = figures.words, area_row(plan, area)
    sides = ("north", "south", "east", "west")
    told = [one_line(text) for text in pooling_sentences(plan, area, words)]
    return {
        "id": area,
        "colour": str(row["colour"]),
        "remark": one_line(plan_tables.area_remark(row, figures)),
        "missized": is_missized(row),
        "figures": _area_figures(plan, area, figures),
        "bounds": [[words[f"outputs.report.{side}"], _side(row.get(side), words)] for side in sides],
        "pooling": told or [words["outputs.pooling-none"]],
    }


def _side(name: Any, words: Mapping[str, str]) -> str:
    return words["outputs.undetermined"] if missing(name) else one_line(name)


def _area_figures(plan: Plan, area: int, figures: Figures) -> list[list[str]]:
    words, row = figures.words, area_row(plan, area)
    of_all = row["neighbourhoods"]

    def summed(name: str, kind: Kind = Kind.COUNT, status: str = "") -> str:
        """A sum over the members, of how many of them it is, and what it rests on."""
        if missing(row.get(name)):
            return words["outputs.no-data"]
        return _counted(figures.number(row.get(name), kind), row, f"{name}_known", figures, status)

    households, people = households_status(plan, words, area), population_status(plan, words, area)
    return [
        [words["outputs.col.neighbourhoods"], figures.number(of_all)],
        [words["outputs.col.households"], summed("households", status=households)],
        [words["outputs.col.population"], summed("population", status=people)],
        [words["outputs.col.area-ha"], figures.number(row["area_ha"], Kind.HA)],
        [words["outputs.col.members-ha"], figures.number(row["members_ha"], Kind.HA)],
        *([[words["outputs.col.enclosed"], enclosed_text(plan, area, words)]] if row.get("enclosed") else []),
        [words["outputs.col.buildings"], summed("buildings")],
        [words["outputs.col.floor-area-m2"], summed("floor_area_m2", Kind.M2)],
        [
            words["outputs.col.years"],
            figures.counted(
                figures.years(row.get("year_min"), row.get("year_max")), row.get("year_known"), of_all
            ),
        ],
        [words["outputs.col.consent"], area_consent(plan, area, figures)],
        [words["outputs.report.subsidy"], _subsidy(plan, area, figures)],
        *[[label, one_line(text)] for label, text in tally_facts(plan, row, figures)],
        *[[label, one_line(text)] for label, text in programme_facts(plan, area, figures)],
        [words["outputs.col.street"], one_line(figures.text(row.get("street")))],
        [words["outputs.col.community"], one_line(figures.text(row.get("community")))],
    ]


def _counted(text: str, row: Row, known: str, figures: Figures, *statuses: str) -> str:
    """The text with one bracket: of how many members it is known, where that is not all, and its statuses."""
    words, parts = figures.words, [status for status in statuses if status]
    if not missing(row.get(known)) and int(row[known]) < int(row["neighbourhoods"]):
        params = {"known": figures.of(row[known], row["neighbourhoods"])}
        parts.insert(0, sentence(words, "outputs.known-in", params))
    return bracketed(text, words["outputs.join"].join(dict.fromkeys(parts)), words)


def _subsidy(plan: Plan, area: int, figures: Figures) -> str:
    """Of city and district, which go by the households that are known."""
    row = area_row(plan, area)
    city, district = row.get("city_subsidy"), row.get("district_subsidy")
    if missing(city) and missing(district):
        return figures.words["outputs.no-data"]
    city = at_least(city, row["households_known"], row["neighbourhoods"])
    params = {"city": figures.wan(city), "district": figures.wan(district)}
    text = sentence(figures.words, "outputs.report.subsidy-text", params)
    return _counted(text, row, "households_known", figures, *subsidies_status(plan, figures.words, area))


def _deficit_table(plan: Plan, area: int, figures: Figures) -> dict[str, Any]:
    words = figures.words
    heads = ("facility", "need", "required", "supply", "known", "deficit", "state", "remedy", "verified")
    rows = [
        _deficit_row(plan, area, line, figures)
        for line in facility_lines(plan, area)
        if line.facility.level is not Level.COMMUNITY
    ]
    return {
        "head": [words[f"outputs.col.{name}"] for name in heads],
        "align": ["left", "right", "right", "right", "right", "right", "left", "left", "left"],
        "widths": [38, 10, 10, 10, 10, 14, 14, 24, 34],
        "rows": rows,
        "omitted": words["outputs.basis-elsewhere"],
    }


def _deficit_row(plan: Plan, area: int, line: FacilityLine, figures: Figures) -> list[str]:
    words, facility = figures.words, line.facility
    status = facility_status(plan, facility, words, area)
    verified = (status, uneven_text(line, words), vague_places_text(line, words))
    return [
        one_line(name_and_unit(facility, words)),
        figures.number(line.need) if line.asked or line.need is not None else NOT_ASKED,
        required_text(line, figures),
        figures.number(line.supply),
        figures.of(line.known, line.members),
        line_deficit(line, figures),
        state_text(line.state, facility, words),
        remedy_text(plan, area, facility, words),
        one_line(words["outputs.join"].join(part for part in verified if part)),
    ]


def _shared(plan: Plan, area: int, figures: Figures) -> list[str]:
    words = figures.words
    told = []
    for row in plan.shared.loc[plan.shared["area"] == area].to_dict("records") if len(plan.shared) else []:
        facility = plan.standard.facility(str(row["facility"]))
        if facility is None:
            continue
        params = {
            "source": figures.text(row["source"]),
            "amount": figures.number(row["amount"]),
            "unit": unit_name(facility, words),
            "distance": figures.number(row["distance_m"], Kind.METRE),
            "way": way_word(plan, words),
        }
        shared = sentence(words, "outputs.report.shared", params)
        told.append(one_line(facility_name(facility, words) + words["outputs.colon"] + shared))
    return told

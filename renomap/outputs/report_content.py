"""What stands on the pages of the report, as plain values: the template sets them and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from renomap.model.plan import Plan
from renomap.model.standard import State
from renomap.model.words import sentence
from renomap.outputs import plan_tables
from renomap.outputs.findings import (
    NOT_ASKED,
    FacilityLine,
    basis_text,
    facility_lines,
    facility_name,
    facility_total,
    members,
    name_and_unit,
    note_sentences,
    pooling_sentences,
    required_text,
    titled,
    undersized,
    unit_name,
)
from renomap.outputs.numbers import Figures, Kind, missing
from renomap.outputs.standard_tables import preset_table, standard_table
from renomap.outputs.table import Table
from renomap.outputs.workbook import clean

#: Facilities whose totals stand on the cover: elevators, parking and elderly care come first in a standard.
FIRST = 3
#: Areas that may find room on the cover; more stand in table 1 alone.
MOST_ON_COVER = 40
#: Columns of table 1 on paper with their shares of the width, and of the members' table.
AREA_COLUMNS: tuple[tuple[str, float], ...] = (
    ("area-id", 4),
    ("area", 18),
    ("street", 13),
    ("neighbourhoods", 6),
    ("buildings", 6),
    ("households", 8),
    ("households-known", 9),
    ("population", 8),
    ("area-ha", 8),
    ("floor-area", 9),
    ("years", 9),
    ("city-subsidy", 8),
    ("district-subsidy", 8),
    ("consent-share", 7),
    ("verdict", 8),
    ("remark", 22),
)
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
OUTSIDE_COLUMNS: tuple[tuple[str, float], ...] = (
    ("kind", 8),
    ("neighbourhood", 22),
    ("street", 14),
    ("community", 14),
    ("years", 10),
    ("households", 8),
    ("status", 14),
    ("reason", 34),
)


def content(plan: Plan, words: Mapping[str, str], *, area_pages: bool) -> dict[str, Any]:
    """Everything the template needs except the maps.

    Returns
    -------
    dict
        JSON values only; every number is already a text. ``areas`` is empty without area pages.
    """
    figures = Figures(words)
    form = {key: _line(value) for key, value in plan.project.form.items()}
    ids = [int(str(area)) for area in plan.areas.index] if area_pages else []
    return {
        "lang": words["outputs.language"],
        "region": "cn" if words["outputs.language"] == "zh" else "gb",
        "title": form.get("title") or words["outputs.report.untitled"],
        "subtitle": subtitle(plan, words),
        "mark": form.get("mark", ""),
        "author": form.get("author", ""),
        "stamp": plan.stamp,
        "strip": _strip(plan, words),
        "labels": {
            key.removeprefix("outputs.report."): value
            for key, value in words.items()
            if key.startswith("outputs.report.")
        },
        "figures": _key_figures(plan, figures),
        "totals": [_total(plan, facility.key, figures) for facility in plan.standard.facilities[:FIRST]],
        "area_table": _area_table(plan, figures),
        "summary": _summary(plan, figures),
        "areas": [_area(plan, area, figures) for area in ids],
        "outside": _printed(plan_tables.outside(plan, words), OUTSIDE_COLUMNS, figures),
        "handed_up": _handed_up(plan, figures),
        "notes": [
            {
                "kind": words.get(f"outputs.severity.{severity}", severity),
                "severity": severity,
                "text": _line(text),
            }
            for severity, text in note_sentences(plan, words)
        ],
        "standard": _printed(standard_table(plan, words), None, figures),
        "standard_title": _line(standard_table(plan, words).title),
        "preset": _printed(preset_table(plan, words), None, figures),
        "preset_title": _line(preset_table(plan, words).title),
        "standard_note": _line(
            " ".join(part for part in (plan.standard.edition, plan.standard.note) if part)
        ),
        "preset_note": _line(plan.preset.note),
    }


def _line(text: Any) -> str:
    """A text on one line without control characters."""
    return " ".join(clean(str(text)).split())


def _printed(table: Table, columns: Sequence[tuple[str, float]] | None, figures: Figures) -> dict[str, Any]:
    """A table for the template: headings, alignment, shares of the width, texts."""
    if columns is not None:
        table = table.picked([key for key, _ in columns])
    widths = [share for _, share in columns] if columns is not None else [c.width for c in table.columns]
    return {
        "head": [_line(column.title) for column in table.columns],
        "align": ["left" if column.kind is None else "right" for column in table.columns],
        "widths": widths,
        "rows": [[_line(text) for text in row] for row in table.texts(figures)],
    }


def _area_table(plan: Plan, figures: Figures) -> dict[str, Any]:
    """Table 1 with its sums below."""
    table = plan_tables.areas(plan, figures.words)
    sums = plan_tables.totals(table, figures.words["outputs.total"])
    picked = Table(table.title, table.columns, (sums,)).picked([key for key, _ in AREA_COLUMNS])
    (total,) = picked.texts(figures)
    return {**_printed(table, AREA_COLUMNS, figures), "total": [_line(text) for text in total]}


def _summary(plan: Plan, figures: Figures) -> dict[str, Any]:
    """Areas with households and the deficits that come first, for the cover; empty if there are too many."""
    words, first = figures.words, plan.standard.facilities[:FIRST]
    rows = []
    for area, row in plan.areas.iterrows() if len(plan.areas) <= MOST_ON_COVER else ():
        lines = facility_lines(plan, int(str(area)))[:FIRST]
        shown = [
            figures.deficit(line.deficit_low, line.deficit_high, line.deficit, line.state) for line in lines
        ]
        rows.append([str(area), _line(row["name"]), figures.number(row["households"]), *shown])
    names = [name_and_unit(facility, words) for facility in first]
    return {
        "head": [
            words["outputs.col.area-id"],
            words["outputs.col.area"],
            words["outputs.col.households"],
            *names,
        ],
        "align": ["right", "left", *["right"] * (1 + len(first))],
        "widths": [6, 20, 10, *[14] * len(first)],
        "rows": rows,
    }


def subtitle(plan: Plan, words: Mapping[str, str]) -> str:
    """Scheme, preset and standard on one line."""
    parts = [] if plan.scheme is None else [f"{words['outputs.scheme']} {plan.scheme.title}"]
    parts.append(f"{words['outputs.preset']} {titled(plan.preset, words)}")
    parts.append(f"{words['outputs.standard']} {titled(plan.standard, words)}")
    return _line("  |  ".join(parts))


def crs_name(plan: Plan) -> str:
    """Name and code of the project's coordinate system as a reader knows it."""
    crs = plan.neighbourhoods.crs
    if crs is None:
        return plan.project.crs
    code = crs.to_epsg(min_confidence=100)
    return f"{crs.name} (EPSG:{code})" if code else str(crs.name)


def _strip(plan: Plan, words: Mapping[str, str]) -> list[list[str]]:
    """Title block: label and text of what the project's form gives, and how surfaces are measured."""
    keys = ("author", "client", "date", "data_date", "data_source")
    given = [
        [words[f"outputs.report.{key.replace('_', '-')}"], _line(plan.project.form[key])]
        for key in keys
        if plan.project.form.get(key)
    ]
    method = sentence(words, "outputs.report.method", {"crs": crs_name(plan)})
    return [*given, ["", _line(method)]]


def _key_figures(plan: Plan, figures: Figures) -> list[dict[str, str]]:
    words, totals, areas = figures.words, plan.totals, plan.areas
    known = areas["households_known"].sum() if len(areas) else 0
    count = areas["neighbourhoods"].sum() if len(areas) else 0

    def summed(name: str) -> Any:
        return areas[name].sum(min_count=1) if name in areas else None

    def of_all(key: str) -> str:
        return sentence(words, "outputs.report.share-of", {"total": figures.number(totals.get(key))})

    households_note = of_all("households")
    if known < count:
        households_note += words["outputs.join"] + sentence(
            words, "outputs.known-in", {"known": figures.of(known, count)}
        )
    return [
        {
            "label": words["outputs.report.areas-count"],
            "value": figures.number(len(areas)),
            "note": _undersized_note(plan, figures),
        },
        {
            "label": words["outputs.report.neighbourhoods-in"],
            "value": figures.number(totals.get("assigned")),
            "note": of_all("neighbourhoods"),
        },
        {
            "label": words["outputs.report.households-in"],
            "value": figures.number(summed("households")),
            "note": households_note,
        },
        {
            "label": words["outputs.report.population-in"],
            "value": figures.number(summed("population")),
            "note": of_all("population"),
        },
    ]


def _undersized_note(plan: Plan, figures: Figures) -> str:
    count = len(undersized(plan))
    if not count:
        return ""
    return sentence(figures.words, "outputs.undersized-count", {"count": figures.number(count)})


def _total(plan: Plan, key: str, figures: Figures) -> dict[str, str]:
    facility = plan.standard.facility(key)
    assert facility is not None
    words = figures.words
    total = facility_total(plan, facility)
    unit = unit_name(facility, words)
    numbered = total.state not in (State.NOT_SET, State.BELOW_TRIGGER)
    whole = total.known == total.areas and total.deficit is not None
    if not numbered:
        value = figures.state(total.state)
    elif whole:
        value = f"{figures.number(total.deficit)} {unit}"
    else:
        value = figures.deficit(total.deficit_low, total.deficit_high, None, total.state)
        value = value if total.deficit_low is None else f"{value} {unit}"
    notes = []
    if numbered and not whole:
        params = {"known": figures.of(total.known, total.areas)}
        notes.append(sentence(words, "outputs.report.known-areas", params))
    if total.gain > 0:
        gain = sentence(words, "outputs.report.newly-served-value", {"gain": figures.number(total.gain)})
        notes.append(f"{words['outputs.report.newly-served']} {gain}")
    return {
        "label": facility_name(facility, words),
        "value": value,
        "note": words["outputs.join"].join(notes),
        "status": figures.coded("outputs.status", facility.status),
        "state": total.state,
    }


def _area(plan: Plan, area: int, figures: Figures) -> dict[str, Any]:
    words, row = figures.words, plan.areas.loc[area]
    title = sentence(words, "outputs.report.area", {"id": area, "name": row["name"]})
    residents = plan_tables.neighbourhoods(plan, words, members(plan, area))
    return {
        **area_facts(plan, area, figures),
        "title": _line(title),
        "deficits": _deficit_table(plan, area, figures),
        "shared": _shared(plan, area, figures),
        "members": _printed(residents, MEMBER_COLUMNS, figures),
    }


def area_facts(plan: Plan, area: int, figures: Figures) -> dict[str, Any]:
    """What is said of an area beside its tables: remark, figures, bounds and what pooling makes possible."""
    words, row = figures.words, plan.areas.loc[area]
    sides = ("north", "south", "east", "west")
    told = [_line(text) for text in pooling_sentences(plan, area, words)]
    return {
        "id": area,
        "colour": str(row["colour"]),
        "remark": _line(plan_tables.area_remark(row, figures)),
        "undersized": bool(row.get("undersized")),
        "figures": _area_figures(plan, area, figures),
        "bounds": [[words[f"outputs.report.{side}"], _side(row.get(side), words)] for side in sides],
        "pooling": told or [words["outputs.pooling-none"]],
    }


def _side(name: Any, words: Mapping[str, str]) -> str:
    return words["outputs.undetermined"] if missing(name) else _line(name)


def _area_figures(plan: Plan, area: int, figures: Figures) -> list[list[str]]:
    words, row = figures.words, plan.areas.loc[area]
    against = plan.preset.consent_min
    verdict = plan_tables.consent_verdict(plan, row, figures)
    consent = words["outputs.no-data"]
    if not missing(row.get("consent_asked")):
        consent = figures.percent(row.get("consent_yes"), row["consent_asked"])
    if verdict and against is not None:
        consent = f"{consent} ({verdict} {100 * against.value:g}%)"
    subsidy = {
        "city": figures.wan(row.get("city_subsidy")),
        "district": figures.wan(row.get("district_subsidy")),
    }
    known = (row["households_known"], row["neighbourhoods"])
    floor_area = row.get("floor_area_m2")
    return [
        [words["outputs.col.neighbourhoods"], figures.number(row["neighbourhoods"])],
        [words["outputs.col.households"], figures.partial(row["households"], *known)],
        [words["outputs.col.population"], figures.number(row.get("population"))],
        [words["outputs.col.area-ha"], figures.number(row["area_ha"], Kind.HA)],
        [words["outputs.col.members-ha"], figures.number(row["members_ha"], Kind.HA)],
        [words["outputs.col.buildings"], figures.number(row.get("buildings"))],
        [words["outputs.col.floor-area-m2"], figures.number(floor_area, Kind.M2)],
        [words["outputs.col.years"], figures.years(row.get("year_min"), row.get("year_max"))],
        [words["outputs.col.consent-share"], consent],
        [words["outputs.report.subsidy"], sentence(words, "outputs.report.subsidy-text", subsidy)],
        [words["outputs.col.street"], _line(figures.text(row.get("street")))],
        [words["outputs.col.community"], _line(figures.text(row.get("community")))],
    ]


def _deficit_table(plan: Plan, area: int, figures: Figures) -> dict[str, Any]:
    words = figures.words
    heads = ("facility", "need", "required", "supply", "known", "deficit", "state", "basis")
    rows = [_deficit_row(plan, line, figures) for line in facility_lines(plan, area)]
    return {
        "head": [words[f"outputs.col.{name}"] for name in heads],
        "align": ["left", "right", "right", "right", "right", "right", "left", "left"],
        "widths": [26, 8, 8, 8, 8, 11, 14, 72],
        "rows": rows,
    }


def _deficit_row(plan: Plan, line: FacilityLine, figures: Figures) -> list[str]:
    words, facility = figures.words, line.facility
    status = figures.coded("outputs.status", facility.status)

    return [
        _line(name_and_unit(facility, words)),
        figures.number(line.need) if line.asked or line.need is not None else NOT_ASKED,
        required_text(line, figures),
        figures.number(line.supply),
        figures.of(line.known, line.members),
        figures.deficit(line.deficit_low, line.deficit_high, line.deficit, line.state),
        figures.state(line.state),
        _line(f"[{status}] {basis_text(facility, plan.standard, words)}"),
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
        }
        shared = sentence(words, "outputs.report.shared", params)
        told.append(_line(facility_name(facility, words) + words["outputs.colon"] + shared))
    return told


def _handed_up(plan: Plan, figures: Figures) -> dict[str, Any]:
    words = figures.words
    rows = []
    for row in plan.below_trigger.to_dict("records") if len(plan.below_trigger) else []:
        facility = plan.standard.facility(str(row["facility"]))
        name = str(row["facility"]) if facility is None else facility_name(facility, words)
        unit = "" if facility is None else unit_name(facility, words)
        need = figures.number(row["need"]) + ("" if missing(row["need"]) else f" {unit}")
        rows.append(
            [_line(name), _line(figures.text(row["street"])), figures.number(row["population"]), need]
        )
    return {
        "head": [words[f"outputs.col.{name}"] for name in ("facility", "street", "population", "need")],
        "align": ["left", "left", "right", "right"],
        "widths": [30, 30, 15, 15],
        "rows": rows,
    }

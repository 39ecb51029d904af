"""Names of columns that a shapefile can hold, and the list that says what each of them means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from renomap.model.plan import AREA_FACILITY_SUFFIXES, Plan
from renomap.model.words import sentence
from renomap.wording.names import facility_name, unit_name

#: Letters of a name of a field in a shapefile.
MOST: Final = 10
#: Fields of a shapefile; some programs read no more.
MOST_FIELDS: Final = 254
#: What a shapefile tells of a facility.
KEPT: Final = ("need", "required", "supply", "deficit", "deficit_low", "deficit_high", "state")
#: How the columns of a facility end, by what they end with here.
SUFFIXES: Final[Mapping[str, str]] = {
    "need": "nd",
    "need_high": "ndh",
    "alone": "al",
    "required": "rq",
    "sites": "st",
    "sites_low": "stl",
    "sites_high": "sth",
    "out_of_reach": "oor",
    "supply": "su",
    "deficit": "df",
    "deficit_low": "dfl",
    "deficit_high": "dfh",
    "deficit_separate": "dfs",
    "known": "kn",
    "served_alone": "sva",
    "served_pooled": "svp",
    "newly_low": "nwl",
    "newly_high": "nwh",
    "state": "sta",
}


def held(table: pd.DataFrame, plan: Plan) -> list[str]:
    """Columns that a shapefile has: of a facility those of ``KEPT``, and at most ``MOST_FIELDS`` in all.

    Where there are more, columns without any value go first, then the last ones; ``plan.gpkg`` has all.
    """
    parted = {str(name): _parted(str(name), plan) for name in table.columns if name != "geometry"}
    kept = [name for name, parts in parted.items() if parts is None or parts[1] in KEPT]
    if len(kept) > MOST_FIELDS:
        kept = [name for name in kept if table[name].notna().any()]
    return kept[:MOST_FIELDS]


def short_names(columns: Iterable[str], plan: Plan) -> dict[str, str]:
    """A name of at most ten letters of ASCII for each column, by column, none twice (case does not count).

    >>> from types import SimpleNamespace
    >>> none = SimpleNamespace(standard=SimpleNamespace(facilities=()))
    >>> short_names(["name", "consent_asked_share", "备注"], none)
    {'name': 'name', 'consent_asked_share': 'co_ask_sha', '备注': 'field'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        wanted = _of_facility(column, plan) or _squeezed(column)
        name, number = wanted, 2
        while name.lower() in taken:
            name, number = f"{wanted[: MOST - len(str(number))]}{number}", number + 1
        taken.add(name.lower())
        names[column] = name
    return names


def field_list(names: Mapping[str, str], file: str, plan: Plan, words: Mapping[str, str]) -> str:
    """A table with tabs: field, full name and meaning of each column, after what holds for all of them."""
    from renomap.cartography.titleblock import crs_name

    head = [words[f"outputs.fields.{code}"] for code in ("field", "full", "meaning")]
    rows = [[name, column, meaning(column, plan, words)] for column, name in names.items()]
    note = sentence(words, "outputs.fields.note", {"crs": crs_name(plan.project.crs)})
    top = [f"{words['outputs.fields.title']}  {file}  {words['outputs.stamp']} {plan.stamp}", note, ""]
    return "\r\n".join([*top, *("\t".join(row) for row in (head, *rows)), ""])


def meaning(column: str, plan: Plan, words: Mapping[str, str]) -> str:
    """What a column holds, in words; of a column that the survey brought, that it did."""
    parted = _parted(column, plan)
    if parted is not None:
        facility = plan.standard.facility(parted[0])
        assert facility is not None  # _parted found it there
        params = {
            "facility": facility_name(facility, words),
            "what": words[f"outputs.suffix.{parted[1]}"],
            "unit": unit_name(facility, words),
        }
        return sentence(words, "outputs.fields.facility", params)
    known = words.get(f"outputs.column.{column}") or words.get(f"field.{column}")
    return known or words["outputs.fields.passed"]


def _parted(column: str, plan: Plan) -> tuple[str, str] | None:
    """Facility and suffix of a column of a facility."""
    for facility in plan.standard.facilities:
        suffix = column.removeprefix(f"{facility.key}_")
        if suffix != column and suffix in AREA_FACILITY_SUFFIXES:
            return facility.key, suffix
    return None


def _of_facility(column: str, plan: Plan) -> str | None:
    parted = _parted(column, plan)
    if parted is None:
        return None
    end = f"_{SUFFIXES[parted[1]]}"
    return parted[0].replace("_", "")[: MOST - len(end)] + end


def _squeezed(column: str) -> str:
    """The column's own name, its longest words cut; ``field`` where it has no letters of ASCII."""
    clean = "".join(
        letter if letter.isalnum() or letter == "_" else "_" for letter in column if letter.isascii()
    )
    parts = [part for part in clean.split("_") if part]
    if not parts:
        return "field"
    while len("_".join(parts)) > MOST:
        longest = max(range(len(parts)), key=lambda k: len(parts[k]))
        if len(parts[longest]) == 1:
            return "".join(parts)[:MOST]
        parts[longest] = parts[longest][:-1]
    name = "_".join(parts)
    return name if name[0].isalpha() else f"f{name}"[:MOST]

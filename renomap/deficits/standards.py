"""Standards: tables of facilities, shipped or the user's own, each number with its source and status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from renomap import tables
from renomap.deficits.meeting import parse_meeting, with_meeting
from renomap.deficits.rules import BASES, FLOORS_MIN, PLACES, TRIGGERS, UNITS
from renomap.facilities import facility_kinds
from renomap.model.fields import COLUMNS
from renomap.model.roles import Role
from renomap.model.standard import CATEGORIES, Facility, Level, Standard, status_of
from renomap.tables import TomlTable

__all__ = ["available", "load", "parse", "parse_meeting", "require_columns", "with_meeting"]

FOLDER: Final = "standards"
#: What every report begins with.
FIRST: Final = ("elevator", "parking", "elder_care")
STANDARD_KEYS: Final = ("key", "extends", "zh", "en", "edition", "persons_per_household", "note", "facility")
PERSONS_KEYS: Final = ("value", "source", "status")
FACILITY_KEYS: Final = (
    "key",
    "zh",
    "en",
    "unit",
    "base",
    "rate",
    "rate_per",
    "min_size",
    "trigger",
    "supply_field",
    "radius_m",
    "level",
    "category",
    "source",
    "clause",
    "status",
    "pooled",
    "linked",
)
#: No city judges more: the whole list of 完整社区 has some forty.
MOST_FACILITIES: Final = 200
#: Changing one of these in an extended table takes a source and a status of its own.
NUMBERS: Final = ("rate", "rate_per", "base", "min_size", "trigger", "radius_m")

_Line = tuple[Mapping[str, Any], TomlTable, int]


def available() -> tuple[str, ...]:
    """Names of the shipped standards, sorted."""
    return tables.shipped(FOLDER)


def load(name_or_path: str | Path) -> Standard:
    """A standard by its shipped name or from the user's file.

    Parameters
    ----------
    name_or_path : str or Path
        ``national``, ``changsha``, ``guangzhou``, or the path of a TOML file of the same form.

    Returns
    -------
    Standard
        Elevators, parking and elderly care first, the rest in the order of the file.

    Raises
    ------
    RenomapError
        ``deficits.unknown-standard`` (lists the available ones), ``deficits.table-*`` naming file, line and
        key.
    """
    return _build(tables.read(FOLDER, name_or_path, "deficits.unknown-standard"))


def for_project(name_or_path: str | Path) -> str:
    """What a project keeps of it: the shipped name or the text of the user's file. Errors as in ``load``."""
    load(name_or_path)
    return tables.for_project(FOLDER, name_or_path, "deficits.unknown-standard")


def require_columns(name_or_path: str | Path, there: Collection[str]) -> None:
    """Refuse a line whose column of supply nobody knows: its supply would be unknown for ever.

    Parameters
    ----------
    there : collection of str
        Columns that the survey has, and keys of facilities that a layer shows.

    Raises
    ------
    RenomapError
        ``deficits.table-column`` naming file and line, and those of ``load``.
    """
    table = tables.read(FOLDER, name_or_path, "deficits.unknown-standard")
    known = {*COLUMNS[Role.NEIGHBOURHOODS], *(kind.column for kind in facility_kinds().values())}
    for nth, values in enumerate(table.data.get("facility", [])):
        column = values.get("supply_field")
        if column is not None and not {column, values.get("key")} & {*there, *known}:
            near = get_close_matches(column, sorted(known), 1) or sorted(known)
            told = {"value": tables.shown(column), "known": ", ".join(near)}
            table.refuse("deficits.table-column", "supply_field", header="facility", nth=nth, **told)


def parse(text: str, name: str) -> Standard:
    """A standard from the text of a table; ``name`` is what messages call it. Errors as in ``load``."""
    return _build(tables.parse(text, name))


def _build(table: TomlTable) -> Standard:
    tables.check_keys(table, table.data, STANDARD_KEYS)
    base = _base(table)
    lines = _lines(table, base)
    for required in ("key", "zh", "en"):
        if not tables.text_of(table, table.data, required):
            table.refuse("deficits.table-missing", required)
    persons, persons_table = _persons(table, base)
    facilities = [_facility(values, home, nth) for values, home, nth in lines.values()]
    facilities.sort(key=lambda one: FIRST.index(one.key) if one.key in FIRST else len(FIRST))
    value = tables.number_of(persons_table, persons, "value", header="persons_per_household")
    if not value:
        persons_table.refuse("deficits.table-missing", "persons_per_household")
    return Standard(
        key=tables.text_of(table, table.data, "key"),
        zh=tables.text_of(table, table.data, "zh"),
        en=tables.text_of(table, table.data, "en"),
        edition=tables.text_of(table, table.data, "edition"),
        persons_per_household=value,
        persons_source=tables.text_of(persons_table, persons, "source", header="persons_per_household"),
        persons_status=status_of(persons_table, persons, header="persons_per_household"),
        facilities=tuple(facilities),
        note=tables.text_of(table, table.data, "note"),
    )


def _base(table: TomlTable) -> TomlTable | None:
    """The shipped table that this one extends; one step only, so that two files say all."""
    name = tables.text_of(table, table.data, "extends")
    if not name:
        return None
    if name not in available():
        table.refuse("deficits.table-choice", "extends", value=name, choices=", ".join(available()))
    base = tables.read(FOLDER, name, "deficits.unknown-standard")
    if "extends" in base.data:
        roots = [one for one in available() if "extends" not in tables.read(FOLDER, one, "").data]
        table.refuse("deficits.table-choice", "extends", value=name, choices=", ".join(roots))
    return base


def _persons(table: TomlTable, base: TomlTable | None) -> tuple[Mapping[str, Any], TomlTable]:
    home = table if "persons_per_household" in table.data or base is None else base
    persons = home.data.get("persons_per_household", {})
    if not isinstance(persons, dict):
        home.refuse("deficits.table-missing", "persons_per_household")
    tables.check_keys(home, persons, PERSONS_KEYS, header="persons_per_household")
    return persons, home


def _lines(table: TomlTable, base: TomlTable | None) -> dict[str, _Line]:
    """Facility lines by key: those of the base, then this table's laid over them."""
    lines: dict[str, _Line] = _lines(base, None) if base is not None else {}
    own: set[str] = set()
    listed = table.data.get("facility", [])
    if not isinstance(listed, list):
        table.refuse("deficits.table-section", "facility")
    if len(listed) > MOST_FACILITIES:
        params: dict[str, Any] = {"count": len(listed), "most": MOST_FACILITIES}
        table.refuse("deficits.table-many", "key", header="facility", nth=MOST_FACILITIES, **params)
    for nth, values in enumerate(listed):
        tables.check_keys(table, values, FACILITY_KEYS, header="facility", nth=nth)
        key = tables.text_of(table, values, "key", header="facility", nth=nth)
        if not key.isidentifier():
            table.refuse("deficits.table-missing", "key", header="facility", nth=nth)
        if key in own:
            table.refuse("deficits.table-twice", "key", header="facility", nth=nth, value=key)
        own.add(key)
        if key in lines and any(name in values for name in NUMBERS):
            for honest in ("source", "status"):
                if honest not in values:
                    table.refuse("deficits.table-missing", honest, header="facility", nth=nth)
        inherited = _as_one_place(lines[key][0], values) if key in lines else _known(key, values)
        lines[key] = ({**inherited, **values}, table, nth)
    return lines


def _known(key: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the file of a facility says and a new line need not; a line with a column of its own is whole."""
    kind = facility_kinds().get(key)
    return {} if kind is None or "supply_field" in values else kind.rules


def _as_one_place(inherited: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is inherited, with level and base in step where a table changes one of them alone.

    Tables written when the extended one judged the facility per area say ``base = "area"`` or ``level =
    "area"`` only, and go on meaning the area.
    """
    pairs = (("base", "level"), ("level", "base"))
    moved = {
        other: values[one]
        for one, other in pairs
        if values.get(one) in PLACES and inherited.get(other) in PLACES and other not in values
    }
    return {**inherited, **moved}


def _facility(values: Mapping[str, Any], table: TomlTable, nth: int) -> Facility:
    where: dict[str, Any] = {"header": "facility", "nth": nth}
    for required in ("zh", "en", "supply_field", "source"):
        if not tables.text_of(table, values, required, **where):
            table.refuse("deficits.table-missing", required, **where)
    level = Level(tables.choice_of(table, values, "level", [item.value for item in Level], **where))
    base = tables.choice_of(table, values, "base", BASES, **where)
    linked = tables.flag_of(table, values, "linked", False, **where)
    pooled = tables.flag_of(table, values, "pooled", level is Level.AREA, **where)
    rate_per = tables.number_of(table, values, "rate_per", **where)
    if base == "area" and (level is not Level.AREA or linked or not pooled):
        table.refuse("deficits.table-area-base", "base", **where)
    if (base == "community") != (level is Level.COMMUNITY):
        table.refuse("deficits.table-community-base", "base", **where)
    if pooled and level is not Level.AREA:
        table.refuse("deficits.table-pooled", "pooled", **where)
    if rate_per == 0:
        table.refuse("deficits.table-number", "rate_per", **where, value="0")
    return Facility(
        key=str(values["key"]),
        zh=str(values["zh"]),
        en=str(values["en"]),
        unit=tables.choice_of(table, values, "unit", UNITS, **where),
        base=base,
        rate=tables.number_of(table, values, "rate", **where),
        rate_per=rate_per or 1.0,
        min_size=tables.number_of(table, values, "min_size", **where) or None,
        trigger=_trigger(values, table, base, nth),
        supply_field=str(values["supply_field"]),
        radius_m=tables.number_of(table, values, "radius_m", **where),
        level=level,
        category=tables.choice_of(table, values, "category", CATEGORIES, **where),
        source=str(values["source"]),
        clause=tables.text_of(table, values, "clause", **where),
        status=status_of(table, values, **where),
        pooled=pooled,
        linked=linked,
    )


def _trigger(values: Mapping[str, Any], table: TomlTable, base: str, nth: int) -> dict[str, float]:
    where: dict[str, Any] = {"header": "facility", "nth": nth}
    trigger = values.get("trigger", {})
    if not isinstance(trigger, dict):
        table.refuse("deficits.table-trigger", "trigger", **where, allowed=", ".join(TRIGGERS))
    found: dict[str, float] = {}
    for key in trigger:
        number = tables.number_of(table, trigger, key, **where)
        if key not in TRIGGERS or number is None:
            table.refuse("deficits.table-trigger", "trigger", **where, allowed=", ".join(TRIGGERS))
        if key == FLOORS_MIN and base != "stairwell":
            table.refuse("deficits.table-floors", "trigger", **where)
        found[key] = number
    return found

"""Facilities: all that is known of each kind before any standard sets a number, from a file a facility."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from renomap.assets import resource

#: Tables of a file, with what each may hold beside words by language; the first is the file's own level.
PARTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "": ("short", "unit", "linked", "pooled", "survey", "kinds", "map"),
        "survey": ("column", "order", "headers"),
        "kinds": ("values", "words"),
        "map": ("marker", "fill", "size_mm", "also"),
    }
)
_LAST: Final = 1_000
#: What a line of a standard need not say again, by its key in the standard's own table.
_RULES: Final = ("zh", "en", "unit", "linked", "pooled")


@dataclass(frozen=True)
class FacilityKind:
    """A kind of facility, as its file in ``resources/facilities`` says.

    Parameters
    ----------
    key : str
        Name of the file, such as ``elder_care``.
    names, short_names, map_names, column_names : Mapping
        Language -> words: in full, where there is little room, on the map, of the column of a survey. The
        last two may be empty: the map draws and calls it as any other facility, the column is a plain one.
    rules : Mapping
        What a line of a standard takes over unless it is a whole one: zh, en, unit, supply_field, linked,
        pooled.
    column : str
        Column of a survey that holds the supply.
    headers : tuple of str
        What surveys call that column, best first; empty where it is read under its own name only.
    kinds, words : tuple of str
        Whole values of a column of kinds (OpenStreetMap tags and Chinese kinds), and words inside a name.
    symbol : Mapping
        Marker, fill and size on maps; empty: as any other facility.
    also : tuple of str
        Other keys that are drawn with the same symbol.
    """

    key: str
    names: Mapping[str, str]
    short_names: Mapping[str, str]
    map_names: Mapping[str, str]
    column_names: Mapping[str, str]
    rules: Mapping[str, Any]
    column: str
    headers: tuple[str, ...]
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    symbol: Mapping[str, Any]
    also: tuple[str, ...]


@cache
def facility_kinds() -> Mapping[str, FacilityKind]:
    """All kinds by key, in the order of their columns in a survey, then by key.

    Raises
    ------
    ValueError
        A file holds a key that no kind has: a fault of the program, not of its user.
    """
    tables = {path.stem: _table(path.stem) for path in resource("facilities").glob("*.toml")}
    order = sorted(tables, key=lambda key: (tables[key]["survey"].get("order", _LAST), key))
    return MappingProxyType({key: _kind(key, tables[key]) for key in order})


def survey_columns() -> tuple[str, ...]:
    """Columns of supply that an import recognises and reads as numbers, in order."""
    return tuple(kind.column for kind in facility_kinds().values() if kind.headers)


def facility_words(language: str) -> dict[str, str]:
    """The sentences of the catalogue that the files hold in a language: short names, names on maps and of
    columns; none for a language that they do not speak."""
    found: dict[str, str] = {}
    for key, kind in facility_kinds().items():
        called = {
            f"window.short.{key}": kind.short_names,
            f"maps.facility.{key}": kind.map_names,
            f"field.{kind.column}": kind.column_names,
        }
        found |= {code: names[language] for code, names in called.items() if language in names}
    return found


def drawn_as(key: str) -> FacilityKind | None:
    """The kind whose symbol stands for that key on maps; None: that of any other facility."""
    kinds = facility_kinds()
    if key in kinds and kinds[key].symbol:
        return kinds[key]
    return next((kind for kind in kinds.values() if key in kind.also), None)


def _table(key: str) -> Mapping[str, Any]:
    table = tomllib.loads(resource(f"facilities/{key}.toml").read_text(encoding="utf-8"))
    for part, allowed in PARTS.items():
        keys = table if part == "" else table.get(part, {})
        unknown = {key for key in keys if key not in allowed and not _is_language(key)}
        if unknown:
            raise ValueError(f"facilities/{key}.toml: unknown keys {sorted(unknown)}")
    return table


def _kind(key: str, table: Mapping[str, Any]) -> FacilityKind:
    survey, kinds, drawn = table["survey"], table.get("kinds", {}), table.get("map", {})
    rules = {name: table[name] for name in _RULES if name in table} | {"supply_field": survey["column"]}
    return FacilityKind(
        key=key,
        names=_named(table),
        short_names=table["short"],
        map_names=_named(drawn),
        column_names=_named(survey),
        rules=MappingProxyType(rules),
        column=survey["column"],
        headers=tuple(survey.get("headers", ())),
        kinds=tuple(kinds.get("values", ())),
        words=tuple(kinds.get("words", ())),
        symbol={name: drawn[name] for name in ("marker", "fill", "size_mm") if name in drawn},
        also=tuple(drawn.get("also", ())),
    )


def _named(table: Mapping[str, Any]) -> Mapping[str, str]:
    return {key: value for key, value in table.items() if _is_language(key)}


def _is_language(key: str) -> bool:
    return len(key) == 2 and key.isalpha()

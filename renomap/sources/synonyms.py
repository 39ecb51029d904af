"""Which canonical column a header means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from renomap.assets import table
from renomap.errors import RenomapError
from renomap.facilities import facility_kinds
from renomap.model.fields import COLUMNS
from renomap.model.note import LEAVE_OUT
from renomap.model.roles import Role
from renomap.sources.values import UNITS, fold, unit_factor

#: Names a user may give besides the columns of ``model.fields``; each stands for what the table says.
PSEUDO: tuple[str, ...] = ("year", "lon", "lat")

#: A column with a smaller share of the cells of another of the same meaning stands behind it.
_SCANT, _LAST = 0.1, 500
_BRACKETS = re.compile(r"[(\[{（【<][^)\]}）】>]*[)\]}）】>]")
#: Of a longer header only the beginning is looked at: nobody names a column so.
_LONGEST_HEADER = 200
_SIGNS = re.compile(r"[^0-9a-z\u3400-\u9fff]")
_NUMBERING = re.compile(r"^\d{1,2}[.、)]+")
_TRAILING_UNIT = re.compile(r"(万平方米|万平米|万m2|平方公里|平方米|平米|公顷|hm2|km2|m2|亩)$")


@dataclass(frozen=True)
class Meaning:
    """A column as it came and what it means. ``factor`` is the unit in the header as square metres;
    ``exact`` is
    False where only the beginning of a name agrees (a name cut at the ten bytes of a DBF)."""

    column: str
    canonical: str
    factor: float = 1.0
    has_unit: bool = False
    exact: bool = True
    by_user: bool = False
    unit_by_user: bool = False


def header_key(text: str) -> tuple[str, str]:
    """A header made comparable, and the unit of area it names ('' where it names none)."""
    folded = _NUMBERING.sub("", fold(text[:_LONGEST_HEADER]))
    unit = ""
    for bracket in _BRACKETS.findall(folded):
        inner = bracket[1:-1].removeprefix("单位").strip(":：")
        if unit_factor(inner) is not None:
            unit = inner
    key = _SIGNS.sub("", _BRACKETS.sub("", folded)) or _SIGNS.sub("", folded)
    tail = _TRAILING_UNIT.search(key)
    if tail and not unit and len(key) > len(tail[1]) and not key.isascii():
        key, unit = key[: tail.start()], tail[1]
    return key, unit


@cache
def _words(role: Role) -> Mapping[str, tuple[str, int]]:
    """Folded synonym -> canonical column and rank; the first table line that has a word keeps it."""
    known: dict[str, tuple[str, int]] = {}
    for canonical, synonyms in _headers(role).items():
        for rank, word in enumerate([*synonyms, canonical]):
            known.setdefault(_SIGNS.sub("", fold(word)), (canonical, rank))
    for canonical in COLUMNS[role]:
        known.setdefault(_SIGNS.sub("", canonical), (canonical, 99))
    return known


def synonym_names(role: Role) -> tuple[str, ...]:
    """The canonical names a column of that role can be recognised as."""
    return tuple(_headers(role))


def _headers(role: Role) -> Mapping[str, Sequence[str]]:
    """Canonical column -> what surveys call it; of neighbourhoods also the supply of each facility."""
    named: dict[str, Sequence[str]] = dict(table("synonyms").get(role.value, {}))
    if role is Role.NEIGHBOURHOODS:
        named.update((kind.column, kind.headers) for kind in facility_kinds().values() if kind.headers)
    return named


def meaning_of(column: str, role: Role) -> tuple[Meaning, int] | None:
    """What one header means for a role, with the rank of the synonym (0 is the best)."""
    key, unit = header_key(column)
    factor = unit_factor(unit) if unit else None
    words = _words(role)
    whole = _SIGNS.sub("", _NUMBERING.sub("", fold(column[:_LONGEST_HEADER])))
    hit = words.get(whole) or words.get(key)
    exact = True
    if hit is None and len(column.encode("utf-8")) in (9, 10) and not column.isascii():
        cut = {words[word][0] for word in words if word.startswith(key) and len(key) >= 3}
        if len(cut) == 1:
            hit, exact = (cut.pop(), 50), False
    if hit is None:
        return None
    return Meaning(column, hit[0], factor or 1.0, factor is not None, exact), hit[1]


def meanings(
    columns: Iterable[str],
    role: Role,
    by_user: Mapping[str, str],
    units: Mapping[str, str] | None = None,
    filled: Mapping[str, int] | None = None,
) -> tuple[Meaning, ...]:
    """What the columns of a layer mean, one column per canonical name.

    Parameters
    ----------
    columns : iterable of str
        Names as they came, in order.
    role : Role
        Role of the layer.
    by_user : Mapping
        Column -> canonical name, said by the user, or ``none`` to leave it unread; wins over the table.
    units : Mapping, optional
        Column -> unit of area, said by the user; wins over the one in the header.
    filled : Mapping, optional
        Column -> how many of its cells say anything.

    Returns
    -------
    tuple of Meaning
        In the order of the columns. Of several columns with the same meaning the best synonym wins, then the
        first; but an empty column, or one with less than a tenth of the cells of another, loses to that one.
    """
    names = list(columns)
    chosen: dict[str, tuple[int, int, Meaning]] = {}
    fullest: dict[str, int] = {}
    if filled:
        for name in names:
            hit = meaning_of(name, role)
            if hit is not None and name not in by_user:
                key = hit[0].canonical
                fullest[key] = max(fullest.get(key, 0), filled.get(name, 0))
    for position, name in enumerate(names):
        if name in by_user:
            if by_user[name] == LEAVE_OUT:
                continue
            _, unit = header_key(name)
            factor = unit_factor(unit) if unit else None
            mine = Meaning(name, by_user[name], factor or 1.0, factor is not None, by_user=True)
            chosen[mine.canonical] = (-1, position, mine)
            continue
        found = meaning_of(name, role)
        if found is None:
            continue
        meaning, rank = found
        if filled and filled.get(name, 0) < _SCANT * fullest.get(meaning.canonical, 0):
            rank += _LAST
        if (rank, position) < chosen.get(meaning.canonical, (999, 0, meaning))[:2]:
            chosen[meaning.canonical] = (rank, position, meaning)
    ordered = (each[2] for each in sorted(chosen.values(), key=lambda item: item[1]))
    return tuple(_in_unit(meaning, (units or {}).get(meaning.column)) for meaning in ordered)


def _in_unit(meaning: Meaning, unit: str | None) -> Meaning:
    """The meaning with the unit of area that the user says.

    Raises
    ------
    RenomapError
        ``sources.unknown-unit``
    """
    if unit is None:
        return meaning
    factor = unit_factor(unit)
    if factor is None or not meaning.canonical.endswith("_m2"):
        raise RenomapError("sources.unknown-unit", unit=unit, column=meaning.column, known=list(UNITS))
    return replace(meaning, factor=factor, has_unit=True, unit_by_user=True)


def check_canonical(name: str, roles: Iterable[Role]) -> None:
    """Refuse a canonical name that no layer of these roles has.

    Raises
    ------
    RenomapError
        ``sources.unknown-canonical``
    """
    known = {*PSEUDO}
    for role in roles:
        known.update(COLUMNS[role])
    if name not in known and name != LEAVE_OUT:
        raise RenomapError("sources.unknown-canonical", name=name, known=", ".join(sorted(known)))

"""A city's programme as a table: gates, procedures, votes, funding sources and limits."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from renomap import tables
from renomap.model.preset import Bound
from renomap.model.programme_rules import (
    AddOn,
    Before,
    Department,
    Factor,
    FundingSource,
    Gate,
    Needs,
    Payer,
    Procedure,
    Rules,
    SourceKind,
    Vote,
)
from renomap.model.standard import Status, status_of
from renomap.programme import catalogue
from renomap.programme.rows import TableRow, rows_of
from renomap.tables import TomlTable

FOLDER: Final = "programmes"
UNKNOWN: Final = "programme.unknown-programme"
SECTIONS: Final = (
    *("gate", "procedure", "vote", "source", "department", "factor", "addon"),
    *("acceptance", "limits", "subsidy", "phasing", "progress"),
)
KEYS: Final = ("key", "extends", "zh", "en", "note", "in_order", *SECTIONS, "item")
GATE: Final = ("scope", "needs", "before", "rounds", "bodies", "bodies_status", "waivable", "note")
SCOPES: Final = ("neighbourhood", "project")
MOST_ROUNDS: Final = 9
#: How far the sum of all weights may be from 1.
WEIGHTS: Final = 1e-9
EARLIEST, LATEST, MOST_YEARS = 2000, 2100, 15
#: What no city lets a project pass over with a reason.
NEVER_WAIVED: Final = ("checkup_date", Needs.CONSENT, Needs.ACCEPTANCE)


def available() -> tuple[str, ...]:
    """Names of the shipped programmes, sorted."""
    return tables.shipped(FOLDER)


def load(name_or_path: str | Path) -> Rules:
    """The rules of a city by their shipped name or from the user's file.

    A table that ``extends`` a shipped one takes from it what it does not list itself: of gates, procedures,
    votes, sources, departments, factors and costs on top of works the whole list, of limits and rates the
    single number. Its works are those of the national catalogue, with the rows ``[[item]]`` it lists in place
    of those of the same key or added.

    Raises
    ------
    RenomapError
        ``programme.unknown-programme`` (lists the shipped ones), ``deficits.table-*`` and
        ``programme.table-*`` naming file, line and key.
    """
    return _build(tables.read(FOLDER, name_or_path, UNKNOWN))


def for_project(name_or_path: str | Path) -> str:
    """What a project keeps of it: the shipped name or the text of the user's file. Errors as in ``load``."""
    load(name_or_path)
    return tables.for_project(FOLDER, name_or_path, UNKNOWN)


def _build(table: TomlTable) -> Rules:
    tables.check_keys(table, table.data, KEYS)
    for required in ("key", "zh", "en"):
        if not tables.text_of(table, table.data, required):
            table.refuse("deficits.table-missing", required)
    base = _base(table)
    both = (table,) if base is None else (table, base)
    gates = tuple(_gate(row) for row in _rows(both, "gate", GATE))
    if not gates:
        table.refuse("deficits.table-missing", "gate")
    satisfied = _number(both, "acceptance", "satisfied_min")
    if satisfied is not None and not 0 < satisfied.value <= 1:
        table.refuse("programme.table-share", "satisfied_min", header="acceptance")
    return Rules(
        key=tables.text_of(table, table.data, "key"),
        zh=tables.text_of(table, table.data, "zh"),
        en=tables.text_of(table, table.data, "en"),
        note=tables.text_of(table, table.data, "note"),
        gates=gates,
        items=catalogue.laid_over(catalogue.load("national"), table),
        in_order=tables.flag_of(table, table.data, "in_order", False),
        sources=tuple(_source(row) for row in _rows(both, "source", ("kind", "payer", "code"))),
        departments=tuple(
            Department(**row.common(), may_pay=row.words("may_pay"))
            for row in _rows(both, "department", ("may_pay",))
        ),
        procedures=tuple(
            Procedure(**row.common(), before=Before(row.choice("before", list(Before))))
            for row in _rows(both, "procedure", ("before",))
        ),
        votes=tuple(_vote(row) for row in _rows(both, "vote", ("taking_part", "share", "more_than"))),
        satisfied_min=satisfied,
        demolished_max=_number(both, "limits", "demolished_max"),
        rebuilt_max=_number(both, "limits", "rebuilt_max"),
        subsidised_elevators=_flag(both, "subsidy", "elevators"),
        subsidised_rebuild=_flag(both, "subsidy", "rebuild"),
        factors=_factors(both),
        addons=tuple(_addon(row) for row in _rows(both, "addon", ("share",))),
        stale_days=_number(both, "progress", "stale_days"),
        **_years(both),
    )


def _base(table: TomlTable) -> TomlTable | None:
    """The shipped table that this one extends; one step only, so that two files say all."""
    name = tables.text_of(table, table.data, "extends")
    if not name:
        return None
    roots = [one for one in available() if "extends" not in tables.read(FOLDER, one, UNKNOWN).data]
    if name not in roots:
        table.refuse("deficits.table-choice", "extends", value=name, choices=", ".join(roots))
    return tables.read(FOLDER, name, UNKNOWN)


def _rows(both: tuple[TomlTable, ...], header: str, allowed: tuple[str, ...]) -> tuple[TableRow, ...]:
    """The rows of the first table that lists any."""
    return next((found for table in both if (found := rows_of(table, header, allowed))), ())


def _gate(row: TableRow) -> Gate:
    needs, _, names = row.text("needs").partition(":")
    named = needs in (Needs.FIELDS, Needs.UPKEEP, Needs.LIST)
    if needs not in list(Needs) or bool(names) != named:
        row.refuse("programme.table-needs", "needs", value=tables.shown(row.text("needs")))
    rounds = row.values.get("rounds", 1)
    if not isinstance(rounds, int) or isinstance(rounds, bool) or not 1 <= rounds <= MOST_ROUNDS:
        row.refuse("programme.table-rounds", "rounds", value=tables.shown(rounds), most=MOST_ROUNDS)
    bodies = row.words("bodies")
    if bodies and len(bodies) != rounds:
        row.refuse("programme.table-bodies", "bodies", rounds=rounds)
    status = row.choice("bodies_status", [one.value for one in Status]) if bodies else None
    waivable = row.flag("waivable")
    if waivable and any(word in (needs, *names.split(",")) for word in NEVER_WAIVED):
        row.refuse("programme.table-waived", "waivable")
    return Gate(
        **row.common(),
        scope=row.choice("scope", SCOPES),
        needs=Needs(needs),
        before=Before(row.choice("before", list(Before))),
        names=tuple(name.strip() for name in names.split(",")) if names else (),
        rounds=rounds,
        bodies=bodies,
        bodies_status=None if status is None else Status(status),
        waivable=waivable,
        note=row.text("note"),
    )


def _source(row: TableRow) -> FundingSource:
    kind, payer = row.choice("kind", list(SourceKind)), row.choice("payer", list(Payer))
    if (kind == SourceKind.FINANCING) != (payer == Payer.FINANCING):
        row.refuse("programme.table-financing", "payer")
    return FundingSource(**row.common(), kind=SourceKind(kind), payer=Payer(payer), code=row.text("code"))


def _addon(row: TableRow) -> AddOn:
    share = row.number("share") if "share" in row.values else None
    if share is not None and share > 1:
        row.refuse("programme.table-share", "share")
    return AddOn(**row.common(), share=share)


def _factors(both: tuple[TomlTable, ...]) -> tuple[Factor, ...]:
    rows = _rows(both, "factor", ("weight", "zero", "full"))
    factors = []
    for row in rows:
        zero, full = row.number("zero"), row.number("full")
        if zero == full:
            row.refuse("programme.table-scale", "full")
        factors.append(Factor(**row.common(), weight=row.number("weight"), zero=zero, full=full))
    total = sum(one.weight for one in factors)
    if rows and abs(total - 1) > WEIGHTS:
        rows[-1].refuse("programme.table-weights", "weight", total=f"{total:g}")
    return tuple(factors)


def _years(both: tuple[TomlTable, ...]) -> dict[str, Bound | None]:
    """First and last year of the plan and the discount; whole years in order, a discount up to 1."""
    found = {name: _number(both, "phasing", name) for name in ("first_year", "last_year", "discount")}
    first, last, discount = (None if one is None else one.value for one in found.values())
    table = both[0]
    if (first is None) != (last is None):
        table.refuse(
            "deficits.table-missing", "first_year" if first is None else "last_year", header="phasing"
        )
    if first is not None and last is not None:
        whole = first == int(first) and last == int(last)
        if not (whole and EARLIEST <= first <= last <= LATEST and last - first < MOST_YEARS):
            table.refuse("programme.table-years", "last_year", header="phasing", most=MOST_YEARS)
    if discount is not None and not 0 < discount <= 1:
        table.refuse("programme.table-share", "discount", header="phasing")
    return found


def _vote(row: TableRow) -> Vote:
    shares = {name: row.text(name) for name in ("taking_part", "share")}
    for name, text in shares.items():
        try:
            fits = 0 < Fraction(text) <= 1
        except (ValueError, ZeroDivisionError):
            fits = False
        if not fits:
            row.refuse("programme.table-fraction", name, value=tables.shown(text))
    return Vote(
        **row.common(),
        taking_part=shares["taking_part"],
        share=shares["share"],
        more_than=row.flag("more_than"),
    )


def _entry(both: tuple[TomlTable, ...], header: str, key: str) -> tuple[TomlTable, Mapping[str, Any]] | None:
    """``{ value, source, status }`` of a key, from the first table that has it."""
    for table in both:
        section = table.data.get(header, {})
        allowed = {
            "acceptance": ("satisfied_min",),
            "limits": ("demolished_max", "rebuilt_max"),
            "subsidy": ("elevators", "rebuild"),
            "phasing": ("first_year", "last_year", "discount"),
            "progress": ("stale_days",),
        }
        tables.check_keys(table, section, allowed[header], header=header)
        if key in section:
            entry = section[key]
            if not isinstance(entry, dict) or entry.keys() != {"value", "source", "status"}:
                table.refuse("deficits.preset-number", key, header=header)
            if not tables.text_of(table, entry, "source", header=header).strip():
                table.refuse("deficits.preset-number", key, header=header)
            status_of(table, entry, header=header)
            return table, entry
    return None


def _number(both: tuple[TomlTable, ...], header: str, key: str) -> Bound | None:
    found = _entry(both, header, key)
    if found is None:
        return None
    table, entry = found
    value = tables.number_of(table, {key: entry["value"]}, key, header=header)
    return None if value is None else Bound(value, str(entry["source"]), Status(entry["status"]))


def _flag(both: tuple[TomlTable, ...], header: str, key: str) -> bool:
    found = _entry(both, header, key)
    return found is not None and tables.flag_of(found[0], {key: found[1]["value"]}, key, False, header=header)

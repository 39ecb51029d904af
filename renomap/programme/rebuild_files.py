"""Tables of a rebuilding: what an example project charged its owners, and a case to be balanced."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from renomap import tables
from renomap.model.standard import status_of
from renomap.programme.rebuild import OwnerRow, RebuildCase, RebuildPrices
from renomap.tables import TomlTable

FOLDER: Final = "rebuilds"
UNKNOWN: Final = "programme.unknown-rebuild"
PRICES: Final = ("base_price", "extra_price", "counted_min_m2", "extra_max_m2")
NAMES: Final = ("key", "zh", "en")
MONEY: Final = ("construction_m2", "construction_price", "other", "subsidies", "loans")
#: Land premium of so many units.
PREMIUM: Final = ("premium_units", "premium_per_unit")
OWNER: Final = ("building", "households", "own_m2", "new_m2", "signed")
SALE: Final = ("units", "m2", "price")
#: Of one kind of row; the longest known case has 13 buildings.
MOST_ROWS: Final = 5000


def prices(name_or_path: str | Path) -> RebuildPrices:
    """The prices of a project by the shipped name of an example, or from the user's table.

    Raises
    ------
    RenomapError
        ``programme.unknown-rebuild`` (lists the shipped ones), ``deficits.table-*`` with file, line and key.
    """
    return _prices(tables.read(FOLDER, name_or_path, UNKNOWN))


def case(path: str | Path) -> RebuildCase:
    """A case from its file; a number that it does not name is unknown, and 0 is none.

    ``prices`` names an example or a file beside the case. Raises as ``prices``.
    """
    table = tables.read(FOLDER, path, UNKNOWN)
    data = table.data
    tables.check_keys(table, data, ("name", "prices", "owner", "sale", "money", "representative"))
    money = data.get("money", {})
    tables.check_keys(table, money, (*MONEY, *PREMIUM), header="money")
    named = tables.text_of(table, data, "prices")
    if not named:
        table.refuse("deficits.table-missing", "prices")
    beside = Path(path).parent / named
    amounts = {name: _number(table, money, name, header="money") for name in MONEY}
    if "loans" not in money:
        amounts["loans"] = 0.0
    owners = []
    for nth, row in enumerate(_rows(table, "owner", OWNER)):
        where: dict[str, Any] = {"header": "owner", "nth": nth}
        building = tables.text_of(table, row, "building", **where)
        if not building:
            table.refuse("deficits.table-missing", "building", **where)
        owners.append(OwnerRow(building, *(_number(table, row, name, **where) for name in OWNER[1:])))
    sales = [
        tuple(_number(table, row, name, header="sale", nth=nth) for name in SALE)
        for nth, row in enumerate(_rows(table, "sale", SALE))
    ]
    return RebuildCase(
        name=tables.text_of(table, data, "name") or table.name,
        prices=prices(beside if beside.is_file() else named),
        owners=tuple(owners),
        sales=tuple((units, m2, price) for units, m2, price in sales),
        representatives=_representatives(table),
        premium=math.prod(_number(table, money, name, header="money") for name in PREMIUM),
        **amounts,
    )


def _prices(table: TomlTable) -> RebuildPrices:
    tables.check_keys(table, table.data, (*NAMES, *PRICES, "source", "status"))
    for required in (*NAMES, "source", "base_price", "extra_price"):
        if required not in table.data:
            table.refuse("deficits.table-missing", required)
    key, zh, en, source = (tables.text_of(table, table.data, name) for name in (*NAMES, "source"))
    base, extra, counted, most = (_number(table, table.data, name) for name in PRICES)
    return RebuildPrices(key, zh, en, base, extra, source, status_of(table, table.data), counted, most)


def _representatives(table: TomlTable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for nth, row in enumerate(_rows(table, "representative", ("building", "name"))):
        where: dict[str, Any] = {"header": "representative", "nth": nth}
        building, name = (tables.text_of(table, row, key, **where) for key in ("building", "name"))
        if not building:
            table.refuse("deficits.table-missing", "building", **where)
        found.setdefault(building, []).extend([name] if name else [])
    return tuple((building, tuple(names)) for building, names in found.items())


def _rows(table: TomlTable, header: str, allowed: tuple[str, ...]) -> list[Mapping[str, Any]]:
    listed = table.data.get(header, [])
    if not isinstance(listed, list):
        table.refuse("programme.table-rows", header)
    if len(listed) > MOST_ROWS:
        params: dict[str, Any] = {"count": len(listed), "most": MOST_ROWS}
        table.refuse("programme.table-many", allowed[0], header=header, nth=MOST_ROWS, **params)
    for nth, row in enumerate(listed):
        tables.check_keys(table, row, allowed, header=header, nth=nth)
    return listed


def _number(table: TomlTable, found: Mapping[str, Any], key: str, **where: Any) -> float:
    value = tables.number_of(table, found, key, **where)
    return math.nan if value is None else value

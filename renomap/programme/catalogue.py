"""The catalogue of works: what can be done, of which category, in which order, counted how; never a price."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renomap import tables
from renomap.model.programme_rules import WorkItem, WorkLayer
from renomap.model.standard import CATEGORIES
from renomap.programme.rows import TableRow, rows_of
from renomap.tables import TomlTable

FOLDER: Final = "works"
KEYS: Final = ("key", "zh", "en", "note", "item")
ITEM: Final = ("category", "layer", "dig", "unit", "quantity", "code")
#: How a quantity is found; after a colon the facility it is a deficit of, or the column it stands in.
QUANTITIES: Final = ("deficit", "field", "typed")


def load(name_or_path: str | Path) -> tuple[WorkItem, ...]:
    """The items of a catalogue by its shipped name or from the user's file, in its order.

    Raises
    ------
    RenomapError
        ``programme.unknown-works`` (lists the shipped ones), ``deficits.table-*`` and ``programme.table-*``
        naming file, line and key.
    """
    table = tables.read(FOLDER, name_or_path, "programme.unknown-works")
    tables.check_keys(table, table.data, KEYS)
    return tuple(_item(row) for row in rows_of(table, "item", ITEM))


def laid_over(items: tuple[WorkItem, ...], table: TomlTable) -> tuple[WorkItem, ...]:
    """The items with those of a table in place of the ones of the same key, new ones last."""
    found = {item.key: item for item in items}
    return tuple({**found, **{row.text("key"): _item(row) for row in rows_of(table, "item", ITEM)}}.values())


def _item(row: TableRow) -> WorkItem:
    quantity, _, of = row.text("quantity").partition(":")
    if quantity not in QUANTITIES or bool(of) == (quantity == "typed"):
        row.refuse("programme.table-quantity", "quantity", value=tables.shown(row.text("quantity")))
    if not row.text("unit"):
        row.refuse("deficits.table-missing", "unit")
    return WorkItem(
        **row.common(),
        category=row.choice("category", CATEGORIES),
        layer=WorkLayer(row.choice("layer", [one.value for one in WorkLayer])),
        dig=row.flag("dig"),
        unit=row.text("unit"),
        quantity=quantity,
        facility=of if quantity == "deficit" else "",
        column=of if quantity == "field" else "",
        code=row.text("code"),
    )

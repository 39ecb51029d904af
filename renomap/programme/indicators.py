"""Check-up lists: what a city's check-up looks at, on which of four levels."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from renomap import tables
from renomap.model.programme_rules import Indicator
from renomap.programme.rows import rows_of

FOLDER: Final = "indicators"
LEVELS: Final = ("city", "block", "neighbourhood", "housing")
KEYS: Final = ("key", "zh", "en", "note", "indicator")
INDICATOR: Final = ("level", "unit", "code", "base")


def load(name_or_path: str | Path) -> tuple[Indicator, ...]:
    """The indicators of a list by its shipped name or from the user's file, in its order.

    Raises
    ------
    RenomapError
        ``programme.unknown-indicators`` (lists the shipped ones), ``deficits.table-*`` and
        ``programme.table-*`` naming file, line and key.
    """
    table = tables.read(FOLDER, name_or_path, "programme.unknown-indicators")
    tables.check_keys(table, table.data, KEYS)
    return tuple(
        Indicator(
            **row.common(),
            level=row.choice("level", LEVELS),
            unit=row.text("unit"),
            code=row.text("code"),
            base=row.flag("base") if "base" in row.values else None,
        )
        for row in rows_of(table, "indicator", INDICATOR)
    )


def of_level(indicators: tuple[Indicator, ...], level: str) -> tuple[Indicator, ...]:
    """Those of one level only (城区, 街区, 小区, 住房), in their order."""
    return tuple(one for one in indicators if one.level == level)

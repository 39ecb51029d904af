"""What the options of ``renomap import`` say."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from renomap.commands.values import lon_lat, pairs
from renomap.errors import RenomapError
from renomap.model.programme_columns import TABLES
from renomap.sources.crs import user_crs
from renomap.sources.encoding import known_encoding
from renomap.sources.options import AUTO, ImportOptions


def import_options(arguments: argparse.Namespace) -> ImportOptions:
    """The options of an import.

    Raises
    ------
    RenomapError
        ``commands.no-pair`` and the like where an option is not of its form.
    """
    crs, crs_of = _general_and_special(arguments.crs, user_crs)
    encoding, encoding_of = _general_and_special(arguments.encoding, _encoding)
    return ImportOptions(
        crs=crs,
        near=lon_lat(arguments.near),
        encoding=encoding,
        roles=pairs(arguments.role, "--role"),
        fields=pairs(arguments.field, "--field"),
        inventory=arguments.inventory,
        crs_of=crs_of,
        encoding_of=encoding_of,
        units=pairs(arguments.unit, "--unit"),
        rows=pairs(arguments.rows, "--rows"),
        headers=pairs(arguments.header, "--header"),
        joins=pairs(arguments.join, "--join"),
        controls=pairs(arguments.control, "--control"),
        m2_per_household=arguments.m2_per_household or ImportOptions.m2_per_household,
        storeys=arguments.storeys,
    )


def programme_tables(arguments: argparse.Namespace) -> list[tuple[Path, str, str]]:
    """File, sheet ('' = all) and table of every ``--table``.

    Raises
    ------
    RenomapError
        ``commands.no-source`` where nothing is to be imported, ``commands.table-unknown``.
    """
    if not arguments.sources and not arguments.table:
        raise RenomapError("commands.no-source")
    found = []
    for text in arguments.table:
        named, equals, table = text.rpartition("=")
        if not equals or table not in TABLES:
            raise RenomapError("commands.table-unknown", text=text, known=", ".join(TABLES))
        path, sheet = Path(named), ""
        if not path.exists() and ":" in named:
            head, _, sheet = named.rpartition(":")
            path = Path(head)
        found.append((path, sheet, table))
    return found


def _encoding(text: str) -> object:
    return text if text == AUTO else known_encoding(text)


def _general_and_special(texts: Sequence[str], known: Callable[[str], object]) -> tuple[str, dict[str, str]]:
    """What an option says of all sources, and of single ones: ``VALUE`` or ``SRC=VALUE``.

    A value may hold the sign itself (``+proj=utm +zone=50``), so what is a value as a whole is one.
    """
    general, special = AUTO, {}
    for text in texts:
        try:
            known(text)
        except RenomapError:
            name, equals, value = text.partition("=")
            if not equals:
                raise
            known(value)
            special[name] = value
        else:
            general = text
    return general, special

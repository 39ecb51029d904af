"""Values of options that are more than a word: pairs ``NAME=VALUE``, numbers, places."""

from __future__ import annotations

from collections.abc import Sequence

from renomap.errors import RenomapError


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """Name -> value of every ``NAME=VALUE``; the value is behind the last sign.

    Raises
    ------
    RenomapError
        ``commands.no-pair``
    """
    found = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals or not name or not value:
            raise RenomapError("commands.no-pair", option=option, text=text)
        found[name] = value
    return found


def number(text: str, option: str) -> float:
    """A number, or RenomapError ``commands.no-number``."""
    try:
        return float(text)
    except ValueError as error:
        raise RenomapError("commands.no-number", option=option, text=text) from error


def lon_lat(text: str | None) -> tuple[float, float] | None:
    """``LON,LAT`` as two numbers; None where nothing was given.

    Raises
    ------
    RenomapError
        ``commands.no-lon-lat``, ``commands.no-number``
    """
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 2:
        raise RenomapError("commands.no-lon-lat", text=text)
    return number(parts[0], "--near"), number(parts[1], "--near")

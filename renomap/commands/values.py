"""Values of options that are more than a word: pairs ``NAME=VALUE``, numbers, bounds, places."""

from __future__ import annotations

from collections.abc import Sequence

from renomap.errors import RenomapError
from renomap.model.fields import LARGEST


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


def positive(text: str, option: str) -> float:
    """A number above 0, or RenomapError ``commands.no-positive`` and that of a number."""
    value = number(text, option)
    if not 0 < value <= LARGEST:
        raise RenomapError("commands.no-positive", option=option, text=text)
    return value


def whole_number(text: str, option: str) -> int:
    """A whole number, or RenomapError ``commands.no-whole-number``."""
    try:
        return int(text)
    except ValueError as error:
        raise RenomapError("commands.no-whole-number", option=option, text=text) from error


def bound(text: str, option: str) -> float:
    """A bound: a minimum of 0 or more, a maximum above 0, neither above ``LARGEST``; a count is whole.

    Raises
    ------
    RenomapError
        ``commands.bad-minimum``, ``commands.bad-maximum``, and those of a number.
    """
    value = (whole_number if option.endswith("-count") else number)(text, option)
    largest = option.startswith("--max")
    if not 0 <= value <= LARGEST or (largest and value == 0):
        code = "commands.bad-maximum" if largest else "commands.bad-minimum"
        raise RenomapError(code, option=option, text=text)
    return value


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

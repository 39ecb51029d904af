"""The colours of the one file of colours as office files write them."""

from __future__ import annotations

from renomap.cartography.symbols import token


def office(name: str) -> str:
    """A colour by its token: six hexadecimal digits in capitals.

    >>> office("ink")
    '15181C'
    """
    return token(name).lstrip("#")[-6:].upper()

"""Find a Chinese name by what is typed: characters, pinyin, initials, or a mixture of them."""

from __future__ import annotations

import json
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

#: Places of the alphabet that pinyin writes with an umlaut are typed as v.
_TYPED: Final = str.maketrans({"ü": "v"})


def place_of(typed: str, text: str) -> int | None:
    """Where in a text what is typed begins, however it is spelled; None where it does not stand in it.

    A character is typed as itself, by its pinyin without tones (by any of its readings), by the beginning of
    that where it is the last one typed, or by its initial. Case and spaces do not count.

    Examples
    --------
    >>> place_of("nyl", "南堤路片区") is None
    True
    >>> place_of("ndl", "南堤路片区"), place_of("dilu", "南堤路片区"), place_of("南d", "南堤路片区")
    (0, 1, 0)
    >>> place_of("cs", "长沙"), place_of("zhangs", "长沙")
    (0, 0)
    """
    wanted = "".join(typed.lower().split())
    signs = [sign for sign in text.lower() if not sign.isspace()]
    if not wanted:
        return 0
    return next((at for at in range(len(signs)) if _spells(wanted, signs, at)), None)


def _spells(wanted: str, signs: list[str], at: int) -> bool:
    """Whether what is wanted, at least one character, is spelled by the signs from a place on."""
    if at == len(signs):
        return False
    for reading in readings(signs[at]):
        if reading.startswith(wanted):
            return True
        parts = {reading, reading[0]}
        if any(wanted.startswith(part) and _spells(wanted[len(part) :], signs, at + 1) for part in parts):
            return True
    return False


@lru_cache(maxsize=8192)
def readings(sign: str) -> tuple[str, ...]:
    """A sign itself and, of a Chinese character, its readings in lower case without tones."""
    if sign.isascii():
        return (sign,)
    plain = (_plain(reading) for reading in _toned().get(str(ord(sign)), "").split(",") if reading)
    return (sign, *dict.fromkeys(plain))


@lru_cache(maxsize=1)
def _toned() -> dict[str, str]:
    """Readings of each character by its number, from the table of pypinyin.

    The package itself reads a dictionary of phrases, too, which takes two seconds and is of no use here.
    """
    package = find_spec("pypinyin")
    assert package is not None
    assert package.origin is not None
    table: dict[str, str] = json.loads(Path(package.origin).with_name("pinyin_dict.json").read_text("utf-8"))
    return table


def _plain(reading: str) -> str:
    """A reading without its tone: the umlaut stays, as the letter that is typed for it."""
    kept = unicodedata.normalize("NFD", reading)
    marks = [mark for mark in kept if not unicodedata.combining(mark) or mark == "\u0308"]
    return unicodedata.normalize("NFC", "".join(marks)).translate(_TYPED)

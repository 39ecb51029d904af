"""Catalogue: the sentences of a language by code, for command line, window, map and report alike.

The catalogues are TOML files in ``resources/i18n/<language>/``, tables of ``code = "sentence"`` with
``{placeholders}``; what facilities are called stands in their own files. English is the source language and
also what is shown where another lacks a code (a test forbids that).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from renomap.assets import resource
from renomap.errors import RenomapError
from renomap.facilities import facility_words
from renomap.model.note import GuessKind, Note, choice_code
from renomap.model.words import sentence

LANGUAGES: tuple[str, ...] = ("zh", "en")
#: Characters of a word that a sentence quotes; the middle of a longer one is left out.
MOST_QUOTED = 240
#: The 3-degree zones of CGCS2000: with the zone number EPSG:4513-4533, without it EPSG:4534-4554.
_CGCS2000 = re.compile(r"EPSG:(45(?:1[3-9]|[2-4]\d|5[0-4]))")


@cache
def words(language: str) -> Mapping[str, str]:
    """All sentences of a language (``zh`` or ``en``), by code."""
    found: dict[str, str] = {}
    for each in ("en", language):
        found.update(facility_words(each))
        for path in sorted(resource(f"i18n/{each}").glob("*.toml")):
            found.update(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))
    return MappingProxyType(found)


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat


def error_sentence(catalogue: Mapping[str, str], error: RenomapError) -> str:
    """What the user reads when the world is at fault: one line of readable length.

    What it quotes (a name, a cell, what was typed) may hold anything, and may be as long as a file.
    """
    params = {key: _quoted(value) if isinstance(value, str) else value for key, value in error.params.items()}
    return sentence(catalogue, error.code, params)


def _quoted(text: str) -> str:
    half = MOST_QUOTED // 2
    parts = "".join(sign if sign.isprintable() else " " for sign in text).split(" ")
    return " ".join(word if len(word) <= MOST_QUOTED else f"{word[:half]}…{word[-half:]}" for word in parts)


def note_sentence(catalogue: Mapping[str, str], note: Note) -> str:
    """What the user reads of a remark."""
    return sentence(catalogue, note.code, note.params)


def choice_label(catalogue: Mapping[str, str], kind: GuessKind, value: str) -> str:
    """What the user reads of one answer to a guess, such as in a list to choose from."""
    zone = _CGCS2000.fullmatch(value)
    if kind is GuessKind.CRS and zone:
        code = int(zone[1])
        meridian = 3 * (code - (4513 if code < 4534 else 4534) + 25)
        return sentence(catalogue, "choice.zone", {"crs": value, "meridian": meridian})
    return catalogue.get(choice_code(kind, value), value)

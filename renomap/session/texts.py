"""Words: one catalogue per language, from code to sentence, for command line, window, map and report alike.

The catalogues are TOML files in ``resources/i18n/<language>/``; each file is a table of ``code =
"sentence"`` with
``{placeholders}``. English is the source language and also what is shown where another lacks a code (a test
forbids that). This module knows no Qt, so the command line works where Qt's libraries are missing.
"""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from renomap.assets import resource
from renomap.errors import RenomapError
from renomap.model.note import Note
from renomap.model.words import sentence

LANGUAGES: tuple[str, ...] = ("zh", "en")


@cache
def words(language: str) -> Mapping[str, str]:
    """All sentences of a language (``zh`` or ``en``), by code."""
    found: dict[str, str] = {}
    for each in ("en", language):
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
    """What the user reads when the world is at fault."""
    return sentence(catalogue, error.code, error.params)


def note_sentence(catalogue: Mapping[str, str], note: Note) -> str:
    """What the user reads of a remark."""
    return sentence(catalogue, note.code, note.params)


def system_language(environment: Mapping[str, str] | None = None) -> str:
    """``zh`` where the system speaks Chinese, else ``en``."""
    env = os.environ if environment is None else environment
    for name in ("RENOMAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = env.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    try:
        spoken = locale.getlocale()[0] or ""
    except ValueError:
        spoken = ""
    return "zh" if spoken.lower().startswith(("zh", "chinese")) else "en"

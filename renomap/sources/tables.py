"""The tables of words that recognition works with, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from renomap.assets import resource


@cache
def table(name: str) -> dict[str, Any]:
    """A table of ``resources/tables`` by name without ending; callers must not change it."""
    return tomllib.loads(resource(f"tables/{name}.toml").read_text(encoding="utf-8"))

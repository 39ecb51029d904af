"""What is said of a programme: sentences on what somebody should look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renomap.model.programme_view import Finding
from renomap.model.words import sentence
from renomap.wording.names import titled


def finding_text(one: Finding, words: Mapping[str, str]) -> str:
    """The sentence of a finding; gates and items by their names."""
    params: dict[str, Any] = {}
    for name, value in (one.params or {}).items():
        if name == "lacks":
            params[name] = [f"programme.projects.{column}" for column in value]
        elif isinstance(value, tuple | list):
            params[name] = [_named(each, words) for each in value]
        else:
            params[name] = value if isinstance(value, int | float) else _named(value, words)
    return sentence(words, f"programme.finding.{one.kind}", params)


def _named(item: Any, words: Mapping[str, str]) -> str:
    return item if isinstance(item, str) else titled(item, words)

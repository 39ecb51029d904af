"""The examples in docstrings are tests."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def with_examples() -> list[str]:
    """Modules whose docstrings hold an example."""
    found = []
    for path in sorted((ROOT / "renomap").rglob("*.py")):
        if ">>> " in path.read_text(encoding="utf-8"):
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


@pytest.mark.parametrize("name", with_examples())
def test_what_the_examples_say_is_so(name: str) -> None:
    run = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert run.attempted > 0
    assert run.failed == 0

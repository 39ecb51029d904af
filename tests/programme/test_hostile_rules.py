"""Every value of a user's programme, works and check-up list, put in place of what it should be: a number
within limits, or refused by file and line. Standards and presets, and what is put in their place, stand in
``tests/deficits/test_hostile_tables.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_hostile_tables import LEAF, replaced, require_told, require_within_limits, shipped

from renomap.errors import RenomapError
from renomap.programme import catalogue, files, indicators

TABLES: tuple[tuple[str, str, Callable[[Path], Any]], ...] = (
    *(("programmes", name, files.load) for name in files.available()),
    ("works", "national", catalogue.load),
    ("indicators", "yichang", indicators.load),
)


def short(text: str) -> str:
    """Of rows that are alike in their keys the first: a table as a user would begin it."""
    head, *rows = text.split("\n[[")
    kept = {tuple(leaf["key"] for leaf in LEAF.finditer(row)): row for row in reversed(rows)}
    return "\n[[".join([head, *(row for row in rows if row in kept.values())])


def tried(text: str, load: Callable[[Path], Any], path: Path) -> Iterator[bool]:
    """Whether each changed text was refused."""
    path.write_text(text, encoding="utf-8")
    load(path)
    for changed, key, line in replaced(text):
        path.write_text(changed, encoding="utf-8")
        try:
            made = load(path)
        except RenomapError as told:
            require_told(told, key, line, text.count("\n") + 1)
            yield True
        else:
            require_within_limits(made)
            yield False


@pytest.mark.parametrize(
    ("text", "load"),
    [
        pytest.param(
            short(shipped("works", "national"))[:2000].rpartition("\n\n")[0], catalogue.load, id="works"
        ),
        pytest.param(
            shipped("indicators", "yichang")[:700].rpartition("\n\n")[0], indicators.load, id="indicators"
        ),
    ],
)
def test_every_value_is_within_limits_or_refused(
    text: str, load: Callable[[Path], Any], tmp_path: Path
) -> None:
    assert sum(tried(text, load, tmp_path / "own.toml")) > 5 * len(LEAF.findall(text))


@pytest.mark.long
@pytest.mark.parametrize(("folder", "name", "load"), TABLES, ids=[f"{one[0]}-{one[1]}" for one in TABLES])
def test_every_value_of_a_shipped_table(
    folder: str, name: str, load: Callable[[Path], Any], tmp_path: Path
) -> None:
    text = shipped(folder, name)
    text = text if len(text) < 12_000 else short(text)
    assert sum(tried(text, load, tmp_path / "own.toml")) > 5 * len(LEAF.findall(text))

"""From the source file to the reopened project on a window that is really shown, with a kill in between."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import shown

from renomap.assets import sample

pytestmark = pytest.mark.skipif(not shown.has_screen(), reason="Xvfb is not installed")


def day_and_night(source: Path, folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """A day's work on ``source``, killed right after saving; what it was, and what is found the next day."""
    target = folder / "规划 一科" / "项目.gpkg"
    target.parent.mkdir()
    with shown.screen() as environment:
        process = shown.start(
            "planner_day.py", "work", source, target, folder / "data", environment=environment
        )
        try:
            worked = shown.said(process)
        finally:
            shown.kill(process)
        process = shown.start("planner_day.py", "look", target, folder / "other", environment=environment)
        try:
            found = shown.said(process)
        finally:
            shown.kill(process)
    return worked, found


def check(worked: dict[str, object], found: dict[str, object]) -> None:
    """Undo led back to the start, redo to the end, and the reopened file holds exactly that."""
    assert worked["platform"] == "xcb"
    assert worked["start"] != worked["done"]
    assert worked["back"] == worked["start"]
    assert worked["again"] == worked["done"]
    assert worked["undone"] == worked["redone"] >= 24
    assert found == {"state": worked["done"], "offered": 0}


def test_a_day_on_the_sample_town(tmp_path: Path) -> None:
    check(*day_and_night(sample("town.gpkg"), tmp_path))


@pytest.mark.long
@pytest.mark.skipif(not os.environ.get("RENOMAP_REAL_DATA"), reason="RENOMAP_REAL_DATA is not set")
def test_a_day_in_beijing(tmp_path: Path) -> None:
    source = Path(os.environ["RENOMAP_REAL_DATA"]) / "cn_beijing" / "beijing_dongzhimen_demo.gpkg"
    check(*day_and_night(source, tmp_path))

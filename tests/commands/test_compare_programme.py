"""Two states of one project side by side: what of lists, gates, money and consent is another (T28)."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from renomap.__main__ import main
from renomap.model.project import Project
from renomap.model.version import BY_HAND
from renomap.session.versions import with_version
from renomap.store.projectfile import save

sys.path.append(str(Path(__file__).parents[1] / "steps"))
from programme_town import make_town


def _with(project: Project, consent: float, checkup: str | None, **tables: list[dict[str, Any]]) -> Project:
    """The town, consent of fid 1 and rows of its programme as said; project 1 is that of area 1."""
    layer = project.neighbourhoods
    assert layer is not None
    frame = layer.frame.copy()
    frame.loc[1, ["consent_asked", "consent_yes"]] = [151.0, consent]
    frame["checkup_date"] = checkup
    programme = project.programme
    for name, rows in {"projects": [{"scheme": "s1", "area": 1, "name": "甲里片区"}], **tables}.items():
        programme = programme.with_rows(name, rows)
    return replace(project.with_layer(replace(layer, frame=frame)), programme=programme)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """January: 120 of 151 households, no check-up, pipes of 20 million, nothing on a list. March: 121 of 151,
    checked, 22 million, fid 1 in the pool, the city's 7 million planned."""
    folder = tmp_path_factory.mktemp("t28")
    early = _with(make_town(), 120.0, None, works=[{"fid": 1, "item": "pipes", "cost": 20_000_000}])
    late = _with(
        make_town(),
        121.0,
        "2026-02",
        works=[{"fid": 1, "item": "pipes", "cost": 22_000_000}],
        units=[{"fid": 1, "stage": "pool"}],
        funds=[{"project": 1, "source": "city", "planned": 7_000_000}],
    )
    paths = folder / "january.gpkg", folder / "march.gpkg"
    for project, path in zip((early, late), paths, strict=True):
        save(with_version(project, BY_HAND, note="一月", at=dt.datetime(2026, 1, 31, 9, 30)), path)
    return paths


def _facts(told: dict[str, Any]) -> dict[tuple[str, str, str], tuple[Any, Any]]:
    return {(row["scope"], row["name"], row["fact"]): (row["a"], row["b"]) for row in told["programme"]}


def test_t28_two_versions_compared_on_lists_gates_money_and_consent(
    two: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    january, march = map(str, two)
    sheet = tmp_path / "c.xlsx"
    assert main(["compare", january, january, march, "--json", "-o", str(sheet), "--lang=zh"]) == 0
    facts = _facts(json.loads(capsys.readouterr().out))
    assert facts["list", "pool", "neighbourhoods"] == (0, 1)
    assert facts["list", "survey", "neighbourhoods"] == (9, 8)
    assert facts["neighbourhood", "甲里小区", "stands"] == ("survey", "pool")
    assert facts["neighbourhood", "甲里小区", "consent"] == ("not_met", "met"), "79.47 %, then 80.13 %"
    assert facts["neighbourhood", "甲里小区", "consent_yes"] == (120, 121)
    assert facts["project", "甲里片区", "cost"] == ([20_000_000, 20_000_000], [22_000_000, 22_000_000])
    before, after = (set(side) for side in facts["project", "甲里片区", "held"])
    assert before - after == {"checkup"}
    gap_before, gap_after = facts["project", "甲里片区", "gap"]
    # the subsidy of 1,208 households x 6,000 gives way to the amount that is stated
    assert gap_after[1] - gap_before[1] == 2_000_000 - 7_000_000 + 7_248_000
    book = openpyxl.load_workbook(sheet)["实施计划变化"]
    rows = [row[1:] for row in book.iter_rows(min_row=2, values_only=True)]
    assert ("甲里小区", "所在清单", "摸底", "储备库") in rows
    assert ("甲里小区", "意愿征询", "未达到", "达到") in rows
    assert ("甲里片区", "估算投资（万元）", "2,000.0", "2,200.0") in rows
    # a state that was kept stays there, by its name and with its date
    assert main(["compare", march, "一月", march, "--lang=zh"]) == 0
    assert "一月（2026-01-31 09:30）" in capsys.readouterr().out

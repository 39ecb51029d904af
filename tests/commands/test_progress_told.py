"""``progress`` through the command line: done of planned, who answers for it, reports that are old."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_programme import Run, kept, make_town, run

from renomap.__main__ import main

__all__ = ["run"]  # the fixture of the other commands of the programme


def test_progress_by_item_company_and_person(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    works = [
        {"fid": 1, "item": "pipes", "unit": "km", "quantity": 4, "done_quantity": 1, "status": "ongoing"},
        {"fid": 2, "item": "elevator", "unit": "台", "quantity": 6, "status": "planned"},
    ]
    named = {"company": "城投", "person": "张三", "reported_on": "2026-10-15"}
    projects = [{"scheme": "s1", "area": 1, "name": "甲里片区", **named}, {"fid": 9, "name": "壬里"}]
    path = kept(make_town(), tmp_path, works=works, projects=projects)
    code, told, said = run("progress", path, "--on", "2026-11-30")
    assert code == 0, said
    first, second = told["projects"]
    assert (first["stage"], second["stage"]) == ("building", "unknown")
    assert {one["item"]: (one["done_low"], one["planned_low"]) for one in first["items"]} == {
        "pipes": (1, 4),
        "elevator": (0, 6),
    }
    assert (first["stale"], second["stale"]) == (True, None)
    assert run("progress", path, "--on", "2026-11-29")[1]["projects"][0]["stale"] is False
    assert [(one["company"], one["projects"], one["households"]) for one in told["companies"]] == [
        ("城投", 1, 1208),
        (None, 1, 151),
    ]
    assert [one["person"] for one in told["persons"]] == ["张三", None]
    assert main(["progress", str(path), "--on", "2026-11-30", "--lang=zh"]) == 0
    text = capsys.readouterr().out
    assert "甲里片区：施工；责任人 张三；进度更新 2026-10-15（超过 45 天未更新）" in text
    assert "完成 1 / 计划 4 km" in text

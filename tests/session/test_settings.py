"""Settings are typed, and nonsense in the file gives the default."""

from __future__ import annotations

from pathlib import Path

from renomap.session.settings import Settings


def test_values_survive_and_nonsense_does_not(tmp_path: Path) -> None:
    path = tmp_path / "renomap.ini"
    settings = Settings(path)
    assert (settings.paper, settings.area_pages, settings.recent) == ("A3", True, [])
    settings.paper, settings.area_pages, settings.brush_px = "A4", False, 40
    settings.remember_file(tmp_path / "甲.gpkg")
    settings.remember_file(tmp_path / "乙.gpkg")
    settings.remember_file(tmp_path / "甲.gpkg")
    settings.store.sync()
    again = Settings(path)
    assert (again.paper, again.area_pages, again.brush_px) == ("A4", False, 40)
    assert [Path(name).name for name in again.recent] == ["甲.gpkg", "乙.gpkg"]
    again.store.setValue("report/paper", "B7")
    again.store.setValue("draw/brush_px", "wide")
    again.store.setValue("report/area_pages", "maybe")
    assert (again.paper, again.brush_px, again.area_pages) == ("A3", 24, True)

"""A preset and a standard from the user's own files belong to the project, not to the place of the files."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
from shapely.geometry import box

from renomap.assets import resource
from renomap.steps.group import group
from renomap.steps.import_ import import_sources
from renomap.steps.judge import judge_by
from renomap.steps.options import GroupOptions
from renomap.steps.plan import make_plan
from renomap.store import projectfile


def _own(path: Path, shipped: str) -> Path:
    """A copy of a shipped table under a key of its own."""
    lines = resource(shipped).read_text(encoding="utf-8").splitlines()
    place = next(k for k, line in enumerate(lines) if line.startswith("key ="))
    lines[place] = 'key = "ours"'
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_project_outlives_the_files_of_its_tables(tmp_path: Path) -> None:
    shapes = [box(x, 3120000, x + 100, 3120080) for x in range(400000, 400440, 110)]
    table = {"小区名称": list("甲乙丙丁"), "户数": [300] * 4, "建成年代": [1985] * 4}
    gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4547").to_file(tmp_path / "survey.gpkg")
    preset = _own(tmp_path / "preset.toml", "presets/national.toml")
    standard = _own(tmp_path / "standard.toml", "standards/national.toml")
    project = group(import_sources([tmp_path / "survey.gpkg"]), GroupOptions(preset=str(preset))).project
    project = judge_by(project, str(standard), [], by="-")
    preset.unlink()
    standard.unlink()
    projectfile.save(project, tmp_path / "p.gpkg")
    again = projectfile.open_project(tmp_path / "p.gpkg")
    plan = make_plan(again)
    assert (plan.preset.key, plan.standard.key) == ("ours", "ours")
    assert plan.totals["assigned"] == 4
    assert group(again, GroupOptions()).scheme.settings["preset"] == again.preset

"""A preset and a standard from the user's own files belong to the project, not to the place of the files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point, box

from renomap.assets import resource
from renomap.deficits import presets
from renomap.errors import RenomapError
from renomap.model.feedback import Silent
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.steps.groundwork import lay_ground
from renomap.steps.group import build_problem, chosen_settings, group, standard_under
from renomap.steps.import_ import import_sources
from renomap.steps.judge import judge_by
from renomap.steps.options import GroupOptions
from renomap.steps.plan import make_plan
from renomap.store import projectfile

#: A facility that no shipped standard has.
LIBRARIES = """
key = "ours"
zh = "自拟"
en = "Ours"
persons_per_household = { value = 3.2, source = "x", status = "unverified" }

[[facility]]
key = "library"
zh = "阅览室"
en = "Library"
unit = "m2"
base = "household"
rate = 15
rate_per = 100
min_size = 40
supply_field = "library_m2"
level = "area"
category = "upgrade"
source = "x"
status = "unverified"
"""


def _own(path: Path, shipped: str) -> Path:
    """A copy of a shipped table under a key of its own."""
    lines = resource(shipped).read_text(encoding="utf-8").splitlines()
    place = next(k for k, line in enumerate(lines) if line.startswith("key ="))
    lines[place] = 'key = "ours"'
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four neighbourhoods of 300 households in a row."""
    shapes = [box(x, 3120000, x + 100, 3120080) for x in range(400000, 400440, 110)]
    table = {"小区名称": list("甲乙丙丁"), "户数": [300] * 4, "建成年代": [1985] * 4}
    table["library_m2"] = [None] * 4
    gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4547").to_file(tmp_path / "survey.gpkg")
    return import_sources([tmp_path / "survey.gpkg"])


def test_pooling_is_weighed_by_the_standard_that_the_planner_chose(project: Project, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(LIBRARIES, encoding="utf-8")
    chosen = judge_by(project, str(tmp_path / "ours.toml"), ["library.min_size=60"], by="-")
    preset = presets.load("changsha")
    settings = chosen_settings(GroupOptions(preset="changsha"), preset)
    work = lay_ground(chosen, preset, settings, Silent())
    # 300 x 15 / 100 = 45 m2 are fewer than the 60 of the meeting: all four gain by pooling, by nothing else
    problem = build_problem(chosen, preset, settings, work)
    assert problem.pooling is not None
    assert problem.pooling.gain.tolist() == [[300.0] * 4]
    # whoever has chosen nothing gets what the preset brings
    assert standard_under(project, preset) == "changsha"
    assert standard_under(chosen, preset) == chosen.standard


def test_a_column_of_supply_that_nobody_knows_is_refused_with_its_line(
    project: Project, tmp_path: Path
) -> None:
    """What is in a project already stays; only a standard that is newly chosen is asked for its columns."""
    text = LIBRARIES.replace("library_m2", "libary_m2")
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RenomapError) as caught:
        judge_by(project, str(tmp_path / "ours.toml"), [], by="-")
    line = text.splitlines().index('supply_field = "libary_m2"') + 1
    assert (caught.value.code, caught.value.params["line"]) == ("deficits.table-column", line)
    old = replace(project, standard=text)
    assert judge_by(old, None, ["library.min_size=60"], by="-").standard == text
    # shown on the map instead of surveyed: known
    shelves = gpd.GeoDataFrame({"facility": ["library"]}, geometry=[Point(0, 0)], crs="EPSG:4547")
    shown = replace(project, layers=(*project.layers, Layer("libs", "libs", Role.FACILITIES, shelves)))
    assert judge_by(shown, str(tmp_path / "ours.toml"), [], by="-").standard == text


def test_a_project_outlives_the_files_of_its_tables(project: Project, tmp_path: Path) -> None:
    preset = _own(tmp_path / "preset.toml", "presets/national.toml")
    standard = _own(tmp_path / "standard.toml", "standards/national.toml")
    project = group(project, GroupOptions(preset=str(preset))).project
    project = judge_by(project, str(standard), [], by="-")
    preset.unlink()
    standard.unlink()
    projectfile.save(project, tmp_path / "p.gpkg")
    again = projectfile.open_project(tmp_path / "p.gpkg")
    plan = make_plan(again)
    assert (plan.preset.key, plan.standard.key) == ("ours", "ours")
    assert plan.totals["assigned"] == 4
    assert group(again, GroupOptions()).scheme.settings.preset == again.preset

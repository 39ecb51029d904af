"""One file a facility: what it says is found everywhere, and a new one takes nothing but a file and a row."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from renomap.assets import resource
from renomap.deficits import standards
from renomap.deficits.rules import UNITS
from renomap.facilities import drawn_as, facility_kinds, survey_columns

BOOKSHOP = """
zh = "社区书店"
en = "Community bookshop"
short = { zh = "书店", en = "Books" }
unit = "m2"

[survey]
column = "bookshop_m2"
zh = "书店面积"
en = "bookshop (m²)"
headers = ["书店面积", "书吧面积"]

[kinds]
values = ["books"]
words = ["书店", "书吧"]

[map]
zh = "书店"
en = "Bookshop"
marker = "book"
fill = "#303030"
size_mm = 4.0
"""
ROW = """
key = "ours"
extends = "national"
edition = "x"
zh = "自拟"
en = "Ours"

[[facility]]
key = "bookshop"
base = "household"
rate = 10
rate_per = 100
radius_m = 500
level = "area"
category = "upgrade"
source = "区里"
status = "example"
"""
#: Runs where the files of the program are a copy with one file more; says what each room knows of it.
SCRIPT = """
import json, sys
from pathlib import Path
from renomap import assets
home = Path(sys.argv[1])
assets._home = lambda package, folder: home / folder
import geopandas as gpd
import pandas as pd
from shapely.geometry import Point, box
from renomap.cartography.content import map_content
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.outputs.report_content import content
from renomap.outputs.plan_tables import deficits
from renomap.outputs.webmap import write_html
from renomap.steps.naming import area_shapes, dress_areas
from renomap.steps.import_ import import_sources
from renomap.steps.judge import judge_by
from renomap.steps.plan import make_plan
from renomap.wording.catalogue import words
shapes = [box(x, 3120000, x + 100, 3120080) for x in range(400000, 400440, 110)]
table = {"小区名称": list("甲乙丙丁"), "户数": [300] * 4, "书吧面积": ["20㎡", "0", "10", "15"]}
gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4547").to_file(home / "小区.gpkg")
shops = {"name": ["老街书店", "新知"], "kind": ["店铺", "books"]}
points = [Point(400050, 3120040), Point(400160, 3120040)]
gpd.GeoDataFrame(shops, geometry=points, crs="EPSG:4547").to_file(home / "设施.gpkg")
project = import_sources([home / "小区.gpkg", home / "设施.gpkg"])
project = judge_by(project, str(home / "ours.toml"), [], by="-")
one = pd.Series(1, index=project.neighbourhoods.frame.index)
plan = make_plan(project.with_scheme(Scheme("s", "", one, dress_areas(project, one))))
zh = words("zh")
write_html(plan, home / "map.html", zh)
told, drawn = content(plan, zh, area_pages=True), map_content(plan, "areas", zh)
frame = project.neighbourhoods.frame
print(json.dumps({
    "import": [float(v) for v in frame["bookshop_m2"]],
    "kinds": [str(v) for v in project.layers_of(Role.FACILITIES)[0].frame["facility"]],
    "legend": [entry.text for group in drawn.legend for entry in group.entries],
    "markers": [style.marker for style in drawn.layer("facilities").symbols],
    "theme": map_content(plan, "deficit:bookshop", zh).heading,
    "table": sum("社区书店" in row for row in deficits(plan, zh).rows),
    "report": "社区书店" in json.dumps(told, ensure_ascii=False),
    "web": "社区书店" in (home / "map.html").read_text("utf-8"),
    "field": zh["field.bookshop_m2"],
    "short": zh["window.short.bookshop"],
}, ensure_ascii=False))
"""


def test_every_file_is_whole_and_of_a_known_unit() -> None:
    kinds = facility_kinds()
    assert {item.key for item in standards.load("national").facilities} == set(kinds)
    for kind in kinds.values():
        assert set(kind.names) == set(kind.short_names) == {"zh", "en"}
        assert kind.rules["unit"] in UNITS
        assert set(kind.column_names) in (set(), {"zh", "en"})
        assert bool(kind.column_names) == bool(kind.headers)
        assert bool(kind.map_names) == bool(kind.symbol)
    columns = [kind.column for kind in kinds.values()]
    assert len(set(columns)) == len(columns)


def test_columns_stand_in_the_order_of_the_files_not_of_the_alphabet() -> None:
    assert survey_columns()[:4] == ("chargers", "elder_m2", "nursery_places", "kinder_m2")


@pytest.mark.parametrize(
    ("key", "drawn"), [("elder", "elder_care"), ("sports_court", "activity_ground"), ("swimming", None)]
)
def test_other_keys_are_drawn_as_a_kind_that_is_known(key: str, drawn: str | None) -> None:
    kind = drawn_as(key)
    assert (kind and kind.key) == drawn


@pytest.mark.long
def test_a_new_facility_is_one_file_and_one_row(tmp_path: Path) -> None:
    shutil.copytree(resource(""), tmp_path / "resources", ignore=shutil.ignore_patterns("pictures"))
    (tmp_path / "resources" / "facilities" / "bookshop.toml").write_text(BOOKSHOP, encoding="utf-8")
    (tmp_path / "ours.toml").write_text(ROW, encoding="utf-8")
    run = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found == {
        "import": [20.0, 0.0, 10.0, 15.0],
        "kinds": ["bookshop", "bookshop"],  # one by its name, one by its kind
        "legend": ["待核小区（暂纳入片区）", "片区范围线", "实施范围线", "社区书店"],
        "markers": ["book"],
        "theme": "社区书店缺口分析图",
        "table": 1,
        "report": True,
        "web": True,
        "field": "书店面积",
        "short": "书店",
    }

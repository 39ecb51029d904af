"""Who may join by the year of building, and what an area brings in: T07 and T24."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely
from test_programme import Run, kept, make_town, run

__all__ = ["run"]  # the fixture of the other commands of the programme


def test_t07_built_by_the_end_of_2000_and_nobody_dropped_for_a_blank(tmp_path: Path, run: Run) -> None:
    years = ["2000", "2001", "90年代", "1998-2002", None]
    frame = gpd.GeoDataFrame(
        {"小区名称": list("甲乙丙丁戊"), "建成年代": years, "户数": [100] * 5},
        geometry=[shapely.box(500_000 + 110 * i, 3_100_000, 500_100 + 110 * i, 3_100_100) for i in range(5)],
        crs="EPSG:4547",
    )
    survey, path, out = tmp_path / "survey.gpkg", tmp_path / "p.gpkg", tmp_path / "out.geojson"
    frame.to_file(survey, layer="小区")
    assert run("import", survey, "-o", path)[0] == 0
    assert run("group", path, "-o", path, "--preset", "guangzhou", "--min-count", "1")[0] == 0
    assert run("export", path, "-o", out, "--layer", "neighbourhoods")[0] == 0
    told = gpd.read_file(out).set_index("name")["eligibility"]
    assert told[list("甲乙丙丁戊")].tolist() == ["eligible", "not_eligible", "eligible", "pending", "pending"]


def test_t24_a_profitable_work_moved_changes_both_areas(tmp_path: Path, run: Run) -> None:
    """Pipes of 900,000 bring nothing, parking of 100,000 brings 50,000 a year: 5 %, nothing without it."""
    projects = [{"scheme": "s1", "area": 1}, {"fid": 9, "name": "壬里"}]
    yields = {}
    for home in (1, 9):
        works = [
            {"fid": 1, "item": "pipes", "cost": 900_000, "annual_income": 0},
            {"fid": 9, "item": "roof", "cost": 400_000, "annual_income": 0},
            {"fid": home, "item": "parking", "cost": 100_000, "annual_income": 50_000},
        ]
        told = run("programme", kept(make_town(), tmp_path, projects=projects, works=works))[1]["projects"]
        yields[home] = {
            one["area"] or -one["fid"]: (one["income"], one["yield_low"], one["yield_high"]) for one in told
        }
    assert yields[1] == {1: (50_000, 0.05, 0.05), -9: (0, 0.0, 0.0)}
    assert yields[9] == {1: (0, 0.0, 0.0), -9: (50_000, 0.1, 0.1)}
    works = [{"fid": 1, "item": "pipes", "cost": 900_000}, {**works[2], "fid": 1}]
    told = run("programme", kept(make_town(), tmp_path, projects=projects, works=works))[1]["projects"]
    open_end = {
        one["area"] or -one["fid"]: (one["income"], one["yield_low"], one["yield_high"]) for one in told
    }
    assert open_end == {1: (50_000, 0.05, None), -9: (None, None, None)}, "pipes may bring something, too"

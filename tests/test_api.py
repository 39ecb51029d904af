"""The front door of the library: each wrong input a named error in a sentence, each right one an answer."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point, box

from renomap import api
from renomap.errors import RenomapError
from renomap.steps.options import GroupOptions

CRS = "EPSG:4547"
E, N = 500_000.0, 3_100_000.0


def squares(n: int = 2, **columns: Any) -> gpd.GeoDataFrame:
    """A row of squares of 90 m, 20 m apart, labelled a, b, c..."""
    shapes = [box(E + 110 * i, N, E + 110 * i + 90, N + 90) for i in range(n)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS, index=list("abcdefghijkl"[:n]))


def road(**columns: Any) -> gpd.GeoDataFrame:
    """A line between the first two squares."""
    return gpd.GeoDataFrame(columns, geometry=[LineString([(E + 100, N - 500), (E + 100, N + 500)])], crs=CRS)


def with_shape(shape: shapely.Geometry | None) -> gpd.GeoDataFrame:
    frame = squares()
    return frame.set_geometry(np.array([frame.geometry.iloc[0], shape], dtype=object)).set_crs(CRS)


def repeated_column() -> gpd.GeoDataFrame:
    return squares(名称=["a", "b"], 别名=["a", "b"]).rename(columns={"别名": "名称"})


WRONG: dict[str, tuple[Callable[[], Any], str]] = {
    "no frame": (lambda: api.links(None), "frames.no-frame"),  # type: ignore[arg-type]
    "a plain table": (lambda: api.links(pd.DataFrame({"households": [1]})), "frames.no-frame"),  # type: ignore[arg-type]
    "a series of shapes": (lambda: api.links(squares().geometry), "frames.no-frame"),  # type: ignore[arg-type]
    "no column of shapes": (
        lambda: api.links(gpd.GeoDataFrame({"households": [1]})), "frames.no-geometry"
    ),
    "no rows": (lambda: api.links(squares().iloc[:0]), "frames.empty"),
    "no system": (lambda: api.links(squares().set_crs(None, allow_override=True)), "frames.no-crs"),
    "degrees": (lambda: api.links(squares().to_crs("EPSG:4490")), "frames.degrees"),
    "Web Mercator": (lambda: api.links(squares().to_crs("EPSG:3857")), "frames.mercator"),
    "feet": (lambda: api.links(squares().set_crs("EPSG:2263", allow_override=True)), "frames.no-metres"),
    "roads in degrees": (
        lambda: api.links(squares(), roads=road(highway=["primary"]).to_crs("EPSG:4326")), "frames.degrees"
    ),
    "roads in another zone": (
        lambda: api.links(squares(), roads=road(highway=["primary"]).to_crs("EPSG:4548")), "frames.other-crs"
    ),
    "roads without a system": (
        lambda: api.links(squares(), roads=road().set_crs(None, allow_override=True)), "frames.no-crs"
    ),
    "one label twice": (lambda: api.links(squares().set_axis(["a", "a"])), "frames.label-repeated"),
    "a label missing": (lambda: api.links(squares().set_axis(["a", None])), "frames.label-missing"),
    "one column twice": (lambda: api.links(repeated_column()), "frames.column-repeated"),
    "a row without a shape": (lambda: api.links(with_shape(None)), "frames.no-shape"),
    "an empty shape": (lambda: api.links(with_shape(shapely.Polygon())), "frames.no-shape"),
    "a polygon without surface": (
        lambda: api.links(with_shape(shapely.Polygon([(E, N), (E + 9, N), (E, N)]))), "frames.no-shape"
    ),
    "a point among polygons": (lambda: api.links(with_shape(Point(E, N))), "frames.shape-kind"),
    "coordinates that are no numbers": (
        lambda: api.links(with_shape(shapely.polygons([(0, 0), (np.inf, 0), (0, 1)]))), "frames.no-numbers"
    ),
    "roads of points": (
        lambda: api.links(squares(), roads=gpd.GeoDataFrame(geometry=[Point(E, N)], crs=CRS)),
        "frames.shape-kind",
    ),
    "a layer nobody knows": (lambda: api.links(squares(), rivers=road()), "frames.unknown-layer"),
    "a negative gap": (lambda: api.links(squares(), gap_m=-1.0), "steps.gap-negative"),
    "a gap that is no number": (lambda: api.links(squares(), gap_m=float("nan")), "steps.gap-negative"),
    "no such preset": (
        lambda: api.group(squares(), GroupOptions(preset="beijing9")), "deficits.unknown-preset"
    ),
    "no such standard": (
        lambda: api.deficits(squares(area_id=[1, 1]), standard="nowhere"), "deficits.unknown-standard"
    ),
    "a value nobody understands": (
        lambda: api.deficits(squares(area_id=[1, 1]), meeting=("parking",)), "deficits.set-form"
    ),
    "no such column of areas": (lambda: api.deficits(squares()), "frames.assignment-column"),
    "areas of other labels": (
        lambda: api.deficits(squares(), pd.Series({"a": 1, "z": 1})), "frames.assignment-labels"
    ),
    "areas as a list": (lambda: api.deficits(squares(), [1, 1]), "frames.assignment-kind"),  # type: ignore[arg-type]
    "nobody in an area": (lambda: api.outlines(squares(area_id=[0, None])), "frames.no-area"),
    "a column that means nothing known": (
        lambda: api.group(squares(HS=[1, 2]), fields={"HS": "houses"}), "sources.unknown-canonical"
    ),
    "a meaning for a column that is not there": (
        lambda: api.group(squares(), fields={"HS": "households"}), "sources.unknown-field"
    ),
    "an ending nobody writes": (
        lambda: api.report(api.deficits(squares(area_id=[1, 1])), "plan.docx2"), "steps.export-unknown"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(WRONG))
def test_what_is_wrong_is_told_by_name_in_a_sentence(case: str) -> None:
    call, code = WRONG[case]
    with pytest.raises(RenomapError) as told:
        call()
    assert told.value.code == code
    said = str(told.value)
    assert said == told.value.sentence
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize("column", ["highway", "fclass", "road_class", "道路等级", "HIGHWAY"])
def test_a_road_parts_whatever_its_column_is_called(column: str) -> None:
    assert len(api.links(squares())) == 1
    assert len(api.links(squares(), roads=road(**{column: ["primary"]}))) == 0
    assert len(api.links(squares(), roads=road(**{column: ["residential"]}))) == 1


def test_roads_of_unknown_class_are_told() -> None:
    with pytest.warns(UserWarning, match="parts neighbourhoods"):
        assert len(api.links(squares(), roads=road(width=[7.0]))) == 1


def test_links_have_the_labels_that_came_in() -> None:
    found = api.links(squares(3))
    assert list(zip(found["a"], found["b"], strict=True)) == [("a", "b"), ("b", "c")]
    assert found["frontage_m"].tolist() == pytest.approx([90.0, 90.0], abs=1e-6)
    assert found["gap_m"].tolist() == pytest.approx([20.0, 20.0], abs=1e-6)
    assert found.crs == squares().crs
    assert len(api.links(squares(1))) == 0


def test_areas_keep_their_names_and_numbers_their_sums() -> None:
    town = squares(4, 户数=["300户", "200", None, "约100"], area_id=["east", "east", "west", 0])
    found = api.deficits(town)
    assert found.neighbourhoods["area_id"].to_dict() == {"a": 1, "b": 1, "c": 2, "d": 0}
    assert found.areas["name"].tolist() == ["east", "west"]
    assert found.areas["households"].iloc[0] == 500
    assert np.isnan(found.areas["households"].iloc[1]), "unknown is never 0"
    assert repr(found) == "<Areas: 2 areas of 3 neighbourhoods, 1 in none>"
    whole = api.outlines(town)
    assert whole["name"].tolist() == ["east", "west"]
    assert whole.geometry.iloc[0].buffer(0.01).contains(town.geometry.loc[["a", "b"]].union_all())


def test_the_same_answer_for_rows_in_another_order() -> None:
    town = squares(6, households=[300, 250, 400, 350, 200, 500])
    options = GroupOptions(areas=2, bounds={"area_ha_max": None, "households_min": None})
    one, two = api.group(town, options), api.group(town.iloc[::-1], options)
    pairs = one.neighbourhoods["area_id"], two.neighbourhoods["area_id"].reindex(town.index)
    assert pd.crosstab(*pairs).gt(0).sum().max() == 1


def test_a_column_called_like_one_of_ours_does_no_harm() -> None:
    town = squares(households=[10, 20], area_id=["x", "x"], fate=["a", "b"], elevator_need=[1, 2])
    assert api.deficits(town).areas["households"].tolist() == [30.0]


def test_a_report_is_written_as_its_ending_says(tmp_path: Path) -> None:
    found = api.deficits(squares(households=[300, 200], area_id=[1, 1]))
    written = api.report(found, tmp_path / "areas.geojson", language="en")
    assert gpd.read_file(written)["households"].tolist() == [500]
    assert api.report(found, tmp_path / "map.html").stat().st_size > 10_000


def test_the_page_about_the_library_runs(tmp_path: Path) -> None:
    """The code of docs/library.md, from an empty folder."""
    page = (Path(__file__).parents[1] / "docs" / "library.md").read_text(encoding="utf-8")
    blocks = [part.split("```")[0] for part in page.split("```python\n")[1:]]
    squares(6, HS=[300, 250, 400, 350, 200, 500]).to_file(tmp_path / "compounds.shp")
    road(highway=["primary"]).to_file(tmp_path / "roads.shp")
    run = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", "\n".join(blocks)],
        cwd=tmp_path, capture_output=True, text=True, check=False, env=dict(os.environ),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix in (".html", ".pdf")) == ["map.html"]

"""Each neighbourhood belongs to the administrative unit that holds most of it."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from renomap.errors import RenomapError
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.steps.within import resolve_within

CRS = "EPSG:4547"


def _layer(key: str, role: Role, rows: list[dict[str, object]]) -> Layer:
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    frame.index = frame.index.astype("int64").rename("fid") + 1
    return Layer(key, key, role, frame)


def _project(streets: list[str | None]) -> Project:
    shapes = [box(0, 0, 10, 10), box(8, 20, 18, 30), box(30, 0, 40, 10), box(500, 0, 510, 10)]
    rows = [
        {"street": street, "community": None, "name": f"n{i}", "geometry": shape}
        for i, (street, shape) in enumerate(zip(streets, shapes, strict=True))
    ]
    units = [
        {"乡": "东街", "name": "东街", "level": "street", "geometry": box(0, 0, 10, 100)},
        {"乡": "西街", "name": "西街", "level": "street", "geometry": box(10, 0, 100, 100)},
    ]
    return Project(
        CRS,
        (
            _layer("neighbourhoods", Role.NEIGHBOURHOODS, rows),
            _layer("subdistricts", Role.BOUNDARY, units),
        ),
    )


def test_by_polygons_takes_the_larger_share_and_says_what_was_unclear() -> None:
    found = resolve_within(_project([None] * 4), "subdistricts.乡")
    assert found.units is not None
    assert found.units.tolist() == ["东街", "西街", "西街", "西街"]
    notes = {note.code: note for note in found.notes}
    assert notes["steps.within-split"].fids == (2,)  # 8 of 10 m lie in 西街
    assert notes["steps.within-outside"].fids == (4,)
    assert found.polygons is not None
    assert list(found.polygons.index) == ["东街", "西街"]


def test_the_street_field_decides_where_it_is_known_and_brings_its_lines() -> None:
    found = resolve_within(_project(["东街", "东街", "西街", None]), None)
    assert found.spec == "street"
    assert found.units is not None
    assert found.units.tolist()[:3] == ["东街", "东街", "西街"]
    assert found.polygons is not None
    assert [note.code for note in found.notes] == ["steps.within-missing"]


def test_a_layer_of_subdistricts_decides_where_the_field_is_empty() -> None:
    assert resolve_within(_project([None] * 4), None).spec == "subdistricts.name"


def test_none_is_free_and_unknown_is_refused_with_choices() -> None:
    assert resolve_within(_project([None] * 4), "none").units is None
    with pytest.raises(RenomapError) as caught:
        resolve_within(_project([None] * 4), "subdistricts.village")
    assert "subdistricts.name" in caught.value.params["known"]


def test_halves_go_to_the_first_name_and_a_common_border_is_no_ground() -> None:
    project = _project([None] * 4)
    layer = project.layers[0]
    shapes = [box(5, 0, 15, 10), box(100, 0, 110, 10), *layer.frame.geometry[2:]]
    moved = layer.frame.set_geometry(gpd.GeoSeries(shapes, index=layer.frame.index, crs=CRS))
    found = resolve_within(project.with_layer(replace(layer, frame=moved)), "subdistricts.乡")
    assert found.units is not None
    assert found.units.tolist()[:2] == ["东街", "西街"]
    outside = next(note for note in found.notes if note.code == "steps.within-outside")
    assert outside.fids == (2, 4)  # the second only touches its unit


def test_of_a_layer_with_several_levels_the_subdistricts_decide_each_time() -> None:
    """The spec that a scheme keeps finds the units again that it was grouped by."""
    project = _project([None] * 4)
    layer = project.layers[1]
    whole = [{"乡": "全区", "name": "全区", "level": "district", "geometry": box(0, 0, 100, 100)}]
    frame = gpd.GeoDataFrame(pd.concat([gpd.GeoDataFrame(whole, crs=CRS), layer.frame], ignore_index=True))
    project = project.with_layer(replace(layer, frame=frame))
    first = resolve_within(project, None)
    again = resolve_within(project, first.spec)
    for found in (first, again):
        assert found.units is not None
        assert found.units.tolist() == ["东街", "西街", "西街", "西街"]
        assert found.level == "street"
        assert found.subdistricts is found.units


def test_only_what_may_be_a_subdistrict_fills_that_column() -> None:
    project = _project([None] * 4)
    rows, lines = project.layers
    named = rows.frame.assign(community=["甲社区"] * 4)
    assert resolve_within(project.with_layer(replace(rows, frame=named)), "community").subdistricts is None
    communities = lines.frame.assign(level="community")
    found = resolve_within(project.with_layer(replace(lines, frame=communities)), "subdistricts.name")
    assert (found.level, found.subdistricts) == ("community", None)
    silent = lines.frame.assign(level=None)
    unknown = resolve_within(project.with_layer(replace(lines, frame=silent)), "subdistricts.乡")
    assert unknown.level == ""
    assert unknown.subdistricts is unknown.units

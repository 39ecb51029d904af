from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from survey_files import frame, square, write

from renomap.errors import RenomapError
from renomap.model.roles import Role
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read

LINE = shapely.LineString([(395_000, 3_120_990), (395_400, 3_120_990)])
AREA, WAY, SPOT = [square(0), square(1)], [LINE], [shapely.Point(395_050, 3_121_050)]


@pytest.mark.parametrize(
    ("title", "shapes", "columns", "role"),
    [
        ("老旧小区边界", AREA, {}, Role.NEIGHBOURHOODS),
        ("xiaoqu", AREA, {}, Role.NEIGHBOURHOODS),
        ("Export_Output", AREA, {"小区名称": ["a", "b"], "户数": [1, 2]}, Role.NEIGHBOURHOODS),
        ("建筑物", AREA, {}, Role.BUILDINGS),
        ("layer0", AREA, {"层数": [6, 6], "楼栋号": ["1", "2"]}, Role.BUILDINGS),
        ("街道边界", AREA, {}, Role.BOUNDARY),
        ("社区", AREA, {}, Role.BOUNDARY),
        ("改造片区", AREA, {}, Role.AREAS),
        ("用地现状", AREA, {}, Role.LANDUSE),
        ("水系", AREA, {}, Role.WATER),
        ("道路中心线", WAY, {}, Role.ROADS),
        ("lines", WAY, {"highway": ["primary"]}, Role.REFERENCE),
        ("街道中心线", WAY, {}, Role.ROADS),
        ("铁路", WAY, {}, Role.RAILWAYS),
        ("围墙", WAY, {}, Role.BARRIERS),
        ("配套设施", SPOT, {"设施类型": ["幼儿园"]}, Role.FACILITIES),
        ("存量资源", SPOT, {}, Role.SITES),
    ],
)
def test_a_layer_is_known_by_name_shape_and_columns(
    tmp_path: Path, title: str, shapes: list, columns: dict, role: Role
) -> None:
    layers = {title: frame(shapes, **columns), "其他": frame(AREA)}
    reading = read([write(tmp_path / "a.gpkg", layers)], ImportOptions(roles={"其他": "reference"}))
    found = next(layer for layer in reading.layers if layer.title == title)
    assert found.role is role
    assert found.frame.index.tolist() == list(range(1, len(shapes) + 1))


def test_only_one_layer_is_the_neighbourhoods_and_the_others_say_so(tmp_path: Path) -> None:
    layers = {"小区": frame(AREA), "compounds_2019_old": frame([*AREA, square(4)])}
    reading = read([write(tmp_path / "a.gpkg", layers)])
    assert [layer.role for layer in reading.layers] == [Role.NEIGHBOURHOODS, Role.REFERENCE]
    assert any(note.code == "sources.role-set-aside" for note in reading.notes)


def test_a_lone_unknown_layer_of_polygons_is_taken_with_little_confidence(tmp_path: Path) -> None:
    reading = read([write(tmp_path / "a.gpkg", {"Export_Output": frame(AREA)})])
    assert reading.layers[0].role is Role.NEIGHBOURHOODS
    note = next(note for note in reading.notes if note.code == "sources.role-by-elimination")
    assert note.confidence is not None
    assert note.confidence < 0.5
    assert note.params["overrule"] == "--role Export_Output=ROLE"


def test_the_user_wins(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"小区": frame(AREA), "街道边界": frame(AREA)})
    roles = {"街道边界": "neighbourhoods", "a.gpkg:小区": "none"}
    reading = read([path], ImportOptions(roles=roles))
    assert [(layer.title, layer.role) for layer in reading.layers] == [("街道边界", Role.NEIGHBOURHOODS)]


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ({"小区": "hamlets"}, "sources.unknown-role"),
        ({"城区": "neighbourhoods"}, "sources.unknown-layer"),
        ({"小区": "neighbourhoods", "道路": "neighbourhoods"}, "sources.two-neighbourhoods"),
        ({"道路": "neighbourhoods", "小区": "none"}, "sources.needs-polygons"),
        ({"道路": "none", "小区": "none"}, "sources.all-left-out"),
    ],
)
def test_roles_that_cannot_be(tmp_path: Path, roles: dict[str, str], code: str) -> None:
    path = write(tmp_path / "a.gpkg", {"小区": frame(AREA), "道路": frame(WAY)})
    with pytest.raises(RenomapError) as raised:
        read([path], ImportOptions(roles=roles))
    assert raised.value.code == code

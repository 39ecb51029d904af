from __future__ import annotations

import pytest

from renomap.assets import table
from renomap.errors import RenomapError
from renomap.facilities import facility_kinds
from renomap.model.fields import COLUMNS
from renomap.model.roles import Role
from renomap.sources.synonyms import PSEUDO, check_canonical, header_key, meaning_of, meanings


def test_the_table_only_names_columns_that_exist() -> None:
    for role, content in table("synonyms").items():
        assert set(content) <= {*COLUMNS[Role(role)], *PSEUDO}


def test_no_header_of_a_role_means_two_things() -> None:
    supply = {kind.column: kind.headers for kind in facility_kinds().values()}
    for role, content in table("synonyms").items():
        content = content | (supply if role == "neighbourhoods" else {})
        words = [word for synonyms in content.values() for word in synonyms]
        assert len(words) == len(set(words)), role


@pytest.mark.parametrize(
    ("header", "canonical", "factor"),
    [
        ("小区名称", "name", 1),
        (" 小 区\n名称 ", "name", 1),
        ("小区名", "name", 1),
        ("XQMC", "name", 1),
        ("项目名称", "name", 1),
        ("1、小区名称", "name", 1),
        ("所属街道", "street", 1),
        ("ssjd", "street", 1),
        ("居委", "community", 1),
        ("建造时间", "year", 1),
        ("楼栋数（栋）", "buildings", 1),
        ("门洞数", "stairwells", 1),
        ("住宅总套数", "households", 1),
        ("户数(户)", "households", 1),
        ("常住人口", "population", 1),
        ("60岁以上人口", "elderly", 1),
        ("建筑面积(万㎡)", "floor_area_m2", 1e4),
        ("建筑面积（万平方米）", "floor_area_m2", 1e4),
        ("总建筑面积", "floor_area_m2", 1),
        ("占地面积（亩）", "land_area_m2", 2000 / 3),
        ("占地面积公顷", "land_area_m2", 1e4),
        ("加装电梯", "elevators", 1),
        ("泊位", "parking_spaces", 1),
        ("充电桩", "chargers", 1),
        ("有无物业", "property_mgmt", 1),
        ("同意户数", "consent_yes", 1),
        ("households", "households", 1),
    ],
)
def test_headers_of_real_inventories(header: str, canonical: str, factor: float) -> None:
    found = meaning_of(header, Role.NEIGHBOURHOODS)
    assert found is not None
    assert found[0].canonical == canonical
    assert found[0].factor == pytest.approx(factor)


def test_a_name_cut_at_ten_bytes_is_recognised_as_a_guess() -> None:
    found = meaning_of("住宅总", Role.NEIGHBOURHOODS)
    assert found is not None
    assert (found[0].canonical, found[0].exact) == ("households", False)


def test_the_best_synonym_wins_and_the_user_wins_over_it() -> None:
    columns = ["name", "小区名称", "name_guess"]
    assert [m.column for m in meanings(columns, Role.NEIGHBOURHOODS, {})] == ["小区名称"]
    assert [m.column for m in meanings(columns, Role.NEIGHBOURHOODS, {"name_guess": "name"})] == [
        "name_guess"
    ]


def test_a_unit_in_brackets_is_no_part_of_the_word() -> None:
    assert header_key("建筑面积（万㎡）") == ("建筑面积", "万m2")
    assert header_key("面积公顷") == ("面积", "公顷")


def test_a_canonical_name_nobody_has_is_refused() -> None:
    with pytest.raises(RenomapError) as raised:
        check_canonical("storeys", [Role.BUILDINGS])
    assert raised.value.code == "sources.unknown-canonical"
    check_canonical("floors", [Role.BUILDINGS])
    check_canonical("year", [Role.BUILDINGS])

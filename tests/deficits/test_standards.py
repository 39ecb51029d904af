"""Standards as they are shipped, and what is refused in a user's own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from renomap.assets import resource
from renomap.deficits import presets, standards
from renomap.deficits.rules import PoolingWay, pooling
from renomap.errors import RenomapError
from renomap.facilities import facility_kinds
from renomap.model.standard import Level, Status
from renomap.wording.catalogue import error_sentence, words

HEAD = 'key = "own"\nextends = "national"\nzh = "自"\nen = "own"\n'
FACILITY = """
[[facility]]
key = "lounge"
zh = "会客厅"
en = "Lounge"
unit = "m2"
base = "household"
rate = 2
supply_field = "lounge_m2"
level = "area"
category = "upgrade"
source = "区里"
status = "example"
"""


def refused(text: str) -> RenomapError:
    with pytest.raises(RenomapError) as caught:
        standards.parse(text, "own.toml")
    for language in ("zh", "en"):
        assert "{" not in re.sub(
            r"\{ (population_min|value) = .*?\}", "", error_sentence(words(language), caught.value)
        )
    return caught.value


def test_shipped_standards() -> None:
    assert standards.available() == ("changsha", "guangzhou", "national")
    for name in standards.available():
        standard = standards.load(name)
        assert [item.key for item in standard.facilities[:3]] == ["elevator", "parking", "elder_care"]
        assert {item.key for item in standard.facilities} == set(facility_kinds())
        assert all(item.source and item.clause for item in standard.facilities)


def test_statuses_are_those_of_the_sources() -> None:
    """What has been read is verified or partly, memory stays unverified: copied by hand."""
    national = {item.key: item.status for item in standards.load("national").facilities}
    assert Status.VERIFIED not in national.values()
    assert {key for key, status in national.items() if status is Status.PARTLY} == {
        "elevator",
        "kindergarten",
        "nursery_places",
        "activity_ground",
        "canteen",
        "parcel",
        "security",
        "ebike",  # these three were read in copies of the official text
        "fire_access",
        "property",
    }
    assert national["parking"] is Status.ABSENT
    assert national["ev_charging"] is Status.EXAMPLE
    assert sum(status is Status.UNVERIFIED for status in national.values()) == 13


def test_cities_differ_only_where_they_say_so() -> None:
    national = {item.key: item for item in standards.load("national").facilities}
    for name, rate, least in (("changsha", 20, 300), ("guangzhou", 15, None)):
        standard = standards.load(name)
        assert [item.key for item in standard.facilities if item != national[item.key]] == ["elder_care"]
        care = standard.facility("elder_care")
        assert care is not None
        assert (care.rate, care.rate_per, care.min_size, care.status) == (rate, 100, least, Status.PARTLY)
    assert standards.load("guangzhou").persons_per_household == 3.207


def test_how_facilities_pool() -> None:
    ways = {item.key: pooling(item) for item in standards.load("national").facilities}
    assert {key for key, way in ways.items() if way is PoolingWay.LINKED} == {"parking"}
    assert {ways[key] for key in ("elevator", "waste", "activity_ground", "property")} == {PoolingWay.OWN}
    assert {ways[key] for key in ("elder_care", "green", "canteen", "ev_charging")} == {PoolingWay.AREA}
    by_people = [item for item in standards.load("national").facilities if "population_min" in item.trigger]
    assert len(by_people) == 9
    assert {(item.level, item.base, ways[item.key]) for item in by_people} == {
        (Level.COMMUNITY, "community", PoolingWay.OWN)
    }


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HEAD + FACILITY, encoding="utf-8")
    standard = standards.load(path)
    assert len(standard.facilities) == len(facility_kinds()) + 1
    assert standard.facilities[-1].key == "lounge"
    assert standard.persons_per_household == 3.2


def test_unknown_names_list_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(RenomapError) as caught:
        standards.load("beijing")
    assert caught.value.code == "deficits.unknown-standard"
    assert ", ".join(standards.available()) in error_sentence(words("en"), caught.value)
    with pytest.raises(RenomapError, match="unknown-standard"):
        standards.load(tmp_path)
    binary = tmp_path / "b.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RenomapError, match="table-unreadable"):
        standards.load(binary)


@pytest.mark.parametrize(
    ("change", "code", "key", "line"),
    [
        (('base = "household"', 'base = "persn"'), "deficits.table-choice", "base", 11),
        (('status = "example"', 'status = "certain"'), "deficits.table-choice", "status", 17),
        (('status = "example"', ""), "deficits.table-choice", "status", 6),
        (("rate = 2", "rat = 2"), "deficits.table-key", "rat", 12),
        (("rate = 2", "rate = -2"), "deficits.table-number", "rate", 12),
        (("rate = 2", 'rate = "2 + 2"'), "deficits.table-number", "rate", 12),
        (("rate = 2", "rate = true"), "deficits.table-number", "rate", 12),
        (("rate = 2", "rate = 2\nrate_per = 0"), "deficits.table-number", "rate_per", 13),
        (('level = "area"', 'level = "block"'), "deficits.table-choice", "level", 14),
        (('level = "area"', 'level = "building"\npooled = true'), "deficits.table-pooled", "pooled", 15),
        (('base = "household"', 'base = "area"\nlinked = true'), "deficits.table-area-base", "base", 11),
        (("rate = 2", 'rate = 2\ntrigger = "population >= 5000"'), "deficits.table-trigger", "trigger", 13),
        (("rate = 2", "rate = 2\ntrigger = { height_min = 3 }"), "deficits.table-trigger", "trigger", 13),
        (("rate = 2", "rate = 2\ntrigger = { floors_min = 3 }"), "deficits.table-floors", "trigger", 13),
        (('zh = "会客厅"', ""), "deficits.table-missing", "zh", 6),
        (('zh = "会客厅"', "zh = 3"), "deficits.table-text", "zh", 8),
        (('extends = "national"', 'extends = "nowhere"'), "deficits.table-choice", "extends", 2),
        (('extends = "national"', 'extends = "changsha"'), "deficits.table-choice", "extends", 2),
        (('extends = "national"', 'extend = "national"'), "deficits.table-key", "extend", 2),
        (('extends = "national"', ""), "deficits.table-missing", "persons_per_household", 1),
    ],
)
def test_mistakes_are_named_by_line_and_key(change: tuple[str, str], code: str, key: str, line: int) -> None:
    text = HEAD + FACILITY
    error = refused(text.replace(*change, 1))
    assert (error.code, error.params["key"], error.params["line"]) == (code, key, line)
    assert error.params["file"] == "own.toml"


def test_other_mistakes() -> None:
    assert refused(HEAD + FACILITY + FACILITY).code == "deficits.table-twice"
    assert refused("key = ").code == "deficits.table-syntax"
    changed = HEAD + '[[facility]]\nkey = "clinic"\nmin_size = 200\n'
    error = refused(changed)
    assert (error.code, error.params["key"]) == ("deficits.table-missing", "source"), (
        "a new number needs its source"
    )


def test_every_code_of_the_room_has_both_sentences() -> None:
    tables = [
        tomllib.loads(resource(f"i18n/{language}/deficits.toml").read_text(encoding="utf-8"))
        for language in ("en", "zh")
    ]
    assert tables[0].keys() == tables[1].keys()
    code = "".join(path.read_text(encoding="utf-8") for path in Path(standards.__file__).parent.glob("*.py"))
    used = set(re.findall(r'"(deficits\.[a-z-]+)"', code))
    assert used
    assert used <= tables[0].keys()
    kinds = {f"status.{status.value}" for status in Status}
    for name in standards.available():
        for item in standards.load(name).facilities:
            kinds |= {
                f"unit.{item.unit}",
                f"base.{item.base}",
                f"level.{item.level.value}",
                f"category.{item.category}",
            }
    assert kinds <= tables[0].keys()
    assert all(bound.status for name in presets.available() for bound in presets.load(name).bounds.values())


@pytest.mark.parametrize(("there", "is_known"), [({"lounge_m2"}, True), ({"lounge"}, True), (set(), False)])
def test_a_column_of_supply_that_nobody_knows_is_refused(
    there: set[str], is_known: bool, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(HEAD + FACILITY, encoding="utf-8")
    if is_known:
        standards.require_columns(own, there)
        return
    with pytest.raises(RenomapError) as caught:
        standards.require_columns(own, there)
    assert caught.value.code == "deficits.table-column"
    assert caught.value.params["value"] == "lounge_m2"

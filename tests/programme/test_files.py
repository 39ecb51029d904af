"""Rules of the cities as they are shipped, and what is refused in a user's own."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from renomap.assets import resource
from renomap.deficits import standards
from renomap.errors import RenomapError
from renomap.model.programme_rules import Before, Needs, SourceKind, WorkLayer
from renomap.model.standard import Status
from renomap.programme import catalogue, files, indicators
from renomap.wording.catalogue import error_sentence, words

CITIES = (
    "changsha",
    "guangzhou",
    "jiulongpo",
    "liaoning",
    "national",
    "shenyang",
    "shijingshan",
    "zhejiang",
)
OWN = """key = "own"
extends = "national"
zh = "自"
en = "own"

[[gate]]
key = "one"
zh = "一"
en = "one"
scope = "project"
needs = "events"
before = "site"
source = "x"
status = "example"
"""


def test_changsha_has_the_gates_of_the_conference() -> None:
    rules = files.load("changsha")
    assert [(gate.key, gate.needs, gate.before, gate.status.value) for gate in rules.gates] == [
        ("checkup", Needs.FIELDS, Before.POOL, "verified"),
        ("reserve", Needs.LIST, Before.ANNUAL, "verified"),
        ("branch", Needs.UPKEEP, Before.ANNUAL, "verified"),
        ("consent", Needs.CONSENT, Before.ANNUAL, "partly"),
        ("consult", Needs.EVENTS, Before.SITE, "verified"),
        ("notice", Needs.EVENTS, Before.SITE, "verified"),
        ("review", Needs.EVENTS, Before.SITE, "verified"),
        ("build", Needs.EVENTS, Before.ACCEPTED, "verified"),
        ("accept", Needs.ACCEPTANCE, Before.ACCEPTED, "verified"),
    ]
    assert {gate.key: gate.rounds for gate in rules.gates if gate.rounds > 1} == {
        "consult": 2,
        "notice": 2,
        "review": 2,
    }
    review = rules.gate("review")
    assert review is not None
    assert (review.bodies, review.bodies_status) == (("区级", "市级"), Status.UNVERIFIED)
    assert rules.satisfied_min is None, "the city gives no number"
    assert [one.zh for one in rules.departments] == ["住建", "发改", "民政", "卫健", "教育", "体育"]
    assert all(one.status is Status.UNVERIFIED for one in rules.departments)


def test_other_cities_keep_their_own_order_and_numbers() -> None:
    shenyang = files.load("shenyang").satisfied_min
    assert shenyang is not None
    assert (shenyang.value, shenyang.status) == (0.90, Status.VERIFIED)
    jiulongpo = files.load("jiulongpo")
    five = [gate.zh for gate in jiulongpo.gates if gate.before is Before.SITE]
    assert five == ["居民提议", "群众商议", "社区复议", "专业审议", "最终决议"]
    assert [name for name in CITIES if files.load(name).in_order] == ["jiulongpo"]
    consent = files.load("guangzhou").gate("consent")
    assert consent is not None
    assert consent.status is Status.UNVERIFIED


def test_nothing_is_shipped_that_no_source_gives() -> None:
    assert files.available() == CITIES
    for folder in ("programmes", "works", "indicators"):
        for path in sorted(resource(folder).glob("*.toml")):
            text = path.read_text(encoding="utf-8")
            assert not any(f"\n{word} = " in text for word in ("price", "cap", "min_days", "deadline")), path
            for rows in (rows for rows in tomllib.loads(text).values() if isinstance(rows, list)):
                assert all(row["source"].strip() and Status(row["status"]) for row in rows), path
    for name in CITIES:
        assert not any(gate.waivable for gate in files.load(name).gates)
    limits = files.load("changsha")
    assert limits.demolished_max is not None
    assert limits.rebuilt_max is not None
    assert (limits.demolished_max.value, limits.rebuilt_max.value) == (0.20, 2)
    assert limits.demolished_max.status is Status.PARTLY
    assert (limits.subsidised_elevators, limits.subsidised_rebuild) == (False, False)


def test_money_is_used_tied_first_and_paid_back_last() -> None:
    kinds = [one.kind for one in files.load("national").sources]
    debts = [one.key for one in files.load("national").sources if one.kind is SourceKind.FINANCING]
    assert debts == ["special_bonds", "bank"]
    assert kinds[-2:] == [SourceKind.FINANCING] * 2
    assert [one.key for one in files.load("national").sources if one.kind is SourceKind.SUBSIDY] == [
        "city",
        "district",
    ]


def test_works_of_a_facility_agree_with_the_standard() -> None:
    standard, items = standards.load("national"), catalogue.load("national")
    named = {facility.key: facility for facility in standard.facilities}
    ours = {item.facility: item for item in items if item.facility}
    assert ours.keys() == named.keys()
    for key, item in ours.items():
        assert (item.category, item.unit, item.zh) == (named[key].category, named[key].unit, named[key].zh)
    pipes = next(item for item in items if item.key == "pipes")
    assert (pipes.layer, pipes.dig, pipes.column, pipes.code) == (
        WorkLayer.UNDERGROUND,
        True,
        "pipes_bad_km",
        "208",
    )
    categories = ["basic", "better", "upgrade"]
    assert [categories.index(item.category) for item in items] == sorted(
        categories.index(item.category) for item in items
    )


def test_T20_a_level_returns_that_level_only() -> None:
    every = indicators.load("yichang")
    counts = {level: len(indicators.of_level(every, level)) for level in indicators.LEVELS}
    assert counts == {"city": 0, "block": 10, "neighbourhood": 12, "housing": 9}
    assert [one.code for one in every if one.base][:2] == ["3.1.1", "3.1.2"]
    assert {one.base for one in every} == {True, None}, "what no source says is not known"


def test_a_table_of_ones_own_adds_works_and_takes_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    row = '[[item]]\nkey = "KEY"\nzh = "新"\nen = "new"\ncategory = "basic"\nlayer = "ground"\n'
    row += 'unit = "m2"\nquantity = "typed"\nsource = "x"\nstatus = "example"\n'
    path.write_text(OWN + row.replace("KEY", "roof") + row.replace("KEY", "extra"), encoding="utf-8")
    rules, national = files.load(path), files.load("national")
    assert [gate.key for gate in rules.gates] == ["one"]
    assert rules.sources == national.sources
    assert [item.key for item in rules.items] == [*(item.key for item in national.items), "extra"]
    roof = rules.item("roof")
    assert roof is not None
    assert (roof.zh, rules.order["extra"]) == ("新", len(national.items))
    assert files.for_project("changsha") == "changsha"
    assert files.load(files.for_project(path)) == rules


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (('needs = "events"', 'needs = "luck"'), "programme.table-needs", 11),
        (('needs = "events"', 'needs = "fields"'), "programme.table-needs", 11),
        (('needs = "events"', 'needs = "consent"\nwaivable = true'), "programme.table-waived", 12),
        (('before = "site"', 'before = "never"'), "deficits.table-choice", 12),
        (('before = "site"', 'before = "site"\nrounds = 0'), "programme.table-rounds", 13),
        (('before = "site"', 'before = "site"\nrounds = true'), "programme.table-rounds", 13),
        (('before = "site"', 'before = "site"\nbodies = ["a", "b"]'), "programme.table-bodies", 13),
        (('before = "site"', 'before = "site"\nbodies = 5'), "programme.table-list", 13),
        (('source = "x"', 'source = " "'), "deficits.table-missing", 13),
        (('status = "example"', 'status = "sure"'), "deficits.table-choice", 14),
        (('extends = "national"', 'extends = "changsha"'), "deficits.table-choice", 2),
        (('extends = "national"', 'extends = "national"\ngates = 1'), "deficits.table-key", 3),
        (('extends = "national"', 'extends = "national"\nvote = 1'), "programme.table-rows", 3),
        (("[[gate]]", "[[gat]]"), "deficits.table-key", 6),
    ],
)
def test_mistakes_are_named_with_their_line(
    tmp_path: Path, change: tuple[str, str], code: str, line: int
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace(*change, 1), encoding="utf-8")
    with pytest.raises(RenomapError) as caught:
        files.load(path)
    assert (caught.value.code, caught.value.params["line"]) == (code, line)
    for language in ("zh", "en"):
        assert "own.toml" in error_sentence(words(language), caught.value)


@pytest.mark.parametrize("value", ["nan", "-1", "1e308", "[]", "{}", '""', "1" + "0" * 400])
@pytest.mark.parametrize(
    ("section", "key"),
    [("limits", "demolished_max"), ("acceptance", "satisfied_min"), ("subsidy", "rebuild")],
)
def test_numbers_that_cannot_be_meant_are_refused(section: str, key: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    row = f'\n[{section}]\n{key} = {{ value = {value}, source = "x", status = "example" }}\n'
    path.write_text(OWN + row, encoding="utf-8")
    with pytest.raises(RenomapError) as caught:
        files.load(path)
    assert caught.value.params["line"] == 17


@pytest.mark.parametrize("name", [name for name in CITIES if name != "national"])
def test_the_page_of_a_city_names_its_gates_and_what_is_not_verified(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "cities" / f"{name}.md").read_text(encoding="utf-8")
    rules = files.load(name)
    assert rules.note in page
    for gate in rules.gates:
        assert f"| {gate.zh} |" in page
        assert (f"- {gate.zh}: {gate.source} ({gate.status})" in page) == (gate.status is not Status.VERIFIED)

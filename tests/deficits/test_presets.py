"""Presets as they are shipped, and what is refused in a user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from renomap.deficits import presets, standards
from renomap.errors import RenomapError
from renomap.model.standard import Status
from renomap.wording.catalogue import error_sentence, words

OWN = """key = "own"
zh = "自"
en = "own"
standard = "national"

[bounds]
households_min = { value = 300, source = "x", status = "example" }
households_max = { value = 900, source = "x", status = "example" }
"""


def numbers(bounds: object) -> dict[str, float]:
    return {key: bound.value for key, bound in bounds.items()}  # type: ignore[attr-defined]


def test_changsha_is_what_the_city_did() -> None:
    preset = presets.load("changsha")
    assert numbers(preset.targets) == {"households": 1225, "count": 8}
    assert pytest.approx(preset.targets["households"].value, abs=0.5) == 131_100 / 107
    assert pytest.approx(preset.targets["count"].value, abs=0.2) == 869 / 107
    assert numbers(preset.bounds) == {
        "households_min": 300,
        "households_max": 4000,
        "area_ha_max": 60,
        "walk_m_max": 1000,
    }
    assert numbers(preset.subsidy) == {"city": 6000, "district_min": 6000}
    assert preset.consent is not None
    assert preset.consent.asked_min == preset.consent.yes_min
    assert preset.consent.yes_min is not None
    assert (preset.consent.yes_min.value, preset.consent.yes_min.status) == (0.80, Status.PARTLY)
    assert preset.year_max is not None
    assert preset.year_max_capped is not None
    assert (preset.year_max.value, preset.year_max_capped.value) == (2000, 2005)


def test_guangzhou_counts_neighbourhoods_and_persons() -> None:
    preset = presets.load("guangzhou")
    assert numbers(preset.targets) == {"households": 5392, "count": 8}
    assert {key: preset.bounds[key].value for key in ("count_min", "count_max", "households_max")} == {
        "count_min": 3,
        "count_max": 20,
        "households_max": 13480,
    }
    assert preset.year_max_capped is None
    assert preset.subsidy == {}


def test_every_number_has_source_and_status_and_every_standard_exists() -> None:
    for name in presets.available():
        preset = presets.load(name)
        standards.load(preset.standard)
        every = [*preset.bounds.values(), *preset.targets.values(), *preset.subsidy.values()]
        assert all(bound.source and isinstance(bound.status, Status) for bound in every)
        assert all(bound.status is Status.UNVERIFIED for bound in preset.bounds.values()), (
            "none has been checked"
        )
        assert (preset.gap_m, preset.gap_road_m, preset.within) == (30, 60, "street")


def test_a_preset_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace('"national"', '"national"\nwithin = "none"\ngap_m = 0'), encoding="utf-8")
    preset = presets.load(path)
    assert (preset.within, preset.gap_m, preset.year_max) == (None, 0, None)


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("value = 300", "value = 9000"), "deficits.preset-bounds", 7),
        (("value = 300", "value = -1"), "deficits.table-number", 7),
        (('status = "example" }', 'status = "sure" }'), "deficits.table-choice", 7),
        (('source = "x"', 'source = ""'), "deficits.preset-number", 7),
        (('{ value = 300, source = "x", status = "example" }', "300"), "deficits.preset-number", 7),
        (("households_min", "household_min"), "deficits.table-key", 7),
        (('standard = "national"', ""), "deficits.table-missing", 1),
        (('standard = "national"', 'standard = "national"\nwithin = "planet"'), "deficits.table-choice", 5),
        (('standard = "national"', 'standard = "national"\njoin_capped = 1'), "deficits.table-flag", 5),
        (('standard = "national"', 'standard = "national"\nbounds_ = 1'), "deficits.table-key", 5),
    ],
)
def test_mistakes_are_named(change: tuple[str, str], code: str, line: int) -> None:
    with pytest.raises(RenomapError) as caught:
        presets.parse(OWN.replace(*change, 1), "own.toml")
    assert (caught.value.code, caught.value.params["line"]) == (code, line)
    assert "own.toml" in error_sentence(words("en"), caught.value)


@pytest.mark.parametrize(
    "value", ["nan", "inf", "-inf", "1e300", "1" + "0" * 400, "true", '"300"', "[300]", "1979-05-27"]
)
@pytest.mark.parametrize("key", ["households_min", "gap_m"])
def test_numbers_that_cannot_be_meant_are_refused_with_the_line(key: str, value: str) -> None:
    text = (
        OWN.replace("value = 300", f"value = {value}", 1)
        if key == "households_min"
        else OWN.replace('"national"', f'"national"\ngap_m = {value}')
    )
    with pytest.raises(RenomapError) as caught:
        presets.parse(text, "own.toml")
    assert caught.value.code in ("deficits.table-number", "deficits.preset-number")
    assert caught.value.params["line"] == (7 if key == "households_min" else 5)
    assert len(error_sentence(words("zh"), caught.value)) < 200


@pytest.mark.parametrize(
    ("section", "code"),
    [
        ("[consent]\nmin = { value = 1.01, source = 'x', status = 'example' }", "deficits.preset-share"),
        ("[consent]\nyes_min = { value = 0, source = 'x', status = 'example' }", "deficits.preset-share"),
        ("[consent]\nrule = 'most'", "deficits.table-choice"),
        (
            "[eligibility]\nyear_max = { value = 99999, source = 'x', status = 'example' }",
            "deficits.preset-year",
        ),
        (
            "[targets]\nhouseholds = { value = 901, source = 'x', status = 'example' }",
            "deficits.preset-target",
        ),
        (
            "[targets]\nhouseholds = { value = 299, source = 'x', status = 'example' }",
            "deficits.preset-target",
        ),
        ("[targets]\nhouseholds = { value = 400, source = 5, status = 'example' }", "deficits.preset-number"),
        (
            "[subsidy]\ncity = { value = 6000, source = 'x', status = 'example' }\n"
            "district_min = { value = 5999, source = 'x', status = 'example' }",
            "deficits.preset-district",
        ),
    ],
)
def test_what_no_city_can_ask_is_refused_with_the_line(section: str, code: str) -> None:
    with pytest.raises(RenomapError) as caught:
        presets.parse(f"{OWN}\n{section}\n", "own.toml")
    assert (caught.value.code, caught.value.params["line"]) == (code, 10 + section.count("\n"))
    assert "own.toml" in error_sentence(words("en"), caught.value)


def test_consent_may_ask_for_one_share_or_both() -> None:
    text = f"{OWN}\n[consent]\nmin = {{ value = 0.8, source = 'x', status = 'example' }}\n"
    more = f"{text}yes_min = {{ value = 0.667, source = 'x', status = 'example' }}\nrule = 'sum'\n"
    for found, asked, yes, rule in ((text, 0.8, 0.8, "each"), (more, 0.8, 0.667, "sum")):
        consent = presets.parse(found, "own.toml").consent
        assert consent is not None
        assert consent.asked_min is not None
        assert consent.yes_min is not None
        assert (consent.asked_min.value, consent.yes_min.value, consent.rule) == (asked, yes, rule)


def test_unknown_names_list_what_there_is() -> None:
    with pytest.raises(RenomapError) as caught:
        presets.load("beijing")
    assert ", ".join(presets.available()) in error_sentence(words("zh"), caught.value)

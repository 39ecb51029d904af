"""Values set for the meeting."""

from __future__ import annotations

import pytest

from renomap.deficits import standards
from renomap.errors import RenomapError
from renomap.model.standard import Facility, Standard, Status
from renomap.wording.catalogue import error_sentence, words


def with_values(*texts: str) -> Standard:
    values = [standards.parse_meeting(text, by="李工", at="2026-11-20T09:30") for text in texts]
    return standards.with_meeting(standards.load("changsha"), values)


def line(standard: Standard, key: str) -> Facility:
    found = standard.facility(key)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "rate", "per", "base"),
    [
        ("parking.rate=0.6/household", 0.6, 1, "household"),
        ("parking.rate=0.6 / 户", 0.6, 1, "household"),
        ("parking.rate=1.1/car", 1.1, 1, "car"),
        ("parking.rate=0.3/person", 0.3, 1, "person"),
        ("parking.rate=0.8", 0.8, 1, "household"),
        ("elder_care.rate=25/100household", 25, 100, "household"),
        ("elder_care.rate=25", 25, 100, "household"),
    ],
)
def test_rates(text: str, rate: float, per: float, base: str) -> None:
    standard = with_values(text)
    found = line(standard, text.split(".")[0])
    assert (found.rate, found.rate_per, found.base, found.status) == (rate, per, base, Status.MEETING)
    assert [(value.by, value.at) for value in standard.meeting] == [("李工", "2026-11-20T09:30")]


def test_other_numbers() -> None:
    standard = with_values("elder_care.min_size=250", "elder_care.radius_m=500", "clinic.population_min=3000")
    care = line(standard, "elder_care")
    assert (care.min_size, care.radius_m, care.rate) == (250, 500, 20)
    assert line(standard, "clinic").trigger == {"population_min": 3000}
    freed = with_values("elder_care.min_size=none", "clinic.population_min=none")
    assert line(freed, "elder_care").min_size is None
    assert line(freed, "clinic").trigger == {}


def test_only_the_line_concerned_changes_and_the_last_word_counts() -> None:
    shipped = standards.load("changsha")
    standard = with_values("parking.rate=0.5", "parking.rate=0.6")
    assert [item.key for item in standard.facilities if item not in shipped.facilities] == ["parking"]
    assert line(standard, "parking").rate == 0.6
    assert [value.value for value in standard.meeting] == ["0.6"]
    again = standards.with_meeting(standard, [standards.parse_meeting("parking.rate=0.7")])
    assert [value.value for value in again.meeting] == ["0.7"]
    assert line(shipped, "parking").rate is None
    surveyed = with_values("elder_care.survey=complete")
    assert surveyed.facilities == shipped.facilities, (
        "the standard's numbers are no better checked than before"
    )


@pytest.mark.parametrize(
    ("text", "code", "names"),
    [
        ("parking", "deficits.set-form", "parking.rate=0.6/household"),
        ("parking.rate", "deficits.set-form", "parking.rate=0.6/household"),
        ("parking=1", "deficits.set-form", "parking.rate=0.6/household"),
        ("parkng.rate=1", "deficits.set-facility", "elevator, parking, elder_care"),
        ("parking.raet=1", "deficits.set-key", "rate, min_size, radius_m"),
        ("parking.rate=many", "deficits.set-value", "parking.rate"),
        ("parking.rate=-1", "deficits.set-value", "parking.rate"),
        ("parking.rate=1.2.3", "deficits.set-value", "parking.rate"),
        ("parking.rate=1/dog", "deficits.set-value", "parking.rate"),
        ("parking.rate=1/area", "deficits.set-value", "parking.rate"),
        ("clinic.rate=1/household", "deficits.set-value", "clinic.rate"),
        ("parking.rate=1/0household", "deficits.set-value", "parking.rate"),
        ("parking.radius_m=inf", "deficits.set-value", "parking.radius_m"),
        ("parking.floors_min=4", "deficits.set-value", "parking.floors_min"),
        ("parking.survey=perhaps", "deficits.set-value", "parking.survey"),
    ],
)
def test_what_cannot_be_set_is_said(text: str, code: str, names: str) -> None:
    with pytest.raises(RenomapError) as caught:
        with_values(text)
    assert caught.value.code == code
    for language in ("zh", "en"):
        assert names in error_sentence(words(language), caught.value)

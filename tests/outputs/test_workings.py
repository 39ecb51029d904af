"""How a number came about: the parts of the formula are in the sentences and give the number again."""

from __future__ import annotations

import re

import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.members import members_of
from renomap.model.standard import State
from renomap.outputs.findings import area_row, facility_lines
from renomap.outputs.workings import SIZES, facility_working, size_working

PLAN = sample_plan()
UNFILLED = re.compile(r"\{(need|unit|total|parts|names|count|flag|area|said|supply|deficit)\}")


def number(text: str) -> float:
    return float(text.replace(",", ""))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_number_of_every_area_unfolds(language: str) -> None:
    words = sample_words(language)
    for area in PLAN.areas.index.tolist():
        for line in facility_lines(PLAN, area):
            told = facility_working(PLAN, area, line.facility.key, words)
            assert words[f"status.{line.facility.status}"] in told[-1]
            assert not any(UNFILLED.search(text) for text in told)
        for key in SIZES:
            told = size_working(PLAN, area, key, words)
            assert told
            assert not any(UNFILLED.search(text) for text in told)


def test_what_is_lacked_follows_from_what_is_told() -> None:
    """Read back as a reader would: required less supply is the deficit."""
    words, seen = sample_words("en"), 0
    for area in PLAN.areas.index.tolist():
        for line in facility_lines(PLAN, area):
            text = "\n".join(facility_working(PLAN, area, line.facility.key, words))
            found = re.search(r"Deficit = required ([\d,.]+) − supply ([\d,.]+) = ([\d,.]+)", text)
            if found:
                required, supply, deficit = map(number, found.groups())
                assert deficit == pytest.approx(max(0, required - supply), abs=1)
                assert deficit == pytest.approx(line.deficit, abs=0.5)
                seen += 1
            if line.state == State.NOT_SET:
                assert "sets no number" in text
                assert "Deficit" not in text
            if line.deficit is None and line.deficit_low is not None and line.state == State.UNKNOWN:
                assert "Deficit" in text
    assert seen


def test_households_add_up_name_by_name() -> None:
    words = sample_words("en")
    for area in PLAN.areas.index.tolist():
        rows = members_of(PLAN, area)
        text = "\n".join(size_working(PLAN, area, "households", words))
        for name in rows.loc[rows["households"].isna(), "name"]:
            assert str(name) in text
        if rows["households"].notna().any():
            total = number(re.search(r"together ([\d,.]+)\.", text)[1])
            assert total == pytest.approx(area_row(PLAN, area)["households"], abs=0.5)


def test_an_unknown_key_is_our_fault() -> None:
    with pytest.raises(ValueError, match="no facility"):
        facility_working(PLAN, int(PLAN.areas.index[0]), "nothing", sample_words())

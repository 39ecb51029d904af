"""English counts: one row, two rows, in every sentence that counts."""

from __future__ import annotations

import re

import pytest

from renomap.model.words import placeholders, sentence
from renomap.wording.catalogue import words

_MANY = re.compile(
    r"\b1 (neighbourhoods|areas|households|buildings|rows|values|pages|pieces|parts|layers|guesses|problems|"
    r"steps|changes|features|entries|pairs|projects|remarks|cells|columns|figures|characters)\b"
    r"|\b1 (?:neighbourhood|row|value|building|change|area) (?:are|have|were|lie|stand|belong)\b"
)


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, "0 of 3 rows are blank"),
        (1, "1 of 3 rows is blank"),
        ("1", "1 of 3 rows is blank"),
        (1.0, "1 of 3 rows is blank"),
        ("≥1", "≥1 of 3 rows are blank"),
        ("1,001", "1,001 of 3 rows are blank"),
    ],
)
def test_the_word_follows_the_count(count: object, told: str) -> None:
    catalogue = {"blank": "{n} of {of} {of|row|rows} {n|is|are} blank"}
    assert sentence(catalogue, "blank", {"n": count, "of": 3}) == told


def test_a_count_that_is_missing_stays_visible() -> None:
    assert sentence({"rows": "{n} {n|row|rows}"}, "rows") == "{n} {n|row|rows}"


def test_no_sentence_says_one_rows() -> None:
    """Every English sentence with 1 for each of its values; the web map words its counts by itself."""
    catalogue = words("en")
    told = {
        code: sentence(catalogue, code, dict.fromkeys(placeholders(text), 1))
        for code, text in catalogue.items()
        if not code.startswith("outputs.web")
    }
    assert {code: text for code, text in told.items() if _MANY.search(text)} == {}

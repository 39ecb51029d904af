"""A parameter that is a code speaks with the parameters of the sentence it stands in."""

from __future__ import annotations

from renomap.model.words import sentence

WORDS = {
    "size": "{total}, at least {limit}{data}.",
    "partly": " ({known} of {count} known)",
}


def test_a_part_of_a_sentence_has_its_numbers() -> None:
    params = {"total": 2, "limit": 3, "known": 1, "count": 2}
    assert sentence(WORDS, "size", {**params, "data": "partly"}) == "2, at least 3 (1 of 2 known)."
    assert sentence(WORDS, "size", {**params, "data": ""}) == "2, at least 3."


def test_a_name_with_braces_stays_as_it_is() -> None:
    assert sentence({"said": "{name}!"}, "said", {"name": "{limit}", "limit": 3}) == "{limit}!"

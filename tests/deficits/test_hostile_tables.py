"""Every value of a table, put in place of what it should be: a number within limits, or refused by file and
line."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from renomap.assets import resource
from renomap.deficits import meeting, presets, standards
from renomap.errors import RenomapError
from renomap.tables import LARGEST, SMALLEST
from renomap.wording.catalogue import error_sentence, words

WRONG = (
    "-1",
    "0",
    "nan",
    "1e308",
    "9" * 400,
    "0x" + "f" * 4_000,
    "[]",
    "{}",
    '""',
    "1e-300",
    "true",
    "[[1]]",
)
WORDS = (words("zh"), words("en"))
LEAF = re.compile(r"(?P<key>[a-z0-9_]+)\s*=\s*(?P<value>\"[^\"]*\"|[0-9][0-9.e_]*|true|false)")
FACILITY = """
[[facility]]
key = "x{nth}"
zh = "甲"
en = "A"
unit = "m2"
base = "household"
rate = 1
rate_per = 100
min_size = 300
trigger = {{ population_min = 5000 }}
supply_field = "elder_m2"
radius_m = 300
level = "area"
category = "upgrade"
source = "s"
clause = "c"
status = "unverified"
pooled = true
"""
STANDARD = """key = "own"
zh = "自"
en = "own"
edition = "1"

[persons_per_household]  # of the census
value = 3
source = "s"
status = "unverified"
"""


def shipped(folder: str, name: str) -> str:
    return resource(f"{folder}/{name}.toml").read_text(encoding="utf-8")


def replaced(text: str) -> Iterator[tuple[str, str, int]]:
    """The text with each of its values replaced by each wrong one; the key and the line of it."""
    for leaf in LEAF.finditer(text):
        line = text.count("\n", 0, leaf.start()) + 1
        for wrong in WRONG:
            yield text[: leaf.start("value")] + wrong + text[leaf.end("value") :], leaf["key"], line


def numbers(value: Any) -> Iterator[float]:
    """All numbers of what a table was made into."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (presets.parse, shipped("presets", "changsha")),
        (presets.parse, shipped("presets", "guangzhou")),
        (standards.parse, STANDARD + FACILITY.format(nth=1) + FACILITY.format(nth=2)),
        pytest.param(standards.parse, shipped("standards", "national"), marks=pytest.mark.long),
    ],
    ids=["changsha", "guangzhou", "standard", "national"],
)
def test_every_value_is_within_limits_or_refused(parse: Callable[[str, str], Any], text: str) -> None:
    parse(text, "own.toml")
    refused = 0
    for changed, key, line in replaced(text):
        told = made = None
        try:
            made = parse(changed, "own.toml")
        except RenomapError as fault:
            told = fault
        if told is None:
            require_within_limits(made)
        else:
            refused += 1
            require_told(told, key, line, text.count("\n") + 1)
    assert refused > 5 * len(LEAF.findall(text))


def require_within_limits(made: Any) -> None:
    for number in numbers(made):
        assert math.isfinite(number)
        assert number == 0 or SMALLEST <= number <= LARGEST


def require_told(told: RenomapError, key: str, line: int, lines: int) -> None:
    """The file, a line of it, and just the line of the value where the sentence is about that."""
    assert told.params["file"] == "own.toml"
    if told.code != "deficits.table-syntax":
        assert 1 <= told.params["line"] <= lines
    if told.params.get("key") == key and told.code != "deficits.table-missing":
        assert told.params["line"] == line, told
    for its in WORDS:
        assert len(error_sentence(its, told)) < 500


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (STANDARD + "\nnote = " + "[" * 5_000 + "]" * 5_000, "deficits.table-deep", 11),
        (STANDARD + "\nnote = " + "9" * 5_000, "deficits.table-digits", 11),
        ('facility = 3\nkey = "a"', "deficits.table-section", 1),
        ('key = "a"\nfacility = [1, 2]', "deficits.table-section", 2),
        ('key = "a"\nfacility = ["x"]', "deficits.table-section", 2),
        ('key = "a"\n[facility]\nkey = "x"', "deficits.table-section", 2),
        ('key = "a"\npersons_per_household = 3\nzh = "a"\nen = "b"', "deficits.table-missing", 2),
        (
            STANDARD + "".join(FACILITY.format(nth=nth) for nth in range(201)),
            "deficits.table-many",
            10 + 200 * (FACILITY.count("\n")) + 2,
        ),
        (
            STANDARD + FACILITY.format(nth=1).replace("population_min = 5000", "population_min = nan"),
            "deficits.table-number",
            20,
        ),
    ],
    ids=["deep", "digits", "number", "numbers", "texts", "one", "persons", "many", "trigger"],
)
def test_what_no_standard_is(text: str, code: str, line: int) -> None:
    with pytest.raises(RenomapError) as raised:
        standards.parse(text, "own.toml")
    assert (raised.value.code, raised.value.params["line"]) == (code, line)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("value = 1225", "value = 0", "deficits.preset-zero"),
        ("value = 60,", "value = 0,", "deficits.preset-zero"),
        ("gap_m = 30", "gap_m = 1e308", "deficits.table-number"),
        ("gap_m = 30", "gap_m = 501", "deficits.preset-gap"),
        ("gap_m = 30", "[[gap_m]]\nx = 1", "deficits.table-number"),
    ],
)
def test_what_no_preset_is(old: str, new: str, code: str) -> None:
    text = shipped("presets", "changsha")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(RenomapError) as raised:
        presets.parse(text.replace(old, new, 1), "own.toml")
    assert raised.value.code == code
    assert raised.value.params["line"] == line


@pytest.mark.parametrize("value", ["1e10", "1e308", "9" * 400, "1e-300", "nan", "-1"])
def test_values_of_a_meeting_have_the_limits_of_a_table(value: str) -> None:
    standard = standards.load("national")
    for key in ("min_size", "radius_m", "rate"):
        with pytest.raises(RenomapError) as raised:
            meeting.with_meeting(standard, [meeting.parse_meeting(f"elder_care.{key}={value}")])
        assert raised.value.code == "deficits.set-value"

"""What the parser refuses it refuses in the language of the user, by the name of the option."""

from __future__ import annotations

import re

import pytest

from renomap.__main__ import main

CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Words of the parser's own English sentences.
ENGLISH = ("argument", "expected", "required", "choose from", "unrecognized", "ambiguous", "must be", "bound")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("import", "--output"),
        ("import a.shp", "--output"),
        ("group a.gpkg -o b.gpkg --max-ha", "--max-ha"),
        ("group a.gpkg -o b.gpkg --max-ha -1", "--max-ha"),
        ("group a.gpkg -o b.gpkg --max-count 0", "--max-count"),
        ("group a.gpkg -o b.gpkg --min-households -5", "--min-households"),
        ("group a.gpkg -o b.gpkg --min-count 2.5", "--min-count"),
        ("group a.gpkg -o b.gpkg --max-walk inf", "--max-walk"),
        ("group a.gpkg -o b.gpkg --seed 1.5", "--seed"),
        ("group a.gpkg -o b.gpkg --max 3", "--max-ha"),
        ("check a.gpkg --fix", "--fix"),
        ("check a.gpkg --json=yes", "--json"),
        ("report a.gpkg -o b.pdf --paper A0", "--paper"),
    ],
)
def test_a_bad_line_is_refused_in_chinese(capsys: pytest.CaptureFixture[str], line: str, word: str) -> None:
    assert main([*line.split(), "--lang=zh"]) == 2
    said = capsys.readouterr().err
    assert word in said
    assert CHINESE.search(said)
    assert not any(english in said for english in ENGLISH)
    assert said.count("\n") == 1

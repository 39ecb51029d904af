"""The table of what the conference asked for: 28 rows, and each names a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROW = re.compile(r"^\| (T\d\d) \|(.+)\| `(test_\w+)` \|$", re.MULTILINE)


def test_each_line_of_the_conference_has_a_command_and_a_test_named_after_it() -> None:
    rows = ROW.findall((TESTS.parent / "docs" / "coverage.md").read_text(encoding="utf-8"))
    assert [code for code, _, _ in rows] == [f"T{number:02d}" for number in range(1, 29)]
    commands = "\n".join(path.read_text(encoding="utf-8") for path in (TESTS / "commands").glob("test_*.py"))
    for code, cells, test in rows:
        assert all(cell.strip() for cell in cells.split("|")), code
        assert test.startswith(f"test_{code.lower()}_"), f"{test} is not named after {code}"
        assert f"def {test}(" in commands, f"{code}: {test} is not there"

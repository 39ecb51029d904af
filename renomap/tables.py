"""Reading a city's table (TOML) so that every mistake in it is named by file, line and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from renomap.assets import resource
from renomap.errors import RenomapError

NONE_WORD = "none"  # TOML has no null: this word unsets a number of the extended table
#: No number of a table is larger, and none but 0 is smaller: a rate divided by one would overflow. Of what is
#: not a number, a sentence shows so many characters.
LARGEST, SMALLEST, LONGEST = 1e9, 1e-9, 40


@dataclass(frozen=True)
class TomlTable:
    """A TOML document with its name (for messages) and its text (to find the line of a key)."""

    name: str
    text: str
    data: Mapping[str, Any]

    def refuse(self, code: str, key: str, *, header: str = "", nth: int = 0, **params: Any) -> NoReturn:
        """Raise ``RenomapError`` with file, line and key, found in the ``nth`` table of that header."""
        line = self.line_of(key, header=header, nth=nth)
        raise RenomapError(code, file=self.name, line=line, key=key, **params)

    def line_of(self, key: str, *, header: str = "", nth: int = 0) -> int:
        """Line (from 1) of ``key =`` in the ``nth`` table of that header, else of the header itself."""
        lines = self.text.splitlines()
        starts = [i for i, line in enumerate(lines) if _header_of(line) == header]
        start = starts[nth] if header and nth < len(starts) else 0
        name = rf'["\']?{re.escape(key)}["\']?'
        whole = re.compile(rf"^\s*{name}\s*[.=]")
        inside = re.compile(rf"[{{,]\s*{name}\s*[.=]")  # of a table written in one line
        inline = None
        for i in range(start, len(lines)):
            if i > start and lines[i].lstrip().startswith("["):
                if _header_of(lines[i]) in (key, f"{header}.{key}"):
                    return i + 1
                if not (header and _header_of(lines[i]).startswith(f"{header}.")):
                    break
            if whole.match(lines[i]):
                return i + 1
            inline = i if inline is None and inside.search(lines[i]) else inline
        return (start if inline is None else inline) + 1


def _header_of(line: str) -> str:
    """``bounds`` of the line ``[bounds]  # in households``; '' where it is no header."""
    found = re.match(r"\s*\[{1,2}([^\[\]]+)\]{1,2}\s*(#.*)?$", line)
    return found[1].strip() if found else ""


def shipped(folder: str) -> tuple[str, ...]:
    """Names of the tables that come with the program in that folder of the resources, sorted."""
    return tuple(sorted(path.stem for path in resource(folder).glob("*.toml")))


def read(folder: str, name_or_path: str | Path, unknown: str) -> TomlTable:
    """The shipped table of that name, or the user's file.

    Parameters
    ----------
    folder : str
        Folder of the resources with the shipped tables.
    name_or_path : str or Path
        A shipped name such as ``changsha``; what has several lines is taken as the text of a table (see
        ``kept``), anything else as a path.
    unknown : str
        Code of the error for a name that is neither.

    Raises
    ------
    RenomapError
        ``unknown`` (with ``name`` and ``available``), ``deficits.table-unreadable``,
        ``deficits.table-syntax``.
    """
    name = str(name_or_path)
    if "\n" in name:
        return parse(name, f"{folder}.toml")
    path = resource(f"{folder}/{name}.toml") if name in shipped(folder) else Path(name)
    try:
        there = path.is_file()
    except (OSError, ValueError):  # too long for a name, or in a folder that may not be looked into
        there = False
    if not there:
        raise RenomapError(unknown, name=name, available=", ".join(shipped(folder)))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RenomapError("deficits.table-unreadable", file=name) from error
    return parse(text, path.name)


def for_project(folder: str, name_or_path: str | Path, unknown: str) -> str:
    """What a project keeps of a table: the name of a shipped one, the whole text of the user's own, so that
    the project can be moved and means the same wherever it is opened. Raises as ``read``.
    """
    name = str(name_or_path)
    if name in shipped(folder):
        return name
    text = read(folder, name, unknown).text
    return text if "\n" in text else f"{text}\n"


def parse(text: str, name: str) -> TomlTable:
    """A table from its text; ``name`` is what messages call it.

    Raises ``deficits.table-syntax``; ``-deep`` and ``-digits`` for what the parser itself does not bear.
    """
    try:
        return TomlTable(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RenomapError("deficits.table-syntax", file=name, detail=str(error)[:200]) from error
    except RecursionError:
        code, worst = "deficits.table-deep", max(text.splitlines(), key=lambda each: each.count("["))
    except ValueError:  # Python refuses integers of more than 4,300 digits
        code, worst = "deficits.table-digits", max(text.splitlines(), key=_most_digits)
    raise RenomapError(code, file=name, line=text.splitlines().index(worst) + 1)


def _most_digits(line: str) -> int:
    return max((len(digits) for digits in re.findall(r"[0-9_]+", line)), default=0)


def shown(value: object) -> str:
    """The beginning of a value as a sentence quotes it; an integer may have too many digits to be written."""
    try:
        return str(value)[:LONGEST]
    except ValueError:
        return "…"


def check_keys(table: TomlTable, found: Mapping[str, Any], allowed: Collection[str], **where: Any) -> None:
    """Refuse what is no table (``deficits.table-section``), or its first unknown key (``-key``)."""
    if not isinstance(found, Mapping):
        table.refuse("deficits.table-section", str(where.get("header", "")), **where)
    for key in found:
        if key not in allowed:
            table.refuse("deficits.table-key", key, **where, allowed=", ".join(sorted(allowed)))


def text_of(table: TomlTable, found: Mapping[str, Any], key: str, **where: Any) -> str:
    """A text, '' where absent; refuses other kinds (``deficits.table-text``)."""
    value = found.get(key, "")
    if not isinstance(value, str):
        table.refuse("deficits.table-text", key, **where)
    return value


def number_of(table: TomlTable, found: Mapping[str, Any], key: str, **where: Any) -> float | None:
    """0, or ``SMALLEST`` to ``LARGEST``; None where absent or unset (else ``deficits.table-number``)."""
    value = found.get(key)
    if value is None or value == NONE_WORD:
        return None
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not (value == 0 or SMALLEST <= value <= LARGEST):
        table.refuse("deficits.table-number", key, **where, value=shown(value))
    return float(value)


def flag_of(table: TomlTable, found: Mapping[str, Any], key: str, default: bool, **where: Any) -> bool:
    """A truth value (``deficits.table-flag``)."""
    value = found.get(key, default)
    if not isinstance(value, bool):
        table.refuse("deficits.table-flag", key, **where)
    return value


def choice_of(
    table: TomlTable, found: Mapping[str, Any], key: str, choices: Collection[str], **where: Any
) -> str:
    """One of the given words (``deficits.table-choice``)."""
    value = found.get(key)
    if not isinstance(value, str) or value not in choices:
        table.refuse("deficits.table-choice", key, **where, value=shown(value), choices=", ".join(choices))
    return value

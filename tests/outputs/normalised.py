"""Handed-over files without the times and stamps that differ between two runs over the same project."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

#: Where a version stands: day, time and digest of the project.
STAMP = re.compile(rb"\d{8}-\d{4}-[0-9a-f]{8}")
OFFICE_TIME = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
#: Columns of a GeoPackage that hold when a table or a style was written.
WRITTEN_AT = {"last_change", "update_time", "timestamp"}


def parts(path: Path) -> Mapping[str, object]:
    """What a file says, by the names of its parts, equal where two files say the same.

    A workbook, a document or slides: the members of the archive. A GeoPackage: the rows of its tables. The
    index of a pack: all but the digests of files. Others: their bytes. Versions and times are left out.
    """
    if path.suffix == ".gpkg":
        return _tables(path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return {name: _plain(archive.read(name)) for name in archive.namelist()}
    if path.name == "pack.json":
        told = json.loads(path.read_text("utf-8"))
        return {**told, "stamp": "", "files": sorted(told["files"])}
    return {"": _plain(path.read_bytes())}


def differences(first: Path, second: Path) -> list[str]:
    """Of two folders: files that are in one only, and parts of files that do not say the same."""
    names = [
        {p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file()} for one in (first, second)
    ]
    found = sorted(names[0] ^ names[1])
    for name in sorted(names[0] & names[1]):
        one, other = parts(first / name), parts(second / name)
        found += [f"{name}: {key}" for key in sorted({*one, *other}) if one.get(key) != other.get(key)]
    return found


def _plain(told: bytes) -> bytes:
    return OFFICE_TIME.sub(rb"\1", STAMP.sub(b"", told))


def _tables(path: Path) -> dict[str, object]:
    with closing(sqlite3.connect(path)) as base:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, object] = {}
        for name in names:
            rows = base.execute(f'SELECT * FROM "{name}"')
            columns = [one[0] for one in rows.description]
            kept = [nth for nth, column in enumerate(columns) if column not in WRITTEN_AT]
            found[name] = [
                [columns[nth] for nth in kept],
                *([_cell(row[nth]) for nth in kept] for row in rows),
            ]
        return found


def _cell(value: object) -> object:
    return STAMP.sub(b"", value.encode()) if isinstance(value, str) else value

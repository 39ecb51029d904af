"""Reading a GeoPackage that another program works on changes nothing beside it."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from survey_files import frame, square, write

from renomap.sources.reading import read


def digests(folder: Path) -> dict[str, str]:
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in sorted(folder.iterdir())}


def test_rows_of_a_log_are_read_and_the_files_stay(tmp_path: Path) -> None:
    path = write(tmp_path / "小区.gpkg", {"小区": frame([square(0), square(1)], 小区名称=["甲苑", "乙苑"])})
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("PRAGMA wal_autocheckpoint=0")
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f'DROP TRIGGER "{name}"')  # they call functions that only GDAL has
        other.execute("UPDATE 小区 SET 小区名称 = '丙苑' WHERE fid = 1")
        other.commit()
        before = digests(tmp_path)
        assert "小区.gpkg-wal" in before
        [layer] = read([path]).layers
        assert digests(tmp_path) == before
    assert layer.frame["name"].tolist() == ["丙苑", "乙苑"]


def test_a_database_kept_with_a_log_gets_no_files_beside_it(tmp_path: Path) -> None:
    path = write(tmp_path / "小区.gpkg", {"小区": frame([square(0)], 小区名称=["甲苑"])})
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
    before = digests(tmp_path)
    assert [layer.title for layer in read([path]).layers] == ["小区"]
    assert digests(tmp_path) == before

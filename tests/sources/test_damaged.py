"""Files cut short or with bytes gone wrong are read as far as they go or refused in a sentence; nothing
else."""

from __future__ import annotations

import os
import random
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from survey_files import frame, square, write

from renomap.errors import RenomapError
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read
from renomap.steps.import_ import import_sources
from renomap.store.projectfile import open_project, save

SHAPES = [square(i % 5, i // 5) for i in range(20)]
NAMES = [f"小区{i}号" for i in range(20)]
ROUNDS = 25


def vector(name: str, driver: str, crs: str = "EPSG:4547") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        table = frame(SHAPES, 小区名称=NAMES, 户数=list(range(20))).rename(
            columns={"小区名称": "name", "户数": "hh"} if driver == "ESRI Shapefile" else {}
        )
        more = {"encoding": "UTF-8"} if driver == "ESRI Shapefile" else {}
        table.to_crs(crs).to_file(folder / name, driver=driver, **more)
        return folder / name

    return make


def book(folder: Path) -> Path:
    workbook = openpyxl.Workbook()
    for row in [["小区名称", "户数", "经度", "纬度"], *([name, 100, 112.9, 28.2] for name in NAMES)]:
        workbook.active.append(row)
    workbook.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def text(folder: Path) -> Path:
    rows = "\n".join(f"{name},约{i}户" for i, name in enumerate(NAMES))
    (folder / "a.csv").write_text(f"小区名称,户数\n{rows}", encoding="gb18030")
    return folder / "a.csv"


def archive(folder: Path) -> Path:
    write(folder / "in.gpkg", {"小区": frame(SHAPES, 小区名称=NAMES)})
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        packed.write(folder / "in.gpkg", "小区.gpkg")
    (folder / "in.gpkg").unlink()
    return folder / "a.zip"


KINDS: dict[str, Callable[[Path], Path]] = {
    "shp": vector("a.shp", "ESRI Shapefile"),
    "geojson": vector("a.geojson", "GeoJSON", "EPSG:4326"),
    "gpkg": vector("a.gpkg", "GPKG"),
    "fgb": vector("a.fgb", "FlatGeobuf"),
    "kml": vector("a.kml", "KML", "EPSG:4326"),
    "xlsx": book,
    "csv": text,
    "zip": archive,
}


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """Half of the files end too early, the others have up to forty wrong bytes."""
    if chance.random() < 0.5:
        return raw[: chance.randrange(len(raw))]
    content = bytearray(raw)
    for _ in range(chance.choice([1, 5, 40])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def outcome(whole: Path, folder: Path, chance: random.Random) -> str:
    """What becomes of one damaged copy: a code, or ``read``."""
    shutil.copytree(whole.parent, folder)
    parts = sorted(path for path in folder.iterdir() if path.suffix in (whole.suffix, ".dbf", ".shx"))
    part = chance.choice(parts)
    part.write_bytes(damaged(part.read_bytes(), chance))
    try:
        read([folder / whole.name], ImportOptions(crs=chance.choice(["auto", "EPSG:4547"])))
    except RenomapError as error:
        return error.code
    return "read"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_no_crash(tmp_path: Path, kind: str) -> None:
    (tmp_path / "whole").mkdir()
    whole = KINDS[kind](tmp_path / "whole")
    chance = random.Random(f"{kind} 7")
    assert {outcome(whole, tmp_path / str(number), chance) for number in range(ROUNDS)}


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_no_crash_for_long(tmp_path: Path, kind: str) -> None:
    """``RENOMAP_FUZZ_S`` seconds for each kind, a minute where nothing is said; another seed every time."""
    (tmp_path / "whole").mkdir()
    whole = KINDS[kind](tmp_path / "whole")
    end = time.monotonic() + float(os.environ.get("RENOMAP_FUZZ_S", "60"))
    while time.monotonic() < end:
        seed = random.randrange(1 << 32)
        folder = tmp_path / "one"
        start = time.monotonic()
        try:
            code = outcome(whole, folder, random.Random(seed))
            if code == "read":
                kept_and_opened(folder / whole.name, tmp_path / "p.gpkg")
        except Exception as fault:
            raise AssertionError(f"{kind}, seed {seed}") from fault
        assert time.monotonic() - start < 60, f"{kind}, seed {seed}"
        shutil.rmtree(folder)


def kept_and_opened(source: Path, path: Path) -> None:
    """What the file says, as a project that is written and read again."""
    try:
        project = import_sources([source], ImportOptions(crs="EPSG:4547"))
    except RenomapError:
        return
    save(project, path)
    back = open_project(path)
    assert [len(layer.frame) for layer in back.layers] == [len(layer.frame) for layer in project.layers]


def test_a_damaged_system_is_no_system(tmp_path: Path) -> None:
    path = vector("a.shp", "ESRI Shapefile")(tmp_path)
    prj = path.with_suffix(".prj")
    prj.write_bytes(prj.read_bytes().replace(b"CGCS2000", b"CG\xefS2000").replace(b'["', b"[", 3))
    reading = read([path], ImportOptions(near=(112.9, 28.2)))
    assert reading.crs == "EPSG:4547"
    assert any(note.code == "sources.prj-damaged" for note in reading.notes)


def test_an_entry_that_claims_to_be_encrypted_is_damage(tmp_path: Path) -> None:
    path = book(tmp_path)
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        entry = packed.getinfo("xl/_rels/workbook.xml.rels")
    directory = whole.index(b"PK\x01\x02")
    at = whole.index(entry.filename.encode(), directory) - 46 + 8  # general purpose flags of its entry
    path.write_bytes(whole[:at] + bytes([whole[at] | 1]) + whole[at + 1 :])
    with pytest.raises(RenomapError, match=r"sources\.workbook-damaged"):
        read([path], ImportOptions())

"""Tables as offices hand them over, each with a trap: every one is read right, asked about, or named.

Each case makes its files, says what must be read in each column (None is unknown), which remarks must come
and what they must name. Nothing else may stand in a column.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely
from survey_files import book, frame, square, write

from renomap.errors import RenomapError
from renomap.model.roles import Role
from renomap.sources.reading import Reading, read

DATA = Path(__file__).parent.parent / "data" / "tables"
HEAD = ["小区名称", "户数", "建成年代"]
POINTS = ((114.000509, 28.194893), (114.001589, 28.194893))
#: The same places in the zone of 114°E of CGCS2000, with its number before the easting; X is the northing.
SURVEYED: tuple[tuple[Any, ...], ...] = (
    ("甲苑", 120, 3120039.989, 38500049.976),
    ("乙苑", 90, 3120039.990, 38500156.015),
    ("丙苑", 60, None, None),
)
Make = Callable[[Path], Sequence[Path]]


@dataclass(frozen=True)
class Case:
    """``want`` the columns in the order of the rows, ``told`` codes of remarks, ``named`` texts in their
    parameters, ``refused`` the code of a refusal."""

    name: str
    make: Make
    want: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    refused: str = ""


def sheet(*rows: Sequence[Any], head: Sequence[str] = HEAD) -> Make:
    return lambda path: [book(path / "台账.xlsx", 表=[list(head), *map(list, rows)])]


def text(content: str, encoding: str = "utf-8-sig", name: str = "台账.csv") -> Make:
    def make(path: Path) -> Sequence[Path]:
        (path / name).write_bytes(content.encode(encoding))
        return [path / name]

    return make


def stored(name: str) -> Make:
    return lambda path: [DATA / name]


def joined(codes: Sequence[Any], *rows: Sequence[Any], head: Sequence[str] = ("小区编码", "户数")) -> Make:
    """A map whose neighbourhoods have codes, and a workbook beside it."""

    def make(path: Path) -> Sequence[Path]:
        units = frame([square(i) for i in range(len(codes))], 小区编码=list(codes))
        return [
            write(path / "小区.gpkg", {"小区": units}),
            book(path / "台账.xlsx", 表=[list(head), *map(list, rows)]),
        ]

    return make


def formulas(path: Path) -> Sequence[Path]:
    """Two formulas whose results no program has stored."""
    workbook = openpyxl.Workbook()
    for row in (["小区名称", "户数", "楼栋数"], ["甲苑", "=C2*30", 4], ["乙苑", 90, "=1+2"]):
        workbook.active.append(row)
    workbook.save(path / "台账.xlsx")
    return [path / "台账.xlsx"]


def hidden(path: Path) -> Sequence[Path]:
    workbook = openpyxl.Workbook()
    workbook.active.title = "表"
    for row in (HEAD, ["甲苑", 120, 1985]):
        workbook.active.append(row)
    extra = workbook.create_sheet("隐藏的表")
    extra.append(HEAD)
    extra.append(["乙苑", 90, 1990])
    extra.sheet_state = "hidden"
    workbook.save(path / "台账.xlsx")
    return [path / "台账.xlsx"]


def companions(path: Path) -> Sequence[Path]:
    """All parts of a shapefile, as a hand selects them."""
    units = frame([square(0), square(1)], xqmc=["甲苑", "乙苑"], hs=[120, 90])
    units.to_file(path / "小区.shp", driver="ESRI Shapefile", encoding="utf-8")
    return sorted(path.glob("小区.*"))


def points(path: Path) -> Sequence[Path]:
    shapes = shapely.points(POINTS)
    units = frame(shapes, crs="EPSG:4326", 小区名称=["甲苑", "乙苑"], 户数=[120, 90])
    return [write(path / "小区.gpkg", {"小区": units})]


def truncated(path: Path) -> Sequence[Path]:
    whole = book(path / "a.xlsx", 表=[HEAD, ["甲苑", 120, 1985]]).read_bytes()
    (path / "台账.xlsx").write_bytes(whole[: len(whole) // 2])
    return [path / "台账.xlsx"]


def locked(path: Path) -> Sequence[Path]:
    """The beginning of an encrypted workbook: a compound document that holds an encrypted package."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    (path / "台账.xlsx").write_bytes(head + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    return [path / "台账.xlsx"]


def zipped(path: Path) -> Sequence[Path]:
    [inner] = sheet(("甲苑", 120, 1985), ("乙苑", 90, 1990))(path)
    with zipfile.ZipFile(path / "资料.zip", "w") as archive:
        archive.write(inner, "台账.xlsx")
    return [path / "资料.zip"]


TWO = {"name": ["甲苑", "乙苑"], "households": [120, 90], "year_max": [1985, 1990]}
LINES = "小区名称,户数,建成年代\n甲苑,120,1985\n乙苑,90,1990\n"
HTML = (
    '<html><meta charset="gb2312"><table><tr><td>小区名称</td><td>户数</td><td>建成年代</td></tr>'
    "<tr><td>甲苑</td><td>120</td><td>1985</td></tr><tr><td>乙苑<td>90<td>1990</table></html>"
)
CASES = (
    # What Excel does to cells.
    Case(
        "years in cells formatted as dates",
        sheet(("甲苑", 120, datetime(1905, 6, 20)), ("乙苑", 90, 1990)),
        {"year_min": [1998, 1990], "year_max": [1998, 1990]},
        ("sources.values",),
        ("1998",),
    ),
    Case(
        "the same saved as text",
        text("小区名称,户数,建成年代\n甲苑,120,1905/6/20\n乙苑,90,1905年6月12日\n"),
        {"year_max": [1998, 1990]},
        ("sources.values",),
    ),
    Case("a true date", sheet(("甲苑", 120, datetime(1985, 6, 1))), {"year_max": [1985]}),
    Case("a house of 1905", sheet(("甲苑", 120, 1905)), {"year_max": [1905]}),
    Case(
        "two digits of a year in a date",
        sheet(("甲苑", 120, datetime(1900, 3, 25))),
        {"year_max": [1985]},
        ("sources.values",),
    ),
    Case(
        "households in cells formatted as dates",
        sheet(("甲苑", datetime(1900, 4, 29), 1985), ("乙苑", datetime(1903, 4, 14), 1990)),
        {"households": [120, 1200]},
        ("sources.values",),
        ("120",),
    ),
    Case(
        "storeys in cells formatted as dates",
        sheet(("甲苑", datetime(1900, 1, 6)), head=("小区名称", "层数")),
        {"floors": [6]},
        ("sources.values",),
    ),
    Case(
        "5-6 storeys turned into a day of this year",
        sheet(("甲苑", datetime(2026, 5, 6)), head=("小区名称", "层数")),
        {"floors": [None]},
        ("sources.cells-unreadable",),
        ("甲苑", "2026-05-06"),
    ),
    Case(
        "a code turned into a day",
        sheet((datetime(2026, 1, 2), "甲苑", 5), head=("小区编码", "小区名称", "户数")),
        {"code": [None], "households": [5]},
        ("sources.cells-damaged",),
        ("A2",),
    ),
    Case(
        "codes without their leading zeros",
        joined(["00101", "00102"], (101, 120), (102, 90)),
        {"households": [120, 90]},
        ("sources.inventory-zeros",),
        ("00101",),
    ),
    Case(
        "codes whose zeros the map has lost",
        joined(["101", "102"], ("00101", 120), ("00102", 90)),
        {"households": [120, 90]},
        ("sources.inventory-zeros",),
    ),
    Case(
        "codes that differ by their zeros only",
        joined(["0101", "101"], ("0101", 120), ("101", 90)),
        {"households": [120, 90]},
    ),
    Case(
        "codes of 17 digits kept as numbers",
        joined(
            ["43010211000100001", "43010211000100002"], (43010211000100001.0, 1), (43010211000100002.0, 2)
        ),
        {"households": [None, None, 1, 2]},
        ("sources.cells-damaged",),
        ("A2", "A3"),
    ),
    Case(
        "a long code in powers of ten",
        text("小区编码,小区名称,户数\n4.30102E+16,甲苑,120\n"),
        {"code": [None], "households": [120]},
        ("sources.cells-damaged",),
        ("A2", "4.30102E+16"),
    ),
    Case(
        "formulas without stored values",
        formulas,
        {"households": [None, 90], "buildings": [4, None]},
        ("sources.formulas-uncomputed",),
        ("B2", "C3"),
    ),
    Case(
        "cells in error",
        sheet(("#REF!", 120, 1985), ("乙苑", "#N/A", "#DIV/0!")),
        {"name": [None, "乙苑"], "households": [120, None], "year_max": [1985, None]},
        ("sources.cells-damaged",),
        ("A2", "B3", "C3"),
    ),
    Case(
        "cells that say something else",
        sheet(("甲苑", "见附件", 1985), ("乙苑", 90, "详见档案")),
        {"households": [None, 90], "year_max": [1985, None]},
        ("sources.cells-unreadable",),
        ("见附件", "详见档案"),
    ),
    # Columns.
    Case(
        "an empty column of the better name",
        sheet(("甲苑", None, 120), ("乙苑", None, 90), head=("小区名称", "户数", "总户数")),
        {"households": [120, 90]},
        ("sources.columns",),
        ("总户数",),
    ),
    Case(
        "dashes in the column of the better name",
        sheet(("甲苑", "—", 120), ("乙苑", "/", 90), head=("小区名称", "户数", "总户数")),
        {"households": [120, 90]},
    ),
    Case(
        "two full columns of one meaning",
        sheet(("甲苑", 120, 125), ("乙苑", 90, 95), head=("小区名称", "户数", "总户数")),
        {"households": [120, 90]},
        ("sources.columns-second",),
        ("总户数",),
    ),
    Case(
        "a column that means nothing here",
        sheet(("甲苑", 120, "张三"), head=("小区名称", "户数", "楼长")),
        {"households": [120]},
        ("sources.columns-kept",),
        ("楼长",),
    ),
    Case(
        "a column without a header",
        sheet(("甲苑", 120, 1985, "拆除"), head=(*HEAD, None)),
        {"year_max": [1985]},
        ("sources.columns-headless",),
        ("D",),
    ),
    Case("a hidden sheet", hidden, {"name": ["甲苑"]}, ("sources.sheets-hidden",), ("隐藏的表",)),
    Case(
        "a second sheet without a table",
        lambda path: [book(path / "台账.xlsx", 表=[HEAD, ["甲苑", 120, 1985]], 附表=[["甲", 1], ["乙", 2]])],
        {"name": ["甲苑"]},
        ("sources.sheets-unread",),
        ("附表",),
    ),
    # Positions.
    Case(
        "outlines as text",
        text(
            "小区名称;户数;建成年代;WKT\n"
            "甲苑;120;1985;POLYGON ((114 28.19, 114.001 28.19, 114.001 28.191, 114 28.19))\n"
            "乙苑;90;1990;POLYGON ((114.002 28.19, 114.003 28.19, 114.003 28.191, 114.002 28.19))\n",
            "gb18030",
        ),
        TWO | {"origin": ["survey", "survey"], "on_map": [2]},
        ("sources.position-column",),
        ("WKT",),
    ),
    Case(
        "points as text",
        text(
            "小区名称,户数,the_geom\n"
            "甲苑,120,POINT (114.000509 28.194893)\n"
            "乙苑,90,POINT (114.001589 28.194893)\n"
        ),
        {"households": [120, 90], "position": POINTS},
        ("sources.position-column",),
        ("the_geom",),
    ),
    Case(
        "both numbers in one column",
        text('小区名称,户数,坐标\n甲苑,120,"114.000509,28.194893"\n乙苑,90,"114.001589,28.194893"\n'),
        {"households": [120, 90], "position": POINTS},
        ("sources.position-column",),
        ("坐标",),
    ),
    Case(
        "latitude before longitude in one column",
        text('小区名称,户数,坐标\n甲苑,120,"28.194893，114.000509"\n乙苑,90,"28.194893，114.001589"\n'),
        {"households": [120, 90], "position": POINTS},
        ("sources.position-column",),
    ),
    Case(
        "degrees, minutes and seconds",
        text(
            "小区名称,户数,经度,纬度\n甲苑,120,114°0′1.8324″E,28°11′41.6148″N\n乙苑,90,114°0′5.7204″,北纬28°11′41.6148″\n"
        ),
        {"households": [120, 90], "position": POINTS},
    ),
    Case(
        "decimal commas",
        text("小区名称;户数;经度;纬度\n甲苑;120;114,000509;28,194893\n乙苑;90;114,001589;28,194893\n"),
        {"households": [120, 90], "position": POINTS},
    ),
    Case(
        "a surveyor's X and Y with the number of the zone, and a row without",
        sheet(*SURVEYED, head=("小区名称", "户数", "X", "Y")),
        {"name": ["甲苑", "乙苑", "丙苑"], "households": [120, 90, 60], "position": POINTS},
        ("sources.position-column", "sources.axes-swapped", "sources.discs"),
        ("X, Y",),
    ),
    Case(
        "easting and northing in the usual order",
        text(
            "小区名称,户数,横坐标（米）,纵坐标（米）\n"
            + "".join(f"{name},{homes},{east},{north}\n" for name, homes, north, east in SURVEYED[:2])
        ),
        {"households": [120, 90], "position": POINTS},
        ("sources.position-column", "sources.crs-prefix"),
    ),
    Case(
        "metres of a zone that nothing names",
        text("小区名称,户数,X坐标,Y坐标\n甲苑,120,500050.0,3120040.0\n"),
        refused="sources.crs-undecided",
    ),
    # The same content in other containers.
    Case(
        "a shapefile with all its companions", companions, {"name": ["甲苑", "乙苑"], "households": [120, 90]}
    ),
    Case(
        "neighbourhoods as points", points, {"households": [120, 90], "position": POINTS}, ("sources.discs",)
    ),
    Case("UTF-16 with its mark", text(LINES.replace(",", "\t"), "utf-16"), TWO),
    Case("UTF-16 without a mark", text(LINES, "utf-16-le"), TWO),
    Case("Unicode text of Excel", text(LINES.replace(",", "\t"), "utf-16", "台账.txt"), TWO),
    Case("an old workbook", stored("survey.xls"), TWO | {"year_max": [1998, 1990]}, ("sources.values",)),
    Case("a workbook of WPS", stored("survey.et"), TWO | {"year_max": [1998, 1990]}),
    Case("an OpenDocument table", stored("survey.ods"), TWO),
    Case("a web page called a workbook", text(HTML, "gb18030", "台账.xls"), TWO, ("sources.content-other",)),
    Case("text called a workbook", text(LINES, "gb18030", "台账.xlsx"), TWO, ("sources.content-other",)),
    Case("a workbook in an archive", zipped, TWO),
    # What cannot be read.
    Case("half a workbook", truncated, refused="sources.workbook-damaged"),
    Case("a workbook behind a password", locked, refused="sources.workbook-locked"),
    Case("zeros called a workbook", text("\0" * 900, "ascii", "台账.et"), refused="sources.workbook-damaged"),
)


def rows_of(reading: Reading) -> pd.DataFrame:
    """The neighbourhoods on the map and those that wait."""
    on_map = [layer.frame for layer in reading.layers if layer.role is Role.NEIGHBOURHOODS]
    parts = [pd.DataFrame(each) for each in (*on_map, reading.unplaced) if len(each)]
    return pd.concat(parts, ignore_index=True)


def positions_of(reading: Reading) -> np.ndarray:
    [layer] = [layer for layer in reading.layers if layer.role is Role.NEIGHBOURHOODS]
    centres = layer.frame.geometry.centroid.to_crs("EPSG:4326")
    return np.column_stack([centres.x, centres.y])


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_read_right_asked_or_named(case: Case, tmp_path: Path) -> None:
    paths = case.make(tmp_path)
    if case.refused:
        with pytest.raises(RenomapError) as raised:
            read(paths)
        assert raised.value.code == case.refused
        return
    reading = read(paths)
    found = rows_of(reading)
    for column, wanted in case.want.items():
        if column == "position":
            np.testing.assert_allclose(positions_of(reading), np.array(wanted), atol=2e-6)
            continue
        if column == "on_map":
            assert [len(layer.frame) for layer in reading.layers] == list(wanted)
            continue
        values = [None if pd.isna(value) else value for value in found[column]]
        assert values == list(wanted), column
    notes = [note for note in reading.notes if note.code in case.told]
    assert {note.code for note in notes} == set(case.told), [note.code for note in reading.notes]
    shown = " ".join(str(dict(note.params)) for note in notes)
    assert all(word in shown for word in case.named), shown


def test_there_are_forty() -> None:
    assert len({case.name for case in CASES}) >= 40

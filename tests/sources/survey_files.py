"""Small files as planners receive them, made for the tests of reading."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import openpyxl
import shapely

#: A street corner in Changsha, EPSG:4547.
ORIGIN = (395_000.0, 3_121_000.0)


def square(column: int, row: int = 0, size: float = 100.0, gap: float = 20.0) -> shapely.Polygon:
    """A block of a grid of squares, metres of EPSG:4547."""
    x, y = ORIGIN[0] + column * (size + gap), ORIGIN[1] + row * (size + gap)
    return shapely.box(x, y, x + size, y + size)


def write(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> Path:
    """A GeoPackage of these layers."""
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG")
    return path


def frame(shapes: Sequence[object], crs: str | None = "EPSG:4547", **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=crs)


def dbf(
    path: Path, names: Sequence[bytes], widths: Sequence[int], rows: Sequence[Sequence[bytes]], ldid: int = 0
) -> Path:
    """A dBASE table of texts, byte for byte."""
    record = 1 + sum(widths)
    head = struct.pack("<B3BIHH16xBB2x", 3, 126, 1, 1, len(rows), 33 + 32 * len(names), record, 0, ldid)
    fields = b"".join(
        name[:10].ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([width, 0]) + b"\0" * 14
        for name, width in zip(names, widths, strict=True)
    )
    body = b"".join(
        b" " + b"".join(value[:width].ljust(width) for value, width in zip(row, widths, strict=True))
        for row in rows
    )
    path.write_bytes(head + fields + b"\r" + body + b"\x1a")
    return path


def shapefile(path: Path, shapes: Sequence[object], crs: str | None = "EPSG:4547") -> Path:
    """A shapefile of these shapes with a plain table, its label files removed."""
    table = gpd.GeoDataFrame({"id": range(len(shapes))}, geometry=list(shapes), crs=crs or "EPSG:4547")
    table.to_file(path, driver="ESRI Shapefile")
    path.with_suffix(".cpg").unlink()
    if crs is None:
        path.with_suffix(".prj").unlink()
    return path


def book(path: Path, **sheets: list[list[object]]) -> Path:
    """A workbook of these sheets, row by row as they stand."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path

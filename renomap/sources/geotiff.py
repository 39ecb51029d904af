"""Where a GeoTIFF lies: the tags of its first picture, without its pixels.

Tags and keys are those of OGC GeoTIFF 1.1 (OGC 19-008r4) and TIFF 6.0; BigTIFF is not read.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO, Final

from renomap.errors import RenomapError

Affine = tuple[float, float, float, float, float, float]
_SCALE, _TIEPOINTS, _MATRIX, _KEYS = 33550, 33922, 34264, 34735
_RASTER_TYPE, _GEOGRAPHIC, _PROJECTED = 1025, 2048, 3072
_POINT: Final = 2
_OWN: Final = 32767  # "user-defined": the system is spelled out in other keys, which nobody writes for these
_FORMS: Final = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 9: "i", 11: "f", 12: "d"}
_MOST_VALUES: Final = 100_000


def read_geotiff(path: Path) -> tuple[Affine | None, str]:
    """The place of a TIFF.

    Returns
    -------
    affine : (a, b, c, d, e, f) or None
        ``x = a col + b row + c``, ``y = d col + e row + f`` for corners of pixels; None without tags.
    crs : str
        ``EPSG:n``, or '' where the file does not say it by number.

    Raises
    ------
    RenomapError
        ``sources.raster-unreadable`` for what is no TIFF, or a BigTIFF.
    """
    try:
        with path.open("rb") as file:
            tags = _tags(file)
    except (struct.error, UnicodeDecodeError, OSError) as error:
        raise RenomapError("sources.raster-unreadable", path=path.name) from error
    if tags is None:
        raise RenomapError("sources.raster-unreadable", path=path.name)
    keys = _geo_keys(tags.get(_KEYS, ()))
    affine = _affine(tags)
    if affine is not None and keys.get(_RASTER_TYPE) == _POINT:
        affine = corner_of(affine)
    number = keys.get(_PROJECTED) or keys.get(_GEOGRAPHIC) or _OWN
    return affine, "" if number == _OWN else f"EPSG:{number}"


def corner_of(affine: Affine) -> Affine:
    """The affine of pixel corners, of one that speaks of pixel middles."""
    a, b, c, d, e, f = affine
    return (a, b, c - (a + b) / 2, d, e, f - (d + e) / 2)


def _tags(file: BinaryIO) -> dict[int, tuple[Any, ...]] | None:
    head = file.read(8)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or struct.unpack(order + "H", head[2:4])[0] != 42:
        return None
    file.seek(struct.unpack(order + "I", head[4:8])[0])
    (count,) = struct.unpack(order + "H", file.read(2))
    entries = [struct.unpack(order + "HHI4s", file.read(12)) for _ in range(count)]
    return {
        tag: _values(file, order, kind, number, raw)
        for tag, kind, number, raw in entries
        if tag in (_SCALE, _TIEPOINTS, _MATRIX, _KEYS) and kind in _FORMS and number <= _MOST_VALUES
    }


def _values(file: BinaryIO, order: str, kind: int, number: int, raw: bytes) -> tuple[Any, ...]:
    form = f"{order}{number}{_FORMS[kind]}"
    size = struct.calcsize(form)
    if size > len(raw):
        file.seek(struct.unpack(order + "I", raw)[0])
        raw = file.read(size)
    return struct.unpack(form, raw[:size])


def _geo_keys(directory: tuple[Any, ...]) -> dict[int, int]:
    """Keys whose value stands in the directory itself; those of the systems all do."""
    rows = [directory[i : i + 4] for i in range(4, len(directory) - 3, 4)]
    return {row[0]: row[3] for row in rows if row[1] == 0}


def _affine(tags: dict[int, tuple[Any, ...]]) -> Affine | None:
    matrix = tags.get(_MATRIX, ())
    if len(matrix) >= 8:
        return (matrix[0], matrix[1], matrix[3], matrix[4], matrix[5], matrix[7])
    scale, tie = tags.get(_SCALE, ()), tags.get(_TIEPOINTS, ())
    if len(scale) < 2 or len(tie) < 6:
        return None
    column, row, _, x, y, _ = tie[:6]
    return (scale[0], 0.0, x - column * scale[0], 0.0, -scale[1], y + row * scale[1])

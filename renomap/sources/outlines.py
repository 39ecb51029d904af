"""Tables whose rows have outlines as text, or positions in metres, as the layers they are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.note import Note, Severity
from renomap.sources.positions import shape_of
from renomap.sources.sheets import UNITS, SourceSheet
from renomap.sources.values import fold, parse_number
from renomap.sources.vector import RawLayer

#: Share of the filled cells of a column that must tell a shape, and how many cells are tried.
_MOST: Final = 0.8
_TRIED: Final = 200
#: Heads of an easting and a northing, without blanks, units and the name of the system. Surveyors call the
#: northing X: which is which the numbers tell.
_AXES: Final = (
    ("x", "y"),
    ("x坐标", "y坐标"),
    ("坐标x", "坐标y"),
    ("横坐标", "纵坐标"),
    ("东坐标", "北坐标"),
    ("中心点x", "中心点y"),
    ("pointx", "pointy"),
    ("easting", "northing"),
    ("e", "n"),
)
#: Numbers below are no position in metres on a map of a town.
_LEAST_M: Final = 1e4


def drawn(sheet: SourceSheet) -> tuple[RawLayer, SourceSheet] | None:
    """A table with a column of shapes as text, or with two of eastings and northings, as the layer it is.

    Returns
    -------
    RawLayer and Sheet, or None
        The rows with a shape as a layer, with the remarks on the sheet; the others as a table. None where no
        column tells outlines: points in degrees are read as positions.
    """
    return _outlines(sheet) or _spots(sheet)


def _outlines(sheet: SourceSheet) -> tuple[RawLayer, SourceSheet] | None:
    for column in sheet.rows.columns:
        cells = sheet.rows[column]
        filled = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        tried = [shape_of(cell) for cell in filled[:_TRIED]]
        shaped = [shape for shape in tried if shape is not None]
        if not filled or len(shaped) < _MOST * len(tried) or all(_is_spot(shape) for shape in shaped):
            continue
        shapes = np.empty(len(cells), dtype=object)
        shapes[:] = [shape_of(cell) for cell in cells]
        return _parted(sheet, [str(column)], shapes)
    return None


def _spots(sheet: SourceSheet) -> tuple[RawLayer, SourceSheet] | None:
    """Rows with positions under X and Y: metres of a zone as a rule, which the layer's place is found by."""
    if sheet.of != UNITS:
        return None
    heads = {
        re.sub(r"[\s_()（）]|cgcs2000|2000|米", "", str(column).casefold()): column for column in sheet.rows
    }
    for east, north in _AXES:
        if east not in heads or north not in heads:
            continue
        x, y = (_metres(sheet.rows[heads[axis]]) for axis in (east, north))
        known = np.isfinite(x) & np.isfinite(y)
        if not known.any() or not min(np.median(np.abs(x[known])), np.median(np.abs(y[known]))) > _LEAST_M:
            continue
        shapes = np.full(len(x), None, dtype=object)
        shapes[known] = shapely.points(x[known], y[known])
        return _parted(sheet, [str(heads[east]), str(heads[north])], shapes)
    return None


def _metres(cells: pd.Series[Any]) -> npt.NDArray[np.float64]:
    """Numbers of a column, NaN where a cell holds none; all NaN where most filled cells hold none."""
    read = [parse_number(cell).value if fold(str(cell)) else None for cell in cells]
    values = np.array([np.nan if value is None or value == 0 else value for value in read], dtype=float)
    filled = int(cells.notna().sum())
    return values if np.isfinite(values).sum() >= _MOST * filled else np.full(len(values), np.nan)


def _parted(
    sheet: SourceSheet, columns: list[str], shapes: npt.NDArray[np.object_]
) -> tuple[RawLayer, SourceSheet]:
    """The rows with a shape as a layer, the others as a table."""
    known = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
    params: dict[str, object] = {"layer": sheet.name, "column": ", ".join(columns), "count": int(known.sum())}
    params["overrule"] = f"--role {sheet.name}=none"
    note = Note("sources.position-column", params, Severity.INFO, sheet.name)
    fields = sheet.rows.drop(columns=columns)
    layer = RawLayer(
        sheet.name,
        sheet.data_set,
        fields.loc[known].reset_index(drop=True),
        shapes[known],
        None,
        (*sheet.notes, note),
    )
    return layer, replace(sheet, rows=fields.loc[~known], notes=())


def _is_spot(shape: shapely.Geometry) -> bool:
    """A point in degrees."""
    x, y = shape.bounds[:2] if not shape.is_empty else (0.0, 0.0)
    return shape.geom_type in ("Point", "MultiPoint") and abs(x) <= 180 and abs(y) <= 180

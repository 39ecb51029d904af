"""Tables whose rows have outlines as text, as the layers they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from renomap.model.note import Note, Severity
from renomap.sources.positions import shape_of
from renomap.sources.sheets import Sheet
from renomap.sources.vector import RawLayer

#: Share of the filled cells of a column that must tell a shape, and how many cells are tried.
_MOST: Final = 0.8
_TRIED: Final = 200


def drawn(sheet: Sheet) -> tuple[RawLayer, Sheet] | None:
    """A table with a column of shapes as text, as the layer it is.

    Returns
    -------
    RawLayer and Sheet, or None
        The rows with a shape as a layer, with the remarks on the sheet; the others as a table. None where no
        column tells outlines: points are read as positions.
    """
    for column in sheet.rows.columns:
        cells = sheet.rows[column]
        filled = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        tried = [shape_of(cell) for cell in filled[:_TRIED]]
        shaped = [shape for shape in tried if shape is not None]
        if not filled or len(shaped) < _MOST * len(tried) or all(_is_spot(shape) for shape in shaped):
            continue
        shapes = np.empty(len(cells), dtype=object)
        shapes[:] = [shape_of(cell) for cell in cells]
        known = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
        params: dict[str, object] = {"layer": sheet.name, "column": str(column), "count": int(known.sum())}
        params["overrule"] = f"--role {sheet.name}=none"
        note = Note("sources.position-column", params, Severity.INFO, sheet.name)
        fields = sheet.rows.drop(columns=[column])
        layer = RawLayer(
            sheet.name,
            sheet.data_set,
            fields.loc[known].reset_index(drop=True),
            shapes[known],
            None,
            (*sheet.notes, note),
        )
        return layer, replace(sheet, rows=fields.loc[~known], notes=())
    return None


def _is_spot(shape: shapely.Geometry) -> bool:
    """A point in degrees."""
    x, y = shape.bounds[:2] if not shape.is_empty else (0.0, 0.0)
    return shape.geom_type in ("Point", "MultiPoint") and abs(x) <= 180 and abs(y) <= 180

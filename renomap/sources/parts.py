"""Rows that consist of many shapes: one neighbourhood each, or as many as there are shapes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import shapely

from renomap.errors import RenomapError
from renomap.model.note import Guess, GuessKind, Note, Severity
from renomap.sources.addresses import layer_names, option_of, source_of
from renomap.sources.options import AUTO, ImportOptions
from renomap.sources.vector import RawLayer

WHOLE: Final = "whole"
PARTS: Final = "parts"
#: Fewer shapes in a row are the yards of one neighbourhood on both sides of a street.
_MANY: Final = 20


def parted(layer: RawLayer, options: ImportOptions) -> RawLayer:
    """The layer with a row for every shape, where the user says so with ``rows``.

    Raises
    ------
    RenomapError
        ``sources.unknown-rows``
    """
    said = option_of(options.rows, layer_names(layer.data_set, layer.title))
    if said in (AUTO, WHOLE):
        return layer
    if said != PARTS:
        raise RenomapError("sources.unknown-rows", rows=said[:30], known=f"{PARTS}, {WHOLE}")
    shapes, rows = shapely.get_parts(layer.shapes, return_index=True)
    note = Note("sources.parts-apart", {"layer": layer.title, "count": len(shapes)}, layer=layer.title)
    guessed = replace(note, guesses=(_guess(layer, PARTS),))
    fields = layer.fields.iloc[rows].reset_index(drop=True)
    return replace(layer, fields=fields, shapes=shapes, notes=(*layer.notes, guessed))


def parts_note(layer: RawLayer) -> list[Note]:
    """The question whether the shapes of a row are neighbourhoods of their own."""
    counts = shapely.get_num_geometries(layer.shapes)
    many = np.flatnonzero(counts >= _MANY)
    if not len(many):
        return []
    guess = _guess(layer, WHOLE)
    params = {"layer": layer.title, "rows": len(many), "parts": int(counts[many].sum())}
    params["overrule"] = guess.hint(PARTS)
    return [
        Note("sources.parts-whole", params, Severity.GUESS, layer.title, confidence=0.4, guesses=(guess,))
    ]


def _guess(layer: RawLayer, chosen: str) -> Guess:
    return Guess(GuessKind.ROWS, source_of(layer.data_set), layer.title, "", chosen, (WHOLE, PARTS))

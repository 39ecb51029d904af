"""OpenStreetMap's mixed layers taken apart into what a planner works with."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from renomap.sources.vector import RawLayer

_TAG = re.compile(r'"([^"]+)"=>"((?:[^"\\]|\\.)*)"')
#: Tags that the reader leaves in ``other_tags`` and that mean something to us.
_WANTED = (
    ("building:levels", "levels"),
    ("building:flats", "households"),
    ("bridge", "bridge"),
    ("tunnel", "tunnel"),
    ("layer", "layer"),
    ("amenity", "amenity"),
    ("shop", "shop"),
    ("social_facility", "social_facility"),
    ("healthcare", "healthcare"),
    ("leisure", "leisure"),
    ("railway", "railway"),
    ("waterway", "waterway"),
    ("start_date", "start_date"),
    ("crossing", "crossing"),
)
#: Layer of the reader -> (title, column, values; None = any value), first match wins.
_PARTS: dict[str, tuple[tuple[str, str, frozenset[str] | None], ...]] = {
    "lines": (
        ("roads", "highway", None),
        ("railways", "railway", None),
        ("waterways", "waterway", None),
        ("barriers", "barrier", None),
    ),
    "multipolygons": (
        ("buildings", "building", None),
        ("residential_areas", "landuse", frozenset(("residential",))),
        ("water", "natural", frozenset(("water",))),
        ("facilities", "amenity", None),
        ("boundary", "boundary", frozenset(("administrative",))),
        ("landuse", "landuse", None),
        ("landuse", "leisure", None),
    ),
    "points": (
        ("crossings", "highway", frozenset(("crossing",))),
        ("poi", "amenity", None),
        ("poi", "shop", None),
        ("poi", "social_facility", None),
        ("poi", "healthcare", None),
        ("poi", "leisure", None),
    ),
}


def taken_apart(layer: RawLayer) -> list[RawLayer]:
    """The parts of one of the reader's layers (points, lines, multipolygons); features of no part are left
    out."""
    fields = _with_tags(layer.fields)
    home = np.full(len(fields), "", dtype=object)
    for title, column, values in _PARTS.get(layer.title, ()):
        if column not in fields:
            continue
        said = fields[column]
        fits = said.notna() if values is None else said.isin(values)
        home[(home == "") & fits.to_numpy(dtype=bool)] = title
    parts = []
    for title in dict.fromkeys(home[home != ""]):
        rows = home == title
        part = fields.loc[rows].reset_index(drop=True).dropna(axis=1, how="all")
        parts.append(replace(layer, title=str(title), fields=part, shapes=layer.shapes[rows]))
    return parts


def _with_tags(fields: pd.DataFrame) -> pd.DataFrame:
    """Wanted tags as columns of their own; ``other_tags`` stays."""
    if "other_tags" not in fields:
        return fields
    out = fields.copy()
    tags = [dict(_TAG.findall(text)) if isinstance(text, str) else {} for text in fields["other_tags"]]
    for tag, column in _WANTED:
        values = pd.Series([each.get(tag) for each in tags], index=fields.index, dtype=object)
        if values.notna().any():
            out[column] = out[column].where(out[column].notna(), values) if column in out else values
    return out

"""What divides the ground: the table of barriers, and the effect of each road, water, railway and wall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.assets import table

HARD = "hard"
UNKNOWN = "unknown"
_COLUMNS = {
    "role": object,
    "kind": object,
    "name": object,
    "hard": bool,
    "cost": float,
    "opens": bool,
    "half_width_m": float,
    "known_width": bool,
    "bridge": bool,
    "tunnel": bool,
}


@dataclass(frozen=True)
class Effect:
    """What one kind of thing does to links and outlines; see ``resources/tables/barriers.toml``."""

    effect: str
    cost: float = 0.0
    opens: bool = False
    half_width_m: float = 0.0


@cache
def effects(role: str) -> Mapping[str, Effect]:
    """Effect by canonical kind, of roads, water, railways, barriers, crossings, or user (hand-made links)."""
    return MappingProxyType({kind: Effect(**row) for kind, row in table("barriers")[role].items()})


@cache
def _aliases(role: str) -> Mapping[str, str]:
    """Canonical kind by folded word, so that frames that never went through an import work as well."""
    words = table("kinds")["road_class" if role == "roads" else role]
    known = {_folded(word): kind for kind, synonyms in words.items() for word in synonyms}
    return MappingProxyType(known | {kind: kind for kind in effects(role)})


def _folded(value: object) -> str:
    return "" if value is None or value != value else "".join(str(value).lower().split())


def kinds(role: str, values: pd.Series) -> pd.Series:
    """Canonical kind of each value; ``unknown`` where nothing is known or the word is not in the tables."""
    aliases = _aliases(role)
    found = {value: aliases.get(_folded(value), UNKNOWN) for value in values.unique()}
    return pd.Series(values.map(found).where(values.notna(), UNKNOWN))


def column(frame: gpd.GeoDataFrame, *names: str) -> pd.Series:
    """The first of those columns that the frame has, or all None."""
    for name in names:
        if name in frame.columns:
            found: pd.Series = frame[name]
            return found
    return pd.Series([None] * len(frame), index=frame.index, dtype=object)


def flags(frame: gpd.GeoDataFrame, name: str) -> npt.NDArray[np.bool_]:
    """A yes/no column as bools; unknown and ``no`` are False."""
    values = column(frame, name)
    said = values.map(lambda value: _folded(value) not in ("", "no", "false", "0", "0.0", "f", "n", "否"))
    yes: npt.NDArray[np.bool_] = said.to_numpy(dtype=bool)
    return yes


def describe(frame: gpd.GeoDataFrame | None, role: str) -> gpd.GeoDataFrame:
    """The rows of a layer with what they do on the ground.

    Parameters
    ----------
    frame : GeoDataFrame or None
        A layer of that role; canonical columns of ``model.fields`` are used where present.
    role : str
        ``roads``, ``water``, ``railways``, ``barriers`` or ``crossings``.

    Returns
    -------
    GeoDataFrame
        Single-part geometry in the order given; columns ``role``, ``kind``, ``name`` ('' if none), ``hard``
        (bool), ``cost`` (0..1), ``opens`` (bool), ``half_width_m``, ``bridge``, ``tunnel`` (bool). Rows
        without geometry are left out. None gives no rows.
    """
    if frame is None or len(frame) == 0:
        crs = None if frame is None else frame.crs
        empty = {name: np.empty(0, kind) for name, kind in _COLUMNS.items()}
        return gpd.GeoDataFrame(empty, geometry=[], crs=crs)
    rows = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    kind = kinds(role, column(rows, "road_class" if role == "roads" else "kind"))
    table = effects(role)
    of = {name: table.get(name, table[UNKNOWN]) for name in kind.unique()}
    width = pd.to_numeric(column(rows, "width_m"), errors="coerce") / 2
    assumed = kind.map(lambda name: of[name].half_width_m).astype(float)
    described = gpd.GeoDataFrame(
        {
            "role": role,
            "kind": kind,
            "name": column(rows, "name").map(lambda value: "" if not _folded(value) else str(value).strip()),
            "hard": kind.map(lambda name: of[name].effect == HARD).astype(bool),
            "cost": kind.map(lambda name: of[name].cost).astype(float),
            "opens": kind.map(lambda name: of[name].opens).astype(bool),
            "half_width_m": width.where(width > 0, assumed),
            "known_width": (width > 0).astype(bool),
            "bridge": flags(rows, "bridge"),
            "tunnel": flags(rows, "tunnel"),
        },
        geometry=rows.geometry.to_numpy(),
        crs=frame.crs,
    )
    return described.explode(ignore_index=True)

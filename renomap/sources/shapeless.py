"""Neighbourhoods of a layer whose rows have no shape: they wait to be drawn, as rows of a list do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.model.fields import COLUMNS
from renomap.model.note import Note, Severity
from renomap.model.roles import Role
from renomap.model.waiting import NO_SHAPE
from renomap.sources.addresses import ColumnOptions
from renomap.sources.canonical import canonical
from renomap.sources.synonyms import Meaning
from renomap.sources.vector import RawLayer


def shapeless(
    raw: RawLayer, rows: npt.NDArray[np.int64], used: Sequence[Meaning], said: ColumnOptions
) -> pd.DataFrame:
    """Rows of a layer of neighbourhoods that have no shape, as rows that wait (``model.waiting``).

    Parameters
    ----------
    raw : RawLayer
        The layer as it was read.
    rows : int64 array
        Positions of the rows without a shape.
    used : sequence of Meaning
        How the columns of the rows with a shape were understood; these are read alike.
    said : ColumnOptions
        What the user says of the columns.

    Returns
    -------
    DataFrame
        Those that have a name or a code. ``row`` is the place in the source, from 1.
    """
    fields = raw.fields.iloc[rows].reset_index(drop=True)
    alike = replace(said, fields={**{each.column: each.canonical for each in used}, **said.fields})
    parsed = canonical(fields, np.asarray(rows + 1, dtype=np.int64), Role.NEIGHBOURHOODS, alike, raw.title)
    table = parsed.frame
    table = table[(table["name"].notna() | table["code"].notna()).to_numpy()]
    return table.assign(
        file=raw.data_set.name,
        sheet=raw.title,
        row=table.index,
        lon=np.nan,
        lat=np.nan,
        reason=NO_SHAPE,
        suggestions=None,
    ).reset_index(drop=True)


def shapeless_notes(notes: Sequence[Note], raw: RawLayer, lost: int, rows: pd.DataFrame) -> list[Note]:
    """The remarks on a layer of whose rows ``lost`` have no shape, ``rows`` of them wait: none of these is
    said to be left out."""
    if not len(rows):
        return list(notes)
    kept = [note for note in notes if note.code != "sources.no-shape" or len(rows) < lost]
    return [
        *kept,
        Note("sources.waiting", {"name": raw.title, "count": len(rows)}, Severity.WARNING, raw.title),
    ]


def waiting_together(listed: pd.DataFrame, mine: pd.DataFrame) -> pd.DataFrame:
    """Rows of inventories and of layers that wait; one of the same name in both is one row, which takes from
    the layer what the inventory does not know."""
    if not len(mine) or not len(listed):
        return listed if len(listed) else mine
    listed = listed.astype(object)
    at = {name: k for k, name in enumerate(listed["name"]) if isinstance(name, str)}
    partner = [at.get(name, -1) if isinstance(name, str) else -1 for name in mine["name"]]
    for row, k in zip(mine.to_dict("records"), partner, strict=True):
        if k < 0:
            continue
        known = listed[list(COLUMNS[Role.NEIGHBOURHOODS])].iloc[k].notna()
        lacking = known.index[~known.to_numpy()].tolist()
        if "households" in lacking:
            lacking.append("households_flag")
        for name in lacking:
            listed.at[k, name] = row[name]
    alone = mine[np.array(partner) < 0]
    return pd.concat([listed, alone.astype(object)], ignore_index=True) if len(alone) else listed

"""The neighbourhoods made whole: inventory joined, households estimated, and what is still lacking said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from renomap.model.households import LOWER_BOUND
from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.model.roles import Role
from renomap.sources.households import estimate
from renomap.sources.inventory import join
from renomap.sources.options import ImportOptions
from renomap.sources.sheets import SourceSheet


def complete(
    layers: Sequence[Layer], sheets: Sequence[SourceSheet], options: ImportOptions
) -> tuple[tuple[Layer, ...], list[Note], pd.DataFrame]:
    """Join the inventory to the neighbourhoods and estimate their households where no source has any.

    Parameters
    ----------
    layers : sequence of Layer
        Layers of the import in project coordinates; at most one of neighbourhoods.
    sheets : sequence of SourceSheet
        Tables, those of one file one after the other.
    options : ImportOptions
        ``fields``, ``units``, ``joins`` and ``m2_per_household``.

    Returns
    -------
    layers : tuple of Layer
        The same, the neighbourhoods with new values.
    notes : list of Note
        What was joined, estimated and is missing.
    unplaced : DataFrame
        Rows of the inventory without a neighbourhood.
    """
    at = next((i for i, layer in enumerate(layers) if layer.role is Role.NEIGHBOURHOODS), None)
    if at is None and options.joins_project:
        return tuple(layers), [], pd.DataFrame()  # they stand in the project
    if at is None:
        code = "sources.inventory-unused" if sheets else "sources.no-neighbourhoods"
        note = Note(code, {"overrule": "--role LAYER=neighbourhoods"}, Severity.WARNING)
        return tuple(layers), [note], pd.DataFrame()
    mine, notes, unplaced = with_tables(layers[at], sheets, options)
    mine, more = with_households(mine, [layer for layer in layers if layer.role is Role.BUILDINGS], options)
    notes += [*more, *_missing(mine)]
    return (*layers[:at], mine, *layers[at + 1 :]), notes, unplaced


def with_tables(
    layer: Layer, sheets: Sequence[SourceSheet], options: ImportOptions
) -> tuple[Layer, list[Note], pd.DataFrame]:
    """The neighbourhoods with the values of their inventories, file by file, and the rows that found no
    place."""
    notes: list[Note] = []
    unplaced: list[pd.DataFrame] = []
    for data_set in dict.fromkeys(sheet.data_set for sheet in sheets):
        joined = join(layer, [sheet for sheet in sheets if sheet.data_set == data_set], options)
        layer = joined.layer
        notes += joined.notes
        unplaced.append(joined.unplaced)
    rest = [frame for frame in unplaced if len(frame)]
    return layer, notes, pd.concat(rest, ignore_index=True) if rest else pd.DataFrame()


def with_households(
    layer: Layer, buildings: Sequence[Layer], options: ImportOptions
) -> tuple[Layer, list[Note]]:
    """The neighbourhoods with unknown households estimated from the first layer of buildings."""
    unknown = layer.frame["households"].isna()
    if not unknown.any() or not buildings:
        return layer, []
    stock = buildings[0].frame
    if options.storeys is None and stock["floors"].isna().all():
        note = Note(
            "sources.no-storeys",
            {"layer": buildings[0].title, "overrule": "--field LAYER.NAME=floors"},
            Severity.WARNING,
        )
        return layer, [note]
    households, share = estimate(layer.frame.geometry, stock, options.m2_per_household, options.storeys)
    take = unknown & households.notna()
    if not take.any():
        return layer, []
    frame = layer.frame.copy()
    frame["households"] = frame["households"].where(~take, households)
    # A building without storeys holds households that nobody counted: the estimate is the least there are.
    short = take & (share < 0.999)
    frame.loc[take, "households_flag"] = "estimated"
    frame.loc[short, "households_flag"] = LOWER_BOUND
    partial = int(short.sum())
    params = {
        "count": int(take.sum()),
        "m2": f"{options.m2_per_household:g}",
        "buildings": buildings[0].title,
        "unknown": int((unknown & ~take).sum()),
        "partial": partial,
    }
    note = Note("sources.households-estimated", params, Severity.GUESS, layer=layer.title, confidence=0.5)
    return replace(layer, frame=frame), [note, *_assumed(layer, buildings[0], options)]


def _assumed(layer: Layer, buildings: Layer, options: ImportOptions) -> list[Note]:
    """What somebody assumed of buildings without storeys, so that every reader of the estimate sees it."""
    count = int(buildings.frame["floors"].isna().sum())
    if options.storeys is None or not count:
        return []
    params = {"buildings": buildings.title, "count": count, "storeys": f"{options.storeys:g}"}
    return [Note("sources.storeys-assumed", params, Severity.WARNING, layer=layer.title)]


def _missing(layer: Layer) -> list[Note]:
    """What the neighbourhoods still lack of the things everything else rests on."""
    notes = []
    for name, code in (
        ("name", "sources.unnamed"),
        ("households", "sources.households-unknown"),
        ("year_max", "sources.year-unknown"),
    ):
        lacking = layer.frame.index[layer.frame[name].isna()]
        if len(lacking):
            params = {"count": len(lacking), "of": len(layer.frame)}
            fids = tuple(int(fid) for fid in lacking[:200])
            notes.append(Note(code, params, Severity.WARNING, layer=layer.title, fids=fids))
    return notes

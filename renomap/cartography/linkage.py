"""Ground contiguity over the map, for the eye that wants to know who counts as whose neighbour, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.cartography.layers import LegendEntry, LegendGroup, MapLayer, ShapeLayer
from renomap.cartography.naming import places_of
from renomap.cartography.symbols import symbol
from renomap.model.derived import once
from renomap.model.links import KINDS, Links
from renomap.model.plan import Plan

#: Keys of the layers of this room, the lowest first.
BLOCKS, LINKS, CUTS = "blocks", "links", "cuts"


def method_layers(plan: Plan, hard: gpd.GeoDataFrame | None) -> list[MapLayer]:
    """What decides who is whose neighbour: what is hard, links, pairs cut by hand; empty ones left out.

    ``hard`` has a column ``role``; columns and units as in ``ground.links.Ground.hard``.
    """
    layers = []
    if hard is not None and len(hard):
        layers.append(blocks_layer(hard))
    if len(plan.links):
        layers.append(links_layer(plan.links, plan.neighbourhoods))
    overrides = None if plan.scheme is None else plan.scheme.overrides
    if overrides is not None and (overrides["action"] == "cut").any():
        layers.append(cuts_layer(overrides, plan.neighbourhoods))
    return list(layers)


def method_legend(plan: Plan, hard: gpd.GeoDataFrame | None, words: Mapping[str, str]) -> LegendGroup:
    """Legend of ``method_layers``."""
    entries = list(links_legend(plan.links, words).entries)
    drawn = {layer.key for layer in method_layers(plan, hard)}
    for key in (CUTS, BLOCKS):
        if key in drawn:
            sample = (symbol(f"link.{key}"),)
            entries.append(
                LegendEntry(words[f"maps.link.{key}"], key, (0,), sample, "line", counted=key == CUTS)
            )
    return LegendGroup(words["maps.legend.links"], tuple(entries))


def links_layer(links: Links, neighbourhoods: gpd.GeoDataFrame) -> ShapeLayer:
    """Links as lines between points inside the neighbourhoods, one class for each of ``model.links.KINDS``.

    Not part of ``map_content``: the window and sheets on the method lay it over a map where it is asked for.

    Parameters
    ----------
    links : Links
        Its ``fids`` are all in the index of ``neighbourhoods``. No links give a layer without lines.
    """
    lines = link_lines(links, neighbourhoods)
    return ShapeLayer(LINKS, lines, links.kind.astype(np.int64), tuple(symbol(f"link.{k}") for k in KINDS))


def links_legend(links: Links, words: Mapping[str, str]) -> LegendGroup:
    """Legend of ``links_layer``: the kinds that occur."""
    entries = []
    for k, kind in enumerate(KINDS):
        if (links.kind == k).any():
            text, sample = words[f"maps.link.{kind}"], (symbol(f"link.{kind}"),)
            entries.append(LegendEntry(text, LINKS, (k,), sample, "line", counted=True))
    return LegendGroup(words["maps.legend.links"], tuple(entries))


def cuts_layer(overrides: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame) -> ShapeLayer:
    """Pairs that the user has cut, as lines between points inside them; pairs that are gone are left out.

    ``overrides`` as in ``model.scheme.no_overrides``.
    """
    lines = cut_lines(overrides, neighbourhoods)
    return ShapeLayer(CUTS, lines, np.zeros(len(lines), dtype=np.int64), (symbol("link.cuts"),))


def blocks_layer(hard: gpd.GeoDataFrame) -> ShapeLayer:
    """What no link crosses, lines and surfaces alike, in one colour."""
    return ShapeLayer(BLOCKS, hard, np.zeros(len(hard), dtype=np.int64), (symbol("link.blocks"),))


def link_lines(links: Links, neighbourhoods: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """A line for each link, in their order; the same object as long as its ends stay where they are."""
    row = neighbourhoods.index.get_indexer(links.fids)
    return _lines(links, neighbourhoods, row[links.a], row[links.b])


def cut_lines(overrides: pd.DataFrame, neighbourhoods: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """A line for each cut pair; index = the row of ``overrides``. The same object as ``link_lines`` says."""
    rows = overrides[overrides["action"] == "cut"]
    a, b = (neighbourhoods.index.get_indexer(rows[name]) for name in ("a", "b"))
    known = (a >= 0) & (b >= 0)
    return _lines(overrides, neighbourhoods, a[known], b[known], rows.index[known])


@dataclass
class _Last:
    """The lines drawn last between pairs, and where their ends were."""

    ends: npt.NDArray[np.float64]
    lines: gpd.GeoSeries


def _lines(
    pairs: Links | pd.DataFrame,
    neighbourhoods: gpd.GeoDataFrame,
    a: npt.NDArray[np.intp],
    b: npt.NDArray[np.intp],
    index: pd.Index[Any] | None = None,
) -> gpd.GeoSeries:
    """Lines between the places of two rows each, kept beside ``pairs``: one set, told by where its ends are.

    Every stroke makes a new frame of the same neighbourhoods, and a map is drawn anew where its lines are new
    objects.
    """
    places = places_of(neighbourhoods)[0]
    ends = np.stack([places[a], places[b]], axis=1)
    kept: dict[str, _Last] = once(pairs, "lines between", dict)
    last = kept.get("last")
    if last is None or last.lines.crs != neighbourhoods.crs or not np.array_equal(last.ends, ends):
        lines = gpd.GeoSeries(shapely.linestrings(ends), index=index, crs=neighbourhoods.crs)
        last = kept["last"] = _Last(ends, lines)
    return last.lines

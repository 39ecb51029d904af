"""Ground contiguity as lines over the map, for the eye that wants to know who counts as whose neighbour."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import shapely

from renomap.cartography.layers import LegendEntry, LegendGroup, ShapeLayer, once
from renomap.cartography.naming import places_of
from renomap.cartography.symbols import symbol
from renomap.model.links import KINDS, Links


def links_layer(links: Links, neighbourhoods: gpd.GeoDataFrame) -> ShapeLayer:
    """Links as lines between points inside the neighbourhoods, one class for each of ``model.links.KINDS``.

    Not part of ``map_content``: the window and sheets on the method lay it over a map where it is asked for.

    Parameters
    ----------
    links : Links
        Its ``fids`` are all in the index of ``neighbourhoods``. No links give a layer without lines.
    """
    lines = once(links, f"lines {id(neighbourhoods)}", lambda: _lines(links, neighbourhoods))
    return ShapeLayer("links", lines, links.kind.astype(np.int64), tuple(symbol(f"link.{k}") for k in KINDS))


def links_legend(links: Links, words: Mapping[str, str]) -> LegendGroup:
    """Legend of ``links_layer``: the kinds that occur."""
    entries = []
    for k, kind in enumerate(KINDS):
        if (links.kind == k).any():
            text, sample = words[f"maps.link.{kind}"], (symbol(f"link.{kind}"),)
            entries.append(LegendEntry(text, "links", (k,), sample, "line", counted=True))
    return LegendGroup(words["maps.legend.links"], tuple(entries))


def _lines(links: Links, neighbourhoods: gpd.GeoDataFrame) -> gpd.GeoSeries:
    row = neighbourhoods.index.get_indexer(links.fids)
    places = places_of(neighbourhoods)[0][row]
    ends = np.stack([places[links.a], places[links.b]], axis=1)
    return gpd.GeoSeries(shapely.linestrings(ends), crs=neighbourhoods.crs)

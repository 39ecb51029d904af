"""What of a map's content the reader wants to see: layers left out, and the method laid over it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import geopandas as gpd

from renomap.cartography.layers import LabelLayer, MapContent
from renomap.cartography.linkage import method_layers, method_legend
from renomap.model.plan import Plan


def with_method(
    content: MapContent, plan: Plan, hard: gpd.GeoDataFrame | None, words: Mapping[str, str]
) -> MapContent:
    """The content with links, cut pairs and what is hard over everything but facilities and labels."""
    layers = list(content.layers)
    at = next(i for i, layer in enumerate(layers) if layer.key in ("facilities", content.labels.key))
    layers[at:at] = method_layers(plan, hard)
    group = method_legend(plan, hard, words)
    legend = (*content.legend, group) if group.entries else content.legend
    return replace(content, layers=tuple(layers), legend=legend)


def without(content: MapContent, off: Collection[str]) -> MapContent:
    """The content without the layers of those keys; the layer of labels stays, if need be without labels.

    The legend is not touched: ``legend_on_page`` speaks only of layers that are there.
    """
    if not off:
        return content
    *others, labels = content.layers
    assert isinstance(labels, LabelLayer)
    if labels.key in off:
        labels = LabelLayer(labels.key, ())
    elif labels.marks is not None and labels.marks.key in off:
        labels = replace(labels, marks=None)
    return replace(content, layers=(*(layer for layer in others if layer.key not in off), labels))


def clear_of(content: MapContent, boxes: tuple[tuple[float, float, float, float], ...]) -> MapContent:
    """The content with no label where something else stands on the picture.

    ``boxes`` are left, top, right, bottom in pixels of the picture.
    """
    if not boxes:
        return content
    *others, labels = content.layers
    assert isinstance(labels, LabelLayer)
    return replace(content, layers=(*others, replace(labels, avoid=(*labels.avoid, *boxes))))

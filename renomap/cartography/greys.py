"""Maps without colours: what the printer would make one grey is told apart by its pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from renomap.cartography.layers import LegendEntry, MapContent, MapLayer, ShapeLayer
from renomap.cartography.symbols import Symbol, token


def for_grey(content: MapContent) -> MapContent:
    """The content with white land, dotted green and lined water, in the layers and in the legend."""
    groups = (replace(group, entries=tuple(_entry(one) for one in group.entries)) for group in content.legend)
    return replace(content, layers=tuple(_layer(one) for one in content.layers), legend=tuple(groups))


def _layer(layer: MapLayer) -> MapLayer:
    if not isinstance(layer, ShapeLayer):
        return layer
    return replace(layer, symbols=tuple(_patterned(item) for item in layer.symbols))


def _entry(entry: LegendEntry) -> LegendEntry:
    return replace(entry, symbols=tuple(_patterned(item) for item in entry.symbols))


def _patterned(item: Symbol) -> Symbol:
    look = _patterns().get(item.fill or "")
    return item if look is None else replace(item, fill=token("paper"), **look)


@cache
def _patterns() -> Mapping[str, Mapping[str, Any]]:
    """By a fill, what stands in its place."""
    ink = token("text-2")
    return {
        token("land"): {},
        token("subject"): {},
        token("green"): {"hatch": "dots", "hatch_colour": ink, "hatch_mm": 1.6, "hatch_stroke_mm": 0.25},
        token("water"): {
            "hatch": "horizontal",
            "hatch_colour": ink,
            "hatch_mm": 1.0,
            "hatch_stroke_mm": 0.13,
            "stroke": ink,
        },
    }

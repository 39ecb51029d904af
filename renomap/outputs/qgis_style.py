"""Styles that QGIS finds in a GeoPackage, so that the map there wears the colours of ours."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from renomap.outputs.plain_text import clean

#: Version of QGIS whose style format is written; later ones read it.
QGIS_VERSION = "3.28.0"
_UNLINED = "no"


@dataclass(frozen=True)
class Fill:
    """One class of a polygon layer: the value it stands for, words, colours ('#rrggbb'), line width."""

    value: str
    label: str
    colour: str | None
    line: str = "#4d4d4d"
    line_mm: float = 0.2
    opacity: float = 1.0
    dash: str = "solid"


@dataclass(frozen=True)
class LineClass:
    """One class of a line layer: value, words, colour, width, and the colour of a casing (None: without)."""

    value: str
    label: str
    colour: str
    width_mm: float
    casing: str | None = None
    dash: str = "solid"


@dataclass(frozen=True)
class Point:
    """One class of a point layer: value, words, colour, QGIS's name of the shape, size."""

    value: str
    label: str
    colour: str
    shape: str = "circle"
    size_mm: float = 3.0


Look: TypeAlias = Fill | LineClass | Point


def categorized(
    field: str,
    looks: Sequence[Look],
    *,
    number: bool = False,
    label_field: str | None = None,
    label_pt: float = 9.0,
    most_scale: float = 0.0,
) -> str:
    """QML of a layer with a categorized renderer.

    Parameters
    ----------
    field : str
        Attribute that tells the class.
    looks : sequence of Fill, Line or Point
        Classes in the order of the legend; value '' is the class of everything else.
    number : bool
        Whether the attribute is a whole number.
    label_field : str, optional
        Attribute to write on the map.
    most_scale : float
        Not drawn on maps smaller than 1:most_scale; 0 = always.

    Returns
    -------
    str
        The style document.
    """
    root = _root(label_field is not None, most_scale)
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        type="categorizedSymbol",
        attr=field,
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for k, look in enumerate(looks):
        kind = ("long" if number else "string") if look.value else "NULL"
        ET.SubElement(
            categories,
            "category",
            value=clean(look.value),
            label=clean(look.label),
            symbol=str(k),
            render="true",
            type=kind,
        )
        _symbol(symbols, str(k), look)
    if label_field is not None:
        _labels(root, label_field, label_pt)
    return _document(root)


def single(look: Look, *, most_scale: float = 0.0) -> str:
    """QML of a layer that looks the same everywhere; ``most_scale`` as in ``categorized``."""
    root = _root(False, most_scale)
    renderer = ET.SubElement(
        root, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0", forceraster="0"
    )
    _symbol(ET.SubElement(renderer, "symbols"), "0", look)
    return _document(root)


def _root(labelled: bool, most_scale: float) -> ET.Element:
    root = ET.Element(
        "qgis",
        version=QGIS_VERSION,
        styleCategories="Symbology|Labeling|Rendering",
        labelsEnabled="1" if labelled else "0",
        hasScaleBasedVisibilityFlag="1" if most_scale else "0",
    )
    if most_scale:
        root.set("minScale", f"{most_scale:g}")
        root.set("maxScale", "0")
    return root


def _symbol(symbols: ET.Element, name: str, look: Look) -> None:
    kind = {Fill: "fill", LineClass: "line", Point: "marker"}[type(look)]
    opacity = look.opacity if isinstance(look, Fill) else 1.0
    symbol = ET.SubElement(
        symbols, "symbol", name=name, type=kind, alpha=f"{opacity:g}", clip_to_extent="1", force_rhr="0"
    )
    if isinstance(look, Fill):
        _layer(symbol, "SimpleFill", _fill_options(look))
    elif isinstance(look, LineClass):
        if look.casing:
            _layer(symbol, "SimpleLine", _line_options(look.casing, look.width_mm + 0.26, "solid"))
        _layer(symbol, "SimpleLine", _line_options(look.colour, look.width_mm, look.dash))
    else:
        _layer(symbol, "SimpleMarker", _marker_options(look))


def _fill_options(fill: Fill) -> dict[str, str]:
    return {
        "color": _rgba(fill.colour or "#ffffff"),
        "style": "no" if fill.colour is None else "solid",
        "outline_color": _rgba(fill.line),
        "outline_style": fill.dash if fill.line_mm > 0 else _UNLINED,
        "outline_width": f"{fill.line_mm}",
        "outline_width_unit": "MM",
        "joinstyle": "miter",
    }


def _line_options(colour: str, width_mm: float, dash: str) -> dict[str, str]:
    return {
        "line_color": _rgba(colour),
        "line_width": f"{width_mm:g}",
        "line_width_unit": "MM",
        "line_style": dash,
        "capstyle": "round",
        "joinstyle": "round",
    }


def _marker_options(point: Point) -> dict[str, str]:
    return {
        "name": point.shape,
        "color": _rgba(point.colour),
        "outline_color": _rgba("#ffffff"),
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "size": f"{point.size_mm:g}",
        "size_unit": "MM",
    }


def _layer(symbol: ET.Element, kind: str, options: dict[str, str]) -> None:
    layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    table = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(table, "Option", name=name, value=value, type="QString")
    for name, value in options.items():  # what QGIS before 3.26 reads
        ET.SubElement(layer, "prop", k=name, v=value)


def _labels(root: ET.Element, field: str, size_pt: float) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = ET.SubElement(
        settings,
        "text-style",
        fieldName=field,
        isExpression="0",
        fontFamily="Noto Sans SC",
        fontSize=f"{size_pt:g}",
        fontSizeUnit="Point",
        textColor="20,20,20,255",
    )
    ET.SubElement(
        style,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="0.85",
    )
    ET.SubElement(settings, "placement", placement="1", placementFlags="10", priority="6")


def _rgba(colour: str) -> str:
    digits = colour.lstrip("#")[-6:]
    return ",".join(str(int(digits[k : k + 2], 16)) for k in (0, 2, 4)) + ",255"


def _document(root: ET.Element) -> str:
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )

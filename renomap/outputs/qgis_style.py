"""Styles that QGIS finds in a GeoPackage, so that the map there wears the colours of ours."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass

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


def categorized(
    field: str, fills: Sequence[Fill], *, label_field: str | None = None, label_pt: float = 9.0
) -> str:
    """QML of a polygon layer with a categorized renderer.

    Parameters
    ----------
    field : str
        Attribute that tells the class.
    fills : sequence of Fill
        Classes in the order of the legend; value '' is the class of everything else.
    label_field : str, optional
        Attribute to write on the map.

    Returns
    -------
    str
        The style document.
    """
    root = _root(label_field is not None)
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
    for k, fill in enumerate(fills):
        ET.SubElement(
            categories,
            "category",
            value=fill.value,
            label=clean(fill.label),
            symbol=str(k),
            render="true",
            type="long" if fill.value else "NULL",
        )
        _fill_symbol(symbols, str(k), fill)
    if label_field is not None:
        _labels(root, label_field, label_pt)
    return _document(root)


def single_line(colour: str, width_mm: float) -> str:
    """QML of a line layer in one colour."""
    root = _root(False)
    symbols = _single(root)
    symbol = ET.SubElement(
        symbols, "symbol", name="0", type="line", alpha="1", clip_to_extent="1", force_rhr="0"
    )
    _layer(
        symbol,
        "SimpleLine",
        {
            "line_color": _rgba(colour),
            "line_width": f"{width_mm}",
            "line_width_unit": "MM",
            "line_style": "solid",
        },
    )
    return _document(root)


def single_fill(fill: Fill) -> str:
    """QML of a polygon layer in one colour."""
    root = _root(False)
    _fill_symbol(_single(root), "0", fill)
    return _document(root)


def _single(root: ET.Element) -> ET.Element:
    renderer = ET.SubElement(
        root, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0", forceraster="0"
    )
    return ET.SubElement(renderer, "symbols")


def _root(labelled: bool) -> ET.Element:
    return ET.Element(
        "qgis",
        version=QGIS_VERSION,
        styleCategories="Symbology|Labeling",
        labelsEnabled="1" if labelled else "0",
    )


def _fill_symbol(symbols: ET.Element, name: str, fill: Fill) -> None:
    symbol = ET.SubElement(
        symbols,
        "symbol",
        name=name,
        type="fill",
        alpha=f"{fill.opacity:g}",
        clip_to_extent="1",
        force_rhr="0",
    )
    _layer(
        symbol,
        "SimpleFill",
        {
            "color": _rgba(fill.colour or "#ffffff"),
            "style": "no" if fill.colour is None else "solid",
            "outline_color": _rgba(fill.line),
            "outline_style": fill.dash if fill.line_mm > 0 else _UNLINED,
            "outline_width": f"{fill.line_mm}",
            "outline_width_unit": "MM",
            "joinstyle": "miter",
        },
    )


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
    digits = colour.lstrip("#")[:6]
    return ",".join(str(int(digits[k : k + 2], 16)) for k in (0, 2, 4)) + ",255"


def _document(root: ET.Element) -> str:
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )

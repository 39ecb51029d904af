"""Symbols: how a class of things looks, read from ``resources/styles``; widths in mm of the medium."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from renomap.assets import resource
from renomap.facilities import drawn_as

#: Hatches and the angles of their lines in degrees, counter-clockwise from east.
HATCHES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "": (),
        "diagonal": (45.0,),
        "backward": (135.0,),
        "cross": (45.0, 135.0),
        "horizontal": (0.0,),
        "vertical": (90.0,),
        "grid": (0.0, 90.0),
        "dots": (0.0,),
    }
)


@dataclass(frozen=True)
class Symbol:
    """The look of one class.

    Parameters
    ----------
    fill, stroke, casing : str or None
        Colours '#rrggbb' or '#aarrggbb'; None draws nothing.
    stroke_mm, casing_mm : float
        Line widths; a casing is a wider line under the stroke.
    dash : tuple of float
        Lengths of dashes and gaps in mm; empty is a solid line.
    hatch, hatch_colour, hatch_mm, hatch_stroke_mm
        Pattern (a key of ``HATCHES``), its colour, the distance of its lines and their width.
    shrinks : bool
        Casing and dashes shrink with the width on small scales (boundaries); otherwise they keep their mm.
    ground_m, max_mm : float
        A line as wide as on the ground, from ``stroke_mm`` to ``max_mm``; 0 = always ``stroke_mm``.
    marker : str
        Shape for points, a key of ``markers.SHAPES``.
    size_mm : float
        Size of the marker.
    max_scale : float
        Left out on maps smaller than 1:max_scale; 0 = always drawn.
    """

    fill: str | None = None
    stroke: str | None = None
    stroke_mm: float = 0.2
    dash: tuple[float, ...] = ()
    casing: str | None = None
    casing_mm: float = 0.0
    hatch: str = ""
    hatch_colour: str = "#707070"
    hatch_mm: float = 1.6
    hatch_stroke_mm: float = 0.15
    ground_m: float = 0.0
    max_mm: float = 0.0
    shrinks: bool = False
    marker: str = ""
    size_mm: float = 3.0
    max_scale: float = 0.0

    def width_mm(self, scale: float) -> float:
        """Width of the stroke on a map of that scale denominator."""
        if self.ground_m <= 0:
            return self.stroke_mm
        return min(max(self.ground_m * 1000.0 / scale, self.stroke_mm), max(self.max_mm, self.stroke_mm))

    def at(self, scale: float) -> Symbol:
        """The symbol as it is drawn on a map of that scale, its widths settled."""
        if self.ground_m <= 0:
            return self
        width = self.width_mm(scale)
        share = width / max(self.max_mm, self.stroke_mm) if self.shrinks else 1.0
        return replace(
            self,
            stroke_mm=width,
            dash=tuple(length * share for length in self.dash),
            casing_mm=self.casing_mm * share,
            ground_m=0.0,
        )


@cache
def table(name: str) -> Mapping[str, Any]:
    """A style file of ``resources/styles``, its tokens resolved; ``name`` without its ending."""
    return MappingProxyType(_resolved(_read(name)))


def token(name: str) -> str:
    """A colour '#rrggbb' of ``styles/tokens.toml``; KeyError for a name that is not there."""
    return tokens()[name]


def tokens() -> Mapping[str, str]:
    """All colours of ``styles/tokens.toml`` by name."""
    return MappingProxyType(_read("tokens"))


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource(f"styles/{name}.toml").read_text(encoding="utf-8"))


def _resolved(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _resolved(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item) for item in value]
    return token(value[1:]) if isinstance(value, str) and value.startswith("$") else value


def parsed(entry: Mapping[str, Any]) -> Symbol:
    """A symbol from a table of a style file; an unknown key is a fault of the file and raises ValueError."""
    known = {item.name for item in fields(Symbol)}
    wrong = set(entry) - known
    if wrong:
        raise ValueError(f"unknown keys of a symbol: {sorted(wrong)}")
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    symbol = Symbol(**values)
    if symbol.hatch not in HATCHES:
        raise ValueError(f"unknown hatch: {symbol.hatch!r}")
    return symbol


@cache
def facility_symbol(key: str) -> Symbol:
    """The marker of a facility: that of its file, or the one of any other facility."""
    kind = drawn_as(key)
    return symbol("facility.other") if kind is None else parsed(kind.symbol)


@cache
def symbol(name: str) -> Symbol:
    """A symbol of ``styles/map.toml`` by its dotted name, such as ``'road.secondary'``."""
    entry: Any = table("map")
    for part in name.split("."):
        entry = entry[part]
    return parsed(entry)

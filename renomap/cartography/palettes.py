"""What themes are made of: classes with their symbols and entries of the legend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from renomap.cartography.layers import IntArray, LegendEntry, LegendGroup
from renomap.cartography.symbols import Symbol, parsed, symbol, table
from renomap.model.plan import Plan

#: Class of what a layer leaves out.
UNDRAWN = -1


@dataclass
class Theme:
    """What a theme decides: classes of neighbourhoods and of the ground of areas, legend and heading.

    ``fill_classes`` belongs to the rows of ``plan.areas``; None where the theme does not paint areas.
    """

    heading: str
    classes: IntArray
    symbols: tuple[Symbol, ...]
    groups: tuple[LegendGroup, ...]
    fill_classes: IntArray | None = None
    fill_symbols: tuple[Symbol, ...] = ()
    figures: Mapping[int, str] = field(default_factory=dict)


@dataclass
class Palette:
    """Symbols and legend entries of one layer while they are being collected."""

    layer: str
    symbols: list[Symbol] = field(default_factory=list)
    entries: list[LegendEntry] = field(default_factory=list)

    def add(self, text: str, *symbols: Symbol) -> int:
        """A legend entry of one or more classes; the number of its first class."""
        first = len(self.symbols)
        classes = tuple(range(first, first + len(symbols)))
        self.symbols += symbols
        self.entries.append(LegendEntry(text, self.layer, classes, symbols, "polygon", counted=True))
        return first

    def group(self, title: str) -> LegendGroup:
        """All entries under a title."""
        return LegendGroup(title, tuple(self.entries))


def column(plan: Plan, name: str, default: Any) -> npt.NDArray[Any]:
    """A column of the neighbourhoods, ``default`` where there is none."""
    frame = plan.neighbourhoods
    values: npt.NDArray[Any] = frame[name].to_numpy() if name in frame else np.full(len(frame), default)
    return values


def members_of(plan: Plan) -> IntArray:
    """Area of each neighbourhood, 0 = none."""
    members: IntArray = np.nan_to_num(column(plan, "area_id", 0).astype(float)).astype(np.int64)
    return members


def outside(plan: Plan, palette: Palette, words: Mapping[str, str], classes: IntArray) -> None:
    """Classes of the neighbourhoods that no area has taken, by their fate."""
    fate = column(plan, "fate", "unassigned")
    left = (members_of(plan) == 0) & (classes == UNDRAWN)
    for name in ("scattered", "excluded"):
        mask = left & (fate == name)
        if mask.any():
            classes[mask] = palette.add(words[f"maps.legend.{name}"], symbol(f"neighbourhood.{name}"))
    rest = left & (classes == UNDRAWN)
    if rest.any():
        code = "unassigned" if plan.scheme is not None and len(plan.areas) else "ungrouped"
        if (column(plan, "fate_reason", None)[rest] == "fate.links-sought").any():
            code = "links-sought"
        classes[rest] = palette.add(words[f"maps.legend.{code}"], symbol("neighbourhood.unassigned"))


def theme_symbol(name: str, *, outlined: bool = True) -> Symbol:
    """A symbol of ``styles/themes.toml``, ``outlined`` as neighbourhoods are."""
    entry: Any = table("themes")
    for part in name.split("."):
        entry = entry[part]
    if not outlined:
        return parsed(entry)
    style = symbol("neighbourhood.member")
    return replace(
        parsed(entry),
        stroke=style.stroke,
        stroke_mm=style.stroke_mm,
        ground_m=style.ground_m,
        max_mm=style.max_mm,
    )

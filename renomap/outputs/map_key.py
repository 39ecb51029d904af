"""The key of a map in words and colours, for files that draw it themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from renomap.model.plan import Plan

#: More entries than a reader keeps in mind are left to the legend of the report.
MOST = 8


@dataclass(frozen=True)
class KeyEntry:
    """A class of the theme: text, colour ('#rrggbb', None for paper), hatch (of ``symbols.HATCHES``)."""

    text: str
    colour: str | None
    hatch: str


def map_key(
    plan: Plan, theme: str, words: Mapping[str, str], area: int | None = None
) -> tuple[str, list[KeyEntry]]:
    """Title and entries of the first group of the legend, which explains the theme."""
    from renomap.cartography.content import map_content

    legend = map_content(plan, theme, words, area=area).legend
    if not legend:
        return "", []
    entries = []
    for entry in legend[0].entries[:MOST]:
        symbol = entry.symbols[0]
        colour = symbol.fill and f"#{symbol.fill.lstrip('#')[-6:]}"
        entries.append(KeyEntry(entry.text, colour, symbol.hatch))
    return legend[0].title, entries

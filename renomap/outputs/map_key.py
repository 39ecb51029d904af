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
    plan: Plan, theme: str, words: Mapping[str, str], area: int | None = None, *, grey: bool = False
) -> tuple[str, list[KeyEntry]]:
    """Title and entries of the first group of the legend, which explains the theme.

    With ``grey`` the colours are as light as those of a map without colours.
    """
    from renomap.cartography.content import decided_theme, map_content

    legend = [group for group in decided_theme(plan, theme, words, area=area).groups if group.entries]
    if not legend:
        legend = list(map_content(plan, theme, words, area=area).legend)
    if not legend:
        return "", []
    entries = []
    for entry in legend[0].entries[:MOST]:
        symbol = entry.symbols[0]
        colour = symbol.fill and f"#{symbol.fill.lstrip('#')[-6:]}"
        if grey and colour:
            colour = in_grey(colour)
        entries.append(KeyEntry(entry.text, colour, symbol.hatch))
    return legend[0].title, entries


def in_grey(colour: str) -> str:
    """A colour as light as it is without its hue.

    >>> in_grey("#ffffff"), in_grey("#ff0000")
    ('#ffffff', '#4c4c4c')
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    light = (299 * red + 587 * green + 114 * blue) // 1000
    return f"#{light:02x}{light:02x}{light:02x}"

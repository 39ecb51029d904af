"""What differs between two divisions into areas, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from renomap.model.change import ChangeSet

#: What an area of one side is on the other.
SAME, RENAMED, NEW, GONE = "same", "renamed", "new", "gone"
#: The word for one that is the same and has other neighbourhoods; never a ``state``.
CHANGED: Final = "changed"
#: Figures of a facility that are summed over the areas.
FACILITY_FIGURES: Final = ("deficit_low", "deficit_high", "newly_low", "newly_high")
#: Money of all projects, whole yuan, each with the two ends of ``MONEY_FIGURES``.
MONEY: Final = ("cost", "gap", "financed")
MONEY_FIGURES: Final = ("money_low", "money_high")

#: Columns of ``Comparison.programme``.
PROGRAMME_COLUMNS: Final = ("scope", "key", "name", "fact", "before", "after")

#: Whether the second side is better in a figure; open where an unknown value could decide it.
BETTER, WORSE, ALIKE, UNSURE = "better", "worse", "alike", "open"
#: Indicators of which more is better (1) or worse (-1); of others neither.
BETTER_MORE: Final = {"fitting": 1, "neighbourhoods": 1, "households": 1, "scattered": -1, "cleared": 1}


@dataclass(frozen=True, eq=False)
class Comparison:
    """What leads from one scheme to another.

    Parameters
    ----------
    one, two : str
        Their titles.
    matches : mapping of int to int
        Areas of the first -> the areas of the second that they are.
    moved : DataFrame
        A row per neighbourhood that is in another area, ascending ``fid``: ``name``, ``households`` (NaN
        unknown), ``before`` and ``after`` (area ids of the two sides, NaN = in none) with ``before_name`` and
        ``after_name`` (None).
    areas : DataFrame
        A row per area of either side: ``state`` (same, renamed, new, gone), ``before`` and ``after`` (ids,
        NaN where there is none), ``before_name``, ``after_name``, ``households_before``,
        ``households_after``, ``came`` and ``went`` (neighbourhoods).
    totals : DataFrame
        A row per ``subject`` and ``figure`` (an indicator with '', a facility with one of
        ``FACILITY_FIGURES``, or one of ``MONEY`` with one of ``MONEY_FIGURES``): ``before``, ``after``; NaN
        where unknown or, for an upper end, open; ``verdict``: whether the second is better, '' where more is
        neither better nor worse.
    settings : DataFrame
        ``key``, ``before``, ``after``: what of the settings, the preset and the standard differs.
    programme : DataFrame
        A row per fact of the programme that differs, columns ``PROGRAMME_COLUMNS``. ``scope``: list (``name``
        is one of ``programme.lists.STANDS``), project (``key`` as in ``ProgrammeView.projects``) or
        neighbourhood (``key`` is the fid). ``fact``: what of it; ``before`` and ``after``: a word, a number,
        a tuple of gates (``held``), or the two ends in yuan (``cost``, ``gap``, ``financed``); None unknown,
        or not there on that side.
    alone : DataFrame
        Neighbourhoods that only one side has: ``fid``, ``name``, ``side`` (before, after).
    change : ChangeSet
        Applied to the project of the first scheme it makes its areas those of the second.
    """

    one: str
    two: str
    matches: Mapping[int, int]
    moved: pd.DataFrame
    areas: pd.DataFrame
    totals: pd.DataFrame
    settings: pd.DataFrame
    programme: pd.DataFrame
    alone: pd.DataFrame
    change: ChangeSet

"""A deficit in words: one rule for map, list, slide, table, web map and sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from renomap.model.rounding import written
from renomap.model.standard import Facility, State
from renomap.model.words import sentence
from renomap.wording.names import facility_name, unit_name

#: What stands where the standard asks for no number.
NONE_ASKED = "—"


def deficit_text(low: Any, high: Any, deficit: Any, state: Any, words: Mapping[str, str]) -> str:
    """A number, a range ``61–114``, ``≥9`` where nothing bounds it above, a word if unknown, a dash if none.

    Parameters
    ----------
    low, high, deficit : number or None
        ``<facility>_deficit_low``, ``_deficit_high`` and ``_deficit`` of an area; None or NaN = unknown, of
        the high end: open.
    """
    ends = _ends(low, high, deficit, state)
    if ends is None:
        return NONE_ASKED if state in (State.NOT_SET, State.BELOW_TRIGGER) else words["outputs.unknown"]
    a, b = ends
    if b is None:
        return f"≥{a}"
    return a if a == b else f"{a}–{b}"


def deficit_phrase(low: Any, high: Any, deficit: Any, state: Any, words: Mapping[str, str]) -> str:
    """The same for covers and sentences, what is sure first: ``不少于 61（至多 114）``."""
    ends = _ends(low, high, deficit, state)
    if ends is None or ends[0] == ends[1]:
        return deficit_text(low, high, deficit, state, words)
    params = {"low": ends[0], "high": ends[1]}
    if ends[0] == "0" and ends[1] is not None:
        return sentence(words, "wording.at-most", params)
    return sentence(words, "wording.at-least" if ends[1] is None else "wording.range", params)


def _ends(low: Any, high: Any, deficit: Any, state: Any) -> tuple[str, str | None] | None:
    """Both ends as written; None for an open upper end; None where there is no number."""
    if state in (State.NOT_SET, State.BELOW_TRIGGER):
        return None
    if not _missing(deficit):
        value = written(float(deficit))
        return value, value
    if _missing(low):
        return None
    # One number without a deficit: of some members the need itself is unknown.
    closed = not _missing(high) and float(low) != float(high)
    if _missing(high) and float(low) == 0.0:
        return None  # not less than nothing says nothing
    return written(float(low)), written(float(high)) if closed else None


def deficit_heading(facility: Facility, words: Mapping[str, str]) -> str:
    """What the map of a facility's deficits is called, wherever it stands."""
    own = f"wording.heading.{facility.key}"
    return words.get(own) or sentence(
        words, "maps.theme.deficit", {"facility": facility_name(facility, words)}
    )


def lack_name(facility: Facility, words: Mapping[str, str]) -> str:
    """What is lacking of a facility: its name, or what the bureau calls it (``待加装单元``)."""
    return words.get(f"wording.lack.{facility.key}", facility_name(facility, words))


def lack_unit(facility: Facility, words: Mapping[str, str]) -> str:
    """The unit that goes with ``lack_name``."""
    return words.get(f"wording.lack-unit.{facility.key}", unit_name(facility, words))


def none_text(facility: Facility, words: Mapping[str, str]) -> str:
    """What a map says where nothing is lacking: ``无缺口``, of stairwells ``无待加装单元``."""
    return words.get(f"wording.none.{facility.key}", words["maps.legend.none"])


def state_text(state: Any, facility: Facility, words: Mapping[str, str]) -> str:
    """The word of a facility's state; an elevator is not short, it waits to be added."""
    if _missing(state):
        return words["outputs.no-data"]
    return words.get(f"state.{state}.{facility.key}", words.get(f"state.{state}", str(state)))


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))

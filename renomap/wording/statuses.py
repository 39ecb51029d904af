"""What a figure rests on, in a word beside it: verified or not, set in the meeting, estimated, derived."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from renomap.model.members import members_of
from renomap.model.plan import Plan
from renomap.model.standard import Facility
from renomap.model.words import sentence

#: How households are known where they are not simply reported, in the order they are told.
INEXACT: tuple[str, ...] = ("derived", "estimated", "approximate", "lower_bound")
STAIRWELLS_ESTIMATED = "deficits.stairwells-estimated"
#: Bases of a facility whose number hangs on households.
_BY_HOUSEHOLDS = ("household", "person")


def households_status(plan: Plan, words: Mapping[str, str], area: int | None = None) -> str:
    """``含估算`` where some member of the area (None: of any area) has estimated ones; empty if reported."""
    flags = set(members_of(plan, area)["households_flag"])
    return _including([words[f"outputs.flag.{flag}"] for flag in INEXACT if flag in flags], words)


def population_status(plan: Plan, words: Mapping[str, str], area: int | None = None) -> str:
    """What is derived from households, with the persons per household; empty where all of it is reported."""
    rows = members_of(plan, area)
    if not (rows["population"].isna() & rows["households"].notna()).any():
        return ""
    params = {
        "persons": f"{plan.standard.persons_per_household:g}",
        "status": words[f"status.{plan.standard.persons_status}"],
    }
    return sentence(words, "wording.persons-derived", params)


def facility_status(plan: Plan, facility: Facility, words: Mapping[str, str], area: int | None = None) -> str:
    """How far the standard's number is checked, and whether what it is multiplied by is estimated."""
    parts = [words[f"status.{facility.status}"]]
    if facility.base in _BY_HOUSEHOLDS:
        parts.append(households_status(plan, words, area))
    elif facility.base == "stairwell" and _stairwells_estimated(plan, area):
        parts.append(_including([words["outputs.flag.estimated"]], words))
    return words["outputs.join"].join(part for part in parts if part)


def subsidies_status(plan: Plan, words: Mapping[str, str], area: int | None = None) -> list[str]:
    """How far the rates of city and district are checked, and what their households rest on."""
    rates = [plan.preset.subsidy[key] for key in ("city", "district_min") if key in plan.preset.subsidy]
    told = [words[f"status.{rate.status}"] for rate in rates]
    if rates:
        told.append(households_status(plan, words, area))
    return list(dict.fromkeys(part for part in told if part))


def bracketed(text: str, status: str, words: Mapping[str, str]) -> str:
    """The text with its status in brackets; as it is without one."""
    return sentence(words, "wording.with-status", {"text": text, "status": status}) if status else text


def _including(kinds: list[str], words: Mapping[str, str]) -> str:
    if not kinds:
        return ""
    return sentence(words, "wording.including", {"what": words["outputs.join"].join(kinds)})


def _stairwells_estimated(plan: Plan, area: int | None) -> bool:
    fids = [fid for note in plan.notes if note.code == STAIRWELLS_ESTIMATED for fid in note.fids]
    return bool(np.isin(members_of(plan, area).index.to_numpy(), fids).any())

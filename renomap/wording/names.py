"""What facilities, their units, standards and presets are called in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renomap.model.standard import Facility


def titled(item: Any, words: Mapping[str, str]) -> str:
    """Name of a standard, preset or facility, of its ``zh`` and ``en``, in the language of the words."""
    return str(item.zh if words["language"] == "zh" else item.en)


def facility_name(facility: Facility, words: Mapping[str, str]) -> str:
    """Name of a facility in the language of the words."""
    return titled(facility, words)


def unit_name(facility: Facility, words: Mapping[str, str]) -> str:
    """Unit of a facility; the unit of the standard itself if the catalogue has no word."""
    return words.get(f"unit.{facility.unit}", facility.unit)


def name_and_unit(facility: Facility, words: Mapping[str, str]) -> str:
    """``Elderly day care (m²)``; the unit is left out where the name says it."""
    name, unit = facility_name(facility, words), unit_name(facility, words)
    return name if unit.lower() in name.lower() else f"{name} ({unit})"

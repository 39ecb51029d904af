"""Presets: how a city delimits its areas, each number with its source and status."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from renomap.deficits import tables
from renomap.deficits.tables import Table
from renomap.model.preset import Bound, Preset

FOLDER: Final = "presets"
BOUNDS: Final = (
    "households_min",
    "households_max",
    "count_min",
    "count_max",
    "population_min",
    "population_max",
    "area_ha_max",
    "walk_m_max",
)
TARGETS: Final = ("households", "count")
ELIGIBILITY: Final = ("year_max", "year_max_capped")
CONSENT: Final = ("min",)
SUBSIDY: Final = ("city", "district_min")
WITHIN: Final = ("district", "street", "community", "none")
TEXTS: Final = ("key", "zh", "en", "standard", "note")
KEYS: Final = (
    *TEXTS,
    "gap_m",
    "gap_road_m",
    "within",
    "join_capped",
    "bounds",
    "targets",
    "eligibility",
    "consent",
    "subsidy",
    "weights",
)


def available() -> tuple[str, ...]:
    """Names of the shipped presets, sorted."""
    return tables.shipped(FOLDER)


def load(name_or_path: str | Path) -> Preset:
    """A preset by its shipped name or from the user's file.

    Parameters
    ----------
    name_or_path : str or Path
        ``national``, ``changsha``, ``guangzhou``, or the path of a TOML file of the same form.

    Raises
    ------
    RenomapError
        ``deficits.unknown-preset`` (lists the available ones), ``deficits.table-*`` naming file, line and
        key, ``deficits.preset-bounds`` where a minimum exceeds its maximum.
    """
    return _build(tables.read(FOLDER, name_or_path, "deficits.unknown-preset"))


def kept(name_or_path: str | Path) -> str:
    """What a project keeps of it: the shipped name or the text of the user's file. Errors as in ``load``."""
    load(name_or_path)
    return tables.kept(FOLDER, name_or_path, "deficits.unknown-preset")


def parse(text: str, name: str) -> Preset:
    """A preset from the text of a table; ``name`` is what messages call it. Errors as in ``load``."""
    return _build(tables.parse(text, name))


def _build(table: Table) -> Preset:
    tables.check_keys(table, table.data, KEYS)
    for required in ("key", "zh", "en", "standard"):
        if not tables.text_of(table, table.data, required):
            table.refuse("deficits.table-missing", required)
    bounds = _bounds(table, "bounds", BOUNDS)
    for upper in ("households_max", "count_max", "population_max"):
        lower = upper.replace("_max", "_min")
        if lower in bounds and upper in bounds and bounds[lower].value > bounds[upper].value:
            table.refuse("deficits.preset-bounds", lower, header="bounds", upper=upper)
    years = _bounds(table, "eligibility", ELIGIBILITY)
    within = tables.choice_of(table, {"within": "street", **table.data}, "within", WITHIN)
    return Preset(
        key=tables.text_of(table, table.data, "key"),
        zh=tables.text_of(table, table.data, "zh"),
        en=tables.text_of(table, table.data, "en"),
        standard=tables.text_of(table, table.data, "standard"),
        bounds=bounds,
        targets=_bounds(table, "targets", TARGETS),
        year_max=years.get("year_max"),
        year_max_capped=years.get("year_max_capped"),
        gap_m=_metres(table, "gap_m", Preset.gap_m),
        gap_road_m=_metres(table, "gap_road_m", Preset.gap_road_m),
        within=None if within == tables.NONE_WORD else within,
        weights=_weights(table),
        consent_min=_bounds(table, "consent", CONSENT).get("min"),
        subsidy=_bounds(table, "subsidy", SUBSIDY),
        join_capped=tables.flag_of(table, table.data, "join_capped", False),
        note=tables.text_of(table, table.data, "note"),
    )


def _bounds(table: Table, header: str, allowed: tuple[str, ...]) -> dict[str, Bound]:
    """The numbers of one section, each ``{ value, source, status }``."""
    section = _section(table, header)
    tables.check_keys(table, section, allowed, header=header)
    found: dict[str, Bound] = {}
    for key, entry in section.items():
        if not isinstance(entry, dict) or entry.keys() != {"value", "source", "status"}:
            table.refuse("deficits.preset-number", key, header=header)
        value = tables.number_of(table, {key: entry["value"]}, key, header=header)
        if value is None or not entry["source"]:
            table.refuse("deficits.preset-number", key, header=header)
        status = tables.status_of(table, entry, header=header)
        found[key] = Bound(value, str(entry["source"]), status)
    return found


def _weights(table: Table) -> dict[str, float]:
    section = _section(table, "weights")
    return {key: tables.number_of(table, section, key, header="weights") or 0.0 for key in section}


def _section(table: Table, header: str) -> Mapping[str, Any]:
    section = table.data.get(header, {})
    if not isinstance(section, dict):
        table.refuse("deficits.preset-number", header)
    return section


def _metres(table: Table, key: str, default: float) -> float:
    value = tables.number_of(table, table.data, key)
    return default if value is None else value

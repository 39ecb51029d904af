"""Presets: how a city delimits its areas, each number with its source and status."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from renomap import tables
from renomap.model.preset import WIDEST_GAP_M, Bound, Consent, Preset
from renomap.model.problem import TERMS
from renomap.model.standard import Status
from renomap.tables import TomlTable

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
CONSENT: Final = ("min", "asked_min", "yes_min", "rule")
RULES: Final = ("each", "sum")
SUBSIDY: Final = ("city", "district_min")
YEARS: Final = (1900, 2100)
#: Yuan per household; of Changsha, the one city that adds a district's subsidy to its own: 不低于 6000 元/户.
DISTRICT_FLOOR: Final = 6000
WITHIN: Final = ("district", "street", "community", "none")
TEXTS: Final = ("key", "zh", "en", "standard", "programme", "note")
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
        key, ``deficits.preset-bounds`` where a minimum exceeds its maximum, ``deficits.preset-target`` where
        a target lies outside its bounds, ``deficits.preset-share``, ``-year``, ``-district``, ``-zero``,
        ``-gap`` for a consent outside (0, 1], a year outside 1900-2100, a district's subsidy below 6,000
        yuan, a target or upper bound of 0, a gap wider than ``model.preset.WIDEST_GAP_M``.
    """
    return _build(tables.read(FOLDER, name_or_path, "deficits.unknown-preset"))


def for_project(name_or_path: str | Path) -> str:
    """What a project keeps of it: the shipped name or the text of the user's file. Errors as in ``load``."""
    load(name_or_path)
    return tables.for_project(FOLDER, name_or_path, "deficits.unknown-preset")


def parse(text: str, name: str) -> Preset:
    """A preset from the text of a table; ``name`` is what messages call it. Errors as in ``load``."""
    return _build(tables.parse(text, name))


def _build(table: TomlTable) -> Preset:
    tables.check_keys(table, table.data, KEYS)
    for required in ("key", "zh", "en", "standard"):
        if not tables.text_of(table, table.data, required):
            table.refuse("deficits.table-missing", required)
    bounds = _bounds(table, "bounds", BOUNDS)
    for upper in ("households_max", "count_max", "population_max"):
        lower = upper.replace("_max", "_min")
        if lower in bounds and upper in bounds and bounds[lower].value > bounds[upper].value:
            table.refuse("deficits.preset-bounds", lower, header="bounds", upper=upper)
    _check_positive(table, "bounds", {key: bound for key, bound in bounds.items() if key.endswith("_max")})
    years = _bounds(table, "eligibility", ELIGIBILITY)
    for key, year in years.items():
        if not YEARS[0] <= year.value <= YEARS[1]:
            table.refuse("deficits.preset-year", key, header="eligibility", value=f"{year.value:g}")
    targets = _bounds(table, "targets", TARGETS)
    _check_positive(table, "targets", targets)
    _check_targets(table, targets, bounds)
    subsidy = _bounds(table, "subsidy", SUBSIDY)
    district = subsidy.get("district_min")
    if district is not None and "city" in subsidy and district.value < DISTRICT_FLOOR:
        params: dict[str, Any] = {"value": f"{district.value:g}", "least": DISTRICT_FLOOR}
        table.refuse("deficits.preset-district", "district_min", header="subsidy", **params)
    within = tables.choice_of(table, {"within": "street", **table.data}, "within", WITHIN)
    return Preset(
        key=tables.text_of(table, table.data, "key"),
        zh=tables.text_of(table, table.data, "zh"),
        en=tables.text_of(table, table.data, "en"),
        standard=tables.text_of(table, table.data, "standard"),
        bounds=bounds,
        targets=targets,
        year_max=years.get("year_max"),
        year_max_capped=years.get("year_max_capped"),
        gap_m=_metres(table, "gap_m", Preset.gap_m),
        gap_road_m=_metres(table, "gap_road_m", Preset.gap_road_m),
        within=None if within == tables.NONE_WORD else within,
        weights=_weights(table),
        consent=_consent(table),
        subsidy=subsidy,
        join_capped=tables.flag_of(table, table.data, "join_capped", False),
        note=tables.text_of(table, table.data, "note"),
        programme=tables.text_of(table, table.data, "programme") or Preset.programme,
    )


def _bounds(table: TomlTable, header: str, allowed: tuple[str, ...]) -> dict[str, Bound]:
    """The numbers of one section, each ``{ value, source, status }``."""
    section = {key: entry for key, entry in _section(table, header).items() if key != "rule"}
    tables.check_keys(table, section, allowed, header=header)
    found: dict[str, Bound] = {}
    for key, entry in section.items():
        if not isinstance(entry, dict) or entry.keys() != {"value", "source", "status"}:
            table.refuse("deficits.preset-number", key, header=header)
        value = tables.number_of(table, {key: entry["value"]}, key, header=header)
        if value is None or not (isinstance(entry["source"], str) and entry["source"].strip()):
            table.refuse("deficits.preset-number", key, header=header)
        statuses = [item.value for item in Status]
        status = tables.choice_of(table, {key: entry["status"]}, key, statuses, header=header)
        found[key] = Bound(value, str(entry["source"]), Status(status))
    return found


def _check_positive(table: TomlTable, header: str, bounds: Mapping[str, Bound]) -> None:
    """Refuse a target, or an upper bound, of 0 (``deficits.preset-zero``)."""
    for key, bound in bounds.items():
        if bound.value == 0:
            table.refuse("deficits.preset-zero", key, header=header)


def _check_targets(table: TomlTable, targets: Mapping[str, Bound], bounds: Mapping[str, Bound]) -> None:
    """Refuse a target that its own bounds forbid (``deficits.preset-target``)."""
    for key, target in targets.items():
        for end in ("min", "max"):
            bound = bounds.get(f"{key}_{end}")
            if bound is None or (
                target.value >= bound.value if end == "min" else target.value <= bound.value
            ):
                continue
            params: dict[str, Any] = {
                "bound": f"{key}_{end}",
                "limit": f"{bound.value:g}",
                "value": f"{target.value:g}",
            }
            table.refuse("deficits.preset-target", key, header="targets", **params)


def _consent(table: TomlTable) -> Consent | None:
    """Shares in (0, 1]; ``min`` stands for both."""
    found = _bounds(table, "consent", CONSENT)
    for key, bound in found.items():
        if not 0 < bound.value <= 1:
            table.refuse("deficits.preset-share", key, header="consent", value=f"{bound.value:g}")
    rule = tables.choice_of(
        table, {"rule": "each", **_section(table, "consent")}, "rule", RULES, header="consent"
    )
    if not found:
        return None
    both = found.get("min")
    return Consent(found.get("asked_min", both), found.get("yes_min", both), rule)


def _weights(table: TomlTable) -> dict[str, float]:
    section = _section(table, "weights")
    tables.check_keys(table, section, TERMS, header="weights")
    return {key: tables.number_of(table, section, key, header="weights") or 0.0 for key in section}


def _section(table: TomlTable, header: str) -> Mapping[str, Any]:
    section = table.data.get(header, {})
    if not isinstance(section, dict):
        table.refuse("deficits.preset-number", header)
    return section


def _metres(table: TomlTable, key: str, default: float) -> float:
    value = tables.number_of(table, table.data, key)
    if value is not None and value > WIDEST_GAP_M:
        table.refuse("deficits.preset-gap", key, value=f"{value:g}", widest=f"{WIDEST_GAP_M:g}")
    return default if value is None else value

"""The columns other programs get of areas and neighbourhoods, the same in GeoJSON and GeoPackage."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.editing.coverage import noded
from renomap.model.members import members_ground
from renomap.model.plan import AREA_FACILITY_SUFFIXES, NEIGHBOURHOOD_FACILITY_SUFFIXES, Plan
from renomap.outputs.numbers import EXCHANGE_DECIMALS, missing

#: Grid of the vertices of exported outlines, metres: coarser than the noise of computing where two borders
#: meet, so fine that no area changes by a millionth.
NODE_GRID_M = 1e-6
#: Columns of an exported area before those of the facilities.
AREA_COLUMNS: tuple[str, ...] = (
    "name",
    "neighbourhoods",
    "households",
    "households_known",
    "population",
    "population_known",
    "area_ha",
    "members_ha",
    "enclosed",
    "colour",
    "size_flag",
    "size_rule",
    "size_value",
    "size_bound",
    "north",
    "south",
    "east",
    "west",
    "proposed_name",
    "street",
    "community",
    "buildings",
    "buildings_known",
    "stairwells",
    "stairwells_known",
    "floor_area_m2",
    "floor_area_m2_known",
    "unsafe_buildings",
    "unsafe_buildings_known",
    "city_spots_m2",
    "city_spots_m2_known",
    "heritage_names",
    "heritage_known",
    "idle_sites",
    "idle_sites_m2",
    "idle_sites_m2_known",
    "year_min",
    "year_max",
    "year_known",
    "households_flag",
    "consent_asked",
    "consent_asked_known",
    "consent_yes",
    "consent_no",
    "consent_base",
    "consent_asked_share",
    "consent_yes_share",
    "consent",
    "consent_failing",
    "city_subsidy",
    "district_subsidy",
    "kind",
    "parts",
    "locked",
    "note",
    "reason",
)
#: Columns of the members' ground of an area; the others are those of the area.
MEMBERS_COLUMNS: tuple[str, ...] = ("name", "neighbourhoods", "households", "households_known", "members_ha")
#: Columns of an exported neighbourhood that the plan adds; they stand after its own fields.
NEIGHBOURHOOD_COLUMNS: tuple[str, ...] = (
    "area_id",
    "eligibility",
    "eligibility_reason",
    "fate",
    "fate_reason",
    "enclosed_by",
    "consent_asked_share",
    "consent_yes_share",
    "consent",
)
#: Columns of a project that an exported area has where there is a programme: what they are called here,
#: and in ``ProgrammeView.projects``. Money is in yuan.
PROGRAMME_COLUMNS: dict[str, str] = {
    "project_code": "code",
    "project_stage": "stands",
    "project_progress": "progress",
    "project_year": "year",
    "company": "company",
    "person": "person",
    "gates_done": "gates_done",
    "gates": "gates",
    "held": "held",
    "cost_low": "cost_low",
    "cost_high": "cost_high",
    "cost_known": "cost_known",
    "cost_items": "cost_items",
    "cost_level": "cost_level",
    "gap_low": "gap_low",
    "gap_high": "gap_high",
    "financed_low": "financed_low",
    "financed_high": "financed_high",
}


def area_table(plan: Plan) -> gpd.GeoDataFrame:
    """Areas as they are exported.

    Returns
    -------
    GeoDataFrame
        A row per area in the plan's order, index 0..n-1, first column ``id``, then ``AREA_COLUMNS`` and per
        facility of the standard ``<facility>_<suffix>`` of ``AREA_FACILITY_SUFFIXES``; project CRS. Numbers
        carry four decimals; unknown is NaN or None; ``<facility>_known`` is a text such as ``18 of 21``. A
        column the plan lacks is empty, never left out. Where there is a programme, ``PROGRAMME_COLUMNS``
        follow. The outlines are a coverage, see ``outlines``.
    """
    facilities = [f"{f.key}_{s}" for f in plan.standard.facilities for s in AREA_FACILITY_SUFFIXES]
    table = _picked(plan.areas, "id", [*AREA_COLUMNS, *facilities]).set_geometry(outlines(plan).array)
    for facility in plan.standard.facilities:
        known = table[f"{facility.key}_known"]
        table[f"{facility.key}_known"] = [
            None if missing(count) else f"{int(count)} of {int(members)}"
            for count, members in zip(known, table["neighbourhoods"], strict=True)
        ]
    if plan.programme is not None:
        projects = plan.programme.projects.reindex(plan.areas.index)
        for name, column in PROGRAMME_COLUMNS.items():
            table[name] = _exchangeable(projects[column]).to_numpy()
    return table


def outlines(plan: Plan) -> gpd.GeoSeries:
    """Outlines of the areas as they are handed over: project CRS, shared borders with shared vertices."""
    shapes = plan.areas.geometry
    return gpd.GeoSeries(noded(shapes.to_numpy(), NODE_GRID_M), index=shapes.index, crs=shapes.crs)


def members_table(plan: Plan) -> gpd.GeoDataFrame:
    """Members' ground (实施范围) as it is exported, beside the range lines of ``area_table``.

    Returns
    -------
    GeoDataFrame
        A row per area in the plan's order, first column ``id``, then ``MEMBERS_COLUMNS``; project CRS. The
        shapes are a coverage, see ``members_outlines``; None where no member has a shape.
    """
    return _picked(plan.areas, "id", MEMBERS_COLUMNS).set_geometry(members_outlines(plan).array)


def members_outlines(plan: Plan) -> gpd.GeoSeries:
    """Members' ground of each area as it is handed over: index area id, project CRS, a coverage.

    Land that members of two areas claim goes to the area that comes first; ``members_ha`` counts it in both.
    """
    shapes = members_ground(plan)
    parted = noded(shapes.to_numpy(), NODE_GRID_M)
    parted[shapely.is_empty(parted)] = None
    return gpd.GeoSeries(parted, index=shapes.index, crs=shapes.crs)


def neighbourhood_table(plan: Plan) -> gpd.GeoDataFrame:
    """Neighbourhoods as they are exported.

    Returns
    -------
    GeoDataFrame
        A row per neighbourhood in the plan's order, index 0..n-1, first column ``fid``, then the fields of
        the survey (canonical and passed through), ``NEIGHBOURHOOD_COLUMNS`` and per facility
        ``<facility>_need``, ``_supply``, ``_deficit``, and where there is a programme ``plan_stage``,
        ``plan_progress`` and ``plan_year``; project CRS. ``area_id`` is None for a neighbourhood
        in no area.
    """
    frame = plan.neighbourhoods
    computed = [f"{f.key}_{s}" for f in plan.standard.facilities for s in NEIGHBOURHOOD_FACILITY_SUFFIXES]
    added = [*NEIGHBOURHOOD_COLUMNS, *computed]
    geometry = frame.geometry.name
    own = [name for name in frame.columns if name not in added and name not in (geometry, "fid")]
    table = _picked(frame, "fid", [*own, *added])
    areas = table["area_id"].astype(float)
    table["area_id"] = areas.where(areas > 0).astype("Int64")
    if plan.programme is not None:
        stands = plan.programme.neighbourhoods.reindex(frame.index)
        table["plan_stage"] = _exchangeable(stands["stands"]).to_numpy()
        table["plan_progress"] = _exchangeable(stands["progress"]).to_numpy()
        table["plan_year"] = _exchangeable(stands["year"]).to_numpy()
    return table


def _picked(frame: gpd.GeoDataFrame, key: str, columns: Iterable[str]) -> gpd.GeoDataFrame:
    picked: dict[str, Any] = {key: frame.index.to_numpy(dtype=np.int64)}
    for name in columns:
        if name in frame.columns:
            picked[str(name)] = _exchangeable(frame[name]).to_numpy()
        else:
            picked[str(name)] = np.full(len(frame), None, dtype=object)
    return gpd.GeoDataFrame(picked, geometry=frame.geometry.to_numpy(), crs=frame.crs)


def _exchangeable(column: pd.Series[Any]) -> pd.Series[Any]:
    if pd.api.types.is_bool_dtype(column.dtype) and not column.isna().any():
        return column.astype(bool)
    if pd.api.types.is_integer_dtype(column.dtype) and not column.isna().any():
        return column.astype("int64")
    if pd.api.types.is_numeric_dtype(column.dtype):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        known = np.where(np.isfinite(numbers), numbers, np.nan).round(EXCHANGE_DECIMALS)
        return pd.Series(known, index=column.index)
    return pd.Series([plain(value) for value in column], index=column.index, dtype=object)


def plain(value: Any) -> Any:
    """A value that JSON knows: text, number, bool, None, or a list or table of such."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if missing(value):
        return None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, EXCHANGE_DECIMALS)
    if isinstance(value, date | pd.Timestamp):
        return value.isoformat()
    return str(value)


def flat(value: Any) -> Any:
    """A value that a table cell knows: a list or table of values becomes JSON text."""
    value = plain(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def typed(values: list[object]) -> pd.Series[Any]:
    """Plain values as a column: numbers stay numbers if all are; one of mixed kinds becomes text."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known):
        return pd.Series([np.nan if value is None else float(str(value)) for value in values])
    return pd.Series(
        [value if value is None else str(value).replace("\0", "") for value in values], dtype=object
    )

"""A plan: all derived numbers of one scheme, computed once and handed to every output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from renomap.model.comparison import Comparison
from renomap.model.links import Links
from renomap.model.note import Note
from renomap.model.preset import Preset
from renomap.model.programme_view import ProgrammeView
from renomap.model.project import Project
from renomap.model.reach import Walks
from renomap.model.scheme import Scheme
from renomap.model.standard import Standard

#: Per-facility columns of an area are ``<facility>_<suffix>``; unknown is NaN (numbers) or None (texts).
AREA_FACILITY_SUFFIXES: tuple[str, ...] = (
    "need",  # sum of rate x base over what is known of the members' base
    "need_high",  # the most the need can be, NaN = open
    "alone",  # members that reach the minimum size by themselves (count)
    "required",  # max(need, minimum size)
    "sites_low",  # least number of places of the radius that cover the members
    "sites_high",
    "sites",  # where both are one number
    "out_of_reach",  # known households, so the least, that one place of the best position leaves uncovered
    "supply",  # inside the area plus shared supply allotted to it, what is known of it
    "deficit_low",  # what lacks for sure
    "deficit_high",  # the most that can lack, NaN = open
    "deficit",  # where both are one number
    "known",  # "18 of 21" is written by outputs from known and members: here the count with known supply
    "deficit_separate",
    "served_alone",  # households
    "served_pooled",  # households
    "newly_low",  # households newly served where the facility is lacking
    "newly_high",  # NaN = open
    "state",  # model.standard.State
)

#: Per-facility columns of a neighbourhood.
NEIGHBOURHOOD_FACILITY_SUFFIXES: tuple[str, ...] = ("need", "supply", "deficit")


@dataclass(frozen=True)
class Plan:
    """What maps, tables and reports show of the active scheme. Numbers are unrounded.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        The neighbourhood frame (index ``fid``) with added columns: ``area_id`` (int64, 0 = none),
        ``eligibility`` and ``eligibility_reason`` (code), ``fate`` ('assigned' | 'scattered' | 'excluded' |
        'unassigned'), ``fate_reason`` (code) with ``reason_params`` (dict), ``enclosed_by`` (int64, the area
        whose range holds it without renewing it, 0 = none), and
        ``<facility>_need/_supply/_deficit``.
    areas : GeoDataFrame
        Index ``id``; geometry = polygon(s) of the range line in project CRS. Columns: ``name``,
        ``colour``, ``locked``, ``kind``, ``status``, ``note``, ``neighbourhoods`` (count),
        ``households`` (sum of the known, NaN if none), ``population`` (reported or households x persons
        per household; NaN if none), ``buildings``, ``stairwells``, ``floor_area_m2``, for each of these
        five ``<column>_known`` (count of the members it is the sum of), ``year_min``, ``year_max``,
        ``year_known`` (count of the members they are of), ``street`` and ``community`` (texts joined,
        most households first), ``area_ha`` (range, 片区范围), ``members_ha`` (members' land, 实施范围),
        ``enclosed`` (count of the neighbourhoods inside the range that are not renewed), ``parts``
        (polygons of the outline), ``corridor`` (bool: a strip over a crossing is part of it),
        ``size_flag`` (a value of ``SizeFlag`` or None) with ``size_rule`` (the bound that is broken, as
        ``area_ha_max``, or None), ``size_value`` and ``size_bound`` (in the unit of the bound; NaN
        where nothing is broken or known), ``reason`` (code or None), ``reason_params`` (dict),
        ``north``, ``south``, ``east``, ``west`` (四至; None = 未定), ``proposed_name``, ``consent_asked``,
        ``consent_yes``, ``consent_base`` (households), all three of the members of whom both numbers
        are known, ``consent_asked_known`` (their count), ``consent_no``, ``consent_asked_share``,
        ``consent_yes_share``, ``consent``, ``consent_failing`` (see ``programme.consent.of_areas``),
        ``city_subsidy``, ``district_subsidy`` (whole yuan for the known households, float, NaN where no
        rate; the district's is the least it pays, as its rate is a floor), the columns of
        ``steps.tallies``, ``households_flag`` ('unknown' if no member's is known, else 'lower_bound' or
        'estimated' if any member's is, else 'reported') and for each facility of the standard the
        columns of ``AREA_FACILITY_SUFFIXES``.
    shared : DataFrame
        Shared supply that was allotted: ``facility, area, source`` (name), ``fid``, ``layer``, ``amount``,
        ``distance_m``.
    below_trigger : DataFrame
        Needs handed up: ``facility, street, population, need``, summed by subdistrict.
    communities : DataFrame
        Facilities of level community, a row per facility and community of the survey: ``facility, community,
        street, neighbourhoods, population`` (sum of the known, a lower bound), ``population_known``,
        ``given_population, required, supply, supply_known, deficit_low, deficit_high, deficit, state``,
        ``areas`` (tuple of area ids that have members there). Of such a facility an area has ``state``,
        ``supply`` and ``known`` only; empty where the survey names no communities.
    links : Links
        Ground contiguity with the user's overrides applied.
    territories : GeoSeries
        Index ``fid``: ground of each neighbourhood, as far as half the gap.
    totals : Mapping
        neighbourhoods, households, households_known, assigned, scattered, excluded, unassigned, areas,
        population.
    notes : tuple of Note
        Data and assumptions: guesses, missing layers, estimated values, unverified numbers in use.
    programme : ProgrammeView or None
        What is derived from the project's programme; None where it has no rows.
    compared : Comparison or None
        What leads from another scheme or version to this one, where the report is to say so.
    walks : Walks or None
        Ways along the roads, where the project measures reach by walking; None = in a straight line.
    stamp : str
        One version stamp for all outputs of a run: ``YYYYMMDD-HHMM-xxxxxxxx`` (8 hex digits of the
        content's hash).
    """

    project: Project
    scheme: Scheme | None
    standard: Standard
    preset: Preset
    neighbourhoods: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    shared: pd.DataFrame
    below_trigger: pd.DataFrame
    links: Links
    territories: gpd.GeoSeries
    totals: Mapping[str, Any]
    notes: tuple[Note, ...]
    stamp: str
    communities: pd.DataFrame = field(default_factory=pd.DataFrame)
    programme: ProgrammeView | None = None
    compared: Comparison | None = None
    walks: Walks | None = None

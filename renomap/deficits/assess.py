"""Deficits of all neighbourhoods and areas of a scheme in one call."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.deficits.areas import assess_areas
from renomap.deficits.inputs import Inputs, own_deficit, prepare
from renomap.model.links import Links
from renomap.model.note import Note
from renomap.model.standard import Standard


@dataclass(frozen=True)
class Assessment:
    """What a scheme lacks.

    Parameters
    ----------
    areas : DataFrame
        Index ``id``, for each facility the columns of ``model.plan.AREA_FACILITY_SUFFIXES``.
    neighbourhoods : DataFrame
        Index ``fid`` in the order given, ``<facility>_need/_supply/_deficit``.
    shared : DataFrame
        ``facility, area, source, fid, layer, amount, distance_m``: supply from outside an area allotted to
        it.
    below_trigger : DataFrame
        ``facility, street, population, need``: needs handed up, by subdistrict; ``need`` NaN where the
        standard asks for one place per area.
    communities : DataFrame
        ``communities.COLUMNS``: a row per facility of level community and community of the survey.
    notes : tuple of Note
        Guesses and assumptions behind the numbers.
    """

    areas: pd.DataFrame
    neighbourhoods: pd.DataFrame
    shared: pd.DataFrame
    below_trigger: pd.DataFrame
    communities: pd.DataFrame
    notes: tuple[Note, ...]


def assess(
    neighbourhoods: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None,
    facilities: gpd.GeoDataFrame | None,
    assignment: pd.Series[int],
    outlines: gpd.GeoSeries,
    standard: Standard,
    links: Links | None = None,
    boundaries: gpd.GeoDataFrame | None = None,
) -> Assessment:
    """Deficits of every neighbourhood and area against a standard.

    Parameters
    ----------
    neighbourhoods, buildings, facilities : GeoDataFrame
        Frames of those roles in one CRS (metres), canonical columns; the latter two may be None = not loaded.
    assignment : Series
        Index fid, value area id or 0.
    outlines : GeoSeries
        Index area id; union of the members' territories.
    standard : Standard
        With the values of the meeting.
    links : Links, optional
        Ground contiguity: who may share parking with whom.
    boundaries : GeoDataFrame, optional
        Administrative boundaries, see ``communities.judge_communities``.

    Returns
    -------
    Assessment
        Unknown is NaN or None throughout; see ``areas.AreaDeficits`` for what that means in each column.

    Raises
    ------
    ValueError
        If a neighbourhood is assigned to an area without an outline.
    """
    inputs = prepare(neighbourhoods, buildings, facilities, standard, links, boundaries=boundaries)
    return assess_prepared(inputs, assignment, outlines, neighbourhoods.index)


def assess_prepared(
    inputs: Inputs, assignment: pd.Series[int], outlines: gpd.GeoSeries, fids: pd.Index[int]
) -> Assessment:
    """As ``assess``, of need and supply that are prepared; ``fids`` is the order of the neighbourhoods."""
    found = assess_areas(inputs, assignment, outlines)
    each = assess_neighbourhoods(inputs).loc[fids]
    return Assessment(found.areas, each, found.shared, found.below_trigger, found.communities, inputs.notes)


def assess_neighbourhoods(inputs: Inputs) -> pd.DataFrame:
    """Need, supply and deficit of each neighbourhood by itself.

    Returns
    -------
    DataFrame
        Index ``fid``, sorted. ``<facility>_supply`` is what is known of it (NaN if nothing is), ``_deficit``
        NaN unless it is certain; ``_need`` NaN where the base is unknown, no number is set, or only an area
        has that need.
    """
    columns = {}
    for f, item in enumerate(inputs.standard.facilities):
        sure, known = inputs.supply.sure[f], inputs.supply.known[f]
        columns[f"{item.key}_need"] = inputs.need[f]
        columns[f"{item.key}_supply"] = np.where(known | (sure > 0), sure, np.nan)
        columns[f"{item.key}_deficit"] = own_deficit(inputs, f)
    return pd.DataFrame(columns, index=pd.Index(inputs.fids, name="fid"))

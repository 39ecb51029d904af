"""The plan of a project: every derived number of its active scheme, computed once for map, table and text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from renomap.deficits import meeting, presets, standards
from renomap.deficits.assess import Assessment, assess_prepared
from renomap.deficits.inputs import prepare
from renomap.editing.ground import drawn_boundaries
from renomap.ground.outline import enclosed
from renomap.ground.redrawing import Former
from renomap.grouping import eligibility
from renomap.model.feedback import Feedback, Part, Silent
from renomap.model.households import counted_whole
from renomap.model.plan import Plan
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.model.settings import BY_HAND
from renomap.model.standard import Standard
from renomap.outputs.numbers import M2_PER_HA
from renomap.programme import consent, rounds, shares
from renomap.steps.area_table import member_sums, residents
from renomap.steps.assumptions import assumptions
from renomap.steps.fates import fates, size_reasons
from renomap.steps.frames import frame_of, neighbourhood_frame
from renomap.steps.groundwork import Groundwork, grow_territories, lay_ground, walks_of
from renomap.steps.naming import area_shapes, surroundings
from renomap.steps.programme import programme_view
from renomap.steps.size_flags import size_flags
from renomap.steps.stamp import version_stamp
from renomap.steps.tallies import tallies


def active_standard(project: Project) -> Standard:
    """The project's standard with the values of the meeting."""
    return meeting.with_meeting(standards.load(project.standard), project.meeting)


def active_preset(project: Project) -> Preset:
    """The preset the active scheme was made by, else the project's; with shares of consent as set for the
    meeting.
    """
    scheme = project.scheme
    preset = presets.load((scheme.settings.preset if scheme else None) or project.preset)
    consent = shares.consent_of(project.meeting, preset.consent)
    return preset if consent is preset.consent else replace(preset, consent=consent)


def make_plan(
    project: Project,
    feedback: Feedback | None = None,
    *,
    work: Groundwork | None = None,
    territories: gpd.GeoSeries | None = None,
    former: Plan | None = None,
    now: dt.datetime | None = None,
) -> Plan:
    """All derived numbers of the active scheme; without a scheme the plan has no areas.

    Parameters
    ----------
    work, territories : optional
        What was computed before for the same neighbourhoods, gap, nesting and overrides; computed anew
        where None.
    former : Plan, optional
        An earlier plan; outlines that it has and that stand are not drawn again if it was made from the same
        ``work`` and ``territories``.
    """
    feedback = feedback or Silent()
    scheme = project.scheme
    preset, standard = active_preset(project), active_standard(project)
    rows = rounds.with_consent(neighbourhood_frame(project), project.programme.surveys)
    if work is None:
        settings = scheme.settings if scheme is not None else BY_HAND
        overrides = scheme.overrides if scheme is not None else None
        work = lay_ground(project, preset, settings, feedback, overrides)
    if territories is None:
        territories = grow_territories(rows.geometry, work, feedback)
    assignment = _assignment(rows, scheme)
    feedback.progress(0.5, "steps.progress-outlines")
    known = _drawn_before(former, work, territories)
    drawing = Part(feedback, 0.5, 0.7)
    shapes = area_shapes(rows.geometry, assignment, work, territories, drawing, _by_hand(scheme), known)
    feedback.progress(0.7, "steps.progress-deficits")
    walks = walks_of(project, work)
    inputs = prepare(
        rows, frame_of(project, Role.BUILDINGS), frame_of(project, Role.FACILITIES), standard, work.links,
        boundaries=frame_of(project, Role.BOUNDARY), walks=walks,
    )  # fmt: skip
    found = assess_prepared(inputs, assignment, shapes.geometry, rows.index)
    judged = eligibility.judge(rows, preset)
    people = _neighbourhoods(rows, assignment, judged, found, work, preset, scheme)
    people["enclosed_by"] = enclosed(rows.geometry, assignment, shapes.geometry)
    areas = _areas(project, scheme, people, shapes, found, work, preset, standard)
    totals = _totals(people, areas, standard)
    notes = assumptions(project, preset, standard, work, people, found.notes)
    stamp = version_stamp(project, now or dt.datetime.now())
    return Plan(
        project=project,
        scheme=scheme,
        standard=standard,
        preset=preset,
        neighbourhoods=people,
        areas=areas,
        shared=found.shared,
        below_trigger=found.below_trigger,
        links=work.links,
        territories=territories,
        totals=totals,
        notes=notes,
        stamp=stamp,
        communities=found.communities,
        programme=programme_view(project, people, areas, preset),
        walks=walks,
    )


def _drawn_before(former: Plan | None, work: Groundwork, territories: gpd.GeoSeries) -> Former | None:
    """The outlines of an earlier plan over the same ground; values are never changed, so `is` is enough."""
    if former is None or former.links is not work.links or former.territories is not territories:
        return None
    outlines = former.areas[["parts", "corridor", "geometry"]]
    return Former(former.neighbourhoods["area_id"], outlines, _by_hand(former.scheme))


def _by_hand(scheme: Scheme | None) -> gpd.GeoSeries | None:
    """Boundaries drawn by hand, index area id."""
    if scheme is None:
        return None
    drawn = drawn_boundaries(scheme)
    ids = pd.Index(list(drawn), dtype="int64", name="id")
    return gpd.GeoSeries(list(drawn.values()), index=ids, crs=scheme.areas.crs)


def _assignment(rows: gpd.GeoDataFrame, scheme: Scheme | None) -> pd.Series[int]:
    if scheme is None:
        return pd.Series(UNASSIGNED, index=rows.index, dtype="int64")
    return scheme.assignment.reindex(rows.index, fill_value=UNASSIGNED).astype("int64")


def _neighbourhoods(
    rows: gpd.GeoDataFrame,
    assignment: pd.Series[int],
    judged: pd.DataFrame,
    found: Assessment,
    work: Groundwork,
    preset: Preset,
    scheme: Scheme | None,
) -> gpd.GeoDataFrame:
    fate = fates(assignment, judged, work, preset, scheme)
    added = pd.DataFrame(
        {
            "area_id": assignment,
            "eligibility": judged["eligibility"],
            "eligibility_reason": judged["reason"],
            "fate": fate["fate"],
            "fate_reason": fate["reason"],
            "reason_params": fate["params"],
        },
        index=rows.index,
    )
    judged_consent = consent.judge(rows, preset.consent)
    streets = work.within.subdistricts
    told = rows["street"]
    filled = rows if streets is None else rows.assign(street=told.where(told.notna(), streets))
    ours = pd.concat([added, judged_consent, found.neighbourhoods.reindex(rows.index)], axis=1)
    # a survey may have a column of its own that is called like one of ours
    own = filled.drop(columns=filled.columns.intersection(ours.columns))
    joined = pd.concat([own, ours], axis=1)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=rows.crs)


def _areas(
    project: Project,
    scheme: Scheme | None,
    people: gpd.GeoDataFrame,
    shapes: gpd.GeoDataFrame,
    found: Assessment,
    work: Groundwork,
    preset: Preset,
    standard: Standard,
) -> gpd.GeoDataFrame:
    ids = shapes.index
    sums = member_sums(people, ids, standard.persons_per_household, preset)
    others = tallies(people, shapes.geometry, frame_of(project, Role.SITES))
    named = surroundings(project, shapes).reindex(ids)
    own = _own_columns(scheme, ids)
    own["name"] = own["name"].where(own["name"] != "", named["proposed_name"])
    joins = people["eligibility"].isin(preset.joining)
    flags = size_flags(ids, people, joins, standard.persons_per_household, work, scheme, preset)
    reasons = size_reasons(flags, people, work)
    shape = pd.DataFrame(
        {
            "area_ha": shapes.geometry.area / M2_PER_HA,
            "enclosed": people["enclosed_by"].value_counts().reindex(ids, fill_value=0),
            "parts": shapes["parts"],
            "corridor": shapes["corridor"],
        },
        index=ids,
    )
    table = pd.concat(
        [
            own,
            sums,
            others,
            consent.of_areas(people[people["area_id"] != UNASSIGNED], ids, preset.consent),
            shape,
            flags.drop(columns=["known", "neighbourhoods"]),
            reasons,
            named,
            found.areas.reindex(ids),
        ],
        axis=1,
    )
    return gpd.GeoDataFrame(table, geometry=shapes.geometry.values, crs=project.crs, index=ids)


def _own_columns(scheme: Scheme | None, ids: pd.Index[int]) -> pd.DataFrame:
    """What the scheme says of its areas; an area without a row (just painted) is derived and nameless."""
    defaults: dict[str, Any] = {
        "name": "",
        "colour": "#999999",
        "locked": False,
        "kind": "derived",
        "status": "",
        "note": "",
    }
    if scheme is None:
        return pd.DataFrame(
            {name: pd.Series(value, index=ids) for name, value in defaults.items()}, index=ids
        )
    rows = pd.DataFrame(scheme.areas.drop(columns="geometry")).reindex(ids)
    return pd.DataFrame(
        {name: rows[name].where(rows[name].notna(), value) for name, value in defaults.items()}
    )


def _totals(people: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, standard: Standard) -> Mapping[str, Any]:
    fate = people["fate"].value_counts()
    counts = {name: int(fate.get(name, 0)) for name in ("assigned", "scattered", "excluded", "unassigned")}
    persons = residents(people, standard.persons_per_household)
    return {
        "neighbourhoods": len(people),
        "households": float(people["households"].sum(min_count=1)),
        "households_known": int(counted_whole(people).sum()),
        "population": float(persons.sum(min_count=1)),
        "population_known": int((counted_whole(people) | people["population"].notna()).sum()),
        "areas": len(areas),
        **counts,
    }

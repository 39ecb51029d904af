"""Judge: choose the standard and the values of the meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from renomap.deficits import meeting, presets, standards
from renomap.model.project import Project
from renomap.model.reach import reach_of
from renomap.model.roles import Role
from renomap.model.standard import MeetingValue
from renomap.programme import budget, idle_sites, prices, ranking, shares
from renomap.steps.programme import rules_of


def judge_by(
    project: Project,
    standard: str | None,
    sets: Sequence[str],
    *,
    by: str,
    now: dt.datetime | None = None,
) -> Project:
    """The project with a standard and values set for the meeting; later values of the same key replace
    earlier ones.

    Parameters
    ----------
    standard : str or None
        Name of a shipped standard or path of a file; None keeps the project's.
    sets : sequence of str
        ``FACILITY.KEY=VALUE`` such as ``parking.rate=0.6/household``.
    by : str
        Who set them; printed beside the numbers.

    Raises
    ------
    RenomapError
        Unknown standard, facility, key or column of supply, unreadable value.
    """
    name = standards.for_project(standard or project.standard)
    if name != project.standard:
        standards.require_columns(name, _supplied(project))
    at = (now or dt.datetime.now()).isoformat(timespec="minutes")
    values = {(item.facility, item.key): item for item in project.meeting}
    for text in sets:
        value = meeting.parse_meeting(text, by=by, at=at)
        values[value.facility, value.key] = value
    meeting_values = tuple(values.values())
    # Refuses what does not fit before anything changes.
    meeting.with_meeting(standards.load(name), meeting_values)
    preset = presets.load(project.preset)
    rules = rules_of(project.programme, preset)
    prices.prices(meeting_values, rules)
    budget.budget_of(meeting_values, rules, rules.years)
    ranking.weighted(rules.factors, meeting_values)
    prices.district_rate(meeting_values, preset)
    prices.addon_shares(meeting_values, rules)
    shares.consent_of(meeting_values, preset.consent)
    idle_sites.m2_each(meeting_values)
    reach_of(meeting_values)
    return replace(project, standard=name, meeting=meeting_values)


def settled(
    project: Project,
    standard: str,
    values: Mapping[tuple[str, str], str],
    *,
    by: str,
    now: dt.datetime | None = None,
) -> Project:
    """The project with a standard and exactly these values of the meeting.

    Parameters
    ----------
    standard : str
        Name of a shipped standard, path or text of a table.
    values : Mapping
        (facility, key) -> value as on the command line. One that was set before keeps its author and date.
    by : str
        Who sets what is new.

    Raises
    ------
    RenomapError
        As ``judge_by``.
    """
    before = {(item.facility, item.key): item for item in project.meeting}
    kept = [before[place] for place, text in values.items() if _same(before.get(place), text)]
    fresh = [
        f"{place[0]}.{place[1]}={text}"
        for place, text in values.items()
        if not _same(before.get(place), text)
    ]
    return judge_by(replace(project, meeting=tuple(kept)), standard, fresh, by=by, now=now)


def _supplied(project: Project) -> set[str]:
    """Columns of the survey, and keys of the facilities that are on the map."""
    columns = {str(name) for layer in project.layers_of(Role.NEIGHBOURHOODS) for name in layer.frame.columns}
    shown = (layer.frame for layer in project.layers_of(Role.FACILITIES) if "facility" in layer.frame)
    return columns.union(*(frame["facility"].dropna().astype(str) for frame in shown))


def _same(value: MeetingValue | None, text: str) -> bool:
    return value is not None and value.value == text

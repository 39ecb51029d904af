"""Data and assumptions of a plan: what was guessed, what is missing, which numbers are unverified."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd

from renomap.ground.frontage import FRONTAGE_MIN_M
from renomap.model.note import Note, Severity
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.standard import Standard, Status
from renomap.steps.groundwork import Groundwork

#: Layers without which a barrier goes unseen, with the code that says so.
MISSING: tuple[tuple[Role, str], ...] = (
    (Role.ROADS, "steps.missing-roads"),
    (Role.WATER, "steps.missing-water"),
    (Role.RAILWAYS, "steps.missing-railways"),
)
#: Remarks of an import that are said here of the data as it is now.
RESTATED = frozenset({"sources.households-unknown"})


def assumptions(
    project: Project,
    preset: Preset,
    standard: Standard,
    work: Groundwork,
    people: gpd.GeoDataFrame,
    more: Sequence[Note],
) -> tuple[Note, ...]:
    """All remarks that a reader of the plan must know, missing layers first, then data, then standards."""
    notes = [Note(code, {}, Severity.WARNING) for role, code in MISSING if not project.layers_of(role)]
    notes.append(_neighbours_note(preset, work.gap_m))
    if work.within.units is not None:
        notes.append(Note("steps.within-used", {"spec": work.within.described}))
    notes += work.within.notes
    notes += _household_notes(people)
    notes += [note for note in project.notes if note.code not in RESTATED]
    notes += more
    notes += _standard_notes(standard)
    notes += [
        Note(
            "steps.meeting-value",
            {"facility": item.facility, "key": item.key, "value": item.value, "by": item.by, "at": item.at},
            Severity.GUESS,
        )
        for item in project.meeting
    ]
    return tuple(notes)


def _neighbours_note(preset: Preset, gap_m: float) -> Note:
    """What makes two neighbourhoods neighbours, with the numbers in force."""
    widest = max(preset.gap_road_m, gap_m)
    return Note("steps.gap-used", {"gap": gap_m, "gap_road": widest, "frontage": f"{FRONTAGE_MIN_M:g}"})


def _household_notes(people: gpd.GeoDataFrame) -> list[Note]:
    flags = people["households_flag"].value_counts()
    notes = []
    for flag in ("estimated", "approximate", "lower_bound", "unknown"):
        count = int(flags.get(flag, 0))
        if count:
            severity = Severity.WARNING if flag == "unknown" else Severity.GUESS
            rows = tuple(int(fid) for fid in people.index[people["households_flag"] == flag])
            notes.append(
                Note(
                    f"steps.households-{flag.replace('_', '-')}",
                    {"count": count, "of": len(people)},
                    severity,
                    "neighbourhoods",
                    rows,
                )
            )
    return notes


def _standard_notes(standard: Standard) -> list[Note]:
    unchecked = [item for item in standard.facilities if item.status in (Status.UNVERIFIED, Status.PARTLY)]
    notes = []
    if unchecked:
        notes.append(
            Note(
                "steps.standard-unverified",
                {
                    "count": len(unchecked),
                    "of": len(standard.facilities),
                    "names_zh": "、".join(i.zh for i in unchecked),
                    "names_en": ", ".join(i.en for i in unchecked),
                },
                Severity.WARNING,
            )
        )
    notes.append(
        Note(
            "steps.persons-per-household",
            {
                "persons": standard.persons_per_household,
                "source": standard.persons_source,
                "status": f"status.{standard.persons_status}",
            },
            Severity.GUESS,
        )
    )
    return notes

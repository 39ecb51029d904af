"""Steps for gates that are typed into the table: they keep who entered them and when, and their turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from renomap.model.change import Address, ChangeSet, apply, difference
from renomap.model.programme import text_of
from renomap.model.project import Project
from renomap.programme import turns
from renomap.steps.plan import active_preset
from renomap.steps.programme import rules_of
from renomap.steps.projects import households_of, members_of

EVENTS: Final = Address("programme", "", "events")


def in_turn(project: Project, change: ChangeSet, *, by: str, at: str) -> ChangeSet:
    """The change with every step it adds or changes stamped; refused where a step would be out of its turn.

    A new step keeps the members and households it was taken for, as they are once the change is made. A row
    whose gate is not named yet, or is none of the city's, is still being typed and is not judged. The change
    itself where it touches no steps.

    Raises
    ------
    RenomapError
        Those of ``programme.turns.check``.
    """
    if EVENTS not in change.steps:
        return change
    after = apply(project, change)
    before, events = project.programme.events, after.programme.events
    there = events.index.intersection(before.index)
    old = before.loc[there]
    same = ((events.loc[there] == old) | (events.loc[there].isna() & old.isna())).all(axis=1)
    changed = events.index.difference(there[same])
    _check(after, events.loc[changed])
    rows = events.copy()
    rows.loc[changed, ["by", "at"]] = (by, at)
    for label in events.index.difference(before.index):
        members = _members(after, rows.loc[label])
        rows.loc[label, ["members", "households"]] = (text_of(members), households_of(after, members))
    stamped = replace(after, programme=after.programme.with_table("events", rows))
    return difference(project, stamped, change.code, **change.params)


def _members(project: Project, row: pd.Series[Any]) -> tuple[int, ...]:
    if row["project"]:
        return members_of(project, int(row["project"]))
    return (int(row["fid"]),) if row["fid"] else ()


def _check(project: Project, changed: pd.DataFrame) -> None:
    rules = rules_of(project.programme, active_preset(project))
    events = project.programme.events
    for label, row in changed.iterrows():
        if rules.gate(str(row["gate"])) is None:
            continue
        column = "project" if row["project"] else "fid"
        others = events[(events[column] == row[column]) & (events.index != label)]
        turns.check(others, {str(name): value for name, value in row.items()}, rules)

"""Problems: what a scheme breaks and what is wrong with the data, in one list that F8 walks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from renomap.editing.checks import Context, problems
from renomap.model.change import ChangeSet
from renomap.model.note import Note, Severity
from renomap.model.scheme import UNASSIGNED
from renomap.session.easel import Easel

_LISTED = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True)
class Problem:
    """One line: a sentence's code, what it is about, and a change that mends it where there is one."""

    code: str
    params: Mapping[str, Any]
    severity: Severity
    area: int = UNASSIGNED
    fids: tuple[int, ...] = ()
    fix: ChangeSet | None = None


def find_problems(easel: Easel, notes: tuple[Note, ...]) -> tuple[Problem, ...]:
    """What the scheme of an easel breaks, then the warnings among ``notes`` about the data."""
    return (*_of_scheme(easel), *(_of_note(note, easel) for note in notes if note.severity in _LISTED))


def _of_scheme(easel: Easel) -> tuple[Problem, ...]:
    if easel.project.scheme is None or easel.project.scheme.areas.empty:
        return ()
    # scattered and excluded are legitimate classes: whoever is in them is not left over
    fate = easel.plan.neighbourhoods["fate"]
    eligible: pd.Series[bool] = fate.isin(["assigned", "unassigned"])
    context = Context(easel.graph, easel.counted, easel.rules, eligible, easel.plan.territories)
    found = problems(easel.project, context)
    return tuple(
        Problem(item.code, item.params, item.severity, item.area, item.fids, item.fix) for item in found
    )


def _of_note(note: Note, easel: Easel) -> Problem:
    layer = easel.project.neighbourhoods
    own = layer is not None and note.layer in (layer.key, layer.role.value)
    return Problem(note.code, note.params, note.severity, fids=note.fids if own else ())

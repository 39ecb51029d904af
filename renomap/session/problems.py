"""Problems: what a scheme breaks and what is wrong with the data, in one list that F8 walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import pandas as pd

from renomap.editing.checks import Context, problems
from renomap.model.change import ChangeSet
from renomap.model.note import Note, Severity
from renomap.model.scheme import UNASSIGNED
from renomap.session.stroke_context import StrokeContext
from renomap.steps.check import repair

_LISTED = (Severity.ERROR, Severity.WARNING)


@dataclass(frozen=True)
class Problem:
    """One line: a sentence's code, what it is about, and how it is mended where that is known."""

    code: str
    params: Mapping[str, Any]
    severity: Severity
    area: int = UNASSIGNED
    fids: tuple[int, ...] = ()
    mend: Callable[[], ChangeSet | None] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def fix(self) -> ChangeSet | None:
        """The change that mends it, made when first asked for; None where there is none."""
        return None if self.mend is None else self.mend()


def find_problems(context: StrokeContext, notes: tuple[Note, ...]) -> tuple[Problem, ...]:
    """What the scheme of a context breaks, then the warnings among ``notes`` about the data."""
    return (*_of_scheme(context), *(_of_note(note, context) for note in notes if note.severity in _LISTED))


def _of_scheme(context: StrokeContext) -> tuple[Problem, ...]:
    if context.project.scheme is None or context.project.scheme.areas.empty:
        return ()
    # scattered and excluded are legitimate classes: whoever is in them is not left over
    fate = context.plan.neighbourhoods["fate"]
    eligible: pd.Series[bool] = fate.isin(["assigned", "unassigned"])
    under = Context(context.graph, context.counted, context.rules, eligible, context.plan.territories)
    found = problems(context.project, under)
    return tuple(
        Problem(item.code, item.params, item.severity, item.area, item.fids, partial(_made, item.fix))
        for item in found
    )


def _made(fix: ChangeSet | None) -> ChangeSet | None:
    return fix


def _of_note(note: Note, context: StrokeContext) -> Problem:
    layer = context.project.neighbourhoods
    own = layer is not None and note.layer in (layer.key, layer.title, layer.role.value)
    mend = partial(repair, context.project, note) if "fix" in note.params else None
    return Problem(note.code, note.params, note.severity, fids=note.fids if own else (), mend=mend)

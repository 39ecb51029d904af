"""Problems: what a scheme breaks and what is wrong with the data, in one list that F8 walks."""

from __future__ import annotations

from functools import partial

import pandas as pd

from renomap.editing.checks import Context, problems
from renomap.model.change import ChangeSet
from renomap.model.note import Note, Severity
from renomap.session.problem import ListedProblem
from renomap.session.programme_problems import of_programme
from renomap.session.stroke_context import StrokeContext
from renomap.steps.check import repair

_LISTED = (Severity.ERROR, Severity.WARNING)


def find_problems(context: StrokeContext, notes: tuple[Note, ...]) -> tuple[ListedProblem, ...]:
    """What the scheme of a context breaks, the warnings among ``notes`` about the data, then what somebody
    should look at in the programme.
    """
    data = (_of_note(note, context) for note in notes if note.severity in _LISTED)
    return (*_of_scheme(context), *data, *of_programme(context.plan))


def _of_scheme(context: StrokeContext) -> tuple[ListedProblem, ...]:
    if context.project.scheme is None or context.project.scheme.areas.empty:
        return ()
    # scattered and excluded are legitimate classes: whoever is in them is not left over
    fate = context.plan.neighbourhoods["fate"]
    eligible: pd.Series[bool] = fate.isin(["assigned", "unassigned"])
    under = Context(context.graph, context.counted, context.rules, eligible, context.plan.territories)
    found = problems(context.project, under)
    return tuple(
        ListedProblem(item.code, item.params, item.severity, item.area, item.fids, partial(_made, item.fix))
        for item in found
    )


def _made(fix: ChangeSet | None) -> ChangeSet | None:
    return fix


def _of_note(note: Note, context: StrokeContext) -> ListedProblem:
    layer = context.project.neighbourhoods
    own = layer is not None and note.layer in (layer.key, layer.title, layer.role.value)
    mend = partial(repair, context.project, note) if "fix" in note.params else None
    return ListedProblem(note.code, note.params, note.severity, fids=note.fids if own else (), mend=mend)

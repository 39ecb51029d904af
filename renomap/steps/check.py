"""Check: what is wrong with the data, and how much it matters."""

from __future__ import annotations

from renomap.model.note import Note, Severity
from renomap.model.project import Project
from renomap.model.waiting import waiting
from renomap.sources.checks import check as check_layers
from renomap.sources.checks import waiting_note

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.GUESS: 2, Severity.INFO: 3}


def check(project: Project) -> tuple[Note, ...]:
    """Remarks of the import and defects of the data, the worst first."""
    rows = waiting(project)
    lacking = (waiting_note(rows),) if len(rows) else ()
    found = (*project.notes, *lacking, *check_layers(project.layers))
    return tuple(sorted(found, key=lambda note: _ORDER[note.severity]))


def has_errors(notes: tuple[Note, ...]) -> bool:
    """Whether anything must be mended before the numbers can be trusted."""
    return any(note.severity == Severity.ERROR for note in notes)

"""Check: what is wrong with the data, and how much it matters."""

from __future__ import annotations

from renomap.model.change import ChangeSet, difference
from renomap.model.note import Note, Severity
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.waiting import waiting
from renomap.sources.checks import check as check_layers
from renomap.sources.checks import waiting_note
from renomap.sources.fixes import fixed
from renomap.sources.update import with_units

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.GUESS: 2, Severity.INFO: 3}


def check(project: Project) -> tuple[Note, ...]:
    """Remarks of the import and defects of the data, the worst first."""
    rows = waiting(project)
    lacking = (waiting_note(rows),) if len(rows) else ()
    found = (*project.notes, *lacking, *check_layers(project.layers))
    return tuple(sorted(found, key=lambda note: _ORDER[note.severity]))


def repair(project: Project, note: Note) -> ChangeSet | None:
    """The change that mends a defect, named by what it does; None where the remark offers none any more.

    Parameters
    ----------
    note : Note
        A remark of ``check`` with ``params["fix"]`` (``sources.fixes.FIXES``).
    """
    layer = next((item for item in project.layers if item.title == note.layer), None)
    mended = None if layer is None else fixed(layer, note)
    if mended is None:
        return None
    after = project.with_layer(mended)
    if mended.role is Role.NEIGHBOURHOODS:
        after = with_units(after, mended.frame.index)
    shown = {key: value for key, value in note.params.items() if key != "fix"}
    return difference(project, after, f"sources.fix-{note.params['fix']}", **shown)


def has_errors(notes: tuple[Note, ...]) -> bool:
    """Whether anything must be mended before the numbers can be trusted."""
    return any(note.severity == Severity.ERROR for note in notes)

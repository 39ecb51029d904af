"""Importing by steps: read, look at what was guessed, decide otherwise, read again, and only then take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from renomap.model.feedback import Feedback
from renomap.model.note import Guess, Note, Question
from renomap.model.project import Project
from renomap.sources.options import ImportOptions


@dataclass(frozen=True)
class Offer:
    """What source files would become; nothing is taken yet.

    Parameters
    ----------
    project : Project or None
        The new project, or the open one with the files joined to it; None where ``question`` comes first.
    base : Project or None
        The open project that the files join; None where they become a new one.
    notes : tuple of Note
        What this reading guessed and repaired.
    changes : DataFrame or None
        What the survey changes in the open project, see ``sources.update.Update``.
    question : Question or None
        What the user must decide before anything can be read.
    """

    project: Project | None
    base: Project | None = None
    notes: tuple[Note, ...] = ()
    changes: pd.DataFrame | None = None
    question: Question | None = None

    @property
    def guesses(self) -> tuple[tuple[Guess, Note | None], ...]:
        """Every decision that can be taken otherwise, once, with the remark that tells its evidence."""
        found: dict[tuple[str, str], tuple[Guess, Note | None]] = {}
        if self.question is not None:
            guess = self.question.guess
            found[guess.kind, guess.address] = (guess, None)
        for note in self.notes:
            for guess in note.guesses:
                found.setdefault((guess.kind, guess.address), (guess, note))
        return tuple(found.values())


def read_offer(
    paths: Sequence[Path], options: ImportOptions, base: Project | None, feedback: Feedback
) -> Offer:
    """Read files, for a new project or for ``base``.

    Raises
    ------
    RenomapError
        What the room of sources says of files that it cannot read; a question it asks is an offer.
    """
    from renomap.steps.import_ import import_sources, update_project

    try:
        if base is None:
            project = import_sources(paths, replace(options, joins_project=False), feedback)
            return Offer(project, None, project.notes)
        updated = update_project(base, paths, options, feedback)
    except Question as question:
        return Offer(None, base, question=question)
    return Offer(updated.project, base, updated.notes, updated.changes)

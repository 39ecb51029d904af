"""Import: files in, a project out, with everything that was guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from renomap.model.feedback import Feedback, Silent
from renomap.model.project import Project
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read
from renomap.store import projectfile


def import_sources(
    paths: Sequence[Path], options: ImportOptions | None = None, feedback: Feedback | None = None
) -> Project:
    """Read any vector files and an inventory into a new project.

    Raises
    ------
    RenomapError
        What the room of sources says of a file it cannot read.
    """
    reading = read(list(paths), options or ImportOptions(), feedback or Silent())
    return Project(crs=reading.crs, layers=reading.layers, notes=reading.notes)


def open_or_import(path: Path, feedback: Feedback | None = None) -> Project:
    """The project in a file, or a new project from a source file."""
    if path.is_file() and projectfile.is_project(path):
        return projectfile.open_project(path)
    return import_sources([path], None, feedback)

"""Import: files in, a project out, with everything that was guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from renomap.cartography.colours import area_colours
from renomap.model.feedback import Feedback, Silent
from renomap.model.note import Note
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.waiting import with_waiting
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read
from renomap.sources.schemes import schemes_of
from renomap.sources.update import update
from renomap.steps.naming import areas_beside
from renomap.store import projectfile


@dataclass(frozen=True)
class Updated:
    """A project after a corrected survey: ``changes`` as in ``sources.update.Update``, and its remarks."""

    project: Project
    changes: pd.DataFrame
    notes: tuple[Note, ...]


def import_sources(
    paths: Sequence[Path], options: ImportOptions | None = None, feedback: Feedback | None = None
) -> Project:
    """Read any vector files and an inventory into a new project; a layer of drawn areas becomes a scheme.

    Rows of the inventory that have no neighbourhood on the map wait in the project (``model.waiting``) to be
    placed or drawn. A list alone gives a project: its rows stand as discs where it has positions, the others
    wait.

    Raises
    ------
    RenomapError
        What the room of sources says of a file it cannot read.
    """
    reading = read(list(paths), options or ImportOptions(), feedback or Silent())
    schemes, told = schemes_of(reading.layers, ())
    kept = tuple(layer for layer in reading.layers if layer.role is not Role.AREAS or not schemes)
    project = Project(crs=reading.crs, layers=kept, notes=(*reading.notes, *told))
    project = with_waiting(project, reading.unplaced)
    for scheme in schemes:
        project = project.with_scheme(coloured(scheme))
    return project


def update_project(
    project: Project,
    paths: Sequence[Path],
    options: ImportOptions | None = None,
    feedback: Feedback | None = None,
) -> Updated:
    """Bring a corrected survey into a project; assignments, drawn boundaries, links and 补绘 rows stay."""
    options = replace(options or ImportOptions(), joins_project=True)
    found = update(project, read(list(paths), options, feedback or Silent()), options)
    after = replace(found.project, schemes=tuple(coloured(scheme) for scheme in found.project.schemes))
    return Updated(after, found.changes, found.notes)


def coloured(scheme: Scheme) -> Scheme:
    """The scheme with a colour for every area that came without one."""
    areas = scheme.areas
    if not (areas["colour"] == "").any():
        return scheme
    ids = [int(key) for key in areas.index]
    colours = area_colours(ids, areas_beside(areas.geometry), areas["colour"].to_dict())
    return replace(scheme, areas=areas.assign(colour=[colours[int(key)] for key in areas.index]))


def open_or_import(path: Path, feedback: Feedback | None = None) -> Project:
    """The project in a file, or a new project from a source file."""
    if path.is_file() and projectfile.is_project(path):
        return projectfile.open_project(path)
    return import_sources([path], None, feedback)

"""Recent projects: where they are, of which place, how old, and why one cannot be opened now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from renomap.model.project import Project
from renomap.session.settings import Settings

_PLACES = ("district", "street", "community")


@dataclass(frozen=True)
class Recent:
    """One project. ``missing`` is the code of why it is not there; None where it can be opened."""

    path: Path
    place: str
    changed: dt.datetime | None
    missing: str | None


def recent_projects(settings: Settings) -> tuple[Recent, ...]:
    """The recent projects, the last one first."""
    return tuple(_looked_at(Path(name), settings.places.get(name, "")) for name in settings.recent)


def place_of(project: Project) -> str:
    """Of which place a project is: its title, or the name that most neighbourhoods give; '' if none does."""
    title = project.form.get("title", "").strip()
    layer = project.neighbourhoods
    if title or layer is None:
        return title
    for column in _PLACES:
        if column in layer.frame and layer.frame[column].notna().any():
            return str(layer.frame[column].mode().iloc[0])
    return ""


def _looked_at(path: Path, place: str) -> Recent:
    try:
        changed = dt.datetime.fromtimestamp(path.stat().st_mtime)
    except OSError:
        there = path.parent.is_dir()
        return Recent(path, place, None, "window.start.gone" if there else "window.start.no-folder")
    return Recent(path, place, changed, None)

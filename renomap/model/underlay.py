"""Pictures under the map (air photo, scanned plan, tiles): which the project uses, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

from renomap.model.change import ChangeSet, difference
from renomap.model.project import Project

#: Key of ``Project.meta`` that holds the underlays, the lowest first.
UNDERLAYS: Final = "underlays"
#: How much of its strength an underlay keeps on paper: what is planned must stand out.
PRINTED: Final = 0.5


@dataclass(frozen=True)
class Underlay:
    """One picture.

    Parameters
    ----------
    path : str
        The file: MBTiles, or a picture with a world file or the tags of a GeoTIFF. It is not copied.
    title : str
        As the list of layers shows it.
    crs : str
        System of a picture that does not say it itself; '' = the project's.
    opacity : float
        0..1 on the screen; on paper ``PRINTED`` times that.
    gcj02 : bool
        Its coordinates are shifted as those of Chinese web maps are.
    """

    path: str
    title: str
    crs: str = ""
    opacity: float = 0.8
    gcj02: bool = False


def underlays_of(project: Project) -> tuple[Underlay, ...]:
    """The underlays of a project, the lowest first."""
    known = {item.name for item in fields(Underlay)}
    rows = project.meta.get(UNDERLAYS, ())
    return tuple(Underlay(**{key: value for key, value in row.items() if key in known}) for row in rows)


def with_underlays(project: Project, underlays: Iterable[Underlay]) -> Project:
    """The project with these instead of its underlays."""
    meta = {key: value for key, value in project.meta.items() if key != UNDERLAYS}
    rows = [asdict(item) for item in underlays]
    return replace(project, meta=meta | {UNDERLAYS: rows} if rows else meta)


def add_underlay(project: Project, underlay: Underlay) -> ChangeSet:
    """Lay a picture over the other pictures, under all layers; one with the same path is replaced."""
    others = [item for item in underlays_of(project) if item.path != underlay.path]
    after = with_underlays(project, [*others, underlay])
    return difference(project, after, "underlay.add", title=underlay.title)


def change_underlay(project: Project, underlay: Underlay) -> ChangeSet:
    """Show the picture of that path in another way. Raises ValueError where the project has none."""
    rows = list(underlays_of(project))
    at = next((i for i, item in enumerate(rows) if item.path == underlay.path), None)
    if at is None:
        raise ValueError(f"no underlay {underlay.path!r}")
    rows[at] = underlay
    return difference(project, with_underlays(project, rows), "underlay.change", title=underlay.title)


def remove_underlay(project: Project, path: str) -> ChangeSet:
    """Take a picture away; the file stays."""
    rows = underlays_of(project)
    gone = next((item.title for item in rows if item.path == path), "")
    after = with_underlays(project, [item for item in rows if item.path != path])
    return difference(project, after, "underlay.remove", title=gone)

"""What whoever supports the program needs to know, and nothing of what was surveyed.

Versions, system, settings without paths, sizes and kinds of layers, and the last faults as places in the
code. Names, values, file names and the messages of faults, which may quote them, stay out.
"""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from renomap import __version__
from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.session.settings import Settings

#: Libraries that decide how the program computes, draws and writes.
LIBRARIES = (
    *("PySide6-Essentials", "numpy", "pandas", "geopandas", "shapely", "pyogrio", "pyproj"),
    *("scipy", "numba", "highspy", "typst"),
)
#: Settings that name neither a person nor a place.
PLAIN_SETTINGS = ("language", "paper", "area_pages", "legend", "snapping", "only_unassigned", "brush_px")
KEPT_FAULTS = 20


@dataclass(frozen=True, slots=True)
class NotedFault:
    """A fault without its message: when, of what kind, and through which places of the code it came."""

    time: str
    kind: str
    places: tuple[str, ...]


class FaultLog:
    """The last faults that somebody was told of.

    >>> log = FaultLog()
    >>> log.note(RenomapError("store.busy", path="Zhang.gpkg"))
    >>> [fault.kind for fault in log.faults]
    ['store.busy']
    """

    def __init__(self) -> None:
        self._kept: deque[NotedFault] = deque(maxlen=KEPT_FAULTS)

    @property
    def faults(self) -> tuple[NotedFault, ...]:
        """The faults, the oldest first."""
        return tuple(self._kept)

    def note(self, fault: BaseException) -> None:
        """Keep what can be told of a fault."""
        kind = fault.code if isinstance(fault, RenomapError) else type(fault).__name__
        frames = traceback.extract_tb(fault.__traceback__)
        places = tuple(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
        self._kept.append(NotedFault(datetime.now(UTC).isoformat(timespec="seconds"), kind, places))


def diagnosis(project: Project | None, settings: Settings, faults: Sequence[NotedFault]) -> str:
    """The text of a diagnosis file, in English: it is read by those who mend the program."""
    parts = (_versions(), _settings(settings), _sizes(project), _faults(faults))
    return "\n".join(line for part in parts for line in (*part, ""))


def _versions() -> Iterator[str]:
    yield f"renomap {__version__}"
    yield f"Python {platform.python_version()} ({sys.implementation.cache_tag}), {platform.platform()}"
    for name in LIBRARIES:
        try:
            yield f"{name} {importlib.metadata.version(name)}"
        except importlib.metadata.PackageNotFoundError:
            yield f"{name} of unknown version"


def _settings(settings: Settings) -> Iterator[str]:
    yield "Settings"
    for name in PLAIN_SETTINGS:
        yield f"  {name} = {getattr(settings, name)!r}"


def _sizes(project: Project | None) -> Iterator[str]:
    if project is None:
        yield "No project is open"
        return
    yield f"Project in {project.crs}"
    for layer in project.layers:
        yield f"  layer of {layer.role.value}: {len(layer.frame):,} rows, {len(layer.frame.columns)} columns"
    for scheme in project.schemes:
        yield f"  scheme of {len(scheme.areas):,} areas for {len(scheme.assignment):,} neighbourhoods"
    for name, table in project.programme.tables():
        if len(table):
            yield f"  {name} of the programme: {len(table):,} rows"


def _faults(faults: Sequence[NotedFault]) -> Iterator[str]:
    yield f"Last faults: {len(faults)}"
    for fault in faults:
        yield f"  {fault.time} {fault.kind}"
        for place in fault.places:
            yield f"    {place}"

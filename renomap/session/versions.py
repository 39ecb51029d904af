"""Versions: keep a state of the active scheme under a name, go back to one, forget one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from renomap.errors import RenomapError
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.model.version import BEFORE_RETURN, BY_HAND, Version
from renomap.model.words import sentence

#: Versions that were kept by themselves; the oldest goes first. Those with a name stay.
KEPT_BY_ITSELF: Final = 6


def with_version(project: Project, cause: str, *, note: str = "", by: str = "", at: dt.datetime) -> Project:
    """The project with its active scheme as one more version.

    What keeps itself is not kept twice, nor a scheme without areas; of such versions the newest few stay.

    Raises RenomapError ``window.scheme-none`` where a version by hand has nothing to keep.
    """
    scheme = project.scheme
    if scheme is None or scheme.areas.empty:
        if cause == BY_HAND:
            raise RenomapError("window.scheme-none")
        return project
    if cause != BY_HAND and any(_same(version, scheme, project) for version in project.versions):
        return project
    version = Version(
        key=_free_key(project),
        note=" ".join(note.split()),
        by=by,
        at=at.isoformat(timespec="minutes"),
        cause=cause,
        scheme=scheme,
        standard=project.standard,
        preset=project.preset,
        meeting=project.meeting,
    )
    return replace(project, versions=_trimmed((*project.versions, version)))


def returned(project: Project, key: str, *, by: str = "", at: dt.datetime) -> Project:
    """The project as it was in a version, its survey as it is now; the state of now is kept as a version.

    The scheme takes the place of the one that it was, or comes back if that is gone; neighbourhoods that
    it did not know yet are in no area.
    """
    version = version_of(project, key)
    project = with_version(project, BEFORE_RETURN, by=by, at=at)
    judged = replace(project, standard=version.standard, preset=version.preset, meeting=version.meeting)
    return judged.with_scheme(scheme_of(version, project))


def forgotten(project: Project, key: str) -> Project:
    """The project without a version."""
    version_of(project, key)
    return replace(project, versions=tuple(each for each in project.versions if each.key != key))


def version_of(project: Project, key: str) -> Version:
    """The version of that key. Raises RenomapError ``versions.none``."""
    found = next((version for version in project.versions if version.key == key), None)
    if found is None:
        raise RenomapError("versions.none")
    return found


def scheme_of(version: Version, project: Project) -> Scheme:
    """The scheme of a version for the neighbourhoods that the project has now."""
    scheme, people = version.scheme, project.neighbourhoods
    if people is None or scheme.assignment.index.equals(people.frame.index):
        return scheme
    fids = people.frame.index
    return replace(scheme, assignment=scheme.assignment.reindex(fids, fill_value=UNASSIGNED))


def as_kept(project: Project, key: str, title: str) -> Project:
    """The project with the scheme of a version as the active one, under this title, judged as it was then."""
    version = version_of(project, key)
    judged = replace(project, standard=version.standard, preset=version.preset, meeting=version.meeting)
    return judged.with_scheme(replace(scheme_of(version, project), title=title))


def version_title(version: Version, words: Mapping[str, str]) -> str:
    """What a version is called: its note, or what it was kept before, with the date."""
    params = {"at": version.at.replace("T", " "), "name": version.note, "scheme": version.scheme.title}
    called = version.note or sentence(words, f"versions.{version.cause}", params)
    return sentence(words, "versions.title", params | {"name": called})


def _same(version: Version, scheme: Scheme, project: Project) -> bool:
    return version.scheme is scheme and (version.standard, version.preset, version.meeting) == (
        project.standard, project.preset, project.meeting,
    )  # fmt: skip


def _trimmed(versions: tuple[Version, ...]) -> tuple[Version, ...]:
    own = [version.key for version in versions if version.cause != BY_HAND]
    gone = set(own[:-KEPT_BY_ITSELF])
    return tuple(version for version in versions if version.key not in gone)


def _free_key(project: Project) -> str:
    taken = {version.key for version in project.versions}
    return next(key for n in range(1, len(taken) + 2) if (key := f"version_{n}") not in taken)

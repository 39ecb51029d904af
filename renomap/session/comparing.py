"""The open scheme beside another: the other side's plan and what differs, kept up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.session.document import Document
from renomap.session.jobs import JobRunner
from renomap.session.planning import Planner
from renomap.session.versions import as_kept, version_of, version_title

if TYPE_CHECKING:
    from renomap.steps.adopting import Adoption

#: What the other side can be.
SCHEME: Final = "scheme"
VERSION: Final = "version"
FILE: Final = "file"


@dataclass(frozen=True)
class Source:
    """Where the other side is: a scheme or a version of the project by its key, or another project file.

    ``title`` is what it is called; of a file, empty for the name of the file and its scheme.
    """

    kind: str
    key: str
    title: str = field(default="", compare=False)


class Comparing(QObject):
    """``adoption`` holds both sides and their comparison once they are known, else None.

    ``changed`` tells of a new comparison and of its end, ``refused`` why there is none.
    """

    changed = Signal()
    refused = Signal(object)

    def __init__(self, document: Document, planner: Planner, runner: JobRunner) -> None:
        super().__init__(document)
        self._document = document
        self._planner = planner
        self._runner = runner
        self._made_from: tuple[Any, ...] = ()
        self._theirs: Plan | None = None
        self.source: Source | None = None
        self.adoption: Adoption | None = None
        planner.planned.connect(self._on_planned)
        document.replaced.connect(self.stop)

    def sources(self, words: Mapping[str, str]) -> list[Source]:
        """What the open scheme can be compared with inside its project: schemes, then versions, the newest
        first."""
        project = self._document.project
        if project is None:
            return []
        others = [scheme for scheme in project.schemes if scheme.key != project.active and len(scheme.areas)]
        return [
            *(Source(SCHEME, scheme.key, scheme.title) for scheme in others),
            *(
                Source(VERSION, version.key, version_title(version, words))
                for version in reversed(project.versions)
            ),
        ]

    def with_comparison(self, plan: Plan) -> Plan:
        """The plan with what leads to it from the other side, while one is open; as outputs are to say it."""
        if self._theirs is None:
            return plan
        from renomap.steps.compare import beside

        return beside(plan, self._theirs)

    def start(self, source: Source) -> None:
        """Compare with this from now on."""
        self.source, self.adoption, self._made_from, self._theirs = source, None, (), None
        self.changed.emit()
        self._on_planned(self._planner.plan)

    def stop(self) -> None:
        """Compare no more."""
        if self.source is not None:
            self.source, self.adoption, self._theirs = None, None, None
            self.changed.emit()

    def _on_planned(self, ours: Plan | None) -> None:
        source, project = self.source, self._document.project
        if source is None or ours is None or project is None:
            return
        if source.kind != FILE and not _is_there(source, project):
            self.stop()  # it was taken away, or is the open one now
            return
        made_from = _made_from(source, project)
        known = self._theirs if self._same(made_from) else None

        def work(feedback: Feedback) -> Adoption:
            from renomap.steps.adopting import Adoption
            from renomap.steps.compare import compare

            theirs = known or self._planner.plan_other(_other(source, project), feedback)
            return Adoption(ours, theirs, compare(ours, theirs))

        def done(adoption: Adoption) -> None:
            if self.source == source:
                self._made_from, self._theirs, self.adoption = made_from, adoption.theirs, adoption
                self.changed.emit()

        def failed(fault: Exception) -> None:
            self.stop()
            self.refused.emit(fault)

        self._runner.start("job.compare", work, done, failed=failed, key="compare")

    def _same(self, made_from: tuple[Any, ...]) -> bool:
        """Whether the other side is still what its plan was made from: values are the same object."""
        return len(made_from) == len(self._made_from) and all(
            one is other or (isinstance(one, Source | str | tuple) and one == other)
            for one, other in zip(made_from, self._made_from, strict=True)
        )


def _is_there(source: Source, project: Project) -> bool:
    if source.kind == SCHEME:
        return source.key != project.active and any(each.key == source.key for each in project.schemes)
    return any(version.key == source.key for version in project.versions)


def _made_from(source: Source, project: Project) -> tuple[Any, ...]:
    if source.kind == FILE:
        return (source,)
    if source.kind == VERSION:
        return (source, version_of(project, source.key), *project.layers)
    scheme = next(scheme for scheme in project.schemes if scheme.key == source.key)
    return (source, scheme, *project.layers, project.standard, project.preset, project.meeting)


def _other(source: Source, project: Project) -> Project:
    """The project whose active scheme is the other side."""
    if source.kind == SCHEME:
        return replace(project, active=source.key)
    if source.kind == VERSION:
        return as_kept(project, source.key, source.title)
    from renomap.store import projectfile

    path = Path(source.key)
    other = projectfile.open_project(path)
    scheme = other.scheme
    if scheme is None:
        raise RenomapError("compare.no-scheme")
    return other.with_scheme(replace(scheme, title=f"{path.stem}：{scheme.title}"))

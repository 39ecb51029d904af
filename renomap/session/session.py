"""All that belongs to one window's open project, made and ended together."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from renomap.session.comparing import Comparing
from renomap.session.diagnosis import FaultLog
from renomap.session.document import Document
from renomap.session.fetching import TileFetcher
from renomap.session.jobs import JobRunner
from renomap.session.keeping import Keeper
from renomap.session.palette import BrushTarget
from renomap.session.planning import Planner
from renomap.session.settings import Settings, data_folder
from renomap.session.shown import Shown
from renomap.session.speech import Speech


class Session(QObject):
    """The document and those who work for it. ``close`` ends every thread."""

    def __init__(self, language: str, settings: Settings | None = None, folder: Path | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.faults = FaultLog()
        self.speech = Speech(language, self)
        self.document = Document(self, lambda change: self.speech(change.code, **change.params))
        self.speech.changed.connect(self.document.retell)
        self.palette = BrushTarget(self.document)
        self.shown = Shown(self.document, self.settings)
        self.tiles = TileFetcher(self.settings, self)
        self.runner = JobRunner(self)
        self.planner = Planner(self.document, self.runner)
        self.comparing = Comparing(self.document, self.planner, self.runner)
        self.keeper = Keeper(self.document, self.runner, folder or data_folder())

    def close(self) -> None:
        """Stop all work, let go of the project and wait for the threads."""
        self.planner.stop()
        self.tiles.close()
        self.runner.close()
        self.keeper.shut()
        self.settings.store.sync()

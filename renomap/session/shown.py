"""What the map of the open project shows: remembered for each file, never an undo step."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from renomap.cartography.underlays import underlay_key
from renomap.model.plan import Plan
from renomap.model.underlay import underlays_of, with_underlays
from renomap.session.document import Document
from renomap.session.settings import Settings

#: Drawn only where they are asked for.
OFF_AT_FIRST: Final = frozenset({"links", "cuts", "blocks"})
#: Projects whose view is remembered; the one opened longest ago goes first.
REMEMBERED: Final = 60


class Shown(QObject):
    """Which layers of the map are left out, by their key on the map (``cartography.layers``)."""

    changed = Signal()

    def __init__(self, document: Document, settings: Settings) -> None:
        super().__init__(document)
        self._document = document
        self._settings = settings
        self.off = OFF_AT_FIRST
        document.replaced.connect(self._on_replaced)
        document.named.connect(self._remember)

    def has(self, key: str) -> bool:
        """Whether the layer is shown."""
        return key not in self.off

    def put(self, shown: bool, *keys: str) -> None:
        """Show layers, or leave them out."""
        self._set(self.off.difference(keys) if shown else self.off.union(keys))

    def reset(self) -> None:
        """Show what is shown at first."""
        self._set(OFF_AT_FIRST)

    def as_shown(self, plan: Plan) -> Plan:
        """The plan without the pictures under the map that are left out, to be printed or copied."""
        pictures = underlays_of(plan.project)
        seen = [picture for picture in pictures if self.has(underlay_key(picture))]
        if len(seen) == len(pictures):
            return plan
        return replace(plan, project=with_underlays(plan.project, seen))

    def _set(self, off: frozenset[str]) -> None:
        if off != self.off:
            self.off = off
            self._remember()
            self.changed.emit()

    def _on_replaced(self) -> None:
        kept = self._kept().get(str(self._document.path))
        self.off = OFF_AT_FIRST if kept is None else frozenset(kept)
        self.changed.emit()

    def _remember(self) -> None:
        if self._document.project is None or self._document.path is None:
            return
        kept, name = self._kept(), str(self._document.path)
        if kept.get(name) == sorted(self.off):
            return
        kept.pop(name, None)
        if self.off != OFF_AT_FIRST:
            kept[name] = sorted(self.off)
        self._settings.views = json.dumps(dict(list(kept.items())[-REMEMBERED:]), ensure_ascii=False)

    def _kept(self) -> dict[str, list[str]]:
        try:
            kept = json.loads(self._settings.views)
        except ValueError:
            return {}
        return kept if isinstance(kept, dict) else {}

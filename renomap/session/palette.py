"""What the brushes paint with: the chosen area, a new one where none is chosen, or no area at all."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from renomap.model.scheme import UNASSIGNED
from renomap.session.document import Document


class BrushTarget(QObject):
    """The target of the next stroke, which all brushes share."""

    changed = Signal()

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._takes_out = False
        document.selected.connect(lambda: self._set(False))

    @property
    def target(self) -> int | None:
        """Id of an area, None for one that the stroke creates, UNASSIGNED to take out of any."""
        return UNASSIGNED if self._takes_out else self._document.selection.area

    def take(self, target: int | None) -> None:
        """Paint with this from now on; an area is chosen by it. Whatever is chosen later is painted with."""
        self._document.select((), None if target == UNASSIGNED else target)
        self._set(target == UNASSIGNED)

    def _set(self, takes_out: bool) -> None:
        if takes_out != self._takes_out:
            self._takes_out = takes_out
            self.changed.emit()

"""What is known of what is chosen: an area or a neighbourhood, with its deficits and where they come from."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QTextBrowser, QVBoxLayout, QWidget

from renomap.desktop.look import FAINT
from renomap.desktop.panels import prose
from renomap.desktop.panels.fact_pages import (
    UNFOLD,
    WHY,
    area_page,
    neighbourhood_page,
    several_page,
    summary_page,
)
from renomap.desktop.panels.identified import identified_page
from renomap.desktop.panels.why_page import BACK, MOVE, proposals, why_page
from renomap.session.session import Session
from renomap.steps.identify import FeatureAtPoint

if TYPE_CHECKING:
    from renomap.steps.why import WhyArea, WhyUnit


class FactsPanel(QWidget):
    """Properties as a page of text that can be selected and copied; a click on a number unfolds it."""

    why_wanted = Signal()
    move_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._unfolded: frozenset[str] = frozenset()
        self._found: tuple[FeatureAtPoint, ...] | None = None
        self._why: WhyUnit | WhyArea | None = None
        #: What the page was made of: objects that are the same, and at the end values that are equal.
        self._shown: tuple[object, ...] = ()
        self.page = QTextBrowser(openLinks=False)
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        flags = Qt.TextInteractionFlag
        self.page.setTextInteractionFlags(
            flags.TextBrowserInteraction | flags.TextSelectableByKeyboard | flags.LinksAccessibleByKeyboard
        )
        self.page.document().setDocumentMargin(10)
        self.page.anchorClicked.connect(self._on_link)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.live = QLabel(wordWrap=True)
        self.live.setObjectName("live")
        self.live.hide()
        layout.setSpacing(0)
        layout.addWidget(self.live)
        layout.addWidget(self.page)
        session.planner.planned.connect(self._show)
        session.document.selected.connect(self._on_selected)
        session.document.replaced.connect(self._on_selected)
        session.document.changed.connect(self._on_changed)
        session.speech.changed.connect(self._show)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def show_live(self, told: str) -> None:
        """Show above the page what a gesture on its way would change; '' = nothing is on its way."""
        self.live.setText(told)
        self.live.setVisible(bool(told))

    def show_found(self, found: tuple[FeatureAtPoint, ...]) -> None:
        """Show what lies at a point until something else is chosen."""
        self._found, self._why = found, None
        self._show()
        self.page.verticalScrollBar().setValue(0)

    def show_why(self, why: WhyUnit | WhyArea) -> None:
        """Show why something is as it is until something else is chosen or changed."""
        self._found, self._why = None, why
        self._show()
        self.page.verticalScrollBar().setValue(0)

    def unfold(self, key: str) -> None:
        """Show how a number came about, or hide it again: a facility's key or a size."""
        self._unfolded ^= {key}
        self._show()

    def _on_selected(self) -> None:
        self._found = self._why = None
        self._show()

    def _on_changed(self) -> None:
        self._why = None  # it was true of the project before the change
        self._show()

    def _on_link(self, url: QUrl) -> None:
        target = url.toString()
        if target.startswith(UNFOLD):
            self.unfold(target.removeprefix(UNFOLD))
        elif target.startswith(WHY):
            self.why_wanted.emit()
        elif target.startswith(BACK):
            self._on_selected()
        elif target.startswith(MOVE) and self._why is not None:
            self.move_wanted.emit(proposals(self._why)[int(target.removeprefix(MOVE))])

    def _show(self) -> None:
        """Write the page anew where what it is made of has changed; several signals tell of one step.

        A page that is not seen waits: the window has two of them, and one is that of the meeting.
        """
        if not self.isVisible():
            return
        planner, document = self._session.planner, self._session.document
        values = document.selection, self._unfolded
        made_of = planner.plan, self._found, self._why, self._session.speech.words, values
        if self._shown[-1:] == (values,) and all(map(operator.is_, self._shown[:-1], made_of[:-1])):
            return
        self._shown = made_of
        self.page.setAccessibleName(self._session.speech("window.dock.facts"))
        at = self.page.verticalScrollBar().value()
        self.page.setHtml(self._html())
        self.page.verticalScrollBar().setValue(at)

    def _html(self) -> str:
        say, plan = self._session.speech, self._session.planner.plan
        selection = self._session.document.selection
        if self._found is not None:
            return identified_page(self._found, say)
        if plan is not None and self._why is not None:
            return why_page(plan, self._why, say)
        if plan is not None:
            fids = [fid for fid in selection.fids if fid in plan.neighbourhoods.index]
            if len(fids) == 1:
                return neighbourhood_page(plan, fids[0], say)
            if fids:
                return several_page(plan, fids, say)
            if selection.area is not None and selection.area in plan.areas.index:
                return area_page(plan, selection.area, say, self._unfolded)
        hint = prose.paragraph(say("window.facts.empty"), FAINT)
        return hint if plan is None else hint + summary_page(plan, say)

"""The page a meeting opens on: the five questions of whoever decides, each with what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from renomap.desktop.look import WARNING
from renomap.desktop.panels import prose
from renomap.model.feedback import Feedback
from renomap.model.plan import Plan
from renomap.session.session import Session

if TYPE_CHECKING:
    from renomap.outputs.five_answers import Answer

#: Size of the text (pt); a projector shows it to the last row.
TEXT_PT: Final = 15.0
#: Keys that go on to the map: those of a presenter's remote, and what a hand strikes to go on.
_ONWARD: Final = (
    Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter,
)  # fmt: skip


class BriefPage(QWidget):
    """Questions and answers in large type; ``left`` when the reader wants to go on to the map."""

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.page = QTextBrowser(openLinks=False)
        self.page.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.page.document().setDocumentMargin(32)
        self.page.setStyleSheet(f"QTextBrowser {{ font-size: {TEXT_PT:g}pt; }}")
        self.page.anchorClicked.connect(lambda _: self.left.emit())
        self.page.installEventFilter(self)
        self.setFocusProxy(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        session.speech.changed.connect(self._on_spoken)
        self.hide()

    def tell(self) -> bool:
        """Answer from the plan as it is now; whether there is anything to answer from."""
        plan, say = self._session.planner.plan, self._session.speech
        if plan is None or not len(plan.areas):
            return False
        words = say.words
        self.page.setAccessibleName(words["outputs.report.programme-brief"])
        self.page.setHtml(prose.paragraph(say("window.brief.reading")))

        def work(feedback: Feedback) -> list[Answer]:
            return _answers(plan, words)

        self._session.runner.start("job.brief", work, self._show, key="brief")
        return True

    def _show(self, answers: list[Answer]) -> None:
        say = self._session.speech
        parts = [prose.title(say.words["outputs.report.programme-brief"], "")]
        for nth, answer in enumerate(answers, start=1):
            parts.append(prose.heading(f"{nth}  {answer.question}"))
            parts += [prose.paragraph(line.text, WARNING if line.is_open else "") for line in answer.lines]
        parts.append(f"<p style='margin:24px 0 0 0'>{prose.link('map', say('window.brief.to-map'))}</p>")
        self.page.setHtml("".join(parts))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that go on are the page's, although the window has other uses for some of them."""
        keys = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if event.type() in keys and isinstance(event, QKeyEvent) and event.key() in _ONWARD:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._go_on()
            return True
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        """What is below first, then the map."""
        bar = self.page.verticalScrollBar()
        if bar.value() < bar.maximum():
            bar.setValue(bar.value() + bar.pageStep())
        else:
            self.left.emit()

    def _on_spoken(self) -> None:
        if self.isVisible():
            self.tell()


def _answers(plan: Plan, words: Mapping[str, str]) -> list[Answer]:
    from renomap.outputs.five_answers import five_answers
    from renomap.outputs.numbers import Figures
    from renomap.outputs.report_content import content

    return five_answers(plan, content(plan, words, area_pages=False), Figures(words))

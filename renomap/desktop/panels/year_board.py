"""The year board: a column a year, a card a project; the caps answer while a card is dragged."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from renomap.desktop.look import ACCENT, FAINT, GROUND, INK, LINE, PAPER, SELECTION
from renomap.outputs.numbers import Figures
from renomap.outputs.year_columns import YearCard, YearColumn, head_texts, year_columns
from renomap.session.document import Selection
from renomap.session.session import Session

_LEAST_PX: Final = 150  # width of a column
_GAP: Final = 6
_BAR_PX: Final = 4
_DRAG_PX: Final = 6
_FIXED: Final = "●"
_LISTED: Final = "◆"
_OVER: Final = QColor(SELECTION)


class YearBoard(QAbstractScrollArea):
    """``year_given`` tells the key of a project and its new year, None = none; ``cap_wanted`` the year whose
    cap is to be changed.
    """

    year_given = Signal(int, object)
    cap_wanted = Signal(int)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.columns: tuple[YearColumn, ...] = ()
        self._pressed: tuple[YearCard, QPointF] | None = None
        self._pointer: QPointF | None = None  # of a card that moves
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(20)
        session.document.selected.connect(self.viewport().update)
        session.planner.planned.connect(self.refresh)
        session.document.replaced.connect(self.refresh)
        session.speech.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the plan as it is; a board that is not seen waits until it is."""
        if not self.isVisible():
            return
        plan = self._session.planner.plan
        self.columns = () if plan is None else year_columns(plan, self._session.speech.words)
        self.setAccessibleName(self._session.speech("window.programme.years"))
        self._fit()
        self.viewport().update()

    # where things are

    @property
    def _line(self) -> float:
        return QFontMetricsF(self.font()).lineSpacing()

    @property
    def _head_px(self) -> float:
        return 2 * self._line + _BAR_PX + 3 * _GAP

    @property
    def _card_px(self) -> float:
        return 3 * self._line + 2 * _GAP

    def column_rect(self, nth: int) -> QRectF:
        """A whole column, head included, in pixels of the viewport."""
        width = max(float(_LEAST_PX), self.viewport().width() / max(len(self.columns), 1))
        return QRectF(nth * width, 0.0, width, float(self.viewport().height()))

    def card_rect(self, nth: int, place: int) -> QRectF:
        """A card of a column, as scrolled."""
        column = self.column_rect(nth)
        top = self._head_px + place * (self._card_px + _GAP) - self.verticalScrollBar().value()
        return QRectF(column.left() + _GAP, top, column.width() - 2 * _GAP, self._card_px)

    def column_at(self, x: float) -> int | None:
        """The column there, None beside all."""
        inside = [nth for nth in range(len(self.columns)) if self.column_rect(nth).left() <= x]
        return inside[-1] if inside and x < self.column_rect(inside[-1]).right() else None

    def card_at(self, at: QPointF) -> YearCard | None:
        """The card there, None elsewhere."""
        nth = self.column_at(at.x())
        if nth is None or at.y() < self._head_px:
            return None
        cards = self.columns[nth].cards
        return next((card for k, card in enumerate(cards) if self.card_rect(nth, k).contains(at)), None)

    def _fit(self) -> None:
        most = max((len(column.cards) for column in self.columns), default=0)
        height = self._head_px + most * (self._card_px + _GAP)
        room = self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, round(height - room)))
        self.verticalScrollBar().setPageStep(max(1, room))

    # mouse and drop

    def mousePressEvent(self, event: QMouseEvent) -> None:
        card = self.card_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or card is None:
            self._pressed = None
            return
        self._pressed = (card, event.position())
        self._choose(card)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self._session.document.holder is not None:
            return
        far = (event.position() - self._pressed[1]).manhattanLength()
        if self._pointer is not None or far >= _DRAG_PX:
            self._pointer = event.position()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, moved = self._pressed, self._pointer
        self._pressed = self._pointer = None
        self.viewport().update()
        if pressed is None or moved is None:
            return
        nth = self.column_at(event.position().x())
        if nth is not None and pressed[0] not in self.columns[nth].cards:
            self.year_given.emit(pressed[0].key, self.columns[nth].year)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        nth = self.column_at(event.position().x())
        year = None if nth is None else self.columns[nth].year
        if year is not None and event.position().y() < self._head_px:
            self.cap_wanted.emit(year)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pointer is not None:
            self._pressed = self._pointer = None
            self.viewport().update()
            return
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        place = self._chosen_place()
        if step is None or place is None or not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
            return
        nth, card = place
        if 0 <= nth + step < len(self.columns):
            self.year_given.emit(card.key, self.columns[nth + step].year)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event.pos(), event.globalPos())
            return True
        return super().viewportEvent(event)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def _tell(self, at: QPoint, where: QPoint) -> None:
        card, nth = self.card_at(QPointF(at)), self.column_at(at.x())
        if card is not None:
            QToolTip.showText(where, f"{card.name}\n{card.facts}\n{card.next}", self)
        elif nth is not None and at.y() < self._head_px:
            lines = [*head_texts(self.columns[nth], Figures(self._session.speech.words))]
            if self.columns[nth].year is not None:
                lines.append(self._session.speech("window.years.cap-hint"))
            QToolTip.showText(where, "\n".join(lines), self)
        else:
            QToolTip.hideText()

    def _choose(self, card: YearCard) -> None:
        if card.area:
            self._session.document.select((), card.area)
        else:
            self._session.document.select((-card.key,))

    def _is_chosen(self, card: YearCard, chosen: Selection) -> bool:
        return card.area == chosen.area if card.area else chosen.fids == frozenset((-card.key,))

    def _chosen_place(self) -> tuple[int, YearCard] | None:
        chosen = self._session.document.selection
        places = ((nth, card) for nth, column in enumerate(self.columns) for card in column.cards)
        return next((place for place in places if self._is_chosen(place[1], chosen)), None)

    # drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(GROUND))
        moving = None if self._pressed is None or self._pointer is None else self._pressed[0]
        over = None if self._pointer is None else self.column_at(self._pointer.x())
        chosen = self._session.document.selection
        for nth, column in enumerate(self.columns):
            for k, card in enumerate(column.cards):
                rect = self.card_rect(nth, k)
                if card is not moving and rect.bottom() > self._head_px and rect.top() < self.height():
                    self._card(painter, rect, card, self._is_chosen(card, chosen))
        for nth, column in enumerate(self.columns):
            self._head(painter, nth, column, moving, nth == over)
        if moving is not None and self._pointer is not None:
            rect = self.card_rect(0, 0)
            rect.moveCenter(self._pointer)
            painter.setOpacity(0.9)
            self._card(painter, rect, moving, True)
        painter.end()

    def _head(
        self, painter: QPainter, nth: int, column: YearColumn, moving: YearCard | None, is_under: bool
    ) -> None:
        rect = self.column_rect(nth)
        more, cards = _added(column, moving, is_under)
        head = QRectF(rect.left(), 0.0, rect.width(), self._head_px - _GAP)
        painter.fillRect(head, QColor(PAPER))
        painter.setPen(QPen(QColor(LINE), 1))
        painter.drawLine(rect.topRight(), rect.bottomRight())
        if is_under:
            painter.setPen(QPen(QColor(ACCENT), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        is_over = column.is_over(more, cards)
        title, counts, money = head_texts(column, Figures(self._session.speech.words), more, cards)
        inner = head.adjusted(_GAP, _GAP, -_GAP, 0)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(INK))
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft, title)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(FAINT))
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight, counts)
        painter.setPen(_OVER if is_over else QColor(FAINT))
        self._text(painter, inner.adjusted(0, self._line, 0, 0), money)
        if column.cap:
            bar = QRectF(inner.left(), inner.top() + 2 * self._line + 2, inner.width(), _BAR_PX)
            painter.fillRect(bar, QColor(LINE))
            share = min(1.0, (column.spent + more) / column.cap)
            bar.setWidth(bar.width() * share)
            painter.fillRect(bar, _OVER if is_over else QColor(ACCENT))

    def _card(self, painter: QPainter, rect: QRectF, card: YearCard, is_chosen: bool) -> None:
        painter.setPen(QPen(QColor(ACCENT if is_chosen else LINE), 2 if is_chosen else 1))
        painter.setBrush(QColor(PAPER))
        painter.drawRoundedRect(rect, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inner = rect.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        painter.setPen(QColor(INK))
        mark = _LISTED if card.listed else _FIXED if card.fixed else ""
        self._text(painter, inner, f"{card.name} {mark}".rstrip())
        painter.setPen(QColor(FAINT))
        self._text(painter, inner.adjusted(0, self._line, 0, 0), card.facts)
        self._text(painter, inner.adjusted(0, 2 * self._line, 0, 0), card.next)

    def _text(self, painter: QPainter, rect: QRectF, text: str) -> None:
        """One line, cut at its end where it is too long."""
        cut = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, cut)


def _added(column: YearColumn, moving: YearCard | None, is_under: bool) -> tuple[float, int]:
    """Yuan and cards that a card which moves adds to a column, or takes from its own."""
    if moving is None:
        return 0.0, 0
    known = 0.0 if moving.cost != moving.cost else moving.cost
    if moving in column.cards:
        return (0.0, 0) if is_under else (-known, -1)
    return (known, 1) if is_under else (0.0, 0)

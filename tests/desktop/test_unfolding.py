"""A click on a number shows how it came about; another hides it again."""

from __future__ import annotations

from desk import Desk, town
from PySide6.QtCore import QUrl
from PySide6.QtTest import QTest


def test_numbers_unfold_and_fold(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select((), 1)
    page = desk.window.facts.page
    before = page.toPlainText()
    assert "href='unfold:elder_care'" in page.toHtml() or 'href="unfold:elder_care"' in page.toHtml()
    page.anchorClicked.emit(QUrl("unfold:elder_care"))
    text = page.toPlainText()
    assert "标准：每 100 户 20 m²；最小规模 300 m²" in text
    assert "应配 = 需求" in text
    assert "湖南省社区养老服务设施配建若干规定" in text
    assert "部分核实" in text
    page.anchorClicked.emit(QUrl("unfold:households"))
    assert "小区9 109" in page.toPlainText()
    desk.session.document.select((), 2)
    assert "小区11 111" in page.toPlainText()
    page.anchorClicked.emit(QUrl("unfold:households"))
    page.anchorClicked.emit(QUrl("unfold:elder_care"))
    desk.session.document.select((), 1)
    assert page.toPlainText() == before


def test_workings_follow_a_stroke_and_the_language(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select((), 1)
    desk.window.facts.unfold("households")
    desk.take("paint", 1)
    desk.drag(desk.place(2), desk.place(2))
    desk.settle()
    assert "小区2 102" in desk.window.facts.page.toPlainText()
    desk.window.desk.speak("en")
    QTest.qWait(10)
    assert "together" in desk.window.facts.page.toPlainText()
    desk.settle()

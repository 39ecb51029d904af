"""Looking at the map: earlier views, a typed scale, the meeting and what comes back after it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk import EAST, NORTH, Desk, town
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolBar

from renomap.cartography.pencil import Pencil


def act(desk: Desk, code: str) -> None:
    action = desk.window.actions_.by_code[code]
    assert action.isEnabled()
    action.trigger()


def seen(desk: Desk) -> tuple[float, float, float]:
    return (*desk.canvas.view.centre, desk.canvas.view.resolution)


def test_views_go_back_and_forward(desk: Desk) -> None:
    desk.open(town())
    trail = desk.window.trail
    trail.keep()
    first = seen(desk)
    assert not desk.window.actions_.by_code["view-back"].isEnabled()
    desk.canvas.zoom(2.0)
    trail.keep()
    second = seen(desk)
    desk.canvas.fit((EAST, NORTH, EAST + 100, NORTH + 100))
    trail.keep()
    third = seen(desk)
    act(desk, "view-back")
    assert seen(desk) == pytest.approx(second)
    act(desk, "view-back")
    assert seen(desk) == pytest.approx(first)
    act(desk, "view-forward")
    act(desk, "view-forward")
    assert seen(desk) == pytest.approx(third)
    act(desk, "view-back")
    desk.canvas.zoom(3.0)
    trail.keep()  # what lay ahead is gone
    assert not desk.window.actions_.by_code["view-forward"].isEnabled()
    desk.settle()


def test_views_of_another_project_are_not_gone_back_to(desk: Desk) -> None:
    desk.open(town())
    desk.canvas.zoom(2.0)
    desk.window.trail.keep()
    desk.session.document.undo_stack.setClean()
    desk.open(town())
    desk.window.trail.keep()
    assert not desk.window.trail.has_back


@pytest.mark.parametrize("text", ["1:2000", "2,000", "1：2000", "1/2000"])
def test_a_scale_is_typed(desk: Desk, text: str) -> None:
    desk.open(town())
    centre = desk.canvas.view.centre
    box = desk.window.status.scale
    box.setEditText(text)
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert desk.canvas.view.scale == pytest.approx(2_000)
    assert desk.canvas.view.centre == centre
    assert box.currentText() == "1:2,000"
    box.setEditText("very large")
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert box.currentText() == "1:2,000"
    desk.settle()


def test_the_number_of_problems_opens_their_list(desk: Desk) -> None:
    desk.open(town())
    desk.window.docks.by_code["problems"].close()
    desk.window.status.troubles.click()
    assert desk.window.docks.by_code["problems"].isVisible()


def test_zoom_to_area(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select((), 2)
    QApplication.processEvents()
    act(desk, "zoom-area")
    shape = desk.session.planner.plan.areas.geometry.loc[2]
    xmin, ymin, xmax, ymax = shape.bounds
    view = desk.canvas.view
    left, top = view.to_screen(xmin, ymax)
    right, bottom = view.to_screen(xmax, ymin)
    assert 0 < left < right < view.size[0]
    assert 0 < top < bottom < view.size[1]
    # As large as legend and scale leave room for, in a small window too.
    assert max((right - left) / view.size[0], (bottom - top) / view.size[1]) > 0.6
    for box in desk.canvas.covered:
        assert right <= box[0] or left >= box[2] or bottom <= box[1] or top >= box[3]
    desk.settle()


def test_a_meeting_is_map_and_facts_and_leaves_no_trace(desk: Desk) -> None:
    desk.open(town())
    desk.window.docks.raise_("layers")
    desk.window.docks.by_code["history"].close()
    QApplication.processEvents()
    window = desk.window
    before = {code: (dock.isVisible(), dock.isHidden()) for code, dock in window.docks.by_code.items()}
    geometry, legend = window.geometry(), window.legend.size()
    act(desk, "meeting")
    told = window.brief.page
    desk.until(lambda: desk.session.speech("window.brief.to-map") in told.toPlainText())
    questions = [desk.session.speech(f"outputs.programme.question-{nth}") for nth in range(1, 6)]
    at = [told.toPlainText().find(question) for question in questions]
    assert at == sorted(at)
    assert at[0] >= 0
    assert "待" in told.toPlainText()  # what is not filled in says so
    assert not desk.canvas.isVisible()
    while (at := told.verticalScrollBar().value()) < told.verticalScrollBar().maximum():
        QTest.keyClick(told, Qt.Key.Key_PageDown)  # a presenter's remote; the rest of the page first
        assert told.verticalScrollBar().value() > at
    QTest.keyClick(told, Qt.Key.Key_PageDown)
    assert desk.canvas.isVisible()
    desk.settle()
    assert not any(dock.isVisible() for dock in window.docks.by_code.values())
    assert not window.menuBar().isVisible()
    assert not window.statusBar().isVisible()
    assert not any(bar.isVisible() for bar in window.findChildren(QToolBar))
    desk.session.document.select((), 2)
    assert "东片区" in window.meeting_facts.page.toPlainText()
    assert window.meeting_facts.page.font().pointSizeF() >= 15
    assert window.legend.width() > 1.3 * legend.width()
    desk.session.document.select()
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    desk.settle()
    assert not window.meeting.is_on
    after = {code: (dock.isVisible(), dock.isHidden()) for code, dock in window.docks.by_code.items()}
    assert after == before
    assert window.geometry() == geometry
    assert window.legend.width() == legend.width()
    assert window.menuBar().isVisible()
    assert not window.meeting_facts.isVisible()


def test_f11_ends_a_meeting_too(desk: Desk) -> None:
    desk.open(town())
    QTest.keyClick(desk.canvas, Qt.Key.Key_F11)
    desk.until(lambda: desk.window.meeting.is_on)
    QTest.keyClick(desk.window.brief.page, Qt.Key.Key_F11)
    desk.until(lambda: not desk.window.meeting.is_on)
    assert desk.window.menuBar().isVisible()
    desk.settle()


def test_the_tag_has_name_households_and_three_deficits(desk: Desk) -> None:
    desk.open(town())
    port, at = desk.canvas.viewport(), QPointF(desk.place(5))
    none, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        port, QMouseEvent(QEvent.Type.MouseMove, at, port.mapToGlobal(at), none, none, keys)
    )
    desk.until(desk.window.hover.isVisible)
    told = desk.window.hover.text.text()
    plan = desk.session.planner.plan
    assert "<b>小区5</b>" in told
    assert "西片区" in told
    assert "105 户" in told
    assert [told.count(word) for word in ("待加装单元", "车位缺", "养老缺")] == [1, 1, 1]
    known = f"{plan.neighbourhoods.at[5, 'elder_care_deficit']:,.0f}"
    assert f"<b>{known}</b>" in told


def test_no_label_hides_behind_the_legend(desk: Desk) -> None:
    desk.open(town())
    picture, legend = desk.canvas.picture, desk.window.legend
    assert legend.isVisible()
    box = legend.geometry()
    assert picture.avoid[0] == (box.left(), box.top(), box.right() + 1, box.bottom() + 1)
    x, y = desk.canvas.view.to_map(box.center().x(), box.center().y())
    desk.canvas.show_view(replace(desk.canvas.view, centre=(x, y)))
    desk.settle()
    assert desk.canvas.picture.avoid == desk.canvas.covered


@pytest.mark.parametrize("title", ["Areas", "Elderly day care centres", "Deficit of elderly day care (m²)"])
def test_the_button_that_folds_the_legend_covers_no_heading(desk: Desk, title: str) -> None:
    desk.open(town())
    legend, picture = desk.window.legend, desk.canvas.picture
    assert picture is not None
    legend._on_pictured(replace(picture, legend=[(title, picture.legend[0][1]), *picture.legend[1:]]))
    mm = legend._dpi / 25.4
    at = legend._page(legend.height() / mm)
    wide = Pencil(QPainter(), legend._dpi).width(title, 8.0, True)
    beside = legend.x() + (at.x + wide) * mm <= legend.fold.x()
    below = legend.y() + at.y * mm >= legend.fold.geometry().bottom()
    assert beside or below


def test_the_outline_of_the_chosen_area_hides_no_label(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select((), 1)
    desk.settle()
    picture = desk.canvas.picture
    assert picture is not None
    assert picture.letters is not None
    letters, ratio = picture.letters, picture.letters.width() / desk.canvas.viewport().width()
    box = desk.canvas.overlay.place("area").toRect()
    shown = desk.canvas.viewport().grab().toImage()
    inked = [
        (x, y)
        for x in range(box.left(), box.right())
        for y in range(box.top(), box.bottom())
        if letters.pixelColor(round(x * ratio), round(y * ratio)).alpha() == 255
    ]
    assert len(inked) > 50
    wrong = [at for at in inked if shown.pixelColor(*at) != letters.pixelColor(*at)]
    assert not wrong

"""Ctrl+K: anything with a name is reached by typing a part of it."""

from __future__ import annotations

from desk import Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from renomap.desktop.dialogs.lookup import Destination, LookupDialog, found


def ask(desk: Desk, typed: str) -> LookupDialog:
    """Open the line and type."""
    desk.window.actions_.by_code["lookup"].trigger()
    dialog = next(each for each in desk.window.findChildren(LookupDialog) if each.isVisible())
    QTest.keyClicks(dialog.typed, typed) if typed.isascii() else dialog.typed.setText(typed)
    return dialog


def go(desk: Desk, typed: str) -> None:
    QTest.keyClick(ask(desk, typed).typed, Qt.Key.Key_Return)


def test_an_area_a_neighbourhood_a_theme_and_a_command_are_reached(desk: Desk) -> None:
    desk.open(town())
    go(desk, "dpq")  # 东片区
    assert desk.session.document.selection.area == 2
    go(desk, "小区7")
    assert desk.session.document.selection.fids == {7}
    go(desk, "建成年代")
    assert desk.canvas.theme == "year"
    assert desk.window.bar.themes.currentData() == "year"
    desk.session.document.select((), 1)
    desk.window.actions_.refresh()
    go(desk, "suoding")  # 锁定
    scheme = desk.session.document.project.scheme
    assert scheme.areas["locked"].tolist() == [True, False]
    desk.settle()


def test_what_cannot_be_done_now_says_why(desk: Desk) -> None:
    desk.open(town())
    desk.session.document.select((), None)
    desk.window.actions_.refresh()
    go(desk, "suoding")
    assert desk.window.status.message.text() == desk.session.speech("window.reason.no-area")


def test_arrows_choose_another_row_and_names_that_begin_so_come_first(desk: Desk) -> None:
    desk.open(town())
    dialog = ask(desk, "xq")
    QTest.keyClick(dialog.typed, Qt.Key.Key_Down)
    assert dialog.list.currentRow() == 1
    dialog.reject()
    gone: list[str] = []
    places = [
        Destination(name, "", lambda name=name: gone.append(name)) for name in ("老小区", "小区", "小区二期")
    ]
    assert [place.name for place in found(places, "xq")] == ["小区", "小区二期", "老小区"]
    assert [place.name for place in found(places, "")] == ["老小区", "小区", "小区二期"]

"""The layers dock: what the map draws, shown or not, remembered with the file, never an undo step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from desk import EAST, NORTH, STEP, Desk, town
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication

from renomap.desktop.verbs import file
from renomap.editing import links
from renomap.store.projectfile import save


def pixel(desk: Desk, x: float, y: float) -> QColor:
    """Colour of the picture at a map point."""
    picture = desk.canvas.picture
    assert picture is not None
    px, py = picture.view.to_screen(x, y)
    return picture.image.pixelColor(int(px), int(py))


def uncheck(desk: Desk, key: str, shown: bool = False) -> None:
    item = desk.window.layers.item(key)
    assert item is not None
    item.setCheckState(0, Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
    desk.settle()


def hover(desk: Desk, at: QPoint) -> None:
    port, point, none = desk.canvas.viewport(), QPointF(at), Qt.MouseButton.NoButton
    keys = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        port, QMouseEvent(QEvent.Type.MouseMove, point, port.mapToGlobal(point), none, none, keys)
    )
    desk.until(desk.window.hover.isVisible)


def test_the_list_has_every_layer_of_the_map_from_the_top(desk: Desk) -> None:
    desk.open(town())
    tree = desk.window.layers.tree
    texts = [tree.topLevelItem(i).text(0) for i in range(tree.topLevelItemCount())]
    assert texts == ["注记", "相邻关系", "片区范围线", "实施范围线", "小区", "片区底色"]
    item = desk.window.layers.item("neighbourhoods")
    assert item.text(1) == "12"
    assert "EPSG:4547" in item.toolTip(0)
    assert not item.icon(0).isNull()


def test_a_layer_goes_and_comes_without_an_undo_step(desk: Desk) -> None:
    desk.open(town())
    x, y = EAST + 20.0, NORTH + 20.0
    drawn = pixel(desk, x, y)
    assert drawn.alpha() == 255
    project = desk.session.document.project
    uncheck(desk, "neighbourhoods")
    uncheck(desk, "area_fills")
    assert pixel(desk, x, y).alpha() == 0
    assert desk.session.document.project is project
    assert desk.session.document.undo_stack.count() == 0
    assert not any("小区（个）" in title for title, _ in desk.canvas.picture.legend)
    uncheck(desk, "area_fills", shown=True)
    uncheck(desk, "neighbourhoods", shown=True)
    assert pixel(desk, x, y) == drawn


def test_labels_can_be_left_out(desk: Desk) -> None:
    desk.open(town())
    before = desk.canvas.picture.image.copy()
    uncheck(desk, "labels")
    assert desk.canvas.picture.image != before
    uncheck(desk, "labels", shown=True)
    assert desk.canvas.picture.image == before


def test_what_is_off_is_remembered_for_the_file_only(desk: Desk, tmp_path: Path) -> None:
    one, two = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    save(town(), one)
    save(town(), two)
    for path, off in ((one, False), (two, True), (one, False)):
        file.open_paths(desk.window.desk, [path])
        desk.until(lambda path=path: desk.session.document.path == path)
        desk.settle()
        if path == one:
            desk.session.shown.put(False, "labels")
            desk.settle()
        assert desk.session.shown.has("labels") is off
    assert desk.window.layers.item("labels").checkState(0) == Qt.CheckState.Unchecked
    desk.session.shown.reset()
    desk.settle()
    assert desk.window.layers.item("labels").checkState(0) == Qt.CheckState.Checked


def test_a_double_click_zooms_to_the_layer(desk: Desk) -> None:
    desk.open(town())
    desk.canvas.zoom(8.0)
    item = desk.window.layers.item("neighbourhoods")
    desk.window.layers.tree.itemDoubleClicked.emit(item, 0)
    xmin, _, xmax, _ = desk.canvas.view.extent
    assert xmin < EAST
    assert xmax > EAST + 3 * STEP + 100
    desk.settle()


def test_links_are_lines_between_neighbours_where_asked_for(desk: Desk) -> None:
    desk.open(town())
    middle = (EAST + 105.0, NORTH + 50.0)  # between 0 and 1, on their link
    before = pixel(desk, *middle)
    assert not desk.window.actions_.by_code["links"].isChecked()
    desk.window.actions_.by_code["links"].trigger()
    desk.settle()
    assert desk.window.actions_.by_code["links"].isChecked()
    assert desk.window.layers.item("links").checkState(0) == Qt.CheckState.Checked
    after = pixel(desk, *middle)
    assert after != before
    assert after.blue() > after.red()
    assert any("相邻关系" in title for title, _ in desk.canvas.picture.legend)


def test_hovering_a_link_says_why(desk: Desk) -> None:
    desk.open(town())
    desk.window.actions_.by_code["links"].trigger()
    desk.settle()
    hover(desk, desk.canvas.pixel(EAST + 105.0, NORTH + 50.0))
    told = desk.window.hover.text.text()
    assert "小区0 — 小区1" in told
    assert "临界长度 100 米" in told
    assert "间距 10 米" in told


def test_a_pair_cut_by_hand_is_shown_with_its_reason(desk: Desk) -> None:
    desk.open(town())
    project = desk.session.document.project
    desk.session.document.apply(links.cut(project, 0, 1, "围墙"))
    desk.window.actions_.by_code["links"].trigger()
    desk.settle()
    picture = desk.canvas.picture
    assert [len(layer.frame) for layer in picture.content.layers if layer.key == "cuts"] == [1]
    hover(desk, desk.canvas.pixel(EAST + 105.0, NORTH + 50.0))
    told = desk.window.hover.text.text()
    assert "人工断开" in told
    assert "围墙" in told


def test_docks_come_back_as_they_were(desk: Desk) -> None:
    desk.open(town())
    desk.window.docks.by_code["problems"].close()
    desk.session.document.undo_stack.setClean()
    file.close(desk.window.desk)
    assert not any(dock.isVisible() for dock in desk.window.docks.by_code.values())
    desk.open(town())
    assert desk.window.docks.by_code["areas"].isVisible()
    assert not desk.window.docks.by_code["problems"].isVisible()
    desk.window.docks.reset()
    assert desk.window.docks.by_code["problems"].isVisible()


def test_counts_are_those_of_what_is_drawn(desk: Desk) -> None:
    desk.open(town())
    for layer in desk.canvas.picture.content.layers:
        item = desk.window.layers.item(layer.key)
        if layer.key != "labels":
            assert item.text(1) == f"{int(np.sum(layer.classes >= 0)):,}"

"""Underlays in the window: added as an undo step, shown paler or not at all, taken away again."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import EAST, NORTH, Desk, town
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage

from renomap.cartography.underlays import underlay_key
from renomap.desktop.verbs import data, edit
from renomap.model.underlay import Underlay, underlays_of


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A green picture of a metre a pixel over the whole town and around it."""
    image = QImage(800, 800, QImage.Format.Format_RGB32)
    image.fill(QColor("#30a040"))
    image.save(str(tmp_path / "航片.jpg"), quality=100)
    numbers = (1.0, 0.0, 0.0, -1.0, EAST - 200.0, NORTH + 600.0)
    (tmp_path / "航片.jgw").write_text("\n".join(map(str, numbers)), encoding="ascii")
    return tmp_path / "航片.jpg"


def key_of(path: Path) -> str:
    return underlay_key(Underlay(str(path), path.name))


def pixel(desk: Desk, x: float, y: float) -> QColor:
    picture = desk.canvas.picture
    px, py = picture.view.to_screen(x, y)
    return picture.image.pixelColor(int(px), int(py))


def test_a_picture_lies_under_the_map(desk: Desk, photo: Path) -> None:
    desk.open(town())
    beside = (EAST - 20.0, NORTH - 20.0)
    assert pixel(desk, *beside).alpha() == 0
    data.lay_under(desk.window.desk, [photo])
    desk.settle()
    assert desk.session.document.undo_stack.undoText() == "添加底图“航片.jpg”"
    found = pixel(desk, *beside)
    assert (found.green() > 150, found.alpha()) == (True, pytest.approx(204, abs=2))
    item = desk.window.layers.item(key_of(photo))
    assert item.text(0) == "航片.jpg"
    item.setCheckState(0, Qt.CheckState.Unchecked)
    desk.settle()
    assert pixel(desk, *beside).alpha() == 0
    item = desk.window.layers.item(key_of(photo))
    item.setCheckState(0, Qt.CheckState.Checked)
    desk.window.layers.tree.setCurrentItem(item)
    bar = desk.window.layers.picture
    assert not bar.isHidden()
    bar.opacity.setValue(40)
    desk.until(lambda: underlays_of(desk.session.document.project)[0].opacity == 0.4)
    desk.settle()
    assert pixel(desk, *beside).alpha() == pytest.approx(102, abs=2)
    bar.remove.click()
    desk.settle()
    assert underlays_of(desk.session.document.project) == ()
    assert desk.window.layers.item(key_of(photo)) is None
    for _ in range(3):
        desk.session.document.undo_stack.undo()
    desk.settle()
    assert pixel(desk, *beside).alpha() == 0


def test_a_dropped_picture_is_an_underlay(desk: Desk, photo: Path) -> None:
    desk.open(town())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    none = Qt.KeyboardModifier.NoModifier
    left, copy = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    desk.window.dropEvent(QDropEvent(QPointF(300, 300), copy, data, left, none))
    desk.settle()
    assert [item.title for item in underlays_of(desk.session.document.project)] == ["航片.jpg"]


def test_a_picture_without_a_place_is_a_sentence(desk: Desk, photo: Path) -> None:
    desk.open(town())
    photo.with_suffix(".jgw").unlink()
    data.lay_under(desk.window.desk, [photo])
    (fault,) = desk.faults
    assert fault.code == "sources.raster-placeless"
    desk.faults.clear()
    assert desk.session.document.undo_stack.count() == 0


def test_a_hidden_picture_is_not_printed(desk: Desk, photo: Path) -> None:
    desk.open(town())
    data.lay_under(desk.window.desk, [photo])
    desk.settle()
    plan, shown = desk.session.planner.plan, desk.session.shown
    assert shown.as_shown(plan) is plan
    shown.put(False, key_of(photo))
    desk.settle()
    printed = shown.as_shown(plan)
    assert underlays_of(printed.project) == ()
    assert printed.stamp == plan.stamp
    assert len(underlays_of(desk.session.document.project)) == 1
    edit.copy_map(desk.window.desk)
    desk.until(lambda: not desk.session.runner.jobs)
    picture = QGuiApplication.clipboard().image()
    green = picture.pixelColor(picture.width() // 2, 12)
    assert min(green.red(), green.blue()) > 0.9 * green.green()  # paper, not the meadow of the photo


def test_a_hidden_picture_stays_hidden_when_another_goes(desk: Desk, photo: Path, tmp_path: Path) -> None:
    other = tmp_path / "规划图.jpg"
    other.write_bytes(photo.read_bytes())
    other.with_suffix(".jgw").write_bytes(photo.with_suffix(".jgw").read_bytes())
    desk.open(town())
    data.lay_under(desk.window.desk, [photo, other])
    desk.settle()
    desk.session.shown.put(False, key_of(other))
    data.drop_underlay(desk.window.desk, str(photo))
    desk.settle()
    assert desk.window.layers.item(key_of(photo)) is None
    item = desk.window.layers.item(key_of(other))
    assert item.text(0) == "规划图.jpg"
    assert item.checkState(0) == Qt.CheckState.Unchecked

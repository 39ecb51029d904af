"""Recent projects on the start page and in the menu; who else holds a project; the offer that waits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from desk import Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from renomap.desktop.verbs import file
from renomap.session.recent import place_of, recent_projects
from renomap.session.settings import Settings
from renomap.store.lock import Lock
from renomap.store.projectfile import save


def test_a_project_knows_its_place() -> None:
    project = town()
    assert place_of(project) == ""
    layer = project.layers[0]
    frame = layer.frame.assign(street=["甲街道"] * 8 + ["乙街道"] * 4)
    project = project.with_layer(replace(layer, frame=frame))
    assert place_of(project) == "甲街道"
    assert place_of(replace(project, form={"title": "城东片区"})) == "城东片区"


def test_what_is_gone_says_why(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "s.ini")
    there, gone, far = tmp_path / "a.gpkg", tmp_path / "b.gpkg", tmp_path / "disk" / "c.gpkg"
    for path in (far, gone, there):
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
        settings.remember_file(path, f"地方 {path.stem}")
    gone.unlink()
    far.unlink()
    far.parent.rmdir()
    again = Settings(tmp_path / "s.ini")
    found = recent_projects(again)
    assert [(item.path.stem, item.place, item.missing) for item in found] == [
        ("a", "地方 a", None),
        ("b", "地方 b", "window.start.gone"),
        ("c", "地方 c", "window.start.no-folder"),
    ]
    assert found[0].changed is not None
    again.forget_files(gone)
    assert [item.path.stem for item in recent_projects(again)] == ["a", "c"]


def test_the_start_page_lists_greys_and_removes(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "城东.gpkg"
    save(replace(town(), form={"title": "城东片区化改造"}), path)
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.path == path)
    desk.settle()
    desk.session.settings.remember_file(tmp_path / "没了.gpkg")
    file.close(desk.window.desk)
    page = desk.window.start_page
    texts = [page.recent.item(at).text() for at in range(page.recent.count())]
    assert "moved" not in texts[0]
    assert "文件已移走" in texts[0]
    assert "城东片区化改造" in texts[1]
    chosen: list[Path] = []
    page.file_chosen.connect(chosen.append)
    page.recent.setFocus()
    page.recent.setCurrentRow(0)
    QTest.keyClick(page.recent, Qt.Key.Key_Return)
    assert chosen == []
    assert "Delete" in page._told.text()
    QTest.keyClick(page.recent, Qt.Key.Key_Delete)
    assert page.recent.count() == 1
    page.recent.setCurrentRow(0)
    QTest.keyClick(page.recent, Qt.Key.Key_Return)
    assert chosen == [path]
    desk.until(lambda: desk.session.document.path == path)
    desk.settle()


def test_the_menu_of_recent_projects_opens_one(desk: Desk, tmp_path: Path) -> None:
    menu = desk.window.recent
    assert not menu.isEnabled()
    path = tmp_path / "项目.gpkg"
    save(town(), path)
    desk.session.settings.remember_file(path)
    desk.session.settings.remember_file(tmp_path / "gone.gpkg")
    menu.fill()
    gone, there = menu.actions()[:2]
    assert not gone.isEnabled()
    assert "移走" in gone.toolTip()
    there.trigger()
    desk.until(lambda: desk.session.document.path == path)
    desk.settle()
    menu.actions()[-1].trigger()
    assert desk.session.settings.recent == []


def test_a_held_project_says_who_has_it_until_a_copy_is_ours(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "项目.gpkg"
    save(town(), path)
    lock = Lock(path)
    file.open_paths(desk.window.desk, [path])
    desk.until(lambda: desk.session.document.path == path)
    desk.settle()
    held = desk.window.held
    assert held.isVisible()
    who = desk.session.document.holder.params["who"]
    assert str(who) in held._text.text()
    desk.session.keeper.save(tmp_path / "副本.gpkg")
    desk.until(lambda: desk.session.document.path == tmp_path / "副本.gpkg")
    assert not held.isVisible()
    lock.release()
    desk.settle()

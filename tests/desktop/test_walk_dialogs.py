"""Every dialog, message and dock at 911 x 512 pixels in both languages: nothing cut, hidden, unnamed."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from desk import Desk, town
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDockWidget,
    QLabel,
    QMessageBox,
    QPushButton,
    QToolBar,
)
from walking import HEIGHT, WIDTH, cut_texts, off_screen, settle, stumbles, unreached

import renomap.desktop.dialogs as dialogs
from renomap.assets import sample
from renomap.cartography import fonts
from renomap.desktop.dialogs.completeness import CompletenessDialog
from renomap.desktop.dialogs.export import ExportDialog
from renomap.desktop.dialogs.fault import FaultDialog
from renomap.desktop.dialogs.grouping import GroupingDialog
from renomap.desktop.dialogs.importing import ImportDialog
from renomap.desktop.dialogs.lookup import LookupDialog
from renomap.desktop.dialogs.missing import MissingDialog
from renomap.desktop.dialogs.overwriting import OverwritingDialog
from renomap.desktop.dialogs.page import PageDialog
from renomap.desktop.dialogs.preview import PrintPreview
from renomap.desktop.dialogs.report import ImportReport
from renomap.desktop.dialogs.standard import StandardDialog
from renomap.desktop.dialogs.unfinished import UnfinishedDialog
from renomap.desktop.dialogs.versions import VersionsDialog
from renomap.desktop.dialogs.webtiles import WebTilesDialog
from renomap.desktop.verbs import file, help
from renomap.desktop.verbs.lookup import places
from renomap.errors import RenomapError
from renomap.session.unfinished import Unfinished
from renomap.sources.update import differences

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def _read_report(desk: Desk) -> ImportReport:
    project = desk.session.document.project
    assert project is not None
    return ImportReport(project, desk.session.speech, desk.window)


def _export(kind: str) -> Callable[[Desk], QDialog]:
    return lambda desk: ExportDialog(desk.session, desk.session.planner.plan, kind, "areas", desk.window)


def _missing(desk: Desk) -> MissingDialog:
    """One name waits for its place."""
    waiting = desk.session.planner.plan.neighbourhoods.iloc[:1]
    return MissingDialog(desk.session.speech, waiting, desk.window)


def _preview(desk: Desk) -> PrintPreview:
    """A window that takes its size from the screen, so it is given that of a small one."""
    dialog = PrintPreview(desk.session, desk.session.planner.plan, "areas", desk.window)
    dialog.resize(WIDTH, HEIGHT)
    return dialog


def _moved(desk: Desk) -> pd.DataFrame:
    """What another program has changed: a name, a number, a place."""
    frame = desk.session.document.project.neighbourhoods.frame
    other = frame.copy()
    other.loc[other.index[0], "name"] = "改名小区"
    other.loc[other.index[1], "households"] = 7777.0
    return differences(frame, other.drop(other.index[2]))


def _left() -> list[Unfinished]:
    """One that was saved once, one that never was."""
    last = dt.datetime(2026, 11, 30, 9, 15)
    saved = Unfinished(Path("老城区片区.gpkg"), True, last, 16)
    return [saved, Unfinished(Path("unsaved/project.gpkg"), False, last, 0)]


#: How each dialog comes to be. A new dialog without a line here fails the first test below.
DIALOGS: dict[str, Callable[[Desk], QDialog]] = {
    "GroupingDialog": lambda desk: GroupingDialog(desk.session, desk.session.document.project, desk.window),
    "ImportDialog": lambda desk: ImportDialog(
        desk.session, [sample("town.gpkg"), sample("inventory.xlsx")], joins=True, parent=desk.window
    ),
    "ImportReport": _read_report,
    "ExportDialog": _export("picture"),
    "PageDialog": lambda desk: PageDialog(desk.session, desk.session.document.project, desk.window),
    "PrintPreview": _preview,
    "StandardDialog": lambda desk: StandardDialog(desk.session, desk.session.document.project, desk.window),
    "MissingDialog": _missing,
    "WebTilesDialog": lambda desk: WebTilesDialog(desk.session.speech, desk.window),
    "OverwritingDialog": lambda desk: OverwritingDialog(
        desk.session.speech, Path("规划一科/片区.gpkg"), _moved(desk), desk.window
    ),
    "UnfinishedDialog": lambda desk: UnfinishedDialog(desk.session.speech, _left(), desk.window),
    "VersionsDialog": lambda desk: VersionsDialog(desk.session, desk.window),
    "CompletenessDialog": lambda desk: CompletenessDialog(desk.session, desk.window),
    "LookupDialog": lambda desk: LookupDialog(
        desk.session.speech, tuple(places(desk.window.desk)), desk.window
    ),
    "FaultDialog": lambda desk: FaultDialog(ValueError("x"), desk.session.speech, desk.window),
}


def known_dialogs() -> set[str]:
    """Names of all dialog classes that the folder of dialogs defines."""
    found = set()
    for module in pkgutil.walk_packages(dialogs.__path__, dialogs.__name__ + "."):
        loaded = importlib.import_module(module.name)
        found |= {
            name
            for name, value in vars(loaded).items()
            if isinstance(value, type) and issubclass(value, QDialog) and value.__module__ == module.name
        }
    return found


def test_every_dialog_is_walked() -> None:
    assert known_dialogs() == set(DIALOGS)


@pytest.mark.parametrize("name", sorted(DIALOGS))
def test_a_dialog_can_be_read_and_reached(desk: Desk, name: str) -> None:
    assert fonts.family() in QFontInfo(QApplication.font()).family()  # widths are those that users see
    desk.open(town())
    for language in ("zh", "en"):
        desk.window.desk.speak(language)
        dialog = DIALOGS[name](desk)
        dialog.show()
        desk.until(lambda: not desk.session.runner.jobs)
        settle()
        found = stumbles(dialog)
        dialog.reject()
        desk.until(lambda: not desk.session.runner.jobs)
        assert found == [], language


@contextmanager
def asked() -> Iterator[list[tuple[str, list[str]]]]:
    """Looks at each message box that comes up, and answers it with Esc."""
    seen: list[tuple[str, list[str]]] = []
    timer = QTimer(interval=20)

    def look() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            settle()
            seen.append((box.text(), stumbles(box)))
            box.done(0)

    timer.timeout.connect(look)
    timer.start()
    yield seen
    timer.stop()


def _change(desk: Desk) -> None:
    project = desk.session.document.project
    assert project is not None
    scheme = project.schemes[0]
    moved = scheme.assignment.copy()
    moved.iloc[2] = 1
    desk.session.document.apply_project(project.with_scheme(replace(scheme, assignment=moved)), "change.test")


def _leave(desk: Desk) -> None:
    _change(desk)
    assert not file.may_leave(desk.window.desk, lambda: None)


def _refuse(desk: Desk) -> None:
    fault = RenomapError("store.read-only", who="王工 (规划一科)", since="2026-11-23 09:15")
    type(desk.window.desk).show_fault(desk.window.desk, fault)


#: Message boxes of the window.
QUESTIONS: dict[str, Callable[[Desk], object]] = {
    "leave": _leave,
    "refused": _refuse,
    "keys": lambda desk: help.keys(desk.window.desk),
    "about": lambda desk: help.about(desk.window.desk),
}


@LANGUAGES
def test_messages_can_be_read_and_answered(desk: Desk, language: str) -> None:
    desk.open(town())
    desk.window.desk.speak(language)
    for name, question in QUESTIONS.items():
        with asked() as seen:
            question(desk)
        assert seen, name
        assert [(text, found) for text, found in seen if found] == []


def docks_of(desk: Desk) -> list[tuple[str, QDockWidget]]:
    """The docks that the planner sees at the window's sides."""
    docks = desk.window.findChildren(QDockWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [(dock.objectName(), dock) for dock in docks]


@LANGUAGES
def test_every_dock_can_be_read_on_a_small_screen(desk: Desk, language: str) -> None:
    desk.open(town())
    desk.window.desk.speak(language)
    desk.window.resize(WIDTH, HEIGHT)
    desk.settle()
    assert desk.window.width() <= WIDTH
    assert desk.window.height() <= HEIGHT
    desk.session.document.select((), 1)
    parts = [desk.window.status, desk.window.centralWidget(), *desk.window.findChildren(QToolBar)]
    found = [problem for part in parts for problem in cut_texts(part)]
    assert docks_of(desk)
    for code, dock in docks_of(desk):
        dock.show()
        dock.raise_()
        settle()
        panel = dock.widget()
        problems = [*cut_texts(panel), *off_screen(panel), *unreached(panel)]
        found += [f"{code}: {problem}" for problem in problems]
    assert found == []


@LANGUAGES
def test_the_start_page_can_be_read_and_reached(desk: Desk, language: str) -> None:
    desk.window.desk.speak(language)
    desk.window.resize(WIDTH, HEIGHT)
    settle()
    page = desk.window.start_page
    assert [*cut_texts(page), *off_screen(page), *unreached(page)] == []


def test_the_walk_sees_what_is_wrong(desk: Desk) -> None:
    """The checks can fail: a dialog with one fault of each kind."""
    bad = QDialog(desk.window)
    bad.resize(300, 200)
    cut = QLabel("这是一句比它的位置长得多的话", bad)
    cut.setGeometry(0, 0, 40, 20)
    gone = QPushButton("确定", bad)
    gone.setGeometry(280, 10, 90, 30)
    nameless = QComboBox(bad)
    nameless.setGeometry(10, 60, 90, 30)
    skipped = QPushButton("跳过", bad)
    skipped.setGeometry(10, 100, 90, 30)
    skipped.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    bad.show()
    settle()
    found = "\n".join(stumbles(bad))
    for word in ("cut: QLabel", "off-screen: QPush", "no name: QComboBox", "not reach QPushButton"):
        assert word in found
    bad.reject()

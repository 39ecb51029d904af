"""A real window on a small town, for tests of gestures."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QWidget

from renomap.desktop import look
from renomap.desktop.dialogs.importing import ImportDialog
from renomap.desktop.window import Window
from renomap.model.fields import COLUMNS, FLAG, NUMBER
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings
from renomap.session.session import Session
from renomap.session.settings import Settings

EAST, NORTH = 400_000.0, 3_100_000.0
STEP = 110.0


def town(columns: int = 4, rows: int = 3, *, areas: bool = True) -> Project:
    """Square neighbourhoods of 100 m with 10 m between; the western half is area 1, the eastern area 2."""
    n = columns * rows
    at = [(EAST + i % columns * STEP, NORTH + i // columns * STEP) for i in range(n)]
    data = {}
    for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items():
        value = np.nan if kind == NUMBER else False if kind == FLAG else None
        data[name] = pd.Series(
            [value] * n, dtype=float if kind == NUMBER else bool if kind == FLAG else object
        )
    frame = gpd.GeoDataFrame(
        data, geometry=[shapely.box(x, y, x + 100, y + 100) for x, y in at], crs="EPSG:4547"
    )
    frame["name"] = pd.Series([f"小区{i}" for i in range(n)], dtype=object)
    frame["households"] = [100.0 + i for i in range(n)]
    frame["households_flag"] = pd.Series(["reported"] * n, dtype=object)
    frame["year_min"] = frame["year_max"] = 1985.0
    frame["parking_spaces"] = 10.0
    frame["elder_m2"] = 0.0
    frame["origin"] = pd.Series(["survey"] * n, dtype=object)
    frame.index = pd.Index(range(n), name="fid", dtype="int64")
    project = Project(
        "EPSG:4547",
        (Layer("compounds", "小区", Role.NEIGHBOURHOODS, frame),),
        preset="changsha",
        standard="changsha",
    )
    if not areas:
        return project
    table = gpd.GeoDataFrame(
        {"name": ["西片区", "东片区"], "colour": ["#7fb7be", "#d3a588"], "locked": [False, False],
         "kind": ["derived", "derived"], "status": ["", ""], "note": ["", ""], "size_flag": [None, None]},
        geometry=[None, None], crs="EPSG:4547", index=pd.Index([1, 2], name="id", dtype="int64"),
    )  # fmt: skip
    assignment = pd.Series([1 if i % columns < columns // 2 else 2 for i in range(n)], index=frame.index)
    settings = GroupSettings(preset="changsha", gap_m=30.0, within="none")
    scheme = Scheme("s1", "方案一", assignment.astype("int64"), table, settings=settings)
    return project.with_scheme(scheme)


class Desk:
    """The window and what a hand does to it."""

    def __init__(self, folder: Path, language: str = "zh") -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        look.dress(application)
        self.session = Session(language, Settings(folder / "settings.ini"), folder / "data")
        self.window = Window(self.session)
        self.window.resize(1200, 760)
        self.window.show()
        self.canvas = self.window.canvas
        self.faults: list[Exception] = []
        self.window.desk.show_fault = self.faults.append  # type: ignore[method-assign]

    def open(self, project: Project) -> None:
        """Open a project that was never saved."""
        self.session.keeper.import_files([], lambda paths, feedback: project, precious=False)
        self.until(lambda: self.session.document.project is not None)
        self.settle()

    def take_import(self) -> None:
        """Accept what the dialog of an import offers as soon as it has read."""
        dialog = next(each for each in self.window.findChildren(ImportDialog) if each.isVisible())
        self.until(lambda: dialog.offer is not None and dialog.offer.project is not None)
        dialog.accept()

    def until(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        """Let the window live until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited in vain"
            assert not self.faults, self.faults
            QApplication.processEvents()
            time.sleep(0.002)

    def settle(self) -> None:
        """Wait until the plan is that of the project and the picture that of the plan and the view."""
        canvas, session = self.canvas, self.session

        def calm() -> bool:
            picture = canvas.picture
            return (
                not session.runner.jobs
                and session.planner.is_current
                and picture is not None
                and picture.plan is session.planner.plan
                and picture.content.theme == canvas.theme
                and picture.off == session.shown.off
                and picture.avoid == canvas.covered
                and picture.view.centre == canvas.view.centre
                and abs(picture.view.resolution - canvas.view.resolution / canvas.devicePixelRatioF()) < 1e-9
            )

        self.until(calm)

    def place(self, fid: int) -> QPoint:
        """Where the middle of a neighbourhood is on the canvas."""
        plan = self.session.planner.plan
        assert plan is not None
        point = plan.neighbourhoods.geometry.loc[fid].representative_point()
        return self.canvas.pixel(point.x, point.y)

    def click(self, fid: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Click on a neighbourhood."""
        QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, keys, self.place(fid))

    def drag(
        self,
        start: QPoint,
        *stops: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        release: bool = True,
    ) -> None:
        """Press at a place, move along others and release at the last."""
        port = self.canvas.viewport()
        QTest.mousePress(port, button, Qt.KeyboardModifier.NoModifier, start)
        for stop in stops:
            _move(port, stop, button)
        if release:
            QTest.mouseRelease(port, button, Qt.KeyboardModifier.NoModifier, stops[-1])

    def spot(self, x: float, y: float) -> QPoint:
        """Where a place of the town is on the canvas, in steps of a neighbourhood."""
        return self.canvas.pixel(EAST + x * STEP, NORTH + y * STEP)

    def hover(
        self, x: float, y: float, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier
    ) -> None:
        """Move to a place of the town without a button; Ctrl, so that nothing snaps."""
        port, none, at = self.canvas.viewport(), Qt.MouseButton.NoButton, QPointF(self.spot(x, y))
        event = QMouseEvent(QEvent.Type.MouseMove, at, port.mapToGlobal(at), none, none, keys)
        QApplication.sendEvent(port, event)

    def tap(
        self,
        x: float,
        y: float,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        """Click at a place of the town; Ctrl, so that nothing snaps."""
        QTest.mouseClick(self.canvas.viewport(), button, keys, self.spot(x, y))

    def take(self, tool: str, area: int | None = None) -> None:
        """Choose an area and take up a tool."""
        self.session.document.select((), area)
        QTest.qWait(10)
        action = self.window.actions_.by_code[tool]
        assert action.isEnabled()
        action.trigger()
        self.canvas.setFocus()
        QTest.qWait(20)

    def answer(self, text: str) -> str:
        """Answer the line of text that is asked for; the question."""
        self.until(lambda: bool(self.window.findChildren(QInputDialog)))
        (dialog,) = self.window.findChildren(QInputDialog)
        dialog.setTextValue(text)
        dialog.accept()
        asked: str = dialog.labelText()
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete.value)
        return asked

    @property
    def areas_now(self) -> list[int]:
        """Area of each neighbourhood of the active scheme."""
        project = self.session.document.project
        assert project is not None
        assert project.scheme is not None
        return [int(area) for area in project.scheme.assignment]

    def close(self) -> None:
        """Close without a question."""
        self.window.desk.ask_unsaved = lambda: "drop"  # type: ignore[method-assign]
        self.window.close()
        self.window.deleteLater()
        # Outside an event loop nothing deferred is deleted by itself: windows would pile up, each of them
        # dressed, painted and remembered in every later test.
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()


def _move(port: QWidget, stop: QPoint, button: Qt.MouseButton) -> None:
    """A move with the button held, which QTest.mouseMove does not make."""
    at, none = QPointF(stop), Qt.MouseButton.NoButton
    kind, keys = QEvent.Type.MouseMove, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(port, QMouseEvent(kind, at, port.mapToGlobal(at), none, button, keys))

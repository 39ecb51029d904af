"""A planner's hand on the shown window, as a program of its own: may be killed at any moment.

``python planner_day.py work SOURCE PROJECT FOLDER`` opens SOURCE, groups, paints, draws, splits, merges,
undoes and redoes everything, saves to PROJECT, prints one line of JSON and waits for its end.
``python planner_day.py look PROJECT FOLDER`` opens PROJECT and prints what it holds.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import shapely
from desk import Desk
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from renomap.desktop.dialogs.grouping import GroupingDialog
from renomap.desktop.verbs import file
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.store.projectfile import is_project

STROKES = 20
_CTRL = Qt.KeyboardModifier.ControlModifier


def state_of(project: Project) -> str:
    """Hash of who belongs where and of every area's looks and boundary."""
    digest = hashlib.sha256()
    for scheme in project.schemes:
        assignment = scheme.assignment.sort_index()
        digest.update(assignment.index.to_numpy().tobytes() + assignment.to_numpy(dtype="int64").tobytes())
        table = scheme.areas.sort_index()
        plain = table.drop(columns="geometry").astype(object)
        digest.update(plain.where(plain.notna(), None).to_json().encode())
        digest.update(b"".join(shapely.to_wkb(shape) or b"-" for shape in table.geometry))
    return digest.hexdigest()


def pairs(plan: Plan) -> list[tuple[int, int]]:
    """Neighbours on the ground by fid."""
    links = plan.links
    return list(zip(links.fids[links.a].tolist(), links.fids[links.b].tolist(), strict=True))


class Hand:
    """What a hand does to the window, each time on the next place that allows it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def project(self) -> Project:
        """The project as it is now."""
        project = self.desk.session.document.project
        assert project is not None
        return project

    @property
    def steps(self) -> int:
        """Undo steps so far."""
        return self.desk.session.document.undo_stack.index()

    def use(self, code: str, area: int | None) -> None:
        """Choose an area, then take a tool by its action."""
        self.desk.session.document.select((), area)
        self.desk.window.actions_.refresh()
        self.desk.window.actions_.by_code[code].trigger()
        self.desk.canvas.setFocus()

    def open(self, path: Path) -> None:
        """Open a file as the menu does."""
        file.open_paths(self.desk.window.desk, [path])
        if not is_project(path):
            self.desk.take_import()
        self.desk.until(lambda: self.desk.session.document.project is not None, 120)
        self.desk.settle()

    def group(self) -> None:
        """Group in the dialog with what it offers, and accept."""
        desk = self.desk
        dialog = GroupingDialog(desk.session, self.project, desk.window)
        dialog.show()
        dialog.run()
        desk.until(lambda: dialog.found is not None, 240)
        found = dialog.found
        assert found is not None
        dialog.accept()
        desk.session.document.apply_project(found.project, "change.group", title=found.scheme.title)
        desk.settle()

    def paint(self, count: int) -> None:
        """Strokes across the borders of areas: a neighbour goes over to the next area."""
        plan = self.desk.session.planner.plan
        assert plan is not None
        self.desk.canvas.fit()
        done, near = 0, pairs(plan)
        for first, second in (near + [(b, a) for a, b in near]) * 2:
            owner = self.project.schemes[-1].assignment
            if done == count:
                break
            areas = (int(owner[first]), int(owner[second]))
            if 0 in areas or areas[0] == areas[1]:
                continue
            before = self.steps
            self.use("paint", areas[1])
            at = self.desk.place(first)
            self.desk.drag(at, at + type(at)(1, 1))
            self.desk.until(lambda: self.desk.session.planner.context is not None)
            done += self.steps > before
        assert done == count, f"{done} strokes of {count}"
        self.desk.settle()

    def draw(self) -> None:
        """A boundary drawn click by click around the middle of an area."""
        plan = self.desk.session.planner.plan
        assert plan is not None
        for area in plan.areas.sort_values("neighbourhoods", ascending=False).index:
            x, y = plan.areas.geometry[area].representative_point().coords[0]
            ring = [(x - 120, y - 90), (x + 130, y - 100), (x + 110, y + 120), (x - 100, y + 80)]
            if self.sketch("draw", None, ring):
                return
        raise AssertionError("no boundary could be drawn")

    def split(self) -> None:
        """A line across an area."""
        plan = self.desk.session.planner.plan
        assert plan is not None
        for area in plan.areas.sort_values("neighbourhoods", ascending=False).index:
            xmin, ymin, xmax, ymax = plan.areas.geometry[area].bounds
            x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
            for line in ([(x, ymin - 60), (x, ymax + 60)], [(xmin - 60, y), (xmax + 60, y)]):
                if self.sketch("split", int(area), line):
                    return
        raise AssertionError("no area could be split")

    def merge(self) -> None:
        """Two neighbours of two areas, made one."""
        plan = self.desk.session.planner.plan
        assert plan is not None
        owner = self.project.schemes[-1].assignment
        for first, second in pairs(plan):
            areas = {int(owner[first]), int(owner[second])}
            if 0 in areas or len(areas) < 2:
                continue
            before = self.steps
            self.desk.session.document.select([first, second])
            self.desk.window.actions_.refresh()
            self.desk.window.actions_.by_code["merge"].trigger()
            if self.steps > before:
                self.desk.settle()
                return
        raise AssertionError("no two areas could be merged")

    def walk(self, code: str) -> int:
        """Undo or redo with its key until nothing is left; returns the steps."""
        stack, steps = self.desk.session.document.undo_stack, 0
        able: Callable[[], bool] = stack.canUndo if code == "undo" else stack.canRedo
        while able():
            self.desk.window.actions_.refresh()
            self.desk.window.actions_.by_code[code].trigger()
            steps += 1
        self.desk.settle()
        return steps

    def save(self, path: Path) -> None:
        """Save, and wait until it is told."""
        saved: list[object] = []
        self.desk.session.keeper.saved.connect(saved.append)
        self.desk.session.keeper.save(path)
        self.desk.until(lambda: bool(saved))

    def sketch(self, code: str, area: int | None, points: list[tuple[float, float]]) -> bool:
        """Click a sketch and finish it; whether it was taken. What was refused is dropped with Esc."""
        canvas, steps = self.desk.canvas, self.steps
        shape = shapely.MultiPoint(points).bounds
        canvas.fit((shape[0] - 150, shape[1] - 150, shape[2] + 150, shape[3] + 150))
        self.use(code, area)
        for x, y in points:
            QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, _CTRL, canvas.pixel(x, y))
        QTest.keyClick(canvas, Qt.Key.Key_Return)
        taken = self.steps > steps
        if not taken:
            QTest.keyClick(canvas, Qt.Key.Key_Escape)
        self.desk.settle()
        return taken


def work(source: Path, target: Path, folder: Path) -> dict[str, Any]:
    """A day's work; what the project was at each turn."""
    hand = Hand(Desk(folder))
    hand.open(source)
    start = state_of(hand.project)
    hand.group()
    hand.paint(STROKES)
    hand.draw()
    hand.split()
    hand.merge()
    done = state_of(hand.project)
    undone = hand.walk("undo")
    back = state_of(hand.project)
    redone = hand.walk("redo")
    again = state_of(hand.project)
    hand.save(target)
    assert not hand.desk.faults, hand.desk.faults
    return {
        "start": start, "done": done, "back": back, "again": again, "undone": undone, "redone": redone,
        "areas": len(hand.project.schemes[-1].areas), "platform": QApplication.platformName(),
    }  # fmt: skip


def look(path: Path, folder: Path) -> dict[str, Any]:
    """What a project file holds when it is opened in the window."""
    desk = Desk(folder)
    Hand(desk).open(path)
    offer = desk.session.keeper.offer
    project = desk.session.document.project
    assert project is not None
    told = {"state": state_of(project), "offered": 0 if offer is None else len(offer.changes)}
    desk.close()
    return told


if __name__ == "__main__":
    application = QApplication([])
    sys.setswitchinterval(0.001)
    stage, *paths = sys.argv[1:]
    steps: dict[str, Callable[..., dict[str, Any]]] = {"work": work, "look": look}
    try:
        print(json.dumps(steps[stage](*map(Path, paths))), flush=True)
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # the window's threads would wait for ever
    while stage == "work":
        time.sleep(1)

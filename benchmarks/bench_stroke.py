"""From the hand to the number: a brush over 5,000 neighbourhoods, once in 10 areas and once in 150.

`python benchmarks/bench_stroke.py` opens the real window without a screen, paints strokes that cross borders
and measures each move of the mouse until the tag at the cursor is painted with its new numbers: what the hand
waits for. Moves that reach a new neighbourhood are told apart from the others. Milliseconds of the clock
(median, p95) and of the processor, which other work on the machine does not lengthen as much.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "desktop"))
sys.path.insert(0, str(Path(__file__).parents[1]))

import geopandas as gpd
import numpy as np
import pandas as pd
from desk import EAST, NORTH, Desk, town
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from renomap.model.project import Project
from renomap.model.scheme import Scheme

COLUMNS, ROWS = 80, 63
STEPS = 40


def project_of(areas: int) -> Project:
    """5,040 neighbourhoods in so many areas."""
    plain = town(COLUMNS, ROWS, areas=False)
    layer = plain.neighbourhoods
    assert layer is not None
    high = max(n for n in range(1, round(areas**0.5) + 1) if areas % n == 0)
    wide = areas // high
    n = np.arange(COLUMNS * ROWS)
    ids = 1 + (n % COLUMNS) * wide // COLUMNS + wide * ((n // COLUMNS) * high // ROWS)
    index = pd.Index(range(1, wide * high + 1), name="id", dtype="int64")
    looks = {
        "colour": "#7fb7be",
        "locked": False,
        "kind": "derived",
        "status": "",
        "note": "",
        "size_flag": None,
    }
    table = gpd.GeoDataFrame(
        {"name": [f"片区{i}" for i in index]} | {name: [value] * len(index) for name, value in looks.items()},
        geometry=[None] * len(index), crs=plain.crs, index=index,
    )  # fmt: skip
    settings = {"preset": "changsha", "gap_m": 30.0, "within": "none", "bounds": {}}
    assignment = pd.Series(ids, index=layer.frame.index, dtype="int64")
    return plain.with_scheme(Scheme("s1", "方案一", assignment, table, settings=settings))


def move(desk: Desk, at: QPoint) -> None:
    """The mouse moves with its button held; what the window shows for it is painted before this returns."""
    port, place, none = desk.canvas.viewport(), QPointF(at), Qt.MouseButton.NoButton
    keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, port.mapToGlobal(place), none, Qt.MouseButton.LeftButton, keys
    )
    QApplication.sendEvent(port, event)
    if desk.window.live.isVisible():
        desk.window.live.repaint()


def strokes(desk: Desk, count: int) -> dict[str, list[float]]:
    """Moves of so many strokes across borders: milliseconds of each."""
    rng = random.Random(3)
    times: dict[str, list[float]] = {"new": [], "other": [], "new, processor": []}
    told: list[int] = []
    desk.canvas.previewed.connect(lambda value: told.append(1) if value else None)
    ids = desk.session.document.project.schemes[0].areas.index.tolist()  # type: ignore[union-attr]
    for _ in range(count):
        area = rng.choice(ids)
        members = desk.session.planner.context.assignment  # type: ignore[union-attr]
        start = rng.choice(members.index[members == area].tolist())
        x, y = EAST + start % COLUMNS * 110 + 50, NORTH + start // COLUMNS * 110 + 50
        desk.session.document.select((), area)
        desk.window.actions_.refresh()
        desk.window.desk.use_tool("paint")
        pixel: Callable[..., QPoint] = desk.canvas.pixel
        angle = rng.uniform(0, 6.28)
        QTest.mousePress(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=pixel(x, y))
        for step in range(STEPS):
            at = pixel(x + np.cos(angle) * step * 40, y + np.sin(angle) * step * 40)
            before, began, used = len(told), time.perf_counter(), time.thread_time()
            move(desk, at)
            taken = (time.perf_counter() - began) * 1000
            times["new" if len(told) > before else "other"].append(taken)
            if len(told) > before:
                times["new, processor"].append((time.thread_time() - used) * 1000)
        QTest.keyPress(desk.canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QApplication.processEvents()
    return times


def measure(areas: int, count: int) -> dict[str, float]:
    """Figures with so many areas."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.open(project_of(areas))
        desk.canvas.zoom(6.0)
        desk.settle()
        plan = desk.session.planner.plan
        assert plan is not None
        strokes(desk, 2)
        times = strokes(desk, count)
        found = {}
        for name, values in times.items():
            if values:
                found[f"{len(plan.areas)} areas: {name} median (ms)"] = statistics.median(values)
                found[f"{len(plan.areas)} areas: {name} p95 (ms)"] = sorted(values)[int(0.95 * len(values))]
        desk.close()
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=15)
    parser.add_argument("--areas", type=int, nargs="+", default=[10, 150])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    sys.setswitchinterval(0.001)  # as the window does
    application = QApplication([])
    found: dict[str, Any] = {}
    for areas in chosen.areas:
        found |= measure(areas, chosen.strokes)
    if chosen.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:45s} {value:8.1f}")
    application.quit()


if __name__ == "__main__":
    main()

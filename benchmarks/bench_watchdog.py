"""How long the window stands still: the longest hold of its thread in every action of a list.

`python benchmarks/bench_watchdog.py` opens the real window without a screen on the sample town, on 3,700 and
on 20,000 neighbourhoods, and does each action several times. A hold is one stretch in which no event is
answered: the action itself, or one round of events until the window has settled. Told are milliseconds of the
window's own thread (median, p95, worst), which other work on the machine does not lengthen, and the worst by
the clock.

Aim: p95 at most 50 ms, worst at most 100.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "desktop"))
sys.path.insert(0, str(Path(__file__).parents[1]))

import geopandas as gpd
import numpy as np
import pandas as pd
from desk import Desk, town
from PySide6.QtWidgets import QApplication

from renomap.model.project import Project
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings

#: Columns and rows of the made-up towns, and neighbourhoods in a side of an area.
TOWNS: Mapping[str, tuple[int, int, int]] = {"3,700": (74, 50, 3), "20,000": (160, 125, 3)}
CASES = ("sample", *TOWNS)
P95_MS, WORST_MS = 50.0, 100.0


def project_of(case: str) -> Project:
    """The sample town, or a made-up town in square areas."""
    if case == "sample":
        from renomap.steps.demo import sample_project
        from renomap.steps.group import group

        return group(sample_project()).project
    columns, rows, side = TOWNS[case]
    plain = town(columns, rows, areas=False)
    layer = plain.neighbourhoods
    assert layer is not None
    at = np.arange(columns * rows)
    wide = -(-columns // side)
    _, ids = np.unique(at % columns // side + wide * (at // columns // side), return_inverse=True)
    assignment = pd.Series(ids + 1, index=layer.frame.index, dtype="int64")
    index = pd.Index(range(1, int(ids.max()) + 2), name="id", dtype="int64")
    looks = {"locked": False, "kind": "derived", "status": "", "note": "", "size_flag": None}
    hues = ["#7fb7be", "#d3a588", "#a8c686", "#c9a0c9"]
    names = {"name": [f"片区{i}" for i in index], "colour": [hues[i % 4] for i in index]}
    table = gpd.GeoDataFrame(
        names | {name: [value] * len(index) for name, value in looks.items()},
        geometry=[None] * len(index), crs=plain.crs, index=index,
    )  # fmt: skip
    settings = GroupSettings(preset="changsha", gap_m=30.0, within="none")
    return plain.with_scheme(Scheme("s1", "方案一", assignment, table, settings=settings))


class Watch:
    """Holds of the window's thread while something goes on: milliseconds of the thread and of the clock."""

    def __init__(self) -> None:
        self.used: list[float] = []
        self.took: list[float] = []

    def hold(self, step: Callable[[], object]) -> None:
        """Do one thing during which nothing else is answered."""
        clock, used = time.perf_counter(), time.thread_time()
        step()
        self.used.append((time.thread_time() - used) * 1000)
        self.took.append((time.perf_counter() - clock) * 1000)


def watched(desk: Desk, act: Callable[[], object]) -> tuple[float, float]:
    """The longest hold of an action until the window has settled."""
    watch = Watch()
    real = QApplication.processEvents

    def until(holds: Callable[[], bool], seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "waited in vain"
            watch.hold(real)
            time.sleep(0.001)

    watch.hold(act)
    watch.hold(real)
    former, desk.until = desk.until, until  # type: ignore[method-assign]
    try:
        desk.settle()
    finally:
        desk.until = former  # type: ignore[method-assign]
    return max(watch.used), max(watch.took)


def actions_of(desk: Desk) -> dict[str, Callable[[int], object]]:
    """What a hand does, by its name; each gets the number of the turn."""
    document, window, canvas = desk.session.document, desk.window, desk.canvas
    project = document.project
    assert project is not None
    assert project.scheme is not None
    ids = project.scheme.areas.index.tolist()
    fids = project.scheme.assignment.index.tolist()

    def struck(code: str) -> Callable[[int], object]:
        return lambda _: window.actions_.by_code[code].trigger()

    def click(turn: int) -> None:
        desk.click(fids[turn * 31 % len(fids)])

    def hover(turn: int) -> None:
        at = desk.place(fids[turn * 17 % len(fids)])
        desk.hover((at.x() % 7) * 1.0, (at.y() % 5) * 1.0)

    return {
        "choose an area": lambda turn: document.select((), ids[turn * 7 % len(ids)]),
        "lock it": struck("lock"),
        "undo": struck("undo"),
        "redo": struck("redo"),
        "next area": struck("next-area"),
        "click a neighbourhood": click,
        "point at one": hover,
        "select all": struck("select-all"),
        "select none": struck("select-none"),
        "zoom in": struck("zoom-in"),
        "whole map": struck("zoom-all"),
        "another theme": lambda turn: canvas.set_theme(("deficit:parking", "areas")[turn % 2]),
        "table": struck("table"),
        "English": struck("english"),
        "Chinese": struck("chinese"),
    }


def measure(case: str, turns: int) -> dict[str, dict[str, float]]:
    """Figures of every action on one town."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.window.resize(1366, 768)
        desk.open(project_of(case))
        for name, act in actions_of(desk).items():
            pairs = [watched(desk, lambda turn=turn, act=act: act(turn)) for turn in range(turns)]
            used = np.array([one for one, _ in pairs])
            found[name] = {
                "median_ms": round(float(np.median(used)), 1),
                "p95_ms": round(float(np.quantile(used, 0.95)), 1),
                "worst_ms": round(float(used.max()), 1),
                "worst_clock_ms": round(max(took for _, took in pairs), 1),
            }
        desk.close()
    return found


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--turns", type=int, default=6, help="how often each action is done")
    parser.add_argument("--only", choices=CASES, help="one town instead of all")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    cases = [given.only] if given.only else CASES
    application = QApplication([])
    told = {case: measure(case, given.turns) for case in cases}
    application.quit()
    if given.json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for case, rows in told.items():
        print(f"{case}\n{'':<24}{'median':>9}{'p95':>9}{'worst':>9}{'worst by the clock':>21}")
        for name, row in rows.items():
            mark = "" if row["p95_ms"] <= P95_MS and row["worst_ms"] <= WORST_MS else "  over the aim"
            numbers = "".join(f"{row[key]:>9.1f}" for key in ("median_ms", "p95_ms", "worst_ms"))
            print(f"{name:<24}{numbers}{row['worst_clock_ms']:>21.1f}{mark}")


if __name__ == "__main__":
    main()

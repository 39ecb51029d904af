"""A programme of 5,000 neighbourhoods and 40,000 works: what each step of a hand costs, and the derivation.

    python benchmarks/bench_programme.py [--window]

Milliseconds of wall clock, the median of five, on a machine that does nothing else. With ``--window`` the
same in the real window: the longest hold of its thread in opening the dock, editing a cell and undoing it,
until the window has settled, with all rows in sight and with those of one area. Aim: at most 50 ms.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from renomap.desktop.panels.programme_model import ProgrammeModel
from renomap.model.change import apply
from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.layer import Layer
from renomap.model.programme import Programme
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.settings import GroupSettings
from renomap.session.speech import Speech
from renomap.steps import programme_edit
from renomap.steps.record import view_of

UNITS, WORKS, AREAS = 5000, 40_000, 600
TIMES, TURNS = 5, 3


def project() -> Project:
    """A town of squares in 600 areas, eight works in each neighbourhood."""
    fids = pd.Index(range(1, UNITS + 1), name="fid", dtype="int64")
    x, y = (fids.to_numpy() - 1) % 100 * 100.0, (fids.to_numpy() - 1) // 100 * 100.0
    empty = {NUMBER: np.full(UNITS, np.nan)}
    values = {
        name: empty.get(kind, np.full(UNITS, None)) for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items()
    }
    values["name"] = np.array([f"小区{fid}" for fid in fids], dtype=object)
    values["households"] = np.full(UNITS, 150.0)
    values["households_flag"] = np.full(UNITS, "reported", dtype=object)
    shapes = shapely.box(x, y, x + 95, y + 95)
    frame = gpd.GeoDataFrame(values, geometry=shapes, crs="EPSG:4547", index=fids)
    ids = pd.Index(range(1, AREAS + 1), name="id", dtype="int64")
    areas = gpd.GeoDataFrame(
        {"name": [f"片区{one}" for one in ids], "colour": "#64a4d2", "locked": False, "kind": "derived",
         "status": "", "note": None, "size_flag": None},
        geometry=[None] * AREAS, crs="EPSG:4547", index=ids,
    )  # fmt: skip
    assignment = pd.Series((fids.to_numpy() - 1) * AREAS // UNITS + 1, index=fids, name="area_id")
    scheme = Scheme("s", "方案", assignment, areas, settings=GroupSettings(preset="changsha"))
    one = Programme().with_rows("works", [{"fid": 1, "status": "planned", "origin": "imported"}])
    works = one.works.iloc[np.zeros(WORKS, dtype=int)].set_axis(pd.RangeIndex(1, WORKS + 1, name="id"))
    works = works.set_axis(works.index.astype("int64"))
    rng = np.random.default_rng(7)
    works = works.assign(
        fid=np.arange(WORKS) % UNITS + 1,
        item=rng.choice(["roof", "pipes", "elevator", "road", "wall"], WORKS),
        quantity=3.0, price=1000.0, start="2026-05", end="2026-08", year=2026.0,
    )  # fmt: skip
    layer = Layer("neighbourhoods", "小区", Role.NEIGHBOURHOODS, frame)
    programme = Programme("changsha").with_table("works", works)
    return Project("EPSG:4547", (layer,), (scheme,), "s", "changsha", "changsha", programme=programme)


def timed(name: str, step: Callable[[], Any]) -> Any:
    """Print the median of several runs; the result of the last."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        found = step()
        taken.append(time.perf_counter() - begun)
    print(f"{name}: {1000 * statistics.median(taken):.0f} ms")
    return found


def in_the_window() -> None:
    """The longest hold of the window's thread in each step, milliseconds of the thread (median and worst)."""
    from bench_watchdog import Desk, watched

    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        # Ground, areas and deficits of so many come first, and take their time.
        desk.until = partial(desk.until, seconds=900.0)  # type: ignore[method-assign]
        desk.open(project())
        window, document = desk.window, desk.session.document
        dock = window.programme

        def typed(turn: int) -> None:
            at = dock.model.index(turn, dock.model.columns.index("cost"))
            dock.model.setData(at, f"{1000 + turn}")

        for subject, area in (("all rows", None), ("one area", 7)):
            document.select((), area)
            desk.settle()
            steps: dict[str, Callable[[int], object]] = {
                "open the dock": lambda _: window.actions_.by_code["programme-works"].trigger(),
                "edit a cell": typed,
                "undo": lambda _: document.undo_stack.undo(),
                "another area": lambda turn: document.select((), 10 + turn),
            }
            used: dict[str, list[float]] = {name: [] for name in steps}
            for turn in range(TURNS):
                for name, step in steps.items():
                    if name == "open the dock" and dock.isVisible():
                        window.docks.toggle("programme")
                        desk.settle()
                    if name != "another area" or area is not None:
                        used[name].append(watched(desk, partial(step, turn))[0])
            for name, each in used.items():
                if each:
                    print(f"{subject}, {name}: {statistics.median(each):.0f} ms, worst {max(each):.0f}")
        desk.close()


def main() -> None:
    """Each step once as a hand would take it."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert application is not None
    if "--window" in sys.argv[1:]:
        in_the_window()
        return
    town = project()
    model = ProgrammeModel(Speech("zh"))
    model.may_edit = True
    empty = town.programme.works.iloc[:0]

    def shown() -> None:
        model.show("works", empty)
        model.show("works", town.programme.works)

    timed("show 40,000 rows", shown)
    edit = timed("edit a cell", lambda: programme_edit.edit(town, "works", 20_000, {"cost": 5.0}))
    after = timed("apply it", lambda: apply(town, edit))
    timed("undo it", lambda: apply(after, edit.inverse))
    add = timed("add a row", lambda: programme_edit.add(town, "works", [{"fid": 3, "item": "roof"}]))
    timed("apply it", lambda: apply(town, add))
    timed("derive all, beside the window", lambda: view_of(replace(town)))


if __name__ == "__main__":
    main()

"""Warming: fill the cache of compiled kernels in a process of its own, so that nobody waits twice.

Compiling takes tens of seconds once after installation. A thread of this process would stall the window, so a
child compiles what the search needs while this process reads files and finds neighbours; both keep their
kernels in one cache. ``python -m renomap.steps.warming`` is that child.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback

if TYPE_CHECKING:
    import geopandas as gpd

    from renomap.model.problem import Problem

#: Written into the cache when the kernels of a room have been compiled.
GROUND, SEARCH = "ground-is-warm", "search-is-warm"
#: No bounds of hectares and walks.
WIDE: dict[str, float | None] = {"area_ha_max": None, "walk_m_max": None}
#: Said while somebody waits for the compiler.
PREPARING = "steps.progress-warming"
#: What this process has compiled itself.
_compiled: list[str] = []
_child: list[subprocess.Popen[bytes]] = []


def start(*, ground: bool = False) -> None:
    """Start the child unless the cache is warm, cannot be kept, or a child is at work already.

    The child compiles the search, and with ``ground`` before it what finds links and territories: the window
    wants both, a command finds its links itself meanwhile.
    """
    from renomap.compiled.cache import cache_folder

    folder = cache_folder()
    wanted = (GROUND, SEARCH) if ground else (SEARCH,)
    if folder is None or _child or getattr(sys, "frozen", False):
        return
    if all((folder / mark).exists() for mark in wanted):
        return
    home = str(Path(__file__).resolve().parents[2])
    known = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": home if not known else os.pathsep.join((home, known))}
    with contextlib.suppress(OSError):  # without the child the kernels are compiled when they are needed
        _child.append(
            subprocess.Popen(
                [sys.executable, "-m", "renomap.steps.warming", *wanted],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )


def wait(feedback: Feedback, mark: str = SEARCH) -> None:
    """Wait for the child, if there is one; it would be wasteful to compile the same beside it."""
    from renomap.compiled.cache import cache_folder

    folder = cache_folder()
    waiting = False
    while _child and folder is not None and not (folder / mark).exists() and _child[0].poll() is None:
        feedback.check()
        if not waiting:
            feedback.progress(0.4, PREPARING)
            waiting = True
        time.sleep(0.05)
    if _child and _child[0].poll() is not None:
        _child.clear()


def ready(feedback: Feedback) -> None:
    """Return when the kernels of the search are compiled: a limit of its time counts from then.

    Where no child could do it, this process does, in one stretch that cannot be stopped.
    """
    from renomap.compiled.cache import cache_folder

    wait(feedback)
    folder = cache_folder()
    if _compiled or (folder is not None and (folder / SEARCH).exists()):
        return
    feedback.progress(0.4, PREPARING)
    warm([SEARCH])
    _compiled.append(SEARCH)


def warm(marks: Sequence[str]) -> None:
    """Compile the kernels of the rooms by working on a small made-up town, and leave their marks."""
    import geopandas as gpd
    import numpy as np
    import shapely

    from renomap.compiled.cache import cache_folder

    # Four pieces: a large one, two that are small enough to be solved exactly, by a table and by prices, and
    # a row that leaves something over.
    x = np.r_[np.arange(81) % 9, 20 + np.arange(12) % 4, 30 + np.arange(20) % 4, 40 + np.arange(7)]
    y = np.r_[np.arange(81) // 9, np.arange(12) // 4, np.arange(20) // 4, np.zeros(7)]
    place = np.arange(len(x))
    shapes = shapely.box(100.0 * x, 100.0 * y, 100.0 * x + 95, 100.0 * y + 95)
    size = np.where((x >= 30) & (x < 40), 1.7, 1.0)  # three areas' worth
    columns = {"households": size * (60.0 + 17.0 * (place % 7)), "year_min": 1980.0 + place % 9}
    frame = gpd.GeoDataFrame(
        columns | {"year_max": columns["year_min"]}, geometry=shapes, crs="EPSG:4547"
    ).rename_axis("fid")
    folder = cache_folder()
    for mark, work in ((GROUND, _find_neighbours), (SEARCH, _search)):
        if mark in marks:
            work(frame)
            if folder is not None:
                (folder / mark).touch()


def _find_neighbours(frame: gpd.GeoDataFrame) -> None:
    from renomap.ground.links import collect, find_links
    from renomap.ground.territories import territories

    ground = collect()
    find_links(frame.geometry, ground)
    territories(frame.geometry, ground, gap_m=30.0, within=None)


def _search(frame: gpd.GeoDataFrame) -> None:
    import numpy as np

    from renomap.grouping import problem, search
    from renomap.grouping.wishes import Wishes
    from renomap.model.links import Links
    from renomap.model.preset import Preset
    from renomap.model.problem import MOST, TERMS

    centre = frame.geometry.centroid
    x, y = (np.asarray(values) // 100 for values in (centre.x, centre.y))
    pairs = np.argwhere(np.triu(np.abs(x[:, None] - x) + np.abs(y[:, None] - y) == 1)).astype(np.int32)
    n = len(pairs)
    links = Links(
        fids=frame.index.to_numpy(dtype=np.int64),
        a=np.ascontiguousarray(pairs[:, 0]),
        b=np.ascontiguousarray(pairs[:, 1]),
        frontage_m=np.full(n, 95.0),
        gap_m=np.full(n, 5.0),
        cost=np.where(np.arange(n) % 5 == 0, 0.3, 0.0),
        kind=np.ones(n, dtype=np.int8),
        via=[""] * n,
    )
    preset = Preset("warming", "", "", "national", {}, {}, None, None)

    def solve(bounds: dict[str, float | None], **given: Any) -> None:
        with contextlib.suppress(RenomapError):  # no plan was found: what matters is that it was looked for
            search.solve(problem.build(frame, links, preset, Wishes(bounds=bounds, **given)), effort=0.2)

    # with few legal areas, which are listed, and with many, among which is searched
    narrow: dict[str, float | None] = {"households_min": 300.0, "households_max": 900.0}
    solve(narrow)
    solve({"households_min": 300.0, "households_max": 340.0, **WIDE})
    solve(WIDE)
    # as many as can be, by carrying what areas have too much of; an exact number, by levelling their sizes
    # and, where likeness alone counts, by merging like with like
    solve({"households_min": 300.0, "households_max": None, **WIDE}, count=MOST)
    solve({"households_min": 420.0, "households_max": 560.0, **WIDE}, count=29)
    alike = dict.fromkeys(TERMS, 0.0) | {"similarity": 1.0}
    solve({"households_min": 300.0, "households_max": None, **WIDE}, count=20, weights=alike)
    _load_rare(problem.build(frame, links, preset, Wishes(bounds=narrow)))


def _load_rare(task: Problem) -> None:
    """Call the kernels that hardly any problem needs."""
    import numpy as np

    from renomap.grouping import feasibility
    from renomap.grouping.arrays import build_arrays
    from renomap.grouping.kernels import exact as kernel_exact
    from renomap.grouping.kernels import mend as kernel_mend
    from renomap.grouping.kernels.moves import cost_all
    from renomap.grouping.kernels.state import load_labels
    from renomap.grouping.run import seeded

    arrays = build_arrays(task, feasibility.must_groups(task), np.ones(len(task), dtype=bool), 1.0)
    load_labels(arrays.plan, arrays.piece, arrays.pieces)
    cost_all(arrays.plan, arrays.ground)
    extra = kernel_mend.split_area(arrays.plan, arrays.ground, arrays.scratch, 0, 1, seeded(1))
    kernel_mend.unsplit(arrays.plan, arrays.ground, 0, extra)
    kernel_exact.best_partitions(np.zeros(2), np.zeros(2), np.zeros(2, np.int64))


if __name__ == "__main__":
    warm(sys.argv[1:])

"""Cold start: from the start of `python main.py` to the sample town on the map, in new processes.

`python benchmarks/bench_start.py --rounds 7`. The kernels' cache is filled by a first start that does not
count. Each round is a process of its own; stages are seconds of the clock, and the processor's seconds tell
what a machine without other work would need.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def child(began: float) -> None:
    """Start as `main.py` does; tell when the window and the map were there, and end."""
    found: dict[str, float] = {}

    def note(name: str) -> None:
        if name not in found:
            found[name] = time.time() - began
            found[f"{name[:-4]}, processor (s)"] = time.process_time()

    note("python is there (s)")
    from renomap.__main__ import main

    note("entry (s)")
    from renomap.desktop import app
    from renomap.desktop.canvas.mapcanvas import MapCanvas

    note("imports (s)")
    shown = app.Window.showEvent

    def on_shown(window: Any, event: Any) -> None:
        note("window (s)")
        shown(window, event)

    drawn = MapCanvas._on_drawn

    def on_drawn(self: Any, picture: Any) -> None:
        drawn(self, picture)
        note("map (s)")
        if found.keys() >= {"planned (s)"}:
            used = resource.getrusage(resource.RUSAGE_SELF)
            found["memory (MB)"] = used.ru_maxrss / 1024
            print(json.dumps(found), flush=True)
            os._exit(0)

    planned = MapCanvas._on_planned

    def on_planned(self: Any, plan: Any) -> None:
        if plan is not None:
            note("planned (s)")
        planned(self, plan)

    app.Window.showEvent = on_shown  # type: ignore[method-assign]
    MapCanvas._on_drawn = on_drawn  # type: ignore[method-assign]
    MapCanvas._on_planned = on_planned  # type: ignore[method-assign]
    main([])


def started() -> dict[str, float]:
    """One start; seconds of each stage since the process was asked for."""
    command = [sys.executable, __file__, "--child", str(time.time())]
    environment = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", type=float, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child is not None:
        child(chosen.child)
        return
    started()
    rounds = [started() for _ in range(chosen.rounds)]
    names = rounds[0]
    found = {
        f"{name[:-4]}: {kind}": value
        for name in names
        for kind, value in (
            ("median", statistics.median(each[name] for each in rounds)),
            ("best", min(each[name] for each in rounds)),
            ("p95", sorted(each[name] for each in rounds)[-1 - len(rounds) // 20]),
        )
    }
    if chosen.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:30s} {value:8.2f}")


if __name__ == "__main__":
    main()

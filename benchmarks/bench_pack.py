"""Time of the meeting pack: the sample town's own areas, and the town in thirty areas.

Run: ``python benchmarks/bench_pack.py [--rounds N] [--json]``. Measured is what ``renomap pack`` does once
the project is open: the numbers of the plan, then all files. Wall and processor seconds, medians of the
rounds; on a busy machine only the latter can be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from renomap.model.project import Project
from renomap.steps.demo import sample_project
from renomap.steps.group import group
from renomap.steps.handover import pack
from renomap.steps.options import GroupOptions
from renomap.steps.plan import make_plan
from renomap.wording.catalogue import words

AREAS = 30
#: What is grouped, and how: the town as its preset has it, and as many small areas as a large district has.
TASKS: dict[str, GroupOptions] = {
    "sample": GroupOptions(preset="changsha"),
    "thirty": GroupOptions(
        preset="changsha", areas=AREAS, bounds={"households_min": 50.0}, within="none", time_limit=5.0
    ),
}


def seconds(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, its wall and its processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = work()
    return made, time.perf_counter() - wall, time.process_time() - cpu


def measure(project: Project, rounds: int) -> dict[str, float]:
    """Medians over the rounds, and how much was written."""
    taken: dict[str, list[float]] = {}
    said = words("zh")
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            plan, plan_wall, plan_cpu = seconds(lambda: make_plan(project))
            files, wall, cpu = seconds(lambda to=Path(place) / "pack", of=plan: pack(of, to, said))
            figures = {
                "areas": len(plan.areas),
                "plan_s": plan_wall,
                "plan_cpu_s": plan_cpu,
                "pack_s": wall,
                "pack_cpu_s": cpu,
                "report_mb": files[0].stat().st_size / 1e6,
                "all_mb": sum(file.stat().st_size for file in files) / 1e6,
            }
        for name, value in figures.items():
            taken.setdefault(name, []).append(value)
    return {name: round(statistics.median(values), 2) for name, values in taken.items()}


def main() -> None:
    """Print a line per task, or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    town = sample_project()
    found = {name: measure(group(town, options).project, given.rounds) for name, options in TASKS.items()}
    if given.json:
        print(json.dumps(found))
        return
    for name, figures in found.items():
        print(f"{name:<8}", "  ".join(f"{key} {value:g}" for key, value in figures.items()))


if __name__ == "__main__":
    main()

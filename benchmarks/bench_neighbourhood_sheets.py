"""Time and memory of neighbourhood sheets: the sample town's own, repeated until there are five hundred.

Run: ``python benchmarks/bench_neighbourhood_sheets.py [--sheets N] [--paper A3|A4] [--json]``. Measured is
what ``renomap report --pages neighbourhoods`` does once the plan is made: wall and processor seconds, and the
most memory that the process ever held, in MB. On a busy machine only processor seconds can be compared.

On two busy cores, 500 sheets (A3): 121 s, 47 s of processor, 817 MB at most (374 MB before), a file of 29 MB;
set in batches of forty instead of five: 101 s, 45 s, 1,675 MB.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pandas as pd

from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs.neighbourhood_sheets import write_pdf
from renomap.steps.demo import sample_project, with_projects
from renomap.steps.group import group
from renomap.steps.options import GroupOptions
from renomap.steps.plan import make_plan
from renomap.wording.catalogue import words

#: Goals: seconds, and MB.
MOST_SECONDS, MOST_MB = 180.0, 1000.0


def town_of(sheets: int) -> Plan:
    """The sample town with its programme, its neighbourhoods repeated under new ids."""
    project = with_projects(group(sample_project(), GroupOptions(preset="changsha")).project)
    plan = make_plan(project)
    people, view = plan.neighbourhoods, plan.programme
    times = -(-sheets // len(people))
    shift = int(people.index.max()) + 1

    def repeated(frame: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([frame.set_axis(frame.index + k * shift) for k in range(times)]).head(sheets)

    assert view is not None
    view = replace(view, neighbourhoods=repeated(view.neighbourhoods))
    return replace(plan, neighbourhoods=repeated(people).rename_axis("fid"), programme=view)


def main() -> None:
    """Measure once and say it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sheets", type=int, default=500)
    parser.add_argument("--paper", default="A3", choices=("A3", "A4"))
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    plan = town_of(chosen.sheets)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "sheets.pdf"
        pages = write_pdf(plan, path, words("zh"), Page(report=chosen.paper))
        size = path.stat().st_size / 1e6
    told = {
        "pages": pages,
        "seconds": round(time.perf_counter() - wall, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "before_mb": round(before),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(size, 1),
    }
    told["within"] = told["seconds"] <= MOST_SECONDS and told["peak_mb"] <= MOST_MB
    print(json.dumps(told) if chosen.json else " · ".join(f"{name} {value}" for name, value in told.items()))


if __name__ == "__main__":
    main()

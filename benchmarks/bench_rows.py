"""A row of the neutral bench: the engine and its peers on the same work in the same run, and the ratios.

    python benchmarks/bench_rows.py BENCH [ROW...] [--seeds 5] [--patience 300]

BENCH is the folder of the neutral bench, whose ``run_one.py`` runs each engine in a process of its own and
judges the plan; the Python that runs this runs them all, so it has to have the peers. ROW is one of
``ROWS``, all without; instances that are not there (PEERS_SYN tells where larger ones are) are passed over.
Times are processor seconds of the solving alone: median and 95th percentile over the seeds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

HOME = Path(__file__).resolve().parents[1]
OURS, QUICK = "renomap", "renomap.quick"
GERRYCHAIN, REDCAP = "gerrychain.recursive_tree_part", "pygeoda.redcap(fullorder-ward)"


@dataclass(frozen=True)
class Row:
    """Work on an instance, who does it beside the engine, and which figures tell who did it better."""

    instance: str
    task: str
    peers: tuple[str, ...]
    figures: tuple[str, ...]


ROWS: Mapping[str, Row] = {
    "most-lacity": Row("lacity", "maxp", (QUICK, "spopt.maxp(99,10)", "pygeoda.maxp_greedy(99)"), ("p",)),
    "most-fr32": Row("fr32", "maxp", (QUICK, "spopt.maxp(1,1)"), ("p",)),
    "most-georgia": Row("georgia", "maxp", (QUICK, "pygeoda.maxp_greedy(99)"), ("p",)),
    "fixed-fr32": Row("fr32", "pfix:190:10000", (REDCAP, "renomap.long"), ("within_over_total",)),
    "fixed-georgia": Row("georgia", "pfix:8:300000", (REDCAP, "pygeoda.azp_sa"), ("within_over_total",)),
    "range-lacity": Row(
        "lacity", "range:140:8000:11500", (GERRYCHAIN,), ("within_over_total", "cut_frac", "p")
    ),
    "range-10k": Row(
        "blocks_10k", "range:480:300:500", (GERRYCHAIN,), ("within_over_total", "cut_frac", "p")
    ),
    "range-50k": Row("blocks_50k", "range:2470:300:500", (), ("p",)),
    "most-200k": Row("blocks_200k", "maxp", (), ("p", "p_over_ub", "rss_mb")),
}


def judged(bench: Path, engine: str, row: Row, seed: int, patience: float) -> dict[str, Any] | None:
    """What the neutral judge says of one run; None if the engine fails or has no answer in time."""
    places = [str(HOME), str(HOME / "benchmarks"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    if engine.startswith(OURS):
        environment["EXTRA_ENGINES"] = "bench_engine"
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "run_one.py",
            engine,
            row.instance,
            row.task,
            str(seed),
            f"{folder}/labels.csv",
        ]
        try:
            done = subprocess.run(
                command, cwd=bench, env=environment, capture_output=True, text=True, timeout=patience
            )
        except subprocess.TimeoutExpired:
            return None
    told = [line.removeprefix("RESULT ") for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    return dict(json.loads(told[0])) if told else None


def measured(bench: Path, engine: str, row: Row, seeds: int, patience: float) -> dict[str, float]:
    """Medians of the figures over the seeds answered, the 95th percentile of the time, and all faults."""
    told = [judged(bench, engine, row, seed, patience) for seed in range(1, seeds + 1)]
    answers = [one for one in told if one is not None]
    found = {"answers": float(len(answers))}
    if answers:
        faults = ("under", "over", "noncontig", "unassigned")
        found |= {name: float(np.median([one[name] for one in answers])) for name in (*row.figures, "cpu_s")}
        found["p95_s"] = float(np.percentile([one["cpu_s"] for one in answers], 95))
        found["faults"] = float(sum(one[name] for one in answers for name in faults))
    return found


def report(bench: Path, name: str, seeds: int, patience: float) -> None:
    """Measure a row and print a line for every engine, with its figures as multiples of ours."""
    row = ROWS[name]
    print(f"-- {name}: {row.instance} {row.task}, {seeds} seeds", flush=True)
    ours: dict[str, float] = {}
    for engine in (OURS, *row.peers):
        found = measured(bench, engine, row, seeds, patience)
        ours = ours or found
        if "cpu_s" not in found:
            print(f"{engine:32} no answer", flush=True)
            continue
        texts = [f"{found['cpu_s']:8.3f} s (p95 {found['p95_s']:.3f}{_against(ours, found, 'cpu_s')})"]
        texts += [f"{figure} {found[figure]:.4g}{_against(ours, found, figure)}" for figure in row.figures]
        print(
            f"{engine:32} {'  '.join(texts)}  {found['answers']:.0f} answers, {found['faults']:.0f} faults",
            flush=True,
        )


def _against(ours: dict[str, float], theirs: dict[str, float], figure: str) -> str:
    """Ours as a multiple of theirs; nothing beside ourselves."""
    known = ours is not theirs and ours.get(figure) and theirs[figure]
    return f", ours {ours[figure] / theirs[figure]:.3f} x" if known else ""


def main() -> None:
    """Run the rows asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bench", type=Path)
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--patience", type=float, default=300.0, help="seconds for one run")
    given = parser.parse_args()
    unknown = set(given.rows) - set(ROWS)
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    places = [given.bench / "data", Path(os.environ.get("PEERS_SYN", given.bench / "data"))]
    for name in given.rows or ROWS:
        if any((place / f"{ROWS[name].instance}.parquet").exists() for place in places):
            report(given.bench, name, given.seeds, given.patience)
        else:
            print(f"-- {name}: {ROWS[name].instance} is not there")


if __name__ == "__main__":
    main()

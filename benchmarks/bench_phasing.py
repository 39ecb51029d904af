"""How long years for 300 projects take, and a drag on the board of years.

    python benchmarks/bench_phasing.py

Projects are drawn at random, seed by seed: costs of 1 to 30 million yuan, caps in all and of one source that
take about three quarters of them. A drag is a repaint of the whole board with a card at the pointer.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from renomap.programme.budget import Budget
from renomap.programme.phasing import Candidate, phase
from renomap.programme.phasing_check import violations

YEARS = tuple(range(2026, 2031))
PROJECTS, SEEDS, REPAINTS = 300, 3, 60


def town(seed: int, count: int) -> tuple[list[Candidate], Budget]:
    """Projects and caps."""
    at = random.Random(seed)
    rows = [
        Candidate(
            key=key,
            cost=float(at.randint(100, 3000) * 10_000),
            score=at.uniform(5, 95),
            households=float(at.randint(50, 2500)),
            earliest=2026.0 + (at.random() < 0.2),
            uses={"district": float(at.randint(0, 900) * 10_000)},
        )
        for key in range(1, count + 1)
    ]
    cap = round(0.15 * sum(one.cost for one in rows))
    district = round(0.14 * sum(one.uses["district"] for one in rows))
    by_source = {(year, "district"): district for year in YEARS}
    return rows, Budget(YEARS, dict.fromkeys(YEARS, cap), by_source, discount=0.9)


def solving() -> None:
    """Seconds, gap and broken rules of each seed."""
    for seed in range(SEEDS):
        rows, budget = town(seed, PROJECTS)
        began = time.perf_counter()
        found = phase(rows, budget, time_limit=8.0)
        took = time.perf_counter() - began
        state = "proven" if found.proven else f"gap {found.gap:.4%}"
        broken = violations(rows, budget, found.years)
        print(f"{PROJECTS} projects, seed {seed}: {took:.2f} s, {state}, {len(found.years)} placed, {broken}")


def dragging(count: int) -> None:
    """Milliseconds of a repaint with a card at the pointer."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QApplication

    from renomap.desktop.panels.year_board import YearBoard
    from renomap.outputs.year_columns import YearCard, YearColumn
    from renomap.session.session import Session
    from renomap.session.settings import Settings

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert application is not None
    with tempfile.TemporaryDirectory() as folder:
        board = YearBoard(Session("zh", Settings(Path(folder) / "settings.ini"), Path(folder)))
        board.resize(1366, 500)
        board.show()
        facts, open_gate = "900 户 · 2,000.0 万元 · 前置 4/9", "待办：意愿征求"
        cards = [
            YearCard(key, f"片区{key}", 900.0, 2e7, True, False, False, facts, open_gate)
            for key in range(1, count + 1)
        ]
        board.columns = tuple(YearColumn(year, tuple(cards[k::5]), 3e8) for k, year in enumerate(YEARS))
        board._pressed = (cards[0], QPointF(50, 80))
        took = []
        for step in range(REPAINTS):
            board._pointer = QPointF(50 + 20 * step, 120)
            began = time.perf_counter()
            board.viewport().grab()
            took.append(1000 * (time.perf_counter() - began))
    took.sort()
    print(f"{count} cards: median {statistics.median(took):.1f} ms, p95 {took[int(0.95 * len(took))]:.1f} ms")


if __name__ == "__main__":
    solving()
    for number in (60, 300):
        dragging(number)

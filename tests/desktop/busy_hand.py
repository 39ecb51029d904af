"""A hand that never rests and does the same for the same number: the window that is killed at work.

``python busy_hand.py SEED EDITS LOG FOLDER TARGET [PROJECT]`` opens PROJECT, or begins with a town that was
never saved, and edits; it saves to TARGET now and then without waiting for it. Each change is a line in LOG:
when it was made, how many there were before, and the hash of what is on the screen.
"""

from __future__ import annotations

import os
import random
import sys
import time
import traceback
from pathlib import Path

import shapely
from desk import Desk, town
from planner_day import Hand, pairs, state_of
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

COLUMNS, ROWS = 12, 8
KINDS = ("paint",) * 10 + ("erase",) * 2 + ("undo",) * 4 + ("redo",) * 2 + ("draw", "split", "merge", "new")
SAVE_EVERY = 6


class BusyHand(Hand):
    """Edits that depend on the project and the seed alone, never on the clock."""

    def __init__(self, desk: Desk, seed: int) -> None:
        super().__init__(desk)
        self.choose = random.Random(seed)

    def ready(self) -> None:
        """Wait until a stroke would be taken."""
        planner, document = self.desk.session.planner, self.desk.session.document
        self.desk.until(lambda: planner.context is not None and planner.context.project is document.project)

    def edit(self) -> None:
        """One more edit of whatever kind."""
        kind = self.choose.choice(KINDS)
        fid = self.choose.choice(self.project.schemes[0].assignment.index.tolist())
        area = self.choose.choice(self.project.schemes[0].areas.index.tolist() or [None])
        self.ready()
        if kind in ("paint", "erase", "new"):
            self.use("erase" if kind == "erase" else "paint", None if kind == "new" else area)
            at = self.desk.place(fid)
            self.desk.drag(at, at + type(at)(2, 1))
        elif kind in ("undo", "redo"):
            for _ in range(self.choose.randrange(1, 4)):
                getattr(self.desk.session.document.undo_stack, kind)()
        else:
            self.desk.settle()
            self._large(kind, fid, area)

    def _large(self, kind: str, fid: int, area: int | None) -> None:
        plan = self.desk.session.planner.plan
        assert plan is not None
        if kind == "merge":
            first, second = self.choose.choice(pairs(plan))
            self.desk.session.document.select([first, second])
            self.desk.window.actions_.refresh()
            self.desk.window.actions_.by_code["merge"].trigger()
            return
        x, y = plan.neighbourhoods.geometry.loc[fid].centroid.coords[0]
        if kind == "draw":
            self.sketch(
                "draw", None, [(x - 90, y - 80), (x + 170, y - 70), (x + 160, y + 85), (x - 95, y + 60)]
            )
        elif area in plan.areas.index:
            xmin, ymin, xmax, ymax = shapely.bounds(plan.areas.geometry[area])
            x = (xmin + xmax) / 2
            self.sketch("split", area, [(x, ymin - 30), (x, ymax + 30)])


def main(seed: int, edits: int, log: Path, folder: Path, target: Path, project: Path | None) -> None:
    """Edit until it is done or somebody puts an end to it."""
    desk = Desk(folder)
    hand = BusyHand(desk, seed)
    if project is None:
        desk.open(town(COLUMNS, ROWS))
    else:
        hand.open(project)
    with log.open("a", encoding="ascii", buffering=1) as lines:
        count = 0

        def note(_: object = None) -> None:
            nonlocal count
            lines.write(f"{time.time()} {count} {state_of(hand.project)}\n")
            count += 1

        note()
        desk.session.document.changed.connect(note)
        print('{"ready": true}', flush=True)
        desk.canvas.fit()
        for number in range(edits):
            hand.edit()
            if number % SAVE_EVERY == 3:
                desk.session.keeper.save(target)
        desk.settle()
        assert not desk.faults, desk.faults
        QTest.qWait(300)
        print('{"done": true}', flush=True)


if __name__ == "__main__":
    application = QApplication([])
    sys.setswitchinterval(0.001)
    try:
        numbers, paths = sys.argv[1:3], [Path(name) for name in sys.argv[3:]]
        main(int(numbers[0]), int(numbers[1]), *paths, *([None] if len(paths) == 3 else []))
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)

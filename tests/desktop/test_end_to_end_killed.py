"""The window is killed at random moments of its work, saving included: what is found when it is opened again.

``RENOMAP_KILLS=50 pytest -s tests/desktop/test_end_to_end_killed.py`` is the long run; it prints its figures.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import shown
from desk import Desk, town
from planner_day import state_of
from pytestqt.qtbot import QtBot

from renomap.store.projectfile import save

KILLS = int(os.environ.get("RENOMAP_KILLS", "2"))
EDITS = 60 if KILLS > 10 else 25
SEED = 1
#: Seconds of work that a kill may cost.
ALLOWED = 2.0


@dataclass(frozen=True)
class Line:
    """One change as the killed window noted it."""

    when: float
    count: int
    state: str


def lines(log: Path) -> list[Line]:
    """What was noted; a line that was cut off does not count."""
    whole = log.read_text(encoding="ascii").split("\n")[:-1] if log.exists() else []
    return [Line(float(when), int(count), state) for when, count, state in (line.split() for line in whole)]


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """All states of the run when nobody disturbs it."""
    folder = tmp_path_factory.mktemp("whole")
    process = shown.start("busy_hand.py", SEED, EDITS, folder / "log", folder, folder / "p.gpkg")
    assert shown.said(process) == {"ready": True}
    assert shown.said(process) == {"done": True}
    shown.kill(process)
    return lines(folder / "log")


def found_again(qtbot: QtBot, folder: Path, target: Path) -> list[str]:
    """States of all that can be opened, recovery accepted: the file, and what was never saved."""
    desk = Desk(folder)
    desk.window.hide()
    states = []
    left = [one.path for one in desk.session.keeper.left_behind()]
    homes = [*([target] if target.exists() else []), *(home for home in left if home != target)]
    for home in homes:
        desk.session.keeper.open(home)
        desk.until(lambda home=home: desk.session.keeper._home == home.resolve())
        if desk.session.keeper.offer is not None:
            desk.session.keeper.accept_recovery()
        project = desk.session.document.project
        assert project is not None
        states.append(state_of(project))
        desk.session.document.undo_stack.setClean()
    desk.close()
    return states


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_costs_two_seconds_at_most(
    qtbot: QtBot, tmp_path: Path, whole_run: list[Line], number: int
) -> None:
    choose = random.Random(1000 + number)
    target, log = tmp_path / "项目.gpkg", tmp_path / "log"
    given = []
    if number % 2:  # every other time the project has been saved before
        save(town(12, 8), target)
        given = [target]
    process = shown.start("busy_hand.py", SEED, EDITS, log, tmp_path, target, *given)
    shown.said(process)
    time.sleep(choose.uniform(0, whole_run[-1].when - whole_run[0].when))
    shown.kill(process)
    killed = time.time()
    noted = lines(log)
    assert [line.state for line in noted] == [line.state for line in whole_run[: len(noted)]]
    states = found_again(qtbot, tmp_path, target)
    assert states
    reached = max(line.count for line in whole_run[: len(noted) + 1] if line.state in states)
    lost = [line for line in noted if line.count > reached]
    seconds = killed - lost[0].when if lost else 0.0
    print(f"killed after {len(noted)} changes: {len(lost)} lost, {seconds:.2f} s")
    assert seconds <= ALLOWED

"""The order of steps: no round before the one before it has ended, and gates in turn where the city says so.

Dates of a month are compared by its days: only what no day of it would allow is refused; what some days
would allow and others not is told, and left to be checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from renomap.errors import RenomapError
from renomap.model.dates import Interval, interval
from renomap.model.programme_columns import Outcome
from renomap.model.programme_rules import Gate, Needs, Rules

WRONG: Final = "wrong"
UNDECIDED: Final = "undecided"


@dataclass(frozen=True)
class OutOfTurn:
    """A step that cannot, or may not, have come after the one it needs.

    ``verdict`` WRONG or UNDECIDED; ``event`` and ``before`` ids of both rows, ``before`` 0 where there is
    none.
    """

    verdict: str
    gate: str
    round: int
    before_gate: str
    before_round: int
    event: int
    before: int


def out_of_turn(events: pd.DataFrame, rules: Rules) -> tuple[OutOfTurn, ...]:
    """Every passed step of one project that is out of turn, in the order of gates and rounds.

    Parameters
    ----------
    events : DataFrame
        Rows of table ``events`` of one project. Of several that passed in a round the last one entered
        counts; returned ones do not.
    """
    return _out_of_turn(_passed(events), rules)


def of_projects(events: pd.DataFrame, rules: Rules) -> dict[int, tuple[OutOfTurn, ...]]:
    """``out_of_turn`` of every project that has steps out of turn; ``events`` of many projects."""
    by_project: dict[int, _Steps] = {}
    for project, key, step in zip(events["project"], *_listed(events), strict=True):
        if step.passed:
            by_project.setdefault(int(project), {})[key] = step
    found = {project: _out_of_turn(steps, rules) for project, steps in by_project.items()}
    return {project: steps for project, steps in found.items() if steps}


def check(events: pd.DataFrame, row: dict[str, Any], rules: Rules) -> None:
    """Refuse an event that may not be added to those of its project.

    Raises
    ------
    RenomapError
        ``programme.gate-unknown``, ``programme.round-beyond``, ``programme.end-before-start``,
        ``programme.not-waivable``, ``programme.out-of-turn`` (a round or gate before the one it follows),
        ``programme.before-nothing`` (what it follows has not passed).
    """
    gate = rules.gate(str(row["gate"]))
    if gate is None:
        procedures = [one.key for one in rules.procedures]
        if row["gate"] in procedures:
            return
        known = ", ".join([*(one.key for one in rules.gates), *procedures])
        raise RenomapError("programme.gate-unknown", gate=row["gate"], known=known)
    nth = int(row.get("round") or 1)
    if not 1 <= nth <= gate.rounds:
        raise RenomapError("programme.round-beyond", gate=gate.zh, round=nth, rounds=gate.rounds)
    start, end = interval(row.get("start")), interval(row.get("end"))
    if start is not None and end is not None and end.last < start.first:
        raise RenomapError("programme.end-before-start", start=row["start"], end=row["end"])
    if row.get("override") and not gate.waivable:
        raise RenomapError("programme.not-waivable", gate=gate.zh)
    if row.get("result") != Outcome.PASSED:
        return
    new = int(events.index.max()) + 1 if len(events) else 1
    columns = ("gate", "round", "start", "end", "result")
    added = pd.DataFrame([{**dict.fromkeys(columns), **row, "round": nth}], index=pd.Index([new]))
    both = pd.concat([events[list(columns)].astype(object), added[list(columns)].astype(object)])
    for one in out_of_turn(both, rules):
        if one.verdict == WRONG and new in (one.event, one.before):
            code = "programme.out-of-turn" if one.before else "programme.before-nothing"
            names = {gate.key: gate.zh for gate in rules.gates}
            raise RenomapError(
                code,
                gate=names[one.gate],
                round=one.round,
                before=names[one.before_gate],
                before_round=one.before_round,
            )


def _steps(rules: Rules) -> Iterator[tuple[Gate, int, Gate, int]]:
    """Gate and round with the gate and round that has to come first."""
    previous: Gate | None = None
    for gate in rules.gates:
        if gate.needs not in (Needs.EVENTS, Needs.ACCEPTANCE) or gate.scope != "project":
            continue
        if rules.in_order and previous is not None:
            yield gate, 1, previous, previous.rounds
        for nth in range(2, gate.rounds + 1):
            yield gate, nth, gate, nth - 1
        previous = gate


@dataclass(frozen=True)
class _Step:
    id: int
    start: Interval | None
    end: Interval | None
    passed: bool


_Steps = dict[tuple[str, int], _Step]


def _listed(events: pd.DataFrame) -> tuple[list[tuple[str, int]], list[_Step]]:
    """Gate and round of every event, and the event; a date that is missing is the other one."""
    keys, steps = [], []
    names = ("gate", "round", "start", "end", "result")
    for row, gate, nth, start, end, result in zip(events.index, *(events[n] for n in names), strict=True):
        days = _day(start), _day(end)
        keys.append((str(gate), int(nth)))
        steps.append(_Step(int(str(row)), days[0] or days[1], days[1] or days[0], result == Outcome.PASSED))
    return keys, steps


def _passed(events: pd.DataFrame) -> _Steps:
    """The last event that passed in each round of each gate."""
    return {key: step for key, step in zip(*_listed(events), strict=True) if step.passed}


def _out_of_turn(passed: _Steps, rules: Rules) -> tuple[OutOfTurn, ...]:
    found: list[OutOfTurn] = []
    for gate, nth, previous, before_nth in _steps(rules):
        event, before = passed.get((gate.key, nth)), passed.get((previous.key, before_nth))
        verdict = None if event is None else (WRONG if before is None else _verdict(event, before))
        if event is not None and verdict is not None:
            before_id = 0 if before is None else before.id
            found.append(OutOfTurn(verdict, gate.key, nth, previous.key, before_nth, event.id, before_id))
    return tuple(found)


def _verdict(event: _Step, before: _Step) -> str | None:
    if event.start is None or before.end is None:
        return UNDECIDED
    if event.start.last < before.end.first:
        return WRONG
    return None if event.start.first >= before.end.last else UNDECIDED


def _day(text: object) -> Interval | None:
    return interval(text) if isinstance(text, str) else None

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
from renomap.model.programme_columns import Result
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
    passed = events[events["result"] == Result.PASSED]
    found: list[OutOfTurn] = []
    for gate, nth, previous, before_nth in _steps(rules):
        event, before = _last(passed, gate.key, nth), _last(passed, previous.key, before_nth)
        if event is None:
            continue
        verdict = WRONG if before is None else _verdict(event, before)
        if verdict is not None:
            ids = int(str(event.name)), 0 if before is None else int(str(before.name))
            found.append(OutOfTurn(verdict, gate.key, nth, previous.key, before_nth, *ids))
    return tuple(found)


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
    if row.get("result") != Result.PASSED:
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


def _last(passed: pd.DataFrame, gate: str, nth: int) -> pd.Series[Any] | None:
    rows = passed[(passed["gate"] == gate) & (passed["round"] == nth)]
    return rows.iloc[-1] if len(rows) else None


def _verdict(event: pd.Series[Any], before: pd.Series[Any]) -> str | None:
    begins, ended = _day(event, "start", "end"), _day(before, "end", "start")
    if begins is None or ended is None:
        return UNDECIDED
    if begins.last < ended.first:
        return WRONG
    return None if begins.first >= ended.last else UNDECIDED


def _day(event: pd.Series[Any], *names: str) -> Interval | None:
    """The first of these dates that is known."""
    return next((interval(event[name]) for name in names if isinstance(event[name], str)), None)

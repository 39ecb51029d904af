"""Gates (前置条件): what is settled for each neighbourhood and area before a step, and what still is not.

A gate is open until facts say otherwise; what facts leave undecided is unknown, never done. What was decided
for other members than an area has now is stale and has to be looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.model.programme import fids_of
from renomap.model.programme_columns import Outcome, Stage
from renomap.model.programme_rules import Before, Gate, Needs, Rules
from renomap.programme.consent import MET, NOT_MET, TO_CHECK

DONE: Final = "done"
OPEN: Final = "open"
STALE: Final = "stale"  # 需复核
UNKNOWN: Final = "unknown"  # 待核
WAIVED: Final = "waived"  # passed over with a reason
NOT_ASKED: Final = "not_asked"  # the city sets no number
#: States that hold nothing up.
PASSED: Final = (DONE, WAIVED, NOT_ASKED)
#: Words that say that there is none, in a field that a gate needs to be filled in.
NONE_WORDS: Final = ("", "无", "否", "没有", "未", "—", "-", "no", "none")
STAGES: Final = tuple(stage.value for stage in Stage)
Flags = npt.NDArray[np.bool_]
_Event = dict[str, Any]
#: The state of an area is the worst of its members'.
_WORST: Final = (NOT_ASKED, DONE, WAIVED, UNKNOWN, OPEN)
_NOBODY: Final[Mapping[str, Any]] = {"state": OPEN, "done": 0, "of": 0, "failing": ()}
_OF_CONSENT: Final = {MET: DONE, NOT_MET: OPEN, TO_CHECK: UNKNOWN}


@dataclass(frozen=True)
class GateFacts:
    """What gates are judged by.

    ``fields`` and ``upkeep``: columns by fid (absent columns and rows are not filled in). ``stage``: of each
    fid, a ``Stage``. ``consent``: verdict of each fid, None where no share is asked for. ``events``: table
    ``events`` with ``area`` (0 = of the neighbourhood ``fid``). ``accepted``: by area, 'met', 'not_met' or
    'to_check' of ``programme.acceptance``, None where nothing is asked.
    """

    fields: pd.DataFrame
    upkeep: pd.DataFrame
    stage: pd.Series[str]
    consent: pd.Series[str]
    events: pd.DataFrame
    accepted: pd.Series[str]


def of_members(rules: Rules, facts: GateFacts, fids: pd.Index[int]) -> pd.DataFrame:
    """The state of every gate of neighbourhoods.

    Returns
    -------
    DataFrame, index ``fids``
        A column for each gate of scope neighbourhood, in order: 'done', 'open', 'unknown', 'waived' or
        'not_asked'.
    """
    out = pd.DataFrame(index=fids)
    own = facts.events[facts.events["area"] == 0]
    for gate in (gate for gate in rules.gates if gate.scope == "neighbourhood"):
        state: pd.Series[str]
        if gate.needs in (Needs.FIELDS, Needs.UPKEEP):
            source = facts.fields if gate.needs is Needs.FIELDS else facts.upkeep
            there = [_filled(source, name, fids) for name in gate.names]
            state = _done(np.logical_and.reduce(there), fids)
        elif gate.needs is Needs.LIST:
            state = _done(_reached(facts.stage, fids, gate.names[0]), fids)
        elif gate.needs is Needs.CONSENT:
            state = facts.consent.reindex(fids).map(_OF_CONSENT).fillna(NOT_ASKED)
        else:
            of_gate = _grouped(own[own["gate"] == gate.key], "fid")
            state = pd.Series([_by_events(gate, of_gate.get(int(fid), []), None) for fid in fids], index=fids)
        waived = own[(own["gate"] == gate.key) & own["override"].notna()]["fid"] if gate.waivable else ()
        out[gate.key] = state.where(~fids.isin(waived) | (state == DONE), WAIVED)
    return out


def of_areas(
    rules: Rules, facts: GateFacts, members: pd.DataFrame, area_of: pd.Series[int], areas: Iterable[int]
) -> pd.DataFrame:
    """The state of every gate of areas.

    Parameters
    ----------
    members : DataFrame
        Of ``of_members``, for all fids of ``area_of``.
    area_of : Series
        Fid -> area.
    areas : iterable of int
        In the order wanted.

    Returns
    -------
    DataFrame, index 0..n-1, by area and order of the gates
        ``area``, ``gate``, ``state`` (as in ``of_members``, or 'stale'), ``done`` of ``of`` (members for
        which it is done; rounds of a project's gate), ``failing`` (fids for which it holds things up) and
        ``end`` (date of the last event, None).
    """
    fids = {int(str(area)): tuple(map(int, rows.index)) for area, rows in area_of.groupby(area_of)}
    grouped = _grouped(facts.events, "area")
    of_all = {str(name): _of_all(column, area_of) for name, column in members.reindex(area_of.index).items()}
    rows: list[dict[str, Any]] = []
    for area in areas:
        events = grouped.get(area, [])
        for gate in rules.gates:
            own = [event for event in events if event["gate"] == gate.key]
            if gate.scope == "neighbourhood":
                found = of_all[gate.key].get(int(area), _NOBODY)
            else:
                found = _of_project(gate, own, fids.get(area, ()), facts.accepted.get(area))
            end = max((event["end"] for event in own if isinstance(event["end"], str)), default=None)
            rows.append({"area": area, "gate": gate.key, **found, "end": end})
    return pd.DataFrame(rows, columns=["area", "gate", "state", "done", "of", "failing", "end"])


def holding_up(judged: pd.DataFrame, rules: Rules, step: Before) -> pd.DataFrame:
    """Rows of ``of_areas`` that hold up a step: its gates, and those of the steps before it.

    An area of which none holds up ``Before.SITE`` is approved (已批).
    """
    steps = list(Before)
    asked = {gate.key for gate in rules.gates if steps.index(gate.before) <= steps.index(step)}
    return judged[judged["gate"].isin(asked) & ~judged["state"].isin(PASSED)]


def counted(judged: pd.DataFrame, areas: pd.Index[int]) -> pd.DataFrame:
    """How many gates are done, of how many, by area (n/m; those that the city does not ask for are in none).

    Columns ``gates_done`` and ``gates``.
    """
    asked = judged[judged["state"] != NOT_ASKED]
    passed = asked["state"].isin(PASSED).groupby(asked["area"])
    out = pd.DataFrame({"gates_done": passed.sum(), "gates": passed.size()})
    return out.reindex(areas, fill_value=0).astype(np.int64)


def _of_all(states: pd.Series[str], area_of: pd.Series[int]) -> dict[int, dict[str, Any]]:
    """By area: a gate of neighbourhoods is done if it is done for every member."""
    found: dict[int, dict[str, Any]] = {}
    for fid, area, state in zip(states.index, area_of, states, strict=True):
        one = found.setdefault(int(area), {"state": NOT_ASKED, "done": 0, "of": 0, "failing": ()})
        one["of"] += 1
        one["state"] = max(one["state"], state, key=_WORST.index)
        if state in PASSED:
            one["done"] += 1
        else:
            one["failing"] = (*one["failing"], int(fid))
    return found


def _of_project(gate: Gate, events: list[_Event], fids: tuple[int, ...], accepted: object) -> dict[str, Any]:
    state = _by_events(gate, events, fids)
    if gate.needs is Needs.ACCEPTANCE and state == DONE and isinstance(accepted, str):
        state = _OF_CONSENT[accepted]
    if gate.waivable and state != DONE and any(isinstance(event["override"], str) for event in events):
        state = WAIVED
    done = len({event["round"] for event in events if event["result"] == Outcome.PASSED})
    return {"state": state, "done": min(done, gate.rounds), "of": gate.rounds, "failing": ()}


def _by_events(gate: Gate, events: list[_Event], fids: tuple[int, ...] | None) -> str:
    """Done with a passed event in each round; stale where the last of one was for other members."""
    last = {int(event["round"]): event for event in events if event["result"] == Outcome.PASSED}
    if not set(range(1, gate.rounds + 1)) <= set(last):
        return OPEN
    stamps = [set(fids_of(event["members"])) for event in last.values() if isinstance(event["members"], str)]
    return STALE if fids is not None and any(stamp != set(fids) for stamp in stamps) else DONE


def _grouped(events: pd.DataFrame, column: str) -> dict[int, list[_Event]]:
    found: dict[int, list[_Event]] = {}
    for event in events.to_dict("records"):
        found.setdefault(int(event[column]), []).append({str(name): value for name, value in event.items()})
    return found


def _done(done: Flags, fids: pd.Index[int]) -> pd.Series[str]:
    return pd.Series([DONE if one else OPEN for one in done], index=fids, dtype=object)


def _filled(source: pd.DataFrame, name: str, fids: pd.Index[int]) -> Flags:
    if name not in source:
        return np.zeros(len(fids), dtype=bool)
    found = source[name].reindex(fids)
    words = found.astype(str).str.strip().str.lower()
    return np.asarray(found.notna() & ~words.isin(NONE_WORDS), dtype=bool)


def _reached(stage: pd.Series[str], fids: pd.Index[int], wanted: str) -> Flags:
    """Whether neighbourhoods are at a stage or beyond it; those that left are not."""
    place: Mapping[str, int] = {name: nth for nth, name in enumerate(STAGES)}
    found = stage.reindex(fids).fillna(Stage.SURVEY.value)
    reached = found.map(place) >= place[wanted]
    return np.asarray(reached & (found != Stage.EXITED), dtype=bool)

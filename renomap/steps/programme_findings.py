"""What somebody should look at in a programme: contradictions, what is out of turn, who is missing."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from renomap.model.programme import Programme
from renomap.model.programme_columns import Mode, Stage
from renomap.model.programme_rules import Rules, WorkLayer
from renomap.model.programme_view import ProgrammeFinding
from renomap.programme import cost, funding, gates, site_order, turns, votes, who, works

SEVERITIES: Final = ("error", "warning", "hint")
#: Stages in which every basic need has to have its works.
PLANNED: Final = (Stage.ANNUAL.value, Stage.BUILDING.value, Stage.BUILT.value)


def findings(
    programme: Programme,
    rules: Rules,
    people: pd.DataFrame,
    running: pd.DataFrame,
    table: pd.DataFrame,
    judged: pd.DataFrame,
    area_of: pd.Series[int],
) -> tuple[ProgrammeFinding, ...]:
    """Everything of a programme to be looked at, errors first, then by project.

    Parameters
    ----------
    people : DataFrame
        Neighbourhoods of the plan.
    running : DataFrame
        Rows of the table ``projects`` by key, with ``id``.
    table, judged : DataFrame
        ``projects`` and ``gates`` of the view.
    area_of : Series
        Fid -> key.
    """
    found = [
        *_of_gates(programme, rules, running, judged),
        *_of_works(programme, rules, people, area_of),
        *_of_money(table),
        *_to_consider(programme, rules, table, area_of),
    ]
    for key, lacks in who.lacking(running)["lacks"].items():
        found.append(ProgrammeFinding("nobody", "hint", int(str(key)), params={"lacks": lacks}))
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.key, one.kind, one.fids)))


def _of_gates(
    programme: Programme, rules: Rules, running: pd.DataFrame, judged: pd.DataFrame
) -> list[ProgrammeFinding]:
    names = {gate.key: gate for gate in rules.gates}
    found = []
    for row in judged[judged["state"] == gates.STALE].to_dict("records"):
        params: dict[str, Any] = {"gate": names[row["gate"]]}
        found.append(ProgrammeFinding("stale", "warning", int(row["area"]), params=params))
    keys = {int(one): int(str(key)) for key, one in running["id"].items()}
    events = programme.events[programme.events["project"].isin(list(keys))]
    for project, steps in turns.of_projects(events, rules).items():
        for one in steps:
            params = {"gate": names[one.gate], "round": one.round}
            params |= {"before": names[one.before_gate], "before_round": one.before_round}
            kind, severity = ("out_of_turn", "error") if one.verdict == turns.WRONG else ("turn_open", "hint")
            found.append(ProgrammeFinding(kind, severity, keys[project], params=params))
    return found


def _of_works(
    programme: Programme, rules: Rules, people: pd.DataFrame, area_of: pd.Series[int]
) -> list[ProgrammeFinding]:
    table, found = programme.works, []
    items = {item.key: item for item in rules.items}

    keys = {int(str(fid)): int(key) for fid, key in area_of.items()}
    item_of = dict(zip(table.index.tolist(), table["item"].astype(str).tolist(), strict=True))

    def key_of(fid: int) -> int:
        return keys.get(fid, 0)

    for one in site_order.out_of_order(table, rules):
        ids = tuple(row for row in (one.first, one.second) if row)
        keys_of = [item_of[row] for row in ids]
        named = {"items": tuple(items.get(each, each) for each in keys_of)}
        severity = site_order.SEVERITY[one.kind]
        found.append(ProgrammeFinding(f"site_{one.kind}", severity, key_of(one.fid), (one.fid,), ids, named))
    for twice, item in works.counted_twice(table):
        params: dict[str, Any] = {"items": (items[item],) if item in items else ()}
        found.append(ProgrammeFinding("counted_twice", "error", key_of(twice), (twice,), params=params))
    if "heritage" in people:
        fids = table["fid"].astype(int).to_dict()
        for row in works.against_heritage(table, people["heritage"]):
            found.append(ProgrammeFinding("heritage", "error", key_of(fids[row]), (fids[row],), (row,)))
    planned = programme.units[programme.units["stage"].isin(PLANNED)]["fid"]
    missing = works.not_listed(table, people[people.index.isin(planned)], rules)
    lacking: dict[tuple[int, str], list[str]] = {}
    for fid, item, state in zip(missing["fid"], missing["item"], missing["state"], strict=True):
        lacking.setdefault((int(fid), str(state)), []).append(str(item))
    alike: dict[tuple[int, str, tuple[str, ...]], list[int]] = {}
    for (fid, state), named_items in lacking.items():
        alike.setdefault((key_of(fid), state, tuple(named_items)), []).append(fid)
    for (key, state, keys_of_items), fids_alike in alike.items():
        params = {"items": tuple(items[each] for each in keys_of_items)}
        kind, severity = ("basic_missing", "warning") if state == "missing" else ("basic_unknown", "hint")
        found.append(ProgrammeFinding(kind, severity, key, tuple(sorted(fids_alike)), params=params))
    strange = table[(table["fid"] > 0) & ~table["fid"].isin(area_of.index)]
    if len(strange):
        ids = tuple(int(str(one)) for one in strange.index)
        outside = tuple(sorted({int(fid) for fid in strange["fid"]}))
        found.append(ProgrammeFinding("in_no_project", "warning", 0, outside, ids))
    return found


def _of_money(table: pd.DataFrame) -> list[ProgrammeFinding]:
    found = []
    for key, remarks in table["remarks"].items():
        for remark in remarks:
            severity = "warning" if remark == funding.REMARKED["upgrade"] else "hint"
            found.append(ProgrammeFinding(remark, severity, int(str(key))))
    for kind in ("demolished", "rebuilt"):
        for key, verdict in table[kind].items():
            if verdict in (works.ABOVE, works.TO_CHECK):
                name = kind if verdict == works.ABOVE else f"{kind}_open"
                found.append(ProgrammeFinding(name, "warning", int(str(key))))
    return found


def _to_consider(
    programme: Programme, rules: Rules, table: pd.DataFrame, area_of: pd.Series[int]
) -> list[ProgrammeFinding]:
    """What is no fault, but what a planner would ask: pipes apart, votes, an unusual cost."""
    found = []
    for key, years in site_order.apart_in_area(programme.works, rules, area_of).items():
        params: dict[str, Any] = {"years": [str(year) for year in years]}
        found.append(ProgrammeFinding("pipes_apart", "hint", key, params=params))
    facilities = frozenset(item.key for item in rules.items if item.layer is WorkLayer.FACILITY)
    rebuilt = area_of.index[area_of.isin(table.index[table["mode"] == Mode.REBUILD])]
    names = {vote.key: vote for vote in rules.votes}
    judged = votes.judge(programme.surveys, rules.votes)
    keys = {int(str(fid)): int(key) for fid, key in area_of.items()}
    lacking: dict[tuple[int, str], list[int]] = {}
    for fid, matter in votes.lacking(judged, programme.works, rebuilt, facilities):
        if matter in names:
            lacking.setdefault((keys.get(fid, 0), matter), []).append(fid)
    for (key, matter), fids in lacking.items():
        params = {"matter": names[matter]}
        found.append(ProgrammeFinding("vote_missing", "hint", key, tuple(sorted(fids)), params=params))
    least, most = cost.USUAL_PER_HOUSEHOLD
    for name, each in table["cost_per_household"].items():
        if each < least or each > most:
            found.append(
                ProgrammeFinding("cost_unusual", "hint", int(str(name)), params={"each": f"{each:,.0f}"})
            )
    return found

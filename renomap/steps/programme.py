"""The programme of a project: every derived number of it, for each area and neighbourhood, computed once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.model.households import counted_whole
from renomap.model.plan import Plan
from renomap.model.preset import Eligibility, Preset
from renomap.model.programme import Programme
from renomap.model.programme_columns import Mode, Stage
from renomap.model.programme_rules import Before, Payer, Rules, SourceKind
from renomap.model.programme_view import ProgrammeView
from renomap.model.project import Project
from renomap.programme import (
    acceptance,
    cost,
    files,
    funding,
    gates,
    lists,
    progress,
    rounds,
    votes,
    who,
    yields,
)
from renomap.programme.prices import addon_shares, district_rate, prices
from renomap.programme.ranking import weighted
from renomap.steps.demolition import of_areas
from renomap.steps.programme_findings import findings
from renomap.steps.ranking import ranked

#: Columns of the table of projects that the view repeats.
NAMED: Final = ("code", "mode", "company", "person", "phone", "designer", "reported_on")
#: Columns that hold keys of the rules.
KEYED: Final = (("works", "item"), ("funds", "source"), ("events", "gate"), ("demands", "item"))
BASES: Final = ("planned", "arranged")
#: Columns of a ledger, there too where there is no project.
LEDGER: Final = (
    *(f"{name}_{end}" for name in ("gap", "financed", "arranged_gap") for end in ("low", "high")),
    *(payer.value for payer in Payer),
    *("left", "remarks"),
)


def rules_of(programme: Programme, preset: Preset) -> Rules:
    """The rules that a programme is judged by: its own, else those that the preset names."""
    return files.load(programme.rules or preset.programme)


@dataclass(frozen=True)
class _Ground:
    """What every part is computed from."""

    project: Project
    programme: Programme
    rules: Rules
    preset: Preset
    people: pd.DataFrame
    projects: pd.DataFrame  # index key, rows of the table
    area_of: pd.Series[int]
    keys: pd.Index[int]


def programme_view(
    project: Project, people: pd.DataFrame, areas: pd.DataFrame, preset: Preset
) -> ProgrammeView | None:
    """All derived numbers of the project's programme; None where it has no rows.

    Parameters
    ----------
    people : DataFrame
        Of ``Plan.neighbourhoods``: needs ``area_id``, ``households``, ``households_flag``, ``floor_area_m2``,
        ``consent`` and what gates and works are judged by.
    areas : DataFrame
        Of ``Plan.areas``: needs ``name`` and ``consent``; with its other figures projects are ranked too.
    """
    programme = _keyed(project.programme)
    if not programme:
        return None
    project = replace(project, programme=programme)
    ground = _laid(project, people, areas, preset)
    rules, keys, area_of = ground.rules, ground.keys, ground.area_of
    set_prices = prices(project.meeting, rules)
    accepted = acceptance.of_areas(programme, rules, people, area_of, keys)
    facts = _facts(ground, accepted["accepted"])
    members = gates.of_members(rules, facts, people.index)
    judged = gates.of_areas(rules, facts, members, area_of, keys)
    rows = cost.of_rows(programme.works, set_prices)
    numbers = _numbers(ground)
    on_top = addon_shares(project.meeting, rules)
    lines = cost.lines(rows, area_of, _estimates(ground, numbers), rules.order, on_top)
    table = pd.concat(
        [_named(ground, areas), numbers.reindex(keys), _stands(ground), gates.counted(judged, keys)], axis=1
    )
    held = gates.holding_up(judged, rules, Before.SITE)
    table["held"] = _tuples(held.groupby("area")["gate"].agg(tuple), keys)
    table = pd.concat([table, cost.of_areas(lines, keys)], axis=1)
    whole = (table["cost_low"] == table["cost_high"]) & (table["households_known"] == table["neighbourhoods"])
    table["cost_per_household"] = (table["cost_high"] / table["households"]).where(whole)
    table["consent"] = areas["consent"].reindex(keys).where(keys > 0, _single_consent(people, keys))
    ledgers, money = _money(ground, lines, table)
    brought = yields.of_areas(programme.works, area_of, table, keys)
    table = pd.concat([table, ledgers, of_areas(project, people, area_of, keys, rules), brought], axis=1)
    where = lists.stands(programme.units, people.index, None)
    done = progress.of_rows(programme.works)
    listed = where[where.index.isin(programme.units["fid"])]
    table["progress"] = progress.stages(done, area_of, listed, keys)
    own = pd.DataFrame({"key": area_of.reindex(people.index, fill_value=0), "stands": where})
    own["year"] = _years(programme, people.index)
    own["progress"] = progress.stages(done, pd.Series(own.index, own.index), listed, own.index)
    view = ProgrammeView(
        rules=rules,
        projects=table,
        neighbourhoods=pd.concat([own, members], axis=1),
        gates=judged,
        costs=lines,
        works=rows.assign(level=rows["level"].map(dict(enumerate(cost.LEVELS)))),
        money=money,
        lists=lists.identity(where, people[list(lists.MEASURES)]),
        demands=rounds.most_wanted(programme.demands, area_of),
        votes=votes.judge(programme.surveys, rules.votes),
        findings=findings(programme, rules, people, ground.projects, table, judged, area_of),
        prices=set_prices,
        coverage=_coverage(people, where),
        companies=who.by_company(table, table),
        progress=progress.by_item(done, area_of),
        acceptance=accepted.assign(professional=acceptance.professional(facts.events, rules, keys)),
    )
    return replace(view, ranking=ranked(view, people, areas)) if "households" in areas else view


def _keyed(programme: Programme) -> Programme:
    """The programme with '' for keys that a row does not name yet: it is being typed."""
    for table, column in KEYED:
        frame = programme.table(table)
        if frame[column].isna().any():
            programme = programme.with_table(table, frame.assign(**{column: frame[column].fillna("")}))
    return programme


def _laid(project: Project, people: pd.DataFrame, areas: pd.DataFrame, preset: Preset) -> _Ground:
    programme, scheme = project.programme, project.scheme
    table = programme.projects
    running = table[table["exited"].isna()]
    here = running["scheme"].isna() | (running["scheme"] == (None if scheme is None else scheme.key))
    of_area = running[(running["area"] > 0) & here & running["area"].isin(areas.index)]
    assigned = people["area_id"]
    single = running[(running["area"] == 0) & running["fid"].isin(assigned.index[assigned == 0])]
    rows = pd.concat([of_area.assign(key=of_area["area"]), single.assign(key=-single["fid"])])
    rows = rows.assign(id=rows.index).drop_duplicates("key", keep="last").set_index("key")
    alone = rows.index[rows.index < 0]
    area_of = assigned[assigned > 0].astype(np.int64)
    lone = pd.Series(alone, index=pd.Index(-alone, dtype=np.int64), dtype=np.int64)
    area_of = pd.concat([area_of, lone]) if len(lone) else area_of
    keys = pd.Index([*areas.index, *sorted(alone, reverse=True)], dtype=np.int64, name="key")
    rules = rules_of(programme, preset)
    rules = replace(rules, factors=weighted(rules.factors, project.meeting))
    return _Ground(project, programme, rules, preset, people, rows, area_of.sort_index(), keys)


def _placed(ground: _Ground, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table with ``area``, the key of the project or of the neighbourhood they are of."""
    by_project = pd.Series(ground.projects.index, index=ground.projects["id"])
    area = rows["project"].map(by_project).fillna(rows["fid"].map(ground.area_of))
    placed = rows.assign(area=area).dropna(subset=["area"])
    return placed.astype({"area": np.int64})


def _facts(ground: _Ground, accepted: pd.Series[str]) -> gates.GateFacts:
    programme, people = ground.programme, ground.people
    events = programme.events
    by_project = pd.Series(ground.projects.index, index=ground.projects["id"])
    area = events["project"].map(by_project).where(events["project"] > 0, 0)
    events = events.assign(area=area).dropna(subset=["area"]).astype({"area": np.int64})
    return gates.GateFacts(
        fields=people,
        upkeep=programme.upkeep.drop_duplicates("fid", keep="last").set_index("fid"),
        stage=programme.units.drop_duplicates("fid", keep="last").set_index("fid")["stage"],
        consent=people["consent"],
        events=events,
        accepted=accepted,
    )


def _numbers(ground: _Ground) -> pd.DataFrame:
    """Households and floor area by key, and by minus the fid of every neighbourhood."""
    people = ground.people
    members = people.loc[ground.area_of.index]
    grouped = members.groupby(ground.area_of)
    whole = counted_whole(members)
    out = pd.DataFrame(index=ground.keys)
    out["neighbourhoods"] = grouped.size().reindex(ground.keys, fill_value=0)
    for name in lists.MEASURES:
        known = whole if name == "households" else members[name].notna()
        out[name] = grouped[name].sum(min_count=1).reindex(ground.keys)
        out[f"{name}_known"] = known.groupby(ground.area_of).sum().reindex(ground.keys, fill_value=0)
    return out


def _estimates(ground: _Ground, numbers: pd.DataFrame) -> pd.DataFrame:
    """Estimates with their areas and amounts."""
    placed = _placed(ground, ground.programme.estimates)
    of_work = ground.programme.works["fid"].map(ground.area_of)
    by_work = ground.programme.estimates["work"].map(of_work).dropna()
    if len(by_work):
        rows = ground.programme.estimates.loc[by_work.index].assign(area=by_work.astype(np.int64))
        placed = pd.concat([placed.drop(index=rows.index, errors="ignore"), rows]).sort_index()
    whole = numbers[list(lists.MEASURES)].copy()
    for name in lists.MEASURES:
        whole[name] = whole[name].where(numbers[f"{name}_known"] == numbers["neighbourhoods"])
    people = ground.people[list(lists.MEASURES)].set_axis(-ground.people.index)
    bases = pd.concat([whole, people[~people.index.isin(whole.index)]])
    key = placed["area"].where(placed["fid"] == 0, -placed["fid"])
    return cost.of_estimates(placed.assign(key=key), bases)


def _named(ground: _Ground, areas: pd.DataFrame) -> pd.DataFrame:
    keys, rows = ground.keys, ground.projects
    out = pd.DataFrame({"project": rows["id"].reindex(keys, fill_value=0).astype(np.int64)}, index=keys)
    own = pd.Series(
        [ground.people["name"].get(-key) if key < 0 else areas["name"].get(key) for key in keys],
        index=keys,
        dtype=object,
    )
    told = rows["name"].reindex(keys)
    out["name"] = told.where(told.notna(), own)
    out["planned_year"] = rows["year"].reindex(keys)
    out["year_fixed"] = rows["fixed"].reindex(keys, fill_value=False).astype(bool)
    for name in NAMED:
        found = rows[name].reindex(keys).astype(object)
        out[name] = found.where(found.notna(), None)
    return out


def _years(programme: Programme, fids: pd.Index[int]) -> pd.Series[float]:
    return programme.units.drop_duplicates("fid", keep="last").set_index("fid")["year"].reindex(fids)


def _coverage(people: pd.DataFrame, where: pd.Series[str]) -> pd.DataFrame:
    """How much of what may join an area is on a list; what is still to be checked may."""
    if "eligibility" not in people:
        return pd.DataFrame()
    eligible = people["eligibility"].isin([Eligibility.ELIGIBLE.value, Eligibility.PENDING.value])
    included = ~where.isin([Stage.SURVEY.value, Stage.EXITED.value])
    return lists.coverage(eligible, included, people[list(lists.MEASURES)])


def _stands(ground: _Ground) -> pd.DataFrame:
    """Where all members stand, and in which year; unknown where they differ."""
    fids = ground.area_of.index
    out = pd.DataFrame(index=ground.keys)
    where = lists.stands(ground.programme.units, fids, None).groupby(ground.area_of)
    found = where.first().where(where.nunique() == 1, None).reindex(ground.keys)
    out["stands"] = found.astype(object).where(found.notna(), None)
    years = _years(ground.programme, fids).groupby(ground.area_of)
    year = years.first().where((years.nunique() == 1) & (years.count() == years.size()))
    out["year"] = year.reindex(ground.keys)
    return out


def _money(ground: _Ground, lines: pd.DataFrame, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The ledgers of all projects (index key), and their money row by row."""
    funds = _all_funds(ground, table)
    by_key: dict[int, list[dict[Any, Any]]] = {}
    for pot in funds.to_dict("records"):
        by_key.setdefault(int(pot["area"]), []).append(pot)
    costs: dict[int, list[funding.CostLine]] = {}
    for key, item, low, high in zip(*(lines[n] for n in ("area", "item", "low", "high")), strict=True):
        costs.setdefault(int(key), []).append(funding.CostLine(item, low, np.inf if np.isnan(high) else high))
    ledgers: dict[int, dict[str, Any]] = {}
    rows: list[dict[str, Any]] = []
    modes = table["mode"].to_dict()
    payer = {source.key: source.payer for source in ground.rules.sources}
    for key in ground.keys:
        rebuild = bool(modes[int(key)] == Mode.REBUILD)
        pots = by_key.get(int(key), [])
        found = {
            basis: funding.ledger(
                costs.get(int(key), []), [_amount(pot, basis) for pot in pots], ground.rules, rebuild=rebuild
            )
            for basis in BASES
        }
        planned, arranged = found["planned"], found["arranged"]
        known = int(key) in costs
        out: dict[str, Any] = dict.fromkeys(Payer, 0.0)
        for (source, _), used in planned.used.items():
            out[payer.get(source, Payer.COMPANIES)] += used
        ledgers[int(key)] = {
            "gap_low": planned.gap_low if known else np.nan,
            "gap_high": _finite(planned.gap_high) if known else np.nan,
            "financed_low": planned.financed_low if known else np.nan,
            "financed_high": _finite(planned.financed_high) if known else np.nan,
            "arranged_gap_low": arranged.gap_low if known else np.nan,
            "arranged_gap_high": _finite(arranged.gap_high) if known else np.nan,
            **{name.value: out[name] if known else np.nan for name in Payer},
            "left": sum(planned.left.values()) if known else np.nan,
            "remarks": planned.remarks,
        }
        rows += _rows_of(int(key), pots, planned if known else None)
    names = ["key", "source", "scope", "planned", "arranged", "paid", "used", "left", "derived"]
    table_of = pd.DataFrame.from_dict(ledgers, orient="index", columns=[*LEDGER]).reindex(ground.keys)
    return table_of, pd.DataFrame(rows, columns=names)


def _all_funds(ground: _Ground, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table ``funds`` with ``area``, and the subsidies per household that no row states."""
    placed = _placed(ground, ground.programme.funds).assign(derived=False, open=False)
    rates = {"city": ground.preset.subsidy.get("city")}
    amounts = {name: None if bound is None else bound.value for name, bound in rates.items()}
    amounts["district"] = district_rate(ground.project.meeting, ground.preset)
    stated = set(zip(placed["area"], placed["source"], strict=True))
    added = []
    subsidies = {source.key for source in ground.rules.sources if source.kind is SourceKind.SUBSIDY}
    names = ("households_known", "neighbourhoods", "households", "mode")
    for key, known, of, households, mode in zip(table.index, *(table[n] for n in names), strict=True):
        if mode == Mode.REBUILD and not ground.rules.subsidised_rebuild:
            continue
        for name, rate in amounts.items():
            if rate is None or name not in subsidies or (key, name) in stated or np.isnan(households):
                continue
            low, high = funding.subsidy(households, known == of, rate)
            added.append(
                {"area": key, "source": name, "planned": low, "derived": True, "open": np.isinf(high)}
            )
    return pd.concat([placed, pd.DataFrame(added, columns=placed.columns)]) if added else placed


def _amount(pot: dict[Any, Any], basis: str) -> funding.Money:
    value, scope = pot[basis], pot["scope"]
    unknown = bool(np.isnan(value))
    high = np.inf if unknown or (basis == "planned" and pot["open"]) else value
    words = tuple(scope.split()) if isinstance(scope, str) else ()
    return funding.Money(pot["source"], 0.0 if unknown else value, high, words)


def _rows_of(key: int, pots: list[dict[Any, Any]], found: funding.Ledger | None) -> list[dict[str, Any]]:
    """A row for each source and scope; unknown amounts stay unknown in its sums, and so does what is used
    where no work is listed.
    """
    rows: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
    for pot in pots:
        scope = tuple(sorted(set(str(pot["scope"]).split()))) if isinstance(pot["scope"], str) else ()
        place = (pot["source"], scope)
        sums = {name: float(pot[name]) for name in ("planned", "arranged", "paid")}
        if place in rows:
            for name, value in sums.items():
                rows[place][name] += value
            continue
        used = np.nan if found is None else found.used.get(place, 0.0)
        left = np.nan if found is None else found.left.get(place, 0.0)
        if np.isnan(sums["planned"]):
            used = left = np.nan
        derived = bool(pot["derived"])
        head = {"key": key, "source": place[0], "scope": " ".join(scope)}
        rows[place] = {**head, **sums, "used": used, "left": left, "derived": derived}
    return list(rows.values())


def _single_consent(people: pd.DataFrame, keys: pd.Index[int]) -> pd.Series[Any]:
    return pd.Series([people["consent"].get(-key) for key in keys], index=keys, dtype=object)


def _tuples(found: pd.Series[Any], keys: pd.Index[int]) -> pd.Series[Any]:
    return pd.Series([found.get(key, ()) for key in keys], index=keys, dtype=object)


def _finite(value: float) -> float:
    return np.nan if np.isinf(value) else value


def with_programme(plan: Plan, project: Project) -> Plan:
    """A plan with the programme of a project that differs from the plan's in nothing else.

    An edit of a programme asks for it, where a whole plan would take too long.
    """
    seen = programme_view(project, plan.neighbourhoods, plan.areas, plan.preset)
    return replace(plan, project=project, programme=seen)

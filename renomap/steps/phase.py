"""Years of projects: chosen by hand, or by the solver within what the meeting has set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.dates import interval
from renomap.model.plan import Plan
from renomap.model.programme_columns import Outcome, Stage, Urgency
from renomap.model.programme_rules import Before
from renomap.model.programme_view import ProgrammeView
from renomap.model.project import Project
from renomap.programme import gates, phasing_check
from renomap.programme.budget import Budget, budget_of
from renomap.programme.phasing import Candidate, Phasing, phase
from renomap.steps.projects import project_of_area, project_of_neighbourhood, running


def budget_for(project: Project, view: ProgrammeView, years: Iterable[int] = ()) -> Budget:
    """The years of the rules, or those given, with the limits that the meeting has set."""
    return budget_of(project.meeting, view.rules, tuple(years) or view.rules.years)


def candidates(plan: Plan, budget: Budget) -> tuple[Candidate, ...]:
    """What is known of every project that may get a year, by key.

    Where all members are listed for one year it is fixed, and so is a year that somebody gave to a project of
    which too little is known to plan it; a project handed over or given up is none. ``earliest`` is the
    year in which the last gate before the start is passed or due; unknown where an open gate has no date. A
    problem that is to be solved by a date makes its project urgent.

    Raises
    ------
    RenomapError
        ``programme.no-rows``.
    """
    view = plan.programme
    if view is None:
        raise RenomapError("programme.no-rows")
    table = view.projects[~view.projects["stands"].isin((Stage.EXITED.value, Stage.HANDED_OVER.value))]
    columns = pd.DataFrame(
        {
            "cost": table["cost_high"].where(table["cost_low"] == table["cost_high"]),
            "score": view.ranking["score_low"],
            "households": table["households"].where(table["households_known"] == table["neighbourhoods"]),
            "earliest": _earliest(plan, view, budget),
        },
        index=table.index,
    ).astype(np.float64)
    stays = table["year_fixed"] | columns.isna().any(axis=1)
    columns["fixed"] = table["year"].fillna(table["planned_year"].where(stays))
    least = table["cost_low"].fillna(0.0).to_dict()
    urgent = _urgent(plan, view)
    uses = {source: _used(view, table, source).to_dict() for _, source in budget.source_caps}
    return tuple(
        Candidate(
            key=int(str(key)),
            **{str(name): float(value) for name, value in row.items()},
            urgent=int(str(key)) in urgent,
            least=float(least[key]),
            uses={source: float(used[key]) for source, used in uses.items()},
        )
        for key, row in columns.to_dict("index").items()
    )


def phased(plan: Plan, budget: Budget, *, time_limit: float = 10.0) -> tuple[Project, Phasing]:
    """The project with the years that the solver gives, and the result; what was fixed by hand stays.

    Raises
    ------
    RenomapError
        ``programme.no-rows``; ``programme.no-years`` where neither rules nor caller name years;
        ``programme.phase-unsound`` where the check finds a rule broken.
    """
    rows = candidates(plan, budget)
    if not budget.years:
        raise RenomapError("programme.no-years")
    found = phase(rows, budget, time_limit=time_limit)
    broken = phasing_check.violations(rows, budget, found.years)
    if broken:
        raise RenomapError("programme.phase-unsound", what="; ".join(broken))
    chosen = {one.key: found.years.get(one.key) for one in rows if np.isnan(one.fixed)}
    return with_years(plan.project, chosen, fixed=False), found


def with_years(project: Project, years: Mapping[int, int | None], *, fixed: bool) -> Project:
    """The project with planned years by key (area, or minus the fid of a neighbourhood); None takes one away.

    ``fixed``: chosen by somebody, so that the solver leaves it; without a year nothing is fixed. An area that
    is no project yet becomes one where it gets a year.
    """
    for key, year in years.items():
        there = running(project)
        known = there[there["area"].eq(key) if key > 0 else there["fid"].eq(-key)]
        if year is None and not len(known):
            continue
        made, number = project_of_area(project, key) if key > 0 else project_of_neighbourhood(project, -key)
        frame = made.programme.projects
        wanted = (np.nan if year is None else float(year), fixed and year is not None)
        if frame.loc[[number], ["year", "fixed"]].equals(_row(number, wanted)):
            project = made
            continue
        frame = frame.copy()
        frame.loc[number, ["year", "fixed"]] = wanted
        project = replace(made, programme=made.programme.with_table("projects", frame))
    return project


def _row(number: int, values: tuple[float, bool]) -> pd.DataFrame:
    return pd.DataFrame([values], index=pd.Index([number], name="id"), columns=["year", "fixed"])


def _earliest(plan: Plan, view: ProgrammeView, budget: Budget) -> pd.Series[float]:
    """The year in which the last gate before the start is passed, or due; the first where none is open."""
    out = pd.Series(float(budget.years[0]) if budget.years else np.nan, index=view.projects.index)
    held = gates.holding_up(view.gates, view.rules, Before.SITE)
    events = plan.project.programme.events
    waiting = events[events["due"].notna() & (events["result"] != Outcome.PASSED)]
    due: dict[tuple[int, str], float] = {}
    for row in waiting.to_dict("records"):
        days = interval(row["due"])
        if days is not None:
            due[int(row["project"]), str(row["gate"])] = float(days.last.year)
    numbers = view.projects["project"].to_dict()
    for area, gate in zip(held["area"], held["gate"], strict=True):
        year = due.get((int(numbers[area]), str(gate)), np.nan)
        out[area] = np.maximum(out[area], year)  # of an unknown one nothing is known
    return out


def _urgent(plan: Plan, view: ProgrammeView) -> frozenset[int]:
    """Keys of projects with an open problem that is to be solved by a date (限时解决)."""
    problems = plan.project.programme.problems
    pressing = problems[(problems["urgency"] == Urgency.LIMITED) & problems["solved"].isna()]
    return frozenset(view.neighbourhoods["key"].reindex(pressing["fid"]).dropna().astype(int))


def _used(view: ProgrammeView, table: pd.DataFrame, source: str) -> pd.Series[float]:
    """Yuan of a source by project, as planned; unknown where a row is.

    Who has no row of it takes nothing where other money covers the whole cost, else nobody knows: the source
    may be what is still to be found.
    """
    own = view.money[view.money["source"] == source].groupby("key")["used"]
    told = own.sum().where(own.count() == own.size())
    covered = (table["financed_high"] == 0).map({True: 0.0, False: np.nan})
    return told.reindex(table.index).where(table.index.isin(told.index), covered).astype(np.float64)

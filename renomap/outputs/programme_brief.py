"""One page for whoever decides (一页纸汇报摘要): five questions, answered from computed values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from renomap.model.plan import Plan
from renomap.model.programme_columns import Stage
from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.outputs import programme_money
from renomap.outputs.numbers import YUAN_PER_WAN, AtLeast, Figures, Kind, at_least
from renomap.outputs.programme_texts import (
    held_text,
    item_name,
    next_procedure,
    span,
    stands_text,
    total_span,
)
from renomap.programme.consent import MET, NOT_MET
from renomap.programme.cost import LEVELS
from renomap.wording.names import titled

#: Names and lines of a list that find room on the page.
MOST = 6
#: Stages of projects that nothing holds up any more: they are no answer to what comes first.
BEHIND = (Stage.BUILT.value, Stage.HANDED_OVER.value, Stage.EXITED.value)
_Words = Mapping[str, str]


def brief(plan: Plan, view: ProgrammeView, words: _Words) -> list[dict[str, Any]]:
    """The five questions with their answers, each a list of lines; the second with the bar of the town, and
    what the bar leaves out.
    """
    figures = Figures(words)
    answers: list[tuple[list[str], list[dict[str, Any]]]] = [
        (_how_much(view, figures), []),
        (_who_pays(view, figures), programme_money.town_bar(view, figures)),
        (_who_agrees(plan, view, figures), []),
        (_what_first(plan, view, words), []),
        (_why_so(plan, view, figures), []),
    ]
    return [
        {
            "question": words[f"outputs.programme.question-{nth}"],
            "lines": lines,
            "bar": bar,
            "bar_note": words["outputs.programme.bar-of-known"] if bar and _is_partial(view) else "",
        }
        for nth, (lines, bar) in enumerate(answers, start=1)
    ]


def _how_much(view: ProgrammeView, figures: Figures) -> list[str]:
    words, table = figures.words, view.projects
    whole = bool((table["households_known"] == table["neighbourhoods"]).all())
    households = table["households"].sum(min_count=1)
    params = {
        "projects": figures.number(len(table)),
        "neighbourhoods": figures.number(table["neighbourhoods"].sum()),
        "households": figures.number(households if whole else AtLeast(households)),
        "surface": figures.number(_surface(table), Kind.WAN_M2),
    }
    lines = [sentence(words, "outputs.programme.how-much", params)]
    costed = table[table["cost_high"].notna()]
    if table["cost_low"].isna().all():
        return [*lines, words["outputs.programme.cost-open"]]
    level = min(table["cost_level"].dropna(), key=LEVELS.index)
    told = {"cost": total_span(table, "cost", figures), "known": figures.of(len(costed), len(table))}
    told["level"] = words[f"programme.word.level.{level}"]
    lines.append(sentence(words, "outputs.programme.how-dear", told))
    if len(costed) and costed["cost_per_household"].notna().all():
        each = costed["cost_high"].sum() / costed["households"].sum()
        told = {"each": figures.number(each / YUAN_PER_WAN, Kind.WAN_M2)}
        told["households"] = figures.number(costed["households"].sum())
        lines.append(sentence(words, "outputs.programme.per-household", told))
    return lines


def _surface(table: pd.DataFrame) -> Any:
    """Floor area of all projects (10,000 m2); the least there is where it is not known of every member."""
    known, members = table["floor_area_m2_known"].sum(), table["neighbourhoods"].sum()
    return at_least(table["floor_area_m2"].sum(min_count=1) / 1e4, known, members)


def _is_partial(view: ProgrammeView) -> bool:
    """Whether the bar of the town leaves out projects that cost something."""
    costed = view.projects[view.projects["gap_low"].notna() & view.projects["cost_low"].notna()]
    return bool(costed["financed_high"].isna().any())


def _who_pays(view: ProgrammeView, figures: Figures) -> list[str]:
    words, table = figures.words, view.projects
    rows = table[table["gap_low"].notna() & table["cost_low"].notna()]
    if not len(rows):
        return [words["outputs.programme.money-open"]]
    closed = int(rows["financed_high"].notna().sum())
    params = {
        "gap": total_span(table, "gap", figures),
        "financed": total_span(table, "financed", figures),
        "known": figures.of(closed, len(table)),
    }
    lines = [sentence(words, "outputs.programme.gaps", params)]
    if programme_money.funded(view).isdisjoint(rows.index):
        lines.append(words["outputs.programme.sources-open"])
    worst = rows[rows["gap_low"] > 0].sort_values("gap_low", ascending=False, kind="stable").head(MOST)
    if len(worst):
        names = [
            f"{row['name']} {span(row['gap_low'], row['gap_high'], figures)}"
            for row in worst.to_dict("records")
        ]
        params = {"names": words["outputs.join"].join(names)}
        lines.append(sentence(words, "outputs.programme.gaps-of", params))
    return lines


def _who_agrees(plan: Plan, view: ProgrammeView, figures: Figures) -> list[str]:
    words = figures.words
    members = plan.neighbourhoods[(view.neighbourhoods["key"] != 0).reindex(plan.neighbourhoods.index)]
    verdicts = Counter(members["consent"].dropna())
    if not verdicts:
        return [words["outputs.programme.consent-open"]]
    counts = {"met": verdicts[MET], "not_met": verdicts[NOT_MET], "of": len(members)}
    counts["open"] = len(members) - counts["met"] - counts["not_met"]
    lines = [sentence(words, "outputs.programme.consent", {n: figures.number(v) for n, v in counts.items()})]
    failing = members[members["consent"] == NOT_MET]
    if len(failing):
        names = [
            f"{row['name']} {figures.number(row['consent_yes_share'], Kind.PERCENT)}"
            for row in failing.head(MOST).to_dict("records")
        ]
        code = "outputs.programme.consent-failing"
        params = {"names": words["outputs.join"].join(names), "count": figures.number(len(failing))}
        lines.append(sentence(words, code, params))
    asked = view.demands.groupby("item")["votes"].sum().sort_values(ascending=False, kind="stable").head(5)
    if len(asked):
        wanted = [f"{item_name(item, view.rules, words)} {figures.number(n)}" for item, n in asked.items()]
        params = {"items": words["outputs.join"].join(wanted)}
        lines.append(sentence(words, "outputs.programme.wanted", params))
    return lines


def _what_first(plan: Plan, view: ProgrammeView, words: _Words) -> list[str]:
    """Projects by the year they are planned for, each with the first thing that holds it up."""
    ahead = view.projects["year"].notna() & ~view.projects["stands"].isin(BEHIND)
    planned = view.projects[ahead].sort_values("year", kind="stable")
    lines = []
    for key, row in planned.head(MOST).to_dict("index").items():
        held = held_text(view, plan, int(str(key)), words, most=2).split(words["outputs.semicolon"])[0]
        params = {"name": row["name"], "stands": stands_text(row, words), "held": held}
        code = "outputs.programme.first" if held else "outputs.programme.first-ready"
        waits = sentence(words, code, params)
        open_step = next_procedure(plan, view, int(row["project"]), words)
        lines.append(words["outputs.semicolon"].join(filter(None, (waits, open_step))))
    if len(planned) > MOST:
        lines.append(sentence(words, "outputs.programme.and-projects", {"count": len(planned) - MOST}))
    return lines or [words["outputs.programme.years-open"]]


def _why_so(plan: Plan, view: ProgrammeView, figures: Figures) -> list[str]:
    words = figures.words
    out = sum(int(plan.totals.get(name) or 0) for name in ("scattered", "excluded", "unassigned"))
    params = {"preset": titled(plan.preset, words), "out": figures.number(out)}
    lines = [sentence(words, "outputs.programme.why", params)]
    if len(view.coverage):
        share = view.coverage["share"].map(lambda one: figures.number(one, Kind.PERCENT)).to_dict()
        count = view.coverage.loc["neighbourhoods"]
        told = {"included": figures.number(count["included"]), "eligible": figures.number(count["eligible"])}
        surface = figures.counted(
            share["floor_area_m2"], *view.coverage.loc["floor_area_m2", ["known", "of"]]
        )
        told |= {"share": share["neighbourhoods"], "surface": surface}
        lines.append(sentence(words, "outputs.programme.coverage", told))
    upkeep = plan.project.programme.upkeep
    inside = view.neighbourhoods.index[view.neighbourhoods["key"] != 0]
    managed = upkeep[upkeep["fid"].isin(inside) & upkeep["management"].notna()]["fid"].nunique()
    if not managed:
        return [*lines, words["outputs.programme.upkeep-open"]]
    params = {"known": figures.of(managed, len(inside))}
    return [*lines, sentence(words, "outputs.programme.upkeep-known", params)]

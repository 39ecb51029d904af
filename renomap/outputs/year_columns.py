"""The years of a plan with their projects: one value for the year board, the report and the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renomap.model.plan import Plan
from renomap.model.programme_columns import Stage
from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.outputs.numbers import AtLeast, Figures, Kind, at_least, known_sum, missing
from renomap.outputs.phasing_texts import score_text, weights_note
from renomap.outputs.programme_texts import column, next_procedure, span, wan
from renomap.outputs.table import Column, Table
from renomap.programme.budget import budget_of
from renomap.wording.names import titled


@dataclass(frozen=True)
class YearCard:
    """A project on the board. ``key``: area, or minus the fid of a neighbourhood; ``area`` 0 of the latter.

    ``households``: ``AtLeast`` where not all are known; ``cost`` in yuan, the least there can be; ``exact``:
    it is all. ``fixed``: somebody chose the year; ``listed``: it is that of the reserve or annual plan, and
    is changed there. ``next``: the first open gate and the first procedure that is due.
    """

    key: int
    name: str
    households: float
    cost: float
    exact: bool
    fixed: bool
    listed: bool
    facts: str
    next: str

    @property
    def area(self) -> int:
        """The area, 0 of a neighbourhood by itself."""
        return max(self.key, 0)


@dataclass(frozen=True)
class YearColumn:
    """A year, or None for what has none, with its cards and its cap in yuan (None = no cap)."""

    year: int | None
    cards: tuple[YearCard, ...]
    cap: float | None = None
    most: int | None = None

    @property
    def spent(self) -> float:
        """Yuan of all its projects, the least there can be."""
        return sum(card.cost for card in self.cards if not missing(card.cost))

    @property
    def unknown(self) -> int:
        """How many of its projects have no whole cost."""
        return sum(not card.exact for card in self.cards)

    @property
    def households(self) -> float | None:
        """Households of its projects, the least where not all are known; None where none is."""
        counts = [card.households for card in self.cards]
        whole = sum(not missing(one) and not isinstance(one, AtLeast) for one in counts)
        found: float | None = at_least(known_sum(counts), whole, len(counts))
        return found

    def is_over(self, more: float = 0.0, cards: int = 0) -> bool:
        """Whether a limit is broken, with so many yuan and cards more."""
        above = self.cap is not None and self.spent + more > self.cap
        return above or (self.most is not None and len(self.cards) + cards > self.most)


def year_columns(plan: Plan, words: Mapping[str, str]) -> tuple[YearColumn, ...]:
    """The years of the rules with what is planned for each, then what has no year, each by rank.

    A project whose members are listed for one year stands there. Years before or after those of the rules
    have a column where something is planned for them. What is handed over or given up is on no board. Empty
    where there is no programme.
    """
    view = plan.programme
    if view is None or view.ranking.empty:
        return ()
    figures = Figures(words)
    budget = budget_of(plan.project.meeting, view.rules, view.rules.years)
    by_year: dict[int | None, list[YearCard]] = {year: [] for year in budget.years}
    table = view.projects.assign(rank=view.ranking["rank"]).sort_values("rank", kind="stable")
    for key, row in table.to_dict("index").items():
        if row["stands"] in (Stage.EXITED.value, Stage.HANDED_OVER.value):
            continue
        year = row["planned_year"] if missing(row["year"]) else row["year"]
        place = None if missing(year) else int(year)
        by_year.setdefault(place, []).append(_card(plan, int(str(key)), row, figures))
    years = sorted(year for year in by_year if year is not None)
    found = [
        YearColumn(year, tuple(by_year[year]), budget.caps.get(year), budget.most.get(year)) for year in years
    ]
    return (*found, YearColumn(None, tuple(by_year.get(None, ()))))


def head_texts(
    years: YearColumn, figures: Figures, more: float = 0.0, cards: int = 0
) -> tuple[str, str, str]:
    """Year, counts and money of a column, with so many yuan and cards more."""
    words, count = figures.words, len(years.cards) + cards
    title = words["outputs.years.none"] if years.year is None else str(years.year)
    params = {"count": count, "households": figures.number(years.households, Kind.COUNT)}
    counts = sentence(words, "outputs.years.counts", params)
    spent, params = years.spent + more, {}
    if not spent and years.unknown:
        money = words["outputs.years.unknown"]
    else:
        text = figures.wan(AtLeast(spent) if years.unknown else spent)
        money = sentence(words, "outputs.years.money", {"spent": text})
    if years.cap is not None:
        money += sentence(words, "outputs.years.cap", {"cap": figures.wan(years.cap)})
    return title, counts, money


def _card(plan: Plan, key: int, row: Mapping[Any, Any], figures: Figures) -> YearCard:
    view, words = plan.programme, figures.words
    assert view is not None
    exact = not missing(row["cost_low"]) and row["cost_low"] == row["cost_high"]
    whole = row["households_known"] == row["neighbourhoods"]
    households = row["households"] if whole or missing(row["households"]) else AtLeast(row["households"])
    cost = words["outputs.years.unknown"]
    if not missing(row["cost_low"]):
        text = span(row["cost_low"], row["cost_high"], figures)
        cost = sentence(words, "outputs.years.money", {"spent": text})
    params = {
        "households": figures.number(households, Kind.COUNT),
        "cost": cost,
        "gates": f"{row['gates_done']}/{row['gates']}",
    }
    held = [titled(gate, words) for gate in view.rules.gates if gate.key in row["held"]]
    told = [sentence(words, "outputs.years.open", {"gate": held[0]})] if held else []
    due = next_procedure(plan, view, int(row["project"]), words)
    return YearCard(
        key=key,
        name=str(row["name"] or key),
        households=households,
        cost=float(row["cost_low"]),
        exact=exact,
        fixed=bool(row["year_fixed"]) and missing(row["year"]),
        listed=not missing(row["year"]),
        facts=sentence(words, "outputs.years.card", params),
        next=words["outputs.semicolon"].join([*told, *([due] if due else [])]) or words["programme.approved"],
    )


def years_table(plan: Plan, words: Mapping[str, str]) -> Table:
    """Sheet 6d, 年度安排: the projects with a year by year and rank, why it is this year, and what is open.

    No row where nothing has a year.
    """
    columns = (
        column(words, "year", Kind.YEAR, 8),
        column(words, "rank", Kind.COUNT, 8),
        column(words, "name", None, 24),
        Column("score", _score_title(plan.programme, words), None, 22),
        column(words, "households", Kind.COUNT, 10),
        column(words, "cost", Kind.WAN, 13),
        column(words, "why-year", None, 14),
        column(words, "next", None, 44, wrap=True),
    )
    figures, view = Figures(words), plan.programme
    rows = []
    for years in year_columns(plan, words):
        for card in years.cards if years.year is not None else ():
            assert view is not None
            ranking = view.ranking.loc[card.key].to_dict()
            why = "listed" if card.listed else "fixed" if card.fixed else "solved"
            rows.append(
                (
                    years.year,
                    int(ranking["rank"]),
                    card.name,
                    score_text(ranking, figures),
                    card.households,
                    wan(card.cost if card.exact else AtLeast(card.cost)),
                    words[f"outputs.years.why.{why}"],
                    card.next,
                )
            )
    return Table(words["outputs.sheet.programme-years"], columns, tuple(rows))


def _score_title(view: ProgrammeView | None, words: Mapping[str, str]) -> str:
    """The heading of the scores, with how far their weights and scales have been checked."""
    title, note = words["outputs.programme.col.score"], weights_note(view, words)
    return sentence(words, "wording.with-status", {"text": f"{title}\n", "status": note}) if note else title


def caps_text(plan: Plan, words: Mapping[str, str]) -> str:
    """``2026 年 3 个 · 1,208 户，1,265.0 万元 / 限 2,000.0；…``: the sums of years that have projects."""
    figures = Figures(words)
    told = []
    for years in year_columns(plan, words):
        if years.year is not None and years.cards:
            title, counts, money = head_texts(years, figures)
            code = "outputs.years.over" if years.is_over() else "outputs.years.sum"
            told.append(sentence(words, code, {"year": title, "counts": counts, "money": money}))
    return words["outputs.semicolon"].join(told)

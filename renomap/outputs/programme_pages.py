"""Pages of the report on the programme: summary, preparation, projects, costs and funding, upkeep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from renomap.model.plan import Plan
from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.outputs import acceptance_tables, programme_money, programme_tables, year_columns
from renomap.outputs.numbers import Figures
from renomap.outputs.programme_brief import brief
from renomap.outputs.table import for_template

#: Columns of the sources on paper with their shares of the width.
FUND_COLUMNS: tuple[tuple[str, float], ...] = (
    ("key", 5),
    ("name", 20),
    ("source", 18),
    ("scope", 18),
    ("planned", 10),
    ("arranged", 10),
    ("paid", 10),
    ("used", 10),
    ("left", 10),
    ("derived", 22),
)
#: Columns of progress and acceptance on paper with their shares of the width.
PROGRESS_COLUMNS: tuple[tuple[str, float], ...] = (
    ("key", 5),
    ("name", 22),
    ("progress", 9),
    ("person", 9),
    ("reported-on", 12),
    ("item", 20),
    ("planned-quantity", 12),
    ("done-quantity", 12),
    ("unit", 7),
    ("done-share", 10),
)
ACCEPTANCE_COLUMNS: tuple[tuple[str, float], ...] = (
    ("key", 5),
    ("name", 18),
    ("professional", 9),
    ("surveyed", 9),
    ("answers", 8),
    ("return-rate", 9),
    ("satisfied", 8),
    ("satisfied-rate", 9),
    ("residents-verdict", 9),
    ("against", 50),
)


def programme_pages(plan: Plan, view: ProgrammeView, figures: Figures) -> dict[str, Any]:
    """Values of the template for the pages of the programme; every number is already a text.

    Projects without works and costs stand in the list of projects, and are counted below the ledger.
    """
    words = figures.words
    costed = view.projects[(view.projects["cost_items"] > 0) | view.projects["cost_low"].notna()].index
    money = view.money[view.money["key"].isin(costed) | ~view.money["derived"].astype(bool)]
    told = replace(view, projects=view.projects.loc[costed])
    ledger = programme_money.ledger(told, words)
    rest = len(view.projects) - len(costed)
    return {
        "programme_brief": brief(plan, view, words),
        "programme_preparation": for_template(programme_tables.preparation(plan, view, words), figures),
        "programme_projects": for_template(
            programme_tables.projects(plan, view, words), figures, programme_tables.PROJECT_COLUMNS
        ),
        "programme_years": for_template(year_columns.years_table(plan, words), figures),
        "programme_caps": year_columns.caps_text(plan, words),
        "programme_bars": programme_money.bars(view, figures),
        "programme_parts": [[part, words[f"programme.payer.{part}"]] for part in programme_money.PARTS],
        "programme_ledger": for_template(
            ledger, figures, None, programme_money.ledger_total(ledger, words) if ledger.rows else None
        ),
        "programme_uncosted": sentence(words, "outputs.programme.uncosted", {"count": rest}) if rest else "",
        "programme_funds": for_template(
            programme_money.funds(replace(view, money=money), words), figures, FUND_COLUMNS
        ),
        "programme_progress": for_template(
            acceptance_tables.progress(view, words), figures, PROGRESS_COLUMNS
        ),
        "programme_acceptance": for_template(
            acceptance_tables.acceptance(plan, view, words), figures, ACCEPTANCE_COLUMNS
        ),
        "programme_upkeep": for_template(programme_tables.upkeep(plan, words), figures),
    }

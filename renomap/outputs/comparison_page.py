"""The report's page on what differs from another scheme or version, as plain values for the template."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from renomap.model.comparison import SAME, Comparison
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs import comparison_tables
from renomap.outputs.numbers import Figures
from renomap.outputs.table import for_template


def comparison_page(plan: Plan, found: Comparison, figures: Figures) -> dict[str, Any]:
    """Values of the template for the page; every number is already a text.

    ``comparison_areas`` leaves out the areas of which nothing differs, ``comparison_moved`` is whole.
    """
    words = figures.words
    told = comparison_tables.summary(found)
    differ = found.areas[
        (found.areas["state"] != SAME) | (found.areas["came"] > 0) | (found.areas["went"] > 0)
    ]
    changed = replace(found, areas=differ)
    return {
        "comparison_told": sentence(words, "compare.told", told),
        "comparison_totals": for_template(comparison_tables.brief_indicators(found, words, plan), figures),
        "comparison_areas": for_template(comparison_tables.brief_areas(changed, words), figures),
        "comparison_moved": for_template(comparison_tables.moved(found, words), figures),
    }

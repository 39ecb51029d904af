"""Which date is the date of what: of the data, and of the run that drew or printed them."""

from __future__ import annotations

from collections.abc import Mapping

from renomap.model.plan import Plan


def printed_on(stamp: str) -> str:
    """``2026-11-30`` of the version stamp ``20261130-0554-30dc3f8c``; empty where the stamp has no date."""
    day = stamp[:8]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 and day.isdigit() else ""


def dates(plan: Plan, words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Label and date of the data, which is never left out, and of the run."""
    of_data = plan.project.form.get("data_date", "").strip() or words["outputs.not-given"]
    made = printed_on(plan.stamp)
    told = [(words["wording.data-date"], of_data)]
    return [*told, (words["wording.printed-on"], made)] if made else told

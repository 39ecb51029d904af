"""Sentences on progress: the stage, what is done of what is planned, and how old the report is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.outputs.programme_texts import item_name
from renomap.programme.progress import stale

Words = Mapping[str, str]


def stage_text(stage: str, words: Words) -> str:
    """The stage (挂图作战) in words."""
    return words[f"programme.progress.{stage}"]


def done_text(row: Mapping[Any, Any], view: ProgrammeView, words: Words) -> str:
    """Done of planned of one item, with its unit: one number where known, else a range; never a percentage
    over items. ``row``: of ``ProgrammeView.progress``.
    """
    params = {
        "item": item_name(row["item"], view.rules, words),
        "done": range_text(row["done_low"], row["done_high"], words),
        "planned": range_text(row["planned_low"], row["planned_high"], words),
        "unit": row["unit"],
        "finished": row["finished"],
        "rows": row["rows"],
    }
    return sentence(words, "programme.progress-item", params)


def share_text(row: Mapping[Any, Any], words: Words) -> str:
    """Share done of one item in whole percent, cut and not rounded up; a range, or unknown."""
    low, high = row["share_low"], row["share_high"]
    if np.isnan(low) or np.isnan(high):
        return words["outputs.no-data"]
    least, most = (int(np.floor(100 * value + 1e-9)) for value in (low, high))
    return f"{least}%" if least == most else f"{least}%–{most}%"


def range_text(low: float, high: float, words: Words) -> str:
    """One amount with two places at most, a range, at least, or unknown."""
    if np.isnan(low):
        return words["outputs.no-data"]
    if np.isnan(high):
        return f"≥ {_amount(low)}"
    return _amount(low) if low == high else f"{_amount(low)}–{_amount(high)}"


def reported_text(reported_on: str | None, view: ProgrammeView, on: dt.date, words: Words) -> str:
    """The day of the last report, and that it is old where it is."""
    if reported_on is None:
        return words["programme.progress-unreported"]
    days = view.rules.stale_days
    if days is not None and stale(reported_on, on, days.value):
        return sentence(words, "programme.progress-stale", {"date": reported_on, "days": int(days.value)})
    return reported_on


def _amount(value: float) -> str:
    return f"{round(value, 2):,.12g}"

"""What differs between the programmes of two plans: lists, years, consent, gates and money, fact by fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from renomap.model.comparison import PROGRAMME_COLUMNS
from renomap.model.plan import Plan
from renomap.programme import lists

#: Facts of one neighbourhood; ``stands`` and ``year`` of the programme, the rest of the survey.
_OF_MEMBER: Final = ("stands", "year", "consent", "consent_asked", "consent_yes")
#: Facts of a project; the last three are ranges.
_OF_PROJECT: Final = ("planned_year", "held", "cost", "gap", "financed")
_RANGES: Final = ("cost", "gap", "financed")


def programme_differences(before: Plan, after: Plan, matches: Mapping[int, int]) -> pd.DataFrame:
    """A row per fact of the programme that is another on the second side.

    Parameters
    ----------
    before, after : Plan
    matches : mapping of int to int
        Areas of the first -> areas of the second that they are, of ``steps.numbering.match_areas``.

    Returns
    -------
    DataFrame with the columns ``PROGRAMME_COLUMNS``
        As ``model.comparison.Comparison.programme``: lists first, then projects, then neighbourhoods; empty
        where neither side has a programme.
    """
    rows: list[tuple[Any, ...]] = []
    if before.programme is not None or after.programme is not None:
        rows = [*_lists(before, after), *_projects(before, after, matches), *_members(before, after)]
    return pd.DataFrame(rows, columns=list(PROGRAMME_COLUMNS), dtype=object)


def _lists(before: Plan, after: Plan) -> list[tuple[Any, ...]]:
    """How many neighbourhoods stand on each list; on a side without a programme all are surveyed."""
    sides = [_stands(plan).value_counts().to_dict() for plan in (before, after)]
    counts = [(name, *(int(side.get(name, 0)) for side in sides)) for name in lists.STANDS]
    return [("list", 0, name, "neighbourhoods", one, two) for name, one, two in counts if one != two]


def _stands(plan: Plan) -> pd.Series[str]:
    return lists.stands(plan.project.programme.units, plan.neighbourhoods.index, None)


def _projects(before: Plan, after: Plan, matches: Mapping[int, int]) -> list[tuple[Any, ...]]:
    old, new = _facts_of_projects(before), _facts_of_projects(after)
    old = {matches.get(key, key) if key < 0 or key in matches else ("gone", key): old[key] for key in old}
    rows = []
    for key in dict.fromkeys((*new, *old)):
        one, two = old.get(key, {}), new.get(key, {})
        name = (two or one)["name"]
        number = key if isinstance(key, int) else key[1]
        rows += [
            ("project", number, name, fact, one.get(fact), two.get(fact))
            for fact in _OF_PROJECT
            if one.get(fact) != two.get(fact)
        ]
    return rows


def _facts_of_projects(plan: Plan) -> dict[Any, dict[str, Any]]:
    view = plan.programme
    if view is None:
        return {}
    facts: dict[Any, dict[str, Any]] = {}
    for key, row in zip(view.projects.index, view.projects.to_dict("records"), strict=True):
        own = {name: _known(row.get(name)) for name in ("name", "planned_year")}
        own["held"] = tuple(row["held"])
        for name in _RANGES:
            ends = (_known(row[f"{name}_low"]), _known(row[f"{name}_high"]))
            own[name] = None if ends == (None, None) else ends
        facts[int(key)] = own
    return facts


def _members(before: Plan, after: Plan) -> list[tuple[Any, ...]]:
    both = before.neighbourhoods.index.intersection(after.neighbourhoods.index)
    sides = [_facts_of_members(plan, both) for plan in (before, after)]
    names = after.neighbourhoods["name"]
    rows = []
    for fid in both:
        for fact in _OF_MEMBER:
            one, two = (_known(side[fact].get(fid)) for side in sides)
            if one != two:
                rows.append(("neighbourhood", int(fid), _known(names[fid]), fact, one, two))
    return rows


def _facts_of_members(plan: Plan, fids: pd.Index[int]) -> dict[str, pd.Series[Any]]:
    units = plan.project.programme.units.drop_duplicates("fid", keep="last").set_index("fid")
    survey = {name: plan.neighbourhoods[name] for name in _OF_MEMBER if name in plan.neighbourhoods}
    return {
        **{name: pd.Series(index=fids, dtype=object) for name in _OF_MEMBER},
        **survey,
        "stands": _stands(plan),
        "year": units["year"],
    }


def _known(value: Any) -> Any:
    """The value, a whole number as int; None where it is unknown."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, str):
        return value
    return int(value) if float(value).is_integer() else float(value)

"""Compare: what differs between two divisions into areas, as values to be listed, mapped and replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, difference
from renomap.model.comparison import (
    ALIKE,
    BETTER,
    BETTER_MORE,
    FACILITY_FIGURES,
    GONE,
    MONEY,
    MONEY_FIGURES,
    NEW,
    RENAMED,
    SAME,
    UNSURE,
    WORSE,
    Comparison,
)
from renomap.model.plan import Plan
from renomap.model.programme_view import ProgrammeView
from renomap.model.scheme import UNASSIGNED, count_sizes
from renomap.outputs.findings import facility_total
from renomap.steps.compare_programme import programme_differences
from renomap.steps.numbering import match_areas

#: Figures by subject and figure, see ``Comparison.totals``.
_Sums = dict[tuple[str, str], float]


def compare(before: Plan, after: Plan) -> Comparison:
    """What differs between the active schemes of two plans.

    Neighbourhoods are the same where their ``fid`` is: it is never given anew, so the plans may be of one
    project, or of two files of which one is a later copy of the other.

    Raises
    ------
    RenomapError
        ``compare.no-scheme``: a plan has no areas. ``compare.strangers``: the two have no neighbourhood in
        common.
    """
    for plan in (before, after):
        if plan.scheme is None:
            raise RenomapError("compare.no-scheme")
    assert before.scheme is not None
    assert after.scheme is not None
    both = before.neighbourhoods.index.intersection(after.neighbourhoods.index)
    if both.empty:
        raise RenomapError("compare.strangers")
    old, new = before.neighbourhoods["area_id"][both], after.neighbourhoods["area_id"][both]
    matches = match_areas(old, new, after.neighbourhoods["households"][both])
    moved = old.map(matches).fillna(UNASSIGNED).astype("int64") != new
    moved |= (old != UNASSIGNED) & ~old.isin(list(matches))
    return Comparison(
        one=before.scheme.title,
        two=after.scheme.title,
        matches=matches,
        moved=_moved(before, after, both[moved]),
        areas=_areas(before, after, matches, old, new),
        totals=_totals(before, after),
        settings=_settings(before, after),
        programme=programme_differences(before, after, matches),
        alone=_alone(before, after),
        change=_change(before, after),
    )


def beside(plan: Plan, other: Plan) -> Plan:
    """The plan with what leads to it from another: its report says so on a page.

    Raises
    ------
    RenomapError
        Those of ``compare``.
    """
    return replace(plan, compared=compare(other, plan))


def _moved(before: Plan, after: Plan, fids: pd.Index[int]) -> pd.DataFrame:
    rows = after.neighbourhoods.loc[fids]
    table = {
        "fid": fids.to_numpy(),
        "name": rows["name"].to_numpy(),
        "households": rows["households"].to_numpy(),
    }
    for side, plan in (("before", before), ("after", after)):
        area = plan.neighbourhoods["area_id"][fids]
        table[side] = area.where(area != UNASSIGNED).astype(float).to_numpy()
        names = [None if each == UNASSIGNED else str(plan.areas.at[each, "name"]) for each in area]
        table[f"{side}_name"] = pd.Series(names, dtype=object)
    return pd.DataFrame(table).sort_values("fid", ignore_index=True)


def _areas(
    before: Plan, after: Plan, matches: Mapping[int, int], old: pd.Series[int], new: pd.Series[int]
) -> pd.DataFrame:
    pairs: list[tuple[int | None, int | None]] = [(int(a), matches.get(int(a))) for a in before.areas.index]
    kept = set(matches.values())
    pairs += [(None, int(b)) for b in after.areas.index if int(b) not in kept]
    rows = []
    for a, b in pairs:
        mine = old.index[old == a] if a is not None else old.index[:0]
        theirs = new.index[new == b] if b is not None else new.index[:0]
        names = (_value(before, a, "name"), _value(after, b, "name"))
        state = NEW if a is None else GONE if b is None else SAME if names[0] == names[1] else RENAMED
        rows.append(
            {
                "state": state,
                "before": np.nan if a is None else float(a),
                "after": np.nan if b is None else float(b),
                "before_name": names[0],
                "after_name": names[1],
                "households_before": _value(before, a, "households"),
                "households_after": _value(after, b, "households"),
                "came": len(theirs.difference(mine)),
                "went": len(mine.difference(theirs)),
            }
        )
    return pd.DataFrame(rows)


def _value(plan: Plan, area: int | None, column: str) -> Any:
    if area is None:
        return None if column == "name" else np.nan
    return plan.areas.at[area, column]


def _totals(before: Plan, after: Plan) -> pd.DataFrame:
    old, new = _sums(before), _sums(after)
    keys = list(dict.fromkeys((*old, *new)))
    unsure = any(_has_unknown(plan) for plan in (before, after))
    return pd.DataFrame(
        {
            "subject": [subject for subject, _ in keys],
            "figure": [figure for _, figure in keys],
            "before": [old.get(key, np.nan) for key in keys],
            "after": [new.get(key, np.nan) for key in keys],
            "verdict": [_verdict(key, old, new, unsure) for key in keys],
        }
    )


def _has_unknown(plan: Plan) -> bool:
    """Whether households of a neighbourhood inside an area are unknown."""
    inside = plan.neighbourhoods["area_id"] != UNASSIGNED
    return bool(plan.neighbourhoods["households"][inside].isna().any())


def _verdict(key: tuple[str, str], old: _Sums, new: _Sums, unsure: bool) -> str:
    """Whether the second side is better in what a row says, whatever the unknown values are."""
    subject, figure = key
    if not figure:
        sign = BETTER_MORE.get(subject, 0)
        if sign == 0:
            return ""
        one, two = old.get(key, np.nan), new.get(key, np.nan)
        return _judged((one, one), (two, two), sign, open_=subject == "households" and unsure)
    name = figure.rsplit("_", 1)[0]
    if subject == "cost":
        return ""  # more may be done for more money
    ends = [
        (side.get((subject, f"{name}_low"), np.nan), side.get((subject, f"{name}_high"), np.nan))
        for side in (old, new)
    ]
    return _judged(ends[0], ends[1], 1 if name == "newly" else -1)


def _judged(one: tuple[float, float], two: tuple[float, float], sign: int, *, open_: bool = False) -> str:
    if open_ or not np.isfinite([*one, *two]).all():
        return UNSURE
    if one[0] == one[1] == two[0] == two[1]:
        return ALIKE
    if two[0] > one[1]:
        return BETTER if sign > 0 else WORSE
    if two[1] < one[0]:
        return WORSE if sign > 0 else BETTER
    return UNSURE


def _sums(plan: Plan) -> _Sums:
    """Indicators of a plan, and the totals of each facility as the report has them; NaN = unknown or open."""
    sizes = count_sizes(plan.areas["size_flag"])
    inside = plan.neighbourhoods["area_id"] != UNASSIGNED
    sums: _Sums = {
        ("areas", ""): len(plan.areas),
        ("fitting", ""): sizes.fitting,
        ("neighbourhoods", ""): int(inside.sum()),
        ("households", ""): float(plan.neighbourhoods["households"][inside].sum(min_count=1)),
        ("scattered", ""): int((plan.neighbourhoods["fate"] == "scattered").sum()),
        ("excluded", ""): int((plan.neighbourhoods["fate"] == "excluded").sum()),
    }
    for item in plan.standard.facilities:
        total = facility_total(plan, item)
        if total.deficit_low is not None:
            # where the need of a member is unknown one number is only the least
            counted = total.known == total.areas or total.deficit_low != total.deficit_high
            high = total.deficit_high if counted else None
            values = (total.deficit_low, high, total.newly_low, total.newly_high)
            for figure, value in zip(FACILITY_FIGURES, values, strict=True):
                sums[item.key, figure] = np.nan if value is None else value
    return sums if plan.programme is None else sums | _money(plan.programme)


def _money(view: ProgrammeView) -> _Sums:
    """Projects that no gate holds up, cost and gaps of all: where one is unknown the sum is the least."""
    rows = view.projects
    sums: _Sums = {("cleared", ""): int((rows["held"].map(len) == 0).sum())}
    for name in MONEY:
        for figure, end in zip(MONEY_FIGURES, ("low", "high"), strict=True):
            sums[name, figure] = float(rows[f"{name}_{end}"].sum(skipna=end == "low", min_count=1))
    return sums


def _settings(before: Plan, after: Plan) -> pd.DataFrame:
    sides = []
    for plan in (before, after):
        assert plan.scheme is not None
        kept = asdict(plan.scheme.settings)
        del kept["result"], kept["scattered"]
        sides.append(kept | {"standard": plan.standard.key, "meeting": _meeting(plan)})
    keys = [key for key in dict.fromkeys((*sides[0], *sides[1])) if sides[0].get(key) != sides[1].get(key)]
    table = {
        "key": keys,
        "before": [sides[0].get(key) for key in keys],
        "after": [sides[1].get(key) for key in keys],
    }
    return pd.DataFrame(table, dtype=object)


def _meeting(plan: Plan) -> list[str]:
    return sorted(f"{value.facility}.{value.key}={value.value}" for value in plan.project.meeting)


def _alone(before: Plan, after: Plan) -> pd.DataFrame:
    parts = []
    for side, here, there in (("before", before, after), ("after", after, before)):
        fids = here.neighbourhoods.index.difference(there.neighbourhoods.index)
        names = here.neighbourhoods["name"][fids].to_numpy()
        parts.append(pd.DataFrame({"fid": fids.to_numpy(), "name": names, "side": side}))
    return pd.concat(parts, ignore_index=True)


def _change(before: Plan, after: Plan) -> ChangeSet:
    """The first scheme's areas become those of the second; neighbourhoods that it does not know keep none."""
    assert before.scheme is not None
    assert after.scheme is not None
    fids = before.scheme.assignment.index
    assignment = after.scheme.assignment.reindex(fids, fill_value=UNASSIGNED).astype("int64")
    adopted = replace(
        before.scheme, assignment=assignment, areas=after.scheme.areas, settings=after.scheme.settings
    )
    return difference(
        before.project, before.project.with_scheme(adopted), "compare.adopted", title=after.scheme.title
    )

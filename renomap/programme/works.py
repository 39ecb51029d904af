"""Works (改造内容): proposed from what lacks, summed once, and what is taken down against what may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.model.fields import HERITAGE_NONE
from renomap.model.preset import Bound
from renomap.model.programme import frame_of
from renomap.model.programme_columns import Action, Origin, WorkStatus
from renomap.model.programme_rules import Rules

#: Verdicts on a share that may not be exceeded.
WITHIN: Final = "within"
ABOVE: Final = "above"
TO_CHECK: Final = "to_check"


@dataclass(frozen=True)
class Share:
    """A share of floor area between ``low`` and ``high``; ``unknown``: ids of the buildings that leave it
    open. ``verdict``: WITHIN, ABOVE or TO_CHECK; None where no limit is set or nothing is known.
    """

    low: float
    high: float
    verdict: str | None
    unknown: tuple[int, ...] = ()


def proposed(
    works: pd.DataFrame,
    neighbourhoods: pd.DataFrame,
    areas: pd.DataFrame,
    rules: Rules,
    pooled: Mapping[str, bool],
    basis: Mapping[str, str],
) -> pd.DataFrame:
    """Table ``works`` with a row for everything that is known to lack.

    Rows that were typed or imported are never touched, and nothing is proposed beside one of the same item
    in the same neighbourhood; earlier proposals are replaced, and keep their ids where the item stays.

    Parameters
    ----------
    neighbourhoods : DataFrame
        Index fid: ``area_id``, ``households``, the condition columns of the catalogue (absent = unknown) and
        ``<facility>_deficit`` of what is judged for each neighbourhood.
    areas : DataFrame
        Index area id: ``<facility>_deficit_low`` and ``_high`` of what is judged for the area.
    pooled : mapping
        By facility, whether its deficit is of the area: one row, in its member of most households (ties:
        lowest fid), rather than one in each member.
    basis : mapping
        By item, the text that a proposed row is based on.
    """
    kept = works[works["origin"] != Origin.PROPOSED]
    there = set(zip(kept["fid"], kept["item"], strict=True))
    rows: list[dict[str, Any]] = []
    members = hosts(neighbourhoods)
    for item in rules.items:
        common: dict[str, Any] = {
            "item": item.key,
            "unit": item.unit,
            "origin": Origin.PROPOSED.value,
            "action": Action.ADD.value if item.facility else Action.ALTER.value,
            "status": WorkStatus.PLANNED.value,
            "basis": basis.get(item.key),
        }
        if item.facility and pooled.get(item.facility, False):
            found = _of_areas(areas, item.facility, members)
        else:
            column = item.column or f"{item.facility}_deficit"
            found = _of_neighbourhoods(neighbourhoods, column) if column in neighbourhoods else []
        rows += [{**common, **row} for row in found if (row["fid"], item.key) not in there]
    return _with_ids_kept(works, kept, rows)


def counted_twice(works: pd.DataFrame) -> tuple[tuple[int, str], ...]:
    """Fid and item of what is listed both for single buildings and for the whole neighbourhood (重复计列).

    What is taken down is counted for itself.
    """
    rows = works[(works["status"] != WorkStatus.DROPPED) & (works["fid"] > 0)]
    rows = rows[rows["action"] != Action.DEMOLISH]
    whole = rows["building"].eq(0).groupby([rows["fid"], rows["item"]]).agg(["any", "all"])
    both = whole.index[whole["any"] & ~whole["all"]]
    return tuple((int(fid), str(item)) for fid, item in both)


def not_listed(works: pd.DataFrame, neighbourhoods: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Basic needs without works (应改未列): every one is due.

    Returns
    -------
    DataFrame, index 0..n-1, by fid and catalogue
        ``fid``, ``item``, ``state``: 'missing' where the need is known and no row lists the item, 'unknown'
        (待查) where the condition is not known and no row does.
    """
    listed = works[works["status"] != WorkStatus.DROPPED]
    there = {str(item): frozenset(rows) for item, rows in listed.groupby("item")["fid"]}
    found, fids = [], [int(str(fid)) for fid in neighbourhoods.index]
    for nth, item in enumerate(rules.items):
        if item.category != "basic" or not (item.column or item.facility):
            continue
        column = item.column or f"{item.facility}_deficit"
        if column not in neighbourhoods:
            values = pd.Series(np.nan, index=neighbourhoods.index)
        else:
            values = pd.to_numeric(neighbourhoods[column], errors="coerce")
        there_too = there.get(item.key, frozenset())
        for fid, value in zip(fids, values.tolist(), strict=True):
            if value != 0 and fid not in there_too:
                found.append((fid, nth, item.key, "unknown" if np.isnan(value) else "missing"))
    return pd.DataFrame(
        [(fid, key, state) for fid, _, key, state in sorted(found)], columns=["fid", "item", "state"]
    )


def demolished(floor_area: pd.Series[float], action: pd.Series[str], limit: Bound | None) -> Share:
    """The share of floor area that is taken down, of one area.

    Parameters
    ----------
    floor_area : Series
        Of every building, by its id; NaN unknown.
    action : Series
        Of every building, 'demolish' for those taken down; None unmarked, which counts as staying.

    >>> from renomap.model.preset import Bound
    >>> from renomap.model.standard import Status
    >>> areas = pd.Series([2100.0, 7900.0])
    >>> limit = Bound(0.2, "", Status.PARTLY)
    >>> demolished(areas, pd.Series(["demolish", None]), limit).verdict
    'above'
    """
    down = action.reindex(floor_area.index) == Action.DEMOLISH
    unknown = floor_area.isna()
    taken, total = float(floor_area[down].sum()), float(floor_area.sum())
    open_down, open_stay = bool((down & unknown).any()), bool((~down & unknown).any())
    names = tuple(int(str(one)) for one in floor_area.index[unknown]) if down.any() else ()
    if not down.any():
        return Share(0.0, 0.0, None if limit is None else WITHIN)
    if total == 0 and not (open_down or open_stay):
        return Share(0.0, 1.0, None)
    known = taken / total if total > 0 else 0.0
    low = 0.0 if open_stay else known
    high = 1.0 if open_down or total == 0 else known
    if limit is None:
        return Share(low, high, None, names)
    if low > limit.value:
        return Share(low, high, ABOVE, names)
    return Share(low, high, WITHIN if high <= limit.value else TO_CHECK, names)


def rebuilt(new: tuple[float, float] | None, gone: pd.Series[float], limit: Bound | None) -> Share:
    """New floor area for each m2 that is taken down (拆建比), of one area.

    Parameters
    ----------
    new : (float, float) or None
        Least and most new floor area; None where nothing says it.
    gone : Series
        Floor area of every building that is taken down; NaN unknown.

    >>> from renomap.model.preset import Bound
    >>> from renomap.model.standard import Status
    >>> rebuilt((4300.0, 4300.0), pd.Series([2000.0]), Bound(2, "", Status.PARTLY)).verdict
    'above'
    """
    names = tuple(int(str(one)) for one in gone.index[gone.isna()])
    if new is None:
        return Share(np.nan, np.nan, None, names)
    known = float(gone.sum())
    low = 0.0 if names or known == 0 else new[0] / known
    high = new[1] / known if known > 0 else np.inf
    if limit is None:
        return Share(low, high, None, names)
    if low > limit.value:
        return Share(low, high, ABOVE, names)
    return Share(low, high, WITHIN if high <= limit.value else TO_CHECK, names)


def against_heritage(works: pd.DataFrame, heritage: pd.Series[str]) -> tuple[int, ...]:
    """Ids of rows that take down where there is heritage and that carry no reason to do so all the same.

    ``heritage`` by fid: names, ``HERITAGE_NONE`` where there is none; None is unknown and forbids nothing.
    """
    there = works["fid"].map(heritage)
    protected = there.notna() & (there != HERITAGE_NONE)
    down = (works["action"] == Action.DEMOLISH) & (works["status"] != WorkStatus.DROPPED)
    return tuple(int(str(one)) for one in works.index[protected & down & works["override"].isna()])


def _with_ids_kept(works: pd.DataFrame, kept: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    former = works[works["origin"] == Origin.PROPOSED]
    ids = dict(zip(zip(former["fid"], former["item"], strict=True), former.index, strict=True))
    again = [row for row in rows if (row["fid"], row["item"]) in ids]
    new = [row for row in rows if (row["fid"], row["item"]) not in ids]
    first = int(works.index.max()) + 1 if len(works) else 1
    added = pd.concat([frame_of("works", again), frame_of("works", new, first)]) if again else None
    if added is None:
        added = frame_of("works", new, first)
    named = [ids[row["fid"], row["item"]] for row in again]
    added.index = pd.Index([*named, *range(first, first + len(new))], dtype="int64", name="id")
    if not len(added):
        return kept
    return pd.concat([kept, added]).sort_index() if len(kept) else added.sort_index()


def hosts(neighbourhoods: pd.DataFrame) -> dict[int, int]:
    """By area the member of most households; ties and unknown to the lowest fid."""
    rows = neighbourhoods[neighbourhoods["area_id"] > 0][["area_id", "households"]].sort_index()
    ordered = rows.fillna({"households": -1.0}).sort_values("households", ascending=False, kind="stable")
    first = ordered.drop_duplicates("area_id")
    return {int(area): int(str(fid)) for fid, area in first["area_id"].items()}


def _of_areas(areas: pd.DataFrame, facility: str, hosts: Mapping[int, int]) -> list[dict[str, Any]]:
    names = [f"{facility}_deficit_low", f"{facility}_deficit_high"]
    if not set(names) <= set(areas.columns):
        return []
    found = []
    for area, low, high in zip(areas.index, areas[names[0]], areas[names[1]], strict=True):
        if area in hosts and low > 0:
            found.append({"fid": hosts[area], **_quantity(float(low), float(high))})
    return found


def _of_neighbourhoods(neighbourhoods: pd.DataFrame, column: str) -> list[dict[str, Any]]:
    values = pd.to_numeric(neighbourhoods[column], errors="coerce")
    known = values[values > 0]
    return [{"fid": int(str(fid)), **_quantity(float(value), float(value))} for fid, value in known.items()]


def _quantity(low: float, high: float) -> dict[str, float]:
    return {"quantity": low} if low == high else {"quantity_low": low, "quantity_high": high}

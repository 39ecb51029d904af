"""Numbers of new areas: what goes on keeps its number, the rest follows in the order a map is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.model.scheme import UNASSIGNED


def area_numbers(
    order: Mapping[int, int], heirs: Mapping[int, int], taken: set[int], *, above: int
) -> dict[int, int]:
    """Id of every area.

    Parameters
    ----------
    order : Mapping
        Label of an area -> its place in reading order.
    heirs : Mapping
        Label -> the id it carries on.
    taken : set of int
        Ids that no new area may get.
    above : int
        New areas get the smallest free ids above this.
    """
    numbers = dict(heirs)
    used = taken | set(heirs.values())
    free = _free(used, above)
    for label in sorted(order, key=lambda label: order[label]):
        if label not in numbers:
            numbers[label] = next(free)
    return numbers


def _free(used: set[int], above: int) -> Iterator[int]:
    number = above
    while True:
        number += 1
        if number not in used:
            yield number


def heirs(
    labels: pd.Series[int], before: pd.Series[int], stays: pd.Series[int], households: pd.Series[float]
) -> dict[int, int]:
    """The area that each new one carries on: the one whose neighbourhoods must stay in it, else the one that
    it is by ``match_areas``.

    Parameters
    ----------
    labels, before, stays : Series of int
        Index fid: label of the new area (< 0 none), id of the former area and of the area a neighbourhood
        must stay in (0 none). No id is carried on twice.
    households : Series
        Index fid; unknown counts as none here.
    """
    held = labels >= 0
    anchors = pd.DataFrame({"label": labels, "id": stays})[held & (stays > UNASSIGNED)]
    sizes = (
        anchors.value_counts()
        .reset_index()
        .sort_values(["count", "id", "label"], ascending=[False, True, True])
    )
    found: dict[int, int] = {}
    for label, area in zip(sizes["label"].tolist(), sizes["id"].tolist(), strict=True):
        if label not in found and area not in found.values():
            found[label] = area
    # an id that others must stay in is carried on by the area they are in, and by no other
    free = held & ~labels.isin(list(found)) & ~before.isin(set(stays))
    matches = match_areas(before.where(free, UNASSIGNED), (labels + 1).where(free, UNASSIGNED), households)
    return found | {label - 1: area for area, label in matches.items()}


def match_areas(old: pd.Series[int], new: pd.Series[int], households: pd.Series[float]) -> dict[int, int]:
    """Which area of the second division each of the first is.

    The pair that shares most households comes first, then most neighbourhoods, then the smaller ids; a pair
    must share at least half of the neighbourhoods of its smaller area, and no area is matched twice.

    Parameters
    ----------
    old, new : Series of int
        Index fid: id of the area in either division, 0 = none.
    households : Series
        Index fid; unknown counts as none here.

    Examples
    --------
    >>> match_areas(pd.Series([1, 1, 1, 2]), pd.Series([7, 7, 8, 8]), pd.Series([100.0, 90, 80, 10]))
    {1: 7, 2: 8}
    """
    table = pd.DataFrame({"old": old, "new": new, "households": households.fillna(0.0)})
    table = table[(table["old"] != UNASSIGNED) & (table["new"] != UNASSIGNED)]
    shared = table.groupby(["old", "new"])["households"].agg(["sum", "size"]).reset_index()
    sizes_old, sizes_new = old.value_counts(), new.value_counts()
    smaller = np.minimum(shared["old"].map(sizes_old), shared["new"].map(sizes_new))
    shared = shared[2 * shared["size"] >= smaller]
    shared = shared.sort_values(["sum", "size", "old", "new"], ascending=[False, False, True, True])
    found: dict[int, int] = {}
    taken: set[int] = set()
    for one, two in zip(shared["old"].tolist(), shared["new"].tolist(), strict=True):
        if one not in found and two not in taken:
            found[one] = two
            taken.add(two)
    return dict(sorted(found.items()))


def reading_order(
    rows: gpd.GeoDataFrame, labels: pd.Series[int], units: pd.Series[str] | None
) -> dict[int, int]:
    """Area ids from 1 in the order in which a map is read: by administrative unit, then from north to
    south, west to east.

    Depends on the members only, not on the engine's numbering: the same partition always has the same ids.
    """
    centres = rows.geometry.representative_point()
    table = pd.DataFrame({"label": labels, "x": centres.x, "y": centres.y, "fid": rows.index})
    table["unit"] = "" if units is None else units.reindex(rows.index).fillna("").astype(str)
    table = table[table["label"] >= 0]
    if table.empty:
        return {}
    means = table.groupby("label").agg(
        unit=("unit", "first"), x=("x", "mean"), y=("y", "mean"), first=("fid", "min")
    )
    # Rows of a map sheet: areas within 400 m north-south count as one line, read from west to east.
    means["line"] = -np.floor(means["y"] / 400.0)
    ordered = means.sort_values(["unit", "line", "x", "first"]).index
    return {int(label): position + 1 for position, label in enumerate(ordered)}

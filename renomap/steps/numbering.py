"""Numbers of new areas: what goes on keeps its number, the rest follows in the order a map is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd


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


def heirs(labels: pd.Series[int], before: pd.Series[int], stays: pd.Series[int]) -> dict[int, int]:
    """The area that each new one carries on: the one whose neighbourhoods must stay in it, else the one with
    which it shares most.

    Parameters
    ----------
    labels, before, stays : Series of int
        Index fid: label of the new area (< 0 none), id of the former area and of the area a neighbourhood
        must stay in (0 none). No id is carried on twice.
    """
    table = pd.DataFrame({"label": labels, "id": before, "anchored": stays > 0})
    table = table[(table["label"] >= 0) & (table["id"] > 0)]
    shared = table.groupby(["label", "id"])["anchored"].agg(["any", "size"]).reset_index()
    # an id that others must stay in is carried on by the area they are in, and by no other
    shared = shared[shared["any"] | ~shared["id"].isin(set(stays))]
    shared = shared.sort_values(["any", "size", "id", "label"], ascending=[False, False, True, True])
    found: dict[int, int] = {}
    for label, area in zip(shared["label"].tolist(), shared["id"].tolist(), strict=True):
        if label not in found and area not in found.values():
            found[label] = area
    return found


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

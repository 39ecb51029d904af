"""What became of each neighbourhood, and why: assigned, scattered, excluded or left over."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.preset import Preset
from renomap.model.scheme import UNASSIGNED, Scheme, SizeFlag
from renomap.steps.groundwork import Groundwork
from renomap.steps.size_flags import size_params

#: Why nothing is said yet of a neighbourhood that may join.
LINKS_SOUGHT: Final = "fate.links-sought"
#: What lies between an undersized area and its nearest neighbour is looked for no further than this.
ISOLATED_M = 400.0


def fates(
    assignment: pd.Series[int],
    judged: pd.DataFrame,
    work: Groundwork,
    preset: Preset,
    scheme: Scheme | None,
) -> pd.DataFrame:
    """Fate and reason of each neighbourhood.

    Returns
    -------
    DataFrame, index as ``assignment``
        ``fate``: assigned | scattered (may join, but nothing reaches it or no legal area can hold it) |
        excluded (may not join) | unassigned (could join, left out by hand or without a scheme);
        While links are not known (``work.linked``) nobody is scattered, and the reason is ``LINKS_SOUGHT``;
        ``reason``: a code of the catalogue, None for assigned; ``params``: dict for its sentence.
    """
    may_join = judged["eligibility"].isin(preset.joining).reindex(assignment.index)
    reached = _reached(assignment.index, may_join, work)
    fate = pd.Series("unassigned", index=assignment.index, dtype=object)
    reason = pd.Series("fate.left-out", index=assignment.index, dtype=object)
    params = pd.Series([{} for _ in assignment], index=assignment.index, dtype=object)
    told = scheme.settings.scattered if scheme is not None else {}
    for text, why in told.items():
        if int(text) in fate.index:
            fate[int(text)], reason[int(text)], params[int(text)] = "scattered", why["code"], why["params"]
    if work.linked:
        alone = may_join & ~reached
        fate[alone], reason[alone] = "scattered", "fate.no-link"
    else:
        reason[may_join] = LINKS_SOUGHT
    fate[~may_join] = "excluded"
    reason[~may_join] = judged["reason"].reindex(assignment.index)[~may_join]
    inside = assignment != UNASSIGNED
    fate[inside], reason[inside] = "assigned", None
    return pd.DataFrame({"fate": fate, "reason": reason, "params": params})


def _reached(index: pd.Index[int], may_join: pd.Series[bool], work: Groundwork) -> pd.Series[bool]:
    """Whether a link leads from a neighbourhood to another that may join, within its administrative unit."""
    links = work.links
    position = pd.Series(np.arange(len(index)), index=index)
    place = position.reindex(links.fids).to_numpy()
    a, b = place[links.a], place[links.b]
    joins = may_join.to_numpy(dtype=bool)
    good = joins[a] & joins[b]
    if work.within.units is not None:
        unit = pd.factorize(work.within.units.reindex(index).astype(object))[0]
        good &= unit[a] == unit[b]
    reached = np.zeros(len(index), dtype=bool)
    reached[a[good]] = True
    reached[b[good]] = True
    return pd.Series(reached, index=index).astype(bool)


def size_reasons(flags: pd.DataFrame, people: gpd.GeoDataFrame, work: Groundwork) -> pd.DataFrame:
    """Why an area is too small or too large: the figure against the bound, and what isolates it.

    Parameters
    ----------
    flags : DataFrame, index area id
        As ``size_flags`` gives them, with ``neighbourhoods``.

    Returns
    -------
    DataFrame, index area id
        ``reason`` (code or None) and ``reason_params`` (dict).
    """
    broken = flags["size_rule"].notna()
    tree = shapely.STRtree(people.geometry.values) if broken.any() else None
    reason: list[str | None] = []
    params: list[dict[str, Any]] = []
    for area, row in flags.to_dict("index").items():
        if tree is None or row["size_rule"] is None:
            reason.append(None)
            params.append({})
            continue
        members = np.flatnonzero(people["area_id"] == area)
        small = row["size_flag"] == SizeFlag.UNDERSIZED
        code, values = size_params(row, _isolating(members, people, tree, work) if small else "")
        reason.append(code)
        params.append(values)
    # a column of texts would make NaN of None
    codes = pd.Series(reason, index=flags.index, dtype=object)
    return pd.DataFrame({"reason": codes, "reason_params": params}, index=flags.index)


def _isolating(
    members: npt.NDArray[np.intp], people: gpd.GeoDataFrame, tree: shapely.STRtree, work: Groundwork
) -> str:
    """Name of what lies between the members (positions) and the nearest other neighbourhood, or ''."""
    shapes = people.geometry.to_numpy()
    member, other = tree.query(shapes[members], predicate="dwithin", distance=ISOLATED_M)
    outside = ~np.isin(other, members)
    if not outside.any():
        return ""
    own, near = shapes[members[member[outside]]], shapes[other[outside]]
    k = int(np.argmin(shapely.distance(own, near)))
    return work.ground.name_across(shapely.shortest_line(own[k], near[k]))

"""The rules of one area, each a function of its members: one piece, sizes, walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from renomap.editing.findings import (
    ABOVE,
    BELOW,
    BELOW_KNOWN,
    LINE_CROSSED,
    OVER_CROSSING,
    TORN,
    TORN_BY,
    WALK,
    Finding,
)
from renomap.editing.graph import Graph, Near, pieces
from renomap.editing.tally import Tally
from renomap.model.links import CROSSING
from renomap.model.note import Severity
from renomap.model.scheme import SizeFlag

#: Sums of hectares are not exact; a bound is broken beyond this (as in the grouping engine's check).
SLACK = 1e-6

#: Name of what lies between two sets of neighbourhoods (fids), '' where nothing named does.
Between = Callable[[Sequence[int], Sequence[int]], str]

#: Column of the tally: 1 for a neighbourhood in a piece whose households are unknown for more than half.
BY_COUNT: Final = "by_count"


@dataclass(frozen=True)
class Limit:
    """A bound on the sum of a column of the tally; ``name`` count bounds the number of neighbourhoods."""

    name: str
    lower: float = 0.0
    upper: float = np.inf


@dataclass(frozen=True)
class AreaRules:
    """What areas are held to.

    Parameters
    ----------
    limits : tuple of Limit
        See ``limits``. Their names are columns of the tally, or ``count``.
    exempt : frozenset of int
        Areas whose sizes are not judged: locked.
    declared : Mapping
        Size flag of the areas that no plan could make fit. What is declared is not found again: of an
        undersized area that it is below a bound, of an oversized one anything about its size.
    walk_max_m : float
        Longest shortest path between two members over links, metres; inf = not judged.
    length_m : (m,) float, optional
        Length of each link, metres; needed for the walk.
    names : Mapping
        Name of each area for the sentences; an area without one is called by its number.
    between : Between, optional
        Says what parts two pieces; asked only when something is torn.
    limits_by_count : tuple of Limit
        What holds instead of ``limits`` for areas of which most members are sized by count: those with more
        than half in the column ``BY_COUNT`` of the tally.
    """

    limits: tuple[Limit, ...] = ()
    exempt: frozenset[int] = frozenset()
    declared: Mapping[int, str] = field(default_factory=dict)
    walk_max_m: float = np.inf
    length_m: npt.NDArray[np.float64] | None = None
    names: Mapping[int, str] = field(default_factory=dict)
    between: Between | None = None
    limits_by_count: tuple[Limit, ...] = ()

    def name(self, area: int) -> str:
        """What sentences call an area."""
        return self.names.get(area) or str(area)

    def may_walk_far(self, area: int) -> bool:
        """Whether long walks inside an area are no finding."""
        return area in self.exempt or self.declared.get(area) == SizeFlag.OVERSIZED

    def limits_of(self, counted: Tally, area: int) -> tuple[Limit, ...]:
        """The limits that hold for an area as it is."""
        if BY_COUNT not in counted.amounts.names:
            return self.limits
        by_count = 2 * counted.total(area, BY_COUNT).value > counted.count(area)
        return self.limits_by_count if by_count else self.limits


def limits(bounds: Mapping[str, float]) -> tuple[Limit, ...]:
    """Bounds by name (``households_min``, ``area_ha_max``...) as limits; walks are no sums and left out."""
    found: dict[str, dict[str, float]] = {}
    for key, value in bounds.items():
        name, _, side = key.rpartition("_")
        if name != "walk_m" and side in ("min", "max"):
            found.setdefault(name, {})["lower" if side == "min" else "upper"] = float(value)
    return tuple(Limit(name, **sides) for name, sides in found.items())


def connection(graph: Graph, rules: AreaRules, area: int, units: Iterable[int]) -> tuple[Finding, ...]:
    """Whether an area is in one piece, and whether only a bridge, tunnel or crossing makes it so.

    ``units`` are the positions of its members. The neighbourhoods to hatch are all but the piece with most.
    """
    members = list(units)
    parts = pieces(graph.near, members)
    if len(parts) > 1:
        return (_torn(graph, rules, area, parts),)
    if graph.plain is graph.near:
        return ()
    banks = pieces(graph.plain, members)
    if len(banks) < 2:
        return ()
    via = _crossings(graph, banks)
    params = {"name": rules.name(area), "parts": len(banks), "via": via or "editing.a-crossing"}
    return (Finding(OVER_CROSSING, area, _fids(graph, banks[1:]), params, Severity.INFO),)


def sizes(rules: AreaRules, counted: Tally, area: int) -> tuple[Finding, ...]:
    """Limits that an area breaks, or that what is unknown of its members decides.

    Unknown amounts add nothing; how many are known is said. What is below a minimum as far as is known is to
    be checked; what is within a maximum as far as is known is no finding.
    """
    if area in rules.exempt or counted.count(area) == 0:
        return ()
    found = []
    declared = rules.declared.get(area)
    for limit in rules.limits_of(counted, area):
        count = counted.count(area)
        known = count
        value = float(count)
        if limit.name != "count":
            if limit.name not in counted.amounts.names:
                continue
            total = counted.total(area, limit.name)
            value, known = (0.0 if np.isnan(total.value) else total.value), total.known
        params: dict[str, Any] = {
            "name": rules.name(area),
            "about": limit.name,
            "capacity": f"grouping.capacity.{limit.name}",
            "total": _plain(value),
            "known": known,
            "count": count,
            "data": "" if known == count else "editing.data-partly",
        }
        if value < limit.lower - SLACK and declared is None:
            code = BELOW if known == count else BELOW_KNOWN
            found.append(Finding(code, area, (), params | {"limit": _plain(limit.lower)}))
        if value > limit.upper + SLACK and declared != SizeFlag.OVERSIZED:
            found.append(Finding(ABOVE, area, (), params | {"limit": _plain(limit.upper)}))
    return tuple(found)


def newly_broken_sizes(
    rules: AreaRules, before: Tally, after: Tally, areas: Iterable[int]
) -> tuple[Finding, ...]:
    """Limits that areas break after a change and kept before it; a new area begins below every minimum."""
    found: list[Finding] = []
    for area in areas:
        held = {item.id for item in sizes(rules, before, area)}
        fresh = before.count(area) == 0
        for item in sizes(rules, after, area):
            if item.id not in held and not (fresh and item.code in (BELOW, BELOW_KNOWN)):
                found.append(item)
    return tuple(found)


def walk(graph: Graph, rules: AreaRules, area: int, units: Sequence[int]) -> tuple[Finding, ...]:
    """Whether the longest shortest path inside an area is too long. A torn area is judged piece by piece."""
    if (
        rules.length_m is None
        or not np.isfinite(rules.walk_max_m)
        or len(units) < 2
        or rules.may_walk_far(area)
    ):
        return ()
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    order = {int(unit): k for k, unit in enumerate(units)}
    rows, columns, lengths = [], [], []
    for i in order:
        for k in range(graph.indptr[i], graph.indptr[i + 1]):
            j = int(graph.indices[k])
            if j in order:
                rows.append(order[i])
                columns.append(order[j])
                # a path of length 0 would count as no path
                lengths.append(max(float(rules.length_m[graph.link[k]]), SLACK))
    paths = dijkstra(csr_array((lengths, (rows, columns)), shape=(len(order), len(order))), directed=False)
    paths[~np.isfinite(paths)] = 0.0
    longest = float(paths.max())
    if longest <= rules.walk_max_m + SLACK:
        return ()
    ends = np.unravel_index(int(paths.argmax()), paths.shape)
    fids = tuple(sorted(int(graph.fids[units[int(end)]]) for end in ends))
    params = {"name": rules.name(area), "walk": round(longest), "limit": round(rules.walk_max_m)}
    return (Finding(WALK, area, fids, params),)


def _torn(graph: Graph, rules: AreaRules, area: int, parts: Sequence[Sequence[int]]) -> Finding:
    loose = _fids(graph, parts[1:])
    params: dict[str, Any] = {"name": rules.name(area), "parts": len(parts), "loose": len(loose)}
    if _joined(graph.barred, parts):
        return Finding(LINE_CROSSED, area, loose, params)
    via = rules.between(loose, _fids(graph, parts[:1])) if rules.between is not None else ""
    if via:
        return Finding(TORN_BY, area, loose, params | {"via": via})
    return Finding(TORN, area, loose, params)


def _joined(near: Near, parts: Sequence[Sequence[int]]) -> bool:
    """Whether neighbours that may not be used would make one piece of the parts."""
    if not near:
        return False
    part = {unit: k for k, units in enumerate(parts) for unit in units}
    return any(part.get(j, k) != k for k, units in enumerate(parts) for i in units for j in near[i])


def _crossings(graph: Graph, banks: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """Names of the crossings between pieces, in order; empty where none has a name."""
    links = graph.links
    bank = np.full(len(graph), -1)
    for k, units in enumerate(banks):
        bank[list(units)] = k
    one, two = bank[links.a], bank[links.b]
    between = graph.usable & (links.kind == CROSSING) & (one >= 0) & (two >= 0) & (one != two)
    return tuple(sorted({links.via[row] for row in np.flatnonzero(between).tolist()} - {""}))


def _fids(graph: Graph, parts: Iterable[Iterable[int]]) -> tuple[int, ...]:
    return tuple(sorted(int(graph.fids[unit]) for part in parts for unit in part))


def _plain(value: float) -> float | int:
    """A number as sentences show it: whole where it is large, two decimals otherwise."""
    return round(value) if value == round(value) or abs(value) >= 1000 else round(value, 2)

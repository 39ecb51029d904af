"""From neighbourhoods, links and a preset to a grouping problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from renomap.errors import RenomapError
from renomap.grouping import sizes
from renomap.grouping.sizes import column
from renomap.grouping.wishes import Decided, NeighbourhoodFacts, Wishes
from renomap.model.connection import connected
from renomap.model.links import Links
from renomap.model.preset import Preset
from renomap.model.problem import (
    AUTO,
    FEWEST,
    MOST,
    NO_AREA,
    TERMS,
    Capacity,
    Floats,
    Ints,
    Pooling,
    Problem,
    Target,
)

#: Weights of the objective: proposals of this program, without a source, which every preset and planner can
#: change. Why short walks are among them: docs/adr/0012.
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "compactness": 0.20,
        "target": 0.15,
        "similarity": 0.10,
        "crossings": 0.15,
        "pooling": 0.20,
        "administrative": 0.10,
        "stability": 0.10,
        "walk": 0.10,
    }
)
NO_WISHES: Final = Wishes()
NO_FACTS: Final = NeighbourhoodFacts()
UNDECIDED: Final = Decided()


def build(
    neighbourhoods: gpd.GeoDataFrame,
    links: Links,
    preset: Preset,
    wishes: Wishes = NO_WISHES,
    facts: NeighbourhoodFacts = NO_FACTS,
    decided: Decided = UNDECIDED,
) -> Problem:
    """The problem of grouping these neighbourhoods.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Index ``fid`` (int64, unique), polygons in a CRS in metres; ``households``, ``population``,
        ``year_min`` and ``year_max`` are used where present (NaN = unknown). The order of rows does not
        matter.
    links : Links
        Ground contiguity; ends that are not in the frame are ignored.
    preset : Preset
        Bounds, targets and weights; what it does not set falls back on ``DEFAULT_BOUNDS`` and
        ``DEFAULT_WEIGHTS``.

    Errors
    ------
    ``grouping.no-units``, ``grouping.unknown-bound``, ``grouping.unknown-term``, ``grouping.bad-weight``,
    ``grouping.bad-count``, ``grouping.unknown-unit``, ``grouping.together-unreachable``.
    """
    frame = _included(neighbourhoods, decided.eligible)
    walk_max = sizes.limits(preset, wishes.bounds).get("walk_m_max", np.inf)
    graph = _graph(frame, links, facts, walk_max)
    a, b, usable = graph["a"], graph["b"], graph["usable"]
    pooling = _pooling_rows(facts.pooling, neighbourhoods.index.get_indexer(frame.index))
    population = None if pooling is None else pooling.population
    piece = connected(len(frame), a[usable], b[usable])
    size = sizes.sizes(frame, preset, wishes.bounds, piece, population, wishes.targets)
    problem = Problem(
        **graph,
        keys=frame.index.to_numpy(dtype=np.int64),
        capacities=size.capacities,
        walk_max=walk_max,
        count=_checked_count(wishes.count),
        target=target_for(wishes.count, size.target, size.capacities),
        attributes=_standardised(frame, facts.attributes),
        community=_codes(facts.community, frame.index, keep_missing=False),
        community_weight=np.where(size.by_count, 1.0, np.nan_to_num(column(frame, "households"))),
        pooling=pooling,
        previous=_area_numbers(decided.previous, frame.index),
        fixed=_area_numbers(decided.locked, frame.index),
        apart=_positions(frame, decided.cannot_link),
        by_count=bool(size.by_count.all()),
        asked=size.asked,
        notes=size.notes,
    )
    problem = replace(problem, together=_bridged(problem, _positions(frame, decided.must_link)))
    return replace(problem, weights=_weights(problem, preset, wishes.weights))


def _graph(
    frame: gpd.GeoDataFrame, links: Links, facts: NeighbourhoodFacts, walk_max: float
) -> dict[str, Any]:
    """Links between the rows of the frame and the points that walks are measured between."""
    points = shapely.get_coordinates(shapely.point_on_surface(np.asarray(frame.geometry.values)))
    a, b, frontage, crossing = _links_between(frame, links)
    length = np.hypot(*(points[a] - points[b]).T) if len(a) else np.zeros(0)
    codes = _codes(facts.nest, frame.index, keep_missing=True)
    return {
        "a": a,
        "b": b,
        "frontage": frontage,
        "crossing": crossing,
        "length": length,
        "usable": (codes[a] == codes[b]) & (length <= walk_max),
        "points": points,
    }


def _included(neighbourhoods: gpd.GeoDataFrame, eligible: pd.Series[bool] | None) -> gpd.GeoDataFrame:
    """The eligible rows in the order of their fids, so that row order cannot matter from here on."""
    frame = neighbourhoods
    if eligible is not None:
        wanted = eligible.reindex(frame.index)
        frame = frame[wanted.where(wanted.notna(), True).astype(bool).to_numpy()]
    if len(frame) == 0:
        raise RenomapError("grouping.no-units")
    return frame.sort_index()


def _pooling_rows(pooling: Any | None, rows: Any) -> Pooling | None:
    if pooling is None:
        return None
    return Pooling(
        threshold=np.asarray(pooling.threshold, dtype=np.float64),
        gain=np.nan_to_num(np.atleast_2d(np.asarray(pooling.gain, dtype=np.float64)))[:, rows],
        population=np.asarray(pooling.population, dtype=np.float64)[rows],
    )


def _links_between(frame: gpd.GeoDataFrame, links: Links) -> tuple[Ints, Ints, Floats, Floats]:
    """Links as positions in the frame, sorted, with frontage and crossing cost."""
    at = frame.index.get_indexer(pd.Index(links.fids))
    i, j = at[links.a], at[links.b]
    inside = (i >= 0) & (j >= 0) & (i != j)
    a, b = np.minimum(i, j)[inside].astype(np.int32), np.maximum(i, j)[inside].astype(np.int32)
    order = np.lexsort((b, a))
    return a[order], b[order], links.frontage_m[inside][order], links.cost[inside][order]


def _codes(labels: pd.Series[Any] | None, index: pd.Index[Any], *, keep_missing: bool) -> Ints:
    """A number per distinct label. Missing labels are one group of their own, or -1."""
    if labels is None:
        return np.full(len(index), 0 if keep_missing else NO_AREA, dtype=np.int32)
    texts = labels.reindex(index)
    codes, _ = pd.factorize(texts.where(texts.notna(), None).to_numpy(dtype=object), use_na_sentinel=True)
    return np.asarray(codes, dtype=np.int32)


def _area_numbers(areas: pd.Series[Any] | None, index: pd.Index[Any]) -> Ints:
    """Areas numbered 0.. by first unit; -1 where the id is missing or not positive."""
    if areas is None:
        return np.full(len(index), NO_AREA, dtype=np.int32)
    ids = pd.to_numeric(areas.reindex(index), errors="coerce")
    codes, _ = pd.factorize(ids.where(ids > 0).to_numpy(), use_na_sentinel=True)
    return np.asarray(codes, dtype=np.int32)


def _standardised(frame: gpd.GeoDataFrame, extra: pd.DataFrame | None) -> Floats:
    """Z-scores of the year built and the extra columns.

    Unknown = 0, the mean. Columns without spread are left out.
    """
    low, high = column(frame, "year_min"), column(frame, "year_max")
    columns = [np.where(np.isnan(low), high, np.where(np.isnan(high), low, (low + high) / 2))]
    if extra is not None:
        columns += [
            np.asarray(extra[name].reindex(frame.index), dtype=np.float64) for name in sorted(extra.columns)
        ]
    scores = []
    for values in columns:
        known = ~np.isnan(values)
        spread = values[known].std() if known.any() else 0.0
        if spread > 0:
            scores.append(np.where(known, (values - values[known].mean()) / spread, 0.0))
    return np.stack(scores, axis=1) if scores else np.zeros((len(frame), 0))


def _checked_count(count: int | str) -> int | str:
    if isinstance(count, str) and count not in (AUTO, MOST, FEWEST):
        raise RenomapError("grouping.bad-count", count=count)
    return count if isinstance(count, str) else int(count)


def target_for(count: int | str, target: Target, capacities: tuple[Capacity, ...]) -> Target:
    """With an exact number of areas the size to aim at is the mean size, whatever the preset says."""
    if isinstance(count, str) or count < 1:
        return target
    total = next(c for c in capacities if c.name == target.capacity).known.sum()
    return Target(target.capacity, float(total) / count) if total > 0 else target


def _positions(frame: gpd.GeoDataFrame, pairs: Iterable[tuple[int, int]]) -> Ints:
    listed = [tuple(pair) for pair in pairs]
    if not listed:
        return np.zeros((0, 2), dtype=np.int32)
    fids = np.asarray(listed, dtype=np.int64)
    at = frame.index.get_indexer(pd.Index(fids.ravel())).reshape(fids.shape)
    if (at < 0).any():
        raise RenomapError("grouping.unknown-unit", fid=int(fids[at < 0][0]))
    return np.unique(np.sort(at, axis=1), axis=0).astype(np.int32)


def _bridged(problem: Problem, pairs: Ints) -> Ints:
    """Pairs to be kept together, and the fewest units between ends that do not touch."""
    if len(pairs) == 0:
        return pairs
    n = len(problem)
    a, b = problem.a[problem.usable], problem.b[problem.usable]
    # equally short ways are told apart by their metres, so that the choice is definite
    weight = 1.0 + problem.length[problem.usable] / (1.0 + problem.length.sum())
    matrix = coo_matrix((weight, (a, b)), shape=(n, n)).tocsr()
    chains = []
    for i, j in pairs.tolist():
        _, before = dijkstra(matrix, directed=False, indices=i, return_predecessors=True)
        here = j
        while here != i:
            if before[here] < 0:
                raise RenomapError(
                    "grouping.together-unreachable", one=int(problem.keys[i]), two=int(problem.keys[j])
                )
            chains.append((int(before[here]), here))
            here = int(before[here])
    return np.unique(np.sort(np.asarray(chains), axis=1), axis=0).astype(np.int32)


def _weights(problem: Problem, preset: Preset, chosen: Mapping[str, float]) -> dict[str, float]:
    """Weights of the terms that have data, rescaled to sum to 1."""
    for term, weight in chosen.items():
        if term not in TERMS:
            raise RenomapError("grouping.unknown-term", term=term, known=", ".join(TERMS))
        if not 0 <= weight < np.inf:
            raise RenomapError("grouping.bad-weight", term=term, weight=weight)
    merged = {**DEFAULT_WEIGHTS, **preset.weights, **chosen}
    useful = {
        term: float(merged[term]) for term in TERMS if merged.get(term, 0) > 0 and _has_data(problem, term)
    }
    total = sum(useful.values())
    return {term: weight / total for term, weight in useful.items()} if total > 0 else {}


def _has_data(problem: Problem, term: str) -> bool:
    data: dict[str, Any] = {
        "compactness": problem.frontage.sum() > 0,
        "target": problem.target is not None,
        "similarity": problem.attributes.size > 0,
        "crossings": problem.crossing.sum() > 0,
        "pooling": problem.pooling is not None and problem.pooling.gain.sum() > 0,
        "administrative": (problem.community >= 0).any(),
        "stability": (problem.previous >= 0).any(),
        "walk": True,
    }
    return bool(data[term])

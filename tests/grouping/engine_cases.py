"""Small problems for the tests of the engine: grids, random plane graphs, and polygons with links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import Delaunay

from renomap.model.links import Links
from renomap.model.preset import Bound, Preset
from renomap.model.problem import Capacity, Problem, Target
from renomap.model.standard import Status


def problem_of(a: Any, b: Any, sizes: Any, **given: Any) -> Problem:
    """A problem over units 0..n-1 with households ``sizes``; ``lower``, ``upper`` bound them."""
    sizes = np.asarray(sizes, dtype=float)
    a, b = np.asarray(a, dtype=np.int32), np.asarray(b, dtype=np.int32)
    order = np.lexsort((b, a))
    m, n = len(a), len(sizes)
    lower, upper = given.pop("lower", 0.0), given.pop("upper", np.inf)
    extra = tuple(given.pop("extra", ()))
    made = Problem(
        keys=np.arange(n, dtype=np.int64) + 100,
        a=a[order],
        b=b[order],
        frontage=np.full(m, 10.0),
        crossing=np.zeros(m),
        length=np.full(m, 100.0),
        usable=np.ones(m, dtype=bool),
        capacities=(Capacity("households", sizes, lower, upper), *extra),
        weights=given.pop("weights", {"compactness": 1.0}),
    )
    return replace(made, **given)


def grid(rows: int, columns: int, sizes: Any = None, **given: Any) -> Problem:
    """A rook grid; unit r * columns + c."""
    at = np.arange(rows * columns).reshape(rows, columns)
    a = np.concatenate([at[:, :-1].ravel(), at[:-1].ravel()])
    b = np.concatenate([at[:, 1:].ravel(), at[1:].ravel()])
    return problem_of(a, b, np.full(rows * columns, 100.0) if sizes is None else sizes, **given)


def plane(n: int, seed: int, **given: Any) -> Problem:
    """A random plane graph (Delaunay, one link in four removed), with everything an objective can ask for."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 1000, (n, 2))
    corners = Delaunay(points).simplices
    pairs = np.unique(
        np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0
    )
    pairs = pairs[rng.random(len(pairs)) > 0.25]
    made = problem_of(pairs[:, 0], pairs[:, 1], rng.integers(20, 300, n), **given)
    m = len(pairs)
    return replace(
        made,
        frontage=rng.uniform(10, 100, m),
        crossing=np.where(rng.random(m) < 0.3, 0.5, 0.0),
        length=np.hypot(*(points[made.a] - points[made.b]).T),
        attributes=rng.normal(size=(n, 2)),
        community=rng.integers(-1, 4, n).astype(np.int32),
        community_weight=rng.uniform(1, 5, n),
        target=Target("households", 1000.0),
        points=points,
    )


FULL_WEIGHTS = {
    "compactness": 0.3,
    "target": 0.25,
    "similarity": 0.15,
    "crossings": 0.15,
    "administrative": 0.15,
}


def preset(**values: float) -> Preset:
    """A preset with these bounds and the Changsha targets."""
    bounds = {
        "households_min": 300.0,
        "households_max": 4000.0,
        "area_ha_max": 60.0,
        "walk_m_max": 1000.0,
        **values,
    }

    def bound(value: float) -> Bound:
        return Bound(value, "test", Status.EXAMPLE)

    return Preset(
        key="test",
        zh="测试",
        en="Test",
        standard="national",
        bounds={key: bound(value) for key, value in bounds.items()},
        targets={"households": bound(1225.0), "count": bound(8.0)},
        year_max=None,
        year_max_capped=None,
    )


def row_of_squares(households: list[float | None], size: float = 50.0, **columns: Any) -> gpd.GeoDataFrame:
    """Squares in a row, 10 m apart, fid 1, 2, ..."""
    frame = gpd.GeoDataFrame(
        {"households": pd.array(households, dtype="Float64").to_numpy(float, na_value=np.nan), **columns},
        geometry=[
            shapely.box(i * (size + 10), 0, i * (size + 10) + size, size) for i in range(len(households))
        ],
        crs="EPSG:4547",
    )
    frame.index = pd.Index(np.arange(1, len(households) + 1, dtype=np.int64), name="fid")
    return frame


def chain(frame: gpd.GeoDataFrame, cost: float = 0.0) -> Links:
    """Links between squares that follow each other."""
    n = len(frame)
    a = np.arange(n - 1, dtype=np.int32)
    return Links(
        fids=frame.index.to_numpy(np.int64),
        a=a,
        b=a + 1,
        frontage_m=np.full(n - 1, 50.0),
        gap_m=np.full(n - 1, 10.0),
        cost=np.full(n - 1, cost),
        kind=np.ones(n - 1, np.int8),
        via=[""] * (n - 1),
    )

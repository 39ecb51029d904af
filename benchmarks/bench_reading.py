"""Reading against plain geopandas in the same run: 100,000 buildings, and 3,700 compounds with their checks.

    python benchmarks/bench_reading.py [FOLDER OF REAL DATA]

Prints medians of five rounds; without the real data the compounds are left out.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from renomap.sources.checks import check
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read

ROUNDS = 5
COUNT = 100_000


def footprints(path: Path) -> Path:
    """L-shaped buildings in degrees with Chinese names, storeys and use."""
    rng = np.random.default_rng(1)
    x, y = 112.9 + rng.random(COUNT) * 0.2, 28.1 + rng.random(COUNT) * 0.2
    w, h = rng.uniform(1e-4, 4e-4, COUNT), rng.uniform(1e-4, 3e-4, COUNT)
    corners = [
        (x, y),
        (x + w, y),
        (x + w, y + h / 2),
        (x + w / 2, y + h / 2),
        (x + w / 2, y + h),
        (x, y + h),
        (x, y),
    ]
    rings = np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
    columns = {
        "楼栋名称": [f"{i}号楼" for i in range(COUNT)],
        "层数": rng.integers(1, 34, COUNT),
        "用途": rng.choice(["住宅", "商业", "办公"], COUNT),
    }
    gpd.GeoDataFrame(columns, geometry=shapely.polygons(rings), crs="EPSG:4490").to_file(path, layer="楼栋")
    return path


def seconds(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def compare(name: str, ours: Callable[[], object], plain: Callable[[], object]) -> None:
    mine, theirs = seconds(ours), seconds(plain)
    print(f"{name}: {mine:.2f} s, geopandas.read_file {theirs:.2f} s, ratio {mine / theirs:.1f}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = footprints(Path(folder) / "buildings.gpkg")
        options = ImportOptions(joins_project=True)
        compare(f"{COUNT:,} buildings", lambda: read([path], options), lambda: gpd.read_file(path))
    data = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("RENOMAP_REAL_DATA")
    if data:
        compounds = Path(data) / "cn_beijing/beijing_compounds_all_wgs84.gpkg"
        compare(
            "3,700 compounds with checks",
            lambda: check(read([compounds]).layers),
            lambda: gpd.read_file(compounds),
        )


if __name__ == "__main__":
    main()

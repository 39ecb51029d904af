"""How long the derived range lines of all areas take beside the mere union of the members' territories.

    python benchmarks/bench_outlines.py                     the sample town
    python benchmarks/bench_outlines.py FILE[:LAYER]...     real layers as well, moved to metres

Areas are the sample's own, or eight neighbourhoods that hang together. Processor seconds, median and 95th
percentile of nine runs after one that loads the kernels: territories, then either their union by area or the
lines; the ratio is of territories and lines to territories and union, run in turn.
"""

from __future__ import annotations

import argparse
import time
from collections import deque
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from bench_links import read

from renomap.deficits.presets import load
from renomap.ground.land import Land
from renomap.ground.links import collect, find_links
from renomap.ground.outline import outlines
from renomap.ground.territories import territories
from renomap.model.feedback import Silent
from renomap.model.links import Links
from renomap.model.settings import GroupSettings
from renomap.steps.demo import sample_project
from renomap.steps.frames import neighbourhood_frame
from renomap.steps.groundwork import lay_ground

RUNS = 9
SIZE = 8


def together(links: Links) -> pd.Series:
    """Areas of up to eight neighbourhoods that links join, from the first row on; the alone are in none."""
    n, beside = len(links.fids), {}
    for a, b in zip(links.a.tolist(), links.b.tolist(), strict=True):
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    area = np.zeros(n, dtype=np.int64)
    for start in range(n):
        if area[start] or start not in beside:
            continue
        found, queue = [], deque([start])
        while queue and len(found) < SIZE:
            unit = queue.popleft()
            if area[unit] == 0 and unit not in found:
                found.append(unit)
                queue.extend(sorted(beside[unit]))
        if len(found) > 1:
            area[found] = area.max() + 1
    return pd.Series(area, index=pd.Index(links.fids))


def sample() -> tuple[Land, Callable[[], gpd.GeoSeries]]:
    project = sample_project()
    homes = neighbourhood_frame(project).geometry
    work = lay_ground(project, load("changsha"), GroupSettings(), Silent())
    within = work.within.polygons

    def grow() -> gpd.GeoSeries:
        return territories(homes, work.ground, gap_m=work.gap_m, within=within)

    return Land(homes, grow(), work.links, work.ground, within, work.gap_m), grow


def given(source: str) -> tuple[Land, Callable[[], gpd.GeoSeries]]:
    homes, ground = read(source), collect()
    return Land(homes, territories(homes, ground), find_links(homes, ground), ground), lambda: territories(
        homes, ground
    )


def took(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def tell(name: str, land: Land, grow: Callable[[], gpd.GeoSeries]) -> None:
    area = together(land.links)
    members = area[area > 0]

    def union() -> list[shapely.Geometry]:
        ground = land.territories.reindex(members.index)
        return [shapely.coverage_union_all(part.to_numpy()) for _, part in ground.groupby(members)]

    def lines() -> gpd.GeoDataFrame:
        return outlines(area, land)

    lines()
    seconds = np.array([[took(grow), took(union), took(lines)] for _ in range(RUNS)])
    before, after = seconds[:, 0] + seconds[:, 1], seconds[:, 0] + seconds[:, 2]
    columns = [*(seconds[:, k] for k in range(3)), before, after]
    said = "  ".join(f"{np.median(column):7.3f} {np.quantile(column, 0.95):7.3f}" for column in columns)
    corners = int(shapely.get_num_coordinates(lines().geometry.to_numpy()).sum() / area.max())
    ratio = np.median(after / before)
    print(f"{name:<28} {len(area):>6} {area.max():>5} {corners:>8}  {said}  {ratio:6.2f}", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layers", nargs="*", help="FILE or FILE:LAYER with polygons")
    layers = parser.parse_args().layers
    heads = ("territories", "union", "lines", "with union", "with lines")
    print(
        f"{'':<28} {'units':>6} {'areas':>5} {'corners':>8}  "
        + "  ".join(f"{h:>15}" for h in heads)
        + "   ratio"
    )
    tell("sample town", *sample())
    for source in layers:
        tell(source.rsplit("/", 1)[-1][-28:], *given(source))


if __name__ == "__main__":
    main()

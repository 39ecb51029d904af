"""How long polygons take to become links, and whether the graph depends on how they are written down.

    python benchmarks/bench_links.py                     synthetic street blocks, 35,000 of them
    python benchmarks/bench_links.py FILE[:LAYER]...     real layers as well, moved to metres

Wall and processor seconds, the least of five runs after one that loads the kernels; one core. "same" compares
the graph by id, with frontage to a tenth of a millimetre, after shuffling rows, turning rings and beginning
them elsewhere.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from renomap.ground.links import collect, find_links
from renomap.model.links import Links

RUNS = 5


def street_blocks(n: int, seed: int = 1) -> gpd.GeoSeries:
    """About ``n`` four-sided blocks of some 80 m on a bent grid, streets of 8 to 26 m between them."""
    random = np.random.default_rng(seed)
    side = round(np.sqrt(n))
    across = np.concatenate([[0], np.cumsum(random.uniform(70, 110, side))])
    up = np.concatenate([[0], np.cumsum(random.uniform(70, 110, side))])
    x, y = np.meshgrid(across, up)
    x = x + random.normal(0, 6, x.shape) + 90 * np.sin(y / 2500)
    y = y + random.normal(0, 6, y.shape) + 70 * np.sin(x / 3500)
    corner = np.stack([x, y], axis=-1)
    blocks = np.stack([corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1]], axis=2)
    polygons = shapely.polygons(blocks.reshape(-1, 4, 2))
    wide = np.where(np.arange(len(polygons)) // side % 10 == 0, 13.0, 4.0)
    shapes = shapely.buffer(polygons, -wide, join_style="mitre")
    shapes = shapes[shapely.area(shapes) > 400]
    return gpd.GeoSeries(shapes, index=np.arange(1, len(shapes) + 1))


def read(source: str) -> gpd.GeoSeries:
    path, _, layer = source.partition(":")
    frame = gpd.read_file(path, layer=layer) if layer else gpd.read_file(path)
    frame = frame.to_crs(frame.estimate_utm_crs())
    return gpd.GeoSeries(frame.geometry.make_valid().to_numpy(), index=np.arange(1, len(frame) + 1))


def graph(links: Links) -> list[tuple[int, int, float]]:
    ends = np.sort(np.column_stack([links.fids[links.a], links.fids[links.b]]), axis=1)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    frontage = np.round(links.frontage_m[order], 4)
    return [(int(a), int(b), float(m)) for (a, b), m in zip(ends[order], frontage, strict=True)]


def rewritten(units: gpd.GeoSeries) -> gpd.GeoSeries:
    """The same units in another order, rings turned round and begun elsewhere."""
    return gpd.GeoSeries([_rolled(shape) for shape in units], index=units.index).sample(
        frac=1, random_state=1
    )


def _rolled(shape: shapely.Geometry) -> shapely.Geometry:
    if shape.geom_type != "Polygon":
        return shapely.reverse(shape)
    ring = list(shape.exterior.coords)[:-1]
    at = len(ring) // 2
    return shapely.Polygon(
        (ring[at:] + ring[:at])[::-1], [list(hole.coords)[::-1] for hole in shape.interiors]
    )


def measure(name: str, units: gpd.GeoSeries) -> None:
    ground = collect()
    wall, processor = [], []
    for _ in range(RUNS):
        begun = time.perf_counter(), time.process_time()
        links = find_links(units, ground)
        wall.append(time.perf_counter() - begun[0])
        processor.append(time.process_time() - begun[1])
    same = graph(links) == graph(find_links(rewritten(units), ground))
    size = f"{name:42} {len(units):7,} polygons {len(links):8,} links"
    print(f"{size} {min(wall):7.3f} s wall {min(processor):7.3f} s processor   same: {same}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", nargs="*", metavar="FILE[:LAYER]")
    parser.add_argument("--blocks", type=int, default=35_000)
    given = parser.parse_args()
    find_links(street_blocks(100), collect())
    for source in given.sources:
        measure(Path(source).name, read(source))
    measure("street blocks", street_blocks(given.blocks))


if __name__ == "__main__":
    main()

"""Range lines of real towns against those drawn by hand before any was derived.

``pytest -s tests/real/test_range_truth.py`` prints the likeness of each area, the median and the least.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.ground.land import Land
from renomap.ground.links import Ground, collect, find_links
from renomap.ground.outline import outlines
from renomap.ground.territories import territories

FOLDER = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER, reason="RENOMAP_REAL_DATA names no folder of real data"),
]
TRUTH = json.loads((Path(__file__).parents[1] / "ground" / "truth_ranges.json").read_text(encoding="utf-8"))
FILES = {
    "dongzhimen": "cn_beijing/beijing_dongzhimen_demo.gpkg",
    "haidian": "cn_beijing/haidian_tsinghua_demo.gpkg",
    "guixi": "cn_guixi/guixi_demo.gpkg",
}
#: Buildings where people live, by town: what is known of compounds there.
LIVED_IN = {"haidian": ("residential", "dormitory", "apartments"), "guixi": ("apartments", "yes")}
#: Below .75, see docs/range-lines.md.
EXPLAINED = {"haidian [11, 22]"}
#: Ways that run through compounds.
FREE = ("footway", "steps", "path", "service", "cycleway", "pedestrian")


def read(town: str, layer: str, crs: str) -> gpd.GeoDataFrame:
    table = gpd.read_file(Path(FOLDER or "") / FILES[town], layer=layer).to_crs(crs)
    return table.set_geometry(table.geometry.make_valid())


def compounds(town: str, crs: str) -> gpd.GeoSeries:
    """The compounds of a town; where it has no layer of them, groups of buildings that no street parts."""
    if town == "dongzhimen":
        rows = read(town, "compounds", crs).geometry
    else:
        buildings, roads = read(town, "buildings", crs), read(town, "roads", crs)
        homes = buildings.geometry[buildings["building"].isin(LIVED_IN[town])].values
        whole = shapely.union_all(shapely.buffer(homes, 15.0, join_style="mitre"))
        whole = shapely.buffer(whole, -9.0, join_style="mitre")
        if town == "haidian":
            whole = shapely.union_all([whole, *read(town, "residential_areas", crs).geometry.values])
        ways = [*roads.geometry[~roads["highway"].isin(FREE)], *read(town, "railways", crs).geometry]
        parts = shapely.get_parts(shapely.difference(whole, shapely.buffer(shapely.union_all(ways), 6.0)))
        parts = parts[shapely.area(parts) > 2500]
        rows = gpd.GeoSeries([shapely.Polygon(p.exterior) for p in shapely.simplify(parts, 1.0)], crs=crs)
    rows.index = pd.RangeIndex(1, len(rows) + 1, name="fid")
    return rows


def ground_of(town: str, crs: str) -> Ground:
    if town == "dongzhimen":
        return collect()
    roads = read(town, "roads", crs).rename(columns={"highway": "road_class"})
    railways = read(town, "railways", crs).rename(columns={"railway": "kind"})
    water = read(town, "waterways", crs).rename(columns={"waterway": "kind"})
    return collect(roads, water, railways)


@pytest.mark.long
def test_lines_of_real_towns_are_those_that_were_drawn_by_hand() -> None:
    likeness: dict[str, float] = {}
    for town in FILES:
        crs = "EPSG:4548" if town == "dongzhimen" else "EPSG:32650"
        homes, ground = compounds(town, crs), ground_of(town, crs)
        within = read(town, "subdistricts", crs).geometry if town == "dongzhimen" else None
        links = find_links(homes, ground)
        area = pd.Series(0, index=homes.index)
        for key, members in enumerate(next(s["areas"] for s in TRUTH["schemes"] if s["town"] == town), 1):
            area[members] = key
        drawn = outlines(area, Land(homes, territories(homes, ground, within=within), links, ground, within))
        for by_hand in TRUTH["areas"]:
            if by_hand["town"] == town:
                shape = drawn.geometry[area[by_hand["members"][0]]]
                ring = shapely.Polygon(by_hand["ring"])
                share = shape.intersection(ring).area / shape.union(ring).area
                likeness[f"{town} {by_hand['members']}"] = share
    for name, share in likeness.items():
        print(f"{share:.3f}  {name}")
    values = np.array([*likeness.values()])
    print(f"{len(values)} areas: median {np.median(values):.3f}, least {values.min():.3f}")
    assert np.median(values) >= 0.90
    assert {name for name, share in likeness.items() if share < 0.75} <= EXPLAINED

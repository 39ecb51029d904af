"""Ways along the roads of Haidian and of Guixi, against a graph that networkx walks: 200 pairs of each."""

from __future__ import annotations

import math
import os
from pathlib import Path

import geopandas as gpd
import networkx
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.ground.barriers import describe
from renomap.ground.links import collect
from renomap.ground.walking import network

FOLDER = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.long,
    pytest.mark.skipif(not FOLDER, reason="RENOMAP_REAL_DATA names no folder of real data"),
]
PLACES = {"haidian": "cn_beijing/haidian_tsinghua_demo.gpkg", "guixi": "cn_guixi/guixi_demo.gpkg"}
DRIVEN = {"motorway", "motorway_link", "trunk", "trunk_link", "construction", "platform"}


def layer(place: str, name: str, crs: object) -> gpd.GeoDataFrame:
    return gpd.read_file(Path(FOLDER or "") / PLACES[place], layer=name).to_crs(crs)


def walked(roads: gpd.GeoDataFrame, hard: list[shapely.Geometry]) -> networkx.Graph:
    """A graph of the same roads by other means: noded all at once, corners told apart by their decimetre."""
    on_deck = roads["bridge"].eq("yes").to_numpy()
    feet = shapely.union_all(shapely.boundary(roads.geometry.to_numpy()[on_deck])).buffer(5)
    bar = shapely.union_all(hard)
    flat = []
    for line in roads.geometry[~on_deck]:
        shut = [
            part.buffer(1) for part in shapely.get_parts(line.intersection(bar)) if not part.intersects(feet)
        ]
        flat.append(line.difference(shapely.union_all(shut)))
    tips = shapely.get_coordinates(shapely.boundary(roads.geometry.to_numpy()[on_deck]))
    stubs = [shapely.LineString([tip, tip + 0.02]) for tip in tips]  # a bridge may end amid a street
    level = shapely.union_all(flat)
    noded = [*shapely.get_parts(shapely.node(shapely.union_all([*flat, *stubs]))), *roads.geometry[on_deck]]
    graph = networkx.Graph()
    for piece in noded:
        if not piece.is_empty:
            tips = [tuple(np.round(tip, 1)) for tip in (piece.coords[0], piece.coords[-1])]
            known = graph.get_edge_data(*tips, default={"weight": math.inf})["weight"]
            graph.add_edge(*tips, weight=min(known, piece.length))
            for tip in tips:  # nobody steps onto a bridge but at its ends
                graph.nodes[tip]["level"] = level.distance(shapely.Point(tip)) < 0.2
    return graph


@pytest.mark.parametrize("place", PLACES)
def test_200_pairs_are_as_far_as_networkx_says(place: str) -> None:
    roads = layer(place, "roads", "EPSG:4548" if place == "haidian" else "EPSG:32648")
    roads = roads.explode(ignore_index=True)
    roads = roads[roads.geometry.geom_type == "LineString"]
    water = pd.concat([layer(place, name, roads.crs) for name in ("water", "waterways")])
    rails = layer(place, "railways", roads.crs)
    ground = collect(roads=roads, water=water, railways=rails)
    net = network(describe(roads.assign(road_class=roads["highway"]), "roads"), ground)
    graph = walked(roads[~roads["highway"].isin(DRIVEN)], list(net.hard))
    corners = sorted(tip for tip, level in graph.nodes(data="level") if level)
    pairs = np.random.default_rng(7).choice(len(corners), size=(200, 2))
    spots = shapely.points(np.array(corners))
    wrong, far = [], 0
    for one, two in pairs:
        found = net.metres(spots[[one]], spots[[two]], 1e6)[0, 0]
        try:
            told = networkx.shortest_path_length(graph, corners[one], corners[two], weight="weight")
        except networkx.NetworkXNoPath:
            told = math.inf
        far += math.isfinite(told)
        if not (found == told or abs(found - told) <= 0.5 + told / 1000):
            wrong.append((corners[one], corners[two], float(found), told))
    print(f"{place}: {far} of 200 pairs joined, {len(wrong)} differ")
    assert far > 50, "most of what is compared has a way"
    assert not wrong

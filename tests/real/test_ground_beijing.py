"""The ground of real compounds: 263 in Dongzhimen, with subdistricts."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.ground.gaps import gap_chart
from renomap.ground.land import Land
from renomap.ground.links import Ground, collect, find_links
from renomap.ground.outline import outlines
from renomap.ground.territories import territories
from renomap.model.links import Links
from renomap.model.overlay import main_holder

FOLDER = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER, reason="RENOMAP_REAL_DATA names no folder of real data"),
]


@pytest.fixture(scope="module")
def compounds() -> gpd.GeoSeries:
    return _read("compounds")


@pytest.fixture(scope="module")
def subdistricts() -> gpd.GeoSeries:
    return _read("subdistricts")


def _read(layer: str) -> gpd.GeoSeries:
    path = Path(FOLDER or "") / "cn_beijing" / "beijing_dongzhimen_demo.gpkg"
    shapes = gpd.read_file(path, layer=layer).to_crs("EPSG:4548").geometry.make_valid()
    shapes.index = np.arange(1, len(shapes) + 1)
    return shapes


@pytest.fixture(scope="module")
def ground() -> Ground:
    return collect()


@pytest.fixture(scope="module")
def links(compounds, ground) -> Links:
    return find_links(compounds, ground)


def test_touching_is_useless_and_the_ground_is_not(compounds, ground, links):
    touching = find_links(compounds, ground, gap_m=0.0)
    assert len(touching) <= 3
    assert len(links) > 150
    assert (links.frontage_m >= 10).all()
    assert (links.gap_m <= 30).all()


def test_the_chart_is_monotone(compounds, ground):
    chart = gap_chart(compounds, ground)
    assert chart["scattered"].is_monotonic_decreasing
    assert chart.set_index("gap_m").loc[120.0, "links"] > 1.5 * chart.set_index("gap_m").loc[30.0, "links"]


def test_outlines_are_whole_apart_and_keep_to_the_subdistrict(compounds, subdistricts, ground, links):
    home, _ = main_holder(subdistricts, compounds)
    area = _pieces(links, home)
    grown = territories(compounds, ground, within=subdistricts)
    drawn = outlines(area, Land(compounds, grown, links, ground, subdistricts))
    assert drawn.is_valid.all()
    shapes = drawn.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    both = shapely.intersection(shapes[a[a < b]], shapes[b[a < b]])
    assert shapely.area(both).max(initial=0) < 0.01
    assert (drawn["parts"] == 1).mean() > 0.95
    for key, shape in drawn.geometry.items():
        members = area[area == key].index
        land = shapely.union_all(compounds[members].values)
        assert land.difference(shape).area < 1.0
        ours = subdistricts[home[compounds.index.get_indexer(members)[0]]]
        beyond = shapely.get_parts(shape.difference(ours).difference(land.buffer(0.01)))
        # Ground beyond the line may only be enclosed by members' land on all sides: the line does not cross.
        crossing = beyond[shapely.intersects(beyond, shape.exterior.buffer(0.05))]
        assert shapely.area(crossing).sum() < 1.0


def _pieces(links: Links, home: np.ndarray) -> pd.Series:
    """Connected pieces within a subdistrict as areas; single units stay without."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    inside = home[links.a] == home[links.b]
    n = len(links.fids)
    ends = (np.ones(inside.sum()), (links.a[inside], links.b[inside]))
    _, piece = connected_components(coo_matrix(ends, shape=(n, n)), directed=False)
    several = np.bincount(piece)[piece] > 1
    return pd.Series(np.where(several, piece + 1, 0), index=links.fids)

"""An outline with a hair-thin spike never stops an output: what is thinner than the grid is left out."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from plan_sample import sample_plan, sample_words

from renomap.model.repair import snapped
from renomap.outputs.data_notes import data_notes
from renomap.outputs.geojson import geographic
from renomap.outputs.geojson import spiked as left_out

CRS = "EPSG:4547"


def spiked(count: int, seed: int) -> gpd.GeoSeries:
    """Valid triangles of 50 m with a spike that is too thin for a coordinate in degrees."""
    chance = np.random.default_rng(seed)
    shapes = []
    for _ in range(count):
        x, y = 395_000 + chance.uniform(0, 100), 3_121_000 + chance.uniform(0, 100)
        width = chance.choice([1e-9, 2e-9, 5e-9, 1e-8, 1e-6])
        along, angle = chance.uniform(1, 300), chance.uniform(0, 2 * np.pi)
        tip = (x + along * np.cos(angle), y + along * np.sin(angle))
        middle = tuple(np.mean([tip, (x, y)], axis=0) + chance.uniform(-width, width, 2))
        body = [(x - 50 * np.cos(angle + turn), y - 50 * np.sin(angle + turn)) for turn in (0.7, -0.7)]
        shapes.append(shapely.Polygon([(x + width, y), middle, tip, (x, y + width), *body]))
    series = gpd.GeoSeries(shapes, crs=CRS)
    return series[series.is_valid]


@pytest.mark.parametrize("decimals", [5, 6, 7])
def test_spikes_are_left_out_and_bodies_stay(decimals: int) -> None:
    shapes = spiked(1500, 1)
    degrees = shapes.to_crs("EPSG:4326").to_numpy()
    with pytest.raises(shapely.errors.GEOSException):  # else this test shows nothing
        shapely.set_precision(degrees[~shapely.is_valid(degrees)], 10.0**-decimals)
    written = geographic(shapes, decimals)
    assert shapely.is_valid(written).all()
    back = gpd.GeoSeries(written, crs="EPSG:4326").to_crs(CRS)
    step_m = 10.0**-decimals * 112_000
    assert np.allclose(back.area, shapes.area, atol=200 * step_m)


def test_shapes_that_are_none_and_those_that_are_invalid_are_snapped() -> None:
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0.5, 1), (0.5, 2), (0.5, 1), (0, 1)])
    shapes = np.array([bow, spike, None, shapely.Polygon(), shapely.box(0, 0, 1e-5, 5)], dtype=object)
    done = snapped(shapes, 0.01)
    assert [None if each is None else round(each.area, 6) for each in done] == [0.5, 1.0, None, 0.0, 0.0]
    assert all(each is None or each.is_valid for each in done)


def test_a_spike_that_is_left_out_is_named() -> None:
    shapes = spiked(1500, 1)
    degrees = shapes.to_crs("EPSG:4326").to_numpy()
    written = geographic(shapes)
    apart = shapely.hausdorff_distance(degrees, written) > 1e-6
    assert apart.sum() > 50  # else this test shows nothing
    assert (left_out(shapes) == apart).all()
    sound = gpd.GeoSeries([shapely.box(395_000, 3_121_000, 395_050, 3_121_050), None], crs=CRS)
    assert not left_out(sound).any()


@pytest.mark.parametrize(("lang", "said"), [("zh", "尖刺"), ("en", "spike")])
def test_the_remarks_say_whose_spike_it_is(lang: str, said: str) -> None:
    plan = sample_plan()
    assert not any(said in one.text for one in data_notes(plan, sample_words(lang)))
    rows = plan.neighbourhoods.copy()
    x, y, _, _ = rows.geometry.iloc[0].bounds
    rows.geometry = [
        shapely.Polygon([(x, y), (x + 50, y), (x + 50, y + 300), (x + 50 - 1e-9, y + 50), (x, y + 50)]),
        *rows.geometry.iloc[1:],
    ]
    (told,) = (
        one.text
        for one in data_notes(replace(plan, neighbourhoods=rows), sample_words(lang))
        if said in one.text
    )
    assert str(rows["name"].iloc[0]) in told


def test_ground_that_is_nowhere_on_earth_is_left_out_and_told() -> None:
    """A hair beyond the pole of an equal-area system: an infinite corner ended every overlay."""
    beyond = shapely.box(0, 7_342_000, 50, 7_342_230.2)
    shapes = gpd.GeoSeries([shapely.box(0, 0, 50, 50), beyond, None], crs="EPSG:6933")
    for shared in (False, True):
        written = geographic(shapes, shared=shared)
        assert [shape is None or shape.is_empty for shape in written] == [False, True, True]
    assert left_out(shapes).tolist() == [False, True, False]

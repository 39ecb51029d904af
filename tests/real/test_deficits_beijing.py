"""Deficits of real compounds, recomputed in plain Python without any code of the room."""

from __future__ import annotations

import math
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from renomap.deficits import standards
from renomap.deficits.assess import Assessment, assess
from renomap.model.overlay import holder

FOLDER = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not FOLDER, reason="RENOMAP_REAL_DATA is not set"),
]
CRS = "EPSG:4548"  # CGCS2000, 117 degrees east


def layer(name: str) -> gpd.GeoDataFrame:
    path = Path(str(FOLDER)) / "cn_beijing" / "beijing_dongzhimen_demo.gpkg"
    frame = gpd.read_file(path, layer=name).to_crs(CRS)
    return frame.set_geometry(frame.make_valid())


@pytest.fixture(scope="module")
def town() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series, gpd.GeoSeries]:
    """Compounds with households from buildings (footprint x storeys / 74), 500 m squares as areas."""
    compounds = layer("compounds")
    buildings = layer("buildings").rename(columns={"floors_src_height": "floors"})
    buildings = buildings.assign(floors=buildings["floors"].astype(float))
    homes = (
        (buildings.area * buildings["floors"] / 74)
        .groupby(holder(compounds.geometry, buildings.geometry))
        .sum()
    )
    compounds = compounds.assign(households=homes.round().reindex(compounds.index))
    points = compounds.representative_point()
    square = (points.x // 500).astype("int64") * 10_000 + (points.y // 500).astype("int64")
    assignment = pd.Series(pd.factorize(square)[0] + 1, index=compounds.index)
    outlines = gpd.GeoSeries(
        {area: compounds.geometry[assignment == area].union_all() for area in sorted(assignment.unique())},
        crs=CRS,
    )
    return compounds, buildings, assignment, outlines


@pytest.fixture(scope="module")
def found(town: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series, gpd.GeoSeries]) -> Assessment:
    compounds, buildings, assignment, outlines = town
    standard = standards.with_meeting(
        standards.load("changsha"), [standards.parse_meeting("parking.rate=0.6/household")]
    )
    return assess(compounds, buildings, None, assignment, outlines, standard)


def test_every_area_recomputed_by_hand(
    town: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series, gpd.GeoSeries], found: Assessment
) -> None:
    compounds, _, assignment, _ = town
    assert compounds["households"].isna().sum() > 50, "the demo has compounds without any building"
    for area, row in found.areas.iterrows():
        homes = [float(h) for h in compounds["households"][assignment == area]]
        known = [h for h in homes if h == h]
        if not known:
            assert np.isnan(row["elder_care_need"])
            assert np.isnan(row["parking_deficit_high"])
            continue
        care = sum(known) * 20 / 100
        assert row["elder_care_need"] == pytest.approx(care)
        assert row["elder_care_required"] == pytest.approx(max(care, 300))
        assert (row["elder_care_deficit_low"], row["elder_care_known"]) == (0, 0)
        spaces = math.ceil(round(0.6 * sum(known), 6))  # spaces are whole
        assert row["parking_need"] == spaces
        most = (max(care, 300), spaces) if len(known) == len(homes) else (math.nan, math.nan)
        found_most = (row["elder_care_deficit_high"], row["parking_deficit_high"])
        assert found_most == pytest.approx(most, nan_ok=True)
        assert row["elder_care_state"] == row["parking_state"] == "unknown"
        assert row["clinic_state"] == "unknown", "a clinic is a community's, and no communities are known"


def test_neighbourhood_columns_add_up_to_the_areas(
    town: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.Series, gpd.GeoSeries], found: Assessment
) -> None:
    sums = found.neighbourhoods.groupby(town[2]).sum(min_count=1)
    for key in ("elder_care", "green", "parking", "elevator", "nursery_places"):
        counted = key not in ("elder_care", "green")
        for ours, of_areas in (("need", "need"), ("deficit", "deficit_separate")):
            expected = np.ceil(sums[f"{key}_{ours}"].round(6)) if counted else sums[f"{key}_{ours}"]
            np.testing.assert_allclose(found.areas[f"{key}_{of_areas}"], expected, equal_nan=True)
    assert found.neighbourhoods["elevator_need"].notna().sum() > 100
    assert "deficits.stairwells-estimated" in {note.code for note in found.notes}

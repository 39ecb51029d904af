"""One setting decides whom a place reaches, for rooms and for deficits: a straight line, or a walk over the
bridge. Checked by hand: 50 m to the street, 500 along it, 90 over the bridge, 3 to the area's outline, which
lies halfway between its compounds and the street."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from test_programme import Run, kept, make_town, run, with_values

from renomap.model.layer import Layer
from renomap.model.roles import Role

__all__ = ["run"]  # the fixture of the other commands of the programme

CARE = "elder_care"


def layer(role: Role, shapes: list[shapely.Geometry], **columns: Any) -> Layer:
    """A layer of that role, ids from 1; shapes are moved to where the town is."""
    moved = [shapely.transform(shape, lambda spots: spots + np.array([500_000.0, 0.0])) for shape in shapes]
    index = pd.Index(range(1, len(shapes) + 1), name="fid", dtype="int64")
    return Layer(
        role.value, role.value, role, gpd.GeoDataFrame(columns, geometry=moved, crs="EPSG:4547", index=index)
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Beyond the river, 143 m from the area in a straight line: a room, and a care centre of unknown size; a
    second room where no road leads."""
    rooms = [shapely.Point(100, -150), shapely.Point(900, 200)]
    lines = [
        shapely.LineString(row)
        for row in (((0, -100), (700, -100)), ((0, -10), (700, -10)), ((600, -100), (600, -10)))
    ]
    project = with_values(make_town(), elder_m2=0.0)
    for each in (
        layer(
            Role.SITES, rooms, name=["河南岸", "无路"], area_m2=[400.0, 400.0], usable_for=["养老", "养老"]
        ),
        layer(
            Role.FACILITIES, [shapely.Point(110, -150)], name=["养老中心"], facility=[CARE], area_m2=[200.0]
        ),
        layer(Role.ROADS, lines, road_class=["residential"] * 3, bridge=["no", "no", "yes"]),
        layer(Role.WATER, [shapely.LineString([(-500, -50), (1500, -50)])], kind=["river"]),
    ):
        project = project.with_layer(each)
    return kept(project, tmp_path_factory.mktemp("reach"))


def care(told: dict[str, Any]) -> dict[str, tuple[str, float | None]]:
    return {
        one["name"]: (one["verdict"], one["distance_m"]) for one in told["sites"] if one["facility"] == CARE
    }


def test_reach_is_walked_over_the_bridge_where_the_project_says_so(town: Path, run: Run) -> None:
    told = run("sites", town)[1]
    assert told["distance"] == "straight"
    assert care(told) == {"河南岸": ("covers", 143.0), "无路": ("covers", pytest.approx(144.0, abs=1))}
    for radius, rooms, lacking in ((300, {}, (300, 300)), (700, {"河南岸": ("covers", 643.0)}, (0, 300))):
        sets = ["--set", "reach.distance=walking", "--set", f"{CARE}.radius_m={radius}"]
        code, _, said = run("deficits", town, *sets)
        assert code == 0, said
        told = run("sites", town)[1]
        assert told["distance"] == "walking"
        found = care(told)
        assert found.pop("无路") == ("to_check", None), "no road leads there: unknown, never a straight line"
        assert found == rooms
        # the centre beyond the river, of unknown size, may serve within the radius only
        one = next(one for one in told["sites"] if one["facility"] == CARE)
        assert (one["deficit_low"], one["deficit_high"]) == lacking


def test_another_word_is_refused(town: Path, run: Run) -> None:
    code, _, said = run("deficits", town, "--set", "reach.distance=bus")
    assert code == 2
    assert "reach.distance=walking" in said

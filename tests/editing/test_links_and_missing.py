"""Links by hand, neighbourhoods that the survey lacks, and what the cursor snaps to."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from editing_town import CRS, Town, after, area_of, scheme_of
from test_boundaries import X, Y, box

from renomap.editing import links, missing
from renomap.editing.snapping import Snapper
from renomap.errors import RenomapError
from renomap.model.change import apply
from renomap.model.project import Project

TOWN = Town(shake=0.0)


def test_a_pair_has_one_override_with_its_reason() -> None:
    project = TOWN.project()
    linked = after(project, links.link(project, 10, 1, " 有天桥 ", by="张三", at="2026-11-30"))
    said = {"a": 1, "b": 10, "action": "link", "reason": "有天桥", "by": "张三", "at": "2026-11-30"}
    assert scheme_of(linked).overrides.to_dict("records") == [said]
    parted = after(
        linked,
        links.cut(linked, 1, 10, "围墙"),
    )
    assert list(scheme_of(parted).overrides["action"]) == ["cut"]
    more = after(parted, links.link(parted, 3, 2, "门"))
    assert len(scheme_of(more).overrides) == 2
    gone = after(more, links.remove_override(more, 10, 1))
    assert list(scheme_of(gone).overrides["a"]) == [2]


def test_links_of_an_earlier_version_stay_beside_new_ones() -> None:
    project = TOWN.project()
    old = pd.DataFrame({"a": [1], "b": [10], "action": ["cut"], "reason": ["围墙"]})
    before = project.with_scheme(replace(scheme_of(project), overrides=old))
    step = links.link(before, 3, 2, "门", by="张三", at="2026-11-30")
    table = scheme_of(after(before, step)).overrides
    assert list(table["reason"]) == ["围墙", "门"]
    assert table["by"].isna().tolist() == [True, False]
    assert list(scheme_of(apply(apply(before, step), step.inverse)).overrides) == list(old)


def test_links_that_make_no_sense_are_refused() -> None:
    project = TOWN.project()
    for args, code in (
        ((1, 1, "x"), "same-neigh"),
        ((1, 2, " "), "reason-missing"),
        ((1, 99, "x"), "no-neigh"),
    ):
        with pytest.raises(RenomapError, match=code):
            links.link(project, *args)
    with pytest.raises(RenomapError, match="no-override"):
        links.remove_override(project, 1, 2)


def opened() -> Project:
    project = TOWN.project()
    return after(project, missing.lock_layer(project, "compounds", locked=False))


def test_a_missing_neighbourhood_is_drawn_beside_the_others() -> None:
    project = opened()
    change = missing.draw_neighbourhood(project, box(-50, 10, 50, 90), "漏登小区", {"households": 80.0})
    drawn = apply(project, change)
    assert drawn.neighbourhoods is not None
    row = drawn.neighbourhoods.frame.loc[49]
    assert (row["name"], row["origin"], row["households"], row["households_flag"]) == (
        "漏登小区",
        "drawn",
        80.0,
        "reported",
    )
    assert row.geometry.area == pytest.approx(56 * 80)  # up to the wall of square 1 at 6 m
    assert area_of(drawn, 49) == 0
    frame = drawn.neighbourhoods.frame
    before = TOWN.frame
    assert frame.dtypes.equals(before.dtypes)
    assert frame.crs == before.crs
    back = apply(drawn, change.inverse)
    assert back.neighbourhoods is not None
    assert back.neighbourhoods.frame.equals(before)
    assert scheme_of(back).assignment.equals(scheme_of(project).assignment)
    gone = after(drawn, missing.remove_neighbourhood(drawn, 49))
    assert scheme_of(gone).assignment.equals(scheme_of(project).assignment)


def test_unknown_stays_unknown_and_whole_number_columns_survive() -> None:
    project = opened()
    layer = project.neighbourhoods
    assert layer is not None
    from dataclasses import replace

    project = project.with_layer(replace(layer, frame=layer.frame.assign(OBJECTID=np.arange(48))))
    drawn = after(project, missing.draw_neighbourhood(project, box(-50, 10, 0, 90), ""))
    assert drawn.neighbourhoods is not None
    row = drawn.neighbourhoods.frame.loc[49]
    assert np.isnan(row["households"])
    assert row["households_flag"] == "unknown"
    assert row["OBJECTID"] is None
    assert row["name"] is None or row["name"] != row["name"]


def test_drawing_is_refused_where_it_cannot_be() -> None:
    with pytest.raises(RenomapError, match="layer-locked"):
        missing.draw_neighbourhood(TOWN.project(), box(0, 0, 10, 10), "x")
    with pytest.raises(RenomapError, match="covered"):
        missing.draw_neighbourhood(opened(), box(20, 20, 30, 30), "x")
    with pytest.raises(RenomapError, match="layer-missing"):
        missing.draw_neighbourhood(Project(CRS), box(0, 0, 10, 10), "x")
    with pytest.raises(RenomapError, match="not-drawn"):
        missing.remove_neighbourhood(opened(), 1)


def test_snapping_prefers_corners_to_edges() -> None:
    roads = gpd.GeoSeries([shapely.LineString([(X, Y - 50), (X + 800, Y - 50)])], index=[7], crs=CRS)
    snapper = Snapper({"neighbourhoods": TOWN.frame.geometry, "roads": roads})
    corner = snapper.snap(X + 8, Y + 7, 5)
    assert corner is not None
    assert (corner.kind, corner.source, corner.label) == ("vertex", "neighbourhoods", 1)
    assert (corner.x, corner.y) == pytest.approx((X + 6, Y + 6))
    edge = snapper.snap(X + 50, Y + 7.5, 5)
    assert edge is not None
    assert edge.kind == "edge"
    assert (edge.x - X, edge.y - Y, edge.distance_m) == pytest.approx((50, 6, 1.5))
    road = snapper.snap(X + 400, Y - 48, 5)
    assert road is not None
    assert (road.source, road.label, road.kind) == ("roads", 7, "edge")
    assert snapper.snap(X + 50, Y + 50, 5) is None
    assert snapper.snap(X + 6, Y + 6, 0) is None


def test_snapping_to_nothing_and_to_odd_shapes() -> None:
    assert Snapper({}).snap(0, 0, 10) is None
    odd = gpd.GeoSeries(
        [None, shapely.Point(1, 1), shapely.MultiPolygon([shapely.box(10, 0, 12, 2)]), shapely.Polygon()],
        crs=CRS,
    )
    snapper = Snapper({"odd": odd})
    found = snapper.snap(0, 0, 2)
    assert found is not None
    assert (found.kind, found.label) == ("vertex", 1)
    found = snapper.snap(9.5, 1, 0.7)
    assert found is not None
    assert (found.kind, found.label) == ("edge", 2)

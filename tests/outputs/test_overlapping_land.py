"""Land under two neighbourhoods: once in an area, and told where it is in two."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest
from plan_sample import sample_plan, sample_words
from shapely.geometry import box

from renomap.outputs.data_notes import data_notes
from renomap.steps.area_table import land_ha

WORDS = sample_words("zh")


def test_land_under_two_members_is_counted_once() -> None:
    """Two hectares that share half of one are one and a half; the other area has its own."""
    shapes = [box(0, 0, 100, 100), box(50, 0, 150, 100), box(120, 0, 220, 100)]
    rows = gpd.GeoDataFrame({"area_id": [1, 1, 2]}, geometry=shapes, crs="EPSG:4547")
    assert land_ha(rows).to_dict() == pytest.approx({1: 1.5, 2: 1.0})


def test_overlaps_are_told_where_the_total_holds_them_twice() -> None:
    plan = sample_plan(2, 2, 0)
    assert not any("重叠" in note.text for note in data_notes(plan, WORDS))
    shapes = [box(0, 0, 100, 100), box(50, 0, 150, 100), box(120, 0, 220, 100), box(300, 0, 400, 100)]
    people = plan.neighbourhoods.set_geometry(shapes, crs=plan.neighbourhoods.crs)
    people["area_id"] = [1, 1, 2, 2]
    told = [note.text for note in data_notes(replace(plan, neighbourhoods=people), WORDS)]
    assert "同一片区内小区用地相互重叠 0.50 ha，小区用地中只计一次。" in told
    assert "分属不同片区的小区用地相互重叠 0.30 ha，在各片区分别计入，合计中重复。" in told

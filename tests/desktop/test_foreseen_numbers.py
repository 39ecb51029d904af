"""Whatever is drawn, split or painted: the numbers told on the way are those of a full recomputation."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from desk import EAST, NORTH, STEP, town
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from renomap.editing import areas as whole_areas
from renomap.editing import assign
from renomap.editing.boundaries import draw, reshape
from renomap.editing.schemes import NewArea
from renomap.editing.splitting import split_by_line
from renomap.editing.vertices import corners, move_vertex
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, apply
from renomap.model.feedback import Silent
from renomap.model.layer import Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.session.planning import _KeptGround, _Made, _make
from renomap.session.stroke_context import StrokeContext

WIDE, HIGH = 5, 4
place = st.tuples(st.floats(-0.5, WIDE + 0.5), st.floats(-0.5, HIGH + 0.5))


def project() -> Project:
    """The town with unknown households here and there, and a home for the aged inside a neighbourhood."""
    made = town(WIDE, HIGH)
    layer = made.neighbourhoods
    frame = layer.frame.copy()
    frame.loc[[3, 11], "households"] = np.nan
    frame.loc[[2, 7], "elder_m2"] = [320.0, np.nan]
    homes = gpd.GeoDataFrame(
        {"name": ["敬老院"], "facility": ["elder_care"], "capacity": [180.0], "shared": [False]},
        geometry=[shapely.Point(EAST + 30, NORTH + 40)], crs=made.crs,
        index=pd.Index([1], name="fid", dtype="int64"),
    )  # fmt: skip
    return made.with_layer(replace(layer, frame=frame)).with_layer(
        Layer("homes", "养老", Role.FACILITIES, homes)
    )


@cache
def start() -> _Made:
    """The plan of the town as it is, made once and not while tests are collected."""
    return _make(project(), None, None, Silent())


def metres(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [(EAST + x * STEP, NORTH + y * STEP) for x, y in points]


def edit(context: StrokeContext, kind: str, points: list[tuple[float, float]], area: int) -> ChangeSet:
    """One edit of a kind, made from random places."""
    now, outlines, at = context.project, context.plan.areas.geometry, metres(points)
    new = NewArea("", "#123456")
    if kind == "draw":
        hull = shapely.convex_hull(shapely.MultiPoint(at))
        return draw(now, hull, area if points[0][0] > 2 else new, outlines, may_join=context.may_join)
    if kind == "reshape":
        return reshape(now, area, shapely.LineString(at), outlines, may_join=context.may_join)
    if kind == "split":
        return split_by_line(now, area, shapely.LineString(at[:2]), new, outlines, context.graph)
    if kind == "vertex":
        places = corners(outlines.loc[area])
        corner = places[int(np.hypot(*(places - at[0]).T).argmin())]
        return move_vertex(now, area, tuple(corner), at[1], outlines, may_join=context.may_join)
    if kind == "merge":
        return whole_areas.merge(now, outlines.index.tolist(), outlines)
    spots = [int(fid) for fid in context.plan.neighbourhoods.sindex.query(shapely.LineString(at))]
    return assign.paint(now, spots, area, territories=context.plan.territories)


def agree(context: StrokeContext, change: ChangeSet, ground: _KeptGround) -> None:
    after = apply(context.project, change)
    effect = context.foreseen(after)
    full = _make(after, ground, None, Silent())
    assert effect.after.frame().equals(full.context.counted.frame())
    for flow in context.flows(effect, after):
        for name, told in (("households", flow.households), ("area_ha", flow.area_ha)):
            totals = [each.total(flow.area, name).value for each in (context.counted, full.context.counted)]
            old, new = (0.0 if np.isnan(value) else value for value in totals)
            assert told == pytest.approx(new - old, abs=1e-6)
        for item in flow.facilities:
            for suffix, told_value in (
                ("deficit", item.after),
                ("deficit_low", item.low),
                ("deficit_high", item.high),
            ):
                if flow.area not in full.plan.areas.index:
                    assert told_value is None
                    continue
                final = float(full.plan.areas.at[flow.area, f"{item.key}_{suffix}"])
                assert np.isnan(final) if told_value is None else told_value == pytest.approx(final)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["draw", "reshape", "split", "vertex", "merge", "paint"]),
    points=st.lists(place, min_size=3, max_size=6, unique=True),
    area=st.sampled_from([1, 2]),
    again=st.sampled_from(["draw", "reshape", "paint", "vertex"]),
    more=st.lists(place, min_size=3, max_size=5, unique=True),
)
def test_foreseen_is_what_comes(
    kind: str,
    points: list[tuple[float, float]],
    area: int,
    again: str,
    more: list[tuple[float, float]],
) -> None:
    """One edit on derived boundaries, and a second on whatever that left, drawn boundaries included."""
    made = start()
    try:
        change = edit(made.context, kind, points, area)
    except RenomapError:
        assume(False)
    agree(made.context, change, made.ground)
    second = _make(apply(made.context.project, change), made.ground, None, Silent())
    assume(area in second.plan.areas.index)
    try:
        next_change = edit(second.context, again, more, area)
    except RenomapError:
        return
    agree(second.context, next_change, made.ground)

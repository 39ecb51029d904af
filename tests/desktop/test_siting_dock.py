"""The dock of idle rooms on the shown window: accepted and refused at a click, undone, drawn on the map."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from desk import Desk, town

from renomap.model.layer import Layer
from renomap.model.roles import Role
from renomap.steps.plan import make_plan

#: What rooms may be used for, so that something lacks of one of them wherever they stand.
USES = "养老、社区食堂、绿地"


@pytest.fixture
def desk(tmp_path: Path, qapp: object) -> Desk:
    made = Desk(tmp_path)
    project = town()
    plan = make_plan(project)
    spots = plan.areas.geometry.representative_point()
    frame = gpd.GeoDataFrame(
        {"name": [f"房{n}" for n in range(len(spots))], "area_m2": 5000.0, "usable_for": USES},
        geometry=spots.to_numpy(),
        crs=plan.areas.crs,
        index=pd.RangeIndex(1, len(spots) + 1, name="fid"),
    )
    made.open(replace(project, layers=(*project.layers, Layer("rooms", "存量", Role.SITES, frame))))
    made.window.actions_.by_code["programme-sites"].trigger()
    made.until(lambda: bool(made.window.siting.lines))
    return made


def test_a_room_is_accepted_then_refused_and_undone(desk: Desk) -> None:
    panel, document = desk.window.siting, desk.session.document
    row = next(n for n, line in enumerate(panel.lines) if line.standing == "proposed")
    panel.choose(row)
    pair = panel.lines[row].pair
    assert desk.canvas.overlay.shown("siting-chosen")
    assert desk.canvas.overlay.shown("siting-radius")
    assert not panel.refuse.isEnabled(), "a refusal needs a reason"
    panel.accept.click()
    desk.settle()
    assert panel.chosen is not None
    assert (panel.chosen.pair.site, panel.chosen.standing) == (pair.site, "accepted")
    assert document.project is not None
    assert document.project.programme.works["status"].tolist() == ["planned"]
    panel.reason.setText("楼梯过陡")
    panel.refuse.click()
    desk.settle()
    assert document.project.programme.siting["reason"].tolist() == ["楼梯过陡"]
    assert not len(document.project.programme.works)
    assert panel.chosen is not None
    assert panel.chosen.standing == "refused"
    document.undo_stack.undo()
    document.undo_stack.undo()
    desk.settle()
    assert panel.chosen is not None
    assert panel.chosen.standing == "proposed"
    desk.window.docks.by_code["siting"].close()
    assert not desk.canvas.overlay.shown("siting-chosen")
    assert not desk.faults
    desk.close()

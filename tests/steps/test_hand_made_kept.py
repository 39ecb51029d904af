"""A typed value and an underlay go through the journal and the project file as they are."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.model.change import apply
from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.layer import BY_HAND, READING_COLUMNS, Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.underlay import Underlay, add_underlay, underlays_of
from renomap.sources.by_hand import keep_by_hand
from renomap.steps.edit_value import edit_value
from renomap.store.journal import Journal, read_journal
from renomap.store.projectfile import open_project, save


def project_of(rows: int = 3) -> Project:
    columns = {
        name: pd.Series(
            [np.nan if kind == NUMBER else None] * rows, dtype=float if kind == NUMBER else object
        )
        for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items()
    }
    shapes = [shapely.box(500_000 + i * 110, 3e6, 500_100 + i * 110, 3e6 + 100) for i in range(rows)]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547")
    frame.index = pd.Index(range(rows), name="fid", dtype="int64")
    return Project("EPSG:4547", (Layer("compounds", "小区", Role.NEIGHBOURHOODS, frame),))


def test_through_journal_and_file(tmp_path: Path) -> None:
    project = project_of()
    picture = Underlay("/photos/航片.tif", "航片", opacity=0.35, gcj02=True)
    value = edit_value(project, 1, "households", "约300户")
    picture_change = add_underlay(apply(project, value), picture)
    journal = Journal(tmp_path / "p.journal", "base")
    journal.append(value)
    journal.append(picture_change)
    journal.close()
    recorded = read_journal(journal.path)
    assert recorded is not None
    again = project
    for change in recorded.changes:
        again = apply(again, change)
    save(again, tmp_path / "p.gpkg")
    for kept in (again, open_project(tmp_path / "p.gpkg")):
        layer = kept.neighbourhoods
        assert layer.frame.at[1, "households"] == 300.0
        assert layer.frame.at[1, "households_flag"] == "approximate"
        (reading,) = layer.readings.to_dict("records")
        assert (int(reading["fid"]), reading["raw"], reading["method"]) == (1, "约300户", BY_HAND)
        assert underlays_of(kept) == (picture,)


def test_through_the_next_edition_of_the_survey() -> None:
    """The new survey repeats one mistake, corrects another value, and knows a third row better."""
    project = project_of()
    for fid, field, text in ((0, "households", "120"), (1, "year", "1988")):
        project = apply(project, edit_value(project, fid, field, text))
    old = project.neighbourhoods
    fresh = project_of().neighbourhoods.frame
    fresh["households"] = [90.0, 200.0, 310.0]
    fresh["households_flag"] = pd.Series(["reported"] * 3, dtype=object)
    fresh["year_min"] = fresh["year_max"] = 1999.0
    told = pd.DataFrame(
        [(0, "households", "约90", 90.0, "about", "approximate"), (2, "year", "90年代", None, "decade", "x")],
        columns=list(READING_COLUMNS),
    )
    frame, readings = keep_by_hand(old, fresh, told)
    assert list(frame["households"]) == [120.0, 200.0, 310.0]
    assert list(frame["year_min"]) == [1999.0, 1988.0, 1999.0]
    assert sorted(zip(readings["fid"], readings["field"], readings["method"], strict=True)) == [
        (0, "households", BY_HAND), (1, "year", BY_HAND), (2, "year", "decade"),
    ]  # fmt: skip
    assert list(fresh["households"]) == [90.0, 200.0, 310.0]  # a frame is a value

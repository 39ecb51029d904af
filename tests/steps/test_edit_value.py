"""A value typed by hand is read as an import reads it, marked, and undone exactly."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.errors import RenomapError
from renomap.model.change import apply
from renomap.model.fields import COLUMNS, NUMBER
from renomap.model.layer import BY_HAND, Layer
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.steps.edit_value import YEAR, Cell, edit_value, edit_values, editable


@pytest.fixture
def project() -> Project:
    """Four squares with 100 to 103 households, of which nothing else is known."""
    columns = {
        name: pd.Series([np.nan if kind == NUMBER else None] * 4, dtype=float if kind == NUMBER else object)
        for name, kind in COLUMNS[Role.NEIGHBOURHOODS].items()
    }
    shapes = [shapely.box(i * 110, 0, i * 110 + 100, 100) for i in range(4)]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4547")
    frame["households"] = [100.0, 101.0, 102.0, 103.0]
    frame["households_flag"] = pd.Series(["reported"] * 4, dtype=object)
    frame.index = pd.RangeIndex(4, name="fid")
    return Project("EPSG:4547", (Layer("compounds", "小区", Role.NEIGHBOURHOODS, frame),))


@pytest.mark.parametrize(
    ("text", "households", "flag"),
    [
        ("320", 320.0, "reported"),
        ("约300户", 300.0, "approximate"),
        ("300余", 300.0, "lower_bound"),
        ("1.2万", 12_000.0, "reported"),
        ("无", 0.0, "reported"),
        ("", np.nan, "unknown"),
        ("未知", np.nan, "unknown"),
    ],
)
def test_households_are_read_as_people_write_them(
    project: Project, text: str, households: float, flag: str
) -> None:
    change = edit_value(project, 3, "households", text)
    after = apply(project, change)
    row = after.neighbourhoods.frame.loc[3]
    assert row["households"] == pytest.approx(households, nan_ok=True)
    assert row["households_flag"] == flag
    (reading,) = after.neighbourhoods.readings.to_dict("records")
    assert (reading["fid"], reading["field"], reading["raw"]) == (3, "households", text)
    assert reading["method"] == BY_HAND
    others = after.neighbourhoods.frame.drop(index=3)
    assert others.equals(project.neighbourhoods.frame.drop(index=3))
    back = apply(after, change.inverse)
    assert back.neighbourhoods.frame.equals(project.neighbourhoods.frame)
    assert len(back.neighbourhoods.readings) == 0


def test_years_are_one_field(project: Project) -> None:
    after = apply(project, edit_value(project, 0, YEAR, "90年代"))
    assert tuple(after.neighbourhoods.frame.loc[0, ["year_min", "year_max"]]) == (1990.0, 1999.0)


def test_coded_values_are_read_by_their_words(project: Project) -> None:
    after = apply(project, edit_value(project, 0, "property_mgmt", "有"))
    assert after.neighbourhoods.frame.at[0, "property_mgmt"] == "yes"


def test_a_second_edit_replaces_the_reading_of_the_first(project: Project) -> None:
    once = apply(project, edit_value(project, 1, "elderly", "50"))
    twice = apply(once, edit_value(once, 1, "elderly", "60"))
    assert list(twice.neighbourhoods.readings["raw"]) == ["60"]


def test_the_same_value_is_no_change(project: Project) -> None:
    assert not edit_value(project, 3, "households", "103")


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("households", "很多", "steps.value-unreadable"),
        ("households", "-5", "steps.value-negative"),
        (YEAR, "很久以前吧", "steps.value-unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused(project: Project, field: str, text: str, code: str) -> None:
    with pytest.raises(RenomapError) as caught:
        edit_value(project, 0, field, text)
    assert caught.value.code == code


def test_only_what_a_survey_holds_can_be_set(project: Project) -> None:
    assert "households_flag" not in editable(Role.NEIGHBOURHOODS)
    assert editable(Role.ROADS) == frozenset()
    with pytest.raises(ValueError, match="origin"):
        edit_value(project, 0, "origin", "drawn")


def test_several_values_are_one_change_and_what_cannot_be_read_is_told(project: Project) -> None:
    cells = [
        Cell(0, "households", "约300户"),
        Cell(1, "households", "abc"),
        Cell(1, YEAR, "90年代"),
        Cell(2, "elderly", "-5"),
        Cell(3, "households", "103"),
        Cell(3, "elderly", "7"),
        Cell(3, "elderly", "8"),
    ]
    edited = edit_values(project, cells)
    after = apply(project, edited.change)
    frame = after.neighbourhoods.frame
    assert frame["households"].tolist() == [300.0, 101.0, 102.0, 103.0]
    assert tuple(frame.loc[1, ["year_min", "year_max"]]) == (1990.0, 1999.0)
    assert frame.at[3, "elderly"] == 8.0
    assert edited.taken == 3  # 103 households were there
    assert edited.change.params["count"] == 3
    assert [(cell.text, fault.code) for cell, fault in edited.refused] == [
        ("abc", "steps.value-unreadable"),
        ("-5", "steps.value-negative"),
    ]
    assert list(after.neighbourhoods.readings["raw"]) == ["约300户", "90年代", "8"]
    back = apply(after, edited.change.inverse)
    assert back.neighbourhoods.frame.equals(project.neighbourhoods.frame)
    again = edit_values(after, [Cell(0, "households", "310")])
    assert list(apply(after, again.change).neighbourhoods.readings["raw"]) == ["90年代", "8", "310"]


def test_values_change_what_one_after_the_other_would(project: Project) -> None:
    cells = [
        Cell(fid, field, text)
        for fid in range(4)
        for field, text in (("households", "1.2万"), (YEAR, "1985"))
    ]
    single = project
    for cell in cells:
        single = apply(single, edit_value(single, cell.fid, cell.field, cell.text))
    together = apply(project, edit_values(project, cells).change)
    assert together.neighbourhoods.frame.equals(single.neighbourhoods.frame)
    assert together.neighbourhoods.readings.equals(single.neighbourhoods.readings)


def test_nothing_given_changes_nothing(project: Project) -> None:
    assert not edit_values(project, []).change
    with pytest.raises(ValueError, match="origin"):
        edit_values(project, [Cell(0, "origin", "drawn")])

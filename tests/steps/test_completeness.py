"""What a survey leaves blank, in how many neighbourhoods, and what it would unlock."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from programme_town import make_town

from renomap.model.project import Project
from renomap.sources.columnnotes import samples
from renomap.steps.completeness import VITAL, Blank, blanks, paste
from renomap.steps.plan import active_standard


def blanked(**columns: object) -> Project:
    project = make_town()
    layer = project.neighbourhoods
    return project.with_layer(replace(layer, frame=layer.frame.assign(**columns)))


def test_blank_columns_with_what_they_unlock() -> None:
    """Households of one are blank: everything by household waits for them; 0 spaces are known."""
    project = blanked(parking_spaces=0.0, elder_m2=np.nan)
    frame = project.neighbourhoods.frame.copy()
    first = int(frame.index[0])
    frame.loc[first, "households"] = np.nan
    project = project.with_layer(replace(project.neighbourhoods, frame=frame))
    found = {each.field: each for each in blanks(project, active_standard(project))}
    assert found["households"].fids == (first,)
    assert "elder_care" in {item.key for item in found["households"].facilities}
    assert len(found["elder_m2"].fids) == found["elder_m2"].of == len(frame)
    assert "parking_spaces" not in found
    assert next(field for field in found if field in VITAL) == "households"


def test_a_range_of_years_is_known() -> None:
    project = blanked(year_min=np.nan, year_max=2000.0)
    assert "year" not in {each.field for each in blanks(project, active_standard(project))}


def test_samples_are_cells_that_say_something() -> None:
    cells = pd.Series([None, "—", "90年代", "90年代", 2001.0, "很长很长很长很长很长很长很长", "第四个"])
    assert samples(cells) == ("90年代", "2001", "很长很长很长很长很长很…")


def test_a_pasted_column_finds_its_rows_by_name_or_code() -> None:
    """A heading is passed over, a known value stays, a name of two is nobody's."""
    frame = make_town().neighbourhoods.frame
    one, two = (int(fid) for fid in frame.index[:2])
    project = blanked(
        name=pd.Series([f"甲{n}" for n in range(len(frame))], index=frame.index, dtype=object),
        code=pd.Series([f"C{n}" for n in range(len(frame))], index=frame.index, dtype=object),
    )
    blank = Blank("households", (one, two), len(frame))
    rows = [["小区", "户数"], ["C1", "200"], ["甲0", "约100"], ["甲2", "7"], ["无此处", "9"]]
    found = paste(project, blank, rows)
    assert [(cell.fid, cell.text) for cell in found.cells] == [(two, "200"), (one, "约100")]
    assert (found.unknown, found.filled) == (("无此处",), 1)
    twins = blanked(name="同名", code=None)
    assert paste(twins, blank, [["同名", "5"], ["同名", "6"]]).cells == ()


def test_a_single_column_must_be_as_long_as_what_is_blank() -> None:
    project = make_town()
    one, two = (int(fid) for fid in project.neighbourhoods.frame.index[:2])
    blank = Blank("households", (one, two), 9)
    assert paste(project, blank, [["5"]]) is None
    assert paste(project, blank, []) is None
    found = paste(project, blank, [["5"], [""]])
    assert [(cell.fid, cell.text) for cell in found.cells] == [(one, "5")]

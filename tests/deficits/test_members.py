"""Whom an area counts: its members and nobody else; an area that has no outline is a mistake of ours."""

from __future__ import annotations

import pytest
from deficit_frames import grid, line_of, per_area, several

from renomap.deficits import standards
from renomap.deficits.areas import assess_areas
from renomap.deficits.inputs import prepare

CHANGSHA = per_area(standards.load("changsha"))


def test_who_is_in_no_area_counts_nowhere() -> None:
    frame = grid(4, households=100.0)
    assignment, outlines = several(frame, [1, 1, 0, 2])
    inputs = prepare(frame, None, None, CHANGSHA)
    # 20 m2 per 100 households
    assert assess_areas(inputs, assignment, outlines).areas["elder_care_need"].tolist() == [40.0, 20.0]
    fewer = assess_areas(inputs, assignment.drop(index=2), outlines).areas
    assert fewer["elder_care_need"].tolist() == [20.0, 20.0]


def test_an_area_without_an_outline_is_refused_by_its_id() -> None:
    frame = grid(4, households=100.0)
    assignment, outlines = several(frame, [1, 1, 7, 2])
    with pytest.raises(ValueError, match="no outline for area 7"):
        assess_areas(prepare(frame, None, None, CHANGSHA), assignment, outlines.drop(index=7))


@pytest.mark.parametrize("facility", ["elder_care", "clinic"])
def test_whether_a_neighbourhood_is_served_alone_is_unknown_with_its_households(facility: str) -> None:
    """2,000 x 20 / 100 = 400 m2 of 300, and 6,400 persons of 5,000; 100 households reach neither."""
    inputs = prepare(grid(3, households=[2000.0, 100.0, float("nan")]), None, None, CHANGSHA)
    alone = inputs.alone[line_of(CHANGSHA, facility)]
    assert alone.tolist() == pytest.approx([1.0, 0.0, float("nan")], nan_ok=True)

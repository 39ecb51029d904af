"""What the brushes paint with."""

from __future__ import annotations

from renomap.model.scheme import UNASSIGNED
from renomap.session.document import Document
from renomap.session.palette import BrushTarget


def test_it_is_the_chosen_area_a_new_one_or_none() -> None:
    document = Document()
    palette = BrushTarget(document)
    told: list[int | None] = []
    palette.changed.connect(lambda: told.append(palette.target))
    assert palette.target is None
    palette.take(3)
    assert (palette.target, document.selection.area) == (3, 3)
    palette.take(UNASSIGNED)
    assert (palette.target, document.selection.area) == (UNASSIGNED, None)
    palette.take(None)
    assert palette.target is None
    palette.take(UNASSIGNED)
    document.select([1, 2], 4)
    assert palette.target == 4
    assert told == [UNASSIGNED, None, UNASSIGNED, 4]

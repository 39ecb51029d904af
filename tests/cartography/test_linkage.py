"""Lines between linked neighbourhoods are kept by where their ends are: one set of links, one of cuts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from renomap.cartography.linkage import cut_lines, link_lines
from renomap.model import derived
from renomap.model.links import GAP, Links
from renomap.model.plan import Plan


@pytest.fixture
def links(plan: Plan) -> Links:
    fids = plan.neighbourhoods.index.to_numpy(dtype=np.int64)
    a = np.arange(len(fids) - 1, dtype=np.int32)
    length = np.full(len(a), 10.0)
    kind = np.full(len(a), GAP, dtype=np.int8)
    return Links(fids, a, a + 1, length, length, np.zeros(len(a)), kind, ("",) * len(a))


def test_lines_join_the_places_of_linked_neighbourhoods(plan: Plan, links: Links) -> None:
    lines = link_lines(links, plan.neighbourhoods)
    assert len(lines) == len(links) > 0
    fids = links.fids
    for line, a, b in zip(lines, links.a, links.b, strict=True):
        start, end = (shapely.Point(at) for at in line.coords)
        assert plan.neighbourhoods.geometry.loc[fids[a]].covers(start)
        assert plan.neighbourhoods.geometry.loc[fids[b]].covers(end)


def test_a_new_frame_of_the_same_ground_gives_the_same_lines(plan: Plan, links: Links) -> None:
    """What is kept beside the links does not grow with every plan, and the map need not be drawn anew."""
    people = plan.neighbourhoods
    first = link_lines(links, people)
    for number in range(20):
        assert link_lines(links, people.assign(households=number)) is first
    (kept,) = [item for item in derived._kept.values() if item.owner() is links]
    assert list(kept.made) == ["lines between"]
    assert len(kept.made["lines between"]) == 1


def test_moved_ground_gives_other_lines(plan: Plan, links: Links) -> None:
    people = plan.neighbourhoods
    first = link_lines(links, people)
    moved = people.set_geometry(people.geometry.translate(10.0, 0.0))
    other = link_lines(links, moved)
    np.testing.assert_allclose(other.bounds["minx"], first.bounds["minx"] + 10.0)


def test_cuts_are_kept_apart_from_links(plan: Plan) -> None:
    fids = plan.neighbourhoods.index
    overrides = pd.DataFrame(
        {
            "a": [fids[0], fids[1], fids[0]],
            "b": [fids[1], fids[2], 10**6],
            "action": ["cut", "link", "cut"],
            "reason": ["", "", ""],
        },
        index=[7, 8, 9],
    )
    lines = cut_lines(overrides, plan.neighbourhoods)
    assert lines.index.tolist() == [7]
    assert cut_lines(overrides, plan.neighbourhoods.copy()) is lines

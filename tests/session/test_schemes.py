"""Schemes are copied, renamed, switched and taken away; each is a change that can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_document import small_project

from renomap.cartography.colours import PALETTE
from renomap.errors import RenomapError
from renomap.model.change import apply, difference
from renomap.model.project import Project
from renomap.session.schemes import (
    duplicated,
    empty_scheme,
    free_colour,
    free_title,
    renamed,
    switched,
    without_active,
)


def project_of(*, titles: tuple[str, ...]) -> Project:
    """A project with schemes k1, k2..., the last one active."""
    project = small_project()
    schemes = tuple(
        replace(project.schemes[0], key=f"k{n}", title=title) for n, title in enumerate(titles, start=1)
    )
    return replace(project, schemes=schemes, active=f"k{len(titles)}")


def test_a_copy_is_active_and_the_first_stays() -> None:
    before = project_of(titles=("甲",))
    after = duplicated(before, "乙")
    assert [scheme.title for scheme in after.schemes] == ["甲", "乙"]
    assert after.scheme is not None
    assert after.scheme.title == "乙"
    assert after.scheme.key != before.schemes[0].key
    assert after.schemes[0] is before.schemes[0]
    assert after.scheme.assignment.equals(before.schemes[0].assignment)
    change = difference(before, after, "x")
    assert apply(apply(before, change), change.inverse).schemes == before.schemes


def test_titles_are_of_one_scheme_only() -> None:
    project = project_of(titles=("甲", "乙"))
    assert free_title(project, "甲") == "甲 2"
    assert free_title(project, "丙") == "丙"
    with pytest.raises(RenomapError, match=r"window\.scheme-title-taken"):
        renamed(project, " 甲 ")
    with pytest.raises(RenomapError, match=r"window\.scheme-title-empty"):
        renamed(project, "  ")
    same = renamed(project, "乙")
    assert same.scheme is not None
    assert same.scheme.title == "乙"


@pytest.mark.parametrize(
    ("active", "left", "now"),
    [("k1", ["乙", "丙"], "乙"), ("k2", ["甲", "丙"], "甲"), ("k3", ["甲", "乙"], "乙")],
)
def test_after_one_goes_the_one_before_is_active(active: str, left: list[str], now: str) -> None:
    project = replace(project_of(titles=("甲", "乙", "丙")), active=active)
    after = without_active(project)
    assert [scheme.title for scheme in after.schemes] == left
    assert after.scheme is not None
    assert after.scheme.title == now


def test_without_the_last_there_is_none() -> None:
    after = without_active(project_of(titles=("甲",)))
    assert after.schemes == ()
    assert after.scheme is None
    with pytest.raises(RenomapError, match=r"window\.scheme-none"):
        duplicated(after, "乙")


def test_only_a_scheme_of_the_project_can_be_active() -> None:
    project = project_of(titles=("甲", "乙"))
    assert switched(project, "k1").active == "k1"
    with pytest.raises(RenomapError, match=r"window\.scheme-none"):
        switched(project, "k9")


def test_a_new_scheme_has_nobody_in_it() -> None:
    project = project_of(titles=("甲",))
    scheme = empty_scheme(project, "乙")
    assert (scheme.assignment == 0).all()
    assert scheme.areas.empty


def test_a_new_area_has_not_the_colour_of_the_one_it_is_split_off() -> None:
    project = project_of(titles=("甲",))
    scheme = project.schemes[0]
    rows = scheme.areas.iloc[[0] * 15].set_axis(range(1, 16), axis=0)
    colours = [*PALETTE, *PALETTE[:3]]
    full = project.with_scheme(replace(scheme, areas=rows.assign(colour=colours)))
    assert free_colour(full, [5]) not in (colours[4], *PALETTE[:3])
    assert (
        free_colour(project.with_scheme(replace(scheme, areas=rows[:4].assign(colour=colours[:4]))))
        not in (colours[:4])
    )

"""Idle rooms for what lacks: examples of the specification, small cases by brute force, planted faults."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.programme.siting import (
    IdleSite,
    Lack,
    Pairing,
    SiteVerdict,
    Siting,
    choose,
    m2_of,
    pairings,
    share_of,
)
from renomap.programme.siting_check import violations

NAN = math.nan
CARE = "elder_care"


def room(number: int, m2: float, *uses: str, divisible: bool = False, idle: bool = True) -> IdleSite:
    good = frozenset(uses or (CARE,))
    return IdleSite("sites", number, m2, good, f"room {number}", idle=idle, divisible=divisible)


def care(area: int, low: float, high: float | None = None, households: float = 500.0) -> Lack:
    """A lack of elderly care of which at least 300 m2 are required, with what is there of it."""
    most = low if high is None else high
    there = 300.0 - low if low > 0 else math.inf
    return Lack(
        CARE, area, low, most, households, 300.0, supply_low=0.0 if high else there, supply_high=there,
        min_size=300.0,
    )  # fmt: skip


def judged(site: IdleSite, lack: Lack, metres: float) -> list[SiteVerdict]:
    return [pair.verdict for pair in pairings([site], [lack], np.array([[metres]]))]


def test_the_examples_of_the_specification() -> None:
    lack = care(1, 300)
    assert judged(room(1, 400), lack, 200) == [SiteVerdict.COVERS]
    assert judged(room(1, 400), lack, 800) == []
    assert judged(room(1, 400), lack, 300) == [SiteVerdict.COVERS]
    assert judged(room(1, 290), lack, 200) == [SiteVerdict.TOO_SMALL]
    assert judged(room(1, NAN), lack, 200) == [SiteVerdict.UNKNOWN_SIZE]
    assert judged(room(1, 400, "clinic"), lack, 200) == []
    assert judged(room(1, 400, idle=False), lack, 200) == []
    assert judged(room(1, 270), care(14, 60), 25) == [SiteVerdict.COVERS]
    assert judged(room(1, 90), care(14, 130), 25) == [SiteVerdict.TOO_SMALL]
    small = replace(care(14, 460), supply_low=170.0, supply_high=170.0)
    assert judged(room(1, 130), small, 25) == [SiteVerdict.PARTIAL], "300 of 630 are reached"
    unsaid = IdleSite("sites", 1, 400.0, None)
    assert judged(unsaid, lack, 200) == [SiteVerdict.TO_CHECK]
    assert judged(unsaid, lack, 800) == []


def test_two_areas_and_one_room_that_is_not_parted() -> None:
    lacks = [care(1, 300, households=400), care(2, 300, households=900)]
    near = np.array([[50.0, 60.0]])
    pairs = pairings([room(1, 700)], lacks, near)
    found = choose(pairs)
    assert [pairs[n].lack.area for n in found.proposed] == [2], "more households"
    parted = pairings([room(1, 700, divisible=True)], lacks, near)
    assert [parted[n].lack.area for n in choose(parted).proposed] == [1, 2]
    assert [m2_of(parted[n]) for n in (0, 1)] == [300.0, 300.0]
    short = pairings([room(1, 590, divisible=True)], lacks, near)
    assert [short[n].lack.area for n in choose(short).proposed] == [2]


def test_what_lacks_for_sure_comes_before_what_may_lack() -> None:
    lacks = [care(1, 0, 300, households=5000), care(2, 300, households=10)]
    pairs = pairings([room(1, 300)], lacks, np.zeros((1, 2)))
    assert {pair.verdict for pair in pairs} == {SiteVerdict.COVERS}
    assert [pairs[n].lack.area for n in choose(pairs).proposed] == [2]


def test_a_verdict_stands_whatever_the_unknown_is() -> None:
    assert judged(room(1, 90), care(8, 0, 300), 0) == [SiteVerdict.TO_CHECK], "perhaps nothing lacks"
    assert judged(room(1, 270), care(14, 0, 265), 0) == [SiteVerdict.COVERS]
    assert judged(room(1, 280), care(10, 265, 300), 0) == [SiteVerdict.TO_CHECK]
    assert judged(room(1, 9999), care(1, 300, math.inf), 0) == [SiteVerdict.TO_CHECK]


def test_what_is_counted_by_places() -> None:
    canteen = Lack("canteen", 1, 1, 1, 300, 500, m2_each=0)
    assert judged(room(1, 30, "canteen"), canteen, 500) == [SiteVerdict.COVERS]
    assert judged(room(1, NAN, "canteen"), canteen, 500) == [SiteVerdict.UNKNOWN_SIZE]
    parking = Lack("parking", 1, 20, 20, 300, 150, m2_each=30)
    (pair,) = pairings([room(1, 599, "parking")], [parking], np.zeros((1, 1)))
    assert (pair.amount, pair.verdict) == (19, SiteVerdict.PARTIAL)
    assert judged(room(1, 599, "parking"), replace(parking, m2_each=NAN), 0) == [SiteVerdict.TO_CHECK]


def test_what_is_accepted_stays_and_what_is_refused_is_not_proposed_again() -> None:
    lacks = [care(1, 300), care(2, 300)]
    pairs = pairings([room(1, 400), room(2, 500)], lacks, np.array([[0.0, 9.0], [9.0, 0.0]]))
    assert [(pairs[n].site.number, pairs[n].lack.area) for n in choose(pairs).proposed] == [(1, 1), (2, 2)]
    found = choose(pairs, accepted=[1])
    assert (found.accepted, found.proposed, found.met) == ((1,), (2,), (0, 1))
    assert violations(found) == ()
    refused = choose(pairs, refused=[0, 1])
    assert [pairs[n].site.number for n in refused.proposed] == [2]
    both = choose(pairs, accepted=[0, 1])
    assert (both.accepted, both.proposed) == ((0, 1), (3,)) or both.proposed == ()


def _case(draw: st.DrawFn) -> tuple[Pairing, ...]:
    m2 = st.sampled_from([NAN, 90.0, 150.0, 250.0, 300.0, 420.0, 700.0])
    sites = [room(n, draw(m2), divisible=draw(st.booleans())) for n in range(1, draw(st.integers(1, 3)) + 1)]
    lacks = []
    for area in range(1, draw(st.integers(1, 3)) + 1):
        low, more = draw(st.sampled_from([0, 60, 300, 650])), draw(st.sampled_from([0, 0, 120, math.inf]))
        households = draw(st.sampled_from([NAN, 10.0, 200.0, 200.0]))
        lack = Lack(CARE, area, low, low + more, households, 300.0, min_size=draw(st.sampled_from([0, 300])))
        lacks.append(replace(lack, supply_low=40.0, supply_high=80.0))
    metres = draw(st.lists(st.sampled_from([0.0, 100.0, 250.0, 301.0]), min_size=9, max_size=9))
    return pairings(sites, lacks, np.reshape(metres, (3, 3))[: len(sites), : len(lacks)])


cases = st.composite(_case)()


def _worth(pairs: tuple[Pairing, ...], taken: Iterable[int]) -> tuple[float, ...] | None:
    """The aims of a choice, the greater the better; None where it uses a site beyond what it is."""
    used: dict[IdleSite, list[Pairing]] = {}
    got: dict[Lack, float] = {}
    for n in taken:
        used.setdefault(pairs[n].site, []).append(pairs[n])
        got[pairs[n].lack] = got.get(pairs[n].lack, 0.0) + share_of(pairs[n])
    for site, own in used.items():
        if sum(m2_of(pair) for pair in own) > site.m2 if site.divisible else len(own) > 1:
            return None
    met = [lack for lack, amount in got.items() if amount >= lack.high]
    known = {lack: 0.0 if math.isnan(lack.households) else lack.households for lack in met}
    covered = sum(min(n, lack.low if math.isinf(lack.high) else lack.high) for lack, n in got.items())
    return (
        sum(n for lack, n in known.items() if lack.sure),
        sum(n for lack, n in known.items() if not lack.sure),
        covered,
        -sum(pairs[n].distance_m for n in taken),
        -len(list(taken)),
    )


@settings(max_examples=60, deadline=None)
@given(cases)
def test_no_other_choice_is_better(pairs: tuple[Pairing, ...]) -> None:
    counted = [n for n, pair in enumerate(pairs) if pair.counted]
    every = itertools.chain.from_iterable(
        itertools.combinations(counted, size) for size in range(len(counted) + 1)
    )
    best = max(worth for taken in every if (worth := _worth(pairs, taken)) is not None)
    found = choose(pairs)
    assert _worth(pairs, found.proposed) == pytest.approx(best)
    assert violations(found) == ()
    assert all(not math.isnan(pairs[n].site.m2) for n in found.proposed), "unknown is never counted"


def test_planted_faults_are_found() -> None:
    lacks = [care(1, 300), care(2, 300)]
    sites = [room(1, 400), room(2, NAN), room(3, 700, divisible=True)]
    pairs = pairings(sites, lacks, np.zeros((3, 2)))

    def broken(
        proposed: tuple[int, ...], met: tuple[int, ...] = (), refused: tuple[int, ...] = ()
    ) -> set[str]:
        made = Siting(pairs, tuple(lacks), proposed, (), met)
        return {told.split(":")[0] for told in violations(made, refused)}

    assert broken((0, 4), (0,)) == set()
    assert broken((4, 5), (0, 1)) == set()
    assert broken((0, 1)) == {"twice"}
    assert broken((2,)) == {"unknown"}
    assert broken((), (1,)) == {"met"}
    assert broken((0,), (), (0,)) == {"refused"}
    far = tuple(
        replace(pair, distance_m=301.0, site=replace(pair.site, m2=290.0, uses=None, idle=False))
        for pair in pairs
    )
    told = {one.split(":")[0] for one in violations(Siting(far, tuple(lacks), (0,), (), ()))}
    assert told == {"far", "in_use", "use", "small"}
    greedy = replace(sites[2], m2=590.0)
    parted = tuple(replace(pair, site=greedy) for pair in pairs[4:])
    assert violations(Siting(parted, tuple(lacks), (0, 1), (), ())) == ("surface: room 3",)

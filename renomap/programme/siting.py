"""Which idle room or leftover land for which lack (存量资源利用): judged pair by pair, then chosen exactly.

The choice is an integer program, solved once for each aim in turn. ``siting_check`` goes over the result with
code of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from renomap.linear import new_program, solver

#: Parts of a unit, and of a metre, that are told apart: the choice is made in whole numbers.
PARTS: Final = 10
Floats = npt.NDArray[np.float64]


class SiteVerdict(StrEnum):
    """What a room or a piece of land can do about a lack."""

    COVERS = "covers"  # 可补足: the whole of it, whatever the unknown values are
    PARTIAL = "partial"  # 部分: less than lacks for sure, and what is there then reaches the least size
    TOO_SMALL = "too_small"  # 不足最小规模: what is there then is below it; listed, never counted
    UNKNOWN_SIZE = "unknown_size"  # 面积未知
    TO_CHECK = "to_check"  # 待核: an unknown value decides


#: What the choice counts with.
COUNTED: Final = (SiteVerdict.COVERS, SiteVerdict.PARTIAL)


@dataclass(frozen=True)
class IdleSite:
    """A room or a piece of land that may be put to use.

    ``layer`` and ``number`` say which row it is; ``m2`` NaN unknown; ``uses``: keys of the facilities it is
    good for, None where nobody has said or the words are not understood; ``idle``: it is not in use;
    ``divisible``: shares of it can go to several lacks.
    """

    layer: str
    number: int
    m2: float
    uses: frozenset[str] | None
    name: str = ""
    idle: bool = True
    divisible: bool = False


@dataclass(frozen=True)
class Lack:
    """What lacks of one facility in an area.

    ``low`` lacks for sure, ``high`` at most
    (infinite = open), in the facility's unit; so are ``supply_low``, ``supply_high`` (what is there) and
    ``min_size`` (0 = none). ``m2_each``: floor or land for one unit, NaN = not set, 0 = a place of any size
    is one. ``radius_m``: how far a room may be away. ``households``: known ones that are served.
    """

    facility: str
    area: int
    low: float
    high: float
    households: float
    radius_m: float
    supply_low: float = 0.0
    supply_high: float = math.inf
    min_size: float = 0.0
    m2_each: float = 1.0

    @property
    def sure(self) -> bool:
        """Whether something lacks, whatever the unknown values are."""
        return self.low > 0


@dataclass(frozen=True)
class Pairing:
    """A room within reach of a lack that it may be good for.

    ``distance_m`` NaN: nobody knows the way. ``amount``: what it gives in the facility's unit, NaN unknown.
    """

    site: IdleSite
    lack: Lack
    distance_m: float
    amount: float
    verdict: SiteVerdict

    @property
    def counted(self) -> bool:
        """Whether the choice may count with it."""
        return self.verdict in COUNTED


@dataclass(frozen=True)
class Siting:
    """All pairs, and positions of those that are proposed or were accepted.

    ``met``: positions in ``lacks`` of what is then covered whole, by proposed and accepted rooms together.
    """

    pairs: tuple[Pairing, ...]
    lacks: tuple[Lack, ...]
    proposed: tuple[int, ...]
    accepted: tuple[int, ...]
    met: tuple[int, ...]


def pairings(sites: Iterable[IdleSite], lacks: Iterable[Lack], distance_m: Floats) -> tuple[Pairing, ...]:
    """Every idle site within the radius of a lack that names the facility, or of which no use is known.

    Parameters
    ----------
    distance_m : float (sites, lacks)
        From the site to the outline of what lacks, 0 inside it; infinite = out of reach, NaN = unknown:
        such a pair is there, and nobody can say whether it helps.

    >>> room = IdleSite("sites", 1, 400.0, frozenset({"elder_care"}))
    >>> lack = Lack("elder_care", 3, 300.0, 300.0, 500.0, 300.0, min_size=300.0, supply_high=0.0)
    >>> [pair.verdict.value for pair in pairings([room], [lack], np.array([[200.0]]))]
    ['covers']
    >>> pairings([room], [lack], np.array([[800.0]]))
    ()
    """
    found = []
    wanted = list(lacks)
    for site, row in zip(sites, distance_m, strict=True):
        for lack, metres in zip(wanted, row, strict=True):
            suits = site.uses is None or lack.facility in site.uses
            if site.idle and suits and not metres > lack.radius_m and lack.high > 0:
                found.append(paired(site, lack, float(metres)))
    return tuple(found)


def paired(site: IdleSite, lack: Lack, distance_m: float) -> Pairing:
    """A site and a lack with the verdict, whether or not they are within reach of each other."""
    amount = _amount(site, lack)
    told = SiteVerdict.TO_CHECK if math.isnan(distance_m) else verdict(site, lack, amount)
    return Pairing(site, lack, distance_m, amount, told)


def verdict(site: IdleSite, lack: Lack, amount: float) -> SiteVerdict:
    """What a site that gives that amount does about a lack.

    A verdict other than ``TO_CHECK`` holds for every value that the unknown ones can have.
    """
    if math.isnan(site.m2):
        return SiteVerdict.UNKNOWN_SIZE
    if site.uses is None or math.isnan(amount):
        return SiteVerdict.TO_CHECK
    if amount >= lack.high:
        return SiteVerdict.COVERS
    if lack.supply_high + amount < lack.min_size:
        return SiteVerdict.TOO_SMALL
    if 0 < amount < lack.low and lack.supply_low + amount >= lack.min_size:
        return SiteVerdict.PARTIAL
    return SiteVerdict.TO_CHECK


def choose(pairs: Sequence[Pairing], accepted: Collection[int] = (), refused: Collection[int] = ()) -> Siting:
    """The sites to propose, each used once, or in shares where it is divisible.

    Parameters
    ----------
    pairs : sequence of Pairing
        As ``pairings`` gives them.
    accepted, refused : collections of int
        Positions in ``pairs``. What is accepted stays and counts; nothing refused is proposed.

    Returns
    -------
    Siting
        Of all choices the one with the most households of what surely lacks and is covered whole; then of
        what may lack; then the most m2 of lacks covered (a place of any size counts 1); then the shortest
        distances in all; then the fewest sites, then those that come first. A divisible site gives to each
        what lacks there at most.

    Raises
    ------
    RuntimeError
        The solver of integer programs is not installed.
    """
    lacks = tuple(dict.fromkeys(pair.lack for pair in pairs))
    left_out = set(refused) - set(accepted)
    free = [n for n, pair in enumerate(pairs) if (pair.counted and n not in left_out) or n in accepted]
    chosen: list[int] = []
    for part in _apart([pairs[n] for n in free]):  # every aim is a sum: parts do not touch each other
        here = [free[n] for n in part]
        taken = _solved([pairs[n] for n in here], [n in accepted for n in here])
        chosen += [n for n, there in zip(here, taken, strict=True) if there]
    chosen.sort()
    proposed = tuple(n for n in chosen if n not in accepted)
    given = dict.fromkeys(range(len(lacks)), 0.0)
    for n in chosen:
        given[lacks.index(pairs[n].lack)] += share_of(pairs[n])
    met = tuple(n for n, lack in enumerate(lacks) if given[n] >= lack.high)
    return Siting(tuple(pairs), lacks, proposed, tuple(sorted(accepted)), met)


def share_of(pair: Pairing) -> float:
    """What a pair counts for, in the facility's unit: nothing but of a counted verdict."""
    if not pair.counted:
        return 0.0
    return min(pair.amount, pair.lack.high) if pair.site.divisible else pair.amount


def m2_of(pair: Pairing) -> float:
    """Surface that a pair takes of its site: of a divisible one what is needed, else all; NaN unknown."""
    lack, site = pair.lack, pair.site
    if not site.divisible or not pair.counted or lack.m2_each == 0:
        return site.m2
    return min(site.m2, share_of(pair) * lack.m2_each)


def _amount(site: IdleSite, lack: Lack) -> float:
    if lack.m2_each == 0:
        return math.nan if math.isnan(site.m2) else 1.0
    amount = site.m2 / lack.m2_each
    return amount if lack.m2_each == 1 else math.floor(amount) if math.isfinite(amount) else math.nan


@dataclass(frozen=True)
class _Columns:
    """Columns of the program: a pair taken, a lack covered whole, and how much of a lack is covered."""

    pairs: Sequence[Pairing]
    lacks: Sequence[Lack]

    @property
    def count(self) -> int:
        return len(self.pairs) + 2 * len(self.lacks)

    def whole(self, n: int) -> int:
        return len(self.pairs) + n

    def covered(self, n: int) -> int:
        return len(self.pairs) + len(self.lacks) + n


def _apart(pairs: Sequence[Pairing]) -> list[list[int]]:
    """Positions of pairs that hang together by a site or a lack, part by part."""
    ends: dict[IdleSite | Lack, int] = {}
    for pair in pairs:
        for end in (pair.site, pair.lack):
            ends.setdefault(end, len(ends))
    root = list(range(len(ends)))

    def top(n: int) -> int:
        while root[n] != n:
            root[n] = n = root[root[n]]
        return n

    for pair in pairs:
        root[top(ends[pair.site])] = top(ends[pair.lack])
    parts: dict[int, list[int]] = {}
    for n, pair in enumerate(pairs):
        parts.setdefault(top(ends[pair.site]), []).append(n)
    return list(parts.values())


def _solved(pairs: Sequence[Pairing], fixed: Sequence[bool]) -> list[bool]:
    """Which pairs are taken: one aim after the other, each held while the next is followed."""
    library: Any = solver()
    if library is None:
        raise RuntimeError("highspy is not installed")
    lacks = list(dict.fromkeys(pair.lack for pair in pairs))
    columns = _Columns(pairs, lacks)
    # Without presolve: reducing the rows anew for each aim takes longer than solving them.
    program = new_program(mip_rel_gap=0.0, mip_abs_gap=0.4)
    program.changeObjectiveSense(library.ObjSense.kMaximize)
    for n in range(columns.count):
        least = 1.0 if n < len(pairs) and fixed[n] else 0.0
        most = 1.0 if n < columns.covered(0) else _need(_closed(lacks[n - columns.covered(0)]))
        program.addCol(0.0, least, most, 0, np.zeros(0, np.int32), np.zeros(0))
        if n < columns.covered(0):
            program.changeColIntegrality(n, library.HighsVarType.kInteger)
    _limit(program, columns, fixed)
    found = np.zeros(columns.count)
    for aim in _aims(columns):
        index = np.arange(columns.count, dtype=np.int32)
        program.changeColsCost(columns.count, index, aim)
        program.run()
        found = np.array(program.getSolution().col_value)
        used = np.flatnonzero(aim).astype(np.int32)
        if len(used):
            program.addRow(float(np.round(aim @ found)) - 0.25, np.inf, len(used), used, aim[used])
    return [bool(value > 0.5) for value in found[: len(pairs)]]


def _aims(columns: _Columns) -> list[Floats]:
    """What is followed, in turn; all numbers are whole."""
    pairs, lacks = columns.pairs, columns.lacks

    def of_lacks(place: Callable[[int], int], worth: Callable[[Lack], float]) -> Floats:
        aim = np.zeros(columns.count)
        for n, lack in enumerate(lacks):
            aim[place(n)] = round(worth(lack))
        return aim

    def known(lack: Lack) -> float:
        return 0.0 if math.isnan(lack.households) else lack.households

    metres, order = np.zeros(columns.count), np.zeros(columns.count)
    for n, pair in enumerate(pairs):
        metres[n] = -round(pair.distance_m * PARTS)
        order[n] = -(len(pairs) ** 2 + n)  # one site less is better than any that come earlier
    return [
        of_lacks(columns.whole, lambda lack: known(lack) if lack.sure else 0.0),
        of_lacks(columns.whole, lambda lack: 0.0 if lack.sure else known(lack)),
        of_lacks(columns.covered, lambda lack: (lack.m2_each or 1.0) * PARTS),
        metres,
        order,
    ]


def _limit(program: Any, columns: _Columns, fixed: Sequence[bool]) -> None:
    """Rows of the program: a site once or within its surface, a lack covered by what is taken for it.

    What was accepted stays even where a site has since become too small for it.
    """

    def row(values: Mapping[int, float], least: float, most: float) -> None:
        index, numbers = np.array(list(values), np.int32), np.array(list(values.values()), dtype=np.float64)
        program.addRow(least, most, len(index), index, numbers)

    of_site: dict[IdleSite, list[int]] = {}
    of_lack: dict[Lack, list[int]] = {}
    for n, pair in enumerate(columns.pairs):
        of_site.setdefault(pair.site, []).append(n)
        of_lack.setdefault(pair.lack, []).append(n)
    for site, places in of_site.items():
        shares = site.divisible and not math.isnan(site.m2)
        taken = {n: _need(m2_of(columns.pairs[n])) if shares else 1.0 for n in places}
        most = math.floor(site.m2 * PARTS) if shares else 1.0
        row(taken, -np.inf, max(most, sum(taken[n] for n in places if fixed[n])))
    for nth, lack in enumerate(columns.lacks):
        given = {n: _given(columns.pairs[n]) for n in of_lack[lack]}
        if math.isinf(lack.high):
            row({columns.whole(nth): 1.0}, 0.0, 0.0)
        else:
            row({**given, columns.whole(nth): -_need(lack.high)}, 0.0, np.inf)
        row({**given, columns.covered(nth): -1.0}, 0.0, np.inf)


def _closed(lack: Lack) -> float:
    """How much of a lack can be told to be covered: where its most is open, what is sure."""
    return lack.high if math.isfinite(lack.high) else lack.low


def _need(amount: float) -> float:
    """Parts of what is needed or taken, never fewer than there are."""
    return float(math.ceil(round(amount * PARTS, 6)))


def _given(pair: Pairing) -> float:
    """Parts of what a pair counts for, never more than there are; enough where it covers the lack."""
    share = share_of(pair)
    return _need(pair.lack.high) if share >= pair.lack.high else float(math.floor(round(share * PARTS, 6)))

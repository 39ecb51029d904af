"""Who pays (资金筹措): money of each source laid over the costs of an area, one ledger, and the gap.

Money is used in one pass: what is tied to items first, in the order of the city's sources; then subsidies,
for basic works before better and upgrading ones; then free money; what has to be paid back comes last. What
tied money does not use is left over (结余) and never another's. Money is whole yuan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from renomap.model.programme_rules import Rules, SourceKind
from renomap.model.standard import CATEGORIES

ELEVATOR: Final = "elevator"
#: A subsidy that reaches works of these categories is told: 完善类 as a remark, 提升类 as a warning.
REMARKED: Final = {"better": "subsidy_on_better", "upgrade": "subsidy_on_upgrade"}


@dataclass(frozen=True)
class CostLine:
    """What one item costs in an area; ``high`` inf = unknown."""

    item: str
    low: float
    high: float


@dataclass(frozen=True)
class Money:
    """An amount of one source for an area. ``low`` is sure, ``high`` inf where nothing limits it. ``scope``:
    keys of items or categories that it is tied to; empty = none.
    """

    source: str
    low: float
    high: float
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """Who pays what in one area.

    ``used`` and ``left`` by (source, scope), ``uses`` by (source, scope, item), for the amounts that are sure
    against the highest costs known: ``sum(used) + gap_high == cost`` to the yuan. ``gap_low`` and
    ``gap_high`` are what stays open without money that has to be paid back, ``financed_low`` and
    ``financed_high`` with it; ``high`` is inf where a cost is unknown. ``remarks``: values of ``REMARKED``.
    """

    cost: float
    used: Mapping[tuple[str, tuple[str, ...]], float]
    left: Mapping[tuple[str, tuple[str, ...]], float]
    uses: Mapping[tuple[str, tuple[str, ...], str], float]
    gap_low: float
    gap_high: float
    financed_low: float
    financed_high: float
    open_items: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def subsidy(households_known: float, all_known: bool, rate: float) -> tuple[float, float]:
    """Least and most that a rate per household comes to; inf where households are not all known.

    >>> subsidy(151, True, 6000)
    (906000.0, 906000.0)
    """
    low = float(round(households_known * rate))
    return low, low if all_known else np.inf


def ledger(
    costs: Sequence[CostLine], money: Sequence[Money], rules: Rules, *, rebuild: bool = False
) -> Ledger:
    """Lay money over the costs of one area.

    Parameters
    ----------
    costs : sequence of CostLine
        At most one of an item, in any order.
    money : sequence of Money
        In any order; amounts of one source and scope are taken together.
    rules : Rules
        Order of items and sources, and what a subsidy per household may pay for.
    rebuild : bool
        Whether the area is rebuilt rather than renovated.
    """
    lines = sorted(costs, key=lambda line: _place(line.item, rules))
    pots = _pots(money, rules)
    sure = _Pass(lines, [line.low if np.isinf(line.high) else line.high for line in lines], rules, rebuild)
    sure.pour(pots, most=False)
    best = _Pass(lines, [line.low for line in lines], rules, rebuild)
    best.pour(pots, most=True)
    unknown = any(np.isinf(line.high) for line in lines)
    return Ledger(
        cost=sum(sure.asked),
        used=sure.used,
        left=sure.left,
        uses=sure.uses,
        gap_low=best.gap,
        gap_high=np.inf if unknown else sure.gap,
        financed_low=best.financed,
        financed_high=np.inf if unknown else sure.financed,
        open_items={line.item: rest for line, rest in zip(lines, sure.rest, strict=True) if rest > 0},
        remarks=tuple(remark for remark in REMARKED.values() if remark in sure.remarks),
    )


def _place(item: str, rules: Rules) -> tuple[int, str]:
    """Basic before better before upgrade, within one in the order of the catalogue; unknown items last."""
    found = rules.item(item)
    if found is None:
        return len(CATEGORIES) * len(rules.items) + (item == ""), item
    return CATEGORIES.index(found.category) * len(rules.items) + rules.order[item], item


def _pots(money: Sequence[Money], rules: Rules) -> list[Money]:
    """Amounts of one source and scope as one, in the order in which they are used."""
    sums: dict[tuple[str, tuple[str, ...]], tuple[float, float]] = {}
    for one in money:
        key = (one.source, tuple(sorted(set(one.scope))))
        low, high = sums.get(key, (0.0, 0.0))
        sums[key] = (low + one.low, high + one.high)
    sources = {source.key: nth for nth, source in enumerate(rules.sources)}
    turns = {SourceKind.SUBSIDY: 1, SourceKind.FINANCING: 3}

    def turn(one: Money) -> tuple[int, int, int, tuple[str, ...], str]:
        found = rules.source(one.source)
        kind = SourceKind.FREE if found is None else found.kind
        free = 0 if one.scope else 2
        nth = sources.get(one.source, len(sources))
        return turns.get(kind, free), nth, len(one.scope) or len(rules.items), one.scope, one.source

    return sorted((Money(*_values(key, amounts)) for key, amounts in sums.items()), key=turn)


def _values(
    key: tuple[str, tuple[str, ...]], amounts: tuple[float, float]
) -> tuple[str, float, float, tuple[str, ...]]:
    """What ``Money`` is made of, from a key and its amounts."""
    return key[0], amounts[0], amounts[1], key[1]


class _Pass:
    """One pass of money over the lines of an area."""

    def __init__(self, lines: Sequence[CostLine], asked: list[float], rules: Rules, rebuild: bool) -> None:
        self.lines, self.asked, self.rules, self.rebuild = lines, asked, rules, rebuild
        self.rest = list(asked)
        self.used: dict[tuple[str, tuple[str, ...]], float] = {}
        self.left: dict[tuple[str, tuple[str, ...]], float] = {}
        self.uses: dict[tuple[str, tuple[str, ...], str], float] = {}
        self.remarks: set[str] = set()
        self.gap = self.financed = sum(asked)

    def pour(self, pots: Sequence[Money], *, most: bool) -> None:
        """Use the pots one after the other; with ``most``, as much as each can hold."""
        for pot in pots:
            source = self.rules.source(pot.source)
            kind = SourceKind.FREE if source is None else source.kind
            amount = left = pot.high if most else pot.low
            for nth, line in enumerate(self.lines):
                if left <= 0:
                    break
                if self.rest[nth] > 0 and self._may_pay(pot, kind, line.item):
                    part = min(left, self.rest[nth])
                    self.rest[nth] -= part
                    left -= part
                    self.uses[pot.source, pot.scope, line.item] = part
                    self._remark(kind, line.item)
            key = (pot.source, pot.scope)
            self.used[key] = amount - left if np.isfinite(amount) else 0.0
            self.left[key] = left
            if kind is not SourceKind.FINANCING:
                self.gap = sum(self.rest)
            self.financed = sum(self.rest)

    def _may_pay(self, pot: Money, kind: SourceKind, item: str) -> bool:
        if kind is SourceKind.SUBSIDY:
            if self.rebuild and not self.rules.subsidised_rebuild:
                return False
            if item == ELEVATOR and not self.rules.subsidised_elevators:
                return False
        if not pot.scope:
            return True
        found = self.rules.item(item)
        return item in pot.scope or (found is not None and found.category in pot.scope)

    def _remark(self, kind: SourceKind, item: str) -> None:
        found = self.rules.item(item)
        if kind is SourceKind.SUBSIDY and found is not None and found.category in REMARKED:
            self.remarks.add(REMARKED[found.category])

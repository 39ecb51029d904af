"""Rebuilding (自主更新): what owners pay, whether money balances, who has signed, who is represented."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from renomap.model.standard import Status

BALANCED: Final = "balanced"
SHORT: Final = "short"
TO_CHECK: Final = "to_check"
#: By how much sale prices and building costs are tried to be worse.
WORSE: Final = Fraction(1, 10)


@dataclass(frozen=True)
class RebuildPrices:
    """What one project charged its owners: an example, never a rule.

    ``base_price`` yuan/m2 up to what an owner has, ``extra_price`` above; ``counted_min_m2``: what is
    counted at least as had; ``extra_max_m2``: most that may be had above it. NaN = none set.
    """

    key: str
    zh: str
    en: str
    base_price: float
    extra_price: float
    source: str
    status: Status
    counted_min_m2: float = math.nan
    extra_max_m2: float = math.nan


@dataclass(frozen=True)
class OwnerRow:
    """Households of one building that give and get the same: floor area of each, m2 (NaN unknown)."""

    building: str
    households: float
    own_m2: float
    new_m2: float
    signed: float = math.nan


@dataclass(frozen=True)
class Payment:
    """What one household pays: yuan (NaN unknown); m2 given up, which has no price; m2 above the most."""

    yuan: float
    given_up_m2: float
    over_m2: float


@dataclass(frozen=True)
class RebuildCase:
    """Everything of a rebuilding that money depends on; NaN is unknown, 0 is none.

    ``sales``: (units, m2 of each, yuan/m2). ``construction_m2`` times ``construction_price``; ``premium``:
    land premium of all units; ``other`` costs; ``subsidies``; ``loans`` have to be paid back and are told
    apart. ``representatives``: by building, their names.
    """

    name: str
    prices: RebuildPrices
    owners: tuple[OwnerRow, ...]
    sales: tuple[tuple[float, float, float], ...]
    construction_m2: float
    construction_price: float
    premium: float
    other: float
    subsidies: float
    loans: float = 0.0
    representatives: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class RebuildBalance:
    """Income and cost in yuan, each known term of them, and what is left: at least ``low``, at most ``high``.

    ``owners``, ``sales``, ``subsidies``, ``construction``, ``premium``, ``other``: NaN unknown. ``low`` is
    minus infinity where a cost is unknown, ``high`` infinite where an income is. ``verdict``: 'balanced',
    'short', or 'to_check' where the unknown could turn it. ``unpriced_m2``: given up, without a price: what
    is paid for it is not known either. ``unknown``: names of the terms that leave it open.
    """

    owners: float
    sales: float
    subsidies: float
    construction: float
    premium: float
    other: float
    low: float
    high: float
    verdict: str
    unpriced_m2: float
    unknown: tuple[str, ...]

    @property
    def income(self) -> float:
        """All income, NaN where a part is unknown."""
        return self.owners + self.sales + self.subsidies

    @property
    def cost(self) -> float:
        """All cost, NaN where a part is unknown."""
        return self.construction + self.premium + self.other


def payment(own_m2: float, new_m2: float, prices: RebuildPrices) -> Payment:
    """What a household with ``own_m2`` pays for ``new_m2``.

    >>> yongan = RebuildPrices("yongan", "", "", 1500, 8000, "", Status.VERIFIED)
    >>> payment(80, 100, yongan).yuan, payment(80, 80, yongan).yuan
    (280000.0, 120000.0)
    >>> payment(80, 70, yongan)
    Payment(yuan=105000.0, given_up_m2=10.0, over_m2=0.0)
    """
    if math.isnan(own_m2) or math.isnan(new_m2):
        return Payment(math.nan, math.nan, math.nan)
    base = own_m2 if math.isnan(prices.counted_min_m2) else max(own_m2, prices.counted_min_m2)
    extra = max(0.0, new_m2 - base)
    most = math.inf if math.isnan(prices.extra_max_m2) else prices.extra_max_m2
    paid = min(base, new_m2) * prices.base_price + extra * prices.extra_price
    return Payment(float(paid), max(0.0, float(own_m2 - new_m2)), max(0.0, extra - most))


def balance(case: RebuildCase) -> RebuildBalance:
    """Whether income covers cost; a verdict only where no unknown term could turn it."""
    each = [(row.households, payment(row.own_m2, row.new_m2, case.prices)) for row in case.owners]
    owners = sum((count * one.yuan for count, one in each), 0.0)
    unpriced = sum((count * one.given_up_m2 for count, one in each), 0.0)
    income = {
        "owners": owners,
        "sales": sum((units * m2 * price for units, m2, price in case.sales), 0.0),
        "subsidies": case.subsidies,
    }
    cost = {
        "construction": case.construction_m2 * case.construction_price,
        "premium": case.premium,
        "other": case.other,
    }
    open_income = [name for name, value in income.items() if math.isnan(value)]
    open_cost = [name for name, value in cost.items() if math.isnan(value)]
    if not unpriced <= 0:
        open_cost.append("given_up")
    known = math.fsum(value for value in income.values() if not math.isnan(value)) - math.fsum(
        value for value in cost.values() if not math.isnan(value)
    )
    low = -math.inf if open_cost else known
    high = math.inf if open_income else known
    verdict = BALANCED if low >= 0 else SHORT if high < 0 else TO_CHECK
    unknown = (*open_income, *open_cost)
    return RebuildBalance(
        **income, **cost, low=low, high=high, verdict=verdict, unpriced_m2=unpriced, unknown=unknown
    )


def worse(case: RebuildCase, *, sales: bool = False, construction: bool = False) -> RebuildBalance:
    """The balance with sale prices a tenth lower, building costs a tenth higher, or both."""
    fall, rise = float(1 - WORSE * sales), float(1 + WORSE * construction)
    return balance(
        replace(
            case,
            sales=tuple((units, m2, price * fall) for units, m2, price in case.sales),
            construction_price=case.construction_price * rise,
        )
    )


def break_even(found: RebuildBalance) -> tuple[float, float]:
    """By what share sale prices, and building costs, may change until nothing is left.

    NaN where the balance is unknown or there is nothing to change.
    """
    if found.low != found.high:
        return math.nan, math.nan
    return (
        -found.low / found.sales if found.sales > 0 else math.nan,
        found.low / found.construction if found.construction > 0 else math.nan,
    )


def unrepresented(case: RebuildCase) -> tuple[str, ...]:
    """Buildings without a representative (一楼幢一代表), in the order of the owners."""
    there = {building for building, names in case.representatives if names}
    return tuple(one for one in buildings(case) if one not in there)


def buildings(case: RebuildCase) -> tuple[str, ...]:
    """Buildings of the owners and of the representatives, in their order."""
    named: Iterable[str] = (*(row.building for row in case.owners), *(one for one, _ in case.representatives))
    return tuple(dict.fromkeys(named))


def signed_share(case: RebuildCase, building: str) -> float:
    """Households of a building that have signed, of all; NaN where a number is unknown or none live there."""
    rows = [row for row in case.owners if row.building == building]
    signed, of = sum(row.signed for row in rows), sum(row.households for row in rows)
    return signed / of if of > 0 and signed <= of else math.nan

"""How a number is rounded and written, so that map, report, table and web map print the same text."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

#: Digits kept in files that other programs read: 1 cm2, and beyond what any survey knows.
EXCHANGE_DECIMALS = 4


def rounded(value: float, decimals: int) -> Decimal:
    """Round half away from zero, as spreadsheets do, of the number as other programs get it."""
    exact = Decimal(repr(round(float(value), EXCHANGE_DECIMALS)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def written(value: float, decimals: int = 0, *, grouped: bool = True) -> str:
    """The number with that many decimals, thousands parted if ``grouped``: ``1,208``, ``12.30``.

    What is more than nothing but would round to 0 gets one more decimal, since 0 means that there is none:
    ``0.4``, and ``0.1`` for all that is less. Never ``-0``.
    """
    shown = rounded(value, decimals)
    if shown == 0:
        if rounded(value, EXCHANGE_DECIMALS) > 0:
            return str(max(Decimal(1).scaleb(-decimals - 1), rounded(value, decimals + 1)))
        shown = abs(shown)
    return f"{shown:,}" if grouped else str(shown)

"""Set for a meeting: ``works.ITEM.price=VALUE/UNIT``, ``district.rate=VALUE``, ``addon.KEY=SHARE``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from renomap.errors import RenomapError
from renomap.model.preset import Preset
from renomap.model.programme_rules import Rules
from renomap.model.standard import ADDON, DISTRICT, WORKS, MeetingValue
from renomap.programme.shares import share_of
from renomap.tables import LARGEST

PRICE: Final = ".price"
RATE: Final = "rate"


def prices(values: Sequence[MeetingValue], rules: Rules) -> dict[str, float]:
    """Yuan per unit by item; a later value of the same item wins, 0 is a price.

    Raises
    ------
    RenomapError
        ``programme.set-item`` (no such item, or not its price), ``programme.set-price`` (no number, or
        another unit than the item's).
    """
    found: dict[str, float] = {}
    for value in values:
        if value.facility != WORKS:
            continue
        item = rules.item(value.key.removesuffix(PRICE))
        if item is None or not value.key.endswith(PRICE):
            raise RenomapError("programme.set-item", key=value.key)
        number, _, unit = value.value.partition("/")
        if unit.strip() not in ("", item.unit):
            raise RenomapError("programme.set-price", value=value.value, unit=item.unit)
        found[item.key] = _number(number, value.value, item.unit)
    return found


def district_rate(values: Sequence[MeetingValue], preset: Preset) -> float | None:
    """Yuan per household that the district pays: as set for the meeting, else the least it may pay; None
    where the city has no such rule.

    Raises
    ------
    RenomapError
        ``programme.district-rate`` (less than the least), ``programme.set-price``.
    """
    least = preset.subsidy.get("district_min")
    rate = None if least is None else least.value
    for value in values:
        if value.facility != DISTRICT:
            continue
        if value.key != RATE:
            raise RenomapError("programme.set-item", key=f"{DISTRICT}.{value.key}")
        rate = _number(value.value.partition("/")[0], value.value, "household")
        if least is not None and rate < least.value:
            raise RenomapError("programme.district-rate", value=f"{rate:g}", least=f"{least.value:g}")
    return rate


def addon_shares(values: Sequence[MeetingValue], rules: Rules) -> dict[str, float]:
    """Costs on top of works as shares of them, in the order of the rules; what nobody has set is left out.

    A share of the meeting (``0.08``, ``8%``; ``none`` = not asked for) wins over that of the city's rules.

    Raises
    ------
    RenomapError
        ``programme.set-item`` (no such cost), ``programme.set-share`` (no share).
    """
    found = {one.key: one.share for one in rules.addons}
    for value in values:
        if value.facility == ADDON:
            if value.key not in found:
                raise RenomapError("programme.set-item", key=f"{ADDON}.{value.key}")
            found[value.key] = share_of(value)
    return {key: share for key, share in found.items() if share is not None}


def _number(text: str, whole: str, unit: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= LARGEST:
        raise RenomapError("programme.set-price", value=whole, unit=unit)
    return number

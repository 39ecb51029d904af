"""Shares of consent set for a meeting: ``consent.asked_min=VALUE`` and ``consent.yes_min=VALUE``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from renomap.errors import RenomapError
from renomap.model.preset import Bound, Consent
from renomap.model.standard import CONSENT, MeetingValue, Status

KEYS: Final = ("asked_min", "yes_min")
NONE: Final = "none"


def consent_of(values: Sequence[MeetingValue], consent: Consent | None) -> Consent | None:
    """The city's rule of consent with the shares that a meeting has set in place of its own.

    A share is a number up to 1 or per cent (``0.8``, ``80%``); ``none`` asks for none. A later value of the
    same key wins. The rule itself where the meeting has set nothing.

    Raises
    ------
    RenomapError
        ``programme.set-item`` (no such key), ``programme.set-share`` (no share).

    >>> found = consent_of([MeetingValue("consent", "yes_min", "85%", "王工", "2026-11-30")], None)
    >>> found.yes_min.value
    0.85
    """
    for value in values:
        if value.facility != CONSENT:
            continue
        if value.key not in KEYS:
            raise RenomapError("programme.set-item", key=f"{CONSENT}.{value.key}")
        consent = consent or Consent(None, None)
        share = share_of(value)
        source = f"会议确定值（{value.by}，{value.at}）"
        bound = None if share is None else Bound(share, source, Status.MEETING)
        consent = (
            replace(consent, asked_min=bound) if value.key == "asked_min" else replace(consent, yes_min=bound)
        )
    return consent


def share_of(value: MeetingValue) -> float | None:
    """A share of the meeting as a number up to 1, None for ``none``; else ``programme.set-share``."""
    text = value.value.strip()
    if text == NONE:
        return None
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise RenomapError("programme.set-share", key=f"{value.facility}.{value.key}", value=value.value)
    return share

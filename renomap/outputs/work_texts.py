"""How the quantity of a work reads, and which telephone numbers may stand in public."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from renomap.model.rounding import written
from renomap.outputs.numbers import AT_LEAST, missing

#: A mobile number of mainland China, with or without the country's prefix, spaces or dashes.
_MOBILE: Final = re.compile(r"(?<!\d)(?:(?:\+|00)?86[\s-]*)?1[3-9]\d(?:[\s-]*\d){8}(?!\d)")


def quantity_text(low: Any, high: Any, unit: str, words: Mapping[str, str]) -> str:
    """``1.27 km``, ``3–5``, ``≥3`` where the most is open; the word for no data where nothing is known.

    Parameters
    ----------
    low, high : float
        Least and most; NaN or None unknown.
    unit : str
        Key of the catalogue of units, or the unit as somebody typed it.
    """
    if missing(low):
        return words["outputs.no-data"]
    name = words.get(f"unit.{unit}", unit or "")
    below, above = _number(low), None if missing(high) else _number(high)
    text = f"{AT_LEAST}{below}" if above is None else below if above == below else f"{below}–{above}"
    return f"{text} {name}".strip()


def _number(value: Any) -> str:
    """At most two decimals, none where there are none: a pipe of 1.27 km is not one of 1 km."""
    return written(float(value), 2 if abs(float(value) - round(float(value))) > 5e-3 else 0)


def without_mobiles(text: str) -> str:
    """The text without mobile numbers and what they leave behind.

    >>> without_mobiles("张工 138 0000 0000、0731-00000100")
    '张工、0731-00000100'
    >>> without_mobiles("城东公司(示例)"), without_mobiles("周工（13800000000）")
    ('城东公司(示例)', '周工')
    """
    found = re.sub(r"[(（]\s*[)）]", "", _MOBILE.sub("", text))
    if found == text:
        return text
    return re.sub(r"[\s,，、;；/]*([,，、;；/])[\s,，、;；/]*", r"\1", found).strip(" ,，、;；/:：")

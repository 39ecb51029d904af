"""Texts from surveys made fit for cells and pages."""

from __future__ import annotations

import re
from typing import Any

#: What XML 1.0 forbids in a cell, and lone surrogates.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_767


def clean(text: str) -> str:
    """A text that a cell can hold: without control characters, at most 32,767 characters."""
    return _FORBIDDEN.sub("", text)[:_LONGEST_CELL]


def one_line(text: Any) -> str:
    """A text on one line without control characters."""
    return " ".join(clean(str(text)).split())

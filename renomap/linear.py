"""The solver of linear programs, where it is installed."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def solver() -> Any | None:
    """The library HiGHS, or None.

    It is a dependency; whoever takes the engine alone into a notebook may lack it. Then pieces beyond a dozen
    nodes are searched, and nothing is proven of them.
    """
    try:
        import highspy
    except ImportError:
        return None
    return highspy

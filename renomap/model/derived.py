"""What is derived from a value, kept as long as the value lives, and whether two values are the same object.

Frames are values that never change, so what is derived from one stays true; but a number that Python gives an
object (``id``) is given again to another once the first is gone, and must not be kept in its place.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Made = TypeVar("Made")


@dataclass
class _Kept:
    owner: weakref.ref[Any]
    made: dict[str, Any] = field(default_factory=dict)


_kept: dict[int, _Kept] = {}


def once(owner: Any, purpose: str, make: Callable[[], Made]) -> Made:
    """What ``make`` gives, made once for an owner and kept as long as the owner lives.

    ``purpose`` is a name out of a fixed set: what depends on a second value as well must not put it there.
    """
    key = id(owner)
    entry = _kept.get(key)
    if entry is None or entry.owner() is not owner:

        def forget(_: object) -> None:
            _kept.pop(key, None)

        entry = _kept[key] = _Kept(weakref.ref(owner, forget))
    if purpose not in entry.made:
        entry.made[purpose] = make()
    made: Made = entry.made[purpose]
    return made


class Identity:
    """Which object it was: equal to another Identity of the same object, and to none once that is gone."""

    def __init__(self, thing: Any) -> None:
        self._thing = weakref.ref(thing)
        self._hash = id(thing)

    def __eq__(self, other: object) -> bool:
        mine = self._thing()
        return isinstance(other, Identity) and mine is not None and mine is other._thing()

    def __hash__(self) -> int:
        return self._hash

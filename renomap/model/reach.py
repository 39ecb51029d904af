"""How far a place may be away: in a straight line, or walking along the roads; one setting of a project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import shapely

from renomap.errors import RenomapError
from renomap.model.standard import REACH, MeetingValue

#: The key and the words of ``reach.distance=walking`` among the values of the meeting.
DISTANCE: Final = "distance"
STRAIGHT: Final = "straight"
WALKING: Final = "walking"


class Walks(Protocol):
    """Ways along the roads, see ``ground.walking.WalkingNetwork``."""

    def metres(
        self, places: npt.NDArray[np.object_], outlines: npt.NDArray[np.object_], limit_m: float
    ) -> npt.NDArray[np.float64]:
        """Ways (p, k) from places to outlines: infinite = farther than the limit, NaN = unknown."""

    def reached(self, place: shapely.Geometry, limit_m: float) -> shapely.Geometry:
        """All roads within that walk of a place, as lines."""


def reach_of(values: Sequence[MeetingValue]) -> str:
    """``STRAIGHT`` or ``WALKING``, as set last.

    Raises
    ------
    RenomapError
        ``deficits.set-reach``: another key or value.

    >>> reach_of([MeetingValue("reach", "distance", "walking", by="王", at="2026-05-12")])
    'walking'
    >>> reach_of([])
    'straight'
    """
    found = STRAIGHT
    for value in values:
        if value.facility != REACH:
            continue
        if value.key != DISTANCE or value.value not in (STRAIGHT, WALKING):
            raise RenomapError("deficits.set-reach", key=value.key, value=value.value)
        found = value.value
    return found

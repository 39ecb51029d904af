"""Which neighbourhoods are neighbours on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

#: Kinds of a link, from the freest to the most artificial.
KINDS: Final = ("contact", "gap", "road", "crossing", "user")
CONTACT, GAP, ROAD, CROSSING, USER = range(len(KINDS))


@dataclass(frozen=True)
class Links:
    """Ground contiguity as an edge list over ``n`` units.

    ``a[k] < b[k]`` are positions in ``fids``; rows are sorted by (a, b) and unique. ``frontage_m`` (>= 0) is
    defined in ``ground.frontage``; ``gap_m`` is the least distance of the two; ``kind`` indexes ``KINDS``;
    ``cost`` in 0..1 is what crossing the link costs (0 alley, more for a secondary road or a bridge);
    ``via`` names what lies between (a road, a river), '' where nothing named does.
    """

    fids: npt.NDArray[np.int64]
    a: npt.NDArray[np.int32]
    b: npt.NDArray[np.int32]
    frontage_m: npt.NDArray[np.float64]
    gap_m: npt.NDArray[np.float64]
    cost: npt.NDArray[np.float64]
    kind: npt.NDArray[np.int8]
    via: Sequence[str]

    def __len__(self) -> int:
        """Number of links."""
        return len(self.a)


def no_links(fids: npt.NDArray[np.int64]) -> Links:
    """Links of units (their int64 ids in order) of which nobody has asked yet who is near whom."""
    position, length = np.zeros(0, dtype=np.int32), np.zeros(0)
    return Links(fids, position, position, length, length, length, np.zeros(0, dtype=np.int8), ())

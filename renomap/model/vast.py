"""Shapes too wide to be ground of a neighbourhood: a stray corner, or a layer of provinces."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

#: Wider or taller than this, metres, no neighbourhood is, for no city is. An assumption of this program;
#: walking along the outlines of countries in search of their neighbours takes hours.
VAST_M: Final = 200_000.0


def vast(shapes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which shapes are too wide to be ground of a neighbourhood; missing and empty ones are not.

    Parameters
    ----------
    shapes : array (n,) of geometries or None
        Metres.

    Examples
    --------
    >>> vast(np.array([shapely.box(0, 0, 900, 900), shapely.box(0, 0, 900, 900_000), None])).tolist()
    [False, True, False]
    """
    boxes = shapely.bounds(shapes)
    wide: npt.NDArray[np.bool_] = (boxes[:, 2:] - boxes[:, :2] > VAST_M).any(axis=1)
    return wide

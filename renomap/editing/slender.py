"""No edit leaves a needle, and no line that is drawn passes a corner by a hair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Geometry

from renomap.editing.coverage import Boundaries, near
from renomap.editing.schemes import area_name
from renomap.errors import RenomapError
from renomap.model.scheme import Scheme

#: Corners nearer to each other than this are one, metres.
CORNER_M: Final = 0.1
#: Ground narrower than this over a length of ``NEEDLE_LONG_M`` is a needle, metres: nobody can build on it.
NEEDLE_WIDE_M: Final = 0.3
NEEDLE_LONG_M: Final = 3.0
#: The opening that finds needles rounds outlines: it gives back so much more than it took, metres.
_SLACK_M: Final = 0.02


def drawn_to_corners(drawn: Geometry, current: Boundaries) -> Geometry:
    """A line or outline that goes through every corner of a boundary that it would pass by a hair.

    Parameters
    ----------
    drawn : LineString or Polygon, metres
    current : boundaries as they are, by area id

    Returns
    -------
    Geometry
        Of the same kind; as it was where drawing it to the corners would make it invalid.
    """
    beside = near(current, [shapely.buffer(drawn, CORNER_M)])
    if not beside:
        return drawn
    corners = shapely.extract_unique_points(shapely.geometrycollections(list(beside.values())))
    moved = shapely.snap(drawn, corners, CORNER_M)
    unspoilt = shapely.is_valid(moved) and not moved.is_empty and moved.geom_type == drawn.geom_type
    return moved if unspoilt else drawn


def needles(shape: Geometry) -> npt.NDArray[np.object_]:
    """The parts of a boundary that are narrower than 0.3 m over more than 3 m; none of an empty one.

    Examples
    --------
    >>> import shapely
    >>> block, strip = shapely.box(0, 0, 50, 50), shapely.box(50, 10, 83, 10.22)
    >>> len(needles(shapely.union(block, strip)))
    1
    """
    half = NEEDLE_WIDE_M / 2
    broad = shapely.buffer(
        shapely.buffer(shape, -half, join_style="mitre"), half + _SLACK_M, join_style="mitre"
    )
    thin = shapely.get_parts(shapely.difference(shape, broad))
    return np.asarray(thin[shapely.length(thin) / 2 > NEEDLE_LONG_M], dtype=object)


def require_broad(scheme: Scheme, before: Boundaries, after: Mapping[int, Geometry]) -> None:
    """Refuse an edit that leaves a needle where none was.

    Parameters
    ----------
    before, after : boundaries by area id, metres; those of ``after`` are looked at

    Errors
    ------
    ``editing.needle``
    """
    for area, shape in after.items():
        former = before.get(area)
        if former is not None and shapely.equals_identical(shapely.normalize(former), shape):
            continue
        found = needles(shape)
        if len(found) and former is not None:
            known = shapely.buffer(shapely.union_all(needles(former)), NEEDLE_WIDE_M)
            found = found[~shapely.covered_by(found, known)]
        if len(found):
            longest = float(shapely.length(found).max()) / 2
            raise RenomapError("editing.needle", name=area_name(scheme, area), metres=round(longest))

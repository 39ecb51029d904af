"""Where the parts of a sheet stand, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from renomap.cartography.pencil import Rect

#: 'full' = title, map, legend and title block; 'compact' = map and legend, for a page that has a title of its
#: own; 'none' = the bare map.
FURNITURE = ("full", "compact", "framed", "none")
INSET_SHAPE = 0.8  # height to width
#: The legend below a map: widths of its columns, heights of its heading, its lines and the gap above (mm).
STRIP_COLUMN_MM, STRIP_HEAD_MM, ROW_MM, STRIP_GAP_MM = 44.0, 13.0, 4.6, 3.0
#: A short legend keeps its titles with their entries and its type in full size.
LEAST_ROWS = 5
#: How much larger the ground must show for the legend to leave its usual place beside the map.
WORTH = 1.08
LARGE_MM = 300.0  # sheets wider than this have the margins and type of an A3


@dataclass(frozen=True)
class Layout:
    """Places of the parts; None where the sheet has no such part."""

    map: Rect
    title: Rect | None = None
    legend: Rect | None = None
    inset: Rect | None = None
    block: Rect | None = None
    frame: Rect | None = None


def layout_of(size_mm: tuple[float, float], furniture: str, *, inset: bool) -> Layout:
    """Places for the parts of a sheet.

    Parameters
    ----------
    size_mm : (float, float)
        Width and height of the sheet.
    furniture : str
        One of ``FURNITURE``; anything else raises ValueError.
    inset : bool
        Whether room is kept for an inset (sheets of one area).
    """
    if furniture not in FURNITURE:
        raise ValueError(f"furniture is one of {FURNITURE}, not {furniture!r}")
    width, height = size_mm
    if furniture in ("none", "framed"):
        return Layout(Rect(0.0, 0.0, width, height))
    if furniture == "compact":
        return _beside(size_mm, inset)
    large = width > LARGE_MM
    edge, head, foot = (10.0, 15.0, 13.5) if large else (7.0, 11.0, 12.5)
    frame = Rect(0.0, 0.0, width, height).inset(edge)
    column = min(max(frame.w * 0.18, 46.0), 80.0)
    body = Rect(frame.x, frame.y + head, frame.w - column, frame.h - head - foot)
    legend, small = _column(Rect(body.x + body.w + 4.0, body.y + 3.0, column - 7.0, body.h - 6.0), inset)
    return Layout(
        body,
        Rect(frame.x, frame.y, frame.w, head),
        legend,
        small,
        Rect(frame.x, frame.y + frame.h - foot, frame.w, foot),
        frame,
    )


def _column(at: Rect, inset: bool) -> tuple[Rect, Rect | None]:
    """The side column: legend above, inset below."""
    if not inset:
        return at, None
    high = min(at.w * INSET_SHAPE, at.h * 0.3)
    small = Rect(at.x, at.y + at.h - high, at.w, high)
    return Rect(at.x, at.y, at.w, at.h - high - 4.0), small


def _beside(size_mm: tuple[float, float], inset: bool) -> Layout:
    """Map left, legend and inset in a column right of it."""
    width, height = size_mm
    column = min(max(width * 0.2, 42.0), 62.0)
    legend, small = _column(Rect(width - column + 3.0, 0.5, column - 3.5, height - 1.0), inset)
    return Layout(Rect(0.0, 0.0, width - column, height), legend=legend, inset=small)


def _above(size_mm: tuple[float, float], inset: bool, lines: int) -> Layout:
    """Map on top over the whole width, legend and inset in a strip below it."""
    width, height = size_mm
    wide = min(width * 0.25, 46.0) if inset else 0.0
    columns = max(1, int((width - wide) // STRIP_COLUMN_MM))
    rows = max(ceil(lines / columns) + 1, LEAST_ROWS)
    strip = min(max(STRIP_HEAD_MM + rows * ROW_MM, wide * INSET_SHAPE), height * 0.4)
    top = height - strip
    small = Rect(width - wide, top, wide, strip - 0.5) if inset else None
    legend = Rect(0.5, top, width - wide - (6.0 if inset else 1.0), strip - 0.5)
    return Layout(Rect(0.0, 0.0, width, top - STRIP_GAP_MM), legend=legend, inset=small)


def compact_layout(size_mm: tuple[float, float], shape: float, *, inset: bool, lines: int) -> Layout:
    """The compact arrangement that shows ground of this shape larger: legend beside the map or below it.

    Parameters
    ----------
    shape : float
        Width of the ground to its height.
    lines : int
        Lines of the legend, titles included.
    """
    beside, above = _beside(size_mm, inset), _above(size_mm, inset, lines)
    return above if fitted_width(above.map, shape) > WORTH * fitted_width(beside.map, shape) else beside


def fitted_width(frame: Rect, shape: float) -> float:
    """Width in mm at which ground of this shape (width to height) fits into the frame."""
    return min(frame.w, frame.h * shape)

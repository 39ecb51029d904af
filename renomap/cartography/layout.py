"""Where the parts of a sheet stand, in millimetres."""

from __future__ import annotations

from dataclasses import dataclass

from renomap.cartography.pencil import Rect

#: 'full' = title, map, legend and title block; 'compact' = map and legend, for a page that has a title of its
#: own; 'none' = the bare map.
FURNITURE = ("full", "compact", "none")
INSET_SHAPE = 0.8  # height to width
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
    if furniture == "none":
        return Layout(Rect(0.0, 0.0, width, height))
    if furniture == "compact":
        column = min(max(width * 0.2, 42.0), 62.0)
        legend, small = _column(Rect(width - column + 3.0, 0.5, column - 3.5, height - 1.0), inset)
        return Layout(Rect(0.0, 0.0, width - column, height), legend=legend, inset=small)
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

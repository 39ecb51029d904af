"""Style: what stands around the map of a sheet, at what scale, in what colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Style:
    """How a map sheet is drawn.

    Parameters
    ----------
    furniture : str
        'full' (title, legend, title block), 'compact' (map, legend, scale bar, north arrow, inset),
        'framed' (map, scale bar, north arrow) or 'none'.
    scale : int
        Scale denominator; 0 = the largest round one that shows everything.
    ratio : bool
        Whether the scale stands as a number too; not on what is shown on a screen.
    grey : bool
        Whether the file is without colours.
    dpi : float
        Dots per inch of a picture; a PDF is drawn with lines and has none.
    """

    furniture: str = "full"
    scale: int = 0
    ratio: bool = True
    grey: bool = False
    dpi: float = 300.0


FULL: Final = Style()
COMPACT: Final = Style("compact")

"""One value that describes a drawing of the map: screen, picture and paper differ only in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class MapView:
    """A window on the project plane.

    Parameters
    ----------
    centre : (float, float)
        Map coordinates (x east, y north, metres) at the middle of the picture.
    resolution : float
        Metres per pixel.
    size : (float, float)
        Width and height in pixels.
    dpi : float
        Pixels per inch of the medium; widths in mm and pt depend on it.
    """

    centre: tuple[float, float]
    resolution: float
    size: tuple[float, float]
    dpi: float = 96.0

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """What is drawn: (xmin, ymin, xmax, ymax) in metres."""
        half_w = self.size[0] * self.resolution / 2
        half_h = self.size[1] * self.resolution / 2
        x, y = self.centre
        return (x - half_w, y - half_h, x + half_w, y + half_h)

    @property
    def px_per_mm(self) -> float:
        """Pixels per millimetre of the medium."""
        return self.dpi / MM_PER_INCH

    @property
    def px_per_pt(self) -> float:
        """Pixels per typographic point of the medium."""
        return self.dpi / 72.0

    @property
    def scale(self) -> float:
        """Scale denominator: 5000 for 1:5000."""
        return self.resolution * self.px_per_mm * 1000.0

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Pixel position (right, down) of a map point."""
        xmin, _, _, ymax = self.extent
        return ((x - xmin) / self.resolution, (ymax - y) / self.resolution)

    def to_map(self, px: float, py: float) -> tuple[float, float]:
        """Map point of a pixel position."""
        xmin, _, _, ymax = self.extent
        return (xmin + px * self.resolution, ymax - py * self.resolution)

    def fitted(self, bounds: tuple[float, float, float, float], margin: float = 0.05) -> MapView:
        """The same picture showing ``bounds`` (metres) whole, with a margin as share of its size."""
        xmin, ymin, xmax, ymax = bounds
        width = max(xmax - xmin, 1.0) * (1 + 2 * margin)
        height = max(ymax - ymin, 1.0) * (1 + 2 * margin)
        resolution = max(width / self.size[0], height / self.size[1])
        return replace(self, centre=((xmin + xmax) / 2, (ymin + ymax) / 2), resolution=resolution)

    def zoomed(self, factor: float, px: float, py: float) -> MapView:
        """Zoom by ``factor`` (> 1 = nearer) keeping the map point under pixel (px, py) where it is."""
        x, y = self.to_map(px, py)
        resolution = self.resolution / factor
        centre = (
            x + (self.size[0] / 2 - px) * resolution,
            y - (self.size[1] / 2 - py) * resolution,
        )
        return replace(self, centre=centre, resolution=resolution)

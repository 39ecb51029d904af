"""What a map is made of: layers of shapes, markers and labels, and the legend. Values without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.cartography.symbols import Symbol
from renomap.cartography.underlays import UnderlayLayer
from renomap.model.derived import Identity

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ShapeLayer:
    """Polygons or lines, each drawn by the symbol of its class.

    Parameters
    ----------
    key : str
        Name of the layer, the same in every theme.
    frame : GeoDataFrame or GeoSeries (n,)
        Geometry in project coordinates; its identity is what drawings are kept by.
    classes : int64 array (n,)
        Index into ``symbols``; -1 is not drawn. Higher classes are drawn over lower ones.
    symbols : tuple of Symbol
    """

    key: str
    frame: gpd.GeoDataFrame | gpd.GeoSeries
    classes: IntArray
    symbols: tuple[Symbol, ...]

    @property
    def token(self) -> tuple[Any, ...]:
        """Equal tokens draw equal pictures: an image of the layer may be kept while its token stays."""
        return (self.key, Identity(self.frame), self.classes.tobytes(), self.symbols)


@dataclass(frozen=True, eq=False)
class MarkerLayer:
    """Points drawn by shapes of a size on paper.

    Parameters
    ----------
    points : float64 array (n, 2)
        Project coordinates.
    classes : int64 array (n,)
        Index into ``symbols``; -1 is not drawn.
    sizes : float64 array (n,)
        Factor of the symbol's size.
    """

    key: str
    points: FloatArray
    classes: IntArray
    sizes: FloatArray
    symbols: tuple[Symbol, ...]

    @property
    def token(self) -> tuple[Any, ...]:
        """Equal tokens draw equal pictures."""
        return (self.key, self.points.tobytes(), self.classes.tobytes(), self.sizes.tobytes(), self.symbols)


@dataclass(frozen=True)
class Label:
    """A text of the map that is placed where it fits.

    Parameters
    ----------
    text, second, short : str
        First and second line, and what stands for both where the thing named is too small for them.
    pt, second_pt : float
        Font sizes in points of the medium.
    rank : int
        Lower ranks are placed first.
    key : int
        Decides between labels of a rank, so that the same plan always gives the same map.
    spots : tuple of (float, float)
        Points (project coordinates) to try, the best first.
    line : LineString or None
        A line the text runs along instead.
    body : Polygon or None
        The thing named; where it is cut by the edge of the map, the label moves into the part that shows.
    room_m : (float, float) or None
        Width and height of the thing named; the label is left out where it is much larger than that.
    """

    text: str
    pt: float
    rank: int
    key: int
    spots: tuple[tuple[float, float], ...] = ()
    line: shapely.LineString | None = None
    second: str = ""
    short: str = ""
    second_pt: float = 0.0
    bold: bool = False
    colour: str = "#222222"
    halo: str = "#ffffff"
    halo_mm: float = 0.35
    room_m: tuple[float, float] | None = None
    body: shapely.Geometry | None = None
    max_scale: float = 0.0


@dataclass(frozen=True, eq=False)
class LabelLayer:
    """All texts of a map, placed together so that none covers another.

    ``avoid`` are boxes in pixels of the picture (left, top, right, bottom) that no label may touch;
    ``marks`` are points drawn beneath, which labels do not cover.
    """

    key: str
    labels: tuple[Label, ...]
    avoid: tuple[tuple[float, float, float, float], ...] = ()
    marks: MarkerLayer | None = None

    @property
    def token(self) -> tuple[Any, ...]:
        """Equal tokens draw equal pictures."""
        return (self.key, self.labels, self.avoid, self.marks.token if self.marks else None)


MapLayer = UnderlayLayer | ShapeLayer | MarkerLayer | LabelLayer


@dataclass(frozen=True)
class LegendEntry:
    """A line of the legend: what the classes of a layer mean.

    ``shape`` is 'polygon', 'line' or 'point'. ``counted`` adds the number of things on the page.
    """

    text: str
    layer: str
    classes: tuple[int, ...]
    symbols: tuple[Symbol, ...]
    shape: str
    counted: bool = False


@dataclass(frozen=True)
class LegendGroup:
    """A titled part of the legend; the title holds the unit."""

    title: str
    entries: tuple[LegendEntry, ...]


@dataclass(frozen=True, eq=False)
class MapContent:
    """What a map of a theme shows, before anything is drawn.

    ``layers`` run from the bottom to the top and end with the layer of labels. ``heading`` names the theme;
    ``remarks`` are sentences that must stand on every map of the plan (missing layers, areas of other sizes).
    ``bounds`` (xmin, ymin, xmax, ymax; metres) is what the map should show.
    """

    theme: str
    layers: tuple[MapLayer, ...]
    legend: tuple[LegendGroup, ...]
    heading: str
    bounds: tuple[float, float, float, float]
    remarks: tuple[str, ...] = ()
    area: int | None = None

    @property
    def labels(self) -> LabelLayer:
        """The layer of labels: the last of ``layers``."""
        last = self.layers[-1]
        assert isinstance(last, LabelLayer)
        return last

    def layer(self, key: str) -> MapLayer | None:
        """The layer of that key, or None where the plan has none."""
        return next((item for item in self.layers if item.key == key), None)

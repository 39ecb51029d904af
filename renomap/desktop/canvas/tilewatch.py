"""Which tiles the map lacks where it is looked at: asked of the fetcher after every picture."""

from __future__ import annotations

from PySide6.QtCore import QObject

from renomap.cartography.underlays import UnderlayLayer
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.rendering import Picture
from renomap.session.fetching import TileFetcher
from renomap.sources.webtiles import WebTiles


class TileWatch(QObject):
    """Asks for the tiles of what is seen, never for more."""

    def __init__(self, canvas: MapCanvas, fetcher: TileFetcher) -> None:
        super().__init__(canvas)
        self._fetcher = fetcher
        canvas.pictured.connect(self._on_pictured)

    def _on_pictured(self, picture: Picture | None) -> None:
        if picture is None:
            return
        for layer in picture.content.layers:
            if not isinstance(layer, UnderlayLayer) or layer.key in picture.off:
                continue
            source = layer.raster
            if isinstance(source, WebTiles) and self._fetcher.is_allowed(source.address):
                tiles = layer.tiles(picture.view)
                if tiles is not None:
                    self._fetcher.want(source, source.missing(tiles))

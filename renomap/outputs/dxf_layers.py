"""The layers of a drawing: one table of their names, colours and lines, from the symbols of the maps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renomap.cartography.symbols import Symbol, facility_symbol, symbol, token
from renomap.model.roles import Role

if TYPE_CHECKING:
    from ezdxf.document import Drawing

#: Layers by the end of ``outputs.dxf.layer.CODE``, which is their name, and the symbol or ``$token``.
#: None: ink, which a drawing program shows black on white and white on black.
LAYERS: Final[Mapping[str, str | None]] = {
    "landuse": "landuse.green",
    "water": "water.area",
    "fills": "area.outline",
    "boundary": "boundary",
    "heritage": "heritage",
    "buildings": "$outside",
    "unsafe": "building.unsafe",
    "roads": "road.secondary",
    "railways": "railway.underground",
    "barriers": "barrier",
    "crossings": "link.crossing",
    "neighbourhoods": "neighbourhood.member",
    "pending": "neighbourhood.pending",
    "members": "area.members",
    "areas": "area.outline",
    "sites": "sites",
    "area-text": None,
    "neighbourhood-text": None,
    "frame": None,
}
#: Layers of the ground by the role that they show.
GROUND: Final[Mapping[Role, str]] = {
    Role.LANDUSE: "landuse",
    Role.WATER: "water",
    Role.BOUNDARY: "boundary",
    Role.HERITAGE: "heritage",
    Role.BUILDINGS: "buildings",
    Role.ROADS: "roads",
    Role.RAILWAYS: "railways",
    Role.BARRIERS: "barriers",
    Role.CROSSINGS: "crossings",
}
#: Line widths that a drawing may have, in hundredths of a millimetre.
_WIDTHS: Final = (
    0,
    5,
    9,
    13,
    15,
    18,
    20,
    25,
    30,
    35,
    40,
    50,
    53,
    60,
    70,
    80,
    90,
    100,
    106,
    120,
    140,
    158,
    200,
    211,
)
#: Lines other than boundaries of areas are at most this wide.
THICKEST_MM: Final = 0.35
_WHITE: Final = "#ffffff"
_INK: Final = 7
_FORBIDDEN = re.compile(r'[<>/\\":;?*|=`,\x00-\x1f]+')


@dataclass(frozen=True)
class Pen:
    """How a layer is drawn: colour (None: ink), width in mm, dashes and gaps in mm."""

    colour: str | None
    width_mm: float = 0.18
    dash: tuple[float, ...] = ()

    @classmethod
    def named(cls, name: str) -> Pen:
        """The pen of a symbol of the maps, or of a colour: ``$`` and its token."""
        return cls(token(name[1:])) if name.startswith("$") else cls.of(symbol(name))

    @classmethod
    def of(cls, look: Symbol) -> Pen:
        """The pen of a symbol of the maps; a white line is drawn in the colour of its casing."""
        stroke = look.casing if look.stroke == _WHITE and look.casing else look.stroke
        width = look.max_mm if look.shrinks else min(look.stroke_mm, THICKEST_MM)
        return cls(_opaque(stroke or look.fill), width, look.dash)


def layer_name(code: str, words: Mapping[str, str]) -> str:
    """What the layer of a code of ``LAYERS`` is called."""
    return words[f"outputs.dxf.layer.{code}"]


def facility_layer(key: str, words: Mapping[str, str]) -> str:
    """What the layer of a facility is called, such as ``设施_养老``; of an unknown one as of any other."""
    short = words.get(f"window.short.{key}") or words["maps.facility.other"]
    return f"{words['outputs.dxf.layer.facility']}_{_FORBIDDEN.sub('_', short)}"


def add_layers(
    drawing: Drawing, words: Mapping[str, str], facilities: tuple[str, ...], metres_per_mm: float
) -> None:
    """All layers of ``LAYERS`` and one for each facility; dashes as long as on the drawing's sheet."""
    for code, look in LAYERS.items():
        pen = Pen(None) if look is None else Pen.named(look)
        _add(drawing, layer_name(code, words), pen, code, metres_per_mm)
    for key in facilities:
        name = facility_layer(key, words)
        if not drawing.layers.has_entry(name):
            _add(drawing, name, Pen(_opaque(facility_symbol(key).fill)), "facility", metres_per_mm)


def _add(drawing: Drawing, name: str, pen: Pen, code: str, metres_per_mm: float) -> None:
    layer = drawing.layers.add(name)
    layer.color = _INK
    if pen.colour is not None:
        red, green, blue = (int(pen.colour[k : k + 2], 16) for k in (1, 3, 5))
        layer.rgb = (red, green, blue)
    layer.dxf.lineweight = min(_WIDTHS, key=lambda width: abs(width - pen.width_mm * 100))
    if pen.dash:
        kind = f"RENOMAP_{code.upper()}"
        lengths = [(-1) ** k * length * metres_per_mm for k, length in enumerate(pen.dash)]
        drawing.linetypes.add(kind, [sum(map(abs, lengths)), *lengths], description=code)
        layer.dxf.linetype = kind


def _opaque(colour: str | None) -> str | None:
    return None if colour is None else "#" + colour.lstrip("#")[-6:]

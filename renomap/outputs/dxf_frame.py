"""Sheet of a drawing: frame, title, title block, scale bar and north arrow, drawn on the ground in metres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from renomap.cartography.furniture import round_length, snapped_scale
from renomap.cartography.titleblock import CELLS, crs_name
from renomap.model.plan import Plan
from renomap.outputs.dxf_shapes import TEXT_STYLE, broken, paragraph
from renomap.wording.dates import printed_on

if TYPE_CHECKING:
    from ezdxf.layouts import Modelspace

#: A3 lying: sheet, its bound edge at the left and the others, strips of title and title block; mm.
SHEET_MM: Final = (420.0, 297.0)
BOUND_MM, EDGE_MM, TITLE_MM, BLOCK_MM = 20.0, 10.0, 16.0, 14.0
#: Room between the map and its frame, mm.
ROOM_MM: Final = 6.0
MM_PER_PT: Final = 0.3528


@dataclass(frozen=True)
class SheetPlace:
    """Where the sheet lies on the ground: ``left`` and ``bottom`` in metres, its scale denominator."""

    left: float
    bottom: float
    scale: float

    @property
    def metres_per_mm(self) -> float:
        """Metres of the ground under a millimetre of the sheet."""
        return self.scale / 1000.0

    def at(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """The point of the ground under a point of the sheet, measured from its lower left corner."""
        return self.left + x_mm * self.metres_per_mm, self.bottom + y_mm * self.metres_per_mm

    def window(self) -> tuple[float, float, float, float]:
        """Ground that the map may fill."""
        right, top = SHEET_MM[0] - EDGE_MM, SHEET_MM[1] - EDGE_MM - TITLE_MM
        return *self.at(BOUND_MM, EDGE_MM + BLOCK_MM), *self.at(right, top)

    def height(self, pt: float) -> float:
        """Height of a text of that size in metres."""
        return pt * MM_PER_PT * self.metres_per_mm


def sheet_of(bounds: tuple[float, float, float, float]) -> SheetPlace:
    """The sheet at the largest round scale whose window shows the bounds (metres) whole, in its middle."""
    xmin, ymin, xmax, ymax = bounds
    width = SHEET_MM[0] - BOUND_MM - EDGE_MM - 2 * ROOM_MM
    height = SHEET_MM[1] - 2 * EDGE_MM - TITLE_MM - BLOCK_MM - 2 * ROOM_MM
    scale = snapped_scale(max((xmax - xmin) / width, (ymax - ymin) / height, 0.1) * 1000.0)
    middle_mm = (BOUND_MM + ROOM_MM + width / 2, EDGE_MM + BLOCK_MM + ROOM_MM + height / 2)
    mm = scale / 1000.0
    return SheetPlace((xmin + xmax) / 2 - middle_mm[0] * mm, (ymin + ymax) / 2 - middle_mm[1] * mm, scale)


def draw_sheet(
    space: Modelspace, sheet: SheetPlace, plan: Plan, words: Mapping[str, str], title: str, layer: str
) -> None:
    """All of the sheet but the map, on one layer."""
    right, top = SHEET_MM[0] - EDGE_MM, SHEET_MM[1] - EDGE_MM
    _box(space, sheet, (0.0, 0.0, *SHEET_MM), layer, 13)
    _box(space, sheet, (BOUND_MM, EDGE_MM, right, top), layer, 70)
    for y in (EDGE_MM + BLOCK_MM, top - TITLE_MM):
        _line(space, sheet, [(BOUND_MM, y), (right, y)], layer, 25)
    _text(space, sheet, title, ((BOUND_MM + right) / 2, top - TITLE_MM / 2), 20.0, layer, centred=True)
    _draw_block(space, sheet, plan, words, layer)
    _draw_bar(space, sheet, (BOUND_MM + 6.0, EDGE_MM + BLOCK_MM + 5.0), words, layer)
    _draw_north(space, sheet, (right - 12.0, top - TITLE_MM - 20.0), layer)


def _draw_block(
    space: Modelspace, sheet: SheetPlace, plan: Plan, words: Mapping[str, str], layer: str
) -> None:
    """The cells of the printed title block, the scale in the place of the number of the figure."""
    form = plan.project.form
    known = {
        "crs": crs_name(plan.project.crs),
        "stamp": plan.stamp,
        "printed": printed_on(plan.stamp),
        "number": f"1:{sheet.scale:,.0f}",
    }
    labels = {"printed": words["wording.printed-on"], "number": words["outputs.dxf.scale"]}
    x, total = BOUND_MM, sum(share for _, share in CELLS)
    for k, (code, share) in enumerate(CELLS):
        if k:
            _line(space, sheet, [(x, EDGE_MM), (x, EDGE_MM + BLOCK_MM)], layer, 13)
        value = known.get(code) or str(form.get(code, "")).strip() or words["maps.block.none"]
        _text(
            space,
            sheet,
            labels.get(code) or words[f"maps.block.{code}"],
            (x + 1.8, EDGE_MM + 9.6),
            6.5,
            layer,
        )
        width = (SHEET_MM[0] - BOUND_MM - EDGE_MM) * share / total
        _text(space, sheet, value, (x + 1.8, EDGE_MM + 4.8), 7.5, layer, room_mm=width - 3.0)
        x += width


def _draw_bar(
    space: Modelspace, sheet: SheetPlace, at: tuple[float, float], words: Mapping[str, str], layer: str
) -> None:
    length = round_length(46.0 * sheet.metres_per_mm)
    width = length / sheet.metres_per_mm
    x, y = at
    _box(space, sheet, (x, y, x + width, y + 1.3), layer, 13)
    _line(space, sheet, [(x + width / 2, y), (x + width / 2, y + 1.3)], layer, 13)
    _text(space, sheet, "0", (x, y + 2.2), 7.0, layer)
    _text(space, sheet, f"{length:g} {words['maps.metres']}", (x + width, y + 2.2), 7.0, layer)
    _text(space, sheet, f"1:{sheet.scale:,.0f}", (x, y + 6.0), 8.5, layer)


def _draw_north(space: Modelspace, sheet: SheetPlace, at: tuple[float, float], layer: str) -> None:
    x, y = at
    half = [(x, y + 12.0), (x + 2.4, y), (x, y + 1.7)]
    _line(space, sheet, [*half, (x - 2.4, y), half[0], half[2]], layer, 13)
    hatch = space.add_hatch(dxfattribs={"layer": layer})
    hatch.paths.add_polyline_path([sheet.at(*corner) for corner in half], is_closed=True)
    _text(space, sheet, "N", (x, y + 14.5), 10.0, layer, centred=True)


def _box(
    space: Modelspace, sheet: SheetPlace, box: tuple[float, float, float, float], layer: str, width: int
) -> None:
    left, bottom, right, top = box
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    space.add_lwpolyline(
        [sheet.at(*corner) for corner in corners],
        close=True,
        dxfattribs={"layer": layer, "lineweight": width},
    )


def _line(
    space: Modelspace, sheet: SheetPlace, points: list[tuple[float, float]], layer: str, width: int
) -> None:
    space.add_lwpolyline(
        [sheet.at(*point) for point in points], dxfattribs={"layer": layer, "lineweight": width}
    )


def _text(
    space: Modelspace,
    sheet: SheetPlace,
    text: str,
    at: tuple[float, float],
    pt: float,
    layer: str,
    *,
    centred: bool = False,
    room_mm: float = 0.0,
) -> None:
    """A line of text; with ``room_mm`` it is broken into lines of that width."""
    from ezdxf.enums import MTextEntityAlignment

    lines = broken(text, room_mm / (pt * MM_PER_PT)) if room_mm else [text]
    style = {"layer": layer, "style": TEXT_STYLE, "char_height": sheet.height(pt)}
    said = space.add_mtext(paragraph(lines), dxfattribs=style)
    middle = MTextEntityAlignment.MIDDLE_CENTER if centred else MTextEntityAlignment.MIDDLE_LEFT
    said.set_location(sheet.at(*at), attachment_point=middle)

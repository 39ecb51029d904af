"""Texts in a drawing: names, households and deficits, none over another where there is room beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

import shapely

from renomap.cartography.naming import area_labels, places_of
from renomap.cartography.themes import theme_of
from renomap.model.plan import Plan
from renomap.outputs.dxf_frame import SheetPlace
from renomap.outputs.dxf_layers import layer_name
from renomap.outputs.dxf_shapes import APP_ID, TEXT_STYLE, draw_shape, paragraph, width_of
from renomap.outputs.findings import FacilityLine, facility_lines, line_deficit, neighbourhood_name
from renomap.outputs.numbers import Figures, missing
from renomap.wording.deficits import lack_name, lack_unit

if TYPE_CHECKING:
    from ezdxf.layouts import Modelspace

#: Sizes on the drawing's sheet, pt.
AREA_PT, MEMBER_PT = 7.0, 4.0
#: An area tells these deficits, those of the standard among them.
TOLD: Final = ("elder_care", "parking", "elevator")
#: From a line to the next, in heights of letters.
LEADING: Final = 1.67
Box: TypeAlias = tuple[float, float, float, float]


def write_texts(space: Modelspace, plan: Plan, words: Mapping[str, str], sheet: SheetPlace) -> None:
    """Names and households of neighbourhoods where they are; then of areas, beside what is written already.

    A text of an area that stands outside its area has a line to it.
    """
    figures = Figures(words)
    taken = list(_write_neighbourhoods(space, plan, figures, sheet))
    _write_areas(space, plan, figures, sheet, taken)


def _write_neighbourhoods(
    space: Modelspace, plan: Plan, figures: Figures, sheet: SheetPlace
) -> Iterator[Box]:
    frame, words = plan.neighbourhoods, figures.words
    if not len(frame):
        return
    height = sheet.height(MEMBER_PT)
    look = {"layer": layer_name("neighbourhood-text", words), "style": TEXT_STYLE, "attachment_point": 5}
    households = frame["households"] if "households" in frame else [None] * len(frame)
    rows = zip(frame.index, frame.geometry, frame["name"], households, places_of(frame)[0], strict=True)
    for fid, shape, name, count, place in rows:
        if shape is None or shape.is_empty:
            continue
        lines = [neighbourhood_name(fid, name, words)]
        if not missing(count):
            lines.append(f"{figures.number(count)} {words['unit.household']}")
        said = space.add_mtext(paragraph(lines), dxfattribs={**look, "char_height": height})
        said.dxf.insert = (float(place[0]), float(place[1]))
        yield _box(float(place[0]), float(place[1]), *_size(lines, height))


def _write_areas(
    space: Modelspace, plan: Plan, figures: Figures, sheet: SheetPlace, taken: list[Box]
) -> None:
    words = figures.words
    height, layer = sheet.height(AREA_PT), layer_name("area-text", words)
    told = theme_of(plan, "areas", words).figures
    for label in area_labels(plan, told, None):
        if not label.spots or label.body is None:
            continue
        area, spot = int(label.short), label.spots[0]
        lines = [f"{area}  {label.text}", label.second, *_deficits(plan, area, figures)]
        lines = [line for line in lines if line]
        size = _size(lines, height)
        places = list(_places(spot, label.body.bounds, size, height))
        covered = [_covered(_box(*place, *size), taken, sheet.window()) for place in places]
        x, y = places[covered.index(min(covered))]
        box = _box(x, y, *size)
        taken.append(box)
        look = {"layer": layer, "style": TEXT_STYLE, "attachment_point": 5, "char_height": height}
        said = space.add_mtext(paragraph(lines), dxfattribs=look)
        said.dxf.insert = (x, y)
        said.set_xdata(APP_ID, [(1071, area)])
        leader = shapely.shortest_line(shapely.box(*box), shapely.Point(spot))
        if leader.length > 0 and not shapely.intersects(shapely.box(*box), label.body):
            draw_shape(space, leader, layer)


def _deficits(plan: Plan, area: int, figures: Figures) -> list[str]:
    """What an area is short of for certain or in part, of the facilities that are told."""

    def text(line: FacilityLine) -> str:
        words, facility = figures.words, line.facility
        name = words.get(f"window.short.{facility.key}") or lack_name(facility, words)
        return f"{name} {line_deficit(line, figures)} {lack_unit(facility, words)}"

    lines = {line.facility.key: line for line in facility_lines(plan, area)}
    asked = [lines[key] for key in TOLD if key in lines]
    return [text(line) for line in asked if line.asked and (line.deficit_low or line.deficit or 0) > 0]


def _places(
    spot: tuple[float, float],
    bounds: tuple[float, float, float, float],
    size: tuple[float, float],
    gap: float,
) -> Iterator[tuple[float, float]]:
    """Middles of a text: in the area, then round its box, nearest first."""
    yield spot
    xmin, ymin, xmax, ymax = bounds
    w, h = size[0] / 2 + gap, size[1] / 2 + gap
    for far in (0.0, 1.5):
        dx, dy = far * w, far * h
        for x in (spot[0], xmin, xmax):
            yield x, ymax + h + dy
            yield x, ymin - h - dy
        for y in (spot[1], ymin, ymax):
            yield xmax + w + dx, y
            yield xmin - w - dx, y


def _covered(box: Box, taken: list[Box], window: Box) -> float:
    """How much of what is taken a box covers, and how much of it is outside the window; square metres."""
    left, bottom, right, top = box
    inside = max(0.0, min(right, window[2]) - max(left, window[0])) * max(
        0.0, min(top, window[3]) - max(bottom, window[1])
    )
    return (
        (right - left) * (top - bottom)
        - inside
        + sum(
            max(0.0, min(right, other[2]) - max(left, other[0]))
            * max(0.0, min(top, other[3]) - max(bottom, other[1]))
            for other in taken
        )
    )


def _size(lines: list[str], height: float) -> tuple[float, float]:
    """Width and height of lines, in the unit of the height of their letters."""
    width = max(width_of(line) for line in lines)
    return width * height, len(lines) * LEADING * height


def _box(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2

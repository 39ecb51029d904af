"""A picture of one area for slides: the map left, the figures that decide the meeting right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from renomap.cartography.content import map_content
from renomap.cartography.files import picture
from renomap.cartography.furniture import draw_framed_map, fitted_view
from renomap.cartography.pencil import GREY, INK, RULE, Pencil, Rect
from renomap.cartography.qt import QtGui
from renomap.cartography.symbols import token
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.plan import Plan
from renomap.model.rounding import written
from renomap.model.standard import Facility, Level, State
from renomap.model.words import sentence
from renomap.wording.dates import dates
from renomap.wording.deficits import deficit_text, lack_name, lack_unit, state_text
from renomap.wording.statuses import facility_status, households_status, population_status

SLIDE_PX = (1920, 1080)
SLIDE_DPI = 144.0  # 13.33 x 7.5 inches, the size of a wide slide: point sizes are those of the slide
DEFICITS = 3
HEAD_MM = 24.0
FOOT_MM = 9.0
EDGE_MM = 8.0
REMARK_PT = 9.5
ACCENT = token("boundary-text")
#: State -> (text, ground of the badge); dark on light or light on dark, so that grey print keeps them apart.
BADGES: Mapping[str, tuple[str, str]] = {
    State.SHORT: ("#ffffff", "#a63417"),
    State.UNKNOWN: ("#3a3a3a", "#f3dfa0"),
    State.MET: ("#1f3d2a", "#d5e8d8"),
    State.NOT_SET: ("#4a4a4a", "#ececec"),
    State.BELOW_TRIGGER: ("#4a4a4a", "#ececec"),
}


@dataclass(frozen=True)
class Figure:
    """A key figure: what, how much, in which unit, and a remark under it."""

    title: str
    value: str
    unit: str
    remark: str = ""


def save_slide_png(
    plan: Plan,
    path: Path,
    words: Mapping[str, str],
    *,
    area: int,
    theme: str = "areas",
    size_px: tuple[int, int] = SLIDE_PX,
    feedback: Feedback | None = None,
) -> None:
    """Write a 16:9 picture of an area for slides; the file is complete or not there.

    Raises
    ------
    RenomapError
        ``maps.area-unknown``, ``maps.not-writable``, ``maps.no-folder`` and those of ``map_content``.
    """
    if area not in plan.areas.index:
        raise RenomapError("maps.area-unknown", area=area)
    with picture(size_px, SLIDE_DPI * size_px[0] / SLIDE_PX[0], Path(path), few=True) as painter:
        draw_slide(painter, size_px, plan, words, area=area, theme=theme, feedback=feedback)


def draw_slide(
    painter: QtGui.QPainter,
    size_px: tuple[float, float],
    plan: Plan,
    words: Mapping[str, str],
    *,
    area: int,
    theme: str = "areas",
    feedback: Feedback | None = None,
) -> None:
    """Paint the slide of an area into the rectangle (0, 0, *size_px)."""
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    dpi = SLIDE_DPI * size_px[0] / SLIDE_PX[0]
    pencil = Pencil(painter, dpi)
    width, height = size_px[0] / pencil.mm, size_px[1] / pencil.mm
    row = plan.areas.loc[area]
    _draw_head(pencil, width, plan, row, words, area)
    frame = Rect(EDGE_MM, HEAD_MM, width * 0.62 - EDGE_MM, height - HEAD_MM - FOOT_MM - 2.0)
    content = map_content(plan, theme, words, area=area)
    view = fitted_view(content.bounds, (frame.w * pencil.mm, frame.h * pencil.mm), dpi, 0.06)
    draw_framed_map(pencil, frame, view, content, words, feedback=feedback)
    side = Rect(frame.x + frame.w + EDGE_MM, frame.y, width - frame.w - 3 * EDGE_MM, frame.h)
    y = _draw_figures(pencil, side, key_figures(plan, area, words))
    _draw_deficits(pencil, Rect(side.x, y, side.w, side.y + side.h - y), plan, area, words)
    _draw_foot(pencil, width, height, foot_text(plan, content.remarks, words), plan, words)


def _draw_head(
    pencil: Pencil, width: float, plan: Plan, row: pd.Series[Any], words: Mapping[str, str], area: int
) -> None:
    pencil.rect(Rect(0.0, 0.0, 3.2, HEAD_MM - 4.0), fill=ACCENT)
    name = str(row["name"] or row.get("proposed_name") or area)
    room = width * 0.6
    pt = 32.0
    while pt > 18.0 and pencil.width(name, pt, True) > room:
        pt -= 1.0
    pencil.text(name, EDGE_MM, 10.5 - pencil.em(pt) / 2, pt, bold=True, room=room)
    x = EDGE_MM + min(pencil.width(name, pt, True), room) + 6.0
    if isinstance(row["size_flag"], str):
        text = words[f"size.{row['size_flag']}"]
        badge = Rect(x, 6.5, pencil.width(text, 14.0) + 5.0, 8.0)
        pencil.rect(badge, stroke=ACCENT, width=0.4)
        pencil.text(text, badge.x + 2.5, badge.y + 1.5, 14.0, colour=ACCENT)
    title = plan.project.form.get("title", "").strip()
    pencil.text(title, width - EDGE_MM, 7.0, 13.0, align="right", colour=GREY, room=width * 0.32)
    mark = plan.project.form.get("mark", "").strip()
    pencil.text(mark, width - EDGE_MM, 13.2, 11.0, align="right", colour=GREY, room=width * 0.32)


def key_figures(plan: Plan, area: int, words: Mapping[str, str]) -> list[Figure]:
    """Households, neighbourhoods, population and land of an area; unknown is a word without unit, never 0.

    The remark says of how many members a sum is known and whether part of it is estimated or derived.
    """
    row = plan.areas.loc[area]
    count: Any = row.get("neighbourhoods")

    def figure(name: str, value: Any, decimals: int = 0, known: Any = None, status: str = "") -> Figure:
        title = words[f"maps.slide.{name}"]
        if _missing(value):
            return Figure(title, words["maps.slide.unknown"], "")
        parts = [status]
        if not _missing(known) and not _missing(count) and int(known) < int(count):
            params = {"known": int(known), "total": int(count)}
            parts.insert(0, sentence(words, "maps.slide.known", params))
        remark = words["outputs.join"].join(part for part in parts if part)
        return Figure(title, written(float(value), decimals), words[f"maps.slide.unit-{name}"], remark)

    households, people = households_status(plan, words, area), population_status(plan, words, area)

    return [
        figure("households", row.get("households"), known=row.get("households_known"), status=households),
        figure("neighbourhoods", count),
        figure("population", row.get("population"), known=row.get("population_known"), status=people),
        figure("land", row.get("area_ha"), 2),
    ]


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _size_that_fits(
    pencil: Pencil, text: str, sizes: tuple[float, float], room: float, bold: bool = False
) -> float:
    """The largest of the sizes (pt, from first to last) at which the text fits into the room (mm)."""
    pt, smallest = sizes
    while pt > smallest and pencil.width(text, pt, bold) > room:
        pt -= 1.0
    return pt


def _draw_figures(pencil: Pencil, at: Rect, figures: list[Figure]) -> float:
    """Tiles two by two; the y below them."""
    gap, high = 4.0, 32.0
    wide = (at.w - gap) / 2
    for k, item in enumerate(figures):
        tile = Rect(at.x + (k % 2) * (wide + gap), at.y + (k // 2) * (high + gap), wide, high)
        pencil.rect(tile, fill=token("land"))
        pencil.text(item.title, tile.x + 4.0, tile.y + 3.2, 12.0, colour=GREY, room=wide - 8.0)
        room = wide - 10.0 - pencil.width(item.unit, 12.0)
        pt = _size_that_fits(pencil, item.value, (30.0, 16.0), room, bold=True)
        bottom = tile.y + 21.0
        pencil.text(item.value, tile.x + 4.0, bottom - pencil.em(pt), pt, bold=True)
        x = tile.x + 5.5 + pencil.width(item.value, pt, True)
        pencil.text(item.unit, x, bottom - pencil.em(12.0) - 0.7, 12.0, room=tile.x + wide - 2.0 - x)
        for n, line in enumerate(pencil.lines(item.remark, REMARK_PT, wide - 6.0)[:2]):
            y = tile.y + 22.4 + n * pencil.leading(REMARK_PT)
            pencil.text(line, tile.x + 4.0, y, REMARK_PT, colour=GREY, room=wide - 6.0)
    return at.y + ((len(figures) + 1) // 2) * (high + gap) + 2.0


def _draw_deficits(pencil: Pencil, at: Rect, plan: Plan, area: int, words: Mapping[str, str]) -> None:
    """The first facilities of the standard, each with its deficit, its state and the status of its number."""
    row = plan.areas.loc[area]
    pencil.text(words["maps.slide.deficits"], at.x, at.y, 16.0, bold=True)
    facilities = plan.standard.facilities[:DEFICITS]
    top = at.y + 9.0
    high = min((at.y + at.h - top) / max(len(facilities), 1), 24.0)
    for k, facility in enumerate(facilities):
        y = top + k * high
        pencil.line(at.x, y, at.x + at.w, y, stroke=RULE, width=0.3)
        state = row.get(f"{facility.key}_state")
        name = lack_name(facility, words)
        room = at.w * 0.75
        pt = _size_that_fits(pencil, name, (13.0, 10.0), room)
        pencil.text(name, at.x, y + 2.4, pt, room=room)
        value, small = deficit_figure(row, facility, words)
        pt = _size_that_fits(pencil, value, (22.0, 13.0), at.w * 0.85, bold=True)
        base = y + high - 3.2
        pencil.text(value, at.x, base - pencil.em(pt), pt, bold=True)
        x = at.x + pencil.width(value, pt, True) + 1.8
        pencil.text(small, x, base - pencil.em(12.0) - 0.4, 12.0, room=at.x + at.w - x)
        x += pencil.width(small, 12.0) + 3.0
        status = sentence(
            words, "maps.slide.status", {"status": facility_status(plan, facility, words, area)}
        )
        lines = pencil.lines(status, REMARK_PT, at.x + at.w - x)[:2]
        for n, line in enumerate(reversed(lines)):
            above = base - pencil.em(REMARK_PT) - 0.6 - n * pencil.leading(REMARK_PT)
            pencil.text(line, at.x + at.w, above, REMARK_PT, align="right", colour=GREY)
        _draw_badge(pencil, state, facility, at.x + at.w, y + 2.0, words)


def _draw_badge(
    pencil: Pencil, state: Any, facility: Facility, right: float, y: float, words: Mapping[str, str]
) -> None:
    if _missing(state) or f"state.{state}" not in words:
        return
    text = state_text(state, facility, words)
    colour, ground = BADGES.get(state, (INK, "#ececec"))
    width = pencil.width(text, 11.0) + 5.0
    pencil.rect(Rect(right - width, y, width, 6.6), fill=ground)
    pencil.text(text, right - width + 2.5, y + 1.4, 11.0, colour=colour)


def deficit_figure(row: pd.Series[Any], facility: Facility, words: Mapping[str, str]) -> tuple[str, str]:
    """The deficit as number and unit, a range where supply is partly unknown, or a word for unknown.

    A dash where the standard asks for none; the badge says why.
    """
    none = words["maps.block.none"]
    state = row.get(f"{facility.key}_state")
    known_as_state = facility.level is Level.COMMUNITY or state in (State.NOT_SET, State.BELOW_TRIGGER)
    if _missing(state) or known_as_state:
        return none, ""
    low, high, known = (row.get(f"{facility.key}_deficit{end}") for end in ("_low", "_high", ""))
    value = deficit_text(low, high, known, state, words)
    return value, "" if value == words["outputs.unknown"] else lack_unit(facility, words)


def foot_text(plan: Plan, remarks: tuple[str, ...], words: Mapping[str, str]) -> str:
    """Who made the slide, as of when the data are, when it was drawn, and what the map leaves out."""
    dated = (f"{label} {date}" for label, date in dates(plan, words))
    return "  ·  ".join(text for text in (plan.project.form.get("author", ""), *dated, *remarks) if text)


def _draw_foot(
    pencil: Pencil, width: float, height: float, left: str, plan: Plan, words: Mapping[str, str]
) -> None:
    y = height - FOOT_MM + 1.0
    pencil.text(left, EDGE_MM, y, REMARK_PT, colour=GREY, room=width * 0.76)
    stamp = f"{words['maps.block.stamp']} {plan.stamp}"
    pencil.text(stamp, width - EDGE_MM, y, REMARK_PT, align="right", colour=GREY)

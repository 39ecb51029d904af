"""Map sheets: map and furniture on one page, as a picture or as a vector PDF from the same code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from renomap.cartography.content import map_content
from renomap.cartography.files import PDF_DPI, pdf_page, picture, white_image
from renomap.cartography.furniture import draw_framed_map, fitted_view
from renomap.cartography.greys import for_grey
from renomap.cartography.inset import draw_inset
from renomap.cartography.layers import MapContent
from renomap.cartography.layout import FURNITURE, Layout, compact_layout, layout_of
from renomap.cartography.legend import draw_legend, legend_on_page
from renomap.cartography.pencil import GREY, INK, Pencil, Rect
from renomap.cartography.qt import QtCore, QtGui
from renomap.cartography.slide import save_slide_png
from renomap.cartography.states import kept_state
from renomap.cartography.style import COMPACT, FULL, Style
from renomap.cartography.titleblock import default_title, draw_block, draw_title
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.mapview import MapView
from renomap.model.plan import Plan

__all__ = [
    "A3_300DPI",
    "A3_MM",
    "default_title",
    "draw_sheet",
    "map_image",
    "save_map_pdf",
    "save_map_png",
    "save_slide_png",
]

A3_MM = (420.0, 297.0)
A3_300DPI = (4961, 3508)
AREA_MARGIN, PLAN_MARGIN = 0.08, 0.04  # share of the map around what it is about
FOOT_PT = 7.0
LEAST_MAP_MM = 5.0  # a map of less is none
LEGEND_COLUMN_MM = 36.0  # least width of a column of the legend
#: A long legend has two narrow columns before its type gets smaller.
LEAST_COLUMNS = 2


def draw_sheet(
    painter: QtGui.QPainter,
    size_px: tuple[float, float],
    dpi: float,
    content: MapContent,
    plan: Plan,
    words: Mapping[str, str],
    *,
    style: Style = FULL,
    feedback: Feedback | None = None,
) -> MapView:
    """Paint a whole map sheet into the rectangle (0, 0, *size_px).

    Parameters
    ----------
    size_px, dpi
        The sheet in units of the painter and how many of them make an inch.
    content : MapContent
        From ``map_content``; its bounds decide what the map shows, its area asks for an inset.
    style : Style
        What stands around the map, and its scale; colours and dots are those of the painter.

    Raises
    ------
    RenomapError
        ``maps.scale-too-large`` where the ground does not fit on the sheet at the style's scale.

    Returns
    -------
    MapView
        The view of the map within its frame; its scale is the round one the sheet states.
    """
    area = content.area
    pencil = Pencil(painter, dpi)
    size_mm = (size_px[0] / pencil.mm, size_px[1] / pencil.mm)
    margin = PLAN_MARGIN if area is None else AREA_MARGIN
    furniture, layout = _layout(pencil, size_mm, content, margin, style)
    with kept_state(painter):
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.fillRect(QtCore.QRectF(0.0, 0.0, *size_px), QtGui.QColor("#ffffff"))
        frame = layout.map
        view = _at_scale(_view(pencil, frame, content, margin), content, style.scale)
        bare = furniture == "none"
        draw_framed_map(pencil, frame, view, content, words, bare=bare, ratio=style.ratio, feedback=feedback)
        if layout.legend is not None:
            _draw_side(pencil, layout.legend, content, view, words)
        if layout.inset is not None:
            draw_inset(pencil, plan, area, view, layout.inset, words["maps.inset"])
        if layout.title is not None:
            mark = plan.project.form.get("mark", "").strip()
            draw_title(pencil, layout.title, default_title(plan, content, words), mark)
        if layout.block is not None:
            draw_block(pencil, layout.block, plan, words)
        if layout.frame is not None:
            pencil.rect(layout.frame, stroke=INK, width=0.5)
    return view


def _view(pencil: Pencil, frame: Rect, content: MapContent, margin: float) -> MapView:
    size = (frame.w * pencil.mm, frame.h * pencil.mm)
    return fitted_view(content.bounds, size, pencil.mm * 25.4, margin)


def _at_scale(view: MapView, content: MapContent, scale: int) -> MapView:
    """The view at a scale that was asked for."""
    if scale <= 0:
        return view
    asked = replace(view, resolution=scale / (view.px_per_mm * 1000.0))
    xmin, ymin, xmax, ymax = content.bounds
    wide, high = (side * asked.resolution for side in asked.size)
    if xmax - xmin > wide or ymax - ymin > high:
        raise RenomapError("maps.scale-too-large", scale=f"{scale:,}", least=f"{view.scale:,.0f}")
    return asked


def _layout(
    pencil: Pencil, size_mm: tuple[float, float], content: MapContent, margin: float, style: Style
) -> tuple[str, Layout]:
    """The furniture that is asked for, or the most of it that leaves a map on so small a sheet."""
    inset = content.area is not None
    furniture, layout = style.furniture, layout_of(size_mm, style.furniture, inset=inset)
    for furniture in FURNITURE[FURNITURE.index(style.furniture) :]:
        layout = layout_of(size_mm, furniture, inset=inset)
        if furniture == "compact":
            layout = _compact(pencil, size_mm, content, margin, inset=inset)
        if min(layout.map.w, layout.map.h) >= LEAST_MAP_MM:
            break
    return furniture, layout


def _compact(
    pencil: Pencil, size_mm: tuple[float, float], content: MapContent, margin: float, *, inset: bool
) -> Layout:
    """The arrangement for the shape of the ground; the legend gets the room of what is on the page."""
    xmin, ymin, xmax, ymax = content.bounds
    shape = max(xmax - xmin, 1.0) / max(ymax - ymin, 1.0)
    lines = sum(1 + len(group.entries) for group in content.legend)
    layout = compact_layout(size_mm, shape, inset=inset, lines=lines)
    shown = legend_on_page(content, _view(pencil, layout.map, content, margin))
    lines = sum(1 + len(entries) for _, entries in shown)
    return compact_layout(size_mm, shape, inset=inset, lines=lines)


def _draw_side(
    pencil: Pencil, at: Rect, content: MapContent, view: MapView, words: Mapping[str, str]
) -> None:
    """The legend under its heading, and at the foot what must be said of every map."""
    pencil.text(words["maps.legend.title"], at.x, at.y, 11.0, bold=True)
    groups = legend_on_page(content, view)
    said = list(content.remarks)
    if any(line.entry.counted for _, lines in groups for line in lines):
        said.append(words["maps.legend.counts"])
    foot = [line for remark in said for line in pencil.lines(remark, FOOT_PT, at.w)]
    bottom = len(foot) * pencil.leading(FOOT_PT) + (2.0 if foot else 0.0)
    room = Rect(at.x, at.y + 6.5, at.w, at.h - 6.5 - bottom)
    draw_legend(pencil, groups, room, columns=max(LEAST_COLUMNS, int(at.w // LEGEND_COLUMN_MM)))
    top = at.y + at.h - bottom + 2.0
    for k, text in enumerate(foot):
        pencil.text(text, at.x, top + k * pencil.leading(FOOT_PT), FOOT_PT, colour=GREY)


def save_map_png(
    plan: Plan,
    path: Path,
    theme: str,
    words: Mapping[str, str],
    *,
    size_px: tuple[int, int] = A3_300DPI,
    area: int | None = None,
    style: Style = FULL,
    feedback: Feedback | None = None,
) -> MapView:
    """Write a map sheet as a PNG picture; the file is complete or not there.

    Raises
    ------
    RenomapError
        ``maps.too-large``, ``maps.not-writable``, ``maps.no-folder`` and those of ``map_content`` and
        ``draw_sheet``.
    """
    content = map_content(plan, theme, words, area=area)
    content = for_grey(content) if style.grey else content
    with picture(size_px, style.dpi, Path(path), grey=style.grey) as painter:
        return draw_sheet(painter, size_px, style.dpi, content, plan, words, style=style, feedback=feedback)


def map_image(
    plan: Plan,
    theme: str,
    words: Mapping[str, str],
    size_px: tuple[int, int],
    *,
    bounds: tuple[float, float, float, float] | None = None,
    area: int | None = None,
    style: Style = COMPACT,
    feedback: Feedback | None = None,
) -> QtGui.QImage:
    """A map with its furniture as a picture in memory.

    ``bounds`` (metres) is what it shows, by default the area or the whole plan. Errors as in
    ``save_map_png``.
    """
    content = map_content(plan, theme, words, area=area)
    content = for_grey(content) if style.grey else content
    if bounds is not None:
        content = replace(content, bounds=bounds)
    image = white_image(size_px, style.dpi)
    painter = QtGui.QPainter(image)
    try:
        draw_sheet(painter, size_px, style.dpi, content, plan, words, style=style, feedback=feedback)
    finally:
        painter.end()
    return image


def save_map_pdf(
    plan: Plan,
    path: Path,
    theme: str,
    words: Mapping[str, str],
    *,
    size_mm: tuple[float, float] = A3_MM,
    area: int | None = None,
    style: Style = FULL,
    feedback: Feedback | None = None,
) -> MapView:
    """Write a map sheet as a vector PDF of one page, text as outlines; the file is complete or not there.

    Raises
    ------
    RenomapError
        ``maps.not-writable``, ``maps.no-folder`` and those of ``map_content`` and ``draw_sheet``.
    """
    content = map_content(plan, theme, words, area=area)
    return save_content_pdf(plan, path, content, words, size_mm=size_mm, style=style, feedback=feedback)


def save_content_pdf(
    plan: Plan,
    path: Path,
    content: MapContent,
    words: Mapping[str, str],
    *,
    size_mm: tuple[float, float],
    style: Style = COMPACT,
    feedback: Feedback | None = None,
) -> MapView:
    """Write a map that is put together already, as ``save_map_pdf`` does; raises what it raises."""
    content = for_grey(content) if style.grey else content
    title = default_title(plan, content, words)
    size_px = (size_mm[0] / 25.4 * PDF_DPI, size_mm[1] / 25.4 * PDF_DPI)
    with pdf_page(size_mm, Path(path), title, grey=style.grey) as painter:
        return draw_sheet(painter, size_px, PDF_DPI, content, plan, words, style=style, feedback=feedback)

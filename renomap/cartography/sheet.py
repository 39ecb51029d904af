"""Map sheets: map and furniture on one page, as a picture or as a vector PDF from the same code."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from renomap.cartography.content import map_content
from renomap.cartography.fonts import ensure_application
from renomap.cartography.furniture import (
    GREY,
    INK,
    RULE,
    Pencil,
    Rect,
    draw_inset,
    draw_legend,
    draw_north_arrow,
    draw_scale_bar,
    fitted_columns,
    fitted_view,
    legend_on_page,
)
from renomap.cartography.layers import LabelLayer, MapContent, MapLayer
from renomap.cartography.painter import draw_map, kept_state
from renomap.cartography.qt import QtCore, QtGui
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.mapview import MapView
from renomap.model.plan import Plan
from renomap.model.words import sentence

A3_MM = (420.0, 297.0)
A3_300DPI = (4961, 3508)
#: Fine enough that rounding to the writer's whole units moves nothing anyone can see (0.02 mm).
PDF_DPI = 1200
#: 'full' = title, map, legend, title block; 'compact' = map and legend only, for pages that have their own title;
#: 'none' = the bare map.
FURNITURE = ("full", "compact", "none")
MOST_PIXELS = 200_000_000


@dataclass(frozen=True)
class Layout:
    """Where everything stands on a sheet, in mm; None where the sheet has no such part."""

    map: Rect
    title: Rect | None
    legend: Rect | None
    inset: Rect | None
    block: Rect | None
    legend_columns: int = 1


def layout_of(size_mm: tuple[float, float], furniture: str, *, inset: bool) -> Layout:
    """Places for the parts of a sheet.

    Parameters
    ----------
    size_mm : (float, float)
        Width and height of the sheet.
    furniture : str
        One of ``FURNITURE``.
    inset : bool
        Whether room is kept for an inset (sheets of one area).
    """
    width, height = size_mm
    if furniture == "none":
        return Layout(Rect(0.0, 0.0, width, height), None, None, None, None)
    if furniture == "compact":
        column = min(max(width * 0.2, 42.0), 62.0)
        right = Rect(width - column, 0.0, column, height)
        small = Rect(right.x + 3.0, height - column * 0.8, column - 3.0, column * 0.8) if inset else None
        rest = height - (small.h + 3.0 if small else 0.0)
        return Layout(
            Rect(0.0, 0.0, width - column, height),
            None,
            Rect(right.x + 3.0, 0.0, column - 3.0, rest),
            small,
            None,
        )
    edge = 10.0 if width > 300 else 7.0
    inner = Rect(edge, edge, width - 2 * edge, height - 2 * edge)
    head, foot = (15.0, 17.0) if width > 300 else (11.0, 15.0)
    column = min(max(inner.w * 0.18, 46.0), 80.0)
    body = Rect(inner.x, inner.y + head, inner.w - column, inner.h - head - foot)
    right = Rect(body.x + body.w + 4.0, body.y + 3.0, column - 7.0, body.h - 6.0)
    small = Rect(right.x, right.y + right.h - right.w * 0.8, right.w, right.w * 0.8) if inset else None
    rest = right.h - (small.h + 4.0 if small else 0.0)
    return Layout(
        body,
        Rect(inner.x, inner.y, inner.w, head),
        Rect(right.x, right.y, right.w, rest),
        small,
        Rect(inner.x, inner.y + inner.h - foot, inner.w, foot),
    )


def default_title(plan: Plan, content: MapContent, words: Mapping[str, str]) -> str:
    """What the sheet shows: the area or the plan, the theme and the year of the data."""
    if content.area is not None:
        row = plan.areas.loc[content.area]
        place = str(row["name"] or row.get("proposed_name") or content.area)
    else:
        place = plan.project.form.get("title", "")
    date = plan.project.form.get("data_date", "") or plan.project.form.get("date", "")
    year = date[:4] if date[:4].isdigit() else plan.stamp[:4]
    if not place:
        return content.heading
    code = "maps.title" if year.isdigit() else "maps.title-undated"
    return sentence(words, code, {"object": place, "theme": content.heading, "year": year})


def draw_sheet(
    painter: QtGui.QPainter,
    size_px: tuple[float, float],
    dpi: float,
    content: MapContent,
    plan: Plan,
    words: Mapping[str, str],
    *,
    title: str | None = None,
    area: int | None = None,
    number: tuple[int, int] = (1, 1),
    furniture: str = "full",
    feedback: Feedback | None = None,
) -> MapView:
    """Paint a whole map sheet into the rectangle (0, 0, *size_px).

    Parameters
    ----------
    size_px, dpi
        The sheet in units of the painter and how many of them make an inch.
    content : MapContent
        From ``map_content``; its ``area`` decides what the map shows.
    title : str, optional
        Default: area or plan, theme, year.
    area : int, optional
        Asks for an inset; default is the content's area.
    number : (int, int)
        Number of the sheet and of all sheets.
    furniture : str
        'full', 'compact' or 'none', see ``FURNITURE``.

    Returns
    -------
    MapView
        The view of the map within its frame (its scale is what the sheet states).
    """
    feedback = feedback or Silent()
    area = content.area if area is None else area
    pencil = Pencil(painter, dpi)
    size_mm = (size_px[0] / pencil.mm, size_px[1] / pencil.mm)
    layout = layout_of(size_mm, furniture, inset=area is not None)
    with kept_state(painter):
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.fillRect(QtCore.QRectF(0.0, 0.0, *size_px), QtGui.QColor("#ffffff"))
        frame = layout.map
        view = fitted_view(
            content.bounds, (frame.w * pencil.mm, frame.h * pencil.mm), dpi, 0.08 if area else 0.04
        )
        _draw_frame(pencil, frame, view, content, words, bare=furniture == "none", feedback=feedback)
        if layout.legend is not None:
            _draw_legend(pencil, layout, content, view, words)
        if layout.inset is not None:
            overview = map_content(plan, "areas", words)
            draw_inset(pencil, overview, view, layout.inset, words["maps.inset"])
        if layout.title is not None:
            _draw_title(pencil, layout.title, title or default_title(plan, content, words), plan)
        if layout.block is not None:
            _draw_block(pencil, layout.block, plan, content, words, number)
            whole = Rect(
                layout.block.x,
                layout.title.y,
                layout.block.w,
                layout.block.y + layout.block.h - layout.title.y,
            )
            pencil.painter.setBrush(QtCore.Qt.BrushStyle.NoBrush)
            pencil.rect(whole, stroke=INK, width=0.5)
    return view


def _draw_frame(
    pencil: Pencil,
    frame: Rect,
    view: MapView,
    content: MapContent,
    words: Mapping[str, str],
    *,
    bare: bool,
    feedback: Feedback,
) -> None:
    """The map in its frame with scale bar, north arrow and remarks; labels keep clear of them."""
    pencil.rect(frame, fill="#fbfbf9")
    corner = Rect(3.0, frame.h - 14.5, 52.0, 12.5)
    arrow = Rect(frame.w - 11.0, 3.0, 9.0, 15.0)
    pieces = [] if bare else [corner, arrow]
    mm = pencil.mm
    avoid = tuple((r.x * mm, r.y * mm, (r.x + r.w) * mm, (r.y + r.h) * mm) for r in pieces)
    with kept_state(pencil.painter):
        pencil.painter.translate(frame.x * mm, frame.y * mm)
        draw_map(pencil.painter, view, _avoiding(content.layers, avoid), feedback)
        if not bare:
            pencil.rect(
                Rect(corner.x - 1.0, corner.y - 1.0, corner.w + 2.0, corner.h + 2.0), fill="#d9ffffff"
            )
            draw_scale_bar(pencil, view, corner.x + 1.0, corner.y, 34.0, words)
            draw_north_arrow(pencil, arrow.x + arrow.w / 2, arrow.y)
    if not bare:
        pencil.rect(frame, stroke=INK, width=0.3)


def _avoiding(
    layers: tuple[MapLayer, ...], avoid: tuple[tuple[float, float, float, float], ...]
) -> list[MapLayer]:
    return [
        replace(layer, avoid=(*layer.avoid, *avoid)) if isinstance(layer, LabelLayer) else layer
        for layer in layers
    ]


def _draw_legend(
    pencil: Pencil, layout: Layout, content: MapContent, view: MapView, words: Mapping[str, str]
) -> None:
    at = layout.legend
    assert at is not None
    pencil.text(words["maps.legend.title"], at.x, at.y, 11.0, bold=True)
    top = 6.5
    foot = [line for remark in content.remarks for line in pencil.lines(remark, 7.0, at.w)]
    groups = legend_on_page(content, view)
    if any(line.entry.counted for _, lines in groups for line in lines):
        foot += pencil.lines(words["maps.legend.counts"], 7.0, at.w)
    bottom = len(foot) * pencil.leading(7.0) + (2.0 if foot else 0.0)
    room = Rect(at.x, at.y + top, at.w, at.h - top - bottom)
    columns, pt = fitted_columns(pencil, groups, room, 8.0, 2 if at.w > 60 else 1)
    draw_legend(pencil, groups, room, pt, columns=columns)
    for k, text in enumerate(foot):
        pencil.text(text, at.x, at.y + at.h - bottom + 2.0 + k * pencil.leading(7.0), 7.0, colour=GREY)


def _draw_title(pencil: Pencil, at: Rect, title: str, plan: Plan) -> None:
    mark = plan.project.form.get("mark", "").strip()
    room = at.w - 8.0
    if mark:
        width = pencil.width(mark, 9.0) + 5.0
        box = Rect(at.x + at.w - width - 3.0, at.y + at.h / 2 - 3.2, width, 6.4)
        pencil.rect(box, stroke=INK, width=0.25)
        pencil.text(mark, box.x + 2.5, box.y + 1.5, 9.0)
        room -= 2 * (width + 3.0)
    pt = 19.0 if at.h > 12 else 14.0
    while pt > 9.0 and pencil.width(title, pt, True) > room:
        pt -= 0.5
    top = at.y + (at.h - pencil.leading(pt) / 1.25) / 2
    pencil.text(title, at.x + at.w / 2, top, pt, room=room, align="middle", bold=True)


def _draw_block(
    pencil: Pencil,
    at: Rect,
    plan: Plan,
    content: MapContent,
    words: Mapping[str, str],
    number: tuple[int, int],
) -> None:
    """The strip at the foot of the sheet: who, when, from what, in which system, which sheet."""
    form = plan.project.form
    none = words["maps.block.none"]
    cells = [
        ("author", form.get("author") or none, 1.5),
        ("client", form.get("client") or none, 1.5),
        ("date", form.get("date") or none, 0.8),
        ("data_source", form.get("data_source") or none, 1.6),
        ("data_date", form.get("data_date") or none, 0.8),
        ("crs", crs_name(plan.project.crs), 1.6),
        ("stamp", plan.stamp, 1.3),
        ("number", f"{number[0]:02d}/{number[1]:02d}", 0.6),
    ]
    total = sum(share for _, _, share in cells)
    pencil.line(at.x, at.y, at.x + at.w, at.y, stroke=INK, width=0.3)
    x = at.x
    for k, (code, value, share) in enumerate(cells):
        width = at.w * share / total
        if k:
            pencil.line(x, at.y, x, at.y + at.h, stroke=RULE)
        pencil.text(words[f"maps.block.{code}"], x + 1.8, at.y + 2.0, 6.5, colour=GREY, room=width - 3.0)
        pt = 8.5
        while pt > 6.0 and len(pencil.lines(value, pt, width - 3.4)) > 2:
            pt -= 0.5
        lines = pencil.lines(value, pt, width - 3.4)[:2]
        for n, text in enumerate(lines):
            pencil.text(text, x + 1.8, at.y + 6.0 + n * pencil.leading(pt), pt, room=width - 3.0)
        x += width


def crs_name(crs: str) -> str:
    """Name of a coordinate system as planners write it, with its code where it has one."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        found = CRS.from_user_input(crs)
    except CRSError:
        return crs
    code = found.to_authority()
    name = found.name.replace("3-degree Gauss-Kruger", "3°").replace(" / ", " ")
    return f"{name} (EPSG:{code[1]})" if code and code[0] == "EPSG" else name


def save_map_png(
    plan: Plan,
    path: Path,
    theme: str,
    words: Mapping[str, str],
    *,
    size_px: tuple[int, int] = A3_300DPI,
    dpi: float = 300.0,
    area: int | None = None,
    title: str | None = None,
    number: tuple[int, int] = (1, 1),
    furniture: str = "full",
    feedback: Feedback | None = None,
) -> MapView:
    """Write a map sheet as a PNG picture; the file is complete or not there.

    Raises
    ------
    RenomapError
        ``maps.too-large``, ``maps.not-writable``, ``maps.no-folder`` and those of ``map_content``.
    """
    content = map_content(plan, theme, words, area=area)
    with picture(size_px, dpi, Path(path)) as painter:
        return draw_sheet(
            painter,
            size_px,
            dpi,
            content,
            plan,
            words,
            title=title,
            number=number,
            furniture=furniture,
            feedback=feedback,
        )


def save_map_pdf(
    plan: Plan,
    path: Path,
    theme: str,
    words: Mapping[str, str],
    *,
    size_mm: tuple[float, float] = A3_MM,
    area: int | None = None,
    title: str | None = None,
    number: tuple[int, int] = (1, 1),
    furniture: str = "full",
    feedback: Feedback | None = None,
) -> MapView:
    """Write a map sheet as a vector PDF of one page, text as outlines; the file is complete or not there.

    Raises
    ------
    RenomapError
        ``maps.not-writable``, ``maps.no-folder`` and those of ``map_content``.
    """
    ensure_application()
    content = map_content(plan, theme, words, area=area)
    with complete_file(Path(path)) as draft:
        writer = QtGui.QPdfWriter(str(draft))
        writer.setResolution(PDF_DPI)
        writer.setCreator("renomap")
        writer.setTitle(title or default_title(plan, content, words))
        size = QtCore.QSizeF(*size_mm)
        page = QtGui.QPageSize(
            size, QtGui.QPageSize.Unit.Millimeter, "", QtGui.QPageSize.SizeMatchPolicy.ExactMatch
        )
        writer.setPageSize(page)
        writer.setPageMargins(QtCore.QMarginsF(0.0, 0.0, 0.0, 0.0))
        painter = QtGui.QPainter()
        if not painter.begin(writer):
            raise RenomapError("maps.not-writable", path=str(path), reason=draft.name)
        try:
            size_px = (size_mm[0] / 25.4 * PDF_DPI, size_mm[1] / 25.4 * PDF_DPI)
            return draw_sheet(
                painter,
                size_px,
                PDF_DPI,
                content,
                plan,
                words,
                title=title,
                number=number,
                furniture=furniture,
                feedback=feedback,
            )
        finally:
            painter.end()


@contextmanager
def picture(size_px: tuple[int, int], dpi: float, path: Path) -> Iterator[QtGui.QPainter]:
    """A painter on a new picture that becomes the PNG file ``path`` when the block ends without an error."""
    ensure_application()
    width, height = int(size_px[0]), int(size_px[1])
    image = QtGui.QImage()
    if 0 < width * height <= MOST_PIXELS:
        image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_RGB32)
    if image.isNull():
        raise RenomapError("maps.too-large", width=width, height=height)
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    image.fill(QtGui.QColor("#ffffff"))
    painter = QtGui.QPainter(image)
    try:
        yield painter
    finally:
        painter.end()
    with complete_file(path) as draft:
        if not image.save(str(draft), "PNG"):
            raise RenomapError("maps.not-writable", path=str(path), reason=draft.name)


@contextmanager
def complete_file(path: Path) -> Iterator[Path]:
    """A file name beside ``path`` that replaces it when the block ends without an error."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise RenomapError("maps.no-folder", folder=str(folder))
    try:
        handle, name = tempfile.mkstemp(prefix=".renomap-", suffix=path.suffix, dir=folder)
        os.close(handle)
        draft = Path(name)
        try:
            yield draft
            os.chmod(draft, 0o644)
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise RenomapError(
            "maps.not-writable", path=str(path), reason=error.strerror or str(error)
        ) from error

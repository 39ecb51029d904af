"""The plan as a drawing (DXF R2018) in the coordinates of the project, metres, for design institutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely

from renomap.cartography.content import plan_bounds
from renomap.cartography.symbols import facility_symbol, symbol
from renomap.model.plan import Plan
from renomap.model.preset import Eligibility
from renomap.model.roles import Role
from renomap.outputs.atomic import new_file
from renomap.outputs.columns import members_outlines, outlines
from renomap.outputs.dxf_frame import SheetPlace, draw_sheet, sheet_of
from renomap.outputs.dxf_layers import GROUND, add_layers, facility_layer, layer_name
from renomap.outputs.dxf_shapes import (
    APP_ID,
    TEXT_STYLE,
    TYPEFACE,
    TYPEFACE_FILE,
    draw_fill,
    draw_pattern,
    draw_shape,
    marker_block,
    plain,
)
from renomap.outputs.dxf_texts import write_texts
from renomap.outputs.numbers import missing

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.layouts import Modelspace

VERSION: Final = "R2018"
#: How much of the ground the fills of areas let through.
CLEAR: Final = 0.55
_METRES: Final = 6


def write(plan: Plan, path: Path, words: Mapping[str, str]) -> None:
    """Write the drawing: layers of ``dxf_layers``, texts, hatches, and a sheet round the map.

    Boundaries are those of the GeoPackage. Rings carry the number of their area or neighbourhood as extended
    data under ``RENOMAP``. The same plan gives the same bytes: times are fixed. Raises the errors of
    ``atomic.new_file``.
    """
    with _fixed_times():
        drawing = _drawing(plan, words)
        with new_file(path) as draft:
            _order_classes(drawing)
            drawing.saveas(draft)


@contextmanager
def _fixed_times() -> Iterator[None]:
    """Drawings made in the block carry no time of their making and no random number."""
    from ezdxf import options

    before = options.write_fixed_meta_data_for_testing
    options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        options.write_fixed_meta_data_for_testing = before


def _order_classes(drawing: Drawing) -> None:
    """The library takes them from a set, whose order changes from one run of the program to the next."""
    drawing.classes.add_required_classes(drawing.dxfversion)
    drawing.classes.classes = dict(sorted(drawing.classes.classes.items()))


def _drawing(plan: Plan, words: Mapping[str, str]) -> Drawing:
    import ezdxf

    drawing = ezdxf.new(VERSION, units=_METRES)
    drawing.encoding = "gbk"  # told in the header only: files of this version are UTF-8
    drawing.header["$LTSCALE"] = 1.0
    drawing.appids.add(APP_ID)
    style = drawing.styles.add(TEXT_STYLE, font=TYPEFACE_FILE)
    style.set_extended_font_data(TYPEFACE)
    sheet = sheet_of(plan_bounds(plan))
    add_layers(drawing, words, _facility_keys(plan), sheet.metres_per_mm)
    space = drawing.modelspace()
    _draw_fills(space, plan, words)
    _draw_ground(space, plan, words)
    _draw_neighbourhoods(space, plan, words, sheet)
    for code, shapes in (("members", members_outlines(plan)), ("areas", outlines(plan))):
        for area, shape in shapes.items():
            draw_shape(space, shape, layer_name(code, words), int(str(area)))
    _draw_points(drawing, plan, words, sheet)
    write_texts(space, plan, words, sheet)
    title = str(plan.project.form.get("title") or words["outputs.report.untitled"])
    draw_sheet(space, sheet, plan, words, title, layer_name("frame", words))
    return drawing


def _facility_keys(plan: Plan) -> tuple[str, ...]:
    """Facilities that have a layer: those of the standard, and what else the survey's layers hold."""
    frames = [layer.frame for layer in plan.project.layers_of(Role.FACILITIES) if "facility" in layer.frame]
    there = {str(key) for frame in frames for key in frame["facility"].dropna()}
    asked = [facility.key for facility in plan.standard.facilities]
    return (*asked, *sorted(there - set(asked)))


def _draw_fills(space: Modelspace, plan: Plan, words: Mapping[str, str]) -> None:
    for (_, shape), colour in zip(outlines(plan).items(), plan.areas["colour"], strict=True):
        draw_fill(space, shape, layer_name("fills", words), str(colour), CLEAR)


def _draw_ground(space: Modelspace, plan: Plan, words: Mapping[str, str]) -> None:
    unsafe = layer_name("unsafe", words)
    for role, code in GROUND.items():
        name = layer_name(code, words)
        for layer in plan.project.layers_of(role):
            frame = layer.frame
            marked = frame["unsafe"].fillna(False).astype(bool) if "unsafe" in frame else [False] * len(frame)
            for shape, bad in zip(frame.geometry, marked, strict=True):
                draw_shape(space, shape, unsafe if bad and role is Role.BUILDINGS else name)


def _draw_neighbourhoods(space: Modelspace, plan: Plan, words: Mapping[str, str], sheet: SheetPlace) -> None:
    frame = plan.neighbourhoods
    name, pending = layer_name("neighbourhoods", words), layer_name("pending", words)
    spacing = symbol("neighbourhood.pending").hatch_mm * sheet.metres_per_mm
    for fid, shape, eligibility in zip(frame.index, frame.geometry, frame["eligibility"], strict=True):
        draw_shape(space, shape, name, int(fid))
        if eligibility == Eligibility.PENDING.value:
            draw_pattern(space, shape, pending, spacing)


def _draw_points(drawing: Drawing, plan: Plan, words: Mapping[str, str], sheet: SheetPlace) -> None:
    """Facilities and idle rooms as blocks; name and capacity stand in their hidden texts."""
    for layer in plan.project.layers_of(Role.FACILITIES):
        for row in layer.frame.to_dict("records"):
            key = str(row.get("facility") or "other")
            look = facility_symbol(key)
            _insert(drawing, row, key, facility_layer(key, words), look.size_mm / 2 * sheet.metres_per_mm)
    for layer in plan.project.layers_of(Role.SITES):
        size = symbol("sites").size_mm / 2 * sheet.metres_per_mm
        for row in layer.frame.to_dict("records"):
            _insert(drawing, row, None, layer_name("sites", words), size)


def _insert(drawing: Drawing, row: Mapping[str, Any], key: str | None, layer: str, size: float) -> None:
    shape = row["geometry"]
    if shape is None or shape.is_empty:
        return
    point = shapely.point_on_surface(shape)
    look = {"layer": layer, "xscale": size, "yscale": size, "zscale": size}
    block = drawing.modelspace().add_blockref(marker_block(drawing, key), (point.x, point.y), dxfattribs=look)
    capacity = row.get("capacity")
    name, much = row.get("name"), "" if missing(capacity) else f"{float(str(capacity)):g}"
    block.add_auto_attribs({"NAME": "" if missing(name) else plain(name), "CAPACITY": much})

"""Title and title block of a sheet: what it shows, who made it, from what, in which coordinate system."""

from __future__ import annotations

from collections.abc import Mapping

from renomap.cartography.layers import MapContent
from renomap.cartography.pencil import GREY, INK, Pencil, Rect
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.wording.dates import printed_on

#: Cells of the strip and their shares of its width.
CELLS: tuple[tuple[str, float], ...] = (
    ("author", 1.5),
    ("client", 1.5),
    ("date", 0.85),
    ("data_source", 1.5),
    ("data_date", 0.85),
    ("printed", 0.85),
    ("crs", 1.6),
    ("stamp", 1.6),
    ("number", 0.6),
)
LEAST_PT = 5.5


def default_title(plan: Plan, content: MapContent, words: Mapping[str, str]) -> str:
    """What the sheet shows: the area or the plan, the theme and the year of the data."""
    form = plan.project.form
    date = form.get("data_date", "") or form.get("date", "") or plan.stamp
    year = date[:4] if date[:4].isdigit() else ""
    code = "maps.title" if year else "maps.title-undated"
    if content.area is not None:
        row = plan.areas.loc[content.area]
        place = str(row["name"] or row.get("proposed_name") or content.area)
    else:
        place = form.get("title", "").strip()
        if not place:
            return content.heading
        code = "maps.title-plan" if year else "maps.title-undated"
    return sentence(words, code, {"object": place, "theme": content.heading, "year": year})


def draw_title(pencil: Pencil, at: Rect, title: str, mark: str) -> None:
    """The title in the middle of its strip and the mark (draft, internal...) in a box at the right."""
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
    top = at.y + (at.h - pencil.em(pt)) / 2
    pencil.text(title, at.x + at.w / 2, top, pt, room=room, align="middle", bold=True)


def draw_block(pencil: Pencil, at: Rect, plan: Plan, words: Mapping[str, str]) -> None:
    """The strip at the foot of the sheet. What the form does not say is a dash, never left out."""
    form = plan.project.form
    known = {
        "crs": crs_name(plan.project.crs),
        "stamp": plan.stamp,
        "printed": printed_on(plan.stamp),
    }
    total = sum(share for _, share in CELLS)
    x = at.x
    for k, (code, share) in enumerate(CELLS):
        width = at.w * share / total
        if k:
            pencil.line(x, at.y, x, at.y + at.h)
        value = known.get(code) or form.get(code, "").strip() or words["maps.block.none"]
        label = words["wording.printed-on" if code == "printed" else f"maps.block.{code}"]
        pencil.text(label, x + 1.8, at.y + 1.6, 6.5, colour=GREY, room=width - 3.0)
        _draw_value(pencil, value, Rect(x + 1.8, at.y + 4.9, width - 3.4, at.h - 5.4))
        x += width
    pencil.line(at.x, at.y, at.x + at.w, at.y, stroke=INK, width=0.3)


def _draw_value(pencil: Pencil, value: str, at: Rect) -> None:
    """A text of at most two lines, as large as fits."""
    pt = 8.5
    while True:
        lines = pencil.lines(value, pt, at.w)
        fits = len(lines) * pencil.leading(pt) <= at.h and len(lines) <= 2
        if pt <= LEAST_PT or (fits and all(pencil.width(line, pt) <= at.w for line in lines)):
            break
        pt -= 0.5
    if len(lines) > 2:
        lines = [lines[0], "".join(lines[1:])]
    for n, text in enumerate(lines):
        pencil.text(text, at.x, at.y + n * pencil.leading(pt), pt, room=at.w)


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

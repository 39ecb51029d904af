"""Where things stand in the report: papers, sizes of text, widths of columns, what shares a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renomap.cartography.layout import compact_layout, fitted_width
from renomap.errors import RenomapError

MM_PER_PT = 25.4 / 72.0


@dataclass(frozen=True)
class Paper:
    """A landscape sheet: size and margins in mm, widths of the maps in mm, sizes of text in pt."""

    key: str
    width: float
    height: float
    side: float
    top: float
    bottom: float
    cover_map: float
    area_map: float
    figure_panel: float
    base_pt: float
    small_pt: float
    #: Whether map, members and deficits may share a page; else the tables follow on the next.
    wide: bool

    @property
    def body(self) -> tuple[float, float]:
        """Width and height between the margins (mm)."""
        return self.width - 2 * self.side, self.height - self.top - self.bottom


PAPERS: Mapping[str, Paper] = {
    "A3": Paper("A3", 420.0, 297.0, 15.0, 25.0, 17.0, 276.0, 196.0, 88.0, 8.5, 7.2, True),
    "A4": Paper("A4", 297.0, 210.0, 12.0, 21.0, 15.0, 196.0, 178.0, 68.0, 8.0, 7.0, False),
}
#: What the template adds (mm): a cell's padding, clearance of a text after a number, gap of columns.
PAD_MM, CLEAR_MM, GUTTER_MM = 1.1, 3.2, 8.0
_HEAD_MM, _FIGURES_MM = 8.5, 39.0
#: Height of a fourth row of figures of an area, and of each after it.
_ROW_MM = 9.2
#: A longer figure is a sentence and stands below the others (as in the template); room above it (mm).
SENTENCE = 60
_GAP_MM = 3.2
#: Heights in em that the typeface and the template give a line of a table, and a line more.
_LINE_EM, _MORE_EM = 0.75, 1.15
#: Room above the note on columns that are left out (as in the template).
_NOTE_MM = 1.5
#: Mean width of a Latin letter and of a bold one in em; a Chinese character is one em.
_LATIN_EM, _BOLD_EM = 0.55, 0.6
_LEAST_MAP_MM = 150.0
#: A longer word may break anywhere (as in the template).
LONGEST_WORD = 16
_WORD = re.compile("[!-~–]+")
_SHORT_WORD = 6
#: Tables with fewer rows are set in the larger size.
_FEW_ROWS = 26
#: Sizes (pt) and paddings (mm) tried for the deficits beside the map; height above the cover's summary (mm).
_BESIDE = ((8.0, 1.25), (7.6, 1.1), (7.4, 0.75), (7.2, 0.5), (6.6, 0.4))
_COVER_MM = 122.0
#: Height of the figures below the map of a wide town, and how much larger the map must show to stand above.
_FOOT_MM: Mapping[str, float] = {"A3": 41.0, "A4": 46.0}
_WORTH = 1.15
#: Lines of a usual legend of the cover.
_LEGEND_LINES = 25


def paper_of(key: str) -> Paper:
    """The paper of that name; raises ``outputs.paper`` for another."""
    paper = PAPERS.get(key.upper())
    if paper is None:
        raise RenomapError("outputs.paper", paper=key, known=", ".join(PAPERS))
    return paper


def lay_out(data: dict[str, Any], paper: Paper, shape: float = 1.0) -> None:
    """Decide sizes and places in the content: tables get ``pt`` and ``widths`` (mm), areas their ``map``.

    ``shape`` is the width of the plan's ground to its height.
    """
    width, height = paper.body
    data |= {
        "paper": paper.key,
        "page": {
            "w": paper.width,
            "h": paper.height,
            "x": paper.side,
            "top": paper.top,
            "bottom": paper.bottom,
        },
        "pt": {"base": paper.base_pt, "small": paper.small_pt},
        **_cover(paper, shape),
    }
    for name, table in data.items():
        if name != "summary" and isinstance(table, dict) and "head" in table:
            fit(table, width, _size(table, paper))
    fit(data["summary"], width - paper.cover_map - GUTTER_MM, paper.small_pt)
    crowded = table_height(data["summary"]) > height - _COVER_MM
    if not paper.wide or crowded or data["cover"] == "above":
        data["summary"]["rows"] = []
    for one in data["theme_maps"]:
        _place_figure(one, paper)
    for area in data["areas"]:
        _place(area, paper)


def _cover(paper: Paper, shape: float) -> dict[str, Any]:
    """``cover`` ('beside' or 'above': where the map stands to the figures) and ``cover_map`` (mm)."""
    width, height = paper.body
    beside, above = (paper.cover_map, height), (width, height - _FOOT_MM[paper.key])

    def shown(size: tuple[float, float]) -> float:
        return fitted_width(compact_layout(size, shape, inset=False, lines=_LEGEND_LINES).map, shape)

    place = "above" if shown(above) > _WORTH * shown(beside) else "beside"
    return {"cover": place, "cover_map": list(above if place == "above" else beside)}


def _size(table: Mapping[str, Any], paper: Paper) -> float:
    return paper.base_pt if len(table["rows"]) < _FEW_ROWS and paper.wide else paper.small_pt


def _place_figure(one: dict[str, Any], paper: Paper) -> None:
    """Sets ``map`` (width and height in mm) and ``beside``: whether its table shares the page."""
    width, height = paper.body
    panel = paper.figure_panel
    fit(one["table"], panel, paper.small_pt)
    one["beside"] = table_height(one["table"]) <= height
    one["map"] = [width - panel - GUTTER_MM, height]
    if not one["beside"]:
        fit(one["table"], width, _size(one["table"], paper))
        one["map"] = [width, height]


def _place(area: dict[str, Any], paper: Paper) -> None:
    """Decide what shares the first page of an area; what does not fit follows on the next, in full width.

    Sets ``map`` (width and height in mm), ``below`` (members under the map), ``beside`` (deficits beside it).
    """
    width, height = paper.body
    members, deficits = area["members"], area["deficits"]
    area["below"] = area["beside"] = False
    if paper.wide:
        fit(members, paper.area_map, paper.small_pt)
        room = height - _HEAD_MM - table_height(members)
        area["below"] = room >= _LEAST_MAP_MM
        side = width - paper.area_map - GUTTER_MM
        told = (*area["pooling"], *area["shared"])
        said = sum(lines(text, side, paper.base_pt) for text in told)
        heads = 3 if area["shared"] else 2
        rest = heads * _HEAD_MM + _figures_mm(area["figures"], side, paper)
        rest += said * paper.base_pt * MM_PER_PT * 1.3
        if area["communities"]:
            states = sum(lines(text, side, paper.small_pt) for text in area["communities"])
            rest += _HEAD_MM + states * paper.small_pt * MM_PER_PT * 1.5
        area["beside"] = _fits(deficits, side, height - rest)
    area["map"] = [paper.area_map, round(room if area["below"] else height, 1)]
    if not area["below"]:
        fit(members, width, _size(members, paper))
    if not area["beside"]:
        fit(deficits, width, _size(deficits, paper))


def _figures_mm(figures: Sequence[Sequence[str]], width: float, paper: Paper) -> float:
    """Height of an area's figures in four columns, and of those below them that are sentences."""
    cells = [value for _, value in figures if len(value) <= SENTENCE]
    said = [value for _, value in figures if len(value) > SENTENCE]
    height = _FIGURES_MM + _ROW_MM * max(0, -(-len(cells) // 4) - 3)
    more = sum(lines(value, width / 4, paper.base_pt) > 1 for value in cells)
    height += _MORE_EM * paper.base_pt * MM_PER_PT * min(more, -(-len(cells) // 4))
    told = sum(1 + lines(value, width, paper.base_pt) for value in said)
    return height + told * _MORE_EM * paper.base_pt * MM_PER_PT + len(said) * _GAP_MM


def _fits(table: dict[str, Any], width: float, height: float) -> bool:
    """Set the table in the largest size that fits; False if none does."""
    for pt, pad in _BESIDE:
        fit(table, width, pt, pad)
        if table_height(table) <= height:
            return True
    return False


def fit(table: dict[str, Any], width: float, pt: float, pad: float = 1.25) -> None:
    """Set ``pt``, ``pad`` (mm above and below) and ``widths`` (mm, in sum ``width``).

    Widths are in the shares wished for, but no word is wider than its column.
    """
    em = pt * MM_PER_PT
    wished = [share / sum(table["widths"]) * width for share in table["widths"]]
    least = [_least(table, c, em) for c in range(len(wished))]
    lacking = sum(max(0.0, need - wish) for need, wish in zip(least, wished, strict=True))
    spare = sum(max(0.0, wish - need) for need, wish in zip(least, wished, strict=True))
    if spare <= lacking:
        table["widths"] = [need / sum(least) * width for need in least]
    else:
        kept = 1 - lacking / spare
        table["widths"] = [
            need + max(0.0, wish - need) * kept for need, wish in zip(least, wished, strict=True)
        ]
    table["pt"], table["pad"] = pt, pad


def _least(table: Mapping[str, Any], c: int, em: float) -> float:
    widest = max(_widest_word(text) for text in _column(table, c))
    return max(widest, 2.0) * em + _padding(table, c)


def _column(table: Mapping[str, Any], c: int) -> Iterator[str]:
    yield table["head"][c]
    for row in (*table["rows"], *([table["total"]] if "total" in table else [])):
        yield row[c]


def _widest_word(text: str) -> float:
    """Width in em of what must stand on one line: a Latin word, or a short Chinese one such as 无数据."""
    latin = max((min(len(word), LONGEST_WORD) for word in _WORD.findall(text)), default=0) * _BOLD_EM
    return max(latin, len(text) if len(text) <= _SHORT_WORD and not text.isascii() else 0.0)


def _padding(table: Mapping[str, Any], c: int) -> float:
    follows = c > 0 and table["align"][c] == "left" and table["align"][c - 1] == "right"
    return PAD_MM + (CLEAR_MM if follows else PAD_MM)


def table_height(table: Mapping[str, Any]) -> float:
    """Height in mm of a table whose widths and size are set, with its heading row."""
    em = table["pt"] * MM_PER_PT
    rooms = [width - _padding(table, c) for c, width in enumerate(table["widths"])]
    height = 0.0
    for row in (table["head"], *table["rows"]):
        most = max(lines(text, room, table["pt"]) for text, room in zip(row, rooms, strict=True))
        height += 2 * table["pad"] + (_LINE_EM + (most - 1) * _MORE_EM) * em
    if table.get("omitted"):
        height += _NOTE_MM + lines(table["omitted"], sum(table["widths"]), table["pt"]) * _MORE_EM * em
    return height


def lines(text: str, room: float, pt: float) -> int:
    """How many lines a text takes in a column of ``room`` mm."""
    ems = sum(1.0 if unicodedata.east_asian_width(c) in "WF" else _LATIN_EM for c in text)
    return max(1, -int(-ems * pt * MM_PER_PT // max(room, 1.0)))

"""Parts of a slide: boxes in millimetres, text, native tables and native charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renomap.cartography.symbols import token
from renomap.outputs.blocks import Passage
from renomap.outputs.chart_data import Bars
from renomap.outputs.map_key import KeyEntry
from renomap.outputs.office_colours import office
from renomap.outputs.plain_text import one_line
from renomap.outputs.report_layout import MM_PER_PT, fit, lines

#: Sizes of text (pt); nothing on a slide is smaller than the least.
TITLE_PT, BODY_PT, LEAST_PT = 28.0, 18.0, 14.0
#: Tokens of text, headings, what is to be filled in, and the bars that are compared with.
INK, ACCENT, OPEN, GREY = "ink", "accent", "boundary-text", "outside"
_EMU = 36_000
#: Margins of a cell beside and above its text (mm).
_BESIDE, _ABOVE = 1.6, 0.7
_LINE = 1.25
#: The hatches of maps by the patterns that come nearest.
PATTERNS: Mapping[str, str] = {
    "diagonal": "WIDE_UPWARD_DIAGONAL",
    "backward": "WIDE_DOWNWARD_DIAGONAL",
    "cross": "DIAGONAL_CROSS",
    "horizontal": "HORIZONTAL",
    "vertical": "VERTICAL",
    "grid": "CROSS",
    "dots": "DOTTED_GRID",
}


@dataclass(frozen=True)
class Box:
    """A place on a slide: left, top, width and height in mm."""

    x: float
    y: float
    w: float
    h: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """The same in the file's own unit."""
        return (round(self.x * _EMU), round(self.y * _EMU), round(self.w * _EMU), round(self.h * _EMU))

    def below(self, height: float) -> Box:
        """What is left below so many mm."""
        return Box(self.x, self.y + height, self.w, self.h - height)


def new_deck() -> Any:
    """An empty file of wide slides (16:9) in typefaces that every office in China has."""
    import pptx
    from pptx.util import Emu

    file = pptx.Presentation()
    file.slide_width, file.slide_height = Emu(round(338.67 * _EMU)), Emu(round(190.5 * _EMU))
    _typefaces(file)
    _titles(file)
    return file


def _typefaces(file: Any) -> None:
    """The typefaces of the theme, from which every text has its own."""
    for part in file.slide_master.part.rels.values():
        if part.reltype.endswith("/theme"):
            theme = part.target_part
            text = theme.blob.decode("utf-8")
            for face in ("majorFont", "minorFont"):
                head, mark, rest = text.partition(f"<a:{face}>")
                own, close, after = rest.partition(f"</a:{face}>")
                own = own.replace('<a:latin typeface="Calibri"/>', '<a:latin typeface="Arial"/>', 1)
                own = own.replace('<a:ea typeface=""/>', '<a:ea typeface="微软雅黑"/>', 1)
                text = head + mark + own + close + after
            theme._blob = text.encode("utf-8")


def _titles(file: Any) -> None:
    """Titles as the master gives them: left, bold, in the colour of headings."""
    (style,) = file.slide_master.element.xpath("./p:txStyles/p:titleStyle/a:lvl1pPr")
    style.set("algn", "l")
    run = next(child for child in style if child.tag.endswith("}defRPr"))
    run.set("sz", str(round(TITLE_PT * 100)))
    run.set("b", "1")
    for shape in (*file.slide_master.placeholders, *file.slide_layouts[5].placeholders):
        if shape.placeholder_format.type == 1:
            shape.text_frame.vertical_anchor = 3
            shape.text_frame.margin_left = 0


def set_size(shape: Any, size: float) -> None:
    """Set all text of a shape in a size (pt)."""
    for paragraph in shape.text_frame.paragraphs:
        for run in paragraph.runs:
            run.font.size = round(size * 12700)


def add_text(
    slide: Any,
    box: Box,
    text: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = INK,
    right: bool = False,
) -> None:
    """A box of text on one paragraph."""
    if text:
        frame = _frame(slide, box)
        _write(frame.paragraphs[0], text, size, colour, bold=bold)
        if right:
            frame.paragraphs[0].alignment = 3


def add_lines(slide: Any, box: Box, passages: Sequence[Passage]) -> None:
    """Paragraphs of a list: heads in bold, what is to be filled in marked."""
    frame = _frame(slide, box)
    for k, passage in enumerate(passages):
        line = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        head = passage.kind == "head"
        colour = OPEN if passage.is_open else ACCENT if head else INK
        size = LEAST_PT if passage.kind == "note" else BODY_PT
        text = passage.text if head or passage.kind == "note" else f"·  {passage.text}"
        _write(line, text, size, colour, bold=head)
        line.space_before = round((6 if head and k else 1.5) * 12700)


def _frame(slide: Any, box: Box) -> Any:
    frame = slide.shapes.add_textbox(*box.emu).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _write(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    from pptx.dml.color import RGBColor

    run = paragraph.add_run()
    run.text = one_line(text)
    run.font.size, run.font.bold = round(size * 12700), bold
    run.font.color.rgb = RGBColor.from_string(office(colour))


def lines_high(text: str, width: float, size: float) -> float:
    """How many mm a paragraph takes."""
    return lines(text, width - 4.0, size) * size * MM_PER_PT * _LINE + 1.2


def fitted(table: Mapping[str, Any], width: float) -> list[float]:
    """Widths of the columns in mm: in the shares wished for, but no word wider than its column."""
    sized = dict(table)
    # Cells here have wider margins than on paper.
    fit(sized, width - 2.0 * len(table["head"]), LEAST_PT)
    return [each + 2.0 for each in sized["widths"]]


def rows_that_fit(
    head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], box: Box
) -> int:
    """How many rows of a table in the least size find room in a box under its head."""
    high = _row_high(head, widths, box.w, LEAST_PT)
    for k, row in enumerate(rows):
        high += _row_high(row, widths, box.w, LEAST_PT)
        if high > box.h:
            return k
    return len(rows)


def _row_high(row: Sequence[str], widths: Sequence[float], room: float, size: float) -> float:
    whole = sum(widths)
    most = max(
        lines(text, room * width / whole - 2 * _BESIDE - 2.5, size)
        for text, width in zip(row, widths, strict=True)
    )
    return most * size * MM_PER_PT * _LINE + 2 * _ABOVE


def add_key(slide: Any, box: Box, title: str, entries: Sequence[KeyEntry]) -> None:
    """The key of a map: its title, then a patch of colour and a text for each entry, in as many rows."""
    from pptx.dml.color import RGBColor
    from pptx.enum.dml import MSO_PATTERN

    patch, gap, row = 7.0, 1.5, 6.6
    x, y = box.x, box.y
    for entry in (KeyEntry(title, None, ""), *entries):
        is_title = entry.text == title
        wide = (0.0 if is_title else patch + gap) + text_wide(entry.text, LEAST_PT) * 1.06 + 5.0
        if x > box.x and x + wide > box.x + box.w:
            x, y = box.x, y + row
        if y + row > box.y + box.h:
            return
        if not is_title:
            shape = slide.shapes.add_shape(1, *Box(x, y + 1.0, patch, 4.2).emu)
            shape.line.color.rgb, shape.line.width = RGBColor.from_string(office("text-2")), 6350
            shape.shadow.inherit = False
            if entry.hatch:
                shape.fill.patterned()
                shape.fill.pattern = getattr(MSO_PATTERN, PATTERNS.get(entry.hatch, "WIDE_UPWARD_DIAGONAL"))
                shape.fill.fore_color.rgb = RGBColor.from_string(office("text-2"))
                shape.fill.back_color.rgb = RGBColor.from_string((entry.colour or token("paper"))[1:])
            else:
                shape.fill.solid()
                shape.fill.fore_color.rgb = RGBColor.from_string((entry.colour or token("paper"))[1:])
        left = 0.0 if is_title else patch + gap
        add_text(slide, Box(x + left, y, wide - left - 1.0, row), entry.text, LEAST_PT, bold=is_title)
        x += wide


def text_wide(text: str, size: float) -> float:
    """Width of a text on one line in mm, about."""
    return sum(1.0 if ord(c) > 0x2E7F else 0.6 for c in text) * size * MM_PER_PT


def add_table(
    slide: Any,
    box: Box,
    head: Sequence[str] | None,
    rows: Sequence[Sequence[str]],
    align: Sequence[str],
    widths: Sequence[float],
    *,
    size: float = LEAST_PT,
) -> None:
    """A native table: numbers right, a tinted head, no bands of colour."""
    all_rows = [*([head] if head is not None else []), *rows]
    high = sum(_row_high(row, widths, box.w, size) for row in all_rows)
    place = Box(box.x, box.y, box.w, min(high, box.h))
    table = slide.shapes.add_table(len(all_rows), len(widths), *place.emu).table
    table.first_row, table.horz_banding = head is not None, False
    for c, width in enumerate(widths):
        table.columns[c].width = round(box.w * width / sum(widths) * _EMU)
    for r, row in enumerate(all_rows):
        table.rows[r].height = round(_row_high(row, widths, box.w, size) * _EMU)
        is_head = head is not None and r == 0
        for c, text in enumerate(row):
            _cell(table.cell(r, c), text, size, right=align[c] == "right", head=is_head)


def _cell(cell: Any, text: str, size: float, *, right: bool, head: bool) -> None:
    from pptx.dml.color import RGBColor

    cell.margin_left = cell.margin_right = round(_BESIDE * _EMU)
    cell.margin_top = cell.margin_bottom = round(_ABOVE * _EMU)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(office("tint" if head else "paper"))
    line = cell.text_frame.paragraphs[0]
    _write(line, text, size, ACCENT if head else INK, bold=head)
    line.alignment = 3 if right else 1
    _ruled(cell)


def _ruled(cell: Any) -> None:
    """A hairline below."""
    from pptx.oxml import parse_xml

    cell._tc.get_or_add_tcPr().insert(
        0,
        parse_xml(
            '<a:lnB xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" w="6350"><a:solidFill>'
            f'<a:srgbClr val="{office("rule")}"/></a:solidFill></a:lnB>'
        ),
    )


def add_chart(slide: Any, box: Box, bars: Bars, *, titled: bool = True) -> None:
    """A native chart of horizontal bars with their numbers, the first name above."""
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION

    data = CategoryChartData(number_format="#,##0")
    data.categories = bars.names
    for name, values in bars.series:
        data.add_series(name, values)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.emu, data).chart
    chart.font.size, chart.has_title = round(LEAST_PT * 12700), titled
    if titled:
        chart.chart_title.text_frame.text = bars.title
        chart.chart_title.text_frame.paragraphs[0].runs[0].font.size = round(LEAST_PT * 12700)
        chart.chart_title.include_in_layout = False
    chart.has_legend = len(bars.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = RGBColor.from_string(office("rule"))
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.overlap, plot.has_data_labels = 50, 0, True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False
    for k, series in enumerate(plot.series):
        fill = series.format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(office(ACCENT if k == len(bars.series) - 1 else GREY))

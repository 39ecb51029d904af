"""Writes the inventory workbook with the defects that such workbooks have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from .survey import Compound, Value

#: Heading above the heading -> the columns below it.
GROUPS: dict[str, list[str]] = {
    "基本情况": [
        "建成年代", "结构类型", "楼栋数", "单元数", "层数", "户数", "常住人口", "60岁以上人口",
        "总建筑面积(㎡)", "用地面积(㎡)",
    ],
    "设施现状": [
        "电梯数", "停车位", "机动车保有量(辆)", "充电桩", "养老服务用房(㎡)", "托位数", "幼儿园面积(㎡)",
        "卫生服务站面积(㎡)", "社区服务用房(㎡)", "便民商业面积(㎡)", "文化活动用房面积(㎡)", "活动场地(㎡)",
        "公共绿地(㎡)", "社区食堂", "电动自行车充电点", "垃圾分类点", "有无物业",
    ],
    "体检情况": ["体检日期", "老化管线(km)", "屋面渗漏(㎡)", "外墙破损(㎡)", "道路破损(㎡)"],
    "改造意愿与问题": ["改造状态", "征询户数", "同意户数", "危房栋数", "城市斑点(㎡)", "历史建筑", "备注"],
}  # fmt: skip
COLUMNS = ["街道", "社区", "小区名称", *(column for columns in GROUPS.values() for column in columns)]

#: Ways in which the workbook's names differ from the map's; each is used where it fits, in this order.
VARIANTS: list[tuple[str, str]] = [
    ("生活小区", "小区"), ("家属区", "家属院"), ("小区", "社区"), ("职工宿舍", "宿舍"), ("家属院", "家属区"),
    ("花园", "花园小区"), ("宿舍", "职工宿舍"), ("新村", "新村小区"), ("花苑", "花苑小区"),
    ("公寓", "公寓楼"), ("里", "里小区"),
]  # fmt: skip
MISSING = 3
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

Row = dict[str, Value]


def inventory(compounds: list[Compound], rng: np.random.Generator) -> tuple[list[Row], dict[str, str]]:
    """Rows of the workbook in its order, and the code for which each of its names stands.

    Three compounds are missing, two rows belong to nothing on the map, one row stands twice; a dozen names
    are spelt differently, and some values are written as people write them.
    """
    lost = set(rng.choice(len(compounds), MISSING, replace=False).tolist())
    kept = [compound for k, compound in enumerate(compounds) if k not in lost]
    names = _spelt(kept)
    rows = [
        {"街道": c.community.street, "社区": c.community.name, "小区名称": names[c.code], **c.facts}
        for c in kept
    ]
    _soil(rows, rng)
    # The survey form names the wrong committee once; the map decides.
    rows[7]["社区"] = rows[-1]["社区"]
    twice = dict(rows[40])
    strays = [
        {**rows[12], "小区名称": "砖瓦厂宿舍(已拆迁)", "户数": 64, "常住人口": None, "备注": "2019年征收"},
        {
            **rows[70],
            "小区名称": "湖滨公馆",
            "建成年代": 2015,
            "户数": 380,
            "备注": "新建商品房,不在本次范围",
        },
    ]
    rows = [*rows[:13], strays[0], *rows[13:71], strays[1], *rows[71:], twice]
    return rows, {names[c.code]: c.code for c in kept}


def write_workbook(rows: list[Row], path: Path) -> None:
    """Write the rows below a title, remarks and a two-line heading; same bytes for the same rows."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "老旧小区摸底调查表", "created": datetime(2025, 6, 30)})
    sheet = book.add_worksheet("小区清单")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format(
        {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
    )
    cell = book.add_format({"border": 1, "valign": "vcenter"})
    last = len(COLUMNS)
    sheet.merge_range(0, 0, 0, last, "城东区城镇老旧小区摸底调查表(示例)", title)
    sheet.merge_range(
        1, 0, 1, last, "填报单位:城东区住房和城乡建设局    填报时间:2025年6月    单位:栋、户、人、㎡"
    )
    for column, name in enumerate(("序号", "街道", "社区", "小区名称")):
        sheet.write_blank(2, column, None, head)
        sheet.write_string(3, column, name, head)
    column = 4
    for group, columns in GROUPS.items():
        sheet.merge_range(2, column, 2, column + len(columns) - 1, group, head)
        for name in columns:
            sheet.write_string(3, column, name, head)
            column += 1
    for number, row in enumerate(rows):
        sheet.write_number(4 + number, 0, number + 1, cell)
        for column, name in enumerate(COLUMNS, 1):
            sheet.write(4 + number, column, row[name], cell)
    _merge_streets(sheet, rows, cell)
    end = 4 + len(rows)
    sheet.merge_range(end, 0, end, 3, "合计", head)
    households = sum(int(row["户数"]) for row in rows if isinstance(row["户数"], (int, float)))
    sheet.write_number(end, 1 + COLUMNS.index("户数"), households, cell)
    sheet.write_string(end + 1, 0, "注:“/”表示未调查;户数以社区台账为准。")
    sheet.set_column(1, 3, 16)
    notes = book.add_worksheet("填表说明")
    for k, text in enumerate(
        ("一、本表由社区填报,街道审核。", "二、面积单位为平方米。", "三、未调查的项目填“/”或留空。")
    ):
        notes.write_string(k, 0, text)
    book.close()


def write_tables(sheets: dict[str, list[Row]], path: Path) -> None:
    """Write a sheet for each table, a title above its headings; same bytes for the same rows."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "老旧小区改造项目台账", "created": datetime(2026, 11, 20)})
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    cell = book.add_format({"border": 1})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.write_string(0, 0, f"城东区老旧小区改造{name}(示例,内容均为虚构)", title)
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        for column, heading in enumerate(headings):
            sheet.write_string(1, column, heading, head)
            for number, row in enumerate(rows, 2):
                sheet.write(number, column, row.get(heading), cell)
        sheet.set_column(0, len(headings) - 1, 14)
        sheet.freeze_panes(2, 0)
    book.close()


def _merge_streets(sheet: object, rows: list[Row], style: object) -> None:
    """Merge the subdistrict's cells over its rows, as forms do; a reader has to fill them down."""
    first = 0
    for k in range(1, len(rows) + 1):
        if k == len(rows) or rows[k]["街道"] != rows[first]["街道"]:
            if k - first > 1:
                sheet.merge_range(4 + first, 1, 3 + k, 1, rows[first]["街道"], style)  # type: ignore[attr-defined]
            first = k


def _spelt(compounds: list[Compound]) -> dict[str, str]:
    """Workbook name of each code: as on the map but for a dozen."""
    names = {c.code: c.name for c in compounds}
    open_codes = [c.code for c in compounds[3::4]]
    for old, new in VARIANTS:
        for code in open_codes:
            changed = _ending(names[code], old, new)
            if changed != names[code] and changed not in names.values():
                names[code] = changed
                open_codes.remove(code)
                break
    for code in [code for code, name in names.items() if "(" in name][:1]:
        names[code] = names[code].replace("(", "（").replace(")", "）")
    # Blanks and line breaks that come with pasted cells.
    names[open_codes[0]] = names[open_codes[0]][:2] + " " + names[open_codes[0]][2:]
    names[open_codes[1]] += "\n"
    return names


def _ending(name: str, old: str, new: str) -> str:
    return name.removesuffix(old) + new if name.endswith(old) else name


def _soil(rows: list[Row], rng: np.random.Generator) -> None:
    """Write some values the way people write them, and leave others out."""
    zero_is_none = (
        "养老服务用房(㎡)",
        "托位数",
        "幼儿园面积(㎡)",
        "卫生服务站面积(㎡)",
        "文化活动用房面积(㎡)",
        "充电桩",
        "社区食堂",
        "电梯数",
    )
    facts = [
        *GROUPS["基本情况"][2:5],
        *GROUPS["基本情况"][6:],
        *GROUPS["设施现状"],
        "征询户数",
        "城市斑点(㎡)",
    ]
    order = rng.permutation(len(rows))
    for row in rows:
        for name in zero_is_none:
            if row[name] == 0 and rng.random() < 0.6:
                row[name] = "无"
        for name in facts:
            if rng.random() < 0.05:
                row[name] = [None, "/", "不详"][int(rng.choice(3, p=[0.55, 0.35, 0.1]))]
        if row["征询户数"] in (None, "/", "不详"):
            row["同意户数"] = None
        for name in ("总建筑面积(㎡)", "常住人口"):
            value = row[name]
            if isinstance(value, int) and value > 999 and rng.random() < 0.15:
                row[name] = f"{value:,}"
        lifts = row["电梯数"]
        if isinstance(lifts, int) and lifts > 0 and rng.random() < 0.5:
            row["电梯数"] = f"有({lifts}部)"
    _write_households(rows, order)
    _write_years(rows, order[::-1])
    for k in order[20:23]:
        blocks = rows[k]["楼栋数"]
        if isinstance(blocks, int) and blocks > 2:
            rows[k]["楼栋数"] = f"{blocks - 2}栋+2栋"


def _write_households(rows: list[Row], order: np.ndarray) -> None:
    for place, k in enumerate(order[:12]):
        value = int(rows[k]["户数"] or 0)
        if place < 4:
            text: Value = f"约{round(value, -1)}户"
        elif place < 6:
            text = f"{value // 10 * 10}余户"
        elif place < 8:
            text = f"{value}户"
        elif place < 10:
            text = str(value).translate(FULL_WIDTH)
        else:
            text = None if place == 10 else "/"
        rows[k]["户数"] = text


def _write_years(rows: list[Row], order: np.ndarray) -> None:
    """Decades, two-digit years, spans and one date serial; the unknown ones stay unknown."""
    for place, k in enumerate(order[:26]):
        year = int(rows[k]["建成年代"] or 0)
        texts: list[Value] = [f"{year}年", f"{year}.6", f"{year - 2}-{year}", f"{year}年前", "不详", None]
        if year < 2000:
            texts += [f"{year % 100 // 10 * 10}年代", f"{year % 100}年", f"{year % 100 // 10 * 10}年代"]
        rows[k]["建成年代"] = texts[place % len(texts)]
    # One cell was formatted as a date and now shows the days since 1899-12-30.
    plain = next(row for row in rows if isinstance(row["建成年代"], int))
    plain["建成年代"] = (datetime(int(plain["建成年代"] or 0), 7, 1) - datetime(1899, 12, 30)).days

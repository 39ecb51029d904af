"""The town's invented programme: what a bureau would keep in spreadsheets about eight projects.

Rows are dictionaries under the headings of the sheets; the members of a project are those that the area had
when the bureau drew it. Some of it is wrong on purpose, see the README.
"""

from __future__ import annotations

import numpy as np

from .projects import (
    BUILDING,
    CASES,
    DONE,
    DUG_TWICE,
    FORGOTTEN,
    GIVEN_UP,
    LISTED,
    PAVED_FIRST,
    PREPARED,
    REBUILT,
    TWICE,
    UNCHECKED,
    UNWILLING,
    Case,
    there,
)
from .survey import Compound, Value

Rows = list[dict[str, Value]]
Sheets = dict[str, Rows]


def programme(compounds: list[Compound], rng: np.random.Generator) -> Sheets:
    """All sheets of the workbook, in its order."""
    by_code = {compound.code: compound for compound in compounds}
    cases = there(CASES, by_code)
    return {
        "项目": _projects(cases, by_code),
        "项目库台账": _moves(cases, by_code),
        "意愿征询": _surveys(cases, by_code, rng),
        "需求点单": _demands(cases, by_code, rng),
        "体检问题": _problems(cases, by_code),
        "改造内容": _works(cases, by_code),
        "前期工作": _steps(cases),
        "投资匡算": _estimates(),
        "资金筹措": _funds(cases, by_code),
        "运营收支": _operations(),
        "长效管理": _upkeep(cases, by_code, rng),
    }


def _named(compound: Compound) -> dict[str, Value]:
    return {"小区编号": compound.code, "小区名称": compound.name}


def _projects(cases: list[Case], by_code: dict[str, Compound]) -> Rows:
    return [
        {
            "项目编号": case.code, **_named(by_code[case.members[0]]), "改造方式": case.mode,
            "实施主体": case.company, "责任人": case.person, "联系电话": case.phone,
            "责任设计师": case.designer,
            "监督电话": "0731-00000100" if case.state >= BUILDING else None, "计划年度": case.year,
            "进度更新日期": "2026-11-20" if case.state >= PREPARED else None,
        }
        for case in cases
    ]  # fmt: skip


def _moves(cases: list[Case], by_code: dict[str, Compound]) -> Rows:
    rows: Rows = []

    def move(code: str, at: str, stage: str, year: int | None, reason: str) -> None:
        told = {"调整日期": at, "阶段": stage, "计划年度": year, "原因": reason, "经办人": "区更新办"}
        rows.append({**_named(by_code[code]), **told})

    for case in cases:
        for code in case.members:
            if code in UNCHECKED:
                continue
            move(code, "2025-12-05", "储备库", None, "体检完成")
            if case.state >= LISTED:
                move(code, "2026-01-15", "年度计划", case.year, "区年度计划下达")
            if case.state >= BUILDING:
                move(code, "2026-05-06", "施工", case.year, "开工")
            if case.state >= DONE:
                move(code, "2026-09-30", "完工", case.year, "竣工")
    if GIVEN_UP in by_code:
        move(GIVEN_UP, "2025-12-05", "储备库", None, "体检完成")
        move(GIVEN_UP, "2026-03-20", "退出", None, "纳入征收范围")
    return rows


def _surveys(cases: list[Case], by_code: dict[str, Compound], rng: np.random.Generator) -> Rows:
    rows: Rows = []
    for case in cases:
        for code in case.members:
            here, homes = by_code[code], by_code[code].households
            first = round(homes * rng.uniform(0.66, 0.92))
            rows.append(
                {**_named(here), "类型": "意愿征询", "轮次": 1, "应征询户数": homes, "已征询户数": first,
                 "同意户数": round(first * rng.uniform(0.7, 0.9)), "不同意户数": None, "日期": "2025-10-20"}
            )  # fmt: skip
            if case.state < LISTED and case.code != "XM-2027-02":
                continue
            asked = round(homes * rng.uniform(0.93, 0.99))
            yes = int(np.ceil(homes * (0.7 if code in UNWILLING else rng.uniform(0.83, 0.92))))
            rows.append(
                {**_named(here), "类型": "意愿征询", "轮次": 2, "应征询户数": homes, "已征询户数": asked,
                 "同意户数": min(asked, yes), "不同意户数": asked - min(asked, yes), "日期": "2026-01-08"}
            )  # fmt: skip
            if case.state == DONE:
                rows.append(
                    {**_named(here), "类型": "民意验收", "轮次": 1, "应征询户数": homes, "已征询户数": asked,
                     "同意户数": round(asked * 0.94), "不同意户数": asked - round(asked * 0.94),
                     "日期": "2026-10-18"}
                )  # fmt: skip
    return rows


def _demands(cases: list[Case], by_code: dict[str, Compound], rng: np.random.Generator) -> Rows:
    wishes = ("屋面防水", "老化管线改造", "加装电梯", "机动车停车位", "照明", "公共活动场地", "社区食堂")
    return [
        {**_named(by_code[code]), "改造内容": wish, "票数": round(by_code[code].households * share),
         "日期": "2025-10"}
        for case in cases for code in case.members
        for wish, share in zip(wishes, rng.permutation([0.45, 0.38, 0.31, 0.26, 0.18, 0.12, 0.07]),
                               strict=True)
    ]  # fmt: skip


def _problems(cases: list[Case], by_code: dict[str, Compound]) -> Rows:
    rows: Rows = []
    for case in cases:
        for nth, code in enumerate(case.members):
            here = by_code[code]
            if here.code in UNCHECKED:
                continue
            done = "2026-09-20" if case.state == DONE else None
            rows.append(
                {**_named(here), "指标": "屋面渗漏", "问题": "顶层住户反映渗水", "数量": None, "单位": "㎡",
                 "紧迫程度": "限时解决" if nth % 2 == 0 else "尽力解决", "责任单位": "区住建局",
                 "发现日期": "2025-10", "解决日期": done}
            )  # fmt: skip
            if nth == 0:
                rows.append(
                    {**_named(here), "指标": "消防通道", "问题": "消防通道被占用", "数量": 1, "单位": "处",
                     "紧迫程度": "限时解决", "责任单位": "街道办事处", "发现日期": "2025-10",
                     "解决日期": done}
                )  # fmt: skip
    return rows


def _works(cases: list[Case], by_code: dict[str, Compound]) -> Rows:
    rows: Rows = []
    for case in cases:
        if case.state < LISTED or case.mode != "整治":
            continue
        for code in case.members:
            rows += _works_of(by_code[code], case)
    rows += [
        {**_named(by_code[REBUILT]), "楼栋名称": f"{by_code[REBUILT].name}{house.label}", "措施": "拆除",
         "改造内容": "原拆原建", "计划年度": 2028, "进度": "计划"}
        for house in (by_code[REBUILT].houses[:4] if REBUILT in by_code else ())
    ]  # fmt: skip
    if REBUILT in by_code:
        gone = sum(house.shape.area * house.floors for house in by_code[REBUILT].houses[:4])
        rows.append(
            {**_named(by_code[REBUILT]), "措施": "新增", "改造内容": "原拆原建",
             "工程量": round(gone * 2.1, -1), "单位": "㎡", "计划年度": 2028, "进度": "计划"}
        )  # fmt: skip
    return rows


def _works_of(here: Compound, case: Case) -> Rows:
    found, year = here.facts, case.year
    status = {DONE: "完工", BUILDING: "在建"}.get(case.state, "计划")

    def row(item: str, quantity: Value, unit: str, start: str, end: str, cost: Value = None) -> None:
        since = year + 1 if here.code == DUG_TWICE and item == "燃气管线" else year
        rows.append(
            {**_named(here), "改造内容": item, "措施": "改造" if cost is None else "新增", "工程量": quantity,
             "单位": unit, "投资(万元)": cost, "计划开工": f"{since}-{start}", "计划完工": f"{since}-{end}",
             "计划年度": since, "进度": status, "完成量": quantity if status == "完工" else None}
        )  # fmt: skip

    rows: Rows = []
    row("老化管线改造", found["老化管线(km)"] or 0.1, "公里", "05-06", "06-30")
    if here.code == DUG_TWICE:
        row("燃气管线", 0.4, "公里", "05-10", "06-20", 38.0)
    if here.code != FORGOTTEN:
        row("屋面防水", found["屋面渗漏(㎡)"] or 200, "㎡", "05-20", "08-15")
    row("外墙修缮与保温", found["外墙破损(㎡)"] or 400, "㎡", "06-01", "08-31")
    start = "04-20" if here.code == PAVED_FIRST else "07-01"
    row("小区道路", found["道路破损(㎡)"], "㎡", start, "08-20")
    if here.code == TWICE:
        row("小区道路", 300, "㎡", "07-01", "08-20")
    lifts = int(found["单元数"] or 0) // 6
    if lifts and here.households > 90:
        row("加装电梯", lifts, "台", "07-01", "09-15")
    if here.code == case.members[0]:
        row("老年服务站/日间照料中心", 320, "㎡", "07-10", "09-20", 96.0)
        row("照明", None, "项", "08-01", "09-10", None if case.code == "XM-2026-03" else 12.0)
    return rows


def _steps(cases: list[Case]) -> Rows:
    rows: Rows = []

    def step(code: str, gate: str, nth: int, start: str, end: str, body: str, result: str | None) -> None:
        rows.append(
            {"项目编号": code, "事项": gate, "轮次": nth, "开始日期": start, "结束日期": end,
             "时限": None, "结果": result, "组织单位": body, "佐证": "会议纪要(示例)",
             "填报人": "区更新办", "填报日期": end}
        )  # fmt: skip

    def due(code: str, gate: str, date: str, body: str) -> None:
        told = {"填报人": "区更新办", "填报日期": "2026-11-20"}
        rows.append({"项目编号": code, "事项": gate, "时限": date, "组织单位": body, **told})

    for case in cases:
        if case.state < PREPARED:
            continue
        step(case.code, "方案征询", 1, "2026-01-20", "2026-01-26", "街道办事处", "通过")
        step(case.code, "方案公示", 1, "2026-02-02", "2026-02-08", "街道办事处", "通过")
        if case.code == "XM-2026-03":
            due(case.code, "联合审查", "2026-12-18", "区住建局")
            continue
        step(case.code, "方案征询", 2, "2026-02-24", "2026-03-02", "街道办事处", "通过")
        step(case.code, "方案公示", 2, "2026-03-05", "2026-03-11", "区住建局", "通过")
        step(case.code, "方案评审", 1, "2026-03-18", "2026-03-18", "区住建局", "通过")
        if case.state < BUILDING:
            step(case.code, "方案评审", 2, "2026-04-09", "2026-04-09", "市住建局", "退回")
            due(case.code, "财政评审", "2026-12-10", "区财政局")
            continue
        step(case.code, "方案评审", 2, "2026-04-09", "2026-04-09", "市住建局", "通过")
        for gate, day, body in (
            ("联合审查", "2026-04-13", "区住建局"),
            ("立项", "2026-04-16", "区发改局"),
            ("财政评审", "2026-04-22", "区财政局"),
            ("招标", "2026-04-30", "区住建局"),
            ("施工许可", "2026-05-05", "区行政审批局"),
        ):
            step(case.code, gate, 1, day, day, body, "通过")
        if case.state == DONE:
            step(case.code, "实施", 1, "2026-05-06", "2026-09-20", "城东城市更新公司(示例)", "通过")
            due(case.code, "结算审计", "2026-12-31", "区审计局")
    return rows


def _estimates() -> Rows:
    return [
        {"项目编号": "XM-2027-02", "造价阶段": "匡算", "总投资(万元)": 1380,
         "依据": "参照已实施项目匡算(示例)", "日期": "2026-01"},
        {"项目编号": "XM-2026-01", "造价阶段": "合同", "总投资(万元)": 1265,
         "依据": "施工合同(示例)", "日期": "2026-05-05"},
    ]  # fmt: skip


def _funds(cases: list[Case], by_code: dict[str, Compound]) -> Rows:
    rows: Rows = []

    def money(case: Case, source: str, planned: Value, *shares: float, **told: Value) -> None:
        known = float(planned) if isinstance(planned, int | float) else None
        parts = [None if known is None else round(known * share, 1) for share in shares or (0, 0)]
        rows.append(
            {"项目编号": case.code, "资金来源": source, "用途": told.get("scope"), "计划(万元)": planned,
             "落实(万元)": parts[0], "到位(万元)": parts[1], "部门专项": told.get("programme")}
        )  # fmt: skip

    for case in cases:
        homes = sum(by_code[code].households for code in case.members)
        if case.state >= PREPARED:
            on_site = case.state >= BUILDING
            money(case, "市级", round(homes * 0.6, 1), 1.0, 0.7 if on_site else 0.0)
            money(case, "区级", round(homes * 0.6, 1), 1.0 if on_site else 0.4, 0.5 if on_site else 0.0)
            money(case, "部门专项资金", 60, 1.0, 0.5, scope="老年服务站/日间照料中心", programme="民政(示例)")
            money(case, "专营单位", round(homes * 0.08, 1), 0.5, 0.0, scope="老化管线改造")
            money(case, "居民", round(homes * 0.1, 1), 0.6, 0.2, scope="加装电梯")
        if case.code == "XM-2026-02":
            money(case, "专项债", 150, 0.0, 0.0)
        if case.code == "XM-2026-03":
            money(case, "中央预算内", None, scope="老化管线改造")
    return rows


def _operations() -> Rows:
    told = (
        ("XM-2026-01", "停车收费", 18.6, 4.2),
        ("XM-2026-01", "养老用房租金", 6, None),
        ("XM-2026-04", "停车收费", 7.4, 2.1),
    )
    heads = ("项目编号", "收支项目", "年收入(万元)", "年支出(万元)")
    return [{**dict(zip(heads, row, strict=True)), "年度": 2027} for row in told]


def _upkeep(cases: list[Case], by_code: dict[str, Compound], rng: np.random.Generator) -> Rows:
    rows: Rows = []
    for case in cases:
        for code in case.members:
            settled = case.state >= LISTED
            has = by_code[code].facts["有无物业"] == "有"
            rows.append(
                {**_named(by_code[code]), "党支部": "已成立" if settled else None,
                 "业委会": "有" if rng.random() < 0.6 else "无",
                 "物业": "物业服务企业" if has else ("社区托管" if settled else None),
                 "收费率": round(float(rng.uniform(0.55, 0.95)), 2) if has else None,
                 "维修资金(万元)": round(float(rng.uniform(5, 60)), 1) if rng.random() < 0.7 else None,
                 "移交日期": "2026-10-30" if case.state == DONE else None}
            )  # fmt: skip
    return rows

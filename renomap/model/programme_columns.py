"""Which columns the tables of a programme have, and which values those that are a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """How far a neighbourhood is, and so on which list it stands (阶段); in this order, except the last."""

    SURVEY = "survey"  # 摸底: on no list
    POOL = "pool"  # 储备库
    ANNUAL = "annual"  # 年度计划; of a later year than the annual one it is 中长期
    BUILDING = "building"  # 施工
    BUILT = "built"  # 完工
    HANDED_OVER = "handed_over"  # 验收移交
    EXITED = "exited"  # 退出


class Mode(StrEnum):
    """How a project renews."""

    RENOVATE = "renovate"  # 整治
    REBUILD = "rebuild"  # 自主更新


class Outcome(StrEnum):
    """How a step ended; None while it has not."""

    PASSED = "passed"  # 通过
    RETURNED = "returned"  # 退回


class SurveyKind(StrEnum):
    """What people were asked for."""

    CONSENT = "consent"  # 意愿征询: a share of households, the city's threshold
    VOTE = "vote"  # 业主表决: statutory, by all owners on one matter
    PROCESS = "process"  # 过程
    FINAL = "final"  # 综合
    ACCEPTANCE = "acceptance"  # 民意验收


class CountsBy(StrEnum):
    """What is counted in a survey."""

    HOUSEHOLDS = "households"  # 户数
    PERSONS = "persons"  # 业主人数
    FLOOR_AREA = "floor_area"  # 专有部分面积


class Matter(StrEnum):
    """What owners vote on; the first two need half of those taking part, the others three quarters."""

    MANAGEMENT = "management"  # 选聘物业
    USE_OF_FUND = "use_of_fund"  # 使用维修资金
    RAISING_FUND = "raising_fund"  # 筹集维修资金
    REBUILDING = "rebuilding"  # 改建、重建
    COMMON_PARTS = "common_parts"  # 改变共有部分用途或经营


class Action(StrEnum):
    """What becomes of what is there (留改拆增)."""

    KEEP = "keep"
    ALTER = "alter"
    DEMOLISH = "demolish"
    ADD = "add"


class WorkStatus(StrEnum):
    """How far an item of work is."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    DONE = "done"
    DROPPED = "dropped"  # in no sum


class Origin(StrEnum):
    """Who made a row; only a proposed one is ever replaced by a proposal."""

    PROPOSED = "proposed"  # 推算
    TYPED = "typed"
    IMPORTED = "imported"


class CostLevel(StrEnum):
    """How an amount was found; in sums a later one takes the place of an earlier one."""

    ROUGH = "rough"  # 匡算
    ESTIMATE = "estimate"  # 估算
    BUDGET = "budget"  # 概算
    CONTRACT = "contract"  # 合同
    SETTLEMENT = "settlement"  # 结算


class Urgency(StrEnum):
    """By when a problem is to be solved."""

    LIMITED = "limited"  # 限时解决
    BEST_EFFORT = "best_effort"  # 尽力解决


class SiteDecision(StrEnum):
    """What was decided of a room proposed for what lacks."""

    ACCEPTED = "accepted"  # 采纳
    REFUSED = "refused"  # 不采纳


class CellKind(StrEnum):
    """What a column holds."""

    ID = "id"  # int64, 0 = none
    COUNT = "count"  # int64, such as a round; 1 where not said
    NUMBER = "number"
    MONEY = "money"  # whole yuan
    YEAR = "year"
    TEXT = "text"
    DATE = "date"  # ISO, of a day or a month
    FLAG = "flag"
    CHOICE = "choice"  # a value of the column's enum


@dataclass(frozen=True)
class ProgrammeColumn:
    """One column of a table: its kind, and of a choice the values there are."""

    kind: CellKind
    of: type[StrEnum] | None = None


_ID = ProgrammeColumn(CellKind.ID)
_COUNT = ProgrammeColumn(CellKind.COUNT)
_NUMBER = ProgrammeColumn(CellKind.NUMBER)
_MONEY = ProgrammeColumn(CellKind.MONEY)
_YEAR = ProgrammeColumn(CellKind.YEAR)
_TEXT = ProgrammeColumn(CellKind.TEXT)
_DATE = ProgrammeColumn(CellKind.DATE)
_FLAG = ProgrammeColumn(CellKind.FLAG)


def _choice(of: type[StrEnum]) -> ProgrammeColumn:
    return ProgrammeColumn(CellKind.CHOICE, of)


TABLES: Final[Mapping[str, Mapping[str, ProgrammeColumn]]] = {
    "projects": {
        "scheme": _TEXT,  # key of the scheme that the area is of; None for a neighbourhood
        "area": _ID,  # 0 = a neighbourhood
        "fid": _ID,  # 0 = an area
        "code": _TEXT,  # 项目编号
        "name": _TEXT,
        "mode": _choice(Mode),
        "company": _TEXT,  # 实施主体
        "operator": _TEXT,  # 运营主体
        "coordinator": _TEXT,  # 统筹主体
        "person": _TEXT,  # 责任人
        "phone": _TEXT,
        "designer": _TEXT,  # 责任设计师
        "supervision_phone": _TEXT,  # 监督电话
        "feedback": _TEXT,  # 意见反馈渠道: where remarks on the plan on display go
        "members": _TEXT,  # fids at the last confirmation, see ``fids_of``
        "year": _YEAR,  # 计划年度
        "fixed": _FLAG,  # the year stays
        "exited": _TEXT,  # why it is given up, such as 撤销; None = it runs
        "reported_on": _DATE,  # 进度更新日期
        "note": _TEXT,
    },
    "units": {
        "fid": _ID,
        "stage": _choice(Stage),
        "year": _YEAR,
        "horizon": _TEXT,  # 规划期, such as 2026-2030
        "person": _TEXT,  # 责任人 (党员, 楼长)
    },
    "history": {
        "fid": _ID,
        "at": _DATE,
        "by": _TEXT,
        "from_stage": _choice(Stage),
        "from_year": _YEAR,
        "to_stage": _choice(Stage),
        "to_year": _YEAR,
        "reason": _TEXT,
    },
    "events": {
        "project": _ID,  # 0 = of a neighbourhood
        "fid": _ID,  # 0 = of a project
        "gate": _TEXT,  # key of a gate or procedure of the city's rules
        "round": _COUNT,
        "start": _DATE,
        "end": _DATE,
        "due": _DATE,  # 时限
        "result": _choice(Outcome),
        "body": _TEXT,  # 单位
        "document": _TEXT,  # 文号
        "evidence": _TEXT,  # 佐证: a text or the name of a file
        "override": _TEXT,  # why it counts although the rule is not kept; None = it is not overridden
        "by": _TEXT,  # who entered it
        "at": _DATE,  # and on which day
        "members": _TEXT,  # fids for which it was taken
        "households": _NUMBER,  # of these members at that time
    },
    "surveys": {
        "fid": _ID,
        "building": _ID,  # 0 = the whole neighbourhood
        "kind": _choice(SurveyKind),
        "round": _COUNT,
        "counts_by": _choice(CountsBy),
        "matter": _choice(Matter),  # of a vote
        "total": _NUMBER,  # all there are: households, owners, m2; NaN = as surveyed
        "issued": _NUMBER,  # 应征询, 发放
        "returned": _NUMBER,  # 已征询, 回收; of a vote: those taking part
        "yes": _NUMBER,
        "no": _NUMBER,
        "date": _DATE,
        "evidence": _TEXT,
    },
    "demands": {"fid": _ID, "item": _TEXT, "votes": _NUMBER, "date": _DATE},
    "problems": {
        "fid": _ID,
        "building": _ID,
        "indicator": _TEXT,  # 指标码
        "text": _TEXT,
        "quantity": _NUMBER,
        "unit": _TEXT,
        "urgency": _choice(Urgency),
        "responsible": _TEXT,  # 责任单位
        "found": _DATE,
        "solved": _DATE,
        "works": _TEXT,  # ids of the rows of ``works`` that solve it
    },
    "works": {
        "fid": _ID,
        "building": _ID,  # 0 = the whole neighbourhood
        "item": _TEXT,  # key of the catalogue of works
        "action": _choice(Action),
        "quantity": _NUMBER,
        "quantity_low": _NUMBER,  # where only a range is known
        "quantity_high": _NUMBER,
        "unit": _TEXT,
        "price": _MONEY,  # yuan per unit; NaN = as set for the meeting
        "cost": _MONEY,  # NaN = quantity times price
        "level": _choice(CostLevel),
        "annual_income": _MONEY,
        "start": _DATE,
        "end": _DATE,
        "year": _YEAR,
        "status": _choice(WorkStatus),
        "done_quantity": _NUMBER,
        "parties": _TEXT,  # 参建方
        "origin": _choice(Origin),
        "basis": _TEXT,  # clause, status and formula of a proposed row
        "override": _TEXT,  # why it stays although a rule is against it, such as heritage
        "note": _TEXT,
    },
    "estimates": {
        "project": _ID,
        "fid": _ID,
        "work": _ID,  # id of the row of ``works`` that it is of
        "item": _TEXT,  # key of the catalogue; None = all works
        "level": _choice(CostLevel),
        "amount": _MONEY,  # NaN = ``rate`` times what it is per
        "rate": _MONEY,
        "per": _TEXT,  # floor_area_m2 | households
        "source": _TEXT,
        "date": _DATE,
    },
    "funds": {
        "project": _ID,
        "fid": _ID,
        "source": _TEXT,  # key of a source of the city's rules
        "scope": _TEXT,  # keys of items, or categories, that it is tied to, parted by spaces; None = free
        "planned": _MONEY,  # 计划
        "arranged": _MONEY,  # 落实
        "paid": _MONEY,  # 到位, 支付
        "document": _TEXT,  # 文号
        "programme": _TEXT,  # 部门专项
        "note": _TEXT,
    },
    "operations": {
        "project": _ID,
        "fid": _ID,
        "text": _TEXT,
        "income": _MONEY,
        "expense": _MONEY,
        "year": _YEAR,
    },
    "upkeep": {
        "fid": _ID,
        "party_branch": _TEXT,  # 党组织
        "committee": _TEXT,  # 业委会, 物管会
        "management": _TEXT,  # 物业 or who else manages; 无 where nobody does
        "fee_rate": _NUMBER,  # 收费率, 0..1
        "maintenance_fund": _MONEY,  # 维修资金归集
        "handed_over": _DATE,  # 移交
        "note": _TEXT,
    },
    "siting": {
        "layer": _TEXT,  # key of the layer of idle rooms
        "site": _ID,  # and the row of it
        "fid": _ID,  # the neighbourhood by which the area is known
        "facility": _TEXT,  # key of a facility of the standard
        "decision": _choice(SiteDecision),
        "m2": _NUMBER,  # of the room at that time
        "reason": _TEXT,
        "by": _TEXT,
        "at": _DATE,
        "work": _ID,  # id of the row of ``works`` that it made, 0 = none
    },
}

"""What tables, report and web map say of a plan, gathered once so that they cannot differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import pandas as pd

from renomap.deficits.remedies import Remedy, remedies
from renomap.deficits.rules import PoolingWay, pooling
from renomap.model.derived import once
from renomap.model.fields import PLACED
from renomap.model.plan import Plan
from renomap.model.preset import Eligibility
from renomap.model.problem import Result
from renomap.model.scheme import MISSIZED, NOT_FITTING, count_sizes
from renomap.model.standard import Facility, Level, MeetingValue, Standard, State
from renomap.model.words import placeholders, sentence
from renomap.outputs.numbers import AtLeast, Figures, missing
from renomap.outputs.plain_text import one_line
from renomap.programme.idle_sites import answered, planned
from renomap.wording.deficits import deficit_phrase, lack_unit, state_text
from renomap.wording.names import unit_name

#: A row of a frame: values by column, ``get`` gives None for a column that is not there.
Row: TypeAlias = "pd.Series[Any] | Mapping[str, Any]"
#: Fates of a neighbourhood that is in no area, in the order of lists.
LEFT_OUT: tuple[str, ...] = ("scattered", "excluded", "unassigned")


#: What stands where the standard asks for no number.
NOT_ASKED = "—"
#: A distance from the best possible beyond this says nothing about how good a plan is.
NEAR = 0.10


@dataclass(frozen=True)
class FacilityLine:
    """One facility in one area: the numbers of ``AREA_FACILITY_SUFFIXES`` and the count of members."""

    facility: Facility
    members: int
    need: float | None
    need_high: float | None
    alone: float | None
    required: float | None
    sites: float | None
    supply: float | None
    deficit_low: float | None
    deficit_high: float | None
    deficit: float | None
    known: float | None
    deficit_separate: float | None
    served_alone: float | None
    served_pooled: float | None
    newly_low: float | None
    newly_high: float | None
    sites_low: float | None
    sites_high: float | None
    out_of_reach: float | None
    state: str | None

    @property
    def asked(self) -> bool:
        """Whether the standard asks for the facility here; if not, a missing number is not missing data.

        What is due per community has its numbers there, and an area only shows the state.
        """
        if self.facility.level is Level.COMMUNITY:
            return False
        return self.state not in (State.NOT_SET, State.BELOW_TRIGGER)

    @property
    def gains(self) -> bool:
        """Whether pooling serves households for the first time, or may."""
        return self.newly_low is not None and self.newly_high != 0


def span_text(low: float, high: float | None, figures: Figures) -> str:
    """A number, a range where its ends differ, ``≥9`` where nothing bounds it above; a word for ``≥0``."""
    if high is None:
        return figures.number(AtLeast(low)) if low else figures.words["outputs.unknown"]
    ends = (figures.number(low), figures.number(high))
    return ends[1] if ends[0] == ends[1] else "–".join(ends)


def area_row(plan: Plan, area: int) -> Row:
    """The columns of an area but its geometry.

    Asked for some thousand times a pack: a plain mapping is much quicker than a row of a wide frame.
    """
    records: dict[int, dict[str, Any]] = once(
        plan.areas, "records", lambda: plan.areas.drop(columns="geometry").to_dict("index")
    )
    return records[area]


def facility_lines(plan: Plan, area: int) -> list[FacilityLine]:
    """The facilities of one area in the standard's order."""
    row = area_row(plan, area)
    names = [name for name in FacilityLine.__dataclass_fields__ if name not in ("facility", "members")]
    lines = []
    for facility in plan.standard.facilities:
        values = {name: row.get(f"{facility.key}_{name}") for name in names}
        known = {name: None if missing(value) else value for name, value in values.items()}
        line = FacilityLine(facility, int(row["neighbourhoods"]), **known)
        lines.append(_with_bounds(line, bool(row["households_known"] < row["neighbourhoods"])))
    return lines


def by_deficit(plan: Plan, facility: Facility) -> list[tuple[int, FacilityLine]]:
    """Areas with their line of one facility: the greatest deficit first, then what it may at most be.

    What has no number stands last; ties in the order of the plan.
    """
    lines = []
    for area in plan.areas.index:
        found = facility_lines(plan, int(str(area)))
        lines.append((int(str(area)), next(one for one in found if one.facility.key == facility.key)))

    def rank(line: FacilityLine) -> tuple[float, float]:
        least = line.deficit_low if line.deficit is None else line.deficit
        if least is None:
            return 1.0, 0.0
        most = line.deficit_high if line.deficit is None else line.deficit
        return -float(least), -math.inf if most is None else -float(most)

    return sorted(lines, key=lambda one: rank(one[1]))


def _with_bounds(line: FacilityLine, households_open: bool) -> FacilityLine:
    """The line with those figures as ``AtLeast`` that unknown members may add to."""

    def least(value: float | None, *, is_open: bool) -> float | None:
        return AtLeast(value) if value is not None and is_open else value

    top = math.inf if line.need_high is None else line.need_high
    more = top > (line.need or 0.0) + 1e-6
    once = pooling(line.facility) is PoolingWay.AREA
    return replace(
        line,
        need=least(line.need, is_open=more),
        required=least(
            line.required, is_open=line.asked and more and (not once or top > (line.required or 0.0))
        ),
        out_of_reach=least(line.out_of_reach, is_open=households_open and line.sites_high != 1),
    )


@dataclass(frozen=True)
class FacilityTotal:
    """One facility over all areas: the deficit as a sum of what is known, and where nothing can be said."""

    facility: Facility
    areas: int
    known: int
    deficit: float | None
    deficit_low: float | None
    deficit_high: float | None
    newly_low: float
    newly_high: float | None
    gaining: int
    gaining_surely: int
    state: str


def facility_total(plan: Plan, facility: Facility) -> FacilityTotal:
    """Sum one facility over all areas, or over all communities where it is judged per community.

    ``deficit`` is the sum over the ``known`` areas that have one number; ``deficit_low`` is the sum over all,
    and so is ``deficit_high``, None where that of one area is open. All None if no area has any.
    ``state`` is that of all areas if they agree, else ``short`` if any is short, else ``unknown``
    if any is unknown, else ``met``. ``gaining`` areas have newly served households or may have some,
    ``gaining_surely`` have some;
    ``newly_high`` is None where that of one is open.
    """
    frame, front = plan.areas, f"{facility.key}_"
    if facility.level is Level.COMMUNITY and len(plan.communities):
        frame, front = plan.communities[plan.communities["facility"] == facility.key], ""

    def column(suffix: str) -> pd.Series[Any]:
        name = front + suffix
        return frame[name] if name in frame else pd.Series(index=frame.index, dtype=float)

    def total(suffix: str) -> float | None:
        value = column(suffix).astype(float).sum(min_count=1)
        return None if missing(value) else float(value)

    is_open = bool((column("deficit_low").notna() & column("deficit_high").isna()).any())
    states = {str(state) for state in column("state").dropna()}
    newly = column("newly_high").astype(float).where(column("newly_low").notna(), 0.0)
    return FacilityTotal(
        facility,
        len(frame),
        int(column("deficit").notna().sum()),
        total("deficit"),
        total("deficit_low"),
        None if is_open else total("deficit_high"),
        total("newly_low") or 0.0,
        None if newly.isna().any() else float(newly.sum()),
        int((newly != 0).sum()),
        int((column("newly_low").fillna(0.0).astype(float) > 0).sum()),
        _joint_state(states),
    )


def total_text(total: FacilityTotal, figures: Figures) -> str:
    """The deficit over all areas with its unit: a number where every area has one, else the range.

    The state in words where nothing is asked of any area.
    """
    if total.state in (State.NOT_SET, State.BELOW_TRIGGER):
        return figures.state(total.state)
    whole = total.known == total.areas
    deficit = total.deficit if whole else None
    words = figures.words
    value = deficit_phrase(total.deficit_low, total.deficit_high, deficit, total.state, words)
    return value if value == words["outputs.unknown"] else f"{value} {lack_unit(total.facility, words)}"


def _joint_state(states: set[str]) -> str:
    if len(states) == 1:
        return next(iter(states))
    for state in (State.SHORT, State.UNKNOWN, State.MET):
        if state in states:
            return state.value
    return State.UNKNOWN.value


def left_out(plan: Plan) -> pd.DataFrame:
    """Neighbourhoods in no area, by fate, then in the plan's order; all columns of the plan."""
    rows = plan.neighbourhoods.loc[plan.neighbourhoods["area_id"] == 0]
    order = {fate: k for k, fate in enumerate(LEFT_OUT)}
    return pd.DataFrame(rows.sort_values("fate", key=lambda fates: fates.map(order), kind="stable"))


def not_fitting(plan: Plan) -> pd.DataFrame:
    """Areas that break a bound on their size or are not known to keep it, in the plan's order."""
    return pd.DataFrame(plan.areas.loc[plan.areas["size_flag"].isin(NOT_FITTING)])


def is_missized(row: Row) -> bool:
    """Whether an area breaks a bound on its size."""
    return row.get("size_flag") in MISSIZED


def size_word(row: Row, words: Mapping[str, str]) -> str:
    """规模不足, 规模超限, 规模待核 or 单个小区; empty where the size is as wished for."""
    flag = row.get("size_flag")
    return "" if missing(flag) else words[f"size.{flag}"]


def size_text(row: Row, words: Mapping[str, str]) -> str:
    """The flag and the bound broken: ``规模超限：小区用地 109.4 ha，上限 60 ha``; empty where it fits."""
    reason = reason_text(row, words) if row.get("size_flag") in NOT_FITTING else ""
    return words["outputs.colon"].join(part for part in (size_word(row, words), reason) if part)


def sizes_text(flags: pd.Series[Any], words: Mapping[str, str]) -> str:
    """How many areas fit and how many do not, as every place that counts them says it.

    ``12 个符合规模（其中单个小区 1 个），另有 2 个规模不足、1 个规模超限``; where all fit, just that.
    """
    counts = count_sizes(flags)
    single = sentence(words, "size.of-single", {"count": counts.single}) if counts.single else ""
    text = sentence(words, "size.fitting", {"count": counts.fitting, "single": single})
    others = {
        "size.count-undersized": counts.undersized,
        "size.count-oversized": counts.oversized,
        "size.count-to_check": counts.to_check,
    }
    told = [sentence(words, code, {"count": count}) for code, count in others.items() if count]
    if not told:
        return text
    return sentence(words, "size.and-others", {"fitting": text, "others": words["outputs.join"].join(told)})


def proof_text(result: Result, words: Mapping[str, str]) -> str:
    """Of which question the plan is proven the best answer, or how near it is; nothing beyond ``NEAR``."""
    asked = result.asked if isinstance(result.asked, int) or result.asked in ("most", "fewest") else "auto"
    proven = result.proof if result.gap is None or result.gap <= NEAR else "not_proven"
    if not result.complete or proven == "not_proven":
        return words["proof.incomplete" if not result.complete else "proof.not_proven"]
    of = asked if isinstance(asked, str) else "exact"
    params = {"areas": result.areas, "gap": f"{100 * (result.gap or 0):.1f}"}
    return sentence(words, f"proof.{proven}-{of}", params)


def reason_text(row: Row, words: Mapping[str, str]) -> str:
    """Why a neighbourhood is in no area, or why an area's size does not fit; empty if unknown."""
    code = row.get("fate_reason")
    if missing(code):
        code = row.get("reason")
    if missing(code):
        code = row.get("eligibility_reason")
    if missing(code):
        return ""
    params = row.get("reason_params")
    values = dict(params) if isinstance(params, Mapping) else {}
    known = {name: row[name] for name in placeholders(words.get(str(code), "")) if name in row}
    return sentence(words, str(code), {**known, **values})


def enclosed_text(plan: Plan, area: int, words: Mapping[str, str]) -> str:
    """The neighbourhoods inside the range of an area that are not renewed, each with the reason."""
    rows = plan.neighbourhoods
    if "enclosed_by" not in rows:
        return ""
    told = []
    for fid, row in rows[rows["enclosed_by"] == area].iterrows():
        name, reason = neighbourhood_name(fid, row.get("name"), words), reason_text(row, words).rstrip("。.")
        pair = {"name": one_line(name), "reason": reason}
        told.append(sentence(words, "outputs.enclosed", pair) if reason else pair["name"])
    return words["outputs.semicolon"].join(told)


def neighbourhood_name(fid: Any, name: Any, words: Mapping[str, str]) -> str:
    """The name, or ``小区 #12`` by the id that tables and maps share where the survey has none."""
    return sentence(words, "outputs.unnamed", {"fid": int(fid)}) if missing(name) else str(name)


def data_status(row: Row, figures: Figures) -> str:
    """数据状态: how a neighbourhood's households are known, whether it waits for a check or was drawn in."""
    parts = [figures.coded("outputs.flag", row.get("households_flag"))]
    if row.get("eligibility") in (Eligibility.PENDING, Eligibility.CAPPED):
        parts.append(figures.coded("outputs.eligibility", row["eligibility"]))
    if row.get("origin") == "drawn":
        parts.append(figures.words["outputs.drawn"])
    if row.get("origin") == PLACED:
        parts.append(figures.words["outputs.placed"])
    return figures.words["outputs.join"].join(parts)


def remedies_of(plan: Plan) -> dict[tuple[int, str], tuple[Remedy, str]]:
    """What is to be done about each deficit by area and facility, made once for a plan."""
    made: dict[tuple[int, str], tuple[Remedy, str]] = once(
        plan, "remedies", lambda: remedies(plan, answered(plan), planned(plan))
    )
    return made


def remedy_text(plan: Plan, area: int, facility: Facility, words: Mapping[str, str]) -> str:
    """对策: what is to be done about the deficit of a facility in an area; empty where nothing lacks."""
    found = remedies_of(plan).get((area, facility.key))
    if found is None:
        return ""
    remedy, place = found
    return sentence(words, f"wording.remedy.{remedy}", {"place": one_line(place)})


def verdict_text(plan: Plan, area: int, line: FacilityLine, words: Mapping[str, str]) -> str:
    """The state of a facility in an area, and what is to be done about it: ``待加装；可行性另核``."""
    remedy = remedy_text(plan, area, line.facility, words)
    state = state_text(line.state, line.facility, words)
    return words["outputs.semicolon"].join(part for part in (state, remedy) if part)


def has_communities(plan: Plan) -> bool:
    """Whether the standard judges any facility per community."""
    return any(item.level is Level.COMMUNITY for item in plan.standard.facilities)


def line_deficit(line: FacilityLine, figures: Figures) -> str:
    """The deficit of an area as number, range or word; a dash for what its communities are asked for."""
    if line.facility.level is Level.COMMUNITY:
        return NOT_ASKED
    return figures.deficit(line.deficit_low, line.deficit_high, line.deficit, line.state)


def required_text(line: FacilityLine, figures: Figures) -> str:
    """How much is required, or a dash where the standard asks for nothing here.

    Where it is not known whether the facility is due, that is to be checked; it is no missing number.
    """
    if not line.asked:
        return NOT_ASKED
    undecided = line.required is None and line.deficit_high is not None
    return figures.words["outputs.required-open"] if undecided else figures.number(line.required)


def vague_places_text(line: FacilityLine, words: Mapping[str, str]) -> str:
    """Why the deficit is a range although every member was surveyed: a place near by of unknown size.

    Empty where the members' own unknown supply or need, or nothing, explains the numbers.
    """
    surveyed = line.known is not None and int(line.known) == line.members
    need_known = line.need is not None and line.need_high is not None and line.need_high <= line.need + 1e-6
    spread = line.deficit_low is not None and line.deficit_low != line.deficit_high
    return words["outputs.place-unknown"] if line.asked and surveyed and need_known and spread else ""


def basis_text(facility: Facility, standard: Standard, words: Mapping[str, str]) -> str:
    """依据: source and clause of a facility's numbers, and who set which value for the meeting."""
    parts = [part for part in (facility.source.strip(), facility.clause.strip()) if part]
    text = " ".join(parts) or words["outputs.no-source"]
    told = [meeting_text(facility, one, words) for one in standard.meeting if one.facility == facility.key]
    return words["outputs.join"].join([text, *told])


def meeting_text(facility: Facility, value: MeetingValue, words: Mapping[str, str]) -> str:
    """A value of the meeting in words, with who set it and when: ``取值 0.6 个/户（暂定值，待会议确认，…）``.

    ``facility`` is the line with the meeting's values already in place.
    """
    code = (
        "outputs.meeting-none" if value.value == "none" else f"outputs.meeting-{value.key.replace('_', '-')}"
    )
    number = value.value
    if value.key == "rate" and facility.rate is not None:
        number = f"{facility.rate:g}"
    per = "" if facility.rate_per == 1 else f"{facility.rate_per:g} "
    params = {
        "value": number,
        "unit": unit_name(facility, words),
        "base": per + words.get(f"base.{facility.base}", facility.base),
        "what": words[f"outputs.meeting-key.{value.key}"],
    }
    return sentence(words, code, params) + set_by(value, words)


def set_by(value: MeetingValue, words: Mapping[str, str]) -> str:
    """Who set a value of the meeting and when, in brackets: ``（暂定值，待会议确认，王工，2026-11-20）``."""
    who = (words["status.meeting"], value.by, value.at[:10])
    known = words["outputs.meeting-joiner"].join(part for part in who if part)
    return sentence(words, "outputs.meeting-who", {"known": known})


def uneven_text(line: FacilityLine, words: Mapping[str, str]) -> str:
    """Why more is lacking than what is required less the supply: surplus of one member helps no other.

    Empty where the three numbers explain each other.
    """
    if line.deficit is None or line.required is None or line.supply is None or not line.asked:
        return ""
    if line.deficit <= max(0.0, line.required - line.supply) + 0.5:
        return ""
    radius = line.facility.radius_m
    if not line.facility.pooled or line.facility.level is not Level.AREA or not radius:
        return words["outputs.uneven"]
    return sentence(words, "outputs.uneven-linked", {"radius": f"{radius:g}"})

"""What charts show, before any file draws them: bars with names, and what could not be drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from renomap.model.plan import Plan
from renomap.model.scheme import UNASSIGNED
from renomap.model.standard import Facility
from renomap.model.words import sentence
from renomap.outputs.findings import FacilityLine, facility_lines
from renomap.outputs.numbers import missing
from renomap.outputs.plain_text import one_line
from renomap.outputs.theme_maps import FIRST
from renomap.wording.deficits import lack_name, lack_unit

#: Facts of a neighbourhood whose gaps a reader must know of, with their columns in the catalogue.
KNOWN_OF: tuple[tuple[str, str], ...] = (
    ("households", "households"),
    ("population", "population"),
    ("floor_area_m2", "floor_area_m2"),
    ("buildings", "buildings"),
    ("year_min", "year"),
    ("consent_asked", "consent_asked"),
)


@dataclass(frozen=True)
class Bars:
    """A chart of bars.

    Parameters
    ----------
    title : str
        What is shown, with its unit.
    names : tuple of str
        What each bar or group of bars stands for.
    series : tuple of (str, tuple)
        Name and values of each series; None is unknown and is not drawn.
    left_out : tuple of str
        What has a range or no number and therefore no bar.
    """

    title: str
    names: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    left_out: tuple[str, ...] = ()

    def note(self, words: Mapping[str, str]) -> str:
        """The sentence on what has no bar; empty where everything has one."""
        if not self.left_out:
            return ""
        return sentence(words, "outputs.chart.left-out", {"names": words["outputs.join"].join(self.left_out)})


def pooling_bars(plan: Plan, area: int, words: Mapping[str, str]) -> Bars | None:
    """Deficits of an area by facility, alone and pooled, of the unit that most of them share.

    A chart of several units would compare what cannot be compared. None where no facility has two numbers.
    """
    asked = [line for line in facility_lines(plan, area) if line.asked and line.deficit_separate is not None]
    known = [line for line in asked if line.deficit is not None]
    lacking = [line for line in known if line.deficit_separate or line.deficit]
    if not lacking:
        return None
    units = Counter(lack_unit(line.facility, words) for line in lacking)
    unit = max(units, key=lambda one: units[one])
    drawn = [line for line in lacking if lack_unit(line.facility, words) == unit]
    return Bars(
        sentence(words, "outputs.chart.pooling", {"unit": unit}),
        tuple(one_line(lack_name(line.facility, words)) for line in drawn),
        _alone_and_pooled(drawn, words),
        tuple(one_line(lack_name(line.facility, words)) for line in asked if line.deficit is None),
    )


def facility_bars(plan: Plan, facility: Facility, words: Mapping[str, str]) -> Bars:
    """Deficits of a facility by area, alone and pooled."""
    lines: dict[str, FacilityLine] = {}
    for area, row in plan.areas.iterrows():
        found = next(one for one in facility_lines(plan, int(str(area))) if one.facility.key == facility.key)
        lines[f"{area} {one_line(row['name'])}"] = found
    drawn = {name: one for name, one in lines.items() if one.deficit is not None}
    params = {"facility": lack_name(facility, words), "unit": lack_unit(facility, words)}
    return Bars(
        sentence(words, "outputs.chart.facility", params),
        tuple(drawn),
        _alone_and_pooled(drawn.values(), words),
        tuple(name for name in lines if name not in drawn),
    )


def _alone_and_pooled(
    lines: Iterable[FacilityLine], words: Mapping[str, str]
) -> tuple[tuple[str, tuple[float | None, ...]], ...]:
    kept = list(lines)
    return (
        (words["outputs.chart.alone"], tuple(line.deficit_separate for line in kept)),
        (words["outputs.chart.pooled"], tuple(line.deficit for line in kept)),
    )


def decade_bars(plan: Plan, words: Mapping[str, str]) -> Bars:
    """Households of the neighbourhoods in areas by the decade these were built in; years unknown apart."""
    inside = plan.neighbourhoods[plan.neighbourhoods["area_id"] != UNASSIGNED]
    sums: dict[str, float] = {}
    without = 0
    years = inside["year_min"] if "year_min" in inside else [None] * len(inside)
    unknown = words["outputs.chart.year-unknown"]
    for year, households in zip(years, inside["households"], strict=True):
        if missing(households):
            without += 1
            continue
        decade = unknown if missing(year) else str(int(year) // 10 * 10)
        name = decade if decade == unknown else sentence(words, "outputs.chart.decade", {"decade": decade})
        sums[name] = sums.get(name, 0.0) + float(households)
    names = sorted(name for name in sums if name != unknown) + [unknown] * (unknown in sums)
    left = (sentence(words, "outputs.chart.without-households", {"count": without}),) if without else ()
    return Bars(
        words["outputs.chart.decades"],
        tuple(names),
        ((words["outputs.col.households"], tuple(sums[name] for name in names)),),
        left,
    )


def known_bars(plan: Plan, words: Mapping[str, str]) -> Bars:
    """Of how many neighbourhoods in areas each fact is known."""
    inside = plan.neighbourhoods[plan.neighbourhoods["area_id"] != UNASSIGNED]
    facts = [(column, name) for column, name in KNOWN_OF if column in inside]
    known = [int(inside[column].notna().sum()) for column, _ in facts]
    return Bars(
        words["outputs.chart.known-title"],
        tuple(words[f"field.{name}"] for _, name in facts),
        (
            (words["outputs.chart.known"], tuple(float(count) for count in known)),
            (words["outputs.chart.unknown"], tuple(float(len(inside) - count) for count in known)),
        ),
    )


def plan_bars(plan: Plan, words: Mapping[str, str]) -> list[Bars]:
    """The charts of a plan: deficits of the first facilities, households by decade, what is known."""
    deficits = [facility_bars(plan, facility, words) for facility in plan.standard.facilities[:FIRST]]
    return [*deficits, decade_bars(plan, words), known_bars(plan, words)]

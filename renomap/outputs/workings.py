"""Workings: how a number of an area came about, sentence by sentence: formula, inputs, clause, status."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from renomap.model.members import members_of
from renomap.model.plan import Plan
from renomap.model.standard import Level, State
from renomap.model.words import sentence
from renomap.outputs.community_tables import facility_line
from renomap.outputs.findings import (
    FacilityLine,
    area_row,
    basis_text,
    facility_lines,
    neighbourhood_name,
    uneven_text,
)
from renomap.outputs.numbers import AtLeast, Figures, Kind, missing
from renomap.outputs.pooling_text import gain_text, reach_text, sites_text
from renomap.outputs.siting_lines import way_word
from renomap.outputs.standard_tables import rate_text, trigger_text
from renomap.wording.names import facility_name, unit_name

#: Members told by name; the others are counted.
NAMED: Final = 12
#: What an area may lack more than required less supply before that needs a word (rounding).
_EVEN: Final = 0.5


def facility_working(plan: Plan, area: int, key: str, words: Mapping[str, str]) -> list[str]:
    """How the deficit of a facility in an area came about, as the report's table states its parts.

    Parameters
    ----------
    key : str
        Key of the facility in the plan's standard; ValueError where it has none of that key.
    """
    lines = [line for line in facility_lines(plan, area) if line.facility.key == key]
    if not lines:
        raise ValueError(f"no facility {key!r}")
    line = lines[0]
    told = [_rule(line, words)]
    if line.facility.level is Level.COMMUNITY:
        told += [*facility_line(plan, area, key, words), words["outputs.communities-basis"]]
    elif line.state == State.NOT_SET:
        told.append(words["working.not-set"])
    elif line.state == State.BELOW_TRIGGER:
        told += [
            *_need(line, words),
            _say(words, line, "below-trigger", trigger=trigger_text(line.facility, words)),
        ]
    else:
        told += [*_need(line, words), *_required(plan, area, line, words), *_supply(plan, area, line, words)]
        told += [*_deficit(line, words), *_pooled(plan, area, line, words)]
    status = words.get(f"status.{line.facility.status}", str(line.facility.status))
    basis = basis_text(line.facility, plan.standard, words)
    return [*told, sentence(words, "working.basis", {"basis": basis, "status": status})]


def size_working(plan: Plan, area: int, key: str, words: Mapping[str, str]) -> list[str]:
    """How a size of an area came about; ``key`` is one of ``SIZES``."""
    return SIZES[key](plan, area, words)


def _say(words: Mapping[str, str], line: FacilityLine, code: str, **values: Any) -> str:
    figures = Figures(words)
    params = {"unit": unit_name(line.facility, words), "facility": facility_name(line.facility, words)}
    for name in ("need", "required", "supply", "deficit", "deficit_low", "deficit_high", "alone"):
        params[name] = figures.number(getattr(line, name))
    params |= {"members": figures.number(line.members), "known": figures.of(line.known, line.members)}
    return sentence(words, f"working.{code}", params | values)


def _rule(line: FacilityLine, words: Mapping[str, str]) -> str:
    """The standard's numbers of the facility in one sentence."""
    facility, figures = line.facility, Figures(words)
    parts = [rate_text(facility, words)]
    if facility.min_size is not None:
        parts.append(_say(words, line, "least", size=figures.number(facility.min_size)))
    if facility.radius_m:
        parts.append(_say(words, line, "radius", radius=figures.number(facility.radius_m, Kind.METRE)))
    if facility.trigger:
        parts.append(_say(words, line, "trigger", trigger=trigger_text(facility, words)))
    rule = words["working.part"].join(part for part in parts if part)
    return sentence(words, "working.rule", {"rule": rule or words["outputs.rate-none"]})


def _need(line: FacilityLine, words: Mapping[str, str]) -> Iterator[str]:
    facility = line.facility
    if line.need is None:
        yield _say(
            words, line, "need-unknown", base=words.get(f"outputs.base.{facility.base}", facility.base)
        )
    elif facility.rate:
        counted = line.need * facility.rate_per / facility.rate
        total = Figures(words).number(AtLeast(counted) if isinstance(line.need, AtLeast) else counted)
        base = words.get(f"outputs.base.{facility.base}", facility.base)
        yield _say(words, line, "need", total=total, base=base, rate=rate_text(facility, words))
        if line.need_high is None:
            yield _say(words, line, "need-open", base=base)
        elif round(line.need_high - line.need, 6) > 0:
            more = Figures(words).number((line.need_high - line.need) * facility.rate_per / facility.rate)
            code = "need-storeys" if facility.base == "stairwell" else "need-up-to"
            yield _say(words, line, code, more=more, base=base, high=Figures(words).number(line.need_high))


def _required(plan: Plan, area: int, line: FacilityLine, words: Mapping[str, str]) -> Iterator[str]:
    facility, figures = line.facility, Figures(words)
    if line.required is None:
        yield _say(words, line, "required-unknown", trigger=trigger_text(facility, words))
        return
    if facility.min_size is not None:
        yield _say(words, line, "required-least", size=figures.number(facility.min_size))
    if line.sites_high and facility.radius_m:
        params = {
            "radius": figures.number(facility.radius_m, Kind.METRE),
            "sites": sites_text(line, figures),
            "reach": reach_text(line, area_row(plan, area), figures),
        }
        yield _say(words, line, "sites-one" if line.sites_high == 1 else "sites", **params)


def _supply(plan: Plan, area: int, line: FacilityLine, words: Mapping[str, str]) -> Iterator[str]:
    figures = Figures(words)
    yield _say(words, line, "supply-known" if line.known == line.members else "supply")
    if not len(plan.shared):
        return
    rows = plan.shared[(plan.shared["area"] == area) & (plan.shared["facility"] == line.facility.key)]
    for row in rows.to_dict("records"):
        params = {
            "source": figures.text(row["source"]),
            "amount": figures.number(row["amount"]),
            "unit": unit_name(line.facility, words),
            "distance": figures.number(row["distance_m"], Kind.METRE),
            "way": way_word(plan, words),
        }
        yield sentence(words, "working.shared", {"shared": sentence(words, "outputs.report.shared", params)})


def _deficit(line: FacilityLine, words: Mapping[str, str]) -> Iterator[str]:
    if line.deficit is None:
        if line.deficit_low is None or (line.deficit_high is None and line.deficit_low <= 0):
            yield _say(words, line, "deficit-unknown")
        else:
            yield _say(words, line, "deficit-least" if line.deficit_high is None else "deficit-range")
        return
    plain = None
    if line.required is not None and line.supply is not None:
        plain = max(0.0, line.required - line.supply)
    if plain is not None and abs(line.deficit - plain) <= _EVEN:
        yield _say(words, line, "deficit")
    else:
        yield _say(words, line, "deficit-summed", why=uneven_text(line, words) or words["outputs.uneven"])


def _pooled(plan: Plan, area: int, line: FacilityLine, words: Mapping[str, str]) -> Iterator[str]:
    facility, figures = line.facility, Figures(words)
    if not facility.pooled:
        yield _say(words, line, "not-pooled")
        return
    if facility.min_size is not None and line.alone is not None:
        yield _say(words, line, "alone", size=figures.number(facility.min_size))
    if line.newly_low is None:
        return
    if line.gains:
        yield _say(words, line, "newly", gain=gain_text(line, figures))
        return
    why = "met" if line.state == State.MET else "alone"
    if line.members == 1 or not (facility.min_size or facility.trigger):
        why = "single" if line.members == 1 else "rate"
    yield _say(words, line, "newly-none", why=words[f"working.newly-{why}"])


def _households(plan: Plan, area: int, words: Mapping[str, str]) -> list[str]:
    return _summed(plan, area, words, "households", flags="households_flag")


def _buildings(plan: Plan, area: int, words: Mapping[str, str]) -> list[str]:
    return _summed(plan, area, words, "buildings")


def _population(plan: Plan, area: int, words: Mapping[str, str]) -> list[str]:
    rows, standard = members_of(plan, area), plan.standard
    said = rows["population"].notna()
    derived = ~said & rows["households"].notna()
    figures = Figures(words)
    params = {
        "said": figures.number(int(said.sum())),
        "derived": figures.number(int(derived.sum())),
        "unknown": figures.number(int((~said & ~derived).sum())),
        "persons": f"{standard.persons_per_household:g}",
        "source": standard.persons_source or words["outputs.no-source"],
        "status": words.get(f"status.{standard.persons_status}", str(standard.persons_status)),
    }
    return [sentence(words, "working.population", params)]


def _area(plan: Plan, area: int, words: Mapping[str, str]) -> list[str]:
    row, figures = area_row(plan, area), Figures(words)
    params = {
        "area": figures.number(row["area_ha"], Kind.HA),
        "members": figures.number(row["members_ha"], Kind.HA),
        "crs": plan.project.crs if len(plan.project.crs) < 20 else words["working.own-crs"],
    }
    kind = "drawn" if row["kind"] == "drawn" else "derived"
    return [sentence(words, "working.area", params), words[f"working.area-{kind}"]]


def _summed(
    plan: Plan, area: int, words: Mapping[str, str], column: str, flags: str | None = None
) -> list[str]:
    """Sum of what is known of the members, largest first, and who is not known."""
    rows, figures = members_of(plan, area), Figures(words)
    ordered = rows.sort_values(column, ascending=False, kind="stable")
    known, unknown = ordered[ordered[column].notna()], ordered[ordered[column].isna()]

    def told(row: pd.Series[Any]) -> str:
        value = figures.number(row[column])
        if flags is not None and row[flags] != "reported":
            value = sentence(
                words, "working.flagged", {"value": value, "flag": figures.coded("outputs.flag", row[flags])}
            )
        return f"{_name(row, words)} {value}"

    parts = words["outputs.join"].join(told(row) for _, row in known.head(NAMED).iterrows())
    more = len(known) - NAMED
    if more > 0:
        rest = figures.number(known[column].iloc[NAMED:].sum())
        parts += words["outputs.join"] + sentence(words, "working.others", {"count": more, "sum": rest})
    total = figures.number(known[column].sum()) if len(known) else words["outputs.unknown"]
    lines = [sentence(words, "working.sum", {"parts": parts, "total": total})] if len(known) else []
    if len(unknown):
        names = words["outputs.join"].join(_name(row, words) for _, row in unknown.head(NAMED).iterrows())
        lines.append(sentence(words, "working.unknown", {"names": names, "count": len(unknown)}))
    return lines


def _name(row: pd.Series[Any], words: Mapping[str, str]) -> str:
    return neighbourhood_name(row.name, None if missing(row["name"]) else row["name"], words)


#: Sizes of an area that have workings, by the slug of their label.
SIZES: Final[Mapping[str, Callable[[Plan, int, Mapping[str, str]], list[str]]]] = {
    "households": _households,
    "population": _population,
    "buildings": _buildings,
    "area": _area,
}

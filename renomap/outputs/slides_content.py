"""What the slides say, in their order, as plain values: what the report says and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renomap.model.comparison import Comparison
from renomap.model.plan import Plan
from renomap.model.standard import State
from renomap.model.words import sentence
from renomap.outputs import comparison_tables, plan_tables
from renomap.outputs.blocks import Passage, to_fill
from renomap.outputs.chart_data import Bars, known_bars, pooling_bars
from renomap.outputs.findings import NOT_ASKED, by_deficit, facility_lines, line_deficit, remedy_text
from renomap.outputs.five_answers import Answer, five_answers
from renomap.outputs.numbers import Figures
from renomap.outputs.plain_text import one_line
from renomap.outputs.report_content import content
from renomap.outputs.table import for_template
from renomap.outputs.theme_maps import FIRST
from renomap.wording.deficits import deficit_heading, state_text
from renomap.wording.names import name_and_unit
from renomap.wording.statuses import facility_status, households_status, population_status

#: Columns of the table of indicators with their shares of the width.
_INDICATORS: tuple[tuple[str, float], ...] = (
    ("area-id", 5),
    ("area", 22),
    ("neighbourhoods", 8),
    ("buildings", 8),
    ("households", 9),
    ("population", 9),
    ("area-ha", 10),
    ("floor-area", 12),
    ("years", 12),
)
#: Which status a facility in the table of an area has, told below it: there is no room for it in each row.
_MARKS = "①②③④⑤⑥⑦⑧⑨"
#: Remedies told one by one on the last slide.
_REMEDIES = 5


@dataclass(frozen=True)
class Slide:
    """One slide, or several with the same title where a table or a list is longer than a slide.

    Parameters
    ----------
    kind : str
        'map', 'table', 'list' or 'chart': which place each part gets.
    picture : tuple or None
        Theme and area of its map.
    figures : tuple of (str, str, str)
        Key figures: label, value, what must be said of it.
    table : Mapping or None
        As ``table.for_template`` gives it.
    """

    title: str
    kind: str
    picture: tuple[str, int | None] | None = None
    figures: tuple[tuple[str, str, str], ...] = ()
    table: Mapping[str, Any] | None = None
    chart: Bars | None = None
    lines: tuple[Passage, ...] = ()  # of a list; of a table what stands below it


@dataclass(frozen=True)
class Deck:
    """The first slide (title, scheme, answers) and the others in their order."""

    title: str
    subtitle: str
    mark: str
    made_by: str
    answers: tuple[Answer, ...]
    slides: tuple[Slide, ...]


def deck(
    plan: Plan,
    words: Mapping[str, str],
    *,
    area_pages: bool = True,
    comparison: Comparison | None = None,
    said: Mapping[str, Any] | None = None,
) -> Deck:
    """Cover, answers, map, deficits, indicators, areas, comparison where there is one, what comes next.

    ``said`` is what ``report_content.content`` gives, where it is made already.
    """
    figures = Figures(words)
    data = said or content(plan, words, area_pages=area_pages)
    answers = tuple(five_answers(plan, data, figures))
    slides = [
        _answers(answers, words),
        _overview(data, words),
        *_deficits(plan, data, words),
        _indicators(plan, figures),
        _known(plan, words),
        *(_area(plan, area, figures) for area in data["areas"]),
    ]
    if comparison is not None:
        slides.append(_comparison(comparison, plan, figures))
    slides.append(_next(plan, data, answers, figures))
    made_by = (plan.project.form.get(key, "") for key in ("author", "client", "date"))
    return Deck(
        data["title"],
        data["subtitle"],
        data["mark"],
        "  ".join(one_line(part) for part in made_by if part),
        answers,
        tuple(slides),
    )


def _answers(answers: tuple[Answer, ...], words: Mapping[str, str]) -> Slide:
    lines = [
        passage
        for k, answer in enumerate(answers, start=1)
        for passage in (Passage(f"{k}  {answer.question}", "head"), *answer.lines)
    ]
    return Slide(words["outputs.report.programme-brief"], "list", lines=tuple(lines))


def _overview(data: Mapping[str, Any], words: Mapping[str, str]) -> Slide:
    figures = tuple((item["label"], item["value"], item["note"]) for item in data["figures"])
    return Slide(words["outputs.report.overview"], "map", ("areas", None), figures)


def _deficits(plan: Plan, data: Mapping[str, Any], words: Mapping[str, str]) -> list[Slide]:
    """A map and a table of each facility that comes first; what all areas lack, with its status, above."""
    figures, slides = Figures(words), []
    for facility, total in zip(plan.standard.facilities[:FIRST], data["totals"], strict=True):
        rows = []
        for area, line in by_deficit(plan, facility):
            name = f"{area} {one_line(plan.areas['name'][area])}"
            rows.append([name, line_deficit(line, figures), state_text(line.state, facility, words)])
        head = [words[f"outputs.col.{name}"] for name in ("area", "deficit", "state")]
        table = _table(head, ["left", "right", "left"], [24, 14, 12], rows)
        title = deficit_heading(facility, words)
        whole = (total["label"], total["value"], total["status"])
        slides.append(Slide(title, "map", (f"deficit:{facility.key}", None), (whole,), table))
    return slides


def _indicators(plan: Plan, figures: Figures) -> Slide:
    table = plan_tables.areas(plan, figures.words)
    total = plan_tables.totals(plan, table, figures)
    shown = for_template(table, figures, _INDICATORS, total)
    title, note = figures.words["outputs.report.area-table"], _people_status(plan, figures.words)
    return Slide(title, "table", table=shown, lines=(Passage(note, "note"),) if note else ())


def _people_status(plan: Plan, words: Mapping[str, str]) -> str:
    """What households and residents rest on where not all are reported; empty where they are."""
    told = {"households": households_status(plan, words), "population": population_status(plan, words)}
    parts = [
        words["outputs.colon"].join((words[f"outputs.col.{key}"], text)) for key, text in told.items() if text
    ]
    return words["outputs.semicolon"].join(parts)


def _known(plan: Plan, words: Mapping[str, str]) -> Slide:
    return Slide(words["outputs.chart.known-title"], "chart", chart=known_bars(plan, words))


def _area(plan: Plan, area: Mapping[str, Any], figures: Figures) -> Slide:
    words, key = figures.words, int(area["id"])
    facts = dict(area["figures"])
    names = [words[f"outputs.col.{name}"] for name in ("households", "neighbourhoods", "area-ha")]
    told = tuple((name, *_value_and_status(facts[name])) for name in names)
    rows: list[list[str]] = []
    marks: dict[str, str] = {}
    for line in facility_lines(plan, key):
        if line.state not in (State.SHORT, State.UNKNOWN) or not line.asked:
            continue
        facility = line.facility
        # Below the least size of a place, what neighbourhoods lack alone is nothing to compare with.
        alone = NOT_ASKED if facility.min_size else figures.number(line.deficit_separate)
        remedy = remedy_text(plan, key, facility, words)
        state = state_text(line.state, facility, words)
        shown = state if remedy in ("", state) else remedy
        status = facility_status(plan, facility, words, key)
        mark = marks.setdefault(status, _MARKS[min(len(marks), len(_MARKS) - 1)])
        name = f"{one_line(name_and_unit(facility, words))} {mark}"
        rows.append([name, alone, line_deficit(line, figures), shown])
    head = [
        words["outputs.col.facility"],
        words["outputs.chart.alone"],
        words["outputs.chart.pooled"],
        words["outputs.col.remedy"],
    ]
    table = _table(head, ["left", "right", "right", "left"], [26, 15, 19, 18], rows)
    statuses = words["outputs.semicolon"].join(f"{mark} {status}" for status, mark in marks.items())
    note = (Passage(statuses, "note"),) if statuses else ()
    return Slide(area["title"], "area", ("areas", key), told, table, pooling_bars(plan, key, words), note)


def _value_and_status(text: str) -> tuple[str, str]:
    """The number, and what stands in brackets behind it."""
    for mark in ("（", " ("):
        if mark in text:
            value, _, status = text.partition(mark)
            return value, status.rstrip("）)")
    return text, ""


def _comparison(found: Comparison, plan: Plan, figures: Figures) -> Slide:
    words = figures.words
    table = for_template(comparison_tables.brief_indicators(found, words, plan), figures)
    params = {"one": found.one, "two": found.two}
    return Slide(sentence(words, "outputs.slides.comparison", params), "table", table=table)


def _next(plan: Plan, data: Mapping[str, Any], answers: tuple[Answer, ...], figures: Figures) -> Slide:
    """What is to be done: remedies by how many deficits ask for each, the years, who and by when."""
    words = figures.words
    remedies = Counter(
        remedy_text(plan, int(str(area)), line.facility, words)
        for area in plan.areas.index
        for line in facility_lines(plan, int(str(area)))
        if line.asked and line.state in (State.SHORT, State.UNKNOWN)
    )
    lines = [
        Passage(
            sentence(words, "outputs.slides.remedy", {"remedy": one, "count": figures.number(count)}), "item"
        )
        for one, count in remedies.most_common(_REMEDIES)
        if one
    ]
    if lines:
        total = {"count": figures.number(remedies.total())}
        lines.insert(0, Passage(sentence(words, "outputs.slides.remedies", total), "head"))
    rest = remedies.total() - sum(count for _, count in remedies.most_common(_REMEDIES))
    if rest:
        lines.append(Passage(sentence(words, "outputs.slides.more", {"count": figures.number(rest)}), "item"))
    fill = to_fill(words["outputs.slides.fill-next"], words)
    return Slide(words["outputs.slides.next"], "list", lines=(*lines, *answers[3].lines, fill))


def _table(head: list[str], align: list[str], widths: list[int], rows: list[list[str]]) -> dict[str, Any]:
    return {"head": head, "align": align, "widths": widths, "rows": rows, "omitted": ""}

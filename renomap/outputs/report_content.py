"""What stands on the pages of the report, as plain values: the template sets them and decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from renomap.cartography.symbols import tokens
from renomap.cartography.titleblock import crs_name
from renomap.model.households import counted_whole
from renomap.model.plan import Plan
from renomap.model.preset import Eligibility
from renomap.model.scheme import UNASSIGNED
from renomap.model.standard import State
from renomap.model.words import sentence
from renomap.outputs import plan_tables, tally_tables, theme_maps
from renomap.outputs.area_content import area_content
from renomap.outputs.community_tables import community_summary
from renomap.outputs.comparison_page import comparison_page
from renomap.outputs.data_notes import data_notes
from renomap.outputs.findings import (
    facility_lines,
    facility_total,
    line_deficit,
    sizes_text,
    span_text,
    total_text,
)
from renomap.outputs.link_table import manual_links
from renomap.outputs.numbers import Figures, at_least, missing
from renomap.outputs.plain_text import one_line
from renomap.outputs.programme_pages import programme_pages
from renomap.outputs.siting_lines import siting_note, siting_table
from renomap.outputs.standard_tables import preset_table, standard_table
from renomap.outputs.table import for_template
from renomap.outputs.theme_maps import FIRST
from renomap.wording.dates import printed_on
from renomap.wording.deficits import lack_name, lack_unit
from renomap.wording.names import facility_name, titled, unit_name
from renomap.wording.statuses import facility_status, households_status, population_status

#: Areas that may find room on the cover; more stand in table 1 alone.
MOST_ON_COVER = 40
#: Columns on paper with their shares of the width: table 1, and the list of who is in no area.
AREA_COLUMNS: tuple[tuple[str, float], ...] = (
    ("area-id", 4),
    ("area", 17),
    ("street", 12),
    ("neighbourhoods", 6),
    ("buildings", 6),
    ("households", 8),
    ("households-known", 9),
    ("population", 8),
    ("area-ha", 8),
    ("floor-area", 11),
    ("years", 9),
    ("city-subsidy", 8),
    ("district-subsidy", 8),
    ("subsidy-status", 8),
    ("consent-asked-share", 7),
    ("consent-yes-share", 7),
    ("verdict", 8),
    ("remark", 22),
)
OUTSIDE_COLUMNS: tuple[tuple[str, float], ...] = (
    ("kind", 8),
    ("neighbourhood", 22),
    ("street", 14),
    ("community", 14),
    ("years", 10),
    ("households", 8),
    ("status", 14),
    ("reason", 34),
)


def with_figures(
    said: Mapping[str, Any], plan: Plan, words: Mapping[str, str], figures_of: Sequence[str]
) -> dict[str, Any]:
    """A content with the pages of figures, ``figures_of`` as in ``theme_maps.chosen``; ``said`` stays."""
    maps = theme_maps.chosen(plan, figures_of, words)
    pages = [theme_maps.figure_page(plan, one, Figures(words)) for one in maps if not one.lacking]
    return {**said, "theme_maps": pages, "notes": [*said["notes"], *_figure_notes(maps, words)]}


def content(plan: Plan, words: Mapping[str, str], *, area_pages: bool) -> dict[str, Any]:
    """Everything the template needs except maps and figures, see ``with_figures``.

    The papers of a pack share one; treat it as read-only.

    Returns
    -------
    dict
        JSON values only; every number is already a text. ``areas`` is empty without area pages.
    """
    figures = Figures(words)
    form = {key: one_line(value) for key, value in plan.project.form.items()}
    ids = [int(str(area)) for area in plan.areas.index] if area_pages else []
    return {
        "lang": words["language"],
        "tokens": dict(tokens()),
        "region": "cn" if words["language"] == "zh" else "gb",
        "title": form.get("title") or words["outputs.report.untitled"],
        "subtitle": subtitle(plan, words),
        "mark": form.get("mark", ""),
        "author": form.get("author", ""),
        "stamp": plan.stamp,
        "strip": title_block(plan, words),
        "unknown": [words["outputs.no-data"], words["outputs.not-given"]],
        "labels": {
            key.removeprefix("outputs.report."): value
            for key, value in words.items()
            if key.startswith("outputs.report.")
        },
        "figures": _key_figures(plan, figures),
        "totals": [_total(plan, facility.key, figures) for facility in plan.standard.facilities[:FIRST]],
        "area_table": _area_table(plan, figures),
        "summary": _summary(plan, figures),
        "theme_maps": [],
        "areas": [area_content(plan, area, figures) for area in ids],
        "outside": for_template(plan_tables.outside(plan, words), figures, OUTSIDE_COLUMNS),
        "tallies": for_template(tally_tables.tallies(plan, words), figures),
        "sites": for_template(tally_tables.sites(plan, words), figures),
        "siting": for_template(siting_table(plan, words, is_brief=True), figures),
        "siting_note": siting_note(plan, words),
        "manual_links": for_template(manual_links(plan, words), figures),
        "handed_up": _handed_up(plan, figures),
        "handed_up_none": _nothing_handed_up(plan, figures),
        "communities": community_summary(plan, figures),
        "notes": [{"topic": one.topic, "text": one_line(one.text)} for one in data_notes(plan, words)],
        "standard": for_template(standard_table(plan, words), figures),
        "standard_title": one_line(standard_table(plan, words).title),
        "preset": for_template(preset_table(plan, words), figures),
        "preset_title": one_line(preset_table(plan, words).title),
        "standard_note": one_line(
            words["outputs.semicolon"].join(
                part.rstrip("。；;") for part in (plan.standard.edition, plan.standard.note) if part
            )
        ),
        "preset_note": one_line(plan.preset.note),
        **({} if plan.programme is None else programme_pages(plan, plan.programme, figures)),
        **({} if plan.compared is None else comparison_page(plan, plan.compared, figures)),
    }


def _figure_notes(maps: Sequence[theme_maps.ThemeMap], words: Mapping[str, str]) -> list[dict[str, str]]:
    """Figures that are not drawn with their reasons, and those that others draw; nothing without figures."""
    told = [*theme_maps.refusals(maps, words), *theme_maps.elsewhere(words)] if maps else []
    return [{"topic": words["outputs.topic.figures"], "text": one_line(text)} for text in told]


def _area_table(plan: Plan, figures: Figures) -> dict[str, Any]:
    """Table 1 with its sums below."""
    table = plan_tables.areas(plan, figures.words)
    return for_template(table, figures, AREA_COLUMNS, plan_tables.totals(plan, table, figures))


def _summary(plan: Plan, figures: Figures) -> dict[str, Any]:
    """Areas with households and the deficits that come first, for the cover; empty if there are too many."""
    words, first = figures.words, plan.standard.facilities[:FIRST]
    rows = []
    for area, row in plan.areas.iterrows() if len(plan.areas) <= MOST_ON_COVER else ():
        lines = facility_lines(plan, int(str(area)))[:FIRST]
        shown = [line_deficit(line, figures) for line in lines]
        rows.append([str(area), one_line(row["name"]), figures.number(row["households"]), *shown])
    names = [
        sentence(
            words, "maps.legend.lack", {"facility": lack_name(item, words), "unit": lack_unit(item, words)}
        )
        for item in first
    ]
    return {
        "head": [
            words["outputs.col.area-id"],
            words["outputs.col.area"],
            words["outputs.col.households"],
            *names,
        ],
        "align": ["right", "left", *["right"] * (1 + len(first))],
        "widths": [6, 20, 10, *[14] * len(first)],
        "rows": rows,
    }


def subtitle(plan: Plan, words: Mapping[str, str]) -> str:
    """Scheme, preset and standard on one line."""
    parts = [] if plan.scheme is None else [f"{words['outputs.scheme']} {plan.scheme.title}"]
    parts.append(f"{words['outputs.preset']} {titled(plan.preset, words)}")
    parts.append(f"{words['outputs.standard']} {titled(plan.standard, words)}")
    return one_line("  |  ".join(parts))


def title_block(plan: Plan, words: Mapping[str, str]) -> list[list[str]]:
    """Title block: what the project's form gives, when it was printed, and how surfaces are measured.

    The date of the data is never left out.
    """
    keys = ("author", "client", "date", "number", "data_date", "data_source")
    given = [
        [
            words[f"outputs.report.{key.replace('_', '-')}"],
            one_line(plan.project.form.get(key) or words["outputs.not-given"]),
        ]
        for key in keys
        if plan.project.form.get(key) or key == "data_date"
    ]
    given.append([words["wording.printed-on"], printed_on(plan.stamp)])
    method = sentence(words, "outputs.report.method", {"crs": crs_name(plan.project.crs)})
    return [*given, ["", one_line(method)]]


def _key_figures(plan: Plan, figures: Figures) -> list[dict[str, str]]:
    words, totals, areas = figures.words, plan.totals, plan.areas

    def summed(name: str) -> Any:
        return areas[name].sum(min_count=1) if name in areas else None

    def of_all(key: str) -> str:
        """The sum over the survey; of how many neighbourhoods where some are unknown or lower bounds."""
        if missing(totals.get(key)):
            return ""
        known, count = totals.get(f"{key}_known", totals["neighbourhoods"]), totals["neighbourhoods"]
        code = "outputs.report.share-of" if known == count else "outputs.report.share-of-known"
        params = {"total": figures.number(totals[key]), "known": figures.of(known, count)}
        return sentence(words, code, params)

    def known_of(name: str) -> str:
        """The sum over the survey, and of how many neighbourhoods in areas the sum over these is known."""
        known, count = summed(f"{name}_known"), summed("neighbourhoods")
        parts = [of_all(name)]
        if not missing(known) and known < count:
            parts.append(sentence(words, "outputs.known-in", {"known": figures.of(known, count)}))
        return joined(*parts)

    def joined(*parts: str) -> str:
        return words["outputs.join"].join(part for part in parts if part)

    return [
        {
            "label": words["outputs.report.areas-count"],
            "value": figures.number(len(areas)),
            "note": sizes_text(areas["size_flag"], words),
        },
        {
            "label": words["outputs.report.neighbourhoods-in"],
            "value": figures.number(totals.get("assigned")),
            "note": joined(of_all("neighbourhoods"), _pending(plan, figures)),
        },
        {
            "label": words["outputs.report.households-in"],
            "value": figures.number(summed("households")),
            "note": joined(known_of("households"), households_status(plan, words)),
        },
        {
            "label": words["outputs.report.population-in"],
            "value": figures.number(summed("population")),
            "note": joined(known_of("population"), population_status(plan, words)),
        },
    ]


def _pending(plan: Plan, figures: Figures) -> str:
    """How many members' eligibility is still to be checked, and their households; empty for none."""
    people = plan.neighbourhoods
    pending = people[(people["area_id"] != UNASSIGNED) & (people["eligibility"] == Eligibility.PENDING)]
    if pending.empty:
        return ""
    households = pending["households"].sum(min_count=1)
    known = int(counted_whole(pending).sum())
    params = {
        "count": figures.number(len(pending)),
        "households": figures.number(at_least(households, known, len(pending))),
    }
    code = "outputs.report.pending-unknown" if missing(households) else "outputs.report.pending"
    return sentence(figures.words, code, params)


def _total(plan: Plan, key: str, figures: Figures) -> dict[str, str]:
    facility = plan.standard.facility(key)
    assert facility is not None
    words = figures.words
    total = facility_total(plan, facility)
    notes = []
    if total.state not in (State.NOT_SET, State.BELOW_TRIGGER) and total.known < total.areas:
        params = {"known": figures.of(total.known, total.areas)}
        # Not below nothing and without a most is no range.
        nothing = total_text(total, figures) == words["outputs.unknown"]
        code = "outputs.report.none-known" if nothing else "outputs.report.known-areas"
        notes.append(sentence(words, code, params))
    if total.gaining and (total.newly_low > 0 or not missing(total.newly_high)):
        params = {
            "gain": span_text(total.newly_low, total.newly_high, figures),
            "sure": figures.number(total.gaining_surely),
            "open": figures.number(total.gaining - total.gaining_surely),
        }
        sure = total.gaining == total.gaining_surely
        code = "outputs.report.newly-served-sure" if sure else "outputs.report.newly-served-value"
        gain = sentence(words, code, params)
        notes.append(f"{words['outputs.report.newly-served']} {gain}")
    return {
        "label": lack_name(facility, words),
        "value": total_text(total, figures),
        "note": words["outputs.join"].join(notes),
        "status": facility_status(plan, facility, words),
        "state": total.state,
    }


def _nothing_handed_up(plan: Plan, figures: Figures) -> str:
    """What stands in place of the table: nothing, or that it cannot be said while residents are not known."""
    people = plan.communities
    open_ones = people if people.empty else people[people["required"].isna()]
    if open_ones.empty or not (open_ones["state"] == State.UNKNOWN).any():
        return figures.words["outputs.report.none"]
    open_ones = open_ones[open_ones["state"] == State.UNKNOWN]
    count = figures.number(open_ones.groupby(["street", "community"], dropna=False).ngroups)
    return sentence(figures.words, "outputs.report.handed-up-open", {"count": count})


def _handed_up(plan: Plan, figures: Figures) -> dict[str, Any]:
    """Needs below the trigger; places asked for by the same people stand in one row."""
    words = figures.words
    rows: list[list[str]] = []
    places: dict[tuple[str, str], list[str]] = {}
    for row in plan.below_trigger.to_dict("records") if len(plan.below_trigger) else []:
        facility = plan.standard.facility(str(row["facility"]))
        name = one_line(str(row["facility"]) if facility is None else facility_name(facility, words))
        whose = (one_line(figures.text(row["street"])), figures.number(row["population"]))
        # A facility that is asked for by the place has no rate, which is not the same as missing data.
        if missing(row["need"]):
            places.setdefault(whose, []).append(name)
            continue
        unit = "" if facility is None else unit_name(facility, words)
        rows.append([name, *whose, f"{figures.number(row['need'])} {unit}"])
    rows += [
        [words["outputs.join"].join(names), *whose, words["outputs.by-place"]]
        for whose, names in places.items()
    ]
    return {
        "head": [words[f"outputs.col.{name}"] for name in ("facility", "street", "population", "need")],
        "align": ["left", "left", "right", "right"],
        "widths": [62, 14, 12, 12],
        "rows": rows,
    }

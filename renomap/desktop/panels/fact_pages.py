"""Pages of properties: of an area, of a neighbourhood, of several; numbers that unfold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape
from typing import Final

from renomap.deficits.whole import whole_amount
from renomap.desktop.look import FAINT, INK, WARNING
from renomap.desktop.naming import short_name
from renomap.desktop.panels import prose
from renomap.model.households import counted_whole
from renomap.model.plan import Plan
from renomap.model.standard import State
from renomap.outputs import findings, workings
from renomap.outputs.consent_text import area_consent, consent_in_short, consent_shares
from renomap.outputs.numbers import Figures, Kind
from renomap.outputs.pooling_text import pooling_sentences
from renomap.outputs.tally_tables import tally_facts
from renomap.session.speech import Speech
from renomap.wording.deficits import lack_unit
from renomap.wording.names import titled, unit_name
from renomap.wording.statuses import bracketed, households_status, population_status

_STATE_COLOURS: Final = {State.SHORT: "#c2410c", State.MET: "#2f855a", State.UNKNOWN: WARNING}
#: Links of the pages: a number to unfold, a question to ask.
UNFOLD, WHY = "unfold:", "why:"
#: What unfolds into the members behind a verdict on consent.
CONSENT: Final = "consent"
#: A table that fills the page; the whole width is rounded up to a pixel more, and a scroll bar comes.
_WIDE: Final = "width='99%'"
#: A longer list of names says nothing.
MOST_NAMES: Final = 30


def area_page(plan: Plan, area: int, say: Speech, unfolded: Collection[str]) -> str:
    """An area: sizes, deficits, what pooling makes possible, what bounds it."""
    row, figures = plan.areas.loc[area], Figures(say.words)
    of_all = row["neighbourhoods"]

    def summed(name: str, status: str = "") -> tuple[str, str]:
        """As the page of the report says it: of how many members, and what the number rests on."""
        told = figures.partial(row[name], row.get(f"{name}_known", of_all), of_all)
        return name, bracketed(told, status, say.words)

    sizes = [
        ("neighbourhoods", figures.number(of_all)),
        summed("households", households_status(plan, say.words, area)),
        summed("population", population_status(plan, say.words, area)),
        summed("buildings"),
        ("area", f"{figures.number(row['area_ha'], Kind.HA)} ha"),
        ("years", figures.years(row["year_min"], row["year_max"])),
        ("street", figures.text(row["street"])),
    ]
    names = ("east", "south", "west", "north")
    sides = [say(f"window.facts.{side}", name=row.get(side) or say("outputs.undetermined")) for side in names]
    gains = pooling_sentences(plan, area, say.words)
    parts = [
        prose.title(str(row["name"]), say("window.facts.kind-numbered", number=area)),
        prose.paragraph(say("window.areas.locked"), WARNING) if row["locked"] else "",
        _sizes(plan, area, sizes, say, unfolded),
        prose.facts([_consent(plan, area, say, unfolded)]),
        _why(say),
        _deficits(plan, area, say, unfolded),
        prose.heading(say("window.facts.others")),
        prose.facts([(label, escape(text)) for label, text in tally_facts(plan, row, figures)]),
    ]
    if gains:
        parts.append(prose.heading(say("window.facts.pooling")))
        parts += [prose.paragraph(text) for text in gains]
    parts.append(prose.heading(say("window.facts.sides")))
    parts.append(prose.paragraph(say("outputs.join").join(sides)))
    return "".join(parts)


def neighbourhood_page(plan: Plan, fid: int, say: Speech) -> str:
    """A neighbourhood: where it belongs, what is known of it, what it would lack alone."""
    row, figures = plan.neighbourhoods.loc[fid], Figures(say.words)
    area = int(row["area_id"])
    belongs = (
        str(plan.areas.loc[area, "name"])
        if area in plan.areas.index
        else figures.coded("outputs.fate", row["fate"])
    )
    flag = figures.coded("outputs.flag", row["households_flag"])
    facts = [
        ("belongs", belongs),
        ("households", f"{figures.number(row['households'])} ({flag})"),
        ("years", figures.years(row["year_min"], row["year_max"])),
        ("buildings", figures.number(row["buildings"])),
        ("stairwells", figures.number(row["stairwells"])),
        ("eligibility", figures.coded("outputs.eligibility", row["eligibility"])),
        ("street", figures.text(row["street"])),
        ("community", figures.text(row["community"])),
    ]
    asked = [(say("outputs.col.consent"), escape(consent_shares(plan, row, figures)))]
    name = findings.neighbourhood_name(fid, row["name"], say.words)
    title = prose.title(name, say("window.facts.kind-neighbourhood"))
    own = prose.heading(say("window.facts.own-deficits"))
    return (
        title
        + _plain_facts(facts, say)
        + prose.facts(asked)
        + _why(say)
        + own
        + _own_deficits(plan, fid, say)
    )


def several_page(plan: Plan, fids: Sequence[int], say: Speech) -> str:
    """Several neighbourhoods: what they have together."""
    figures, rows = Figures(say.words), plan.neighbourhoods.loc[list(fids)]
    known = int(counted_whole(rows).sum())
    total = rows["households"].sum(min_count=1)
    facts = [
        ("neighbourhoods", figures.number(len(rows))),
        ("households", figures.partial(total, known, len(rows))),
    ]
    called = rows["name"].head(MOST_NAMES)
    shown = [findings.neighbourhood_name(fid, name, say.words) for fid, name in called.items()]
    names = say.words["list.between"].join(shown)
    if len(rows) > MOST_NAMES:
        names = say("window.importing.and-more", names=names, count=len(rows) - MOST_NAMES)
    kind = say("window.facts.kind-neighbourhood")
    title = prose.title(say("window.facts.several", count=len(rows)), kind)
    return f"{title}{_plain_facts(facts, say)}<p>{escape(names)}</p>"


def summary_page(plan: Plan, say: Speech) -> str:
    """The five questions of whoever decides, with their answers, of all projects; '' without a programme."""
    from renomap.outputs.programme_brief import brief  # only a town with projects needs it

    if plan.programme is None or not len(plan.programme.projects):
        return ""
    parts = [prose.title(say("window.facts.all-projects"), say("window.dock.programme"))]
    for nth, one in enumerate(brief(plan, plan.programme, say.words), start=1):
        parts.append(prose.heading(f"{nth} {one['question']}"))
        parts += [prose.paragraph(line) for line in one["lines"]]
    return "".join(parts)


def _plain_facts(facts: Sequence[tuple[str, str]], say: Speech) -> str:
    return prose.facts([(say(f"window.facts.{code}"), escape(value)) for code, value in facts])


def _why(say: Speech) -> str:
    return f"<p style='margin:6px 0'>{prose.link(WHY, say('window.facts.why') + ' ›')}</p>"


def _sizes(
    plan: Plan, area: int, sizes: Sequence[tuple[str, str]], say: Speech, unfolded: Collection[str]
) -> str:
    rows = []
    for code, value in sizes:
        told = prose.link(UNFOLD + code, value, INK) if code in workings.SIZES else escape(value)
        rows.append(
            f"<tr><td style='color:{FAINT};padding:2px 12px 2px 0'>{escape(say(f'window.facts.{code}'))}</td>"
            f"<td style='padding:2px 0'>{told}</td></tr>"
        )
        if code in unfolded and code in workings.SIZES:
            rows.append(prose.unfolded(workings.size_working(plan, area, code, say.words), 2))
    return f"<table {_WIDE} cellspacing=0>{''.join(rows)}</table>"


def _consent(plan: Plan, area: int, say: Speech, unfolded: Collection[str]) -> tuple[str, str]:
    """The verdict in short; unfolded, the shares and the members behind it by name."""
    figures = Figures(say.words)
    text = prose.link(f"{UNFOLD}{CONSENT}", consent_in_short(findings.area_row(plan, area), figures), INK)
    if CONSENT in unfolded:
        text += f"<br/>{escape(area_consent(plan, area, figures))}"
    return say("outputs.col.consent"), text


def _deficits(plan: Plan, area: int, say: Speech, unfolded: Collection[str]) -> str:
    figures, rows, unknown = Figures(say.words), [], say("outputs.unknown")
    for line in findings.facility_lines(plan, area):
        key = line.facility.key
        name, unit = short_name(line.facility, say), lack_unit(line.facility, say.words)
        state = State(line.state) if line.state else State.UNKNOWN
        lack = findings.line_deficit(line, figures)
        told = figures.state(state) if lack == "—" else lack if lack == unknown else f"{lack} {unit}"
        number = prose.link(UNFOLD + key, told, _STATE_COLOURS.get(state, FAINT))
        verdict = findings.verdict_text(plan, area, line, say.words)
        below = say("window.facts.basis", verdict=verdict, status=say(f"status.{line.facility.status}"))
        # Name and number side by side, the rest below both: three columns break words in a narrow dock.
        rows.append(
            f"<tr><td style='padding:5px 8px 0 0'>{escape(name)}</td>"
            f"<td align=right style='padding:5px 0 0 0'>{number}</td></tr>"
            f"<tr><td colspan=2 style='padding:0 0 3px 0'>{prose.faint(below)}</td></tr>"
        )
        if key in unfolded:
            rows.append(prose.unfolded(workings.facility_working(plan, area, key, say.words), 2))
    standard = titled(plan.standard, say.words)
    heading = prose.heading(say("window.facts.deficits", standard=standard))
    hint = f"<p style='margin:0 0 2px 0'>{prose.faint(say('window.facts.unfold'))}</p>"
    return f"{heading}{hint}<table {_WIDE} cellspacing=0>{''.join(rows)}</table>"


def _own_deficits(plan: Plan, fid: int, say: Speech) -> str:
    row, figures, rows = plan.neighbourhoods.loc[fid], Figures(say.words), []
    for facility in plan.standard.facilities:
        need, supply, deficit = (row.get(f"{facility.key}_{name}") for name in ("need", "supply", "deficit"))
        values = (whole_amount(facility.unit, need), supply, whole_amount(facility.unit, deficit))
        numbers = "".join(
            f"<td align=right style='padding:3px 4px'>{escape(figures.number(value))}</td>"
            for value in values
        )
        unit = prose.faint(unit_name(facility, say.words))
        rows.append(
            f"<tr><td style='padding:3px 0'>{escape(short_name(facility, say))} {unit}</td>{numbers}</tr>"
        )
    names = (escape(say(f"window.facts.{name}")) for name in ("need", "supply", "deficit"))
    head = "".join(f"<td align=right style='color:{FAINT};padding:3px 4px'>{name}</td>" for name in names)
    return f"<table {_WIDE} cellspacing=0><tr><td></td>{head}</tr>{''.join(rows)}</table>"

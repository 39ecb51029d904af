"""What pooling makes possible in an area: households newly served, places, and whom one place reaches."""

from __future__ import annotations

from collections.abc import Mapping

from renomap.model.plan import Plan
from renomap.model.standard import State
from renomap.model.words import sentence
from renomap.outputs.findings import FacilityLine, Row, area_row, facility_lines, line_deficit, span_text
from renomap.outputs.numbers import AtLeast, Figures, missing
from renomap.wording.names import facility_name, unit_name


def pooling_sentences(plan: Plan, area: int, words: Mapping[str, str]) -> list[str]:
    """What pooling makes possible: households newly served, facilities that become possible, surplus used.

    Never square metres saved. Empty where pooling changes nothing.
    """
    figures, row = Figures(words), area_row(plan, area)
    told = []
    for line in facility_lines(plan, area):
        params = {
            "facility": facility_name(line.facility, words),
            "alone": figures.number(line.alone),
            "members": figures.number(line.members),
            "sites": sites_text(line, figures),
            "least": figures.number(line.facility.min_size),
            "reach": reach_text(line, row, figures),
            "required": figures.number(line.required),
            "supply": figures.number(line.supply),
            "unit": unit_name(line.facility, words),
            "lacking": line_deficit(line, figures),
            "gain": gain_text(line, figures),
            "separate": figures.number(line.deficit_separate),
            "deficit": figures.number(line.deficit),
        }
        if line.gains and line.state in (State.MET, State.SHORT, State.UNKNOWN):
            code = "outputs.pooling-served"
            if line.facility.min_size and line.supply:
                code = "outputs.pooling-lacking"
            elif line.facility.min_size:
                one = line.sites_high is None or line.sites_high == 1
                code = "outputs.pooling-sized" if one else "outputs.pooling-spread"
            told.append(sentence(words, code, params))
        elif _balances(line):
            told.append(sentence(words, "outputs.pooling-balance", params))
    return told


def sites_text(line: FacilityLine, figures: Figures) -> str:
    """The least number of places that cover every member, a range where it is not known exactly."""
    return span_text(line.sites_low or 1.0, line.sites_high or 1.0, figures)


def gain_text(line: FacilityLine, figures: Figures) -> str:
    """Households newly served, as a range where unknown; to be checked where nothing is known of them."""
    low, high = line.newly_low or 0.0, line.newly_high
    if not low and high is None:
        return figures.words["outputs.newly-unknown"]
    return sentence(figures.words, "outputs.households-of", {"count": span_text(low, high, figures)})


def reach_text(line: FacilityLine, row: Row, figures: Figures) -> str:
    """Whom one place of best position serves and whom it leaves out, both at least where not all is known.

    ``row`` is the area's. The known households that the place reaches are served whatever the unknown ones
    are, and so are those that it cannot reach left out.
    """
    out = line.out_of_reach
    if out is None or missing(row["households"]):
        return figures.words["outputs.reach-unknown"]
    one = float(row["households"]) - float(out)
    params = {
        "one": figures.number(AtLeast(one) if isinstance(out, AtLeast) else one),
        "out": figures.number(out),
    }
    return sentence(figures.words, "outputs.reach", params)


def _balances(line: FacilityLine) -> bool:
    """Whether surplus of one member meets the shortage of another."""
    if line.deficit is None or line.deficit_separate is None or not line.facility.pooled:
        return False
    return round(line.deficit_separate) > round(line.deficit) and not line.facility.min_size

"""Words for consent: the shares asked and in favour, the verdict and the neighbourhoods behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from renomap.model.members import members_of
from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs.findings import Row, area_row, neighbourhood_name
from renomap.outputs.numbers import AtLeast, Figures, Kind, missing, threshold_text
from renomap.outputs.plain_text import one_line


def consent_asked_for(plan: Plan) -> str:
    """What the preset asks for, ``80%`` or ``2/3``; ``80% + 2/3`` asked and in favour; empty for nothing."""
    consent = plan.preset.consent
    bounds = (consent.asked_min, consent.yes_min) if consent else ()
    return " + ".join(dict.fromkeys(threshold_text(bound.value) for bound in bounds if bound is not None))


def consent_head(plan: Plan, words: Mapping[str, str], *, of_areas: bool) -> str:
    """Heading of the verdict of areas or of neighbourhoods: against the threshold of the preset."""
    asked_for = consent_asked_for(plan)
    if not asked_for:
        return words["outputs.col.consent-unset"]
    each = of_areas and plan.preset.consent is not None and plan.preset.consent.rule == "each"
    code = "outputs.col.consent-against-each" if each else "outputs.col.consent-against"
    return sentence(words, code, {"percent": asked_for})


def consent_verdict(row: Row, figures: Figures) -> str | None:
    """达到, 未达到 or 待核 of an area or a neighbourhood; None where the preset asks for nothing."""
    verdict = row.get("consent")
    return None if missing(verdict) else figures.words[f"outputs.consent.{verdict}"]


def of_asked(row: Row) -> float | None:
    """The share in favour (0..1) of the households asked; None where unknown or nobody was asked."""
    asked, yes = row.get("consent_asked"), row.get("consent_yes")
    if asked is None or yes is None or missing(asked) or missing(yes):
        return None
    return float(yes) / float(asked) if 0 <= float(yes) <= float(asked) and float(asked) > 0 else None


def consent_members(plan: Plan, area: int, figures: Figures) -> str:
    """The members that do not reach the consent asked for, and those to be checked, by name; '' for none."""
    words, people = figures.words, members_of(plan, area)
    parts: list[str] = []
    if "consent" not in people:
        return ""
    for verdict in ("not_met", "to_check"):
        found = people[people["consent"] == verdict]
        names = [neighbourhood_name(int(str(fid)), name, words) for fid, name in found["name"].items()]
        if verdict == "to_check" and 1 < len(names) == len(people):
            names = [sentence(words, "outputs.every-member", {"count": len(names)})]
        if names:
            said = {
                "verdict": words[f"outputs.consent.{verdict}"],
                "names": words["outputs.join"].join(names),
            }
            parts.append(sentence(words, "outputs.consent-members", said))
    return words["outputs.semicolon"].join(parts)


def area_consent(plan: Plan, area: int, figures: Figures) -> str:
    """The shares of an area, its verdict with the rule it follows, and the members behind it."""
    row = area_row(plan, area)
    parts = [
        _shares(row, figures),
        _judged_area(plan, area, row, figures),
        consent_members(plan, area, figures),
    ]
    return figures.words["outputs.semicolon"].join(one_line(part) for part in parts if part)


def _judged_area(plan: Plan, area: int, row: Row, figures: Figures) -> str:
    """The verdict of an area, and of how many members it is made where each of them must reach the shares."""
    verdict, consent = consent_verdict(row, figures), plan.preset.consent
    if verdict is None or consent is None:
        return ""
    own = members_of(plan, area)["consent"]
    params = {
        "verdict": verdict,
        "percent": consent_asked_for(plan),
        "met": int((own == "met").sum()),
        "members": len(own),
    }
    return sentence(figures.words, f"outputs.consent-judged-{consent.rule}", params)


def consent_in_short(row: Row, figures: Figures) -> str:
    """The verdict and the two shares it rests on; the word for no data where neither is known."""
    words, verdict = figures.words, consent_verdict(row, figures)
    shares = [row.get("consent_asked_share"), row.get("consent_yes_share")]
    if all(missing(share) for share in shares):
        return verdict or words["outputs.no-data"]
    asked, yes = (figures.number(share, Kind.PERCENT) for share in shares)
    told = sentence(words, "outputs.consent-short", {"asked": asked, "yes": yes})
    return words["outputs.semicolon"].join(part for part in (verdict, told) if part)


def consent_shares(plan: Plan, row: Row, figures: Figures) -> str:
    """Shares asked and in favour of all households of a neighbourhood, of those asked, and the verdict."""
    parts = [_shares(row, figures)]
    if verdict := consent_verdict(row, figures):
        said = {"verdict": verdict, "percent": consent_asked_for(plan)}
        parts.append(sentence(figures.words, "outputs.consent-judged", said))
    return figures.words["outputs.semicolon"].join(parts)


def _shares(row: Row, figures: Figures) -> str:
    """The shares of an area or a neighbourhood; the word for no data where nothing at all was surveyed."""
    words = figures.words
    names = ("consent_asked", "consent_yes", "consent_asked_share", "consent_yes_share")
    if all(missing(row.get(name)) for name in names):
        return words["outputs.no-data"]
    share = of_asked(row)
    told = words["outputs.no-data"] if share is None else figures.number(share, Kind.PERCENT)
    params = {
        "asked": _of_all(row, "consent_asked", figures),
        "yes": _of_all(row, "consent_yes", figures),
        "of_asked": figures.counted(told, row.get("consent_asked_known"), row.get("neighbourhoods")),
    }
    return sentence(words, "outputs.consent-shares", params)


def share_of_all(row: Row, name: str) -> Any:
    """A share (0..1) of all households, ``name`` asked or in favour; NaN or None where unknown.

    Of an area whose members were not all asked: the least it can be, rounded down.
    """
    share, counted, homes = row.get(f"{name}_share"), row.get(name), row.get("households")
    every = "neighbourhoods" in row and row.get("households_known") == row["neighbourhoods"]
    if not missing(share) or missing(counted) or missing(homes) or not every or not homes:
        return share
    return AtLeast(math.floor(1e4 * float(row[name]) / float(row["households"])) / 1e4)


def _of_all(row: Row, name: str, figures: Figures) -> str:
    """``share_of_all`` in words."""
    share = share_of_all(row, name)
    if not isinstance(share, AtLeast):
        return figures.number(share, Kind.PERCENT)
    least = figures.number(float(share), Kind.PERCENT)
    return sentence(figures.words, "outputs.consent-least", {"share": least})

"""How the order and the years of projects read: scores, why one has no year, how good the plan is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from renomap.model.plan import Plan
from renomap.model.programme_view import ProgrammeView
from renomap.model.standard import Status
from renomap.model.words import sentence
from renomap.outputs.numbers import Figures, Kind
from renomap.outputs.programme_texts import held_text
from renomap.programme.budget import Budget
from renomap.programme.phasing import Phasing, Unplaced
from renomap.programme.ranking import ENOUGH

#: Above this share a bound says nothing: 未证明 without a number.
SAYS_LITTLE = 0.10


def score_text(row: Mapping[Any, Any], figures: Figures) -> str:
    """``56.3``, ``43.8–68.8（已知权重 75%）``, and 待核 where too little is known."""
    low, high = (figures.number(row[f"score_{end}"], Kind.WAN) for end in ("low", "high"))
    text = low if low == high else f"{low}–{high}"
    if math.isclose(row["known_weight"], 1.0):
        return text
    params = {"share": f"{row['known_weight']:.0%}"}
    code = "known-weight" if row["known_weight"] >= ENOUGH else "weight-to-check"
    return text + sentence(figures.words, f"outputs.phasing.{code}", params)


def weights_note(view: ProgrammeView | None, words: Mapping[str, str]) -> str:
    """What is to be said of weights and scales that nobody has checked or set; '' where all are."""
    factors = () if view is None else view.rules.factors
    sure = all(one.status in (Status.VERIFIED, Status.MEETING) for one in factors)
    return "" if sure else words["outputs.years.weights-unverified"]


def why_text(one: Unplaced, plan: Plan, figures: Figures) -> str:
    """Why a project has no year, in one sentence."""
    view, words = plan.programme, figures.words
    assert view is not None
    params: dict[str, Any] = {"year": one.year}
    if one.why == "gates":
        params["gates"] = held_text(view, plan, one.key, words) or "—"
    elif one.why == "no_room" and math.isinf(one.short):
        return sentence(words, "outputs.phasing.why.full", params)
    elif one.why == "no_room":
        params["short"] = figures.wan(one.short)
    elif one.why == "displaced":
        names = view.projects["name"]
        params["names"] = [str(names.get(key) or key) for key in one.by]
    return sentence(words, f"outputs.phasing.why.{one.why}", params)


def result_text(found: Phasing, budget: Budget, figures: Figures) -> str:
    """Whether the plan is the best there is, where a cap is broken and which years have none."""
    words = figures.words
    told = [words["outputs.phasing.proven"]]
    if not found.proven and found.gap <= SAYS_LITTLE:
        share = figures.number(found.gap, Kind.PERCENT)
        told = [sentence(words, "outputs.phasing.gap", {"share": share})]
    elif not found.proven:
        told = [words["outputs.phasing.not-proven"]]
    for year, source, yuan in found.over:
        params = {"year": year, "source": source, "amount": figures.wan(yuan)}
        told.append(
            sentence(words, "outputs.phasing.over-source" if source else "outputs.phasing.over", params)
        )
    if budget.unlimited:
        params = {"years": [str(year) for year in budget.unlimited]}
        told.append(sentence(words, "outputs.phasing.unlimited", params))
    return "".join(told)

"""Sentences on acceptance: what residents and professionals said, and what stands against it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.programme.acceptance import share, told
from renomap.wording.names import titled

Words = Mapping[str, str]


def against(view: ProgrammeView, key: int, names: Mapping[int, str], words: Words) -> tuple[str, ...]:
    """A sentence for each thing that stands against the acceptance of a project, works and needs by name."""
    row = view.acceptance.loc[[key]].to_dict("records")[0]
    items = {item.key: titled(item, words) for item in view.rules.items}
    style, join = words["programme.accept.of"], words["outputs.join"]
    found = told(row, view.rules, names, items, style, join)
    return tuple(sentence(words, f"programme.accept.{why}", params).strip() for why, params in found.items())


def residents_text(view: ProgrammeView, key: int, words: Words) -> str:
    """How many answered and are satisfied, with both rates, and the share that the city asks for."""
    row = view.acceptance.loc[[key]].to_dict("records")[0]
    least = view.rules.satisfied_min
    verdict = words[f"programme.residents.{row['residents']}"]
    if least is not None:
        verdict = sentence(
            words, "programme.residents-least", {"verdict": verdict, "least": f"{least.value:.0%}"}
        )
    params = {
        "professional": professional_text(row["professional"], words),
        "answers": _count(row["answers"], words),
        "issued": _count(row["issued"], words),
        "satisfied": _count(row["satisfied"], words),
        "return_rate": rate_text(share(row, "answers"), words),
        "satisfied_rate": rate_text(share(row), words),
        "verdict": verdict,
    }
    code = "programme.residents-line" if row["surveyed"] else "programme.residents-not-asked"
    return sentence(words, code, params)


def professional_text(outcome: str | None, words: Words) -> str:
    """How the acceptance by professionals ended; not recorded where there was none."""
    return words[f"programme.professional.{outcome}"]


def rate_text(value: float, words: Words) -> str:
    """A rate in percent of two places, cut and not rounded up: 89.999 % is not 90 %."""
    return (
        words["outputs.no-data"] if math.isnan(value) else f"{math.floor(value * 10_000 + 1e-7) / 100:.2f}%"
    )


def _count(value: float, words: Words) -> str:
    return words["outputs.no-data"] if math.isnan(value) else f"{value:,.0f}"

"""The five questions of whoever decides, answered from computed values or marked as not given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renomap.model.plan import Plan
from renomap.model.words import sentence
from renomap.outputs.blocks import Passage, to_fill
from renomap.outputs.numbers import Figures
from renomap.outputs.plain_text import one_line
from renomap.wording.names import titled

QUESTIONS = 5


@dataclass(frozen=True)
class Answer:
    """A question with the lines that answer it."""

    question: str
    lines: tuple[Passage, ...]


def five_answers(plan: Plan, data: Mapping[str, Any], figures: Figures) -> list[Answer]:
    """The answers in the order of the questions.

    Parameters
    ----------
    data : Mapping
        ``report_content.content`` of the plan; with a programme its brief answers, without one the plan's
        own figures do, and what only a programme knows is marked.
    """
    words = figures.words
    if "programme_brief" in data:
        return [
            Answer(one["question"], tuple(Passage(one_line(line), "item") for line in one["lines"]))
            for one in data["programme_brief"]
        ]
    out = sum(int(plan.totals.get(name) or 0) for name in ("scattered", "excluded", "unassigned"))
    why = {"preset": titled(plan.preset, words), "out": figures.number(out)}
    known: list[tuple[Passage, ...]] = [
        tuple(Passage(f"{item['label']}  {item['value']}", "item") for item in data["figures"]),
        (),
        (),
        (),
        (Passage(one_line(sentence(words, "outputs.programme.why", why)), "item"),),
    ]
    return [
        Answer(
            words[f"outputs.programme.question-{nth}"],
            (*lines, to_fill(words[f"outputs.chapter.fill-answer-{nth}"], words)),
        )
        for nth, lines in enumerate(known, start=1)
    ]

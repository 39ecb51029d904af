"""A problem: one line of the list that F8 walks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from renomap.model.change import ChangeSet
from renomap.model.note import Severity
from renomap.model.programme_view import ProgrammeFinding
from renomap.model.scheme import UNASSIGNED


@dataclass(frozen=True)
class ListedProblem:
    """One line: a sentence's code, what it is about, and how it is mended where that is known.

    ``finding``: of the programme, where the sentence is one of its; it names gates and works.
    """

    code: str
    params: Mapping[str, Any]
    severity: Severity
    area: int = UNASSIGNED
    fids: tuple[int, ...] = ()
    mend: Callable[[], ChangeSet | None] | None = field(default=None, compare=False, repr=False)
    finding: ProgrammeFinding | None = field(default=None, compare=False, repr=False)

    @cached_property
    def fix(self) -> ChangeSet | None:
        """The change that mends it, made when first asked for; None where there is none."""
        return None if self.mend is None else self.mend()

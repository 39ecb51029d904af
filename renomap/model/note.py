"""A remark of the program to the planner: a guess, a repair, an assumption, a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a remark matters; an error makes ``renomap check`` exit 1."""

    INFO = "info"
    GUESS = "guess"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Note:
    """A remark; its sentence is found in the catalogue under ``code``.

    ``params`` holds plain texts and numbers for the sentence. ``layer`` and ``fids`` say what it is about,
    ``where`` is a point (x, y) in project coordinates to look at. A guess carries ``confidence`` (0..1) and
    in
    ``params["overrule"]`` the command-line option that overrules it.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.INFO
    layer: str | None = None
    fids: tuple[int, ...] = ()
    where: tuple[float, float] | None = None
    confidence: float | None = None

"""A finding: what does not hold, said while the pointer moves and kept in the list of problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from renomap.model.change import ChangeSet
from renomap.model.note import Severity
from renomap.model.scheme import UNASSIGNED

TORN: Final = "editing.torn"
TORN_BY: Final = "editing.torn-by"
LINE_CROSSED: Final = "editing.line-crossed"
OVER_CROSSING: Final = "editing.over-crossing"
BELOW: Final = "editing.below"
BELOW_KNOWN: Final = "editing.below-known"
ABOVE: Final = "editing.above"
WALK: Final = "editing.walk"
EMPTY: Final = "editing.empty"
CUT: Final = "editing.cut"
OUTSIDE: Final = "editing.outside"
PARTS: Final = "editing.parts"
LEFT_OVER: Final = "editing.left-over"
LEFT_ALONE: Final = "editing.left-alone"


@dataclass(frozen=True)
class Finding:
    """Something that does not hold.

    Parameters
    ----------
    code : str
        The rule, also the sentence of the catalogue, which says in the present tense what does not hold.
    area : int
        The area concerned, 0 where it is about neighbourhoods in no area.
    fids : tuple of int, ascending
        Neighbourhoods to hatch.
    fix : ChangeSet, optional
        A change that mends it; its ``code`` is the sentence on the button.
    """

    code: str
    area: int = UNASSIGNED
    fids: tuple[int, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.WARNING
    fix: ChangeSet | None = None

    @property
    def id(self) -> str:
        """The same for the same fault as long as it lasts, so that "ignored" can be kept."""
        about = self.params.get("about", "")
        first = self.fids[0] if self.fids and self.code in (CUT, OUTSIDE, LEFT_OVER, LEFT_ALONE) else ""
        return ":".join(str(part) for part in (self.code, self.area, about, first) if part != "")

"""Completeness (数据完备): what the survey leaves blank, in how many rows, and what it would unlock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pandas as pd

from renomap.deficits import meeting
from renomap.deficits.rules import is_set
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.standard import Facility, Standard
from renomap.steps.edit_value import YEAR, Cell

#: Columns that more rests on than one facility, the weightiest first; what rests on each is the sentence
#: ``completeness.use.<column>``.
WEIGHTY: Final = (
    "households",
    YEAR,
    "name",
    "renovation",
    "street",
    "community",
    "consent_asked",
    "consent_yes",
)
#: Without these a grouping says little: an import speaks of them before anything is taken.
VITAL: Final = ("households", YEAR, "name")
#: Column that holds the base of a facility's rate; persons follow from households where nobody counted them.
_BASES: Final[Mapping[str, str]] = MappingProxyType(
    {"household": "households", "person": "households", "car": "cars", "stairwell": "stairwells",
     "parking": "parking_spaces"}
)  # fmt: skip


@dataclass(frozen=True)
class Blank:
    """A column of the survey that is not filled in everywhere.

    Parameters
    ----------
    field : str
        As ``edit_value`` calls it; ``year`` for the year of completion.
    fids : tuple of int
        Neighbourhoods without a value, in their order.
    of : int
        How many neighbourhoods there are.
    facilities : tuple of Facility
        Lines of the standard that no neighbourhood of ``fids`` can be judged by without it.
    """

    field: str
    fids: tuple[int, ...]
    of: int
    facilities: tuple[Facility, ...] = ()


def blanks(project: Project, standard: Standard) -> tuple[Blank, ...]:
    """What is blank: the columns of ``WEIGHTY`` in their order, then those of facilities, the ones that
    unlock most first.

    A facility counts only where the standard sets a number for it, and what stands on a layer that the
    meeting has taken as complete is not asked of the survey. A value of 0 is known; an empty list where no
    neighbourhoods are loaded.
    """
    layer = project.neighbourhoods
    if layer is None or layer.frame.empty:
        return ()
    uses = _uses(project, standard)
    found = []
    for field in dict.fromkeys((*WEIGHTY, *uses)):
        lacking = _lacking(layer.frame, field)
        if lacking.any():
            fids = tuple(int(fid) for fid in layer.frame.index[lacking])
            found.append(Blank(field, fids, len(layer.frame), tuple(uses.get(field, ()))))
    rank = {field: at for at, field in enumerate(WEIGHTY)}
    return tuple(
        sorted(
            found, key=lambda each: (rank.get(each.field, len(rank)), -len(each.facilities) * len(each.fids))
        )
    )


@dataclass(frozen=True)
class Pasted:
    """A pasted column laid over a blank one.

    Parameters
    ----------
    cells : tuple of Cell
        Values for neighbourhoods that had none.
    unknown : tuple of str
        Names or codes that no neighbourhood has, or several have.
    filled : int
        Rows of neighbourhoods that have a value already; it stays.
    """

    cells: tuple[Cell, ...]
    unknown: tuple[str, ...] = ()
    filled: int = 0


def paste(project: Project, blank: Blank, rows: Sequence[Sequence[str]]) -> Pasted | None:
    """Lay rows of a spreadsheet over a blank column.

    Two columns are code or name and value, in any order of rows; a heading is no neighbourhood and is
    passed over. One column is taken only where it has as many rows as are blank, in their order.

    Returns
    -------
    Pasted or None
        None where it is one column of another length, or nothing.
    """
    layer = project.neighbourhoods
    if layer is None or not rows:
        return None
    if max(map(len, rows)) < 2:
        values = [row[0] if row else "" for row in rows]
        if len(values) != len(blank.fids):
            return None
        pairs = zip(blank.fids, values, strict=True)
        return Pasted(tuple(Cell(fid, blank.field, text) for fid, text in pairs if text.strip()))
    known = _called(layer.frame)
    cells, unknown, filled, open_to = [], [], 0, frozenset(blank.fids)
    for at, row in enumerate(rows):
        key, text = row[0].strip(), row[1].strip() if len(row) > 1 else ""
        fid = known.get(key)
        if fid in open_to and text:
            cells.append(Cell(fid, blank.field, text))
        elif fid is not None and text:
            filled += 1
        elif fid is None and key and at:
            unknown.append(key)
    return Pasted(tuple(cells), tuple(unknown), filled)


def _called(frame: pd.DataFrame) -> dict[str, int]:
    """Code or name -> neighbourhood; what two have is left out, a code wins over a name."""
    found: dict[str, int] = {}
    for column in ("name", "code"):
        texts = frame[column].dropna().astype(str).str.strip()
        texts = texts[~texts.duplicated(keep=False)]
        found |= {text: int(str(fid)) for fid, text in texts.items() if text}
    return found


def _uses(project: Project, standard: Standard) -> dict[str, list[Facility]]:
    """Column -> the lines of the standard that ask for it."""
    complete = meeting.surveyed(standard) if project.layers_of(Role.FACILITIES) else frozenset()
    uses: dict[str, list[Facility]] = {}
    for item in standard.facilities:
        if not is_set(item):
            continue
        fields = {_BASES.get(item.base, ""), "" if item.key in complete else item.supply_field}
        for field in sorted(fields - {""}):
            uses.setdefault(field, []).append(item)
    return uses


def _lacking(frame: pd.DataFrame, field: str) -> pd.Series[bool]:
    if field == YEAR:
        return frame["year_min"].isna() & frame["year_max"].isna()
    if field not in frame:
        return pd.Series(True, index=frame.index)
    return frame[field].isna()

"""Link or cut a pair of neighbourhoods by hand, with the reason that is printed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from renomap.editing.schemes import active_scheme, change, known_fids
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.project import Project
from renomap.model.scheme import LINK_COLUMNS, Scheme

LINK = "link"
CUT = "cut"


def link(project: Project, one: int, two: int, reason: str, *, by: str = "", at: str = "") -> ChangeSet:
    """Make two neighbourhoods neighbours whatever lies between; replaces a cut of the same pair.

    ``by`` is who decided it and ``at`` the ISO date; both are printed with the reason, empty = not known.

    Errors
    ------
    ``editing.reason-missing``, ``editing.same-neighbourhood``, ``editing.no-neighbourhood``,
    ``editing.no-scheme``.
    """
    return _override(project, LINK, (one, two), (reason, by, at))


def cut(project: Project, one: int, two: int, reason: str, *, by: str = "", at: str = "") -> ChangeSet:
    """Part two neighbours; replaces a link of the same pair. ``by``, ``at`` and errors: as ``link``."""
    return _override(project, CUT, (one, two), (reason, by, at))


def remove_override(project: Project, one: int, two: int) -> ChangeSet:
    """Leave a pair to the ground again. Errors: ``editing.no-override``, else as ``link``."""
    scheme = active_scheme(project)
    a, b = _pair(scheme, one, two)
    rest = _without(scheme.overrides, a, b)
    if len(rest) == len(scheme.overrides):
        raise RenomapError("editing.no-override")
    after = replace(scheme, overrides=rest)
    return change(project, after, "editing.step-remove-override", one=a, two=b)


def _override(project: Project, action: str, pair: tuple[int, int], said: tuple[str, str, str]) -> ChangeSet:
    scheme = active_scheme(project)
    a, b = _pair(scheme, *pair)
    reason, by, at = (text.strip() for text in said)
    if not reason:
        raise RenomapError("editing.reason-missing")
    rest = _without(scheme.overrides, a, b)
    row = pd.DataFrame([(a, b, action, reason, by, at)], columns=list(LINK_COLUMNS)).astype(
        {"a": "int64", "b": "int64"}
    )
    table = pd.concat([rest, row], ignore_index=True) if len(rest) else row
    after = replace(scheme, overrides=table)
    code = "editing.step-link" if action == LINK else "editing.step-cut"
    return change(project, after, code, one=a, two=b, reason=reason)


def _pair(scheme: Scheme, one: int, two: int) -> tuple[int, int]:
    if one == two:
        raise RenomapError("editing.same-neighbourhood")
    known_fids(scheme, [one, two])
    return min(one, two), max(one, two)


def _without(overrides: pd.DataFrame, a: int, b: int) -> pd.DataFrame:
    same = (overrides[["a", "b"]].min(axis=1) == a) & (overrides[["a", "b"]].max(axis=1) == b)
    return overrides[~same].reset_index(drop=True)

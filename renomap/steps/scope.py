"""Which neighbourhoods a run of the engine may move, and what stays as it is in the active scheme."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from renomap.errors import RenomapError
from renomap.model.connection import connected
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED
from renomap.steps.frames import neighbourhood_frame
from renomap.steps.groundwork import Groundwork
from renomap.steps.options import EVERYTHING, ONLY, SELECTED, UNASSIGNED_ONLY, GroupOptions


@dataclass(frozen=True)
class Scope:
    """What a run may change.

    Parameters
    ----------
    joins : Series of bool
        Index fid: those the preset lets join.
    takes_part : Series of bool
        Index fid: those in the problem, locked and anchored ones included.
    stays : Series of int
        Index fid: the area that a neighbourhood keeps whatever comes out, 0 = what comes out decides.
    locked : Series of int or None
        Index fid: areas that the problem holds as they are, 0 = none.
    together, apart : pairs of fids
        Rests of areas that a selection is taken from: each stays in one piece, no two share an area.
    start : Series of int or None
        Index fid: the plan to start from.
    continues : bool
        The areas of the active scheme go on, those that are changed as well.
    """

    joins: pd.Series[bool]
    takes_part: pd.Series[bool]
    stays: pd.Series[int]
    locked: pd.Series[int] | None = None
    together: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    start: pd.Series[int] | None = None
    continues: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether anything of the active scheme lives on in the new one."""
        return self.continues or bool((self.stays > 0).any())


def whole(joins: pd.Series[bool]) -> Scope:
    """The scope of a run that begins with nothing and may change everything."""
    return Scope(joins, joins, pd.Series(UNASSIGNED, index=joins.index, dtype="int64"))


def scope_of(project: Project, options: GroupOptions, joins: pd.Series[bool], work: Groundwork) -> Scope:
    """The scope that the options ask for.

    Parameters
    ----------
    joins : Series of bool
        Index fid: the neighbourhoods that the preset lets join.

    Raises
    ------
    RenomapError
        ``steps.only-unknown``, ``steps.only-without-scheme``, ``steps.only-nothing`` where nothing is left to
        be grouped, ``steps.only-stranger`` where the selection names a neighbourhood that is not there.
    """
    if options.only is not None and options.only not in ONLY:
        raise RenomapError("steps.only-unknown", only=options.only, known=", ".join(ONLY))
    index = neighbourhood_frame(project).index
    nowhere = pd.Series(UNASSIGNED, index=index, dtype="int64")
    scheme = project.scheme
    if scheme is None:
        if options.only in (SELECTED, UNASSIGNED_ONLY):
            raise RenomapError("steps.only-without-scheme")
        return whole(joins)
    now = scheme.assignment.reindex(index, fill_value=UNASSIGNED)
    locked = now.where(now.isin(scheme.areas.index[scheme.areas["locked"].to_numpy(bool)]), UNASSIGNED)
    start = now if options.warm else None
    if options.only == EVERYTHING:
        return Scope(joins, joins, nowhere, start=start, continues=start is not None)
    if options.only == UNASSIGNED_ONLY:
        return _required(Scope(joins, joins & (now == UNASSIGNED), now, continues=True))
    if options.only == SELECTED:
        return _required(_selected(now, locked, options, joins, work))
    if not locked.any():
        return Scope(joins, joins, nowhere, start=start, continues=start is not None)
    return Scope(joins, joins | (locked > 0), locked, locked=locked, start=start, continues=start is not None)


def _required(scope: Scope) -> Scope:
    if not (scope.takes_part & (scope.stays == UNASSIGNED)).any():
        raise RenomapError("steps.only-nothing")
    return scope


def _selected(
    now: pd.Series[int],
    locked: pd.Series[int],
    options: GroupOptions,
    joins: pd.Series[bool],
    work: Groundwork,
) -> Scope:
    """The selected ones, and the rests of their areas as anchors that may take some of them."""
    index = now.index
    strangers = [fid for fid in options.fids if fid not in index]
    if strangers:
        raise RenomapError("steps.only-stranger", fid=strangers[0])
    chosen = pd.Series(index.isin(options.fids), index=index) & joins & (locked == UNASSIGNED)
    rests, pairs = _anchors(now.where(now.isin(now[chosen]) & ~chosen, UNASSIGNED), work)
    anchors = rests[rests > 0]
    first = [int(fids[0]) for fids in anchors.groupby(anchors).groups.values()]
    return Scope(
        joins=joins,
        takes_part=chosen | (rests > 0),
        stays=now.where(~chosen, UNASSIGNED),
        together=pairs,
        apart=tuple(itertools.combinations(first, 2)),
        start=None if options.warm is False else now,
        continues=True,
    )


def _anchors(rests: pd.Series[int], work: Groundwork) -> tuple[pd.Series[int], tuple[tuple[int, int], ...]]:
    """The rests that hold together by themselves, and the links that they hold together by.

    Others are torn already, by hand or by the selection; they can take in nothing and stay as they are.
    """
    links, unit = work.links, work.within.units
    area = rests.reindex(links.fids, fill_value=UNASSIGNED).to_numpy()
    nest = np.zeros(len(area)) if unit is None else pd.factorize(unit.reindex(links.fids))[0]
    same = (area[links.a] == area[links.b]) & (area[links.a] > 0) & (nest[links.a] == nest[links.b])
    a, b = links.a[same], links.b[same]
    pieces = pd.Series(connected(len(area), a, b)).groupby(area).nunique()
    torn = pieces.index[pieces > 1]
    kept = ~np.isin(area[a], torn)
    pairs = tuple(zip(links.fids[a[kept]].tolist(), links.fids[b[kept]].tolist(), strict=True))
    return rests.where(~rests.isin(torn), UNASSIGNED), pairs

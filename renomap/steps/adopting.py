"""Adopt: take one difference over from the other side of a comparison, an area or a neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from renomap.editing import assign
from renomap.editing.schemes import (
    DRAWN,
    NewArea,
    active_scheme,
    area_name,
    free_area_id,
    locked_areas,
    members,
    with_values,
    without_areas,
)
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet, apply, difference
from renomap.model.comparison import Comparison
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED, Scheme


@dataclass(frozen=True)
class Adoption:
    """The two sides of a comparison and what leads from one to the other."""

    ours: Plan
    theirs: Plan
    found: Comparison

    def area(self, area: int) -> ChangeSet:
        """Make an area of theirs one of ours, with exactly its neighbourhoods.

        The area of ours that it is keeps number and colour and takes its name; where there is none a new one
        is made. Who leaves goes where they have him, as far as that is an area of ours that is not locked,
        else into none. Areas of ours that are emptied by it are gone.

        Parameters
        ----------
        area : int
            Id of theirs.

        Raises
        ------
        RenomapError
            ``editing.locked`` where one of our locked areas would be another, ``editing.no-area``.
        """
        project, scheme = self.ours.project, active_scheme(self.ours.project)
        their = active_scheme(self.theirs.project)
        if area not in their.areas.index:
            raise RenomapError("editing.no-area", area=area)
        row = their.areas.loc[area]
        wanted = members(their, area).intersection(scheme.assignment.index)
        own = self._own(area)
        target = free_area_id(scheme) if own is None else own
        leaving = members(scheme, target).difference(wanted)
        self._require_open(scheme, wanted, target, len(leaving) > 0)
        new = NewArea(str(row["name"]), str(row["colour"]))
        after = self._painted(project, wanted, target, new if own is None else None)
        for place, fids in self._places(scheme, leaving, target).items():
            after = self._painted(after, fids, place)
        done = self._dressed(active_scheme(after), scheme, target, row)
        name = area_name(done, target)
        title = self.found.two
        return difference(project, after.with_scheme(done), "compare.adopted-area", name=name, title=title)

    def neighbourhood(self, fid: int) -> ChangeSet:
        """Put a neighbourhood where they have it.

        Raises
        ------
        RenomapError
            ``compare.no-such-area`` where we have no such area, ``editing.locked``.
        """
        project, scheme = self.ours.project, active_scheme(self.ours.project)
        area = int(active_scheme(self.theirs.project).assignment.get(fid, UNASSIGNED))
        own = UNASSIGNED if area == UNASSIGNED else self._own(area)
        if own is None:
            name = area_name(active_scheme(self.theirs.project), area)
            raise RenomapError("compare.no-such-area", name=name)
        self._require_open(scheme, pd.Index([fid]), own, False)
        return assign.paint(project, [fid], own, territories=self.ours.territories)

    def _own(self, area: int) -> int | None:
        return next((ours for ours, theirs in self.found.matches.items() if theirs == area), None)

    def _require_open(self, scheme: Scheme, fids: pd.Index[int], target: int, loses: bool) -> None:
        """Painting would pass locked areas over; here that would be another area than the one adopted."""
        closed = locked_areas(scheme)
        gains = fids[scheme.assignment.loc[fids] != target]
        held = [int(area) for area in scheme.assignment.loc[gains].unique() if area in closed]
        if target in closed and (loses or len(gains)):
            held.append(target)
        if held:
            raise RenomapError("editing.locked", area=area_name(scheme, held[0]))

    def _painted(
        self, project: Project, fids: pd.Index[int], area: int, new: NewArea | None = None
    ) -> Project:
        target: int | NewArea = area if new is None else new
        return apply(project, assign.paint(project, fids, target, territories=self.ours.territories))

    def _places(self, scheme: Scheme, leaving: pd.Index[int], target: int) -> dict[int, pd.Index[int]]:
        """Where those who leave go: areas of ours, or none."""
        back = {theirs: ours for ours, theirs in self.found.matches.items()}
        closed = locked_areas(scheme) | {target}
        theirs = active_scheme(self.theirs.project).assignment.reindex(leaving, fill_value=UNASSIGNED)
        place = theirs.map(back).fillna(UNASSIGNED).astype("int64")
        place = place.where(~place.isin(closed), UNASSIGNED)
        return {int(area): place.index[place == area] for area in place.unique().tolist()}

    def _dressed(self, scheme: Scheme, before: Scheme, target: int, row: gpd.GeoSeries) -> Scheme:
        """The scheme without the areas that were emptied; name and drawn boundary are theirs."""
        lived = set(before.assignment) - {UNASSIGNED}
        scheme = without_areas(scheme, lived - set(scheme.assignment) - locked_areas(scheme))
        name = str(row["name"])
        if name and name not in set(scheme.areas["name"].drop(target)):
            scheme = with_values(scheme, target, name=name)
        if row["kind"] == DRAWN:
            scheme = with_values(scheme, target, kind=DRAWN, geometry=row["geometry"])
        return scheme

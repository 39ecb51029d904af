"""What each project takes down, as a share of its floor area, and builds anew for it."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.model.programme_columns import Action, WorkStatus
from renomap.model.programme_rules import Rules
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.programme import works
from renomap.steps.frames import frame_of

#: The work whose quantity is new floor area.
REBUILDING: Final = "rebuilding"
COLUMNS: Final = ("demolished_low", "demolished_high", "demolished", "rebuilt_low", "rebuilt_high", "rebuilt")


def of_areas(
    project: Project, people: gpd.GeoDataFrame, area_of: pd.Series[int], keys: pd.Index[int], rules: Rules
) -> pd.DataFrame:
    """Share of floor area taken down and floor area built for it (拆建比) with their verdicts.

    Floor area is footprint times floors. NaN and None where nothing is taken down, and of what is built anew
    where no row of ``REBUILDING`` says it.

    Parameters
    ----------
    people : GeoDataFrame
        Neighbourhoods; a building is of the one that its middle lies in.
    area_of : Series
        Fid -> key of the project.
    """
    out = pd.DataFrame(index=keys, columns=list(COLUMNS), dtype=object)
    table = project.programme.works
    running = table[table["status"] != WorkStatus.DROPPED]
    down = running[(running["action"] == Action.DEMOLISH) & (running["building"] > 0)]
    buildings = frame_of(project, Role.BUILDINGS)
    if len(down) and buildings is not None:
        inside = people.geometry.sindex.query(buildings.geometry.representative_point(), "within")
        home = pd.Series(people.index[inside[1]], index=buildings.index[inside[0]])
        key = home[~home.index.duplicated()].map(area_of).dropna().astype(np.int64)
        area = buildings.geometry.area * buildings["floors"]
        action = pd.Series(Action.DEMOLISH.value, index=down["building"].unique())
        new = _new(running, area_of)
        for one, rows in key.groupby(key):
            here = area.reindex(rows.index)
            share = works.demolished(here, action, rules.demolished_max)
            if not share.high > 0:
                continue
            gone = here[here.index.isin(action.index)]
            ratio = works.rebuilt(new.get(int(str(one))), gone, rules.rebuilt_max)
            told = [share.low, share.high, share.verdict, ratio.low, ratio.high, ratio.verdict]
            out.loc[int(str(one))] = told
    return out.astype({name: float for name in COLUMNS if name.endswith(("_low", "_high"))})


def _new(running: pd.DataFrame, area_of: pd.Series[int]) -> dict[int, tuple[float, float]]:
    """Least and most new floor area by project; the most is infinite where a row does not say it."""
    rows = running[(running["item"] == REBUILDING) & (running["action"] != Action.DEMOLISH)]
    key = rows["fid"].map(area_of)
    low = rows["quantity"].fillna(rows["quantity_low"]).fillna(0.0)
    high = rows["quantity"].fillna(rows["quantity_high"]).fillna(np.inf)
    sums = pd.DataFrame({"low": low, "high": high}).groupby(key).sum()
    return {int(str(one)): (float(row["low"]), float(row["high"])) for one, row in sums.iterrows()}

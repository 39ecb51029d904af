"""What the wished sizes mean for these data, before anything is grouped: how many areas they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from renomap.errors import RenomapError
from renomap.grouping import eligibility, feasibility, sizes
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.outputs.numbers import M2_PER_HA
from renomap.steps.frames import neighbourhood_frame
from renomap.steps.groundwork import Groundwork
from renomap.steps.group import build_problem, chosen_settings
from renomap.steps.options import GroupOptions
from renomap.steps.within import resolve_within


@dataclass(frozen=True)
class Foreseen:
    """Areas that each target (``households``, ``count``) asks for, and the number that 'auto' begins near."""

    asked: Mapping[str, int]
    taken: int


def foreseen_count(
    project: Project,
    preset: Preset,
    targets: Mapping[str, float],
    bounds: Mapping[str, float | None],
    *,
    within: str | None = None,
    work: Groundwork | None = None,
) -> Foreseen:
    """How many areas the targets ask for, and how many will come of it.

    ``targets``, ``bounds`` and ``within`` overrule the preset as in ``GroupOptions``. With the ground of the
    project (``work``) it is the number that the search begins with: what administrative lines and barriers
    part is counted piece by piece, and a piece of several neighbourhoods below a bound is an area too.
    Without, the neighbourhoods that may join are taken as one piece and the geometric mean of what is asked
    for is kept inside the bounds on the whole.
    """
    rows = neighbourhood_frame(project)
    rows = rows[eligibility.judge(rows, preset)["eligibility"].isin(preset.joining)]
    if rows.empty:
        return Foreseen({}, 0)
    households = sizes.column(rows, "households")
    wished = sizes.targets_in_force(preset, targets)
    asked = sizes.counts_asked(wished, households)
    mean = float(np.exp(np.mean(np.log(np.maximum(list(asked.values()), 1e-9)))))
    by_count = "households" not in asked and "households" in wished
    limits = sizes.limits(preset, bounds, by_count=by_count)
    totals = {
        "households": float(np.nansum(households)),
        "count": float(len(rows)),
        "area_ha": float(rows.geometry.area.sum()) / M2_PER_HA,
    }
    begun = (
        None
        if work is None
        else _begun(project, preset, GroupOptions(targets=targets, bounds=bounds, within=within), work)
    )
    if begun is not None:
        return Foreseen(_rounded(asked), begun)
    least, most = 1.0, float(len(rows))
    for name, total in totals.items():
        if limits.get(f"{name}_max", 0.0) > 0:
            least = max(least, float(np.ceil(total / limits[f"{name}_max"])))
        if limits.get(f"{name}_min", 0.0) > 0:
            most = min(most, total // limits[f"{name}_min"])
    taken = int(np.clip(np.floor(mean + 0.5), least, max(most, least)))
    return Foreseen(_rounded(asked), taken)


def _rounded(asked: Mapping[str, float]) -> dict[str, int]:
    return {key: max(1, int(np.floor(count + 0.5))) for key, count in asked.items()}


def _begun(project: Project, preset: Preset, options: GroupOptions, work: Groundwork) -> int | None:
    """Areas that the search looks for in all pieces, and those that pieces below a bound make; None where the
    demands contradict each other.
    """
    try:
        ground = replace(work, within=resolve_within(project, options.within))
        task = build_problem(project, preset, chosen_settings(options, preset), ground, pooled=False)
        forecast = feasibility.check(task)
    except RenomapError:
        return None
    small = sum(len(item.units) > 1 for item in forecast.leftovers)
    return int(forecast.wanted.sum()) + forecast.locked + small

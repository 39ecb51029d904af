"""What the wished sizes mean for these data, before anything is grouped: how many areas they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from renomap.grouping import eligibility, sizes
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.outputs.numbers import M2_PER_HA
from renomap.steps.frames import neighbourhood_frame


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
) -> Foreseen:
    """How many areas the targets ask for, and their geometric mean inside the bounds on the whole.

    ``targets`` and ``bounds`` overrule the preset as in ``GroupOptions``. The neighbourhoods that may join
    are taken as one piece: what parts them on the ground is known only when they are grouped.
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
    least, most = 1.0, float(len(rows))
    for name, total in totals.items():
        if limits.get(f"{name}_max", 0.0) > 0:
            least = max(least, float(np.ceil(total / limits[f"{name}_max"])))
        if limits.get(f"{name}_min", 0.0) > 0:
            most = min(most, total // limits[f"{name}_min"])
    taken = int(np.clip(np.floor(mean + 0.5), least, max(most, least)))
    return Foreseen({key: max(1, int(np.floor(count + 0.5))) for key, count in asked.items()}, taken)

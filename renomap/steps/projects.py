"""Projects: an area or a scattered neighbourhood as something that is carried out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from renomap.model.programme import text_of
from renomap.model.project import Project
from renomap.model.scheme import UNASSIGNED


def running(project: Project) -> pd.DataFrame:
    """Rows of ``projects`` that are not given up, of the active scheme or of single neighbourhoods."""
    rows = project.programme.projects
    key = None if project.scheme is None else project.scheme.key
    return rows[rows["exited"].isna() & ((rows["scheme"] == key) | (rows["area"] == 0))]


def members_of(project: Project, number: int) -> tuple[int, ...]:
    """Fids of the neighbourhoods of a project as its area is now, ascending."""
    row = project.programme.projects.loc[number]
    if row["area"] == 0:
        return (int(row["fid"]),) if row["fid"] else ()
    scheme = next((each for each in project.schemes if each.key == row["scheme"]), None)
    if scheme is None:
        return ()
    return tuple(int(fid) for fid in scheme.assignment.index[scheme.assignment == row["area"]].sort_values())


def project_of_area(project: Project, area: int) -> tuple[Project, int]:
    """The project of an area of the active scheme, made where there is none, and its id.

    Raises ValueError where there is no active scheme, or no such area in it.
    """
    scheme = project.scheme
    if scheme is None or area not in scheme.areas.index:
        raise ValueError(f"no area {area}")
    rows = running(project)
    found = rows.index[rows["area"] == area]
    if len(found):
        return project, int(found[0])
    members = scheme.assignment.index[scheme.assignment == area]
    name = scheme.areas.at[area, "name"]
    row = {"scheme": scheme.key, "area": area, "name": name or None, "members": text_of(map(int, members))}
    return _added(project, row)


def project_of_neighbourhood(project: Project, fid: int) -> tuple[Project, int]:
    """The project that a neighbourhood belongs to: that of its area, else one of its own; and its id.

    Raises ValueError where there is no such neighbourhood.
    """
    layer, scheme = project.neighbourhoods, project.scheme
    if layer is None or fid not in layer.frame.index:
        raise ValueError(f"no neighbourhood {fid}")
    area = UNASSIGNED if scheme is None else int(scheme.assignment.get(fid, UNASSIGNED))
    if area != UNASSIGNED:
        return project_of_area(project, area)
    rows = running(project)
    found = rows.index[rows["fid"] == fid]
    if len(found):
        return project, int(found[0])
    return _added(project, {"fid": fid, "name": layer.frame.at[fid, "name"], "members": text_of([fid])})


def households_of(project: Project, fids: tuple[int, ...]) -> float:
    """Households of these neighbourhoods; NaN unless known of all."""
    layer = project.neighbourhoods
    if layer is None or not fids:
        return float("nan")
    return float(layer.frame["households"].reindex(list(fids)).sum(min_count=len(fids)))


def _added(project: Project, row: dict[str, object]) -> tuple[Project, int]:
    programme = project.programme.with_rows("projects", [row])
    return replace(project, programme=programme), int(np.max(programme.projects.index))

"""Which administrative unit each neighbourhood belongs to, and the lines that areas may not cross."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.errors import RenomapError
from renomap.model.fields import COLUMNS
from renomap.model.note import Note, Severity
from renomap.model.overlay import main_holder
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.steps.frames import neighbourhood_frame

#: A neighbourhood with less than this share in one unit is reported; digitised borders agree to a few metres.
CLEAR_SHARE = 0.95
#: Level of subdistricts, and the column that names them.
STREET: Final = "street"
#: A layer of lines is taken for a field of names when it knows at least this share of them.
NAMES_KNOWN = 0.9


@dataclass(frozen=True)
class Within:
    """Administrative nesting of the neighbourhoods.

    Parameters
    ----------
    spec : str
        What decides, as on the command line: ``none``, a field or ``layer.field``.
    units : Series or None
        Index ``fid``, the unit's name; None where nothing is known of a row. None as a whole = free.
    polygons : GeoSeries or None
        Index unit name; one (multi)polygon a unit where a layer of them is known.
    notes : tuple of Note
        Shares below 95 %, rows without a unit.
    level : str
        What the units are: ``district``, ``street``, ``community``, the name of another field, '' = unknown.
    """

    spec: str
    units: pd.Series[str] | None
    polygons: gpd.GeoSeries | None
    notes: tuple[Note, ...] = ()
    level: str = ""

    @property
    def subdistricts(self) -> pd.Series[str] | None:
        """The units, unless they are known to be something else; None where they are or nothing is known."""
        return self.units if self.level in ("", STREET) else None

    @property
    def described(self) -> str:
        """What decides, for a sentence."""
        return _described(self.spec)


def _described(spec: str) -> str:
    """A field of ours as a word of the catalogue, a layer and its field as the user named them."""
    return f"field.{spec}" if spec in COLUMNS[Role.NEIGHBOURHOODS] else spec


FREE = Within("none", None, None)


def resolve_within(project: Project, spec: str | None) -> Within:
    """Find the unit of each neighbourhood.

    Parameters
    ----------
    spec : str or None
        ``none`` = areas may cross every line; ``FIELD`` of the neighbourhoods; ``LAYER.FIELD`` of a polygon
        layer. None takes the street field of the neighbourhoods, or where that is empty a layer of
        subdistricts, or else nothing.

    Raises
    ------
    RenomapError
        ``steps.within-unknown`` where there is no such field or layer.
    """
    rows = neighbourhood_frame(project)
    if spec is None:
        return _recognised(project, rows)
    if spec == "none":
        return FREE
    title, dot, field = spec.rpartition(".")
    if dot:
        layer = project.layer(title)
        if layer is None or field not in layer.frame.columns:
            raise RenomapError("steps.within-unknown", spec=spec, known=", ".join(_choices(project)))
        return _by_polygons(rows, _one_level(layer.frame), field, spec)
    if field not in rows.columns:
        raise RenomapError("steps.within-unknown", spec=spec, known=", ".join(_choices(project)))
    return _by_field(project, rows, field)


def _choices(project: Project) -> list[str]:
    found = [name for name in (STREET, "community") if name in neighbourhood_frame(project).columns]
    for layer in project.layers_of(Role.BOUNDARY):
        found += [
            f"{layer.title}.{name}"
            for name in layer.frame.columns
            if (name not in ("geometry", "level") and layer.frame[name].dtype == object) or name == "name"
        ]
    return found[:12]


def _recognised(project: Project, rows: gpd.GeoDataFrame) -> Within:
    if STREET in rows.columns and rows[STREET].notna().any():
        return _by_field(project, rows, STREET)
    for layer in project.layers_of(Role.BOUNDARY):
        if (layer.frame["level"] == STREET).any():
            return _by_polygons(rows, _one_level(layer.frame), "name", f"{layer.title}.name")
    return FREE


def _one_level(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The subdistricts of a layer that knows any: units of several levels lie on top of each other."""
    is_street = frame["level"] == STREET if "level" in frame else np.zeros(len(frame), dtype=bool)
    return frame[is_street] if is_street.any() else frame


def _by_field(project: Project, rows: gpd.GeoDataFrame, field: str) -> Within:
    units = rows[field].astype(object).where(rows[field].notna(), None)
    notes: tuple[Note, ...] = ()
    unknown = rows.index[units.isna()]
    if len(unknown):
        notes = (
            Note(
                "steps.within-missing",
                {"spec": _described(field), "count": len(unknown)},
                Severity.WARNING,
                layer="neighbourhoods",
                fids=tuple(int(fid) for fid in unknown),
            ),
        )
    return Within(field, units, _polygons_named(project, set(units.dropna())), notes, field)


def _polygons_named(project: Project, names: set[str]) -> gpd.GeoSeries | None:
    """The layer of lines that knows nearly all of these names, if there is one."""
    for layer in project.layers_of(Role.BOUNDARY):
        frame = layer.frame
        if names and len(names & set(frame["name"].dropna())) >= NAMES_KNOWN * len(names):
            return _dissolved(frame[frame["name"].isin(names)], "name")
    return None


def _dissolved(frame: gpd.GeoDataFrame, field: str) -> gpd.GeoSeries:
    known = frame[frame[field].notna() & frame.geom_type.isin(["Polygon", "MultiPolygon"])]
    return known.dissolve(by=field).geometry.sort_index()


def _by_polygons(rows: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, field: str, spec: str) -> Within:
    polygons = _dissolved(frame, field)
    if polygons.empty:
        raise RenomapError("steps.within-empty", spec=spec)
    shapes = np.asarray(rows.geometry.values)
    units = np.asarray(polygons.values)
    choice, share = main_holder(gpd.GeoSeries(units), rows.geometry)
    lost = np.flatnonzero(choice < 0)
    if len(lost):  # outside every polygon: the nearest one, said in a note
        choice[lost] = shapely.STRtree(units).nearest(shapes[lost])
    names = polygons.index.astype(object).to_numpy()
    named = pd.Series(names[choice], index=rows.index, dtype=object)
    notes = []
    split = rows.index[(share < CLEAR_SHARE) & (share > 0)]
    if len(split):
        notes.append(
            Note(
                "steps.within-split",
                {"spec": spec, "count": len(split), "share": round(100 * CLEAR_SHARE)},
                Severity.WARNING,
                layer="neighbourhoods",
                fids=tuple(int(fid) for fid in split),
            )
        )
    if len(lost):
        outside = tuple(int(fid) for fid in rows.index[lost])
        notes.append(
            Note(
                "steps.within-outside",
                {"spec": spec, "count": len(lost)},
                Severity.WARNING,
                "neighbourhoods",
                outside,
            )
        )
    levels = set(frame["level"].dropna()) if "level" in frame else set()
    return Within(spec, named, polygons, tuple(notes), levels.pop() if len(levels) == 1 else "")

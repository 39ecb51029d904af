"""The front door of the library: neighbours, areas, deficits, boundaries and papers from GeoDataFrames.

Every function takes the neighbourhoods first and the other layers by name: ``buildings``, ``facilities``,
``roads``, ``water``, ``railways``, ``barriers``, ``crossings``, ``boundary``, ``sites`` and more (values of
``renomap.model.roles.Role``). All are GeoDataFrames in one projected system in metres. Columns are recognised
by their usual names, Chinese or English (``户数``, ``households``; ``highway``, ``fclass``); ``fields`` says
what another name means. What comes in is checked by name: a fault is a ``RenomapError`` with a sentence. What
goes out has the labels of what came in.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.deficits import meeting as meetings
from renomap.deficits import presets, standards
from renomap.errors import RenomapError
from renomap.model.feedback import Silent
from renomap.model.links import KINDS
from renomap.model.plan import Plan
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import UNASSIGNED, Scheme
from renomap.model.settings import GroupSettings
from renomap.sources.frames import layers_of, require_frames
from renomap.steps import handover
from renomap.steps.frames import neighbourhood_frame
from renomap.steps.groundwork import grow_territories, lay_ground
from renomap.steps.group import group as group_project
from renomap.steps.naming import area_shapes, dress_areas
from renomap.steps.options import GroupOptions
from renomap.steps.plan import make_plan
from renomap.wording.catalogue import error_sentence, note_sentence, words

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
#: Floor area of one household, m2, where households are estimated: see ``sources.options.ImportOptions``.
M2_PER_HOUSEHOLD = 74.0


@dataclass(frozen=True, repr=False)
class Areas:
    """Areas of neighbourhoods, and every number that follows from them.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        One row for each neighbourhood that came in, under its label: ``area_id`` (0 = in no area), ``fate``,
        and need, supply and deficit of each facility.
    areas : GeoDataFrame
        Index = id of the area; geometry = its outline. Columns as in ``renomap.model.plan.Plan``.
    remarks : tuple of str
        What was guessed, mended and assumed, as English sentences.
    plan : Plan
        The same with everything that maps and reports show.
    """

    neighbourhoods: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    remarks: tuple[str, ...]
    plan: Plan = field(repr=False)

    def __repr__(self) -> str:
        """What there is, in a line."""
        inside = int((self.neighbourhoods["area_id"] != UNASSIGNED).sum())
        left_out = len(self.neighbourhoods) - inside
        return f"<Areas: {len(self.areas)} areas of {inside} neighbourhoods, {left_out} in none>"


def _plainly(door: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """The same function; what the world is at fault for reads as a sentence."""

    @functools.wraps(door)
    def told(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer:
        try:
            return door(*args, **kwargs)
        except RenomapError as fault:
            fault.sentence = error_sentence(words("en"), fault)
            raise

    return told


@_plainly
def links(
    neighbourhoods: gpd.GeoDataFrame, *, gap_m: float = 30.0, **layers: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Which neighbourhoods are neighbours on the ground.

    Two are, if they face each other over at least 10 m of frontage across no more than ``gap_m``, with no
    railway, river, expressway, primary road or wall between; or if a bridge, tunnel or crossing joins them.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Polygons, metres, unique labels.
    gap_m : float
        Greatest gap, metres; 0 = contact only.
    **layers : GeoDataFrame
        What lies between: ``roads`` (with a column of classes), ``water``, ``railways``, ``barriers``,
        ``crossings``.

    Returns
    -------
    GeoDataFrame
        A row a link: ``a`` and ``b`` (labels), ``frontage_m``, ``gap_m``, ``kind`` (contact, gap, road or
        crossing), ``cost`` (0 = free, 1 = hardly to be crossed), ``via`` (what lies between), geometry = the
        line between two points inside them. Empty where nobody has a neighbour.

    Examples
    --------
    >>> from shapely import box, LineString
    >>> two = gpd.GeoDataFrame(geometry=[box(0, 0, 90, 90), box(110, 0, 200, 90)], crs="EPSG:4547")
    >>> links(two)[["a", "b", "frontage_m", "gap_m"]].round(0).values.tolist()
    [[0, 1, 90.0, 20.0]]
    >>> road = gpd.GeoDataFrame({"highway": ["primary"]}, geometry=[LineString([(100, -50), (100, 150)])],
    ...     crs="EPSG:4547")
    >>> len(links(two, roads=road))
    0
    """
    project, labels = _project(neighbourhoods, layers)
    settings = GroupSettings(gap_m=_distance(gap_m))
    found = lay_ground(project, presets.load("national"), settings, Silent()).links
    points = np.asarray(_rows(project).representative_point().values)
    lines = shapely.linestrings(
        np.stack([shapely.get_coordinates(points[found.a]), shapely.get_coordinates(points[found.b])], axis=1)
        if len(found)
        else np.zeros((0, 2, 2))
    )
    ends = labels.reindex(found.fids).to_numpy()
    table = {
        "a": ends[found.a],
        "b": ends[found.b],
        "frontage_m": found.frontage_m,
        "gap_m": found.gap_m,
        "kind": np.array(KINDS, dtype=object)[found.kind],
        "cost": found.cost,
        "via": list(found.via),
    }
    return gpd.GeoDataFrame(table, geometry=lines, crs=project.crs)


@_plainly
def group(
    neighbourhoods: gpd.GeoDataFrame,
    options: GroupOptions | None = None,
    *,
    fields: Mapping[str, str] | None = None,
    **layers: gpd.GeoDataFrame,
) -> Areas:
    """Group neighbourhoods into contiguous areas.

    Parameters
    ----------
    neighbourhoods : GeoDataFrame
        Polygons, metres, unique labels. ``households`` (or ``户数`` ...) sizes the areas; without it they are
        estimated from ``buildings`` with ``floors``, else the number of neighbourhoods decides.
    options : GroupOptions, optional
        Preset, number of areas, bounds, targets, weights, gap, seed: see there. By default the national
        preset and as many areas as its sizes ask for.
    fields : mapping, optional
        A column as it came -> what it is (a column of ``renomap.model.fields``).
    **layers : GeoDataFrame
        Other layers by role.

    Examples
    --------
    >>> from shapely import box
    >>> squares = [box(x, y, x + 100, y + 100) for x in range(0, 440, 110) for y in range(0, 330, 110)]
    >>> town = gpd.GeoDataFrame({"户数": [400] * 12}, geometry=squares, crs="EPSG:4547")
    >>> found = group(town, GroupOptions(areas=2, bounds={"area_ha_max": None, "households_max": None}))
    >>> found
    <Areas: 2 areas of 12 neighbourhoods, 0 in none>
    >>> found.areas["households"].tolist()
    [2400.0, 2400.0]
    """
    project, labels = _project(neighbourhoods, layers, fields)
    found = group_project(project, options or GroupOptions())
    return _answer(make_plan(found.project, work=found.work), labels, neighbourhoods)


@_plainly
def deficits(
    neighbourhoods: gpd.GeoDataFrame,
    areas: str | pd.Series = "area_id",
    *,
    standard: str | Path = "national",
    meeting: tuple[str, ...] = (),
    fields: Mapping[str, str] | None = None,
    **layers: gpd.GeoDataFrame,
) -> Areas:
    """What the areas of a division lack, whoever made it.

    Parameters
    ----------
    areas : str or Series
        The area of each neighbourhood: the name of a column, or a Series with the same labels. Missing = in
        no area; areas may have any names.
    standard : str or Path
        ``national``, ``changsha``, ``guangzhou`` or a file of yours.
    meeting : tuple of str
        Values set for the meeting, as ``parking.rate=0.8/household``.

    Returns
    -------
    Areas
        ``areas`` has for each facility ``<facility>_need``, ``_supply``, ``_deficit_low``, ``_deficit_high``
        (NaN = open), ``_state`` and more, in its unit; ``name`` is what you called the area. Unknown is NaN,
        never 0.

    Examples
    --------
    >>> from shapely import box
    >>> two = gpd.GeoDataFrame(
    ...     {"households": [300, 200], "parking_spaces": [100, 40], "area_id": ["east", "east"]},
    ...     geometry=[box(0, 0, 90, 90), box(100, 0, 190, 90)], crs="EPSG:4547")
    >>> found = deficits(two, meeting=("parking.rate=0.6/household",))
    >>> found.areas[["name", "parking_need", "parking_supply", "parking_deficit"]].values.tolist()
    [['east', 300.0, 140.0, 160.0]]
    """
    project, labels = _project(neighbourhoods, layers, fields)
    values = tuple(meetings.parse_meeting(value) for value in meeting)
    project = Project(
        project.crs,
        project.layers,
        notes=project.notes,
        standard=standards.for_project(standard),
        meeting=values,
    )
    return _answer(make_plan(_divided(project, labels, neighbourhoods, areas)), labels, neighbourhoods)


@_plainly
def outlines(
    neighbourhoods: gpd.GeoDataFrame,
    areas: str | pd.Series = "area_id",
    *,
    gap_m: float = 30.0,
    **layers: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """The boundary of each area: its members' ground made whole, never over a barrier, never overlapping.

    Returns
    -------
    GeoDataFrame
        Index = id, ``name`` = what you called the area, ``parts`` = its polygons, ``corridor`` = whether a
        strip over a crossing is part of it.

    Examples
    --------
    >>> from shapely import box
    >>> two = gpd.GeoDataFrame({"area_id": [7, 7]}, geometry=[box(0, 0, 90, 90), box(100, 0, 190, 90)],
    ...     crs="EPSG:4547")
    >>> outlines(two)[["name", "parts"]].values.tolist()
    [['7', 1]]
    """
    project, labels = _project(neighbourhoods, layers)
    divided = _divided(project, labels, neighbourhoods, areas)
    scheme = divided.scheme
    assert scheme is not None
    work = lay_ground(divided, presets.load("national"), GroupSettings(gap_m=_distance(gap_m)), Silent())
    rows = neighbourhood_frame(divided).geometry
    grown = grow_territories(rows, work, Silent())
    drawn = area_shapes(rows, scheme.assignment, work, grown, Silent())
    return drawn.assign(name=scheme.areas["name"].reindex(drawn.index))


@_plainly
def report(areas: Areas, path: str | Path, *, language: str = "zh") -> Path:
    """Write areas as the ending says: ``.pdf`` the report, ``.html`` the web map, and the others of
    ``outputs.formats``.

    Parameters
    ----------
    language : str
        ``zh`` or ``en``.

    Returns
    -------
    Path of the file.
    """
    target = Path(path)
    handover.export(areas.plan, target, words(language))
    return target


def _distance(gap_m: float) -> float:
    if not np.isfinite(gap_m) or gap_m < 0:
        raise RenomapError("steps.gap-negative", gap=gap_m)
    return float(gap_m)


def _project(
    neighbourhoods: gpd.GeoDataFrame,
    layers: Mapping[str, gpd.GeoDataFrame],
    fields: Mapping[str, str] | None = None,
) -> tuple[Project, pd.Series]:
    """A project of the frames, and the label of each ``fid``."""
    frames = require_frames({"neighbourhoods": neighbourhoods, **layers})
    made, notes = layers_of(frames, fields or {}, M2_PER_HOUSEHOLD)
    kept = next(layer.frame.index for layer in made if layer.role is Role.NEIGHBOURHOODS)
    if len(kept) < len(neighbourhoods):
        lost = next(i for i in range(len(neighbourhoods)) if i + 1 not in kept)
        raise RenomapError("frames.no-shape", name="neighbourhoods", label=str(neighbourhoods.index[lost]))
    roads = next((layer.frame for layer in made if layer.role is Role.ROADS), None)
    if roads is not None and len(roads) and roads["road_class"].isna().all():
        warnings.warn(words("en")["frames.no-road-class"], stacklevel=4)
    crs = neighbourhoods.crs
    name = f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.to_wkt()
    labels = pd.Series(neighbourhoods.index, index=np.arange(1, len(neighbourhoods) + 1), dtype=object)
    return Project(name, made, notes=notes), labels


def _rows(project: Project) -> gpd.GeoDataFrame:
    layer = project.neighbourhoods
    assert layer is not None
    return layer.frame


def _divided(
    project: Project, labels: pd.Series, neighbourhoods: gpd.GeoDataFrame, areas: str | pd.Series
) -> Project:
    """The project with a scheme of the areas, numbered in the order of their first neighbourhoods."""
    if isinstance(areas, str):
        if areas not in neighbourhoods.columns:
            raise RenomapError("frames.assignment-column", column=areas)
        areas = pd.Series(neighbourhoods[areas])
    if not isinstance(areas, pd.Series):
        raise RenomapError("frames.assignment-kind", kind=type(areas).__name__)
    strange = areas.index.difference(neighbourhoods.index, sort=False)
    if len(strange):
        raise RenomapError("frames.assignment-labels", label=str(strange[0]))
    own = areas.reindex(neighbourhoods.index)
    numbers, names = pd.factorize(own.where(own != UNASSIGNED))
    if not len(names):
        raise RenomapError("frames.no-area")
    whole = pd.Series(numbers.astype(np.int64) + 1, index=labels.index)
    assignment = whole.reindex(_rows(project).index)
    dressed = dress_areas(project, assignment)
    called = {number + 1: str(name) for number, name in enumerate(names)}
    dressed = dressed.assign(name=[called[int(area)] for area in dressed.index])
    return project.with_scheme(Scheme("s1", "", assignment, dressed))


def _answer(plan: Plan, labels: pd.Series, neighbourhoods: gpd.GeoDataFrame) -> Areas:
    """A plan under the labels of who asked."""
    found = plan.neighbourhoods.rename_axis(None)
    found.index = pd.Index(labels.loc[found.index], name=neighbourhoods.index.name)
    remarks = tuple(note_sentence(words("en"), note) for note in (*plan.project.notes, *plan.notes))
    return Areas(found, plan.areas, remarks, plan)

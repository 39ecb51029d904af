"""What a map of a theme shows: the plan's layers from the ground up, their legend and their labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd

from renomap.cartography import ground as ground_room
from renomap.cartography.layers import (
    LabelLayer,
    LegendGroup,
    MapContent,
    MapLayer,
    MarkerLayer,
    ShapeLayer,
)
from renomap.cartography.naming import area_labels, line_labels, neighbourhood_labels, water_labels
from renomap.cartography.outlines import outlines_of
from renomap.cartography.themes import AREA_FILLS, NEIGHBOURHOODS, Theme, theme_of
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.words import sentence


def map_content(
    plan: Plan, theme: str, words: Mapping[str, str], *, area: int | None = None, by: str = "area"
) -> MapContent:
    """Everything a map of the plan shows in a theme.

    Parameters
    ----------
    plan : Plan
        Layers and areas may be missing or empty; values may be unknown.
    theme : str
        'areas', 'deficit:<facility>', 'year' or 'eligibility'.
    words : mapping of code to sentence
        The catalogue of the language the map is written in.
    area : int, optional
        The area the sheet is about: it is shown whole, the others step back.
    by : str
        'area' or 'neighbourhood': whose deficit a deficit theme shows.

    Returns
    -------
    MapContent
        Layers from the bottom: landuse, water, area_fills, neighbourhoods, buildings, heritage,
        boundary, roads, railways, barriers, outlines, facilities, labels; those without rows are left
        out (labels never).
        A second layer of a role has the key with ``_2``.

    Raises
    ------
    RenomapError
        ``maps.theme-unknown``, ``maps.facility-unknown``, ``maps.area-unknown``.
    """
    if area is not None and area not in plan.areas.index:
        raise RenomapError("maps.area-unknown", area=area)
    decided = theme_of(plan, theme, words, area=area, by=by)
    below, ground = ground_room.under(plan, words)
    above, more = ground_room.over(plan, words)
    outlines, lines = outlines_of(plan, words, area)
    markers, points = ground_room.facilities(plan, words, theme)
    drawn = (*below, *_theme_layers(plan, decided), *above, *outlines, *markers)
    labels = _labels(plan, decided, area, markers)
    groups = [
        *decided.groups,
        LegendGroup(words["maps.legend.areas"], tuple(lines)),
        LegendGroup(words["maps.legend.facilities"], tuple(points)),
        LegendGroup(words["maps.legend.ground"], (*ground, *more)),
    ]
    return MapContent(
        theme,
        (*drawn, labels),
        tuple(group for group in groups if group.entries),
        decided.heading,
        _bounds(plan, area),
        tuple(_remarks(plan, words)),
        area,
    )


def _theme_layers(plan: Plan, theme: Theme) -> list[MapLayer]:
    layers: list[MapLayer] = []
    if theme.fill_classes is not None and len(plan.areas):
        layers.append(ShapeLayer(AREA_FILLS, plan.areas, theme.fill_classes, theme.fill_symbols))
    if len(plan.neighbourhoods):
        layers.append(ShapeLayer(NEIGHBOURHOODS, plan.neighbourhoods, theme.classes, theme.symbols))
    return layers


def _labels(plan: Plan, theme: Theme, area: int | None, markers: list[MapLayer]) -> LabelLayer:
    roads = ground_room.frames_of(plan, Role.ROADS)
    labels = [
        *area_labels(plan, theme.figures, area),
        *neighbourhood_labels(plan, area),
        *(label for frame in roads for label in line_labels(frame, ground_room.road_classes(frame))),
        *(label for frame in ground_room.frames_of(plan, Role.WATER) for label in water_labels(frame)),
    ]
    marks = next((layer for layer in markers if isinstance(layer, MarkerLayer)), None)
    return LabelLayer("labels", tuple(labels), marks=marks)


def _bounds(plan: Plan, area: int | None) -> tuple[float, float, float, float]:
    if area is not None:
        shapes: Any = plan.areas.geometry.loc[[area]]
    elif len(plan.neighbourhoods):
        shapes = plan.neighbourhoods.geometry
    else:
        shapes = gpd.GeoSeries([layer.frame.union_all() for layer in plan.project.layers if len(layer.frame)])
    xmin, ymin, xmax, ymax = (
        (float(v) for v in shapes.total_bounds) if len(shapes) else (0.0, 0.0, 1000.0, 1000.0)
    )
    return (xmin, ymin, xmax, ymax)


def _remarks(plan: Plan, words: Mapping[str, str]) -> list[str]:
    missing = [
        words[f"maps.missing.{role.value}"]
        for role in (Role.ROADS, Role.WATER, Role.RAILWAYS)
        if not any(len(layer.frame) for layer in plan.project.layers_of(role))
    ]
    if not missing:
        return []
    return [sentence(words, "maps.missing", {"layers": words["maps.missing.joiner"].join(missing)})]

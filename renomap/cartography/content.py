"""What a map of a theme shows: the plan's layers from the ground up, their legend and their labels."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import shapely

from renomap.cartography import ground as ground_room
from renomap.cartography.discs import discs_of
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
from renomap.cartography.palettes import Theme
from renomap.cartography.programme_themes import WINDOW_THEMES, programme_theme
from renomap.cartography.survey_themes import reach_layers
from renomap.cartography.themes import AREA_FILLS, NEIGHBOURHOODS, theme_of
from renomap.cartography.underlays import underlay_layers
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.words import sentence

#: How much larger the ground of all neighbourhoods must be than that of the areas for strays to be left out.
STRAY = 1.4


def map_content(
    plan: Plan,
    theme: str,
    words: Mapping[str, str],
    *,
    area: int | None = None,
    by: str = "area",
    printed: bool = True,
) -> MapContent:
    """Everything a map of the plan shows in a theme.

    Parameters
    ----------
    plan : Plan
        Layers and areas may be missing or empty; values may be unknown.
    theme : str
        As in ``theme_of``.
    words : mapping of code to sentence
        The catalogue of the language the map is written in.
    area : int, optional
        The area the sheet is about: it is shown whole, the others step back.
    by : str
        'area' or 'neighbourhood': whose deficit a deficit theme shows.
    printed : bool
        Whether the map goes to paper, where underlays are paler.

    Returns
    -------
    MapContent
        Layers from the bottom: underlay, landuse, water, area_fills, neighbourhoods, reach, discs, buildings,
        heritage, boundary, roads, railways, barriers, members_ground, outlines, sites,
        facilities, labels; those without rows are left out (labels never).
        A second layer of a role has the key with ``_2``.

    Raises
    ------
    RenomapError
        ``maps.theme-unknown``, ``maps.facility-unknown``, ``maps.area-unknown``.
    """
    if area is not None and area not in plan.areas.index:
        raise RenomapError("maps.area-unknown", area=area)
    decided = decided_theme(plan, theme, words, area=area, by=by)
    below, ground = ground_room.under(plan, words)
    above, more = ground_room.over(plan, words)
    outlines, lines = outlines_of(plan, words, area)
    markers, points = ground_room.facilities(plan, words, theme)
    rooms, idle = ground_room.sites(plan, words, theme)
    discs, rims = discs_of(plan, words)
    pictures, unseen = underlay_layers(plan.project, words, printed=printed)
    if pictures and printed:  # the picture itself shows how the land is used
        below = [layer for layer in below if not layer.key.startswith("landuse")]
    circles, reached = reach_layers(plan, theme, words)
    drawn = (
        *pictures,
        *below,
        *_theme_layers(plan, decided),
        *circles,
        *discs,
        *above,
        *outlines,
        *rooms,
        *markers,
    )
    labels = _labels(plan, decided, area, markers)
    groups = [
        *decided.groups,
        LegendGroup(words["maps.legend.estimated"], tuple(rims)),
        LegendGroup(words["maps.legend.areas"], tuple(lines)),
        LegendGroup(words["maps.legend.facilities"], (*points, *reached, *idle)),
        LegendGroup(words["maps.legend.ground"], (*ground, *more)),
    ]
    return MapContent(
        theme,
        (*drawn, labels),
        tuple(group for group in groups if group.entries),
        decided.heading,
        _bounds(plan, area),
        (*_remarks(plan, words, area), *unseen),
        area,
    )


def decided_theme(
    plan: Plan, theme: str, words: Mapping[str, str], *, area: int | None = None, by: str = "area"
) -> Theme:
    """What any theme decides, also one of ``WINDOW_THEMES``; parameters and errors of both makers."""
    if theme in WINDOW_THEMES:
        return programme_theme(plan, theme, words)
    return theme_of(plan, theme, words, area=area, by=by)


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


def plan_bounds(plan: Plan) -> tuple[float, float, float, float]:
    """What a map of the whole plan shows: all neighbourhoods, or the areas where strays lie far off.

    Some places of a survey in the next county would shrink the areas to a spot.
    """
    everything = _total(plan.neighbourhoods) if len(plan.neighbourhoods) else _total_of_layers(plan)
    if not len(plan.areas) or not len(plan.neighbourhoods):
        return everything
    areas = _total(plan.areas)
    return areas if _side(everything) > STRAY * _side(areas) else everything


def _side(bounds: tuple[float, float, float, float]) -> float:
    return max(bounds[2] - bounds[0], bounds[3] - bounds[1])


def _total(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> tuple[float, float, float, float]:
    xmin, ymin, xmax, ymax = (float(v) for v in frame.total_bounds)
    return (xmin, ymin, xmax, ymax)


def _total_of_layers(plan: Plan) -> tuple[float, float, float, float]:
    shapes = gpd.GeoSeries([layer.frame.union_all() for layer in plan.project.layers if len(layer.frame)])
    return _total(shapes) if len(shapes) else (0.0, 0.0, 1000.0, 1000.0)


def _bounds(plan: Plan, area: int | None) -> tuple[float, float, float, float]:
    return plan_bounds(plan) if area is None else _total(plan.areas.geometry.loc[[area]])


def _off_the_map(plan: Plan) -> int:
    """Number of neighbourhoods that a map of the whole plan leaves out."""
    if not len(plan.neighbourhoods):
        return 0
    page = shapely.box(*plan_bounds(plan))
    return int((~plan.neighbourhoods.geometry.intersects(page)).sum())


def _remarks(plan: Plan, words: Mapping[str, str], area: int | None) -> list[str]:
    missing = [
        words[f"maps.missing.{role.value}"]
        for role in (Role.ROADS, Role.WATER, Role.RAILWAYS)
        if not any(len(layer.frame) for layer in plan.project.layers_of(role))
    ]
    said = []
    if missing:
        layers = words["maps.missing.joiner"].join(missing)
        said.append(sentence(words, "maps.missing", {"layers": layers}))
    off = _off_the_map(plan) if area is None else 0
    if off:
        said.append(sentence(words, "maps.off-the-map", {"count": off}))
    return said

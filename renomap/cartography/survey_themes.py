"""Themes of what the survey found: storeys, wishes of residents, idle rooms, how far a facility reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from renomap.cartography.layers import LegendEntry, MapLayer, ShapeLayer
from renomap.cartography.palettes import UNDRAWN, Palette, Theme, column, members_of, outside, theme_symbol
from renomap.cartography.symbols import symbol, table
from renomap.model.derived import once
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.standard import Facility
from renomap.model.words import sentence
from renomap.wording.names import facility_name

#: A theme that shows the reach of a facility is ``reach:<facility>``.
REACH: Final = "reach:"
NEIGHBOURHOODS: Final = "neighbourhoods"
#: The consent of a neighbourhood, as ``programme.consent`` judges it; anything else is to be checked.
CONSENT: Final = ("met", "not_met")


def floors(plan: Plan, words: Mapping[str, str]) -> Theme:
    """Neighbourhoods by their storeys."""
    value = column(plan, "floors", np.nan).astype(float)
    palette, classes = Palette(NEIGHBOURHOODS), np.full(len(value), UNDRAWN, dtype=np.int64)
    style, below = symbol("neighbourhood.member"), 0
    for k, entry in enumerate(table("themes")["floors"]):
        most = int(entry["until"])
        code = "last" if most >= 999 else ("first" if k == 0 else "between")
        text = sentence(words, f"maps.legend.floors-{code}", {"from": below + 1, "to": most})
        mask = (value > below) & (value <= most)
        classes[mask] = palette.add(text, replace(style, fill=entry["fill"]))
        below = most
    classes[~(value > 0)] = palette.add(words["maps.legend.unknown"], theme_symbol("year_unknown"))
    group = palette.group(words["maps.legend.floors"])
    return Theme(words["maps.theme.floors"], classes, tuple(palette.symbols), (group,))


def consent(plan: Plan, words: Mapping[str, str]) -> Theme:
    """Members by the verdict on their residents' consent; who is in no area steps back."""
    value = column(plan, "consent", "").astype(str)
    member = members_of(plan) > 0
    palette, classes = Palette(NEIGHBOURHOODS), np.full(len(value), UNDRAWN, dtype=np.int64)
    for name in CONSENT:
        classes[member & (value == name)] = palette.add(
            words[f"maps.legend.consent-{name.replace('_', '-')}"], theme_symbol(f"consent.{name}")
        )
    rest = member & (classes == UNDRAWN)
    classes[rest] = palette.add(words["maps.legend.consent-open"], theme_symbol("consent.open"))
    outside(plan, palette, words, classes)
    group = palette.group(words["maps.legend.consent"])
    return Theme(words["maps.theme.consent"], classes, tuple(palette.symbols), (group,))


def sites(plan: Plan, words: Mapping[str, str]) -> Theme:
    """Members in one tone, so that the idle rooms and ground on the map are what is seen."""
    return _plain(plan, words["maps.theme.sites"], words)


def reach(plan: Plan, facility: Facility, words: Mapping[str, str]) -> Theme:
    """Members in one tone under the circles of a facility."""
    heading = sentence(words, "maps.theme.reach", {"facility": facility_name(facility, words)})
    return _plain(plan, heading, words)


def reach_layers(
    plan: Plan, theme: str, words: Mapping[str, str]
) -> tuple[list[MapLayer], list[LegendEntry]]:
    """Ground within the standard's radius of the facilities of a theme of reach; nothing for other themes."""
    facility = plan.standard.facility(theme.removeprefix(REACH)) if theme.startswith(REACH) else None
    if facility is None or not facility.radius_m:
        return [], []
    shapes = [shape for frame in facility_frames(plan, facility.key) for shape in frame.geometry]
    if not shapes:
        return [], []
    radius = facility.radius_m
    whole = once(plan.project, f"reach {facility.key} {radius}", lambda: _reached(shapes, radius))
    frame = gpd.GeoDataFrame(geometry=[whole], crs=plan.project.crs)
    look = theme_symbol("reach", outlined=False)
    text = sentence(words, "maps.legend.reach", {"radius": f"{radius:,.0f}"})
    layer = ShapeLayer("reach", frame, np.zeros(1, dtype=np.int64), (look,))
    return [layer], [LegendEntry(text, "reach", (0,), (look,), "polygon")]


def facility_frames(plan: Plan, key: str) -> list[gpd.GeoDataFrame]:
    """Rows of one facility in the visible layers of facilities."""
    layers = [layer.frame for layer in plan.project.layers_of(Role.FACILITIES) if layer.visible]
    return [frame[frame["facility"] == key] for frame in layers if "facility" in frame]


def _reached(shapes: list[Any], radius: float) -> shapely.Geometry:
    circles: npt.NDArray[Any] = np.asarray(shapely.buffer(np.array(shapes, dtype=object), radius))
    return shapely.union_all(circles[~shapely.is_missing(circles)])


def _plain(plan: Plan, heading: str, words: Mapping[str, str]) -> Theme:
    member = members_of(plan) > 0
    palette, classes = Palette(NEIGHBOURHOODS), np.full(len(member), UNDRAWN, dtype=np.int64)
    if member.any():
        classes[member] = palette.add(words["maps.legend.member"], theme_symbol("quiet"))
    outside(plan, palette, words, classes)
    group = palette.group(words["maps.legend.neighbourhoods"])
    return Theme(heading, classes, tuple(palette.symbols), (group,))

"""The map of one neighbourhood: itself among its neighbours, and what becomes of each of its buildings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.cartography.content import map_content
from renomap.cartography.ground import frames_of
from renomap.cartography.layers import Label, LegendEntry, LegendGroup, MapContent, MapLayer, ShapeLayer
from renomap.cartography.symbols import symbol, token
from renomap.cartography.themes import AREA_FILLS, NEIGHBOURHOODS
from renomap.model.derived import once
from renomap.model.plan import Plan
from renomap.model.programme_columns import Action
from renomap.model.roles import Role

BUILDING_WORKS = "building_works"
#: Of several actions at a building, the last of these is drawn.
_STRONGEST = (Action.KEEP, Action.ALTER, Action.ADD, Action.DEMOLISH)
_NUMBER_RANK, _NUMBER_PT = -1, 8.0


def ground_of_sheets(plan: Plan, words: Mapping[str, str]) -> MapContent:
    """What all maps of neighbourhoods share: the map of areas without their fills and names."""
    content = map_content(plan, "areas", words)
    layers = [layer for layer in content.layers[:-1] if layer.key != AREA_FILLS]
    # Only names of areas know the body they name.
    labels = tuple(label for label in content.labels.labels if label.body is None)
    groups = tuple(
        group
        for group in content.legend
        if not any(entry.layer in (AREA_FILLS, NEIGHBOURHOODS) for entry in group.entries)
    )
    marked = replace(content.labels, labels=labels)
    return replace(content, layers=(*layers, marked), legend=groups, remarks=())


def neighbourhood_map(
    plan: Plan,
    ground: MapContent,
    fid: int,
    words: Mapping[str, str],
    works: Mapping[int, tuple[str, tuple[str, ...]]],
) -> MapContent:
    """The map of one neighbourhood.

    Parameters
    ----------
    ground : MapContent
        Of ``ground_of_sheets``, the same for all.
    fid : int
        A row of ``plan.neighbourhoods``.
    works : mapping
        By the fid of a building, the numbers of its works in the table beside the map as one text, and their
        actions. Buildings that no layer has are left out.
    """
    frame = plan.neighbourhoods
    own = (frame.index.to_numpy() == fid).astype(np.int64)
    looks = (symbol("neighbourhood.elsewhere"), symbol("neighbourhood.subject"))
    people = ShapeLayer(NEIGHBOURHOODS, frame, own, looks)
    entries = [
        LegendEntry(words[f"outputs.sheets.legend-{name}"], NEIGHBOURHOODS, (k,), (looks[k],), "polygon")
        for k, name in ((1, "subject"), (0, "other"))
    ]
    groups = [LegendGroup(words["maps.legend.neighbourhoods"], tuple(entries)), *ground.legend]
    rows = _buildings(plan)
    rows = rows.loc[rows.index.intersection(list(works))]
    drawn: list[MapLayer] = [people if layer.key == NEIGHBOURHOODS else layer for layer in ground.layers]
    labels = ground.labels
    if len(rows):
        strongest = [max(_STRONGEST.index(Action(one)) for one in works[int(str(k))][1]) for k in rows.index]
        symbols = tuple(symbol(f"action.{action}") for action in _STRONGEST)
        at = 1 + max(k for k, one in enumerate(drawn) if one.key.startswith((NEIGHBOURHOODS, "buildings")))
        drawn.insert(at, ShapeLayer(BUILDING_WORKS, rows, np.array(strongest, dtype=np.int64), symbols))
        told = [
            LegendEntry(words[f"programme.word.action.{one}"], BUILDING_WORKS, (k,), (symbols[k],), "polygon")
            for k, one in enumerate(_STRONGEST)
        ]
        groups.insert(1, LegendGroup(words["outputs.sheets.legend-action"], tuple(told)))
        labels = replace(labels, labels=(*_numbers(rows, works), *labels.labels))
    bounds = tuple(float(value) for value in frame.geometry.loc[fid].bounds)
    return replace(
        ground,
        layers=(*drawn[:-1], labels),
        legend=tuple(groups),
        bounds=(bounds[0], bounds[1], bounds[2], bounds[3]),
    )


def _numbers(rows: gpd.GeoSeries, works: Mapping[int, tuple[str, tuple[str, ...]]]) -> list[Label]:
    points = shapely.get_coordinates(shapely.point_on_surface(np.asarray(rows.values, dtype=object)))
    return [
        Label(
            text=works[int(str(key))][0],
            pt=_NUMBER_PT,
            rank=_NUMBER_RANK,
            key=nth,
            spots=((float(x), float(y)),),
            bold=True,
            colour=token("ink"),
            halo_mm=0.5,
        )
        for nth, (key, (x, y)) in enumerate(zip(rows.index, points, strict=True))
    ]


def _buildings(plan: Plan) -> gpd.GeoSeries:
    """Outlines of all buildings by fid; of several with one fid the first."""

    def make() -> gpd.GeoSeries:
        frames = [frame.geometry for frame in frames_of(plan, Role.BUILDINGS) if len(frame)]
        if not frames:
            return gpd.GeoSeries([], index=pd.Index([], dtype="int64"), crs=plan.neighbourhoods.crs)
        joined = gpd.GeoSeries(pd.concat(frames))
        return joined[~joined.index.duplicated()]

    return once(plan.neighbourhoods, "buildings of sheets", make)

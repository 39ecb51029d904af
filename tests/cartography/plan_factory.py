"""A small town made by hand: 14 neighbourhoods, 3 areas, roads, a river, a railway and facilities."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from renomap.model.layer import Layer
from renomap.model.links import Links
from renomap.model.plan import Plan
from renomap.model.preset import Preset
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.standard import Facility, Level, Standard, State, Status

CRS = "EPSG:4547"
X0, Y0 = 400_000.0, 3_120_000.0

#: (name, area, fate, eligibility, households, year, column, row, width, height) in cells of 10 m.
UNITS: tuple[tuple[Any, ...], ...] = (
    ("建湘新村", 1, "assigned", "eligible", 320, 1985, 2, 40, 12, 10),
    ("化龙池小区", 1, "assigned", "eligible", 151, 1992, 15, 40, 9, 10),
    ("东茅街机关宿舍", 1, "assigned", "pending", None, None, 2, 29, 10, 9),
    ("白果园", 1, "assigned", "eligible", 96, 1978, 14, 29, 10, 9),
    ("织机巷社区", 2, "assigned", "eligible", 410, 1998, 32, 41, 16, 9),
    ("荷花池一村", 2, "assigned", "eligible", 205, 1988, 32, 30, 8, 9),
    ("荷花池二村", 2, "assigned", "capped", 188, 2003, 42, 30, 8, 9),
    ("浏正街", 3, "assigned", "eligible", 266, 1983, 2, 12, 11, 8),
    ("落星田", 3, "assigned", "eligible", 142, 1991, 15, 12, 9, 8),
    ("都正街小区", 3, "assigned", "eligible", 175, 1996, 26, 12, 9, 8),
    ("登隆巷", 0, "scattered", "eligible", 64, 1981, 56, 44, 6, 6),
    ("新天地花园", 0, "excluded", "not_eligible", 520, 2014, 38, 11, 12, 9),
    (None, 0, "unassigned", "pending", None, None, 52, 30, 6, 8),
    ("湖南省建筑设计院职工家属宿舍区东区", 0, "excluded", "not_eligible", 88, 2009, 52, 12, 7, 8),
)
AREAS: tuple[tuple[int, str, str, bool], ...] = (
    (1, "化龙池片区", "#ebefbd", False),
    (2, "荷花池片区", "#64a4d2", False),
    (3, "浏正街片区", "#adbe8a", True),
)


def standard() -> Standard:
    """Elevators, parking (no value set), elderly care and a clinic with a trigger."""

    def facility(key: str, zh: str, en: str, unit: str, **more: Any) -> Facility:
        values: dict[str, Any] = {
            "base": "household",
            "rate": 20.0,
            "rate_per": 100.0,
            "min_size": None,
            "trigger": {},
            "supply_field": key,
            "radius_m": 300.0,
            "level": Level.AREA,
            "category": "upgrade",
            "source": "",
            "clause": "",
            "status": Status.UNVERIFIED,
        }
        return Facility(key, zh, en, unit, **{**values, **more})

    return Standard(
        "town",
        "小镇标准",
        "Town standard",
        "2026",
        3.2,
        "",
        Status.UNVERIFIED,
        (
            facility("elevator", "加装电梯", "elevators", "elevator", level=Level.BUILDING),
            facility("parking", "机动车停车位", "parking spaces", "space", rate=None),
            facility("elder_care", "养老服务设施", "elderly care", "m2", min_size=300.0),
            facility("clinic", "社区卫生服务站", "health station", "m2", trigger={"population_min": 5000}),
        ),
    )


def neighbourhoods() -> gpd.GeoDataFrame:
    """The frame of a plan; unknown households, years and a name are None or NaN."""
    rows = []
    for k, (name, area, fate, eligibility, households, year, c, r, w, h) in enumerate(UNITS):
        x, y = X0 + 10 * c, Y0 + 10 * r
        lean = 6.0 if k % 2 else -4.0
        shape = Polygon(
            [(x, y), (x + 10 * w, y + lean), (x + 10 * w - 5, y + 10 * h), (x + 4, y + 10 * h - lean)]
        )
        known = np.nan if households is None else float(households)
        rows.append(
            {
                "fid": 101 + k,
                "name": name,
                "street": "定王台街道",
                "community": "丰泉古井社区",
                "households": known,
                "households_flag": "unknown" if households is None else "reported",
                "population": known * 3.2,
                "year_min": np.nan if year is None else float(year),
                "year_max": np.nan if year is None else float(year + 1),
                "area_id": area,
                "fate": fate,
                "fate_reason": None,
                "eligibility": eligibility,
                "eligibility_reason": None,
                "elder_care_deficit": np.nan if households is None else max(0.0, households * 0.2 - 30.0),
                "elevator_deficit": np.nan if households is None else float(households // 40),
                "parking_deficit": np.nan,
                "clinic_deficit": np.nan,
                "geometry": shape,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS).set_index("fid")


def areas(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas whose outlines grow 20 m around their members and share a border."""
    deficits = {1: (340.0, State.SHORT), 2: (np.nan, State.UNKNOWN), 3: (0.0, State.MET)}
    rows = []
    taken: Any = shapely.Polygon()
    for key, name, colour, undersized in AREAS:
        members = frame[frame["area_id"] == key]
        ground = shapely.buffer(shapely.union_all(members.geometry.values), 62.0).buffer(-42.0)
        ground = ground.difference(taken)
        taken = taken.union(ground)
        row = {
            "id": key,
            "name": name,
            "colour": colour,
            "locked": False,
            "kind": "derived",
            "note": "",
            "neighbourhoods": len(members),
            "households": members["households"].sum(min_count=1),
            "households_known": int(members["households"].notna().sum()),
            "population": members["population"].sum(min_count=1),
            "area_ha": ground.area / 1e4,
            "members_ha": members.area.sum() / 1e4,
            "parts": 1,
            "size_flag": "undersized" if undersized else None,
            "geometry": ground,
        }
        for facility in ("elevator", "parking", "elder_care", "clinic"):
            deficit, state = deficits[key]
            if facility == "elevator":
                deficit, state = 12.0 * key, State.SHORT
            elif facility == "parking":
                deficit, state = np.nan, State.NOT_SET
            elif facility == "clinic":
                deficit, state = np.nan, State.BELOW_TRIGGER
            row[f"{facility}_deficit"] = deficit
            row[f"{facility}_deficit_low"] = 120.0 if state is State.UNKNOWN else deficit
            row[f"{facility}_deficit_high"] = 300.0 if state is State.UNKNOWN else deficit
            row[f"{facility}_state"] = state.value
        rows.append(row)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS).set_index("id")


def _frame(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    frame.index = pd.Index(np.arange(1, len(rows) + 1, dtype=np.int64), name="fid")
    return frame


def _line(*points: tuple[float, float]) -> LineString:
    return LineString([(X0 + 10 * x, Y0 + 10 * y) for x, y in points])


def ground_layers(frame: gpd.GeoDataFrame) -> tuple[Layer, ...]:
    """Roads, river, railway, wall, buildings, facilities and a park."""
    roads = [
        ("五一大道", "primary", _line((-10, 26), (20, 25), (75, 26.5))),
        ("蔡锷中路", "secondary", _line((28.5, -5), (29, 60))),
        ("化龙池巷", "residential", _line((0, 39.5), (28.5, 39.5))),
        ("荷花路", "支路", _line((28.8, 40), (50, 40), (62, 42))),
        (None, "footway", _line((12.6, 12), (12.6, 20))),
    ]
    buildings = []
    for k, shape in enumerate(frame.geometry):
        xmin, ymin, xmax, ymax = shape.bounds
        for row, y in enumerate(np.arange(ymin + 14, ymax - 18, 24)):
            block = box(xmin + 12, y, xmax - 14, y + 10)
            buildings.append({"use": "residential", "unsafe": k == 3 and row == 1, "geometry": block})
    buildings.append({"use": None, "unsafe": False, "geometry": box(X0 + 520, Y0 + 500, X0 + 560, Y0 + 540)})
    river = shapely.buffer(_line((-10, 6), (15, 3), (40, 7), (75, 4)), 22.0)
    points = [
        ("养老驿站", "elder_care", 300.0, (10, 34.5)),
        ("社区停车场", "parking", 60.0, (45, 36)),
        ("卫生服务站", "clinic", 150.0, (22, 24)),
        ("街道活动室", "unheard_of", np.nan, (30, 22)),
    ]
    return (
        Layer(
            "landuse",
            "绿地",
            Role.LANDUSE,
            _frame([{"kind": "公园绿地", "geometry": box(X0 + 500, Y0 + 180, X0 + 660, Y0 + 250)}]),
        ),
        Layer("water", "水系", Role.WATER, _frame([{"name": "浏阳河", "kind": "river", "geometry": river}])),
        Layer("buildings", "楼栋", Role.BUILDINGS, _frame(buildings)),
        Layer(
            "roads",
            "道路",
            Role.ROADS,
            _frame([{"name": n, "road_class": c, "geometry": g} for n, c, g in roads]),
        ),
        Layer(
            "railways",
            "铁路",
            Role.RAILWAYS,
            _frame([{"name": "京广铁路", "kind": "rail", "geometry": _line((66, -5), (67, 60))}]),
        ),
        Layer(
            "barriers",
            "围墙",
            Role.BARRIERS,
            _frame([{"name": None, "kind": "wall", "geometry": _line((51, 29), (51, 40))}]),
        ),
        Layer(
            "facilities",
            "设施",
            Role.FACILITIES,
            _frame(
                [
                    {"name": n, "facility": f, "capacity": c, "geometry": Point(X0 + 10 * x, Y0 + 10 * y)}
                    for n, f, c, (x, y) in points
                ]
            ),
        ),
    )


def town(*, grouped: bool = True, ground: bool = True) -> Plan:
    """The town's plan; without areas when not ``grouped``, without any other layer when not ``ground``."""
    frame = neighbourhoods()
    rows = areas(frame)
    if not grouped:
        rows = rows.iloc[:0]
        frame = frame.assign(
            area_id=0, fate=np.where(frame["fate"] == "assigned", "unassigned", frame["fate"])
        )
    layers = (
        Layer("neighbourhoods", "小区", Role.NEIGHBOURHOODS, frame),
        *(ground_layers(frame) if ground else ()),
    )
    assignment = frame["area_id"].astype(np.int64)
    scheme = Scheme(
        "s1",
        "方案一",
        assignment,
        rows[["name", "colour", "locked", "kind", "note", "size_flag", "geometry"]],
    )
    none = np.zeros(0)
    ints = np.zeros(0, dtype=np.int32)
    project = Project(
        crs=CRS,
        layers=layers,
        schemes=(scheme,) if grouped else (),
        active="s1" if grouped else None,
        form={
            "title": "芙蓉区老旧小区片区改造方案",
            "author": "长沙市规划设计研究院",
            "client": "芙蓉区住房和城乡建设局",
            "date": "2026-11-23",
            "data_date": "2024-12-31",
            "data_source": "2024年城镇房屋普查",
            "mark": "征求意见稿",
        },
    )
    return Plan(
        project=project,
        scheme=scheme if grouped else None,
        standard=standard(),
        preset=Preset("changsha", "长沙", "Changsha", "town", {}, {}, None, None),
        neighbourhoods=frame,
        areas=rows,
        shared=pd.DataFrame(),
        below_trigger=pd.DataFrame(),
        links=Links(frame.index.to_numpy(), ints, ints, none, none, none, np.zeros(0, dtype=np.int8), ()),
        territories=frame.geometry,
        totals={"neighbourhoods": len(frame), "areas": len(rows)},
        notes=(),
        stamp="20261123-0930-0a1b2c3d",
    )


def crowded(count: int = 3700) -> Plan:
    """A plan of many small neighbourhoods without a scheme: labels must be thinned out."""
    plan = town(grouped=False, ground=False)
    side = int(np.ceil(np.sqrt(count)))
    k = np.arange(count)
    x, y = X0 + 110.0 * (k % side), Y0 + 90.0 * (k // side)
    frame = gpd.GeoDataFrame(
        {
            "name": [f"{UNITS[i % 12][0]}{i}号院" for i in k],
            "households": np.where(k % 9 == 0, np.nan, 100.0 + k % 200),
            "area_id": np.zeros(count, dtype=np.int64),
            "fate": "unassigned",
            "eligibility": "eligible",
            "year_max": np.where(k % 7 == 0, np.nan, 1975.0 + k % 40),
        },
        geometry=shapely.box(x, y, x + 90.0, y + 70.0),
        crs=CRS,
        index=pd.Index(k + 1, name="fid"),
    )
    return replace(plan, neighbourhoods=frame)

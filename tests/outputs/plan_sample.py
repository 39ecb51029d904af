"""A made-up plan with every awkward thing an output can meet: hostile names, unknowns, an undersized area."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Polygon

from renomap.model.layer import Layer
from renomap.model.links import Links
from renomap.model.note import Note, Severity
from renomap.model.plan import Plan
from renomap.model.preset import Bound, Consent, Preset
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.model.scheme import Scheme
from renomap.model.standard import Facility, Level, MeetingValue, Standard, State, Status
from renomap.programme import consent

CRS = "EPSG:4547"
ORIGIN = (400_000.0, 3_120_000.0)
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "=SUM(A1:A9)",
    "#set page(width: 1cm) *bold* $x$ @ref <lab> `raw` \\ // /* [c] #emit",
    "+8613800000000",
    "a\tb\u0007c",
    "\U00020000里 é ß 🏠",
    "-1+cmd|' /C calc'!A0",
    '</script><script>alert("x")</script>',
    "@名称",
    "湖南省长沙市芙蓉区定王台街道丰泉古井社区原省建筑设计院职工家属宿舍区东区第二生活区",
    "{{ this.title }}{% raw %}",
    "TheVeryLongLatinNameWithoutAnySpaceAnywhereInItThatNeverEnds_2024_final_v2",
)
COLOURS = ("#4e79a7", "#f28e2b", "#76b7b2", "#edc948", "#b07aa1", "#9c755f", "#59a14f", "#bab0ac")
STREETS = ("定王台街道", "朝阳街街道", "文艺路街道")
NAMES = ("建湘里", "化龙池", "东茅街", "白果园", "织机巷", "荷花池", "浏正街", "落星田", "都正街", "登隆巷")


def sample_standard() -> Standard:
    """Six facilities, one in each state a report can show."""

    def facility(key: str, zh: str, en: str, unit: str, base: str, **more: Any) -> Facility:
        values: dict[str, Any] = {
            "rate": 1.0,
            "rate_per": 1.0,
            "min_size": None,
            "trigger": {},
            "supply_field": key,
            "radius_m": 300.0,
            "level": Level.AREA,
            "category": "upgrade",
            "source": "完整居住社区建设标准（试行）",
            "clause": "表 1",
            "status": Status.UNVERIFIED,
        }
        return Facility(key, zh, en, unit, base, **{**values, **more})

    return Standard(
        key="sample",
        zh="示例标准",
        en="Sample standard",
        edition="2020",
        persons_per_household=3.2,
        persons_source="广州",
        persons_status=Status.PARTLY,
        facilities=(
            facility(
                "elevator",
                "加装电梯",
                "elevators",
                "elevator",
                "stairwell",
                level=Level.BUILDING,
                category="better",
                source="GB 55038-2025",
                clause="4.2.4",
                status=Status.PARTLY,
                pooled=False,
                radius_m=None,
            ),
            facility(
                "parking",
                "机动车停车位",
                "parking spaces",
                "space",
                "household",
                rate=None,
                source="",
                clause="",
                status=Status.ABSENT,
                radius_m=150.0,
            ),
            facility(
                "elder_care",
                "老年服务站（日间照料中心）",
                "elderly day care",
                "m2",
                "household",
                rate=20.0,
                rate_per=100.0,
                min_size=300.0,
                source="湖南省社区养老服务设施配建若干规定",
                clause="第六条",
            ),
            facility(
                "clinic",
                "社区卫生服务站",
                "community health station",
                "m2",
                "area",
                rate=None,
                min_size=120.0,
                trigger={"population_min": 5000.0},
            ),
            facility("nursery", "托位", "nursery places", "place", "person", rate=4.5, rate_per=1000.0),
            facility(
                "ebike",
                "电动自行车集中充电",
                "e-bike charging",
                "site",
                "neighbourhood",
                status=Status.VERIFIED,
            ),
        ),
        meeting=(MeetingValue("ebike", "rate", "1/neighbourhood", "王工", "2026-11-20T09:30:00"),),
    )


def sample_preset() -> Preset:
    """Bounds and targets with their sources."""
    return Preset(
        key="changsha",
        zh="长沙",
        en="Changsha",
        standard="sample",
        bounds={
            "households_min": Bound(300, "设计取值", Status.UNVERIFIED),
            "households_max": Bound(4000, "设计取值", Status.UNVERIFIED),
            "area_ha_max": Bound(60, "设计取值", Status.UNVERIFIED),
        },
        targets={
            "households": Bound(1225, "13.11万户 / 107个片区", Status.VERIFIED),
            "count": Bound(8, "868 / 107", Status.VERIFIED),
        },
        year_max=Bound(2000, "国办发〔2020〕23号", Status.VERIFIED),
        year_max_capped=Bound(2005, "湖南", Status.PARTLY),
        consent=Consent(Bound(0.8, "长沙", Status.VERIFIED), Bound(0.8, "长沙", Status.VERIFIED)),
        subsidy={
            "city": Bound(6000, "长沙", Status.VERIFIED),
            "district_min": Bound(6000, "长沙", Status.VERIFIED),
        },
    )


def _block(rng: np.random.Generator, x: float, y: float) -> Polygon:
    w, h = 70 + 20 * rng.random(), 60 + 25 * rng.random()
    dx, dy = rng.uniform(-8, 8, 4), rng.uniform(-8, 8, 4)
    return Polygon(
        [(x + dx[0], y + dy[0]), (x + w, y + dy[1]), (x + w + dx[2], y + h), (x + dx[3], y + h + dy[3])]
    )


def _neighbourhoods(n: int, per_row: int, seed: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(seed)
    x0, y0 = ORIGIN
    shapes = [_block(rng, x0 + 100 * (i % per_row), y0 + 100 * (i // per_row)) for i in range(n)]
    households = rng.integers(60, 300, n).astype(float)
    frame = gpd.GeoDataFrame(
        {
            "code": [f"{i + 1:04d}" for i in range(n)],
            "name": [
                HOSTILE[i] if i < len(HOSTILE) else f"{NAMES[i % len(NAMES)]}{i // len(NAMES) + 1}号院"
                for i in range(n)
            ],
            "district": "芙蓉区",
            "street": [STREETS[(i // 30) % 3] for i in range(n)],
            "community": [f"{NAMES[(i // 10) % len(NAMES)]}社区" for i in range(n)],
            "year_min": rng.integers(1975, 2000, n).astype(float),
            "buildings": rng.integers(1, 12, n).astype(float),
            "stairwells": rng.integers(2, 30, n).astype(float),
            "floors": rng.integers(3, 8, n).astype(float),
            "households": households,
            "households_flag": "reported",
            "population": np.round(households * 3.2),
            "elderly": np.round(households * 0.6),
            "floor_area_m2": households * 68.35,
            "land_area_m2": np.nan,
            "elevators": rng.integers(0, 3, n).astype(float),
            "parking_spaces": rng.integers(0, 40, n).astype(float),
            "property_mgmt": [("yes", "no", None)[i % 3] for i in range(n)],
            "unsafe_buildings": 0.0,
            "consent_asked": np.round(households * 0.9),
            "consent_yes": np.round(households * 0.75),
            "Name": [f"原名{i}" for i in range(n)],
            "备注": [None if i % 2 else pd.Timestamp("2024-12-31") for i in range(n)],
            "列表": [[1, 2] if i % 5 == 0 else None for i in range(n)],
        },
        geometry=shapes,
        crs=CRS,
        index=pd.Index(np.arange(n, dtype=np.int64) + 11, name="fid"),
    )
    frame["year_max"] = frame["year_min"] + 2
    for column in (
        "households",
        "population",
        "elderly",
        "floor_area_m2",
        "consent_asked",
        "consent_yes",
        "year_min",
        "year_max",
    ):
        frame.loc[frame.index[3::7], column] = np.nan
    frame.loc[frame.index[3::7], "households_flag"] = "unknown"
    frame.loc[frame.index[5::7], "households_flag"] = "estimated"
    frame.loc[frame.index[1], "name"] = HOSTILE[1]
    return frame


def _needs(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    frame = frame.copy()
    known = frame["households"]
    columns = {
        "elevator": (frame["stairwells"], frame["elevators"]),
        "parking": (known * np.nan, frame["parking_spaces"]),
        "elder_care": (known * 0.2, known * 0),
        "clinic": (known * np.nan, known * np.nan),
        "nursery": (frame["population"] * 0.0045, known * np.nan),
        "ebike": (known * 0 + 1, known * 0 + 1),
    }
    for key, (need, supply) in columns.items():
        frame[f"{key}_need"] = need
        frame[f"{key}_supply"] = supply
        frame[f"{key}_deficit"] = np.maximum(0.0, need - supply)
    return frame


def _facility_columns(key: str, members: gpd.GeoDataFrame, standard: Standard) -> dict[str, Any]:
    facility = standard.facility(key)
    assert facility is not None
    need = members[f"{key}_need"].sum(min_count=1)
    supply = members[f"{key}_supply"].sum(min_count=1)
    required = (
        np.nanmax([need, facility.min_size or np.nan])
        if not (np.isnan(need) and facility.min_size is None)
        else np.nan
    )
    households = members["households"].sum(min_count=1)
    population = members["population"].sum(min_count=1)
    unknown = members[f"{key}_supply"].isna().any()
    low, high = max(0.0, required - (supply if supply == supply else required)), required
    deficit = np.nan if unknown else max(0.0, required - supply)
    state = State.UNKNOWN if unknown else (State.SHORT if deficit > 0 else State.MET)
    if facility.rate is None and facility.min_size is None:
        state, low, high, deficit, required = State.NOT_SET, np.nan, np.nan, np.nan, np.nan
    if facility.trigger and not population >= facility.trigger["population_min"]:
        state, low, high, deficit, required = State.BELOW_TRIGGER, np.nan, np.nan, np.nan, np.nan
    return {
        "need": need,
        "need_high": need if members[f"{key}_need"].notna().all() else np.nan,
        "alone": float((members[f"{key}_need"] >= (facility.min_size or np.inf)).sum()),
        "required": required,
        "sites": 1.0 if required == required else np.nan,
        "supply": supply,
        "deficit_low": low if state is State.UNKNOWN else deficit,
        "deficit_high": high if state is State.UNKNOWN else deficit,
        "deficit": deficit,
        "known": float(members[f"{key}_supply"].notna().sum()),
        "deficit_separate": members[f"{key}_deficit"].sum(min_count=1),
        "served_alone": 0.0,
        "served_pooled": households if state in (State.SHORT, State.MET) else np.nan,
        "newly_low": households if state is State.SHORT else 0.0,
        "newly_high": households if state in (State.SHORT, State.UNKNOWN) else 0.0,
        "sites_low": 1.0,
        "sites_high": 1.0,
        "out_of_reach": 0.0,
        "state": state.value,
    }


def _area_row(
    area: int, members: gpd.GeoDataFrame, standard: Standard, preset: Preset, k: int
) -> dict[str, Any]:
    ground = shapely.union_all(members.geometry.buffer(15, join_style="mitre").values)
    known = members["households"].notna()
    asked = members["consent_asked"].sum(min_count=1)
    city = members["households"].sum(min_count=1) * preset.subsidy["city"].value
    row: dict[str, Any] = {
        "id": area,
        "name": HOSTILE[7] if area == 2 else f"{NAMES[area % len(NAMES)]}片区",
        "colour": COLOURS[k % len(COLOURS)],
        "locked": False,
        "kind": "derived",
        "note": "",
        "neighbourhoods": len(members),
        "households": members["households"].sum(min_count=1),
        "households_known": int(known.sum()),
        "population": members["population"].sum(min_count=1),
        "buildings": members["buildings"].sum(min_count=1),
        "stairwells": members["stairwells"].sum(min_count=1),
        "floor_area_m2": members["floor_area_m2"].sum(min_count=1),
        "year_min": members["year_min"].min(),
        "year_max": members["year_max"].max(),
        "street": members["street"].mode().iloc[0],
        "community": "、".join(sorted(members["community"].unique())),
        "area_ha": ground.area / 1e4,
        "members_ha": members.area.sum() / 1e4,
        "parts": shapely.get_num_geometries(ground),
        "size_flag": "undersized" if area == 3 else None,
        "size_rule": "households_min" if area == 3 else None,
        "size_value": 90.0 if area == 3 else np.nan,
        "size_bound": 300.0 if area == 3 else np.nan,
        "reason": "sample.cut_off" if area == 3 else None,
        "reason_params": {"barrier": "浏阳河"} if area == 3 else {},
        "north": "五一大道",
        "south": None if area == 2 else "人民中路",
        "east": "韭菜园路",
        "west": "蔡锷南路",
        "proposed_name": "五一大道片区",
        "consent_asked": asked,
        "consent_yes": members["consent_yes"].sum(min_count=1),
        "consent_base": members["households"].sum(min_count=1),
        "city_subsidy": city,
        "district_subsidy": city,
        "households_flag": "estimated" if (members["households_flag"] == "estimated").any() else "reported",
        "geometry": ground,
    }
    for name in ("population", "buildings", "stairwells", "floor_area_m2", "consent_asked"):
        row[f"{name}_known"] = int(members[name].notna().sum())
    for facility in standard.facilities:
        columns = _facility_columns(facility.key, members, standard)
        row.update({f"{facility.key}_{suffix}": value for suffix, value in columns.items()})
    return row


def sample_notes() -> tuple[Note, ...]:
    """Remarks with and without words in the catalogue."""
    return (
        Note(
            "sample.guess",
            {"field": "户数", "overrule": "--field"},
            Severity.GUESS,
            layer="小区",
            confidence=0.8,
        ),
        Note("sample.missing", {"layer": "<b>roads</b>"}, Severity.WARNING),
    )


def _context() -> tuple[Layer, ...]:
    x0, y0 = ORIGIN
    road = gpd.GeoDataFrame(
        {"name": ["五一大道", "人民中路"], "road_class": ["primary", "secondary"], "bridge": [False, False]},
        geometry=[
            LineString([(x0 - 100, y0 - 12), (x0 + 1500, y0 - 12)]),
            LineString([(x0 - 12, y0 - 50), (x0 - 12, y0 + 900)]),
        ],
        crs=CRS,
        index=pd.Index(np.array([1, 2], dtype=np.int64), name="fid"),
    )
    return (Layer("roads", "道路", Role.ROADS, road),)


def _sizes(areas: int, per_area: int, first: int) -> list[int]:
    return [first, *[per_area] * (areas - 1)] if areas else []


def sample_plan(
    areas: int = 5,
    per_area: int = 6,
    outside: int = 6,
    *,
    first: int | None = None,
    per_row: int = 10,
    seed: int = 4,
) -> Plan:
    """Areas of ``per_area`` neighbourhoods each (``first`` in area 1) and ``outside`` more in no area."""
    standard, preset = sample_standard(), sample_preset()
    sizes = _sizes(areas, per_area, first or per_area)
    n = sum(sizes) + outside
    frame = _needs(_neighbourhoods(n, per_row, seed))
    frame = frame.join(consent.judge(frame, preset.consent))
    area_id = np.concatenate(
        [np.repeat(np.arange(1, areas + 1), sizes), np.zeros(outside, dtype=int)]
    ).astype(np.int64)
    fates = np.array(["scattered", "excluded", "unassigned"], dtype=object)
    frame["area_id"] = area_id
    frame["fate"] = np.where(area_id > 0, "assigned", fates[np.arange(n) % 3])
    frame["eligibility"] = np.where(frame["fate"] == "excluded", "not_eligible", "eligible")
    frame["eligibility_reason"] = np.where(frame["fate"] == "excluded", "sample.too_young", None)
    frame["fate_reason"] = [None if a else "sample.out_of_reach" for a in area_id]
    rows = [_area_row(k + 1, frame[frame["area_id"] == k + 1], standard, preset, k) for k in range(areas)]
    for k, row in enumerate(rows):  # outlines of a plan never overlap
        row["geometry"] = row["geometry"].difference(shapely.union_all([one["geometry"] for one in rows[:k]]))
        row["area_ha"], row["parts"] = row["geometry"].area / 1e4, shapely.get_num_geometries(row["geometry"])
    area_frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS).set_index("id") if rows else no_areas()
    members = frame[frame["area_id"] > 0]
    area_frame = area_frame.join(consent.of_areas(members, area_frame.index, preset.consent))
    project = Project(
        crs=CRS,
        layers=(Layer("neighbourhoods", "小区", Role.NEIGHBOURHOODS, frame), *_context()),
        active="s1",
        preset="changsha",
        standard="sample",
        form={
            "title": "芙蓉区老旧小区片区改造方案",
            "author": "长沙市规划设计院",
            "client": "芙蓉区住房和城乡建设局",
            "date": "2026-11-23",
            "data_date": "2024-12-31",
            "data_source": "2024年房屋普查",
            "mark": "征求意见稿",
        },
    )
    assignment = pd.Series(area_id, index=frame.index)
    scheme_areas = area_frame[["name", "colour", "locked", "kind", "note", "size_flag", "geometry"]].copy()
    scheme = Scheme("s1", "方案一", assignment, scheme_areas)
    return Plan(
        project=project,
        scheme=scheme,
        standard=standard,
        preset=preset,
        neighbourhoods=frame,
        areas=area_frame,
        shared=pd.DataFrame(
            {
                "facility": ["elder_care"],
                "area": [1],
                "source": ["丰泉古井养老服务中心"],
                "fid": [3],
                "layer": ["facilities"],
                "amount": [120.0],
                "distance_m": [86.0],
            }
        ),
        below_trigger=pd.DataFrame(
            {
                "facility": ["clinic", "clinic"],
                "street": [STREETS[0], None],
                "population": [4210.0, np.nan],
                "need": [120.0, np.nan],
            }
        ),
        links=no_links(frame),
        territories=frame.geometry.buffer(15, join_style="mitre"),
        totals=totals(frame, areas),
        notes=sample_notes(),
        stamp="20261123-0930-0a1b2c3d",
    )


def no_areas() -> gpd.GeoDataFrame:
    """An empty frame of areas with the columns an output needs."""
    columns = ["name", "colour", "locked", "kind", "note", "size_flag"]
    return gpd.GeoDataFrame(
        {c: [] for c in columns}, geometry=[], crs=CRS, index=pd.Index([], dtype="int64", name="id")
    )


def no_links(frame: gpd.GeoDataFrame) -> Links:
    """No contiguity at all."""
    none = np.zeros(0)
    ints = np.zeros(0, dtype=np.int32)
    return Links(frame.index.to_numpy(), ints, ints, none, none, none, np.zeros(0, dtype=np.int8), ())


def totals(frame: gpd.GeoDataFrame, areas: int) -> dict[str, Any]:
    """Totals as the chain counts them."""
    fate = frame["fate"]
    return {
        "neighbourhoods": len(frame),
        "households": frame["households"].sum(min_count=1),
        "households_known": int(frame["households"].notna().sum()),
        "assigned": int((fate == "assigned").sum()),
        "scattered": int((fate == "scattered").sum()),
        "excluded": int((fate == "excluded").sum()),
        "unassigned": int((fate == "unassigned").sum()),
        "areas": areas,
        "population": frame["population"].sum(min_count=1),
    }


def sample_words(language: str = "zh") -> dict[str, str]:
    """The catalogue with the sentences only this plan uses."""
    from renomap.wording.catalogue import words

    return {
        **words(language),
        "sample.guess": "字段“{field}”按名称识别，可用 {overrule} 更正。",
        "sample.missing": "未加载图层 {layer}，未考虑阻隔。",
        "sample.cut_off": "被{barrier}隔断，达不到最小规模。",
        "sample.out_of_reach": "30 米内无相邻小区。",
        "sample.too_young": "2005 年以后建成。",
    }

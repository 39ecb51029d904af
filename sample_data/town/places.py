"""Places facilities, idle public rooms, walls with gates and crossings; names the alleys."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import LineString, Point
from shapely.ops import unary_union

from .administration import Community
from .parcels import Cuts
from .streets import Ground
from .survey import Compound, Premises, Value

Row = dict[str, object]

#: Kind as the bureau writes it, unit, number in the town, least and largest size, chance that it is known.
FACILITIES: list[tuple[str, str, int, int, int, float]] = [
    ("社区综合服务站", "㎡", 9, 180, 900, 0.9),
    ("社区养老服务站", "㎡", 5, 90, 420, 0.8),
    ("日间照料中心", "㎡", 2, 300, 620, 1.0),
    ("社区卫生服务站", "㎡", 6, 80, 260, 0.85),
    ("幼儿园", "㎡", 7, 900, 2800, 0.9),
    ("托育园", "托位", 3, 20, 60, 1.0),
    ("综合超市", "㎡", 5, 300, 1600, 0.8),
    ("便利店", "㎡", 18, 30, 110, 0.7),
    ("公共停车场", "个", 9, 24, 160, 0.9),
    ("电动汽车充电站", "个", 4, 6, 24, 1.0),
    ("社区食堂", "处", 3, 1, 1, 1.0),
    ("文化活动站", "㎡", 5, 80, 380, 0.85),
    ("口袋公园", "㎡", 6, 420, 2600, 1.0),
]

#: Idle public rooms: name, owner, what they could become, and about where they are.
ROOMS: list[tuple[str, str, str, float, float]] = [
    ("湘东机床厂原职工食堂", "市属国企", "社区食堂、养老", 170, 360),
    ("粮食局原门面仓库", "区住房保障中心", "便民商业", -480, 330),
    ("书院街旧办公楼", "街道办事处", "养老、文化活动", 60, 110),
    ("原南岸纺织厂俱乐部", "市属国企", "文化活动", -560, -360),
    ("原糖厂子弟学校教学楼", "区教育局", "托育、养老", 10, -650),
    ("铁路车辆段旧浴室", "铁路部门", "便民商业", 370, -230),
    ("梅园社区旧办公房", "社区居委会", "卫生服务", -400, 430),
    ("桔园里街公房一层", "区住房保障中心", "养老", -420, -190),
    ("柳浪街公房门面", "区住房保障中心", "便民商业", 420, 330),
    ("城东医院旧门诊楼", "区卫健局", "卫生服务、养老", -60, 330),
    ("车站北街原招待所", "市属国企", "养老", -60, 640),
    ("供销社旧仓库", "市供销合作社", "便民商业、文化活动", 40, -200),
    ("长塘社区旧会议室", "社区居委会", "养老", 480, 110),
    ("石灰街水泵房旁公房", "区住房保障中心", "社区食堂", -800, -480),
]


def facilities(
    compounds: list[Compound],
    premises: list[Premises],
    areas: tuple[Community, ...],
    rng: np.random.Generator,
) -> list[Row]:
    """Public facilities as points, spread so that two of one kind do not stand next to each other."""
    doors = [
        p.parcel.shape.representative_point()
        for p in premises
        if p.parcel.use in ("商业", "机关", "市场", "学校")
    ]
    doors += [compound.shape.exterior.interpolate(3.0).centroid for compound in compounds]
    rows: list[Row] = []
    for kind, unit, count, low, high, known in FACILITIES:
        taken: list[Point] = []
        # A community has one service station at most; other kinds stand where they find room.
        homes = [areas[k] for k in rng.permutation(len(areas))] if kind == "社区综合服务站" else []
        for number in range(count):
            free = [p for p in doors if not homes or homes[number].shape.contains(p)]
            choice = [free[k] for k in rng.choice(len(free), min(12, len(free)), replace=False)]
            spot = max(choice, key=lambda p: min((p.distance(q) for q in taken), default=0.0))
            taken.append(spot)
            area = next(a for a in areas if a.shape.distance(spot) < 1.0)
            size = round(rng.uniform(low, high) / (5 if high > 200 else 1)) * (5 if high > 200 else 1)
            stem = area.name.removesuffix("社区")
            rows.append({
                "名称": f"{stem}{kind}",
                "类型": kind,
                "规模": float(size) if rng.random() < known else None,
                "单位": unit,
                "对外开放": str(rng.choice(["是", "否", ""], p=[0.8, 0.12, 0.08])) or None,
                "geometry": _beside(spot, rng),
            })  # fmt: skip
    return _numbered(rows)


def sites(compounds: list[Compound], premises: list[Premises], rng: np.random.Generator) -> list[Row]:
    """Idle public rooms as points, each on the land nearest to where it is said to be."""
    spots = [p.parcel.shape for p in premises if p.parcel.use in ("工厂", "医院", "机关", "商业")]
    spots += [compound.shape for compound in compounds]
    rows: list[Row] = []
    for name, owner, use, x, y in ROOMS:
        home = min(spots, key=lambda shape: float(shape.distance(Point(x, y))))
        rows.append({
            "名称": name,
            "面积": float(round(rng.uniform(60, 780) / 5) * 5) if rng.random() < 0.93 else None,
            "权属": owner,
            "建议用途": use,
            "geometry": _beside(home.representative_point(), rng),
        })  # fmt: skip
    return rows


def walls(compounds: list[Compound], cuts: Cuts, rng: np.random.Generator) -> tuple[list[Row], list[Row]]:
    """Walls on some seams between two compounds, and a gate in every third of them."""
    tree = STRtree([compound.shape for compound in compounds])
    seams = []
    for line, width in cuts.seams:
        near = tree.query(
            line.interpolate(0.5, normalized=True).buffer(width / 2 + 0.6), predicate="intersects"
        )
        if line.length > 35.0 and len(near) == 2 and width > 0.3:
            seams.append(line)
    chosen = [seams[k] for k in sorted(rng.choice(len(seams), min(12, len(seams)), replace=False))]
    fences = [{"名称": None, "kind": "wall", "geometry": line} for line in chosen]
    gates: list[Row] = [
        {
            "名称": None,
            "kind": "gate",
            "geometry": line.interpolate(float(at), normalized=True),
        }
        for line, at in zip(chosen[::3], rng.uniform(0.35, 0.65, len(chosen)), strict=False)
    ]
    return fences, gates


def crossings(compounds: list[Compound], ground: Ground) -> list[Row]:
    """The underpass of the railway, and a footbridge over each main street between dwellings."""
    passage = ground.street("南岸路").intersection(ground.railway).centroid
    rows: list[Row] = [{"名称": "南岸路铁路下穿通道", "kind": "underpass", "geometry": passage}]
    lived = [compound.shape for compound in compounds]
    for name, bridge in (("建湘路", "建湘路人行天桥"), ("朝晖路", "朝晖路人行天桥")):
        line = ground.street(name)
        inner = [pair for pair in _spots(line) if pair[0].distance(ground.district.exterior) > 220.0]
        spot = min(inner, key=lambda pair: _worse_side(pair[0], pair[1], lived))[0]
        rows.append({"名称": bridge, "kind": "footbridge", "geometry": spot})
    return rows


def alley_names(alleys: list[LineString], ground: Ground) -> list[str | None]:
    """Alleys are numbered along the street that they leave; blind ones have no name."""
    named = [s for s in ground.streets if s.rank in ("次干路", "支路")]
    counted: dict[str, int] = {}
    names: list[str | None] = []
    for line in alleys:
        street = min(named, key=lambda s: s.line.distance(line))
        if street.line.distance(line) > 1.0 or line.length < 60.0:
            names.append(None)
            continue
        number = counted[street.name] = counted.get(street.name, 0) + 1
        stem = street.name.removesuffix("路").removesuffix("街")
        names.append(f"{stem}{'一二三四五六七八九十'[number - 1]}巷" if number <= 10 else None)
    return names


def mark_heritage(compounds: list[Compound], ground: Ground) -> None:
    """The compounds nearest to the old main street hold listed houses."""
    street = ground.street("老正街")
    near = sorted(compounds, key=lambda c: (round(c.shape.distance(street), 1), c.code))[:4]
    texts: list[Value] = ["历史建筑1处", "文庙坪历史地段", "历史建筑2处", "文庙坪历史地段"]
    for compound, text in zip(near, texts, strict=True):
        compound.facts["历史建筑"] = text


def _spots(line: LineString) -> list[tuple[Point, Point]]:
    """Points every 15 m along a line with the next point ahead."""
    at = np.arange(30.0, line.length - 30.0, 15.0)
    return [(line.interpolate(s), line.interpolate(s + 1.0)) for s in at]


def _worse_side(spot: Point, ahead: Point, lived: list[shapely.Polygon]) -> float:
    """Distance to dwellings on that side of the street where they are farther away."""
    way = np.array([ahead.x - spot.x, ahead.y - spot.y])
    normal = np.array([-way[1], way[0]])
    sides = [Point(np.array([spot.x, spot.y]) + side * normal * 34.0) for side in (1.0, -1.0)]
    return max(min(float(side.distance(shape)) for shape in lived) for side in sides)


def _beside(spot: Point, rng: np.random.Generator) -> Point:
    dx, dy = rng.uniform(-6.0, 6.0, 2)
    return Point(spot.x + dx, spot.y + dy)


def _numbered(rows: list[Row]) -> list[Row]:
    """Tell facilities of one name apart by a number."""
    seen: dict[object, int] = {}
    made = []
    for row in rows:
        number = seen[row["名称"]] = seen.get(row["名称"], 0) + 1
        made.append(row if number == 1 else {**row, "名称": f"{row['名称']}({number})"})
    return made


def bridges(line: LineString, ground: Ground) -> tuple[shapely.Geometry, shapely.Geometry, shapely.Geometry]:
    """Parts of a street on the ground, on a bridge over the river and under the railway."""
    over = line.intersection(ground.river.buffer(6.0))
    under = (
        line.intersection(ground.railway.buffer(14.0))
        if line.equals(ground.street("南岸路"))
        else LineString()
    )
    rest = line.difference(
        unary_union([ground.river.buffer(6.0), under.buffer(0.01) if not under.is_empty else under])
    )
    return rest, over, under

"""Cuts the blocks into compounds: alleys, walls and hair gaps between irregular parcels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from .streets import Ground

#: Blocks that are no neighbourhood: a point inside, kind, name.
USES: list[tuple[float, float, str, str]] = [
    (-660, 730, "公园", "茶园坡公园"), (-840, 700, "公园", "茶园坡公园"),
    (-760, -350, "公园", "南岸体育公园"),
    (-840, 470, "学校", "湘春师范学校"), (-30, 180, "学校", "书院中学"), (-120, 590, "学校", "车站北街小学"),
    (-60, 330, "医院", "城东医院"), (-363, 102, "机关", "城东区机关大院"), (230, 55, "文物", "文庙"),
    (170, 360, "工厂", "湘东机床厂"), (370, -230, "工厂", "铁路车辆段"), (680, -520, "工厂", "铁路货场"),
    (920, 500, "工厂", "东郊物流园"), (895, -75, "工厂", "东郊物流园"), (-560, -360, "工厂", "南岸纺织厂"),
    (10, -650, "工厂", "糖厂旧址"), (-880, -20, "工厂", "砚水水厂"), (430, 540, "交通", "汽车东站"),
    (1030, 370, "绿地", "东湖苗圃"), (995, -20, "绿地", "东湖苗圃"), (850, -470, "绿地", "东湖苗圃"),
    (905, -380, "绿地", "东湖苗圃"), (950, -350, "绿地", "东湖苗圃"), (450, 395, "商业", "柳浪商业广场"),
    (780, 455, "市场", "枫树街农贸市场"), (720, 600, "在建住宅", "朝晖府(在建)"),
    (406, 32, "新建住宅", "长塘府"),
    (-410, -573, "新建住宅", "南岸华府"), (142, 694, "新建住宅", "湘机新城"),
]  # fmt: skip

#: Dwellings inside those blocks: corners of the patch, number of compounds in it.
PATCHES: list[tuple[list[tuple[float, float]], int]] = [
    ([(470, -268), (585, -262), (600, -372), (480, -372)], 2),  # the island between river and railway
    ([(900, 335), (972, 330), (975, 428), (895, 425)], 1),  # the one beyond the expressway
    ([(150, -130), (290, -155), (300, -360), (150, -390)], 3),
]


@dataclass(frozen=True)
class Parcel:
    """A piece of a block. ``use`` is None where people live."""

    shape: Polygon
    block: int
    use: str | None = None
    name: str | None = None


@dataclass
class Cuts:
    """What lies between parcels: alleys (name comes later), and cuts without a street."""

    alleys: list[LineString] = field(default_factory=list)
    seams: list[tuple[LineString, float]] = field(default_factory=list)


def cut_town(ground: Ground, rng: np.random.Generator) -> tuple[list[Parcel], Cuts]:
    """Cut all blocks. Parcels come block by block; deterministic for the generator's seed."""
    parcels: list[Parcel] = []
    cuts = Cuts()
    for number, block in enumerate(ground.blocks):
        use = next(((kind, name) for x, y, kind, name in USES if block.contains(shapely.Point(x, y))), None)
        if use is None:
            parcels += [_judged(shape, number, rng) for shape in divide(block, rng, cuts)]
            continue
        rest: BaseGeometry = block
        for corners, count in PATCHES:
            patch = block.intersection(Polygon(corners))
            if patch.area > 100.0:
                shapes = divide(patch, rng, cuts, target=1.1 * patch.area / count)
                parcels += [Parcel(shape, number) for shape in shapes]
                rest = rest.difference(patch.buffer(6.0, join_style="mitre"))
        parcels += [Parcel(part, number, *use) for part in _polygons(rest, 400.0)]
    return parcels, cuts


def divide(
    shape: Polygon, rng: np.random.Generator, cuts: Cuts, target: float | None = None
) -> list[Polygon]:
    """Cut a parcel in two until its pieces are as large as a compound; ``target`` in m2 fixes that size."""
    wanted = target or float(np.clip(7700.0 * np.exp(rng.normal(0.0, 0.55)), 2600.0, 24_000.0))
    if shape.area <= 1.3 * wanted or shape.area < 3200.0:
        return [shape]
    corner = 7000.0 < shape.area < 26_000.0 and _aspect(shape) < 1.7 and rng.random() < 0.3 and target is None
    line = _corner_line(shape, rng) if corner else _cross_line(shape, rng)
    width, alley = _gap(shape.area, rng, quiet=target is not None)
    pieces = _polygons(shape.difference(line.buffer(width / 2, cap_style="flat", join_style="mitre")), 350.0)
    if len(pieces) < 2:
        return [shape]
    inside = line.intersection(shape)
    for part in _lines(inside):
        if alley:
            cuts.alleys.append(part)
        else:
            cuts.seams.append((part, width))
    return [leaf for piece in pieces for leaf in divide(piece, rng, cuts, target)]


def _gap(area: float, rng: np.random.Generator, *, quiet: bool) -> tuple[float, bool]:
    """Width of a cut and whether it is an alley: large parcels are cut by alleys, small ones by hair gaps."""
    alley = rng.random() < (0.95 if area > 26_000 else 0.55 if area > 13_000 else 0.12)
    if alley and not quiet:
        return float(rng.uniform(4.0, 7.0)), True
    return float(np.exp(rng.uniform(np.log(0.05), np.log(3.0)))), False


def _frame(shape: Polygon) -> tuple[np.ndarray, np.ndarray, np.ndarray, float, float]:
    """Middle, long direction, short direction, half length and half width of the surrounding rectangle."""
    ring = shapely.get_coordinates(shape.minimum_rotated_rectangle)
    first, second = ring[1] - ring[0], ring[2] - ring[1]
    if np.hypot(*first) < np.hypot(*second):
        first, second = second, first
    long, short = np.hypot(*first), np.hypot(*second)
    return ring[:4].mean(axis=0), first / long, second / short, long / 2, short / 2


def _aspect(shape: Polygon) -> float:
    _, _, _, long, short = _frame(shape)
    return float(long / short)


def _cross_line(shape: Polygon, rng: np.random.Generator) -> LineString:
    """Line across the long side, askew, often with a dogleg as old property lines have."""
    middle, along, across, long, short = _frame(shape)
    at = float(np.clip(rng.normal(0.0, 0.2), -0.38, 0.38)) * long
    tilt = rng.normal(0.0, 0.07)
    reach = short + 30.0
    start, end = (middle + along * (at + side * tilt * reach) + across * side * reach for side in (-1.0, 1.0))
    if rng.random() < 0.55:
        knee, step = rng.uniform(-0.4, 0.4) * short, rng.normal(0.0, 7.0)
        first = middle + along * (at + tilt * knee - step / 2) + across * knee
        second = first + along * step
        return LineString([start - along * step / 2, first, second, end + along * step / 2])
    return LineString([start, middle + along * (at + rng.normal(0.0, 2.0)), end])


def _corner_line(shape: Polygon, rng: np.random.Generator) -> LineString:
    """Line around one corner: it leaves an L-shaped compound."""
    middle, along, across, long, short = _frame(shape)
    u, v = along * rng.choice([-1.0, 1.0]), across * rng.choice([-1.0, 1.0])
    knee = middle + u * long * rng.uniform(-0.2, 0.15) + v * short * rng.uniform(-0.2, 0.15)
    skew = rng.normal(0.0, 0.05)
    return LineString(
        [knee + u * (2 * long) + v * skew * long, knee, knee + v * (2 * short) - u * skew * short]
    )


def _judged(shape: Polygon, number: int, rng: np.random.Generator) -> Parcel:
    """Leave small and thin parcels to shops, offices and greens; notch some of the others."""
    _, _, _, _, half = _frame(shape)
    if shape.area < 1900.0 or half < 13.0:
        kind = str(rng.choice(["商业", "绿地", "机关"], p=[0.6, 0.25, 0.15]))
        return Parcel(shape, number, kind)
    if shape.area < 16_000.0 and rng.random() < 0.22:
        kind = str(rng.choice(["机关", "商业", "学校", "市场"], p=[0.4, 0.3, 0.2, 0.1]))
        return Parcel(shape, number, kind)
    if rng.random() < 0.3:
        shape = _notched(shape, rng)
    return Parcel(shape, number)


def _notched(shape: Polygon, rng: np.random.Generator) -> Polygon:
    """Take a bite for street-side shops or a pump house out of the edge."""
    spot = shape.exterior.interpolate(rng.random(), normalized=True)
    ahead = shape.exterior.interpolate((shape.exterior.project(spot) + 1.0) % shape.exterior.length)
    way = np.array([ahead.x - spot.x, ahead.y - spot.y])
    bite = LineString(
        [np.array(spot.coords[0]) - way * rng.uniform(8, 16), np.array(spot.coords[0]) + way * 12.0]
    )
    left = _polygons(shape.difference(bite.buffer(rng.uniform(7.0, 13.0), cap_style="flat")), 0.0)
    best = max(left, key=lambda part: part.area)
    return best if best.area > 0.88 * shape.area and not best.interiors else shape


def alley_network(cuts: Cuts, ground: Ground) -> list[LineString]:
    """Centre lines of the alleys, stretched to the street or alley that they meet."""
    streets = unary_union([street.line for street in ground.streets])
    made: list[LineString] = []
    for line in cuts.alleys:
        net = unary_union([streets, *[other for other in cuts.alleys if other is not line]])
        ends = []
        for xy in (line.coords[0], line.coords[-1]):
            joint = shapely.shortest_line(shapely.Point(xy), net)
            ends.append(list(joint.coords)[1:] if 0.01 < joint.length < 32.0 else [])
        made.append(LineString([*ends[0], *line.coords, *ends[1]]))
    return made


def _polygons(geometry: BaseGeometry, least: float) -> list[Polygon]:
    """Polygons of more than ``least`` m2, without the pinholes that cutting leaves."""
    parts = [g for g in getattr(geometry, "geoms", [geometry]) if isinstance(g, Polygon) and g.area > least]
    return [Polygon(g.exterior, [ring for ring in g.interiors if Polygon(ring).area > 1.0]) for g in parts]


def _lines(geometry: BaseGeometry) -> list[LineString]:
    parts = geometry.geoms if isinstance(geometry, MultiLineString) else [geometry]
    return [part for part in parts if isinstance(part, LineString) and part.length > 8.0]

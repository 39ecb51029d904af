"""Places buildings on the parcels: rows that face south, wings along the street, point blocks, halls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

STAIRWELL_M = 12.6  # length of a stairwell with two flats on each floor


@dataclass(frozen=True)
class House:
    """A building; ``flats`` is 0 where nobody lives."""

    shape: Polygon
    floors: int
    stairwells: int
    flats: int
    elevators: int
    label: str


def facing(block: Polygon) -> float:
    """Angle (degrees) of the rows in a block: along its streets when these run within 24 degrees of east."""
    ring = shapely.get_coordinates(block.minimum_rotated_rectangle)
    side = ring[1] - ring[0]
    angle = (np.degrees(np.arctan2(side[1], side[0])) + 45.0) % 90.0 - 45.0
    return float(angle if abs(angle) <= 24.0 else -6.0)


def dwellings(parcel: Polygon, year: int, angle: float, rng: np.random.Generator) -> list[House]:
    """Houses of a compound completed in ``year``, of one height and as far apart as light asked for."""
    angle += float(rng.normal(0.0, 1.2))
    turned = rotate(parcel, -angle, origin=(0, 0))
    land = turned.buffer(-float(rng.uniform(2.2, 4.0)), join_style="mitre")
    shapes: list[tuple[Polygon, int, int, int]] = []
    if year >= 1998 and parcel.area > 5500.0 and rng.random() < 0.45:
        shapes += _points(land, rng)
        land = land.difference(unary_union([shape.buffer(13.0) for shape, *_ in shapes]))
    floors = _floors(year, rng)
    if year < 1996 and parcel.area > 3500.0 and rng.random() < 0.35:
        shapes += _wing(land, floors, rng)
        land = land.difference(unary_union([shape.buffer(7.0, join_style="mitre") for shape, *_ in shapes]))
    shapes += _rows(land, floors, rng)
    if not shapes:
        # A leftover plot still has the one house that gave the compound its name.
        shapes += _rows(turned.buffer(-1.0, join_style="mitre"), floors, rng)
    houses = []
    for number, (shape, levels, stairs, flats) in enumerate(shapes, 1):
        lifts = stairs * (2 if levels > 11 else 1) if levels >= 8 and year >= 1996 else 0
        if levels in (6, 7) and rng.random() < 0.05:
            lifts = int(rng.integers(1, stairs + 1))
        houses.append(House(rotate(shape, angle, origin=(0, 0)), levels, stairs, flats, lifts, f"{number}栋"))
    return [*houses, *_sheds(parcel, houses, angle, rng)]


def halls(parcel: Polygon, kind: str, angle: float, rng: np.random.Generator) -> list[House]:
    """Houses where nobody lives: workshops, classrooms, wards, shops."""
    plan = {
        "工厂": ((46, 20), 2, 22.0), "学校": ((44, 12), 4, 24.0), "医院": ((52, 15), 7, 24.0),
        "市场": ((34, 18), 2, 12.0), "商业": ((30, 16), 4, 13.0), "机关": ((34, 13), 5, 18.0),
        "交通": ((60, 24), 2, 30.0), "文物": ((22, 12), 1, 14.0), "公园": ((14, 8), 1, 150.0),
        "新建住宅": ((30, 17), 28, 30.0),
    }.get(kind)  # fmt: skip
    if plan is None:
        return []
    (length, depth), top, clear = plan
    turned = rotate(parcel, -angle, origin=(0, 0))
    land = turned.buffer(-4.0, join_style="mitre")
    found: list[Polygon] = []
    x0, y0, x1, y1 = turned.bounds
    y = y1 - rng.uniform(4, 10)
    while y - depth > y0:
        x = x0 + rng.uniform(2, 14)
        while x < x1:
            long, deep = length * rng.uniform(0.5, 1.25), depth * rng.uniform(0.8, 1.2)
            shape = box(x, y - deep, x + long, y)
            fits = land.contains(shape) and all(shape.distance(other) > 5.0 for other in found)
            if fits and rng.random() < 0.72:
                found.append(shape)
            x += long + clear * rng.uniform(0.5, 1.3) if fits else 6.0
        y -= depth + clear * rng.uniform(0.6, 1.1)
    return [
        House(
            rotate(shape, angle, origin=(0, 0)), int(rng.integers(max(1, 2 * top // 3), top + 1)), 0, 0, 0, ""
        )
        for shape in found[:16]
    ]


def _floors(year: int, rng: np.random.Generator) -> int:
    if year < 1980:
        return int(rng.choice([2, 3, 4, 5], p=[0.12, 0.4, 0.33, 0.15]))
    if year < 1990:
        return int(rng.choice([4, 5, 6, 7], p=[0.15, 0.3, 0.4, 0.15]))
    if year < 2000:
        return int(rng.choice([5, 6, 7, 8, 9], p=[0.1, 0.4, 0.35, 0.1, 0.05]))
    return int(rng.choice([6, 7, 8, 9], p=[0.4, 0.35, 0.15, 0.1]))


def _rows(land: Polygon, floors: int, rng: np.random.Generator) -> list[tuple[Polygon, int, int, int]]:
    """Rows from north to south, each filled from west to east with houses of 2 to 5 stairwells."""
    if land.is_empty:
        return []
    depth = float(rng.uniform(9.2, 11.8))
    clear = max(8.0, 3.0 * floors * float(rng.uniform(0.72, 0.92)))
    module = STAIRWELL_M * float(rng.uniform(0.94, 1.08))
    x0, y0, x1, y1 = land.bounds
    made: list[tuple[Polygon, int, int, int]] = []
    rows = max(1, int((y1 - y0 + clear) // (depth + clear)))
    slack = max(0.0, (y1 - y0) - rows * depth - (rows - 1) * clear)
    y = y1 - slack * rng.uniform(0.2, 0.5)
    while y - depth >= y0 - 0.01:
        for west, east in _runs(land, y - depth, y, x0, x1):
            x = west
            while east - x >= module * 1.0:
                most = int((east - x) // module)
                count = min(most, int(rng.choice([2, 3, 4, 5], p=[0.3, 0.4, 0.22, 0.08])))
                if most - count == 1 and count < 5:
                    count = most
                shape = box(x, y - depth, x + count * module, y)
                levels = floors if rng.random() < 0.85 else max(2, floors - 1)
                if land.buffer(0.05).contains(shape) and rng.random() < 0.97:
                    made.append((shape, levels, count, count * levels * 2))
                x += count * module + float(rng.uniform(4.5, 7.5))
        y -= depth + clear
    return made


def _runs(land: Polygon, low: float, high: float, x0: float, x1: float) -> list[tuple[float, float]]:
    """Stretches of a row band that lie wholly on the land."""
    band = box(x0 - 1, low, x1 + 1, high)
    free = box(x0 - 1, 0, x1 + 1, 1)
    for gap in getattr(band.difference(land), "geoms", [band.difference(land)]):
        if not gap.is_empty:
            free = free.difference(box(gap.bounds[0], -1, gap.bounds[2], 2))
    parts = [part.bounds for part in getattr(free, "geoms", [free]) if not part.is_empty]
    return sorted((b[0] + 0.1, b[2] - 0.1) for b in parts if b[2] - b[0] > 1.0)


def _wing(land: Polygon, floors: int, rng: np.random.Generator) -> list[tuple[Polygon, int, int, int]]:
    """A house along the western or eastern street that closes the block."""
    x0, y0, x1, y1 = land.bounds
    deep = 9.5
    for x in (
        (x0 + rng.uniform(0, 8), x1 - deep - rng.uniform(0, 8))
        if rng.random() < 0.5
        else (x1 - deep - 2, x0 + 2)
    ):
        for count in (5, 4, 3, 2):
            length = count * STAIRWELL_M
            for y in np.arange(y0, y1 - length, 6.0):
                shape = box(x, y, x + deep, y + length)
                if land.contains(shape):
                    return [(shape, floors, count, count * floors * 2)]
    return []


def _points(land: Polygon, rng: np.random.Generator) -> list[tuple[Polygon, int, int, int]]:
    """One to three point blocks of 11 to 18 floors."""
    x0, y0, x1, y1 = land.bounds
    made: list[tuple[Polygon, int, int, int]] = []
    for _ in range(60):
        x, y = rng.uniform(x0, max(x0 + 1, x1 - 24)), rng.uniform(y0, max(y0 + 1, y1 - 17))
        body = unary_union([box(x, y + 2, x + 24, y + 15), box(x + 5, y, x + 19, y + 17)])
        if land.contains(body) and all(body.distance(other) > 26.0 for other, *_ in made):
            floors = int(rng.choice([11, 12, 15, 18], p=[0.45, 0.25, 0.2, 0.1]))
            made.append((body, floors, 1, floors * 4))
        if len(made) == 2:
            break
    return made


def _sheds(parcel: Polygon, houses: list[House], angle: float, rng: np.random.Generator) -> list[House]:
    """A bicycle shed or caretaker's lodge, where there is room for it."""
    if parcel.area < 3000.0 or rng.random() < 0.45:
        return []
    taken = unary_union([house.shape.buffer(3.0) for house in houses])
    x0, y0, x1, y1 = parcel.bounds
    for _ in range(25):
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        shape = rotate(box(x, y, x + rng.uniform(9, 20), y + 5.0), angle)
        if parcel.buffer(-1.5).contains(shape) and not shape.intersects(taken):
            return [House(shape, 1, 0, 0, 0, "车棚" if rng.random() < 0.6 else "物业用房")]
    return []

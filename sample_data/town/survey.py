"""Makes the neighbourhoods and all that a full survey would know of them: the truth behind the workbook."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry import Point, Polygon

from .administration import Community
from .houses import House, dwellings, facing, halls
from .names import compound_names
from .parcels import Parcel
from .streets import Ground

Value = str | int | float | None

#: Centre of the oldest quarter; the town grew outwards from it.
OLD_CENTRE = Point(60, 60)
LEAST_HOUSEHOLDS = 30


@dataclass(frozen=True)
class Compound:
    """A neighbourhood; ``facts`` has the survey's true figures under the workbook's headings."""

    code: str
    name: str
    community: Community
    shape: Polygon
    houses: tuple[House, ...]
    year: int
    facts: dict[str, Value] = field(default_factory=dict)

    @property
    def households(self) -> int:
        """Number of households in the survey."""
        return int(self.facts["户数"] or 0)


@dataclass(frozen=True)
class Premises:
    """A parcel where nobody lives, with its buildings."""

    parcel: Parcel
    houses: tuple[House, ...]


def survey(
    ground: Ground, parcels: list[Parcel], areas: tuple[Community, ...], rng: np.random.Generator
) -> tuple[list[Compound], list[Premises]]:
    """Build on every parcel, name what is lived in and count it; compounds come in code order."""
    lived: list[tuple[int, Parcel, int, tuple[House, ...]]] = []
    premises: list[Premises] = []
    for parcel in parcels:
        angle = facing(ground.blocks[parcel.block])
        # A stream for each parcel: a change in one does not rebuild the rest of the town.
        own = np.random.default_rng(int(rng.integers(2**32)))
        year = _year(parcel.shape, own)
        houses = tuple(dwellings(parcel.shape, year, angle, own)) if parcel.use is None else ()
        if sum(house.flats for house in houses) >= LEAST_HOUSEHOLDS:
            middle = parcel.shape.representative_point()
            home = next((k for k, area in enumerate(areas) if area.shape.contains(middle)), None)
            if home is not None:
                lived.append((home, parcel, year, houses))
                continue
        kind = parcel.use or "商业"
        rest = Parcel(parcel.shape, parcel.block, kind, parcel.name)
        premises.append(Premises(rest, tuple(halls(parcel.shape, kind, angle, own))))
    # Surveyors walk a community from north to south.
    lived.sort(key=lambda row: (row[0], -round(row[1].shape.centroid.y)))
    names = compound_names([(areas[home].name, year) for home, _, year, _ in lived], rng)
    compounds: list[Compound] = []
    for name, (home, parcel, year, houses) in zip(names, lived, strict=True):
        number = 1 + sum(compound.community is areas[home] for compound in compounds)
        facts = _facts(parcel.shape, year, houses, rng)
        code = f"CD{home + 1:02d}{number:03d}"
        compounds.append(Compound(code, name, areas[home], parcel.shape, houses, year, facts))
    return compounds, premises


def _year(shape: Polygon, rng: np.random.Generator) -> int:
    """Year of completion, 1975 to 2012: older near the old centre, most before 2000."""
    far = min(1.0, shapely.distance(shape.centroid, OLD_CENTRE) / 950.0)
    if rng.random() < 0.055 + 0.05 * far:
        return int(rng.integers(2006, 2013))
    if rng.random() < 0.11:
        return int(rng.integers(2001, 2006))
    return int(np.clip(round(rng.normal(1983.5 + 8.0 * far, 5.0)), 1975, 2000))


def _facts(
    shape: Polygon, year: int, houses: tuple[House, ...], rng: np.random.Generator
) -> dict[str, Value]:
    homes = [house for house in houses if house.flats]
    flats = sum(house.flats for house in homes)
    households = max(LEAST_HOUSEHOLDS, round(flats * rng.uniform(0.96, 1.03)))
    persons = round(households * rng.uniform(2.2, 3.1))
    asked = round(households * min(1.0, rng.uniform(0.62, 1.2)))
    done = 1985 < year < 2001 and rng.random() < 0.07
    state = "已完成" if done else "进行中" if rng.random() < 0.05 else "未开展"
    floor_area = sum(house.shape.area * house.floors for house in homes)
    cars = round(households * rng.uniform(0.25, 0.55) * (1.5 if year > 2000 else 1.0))
    rooms = _rooms(households, year, rng)
    return {
        "建成年代": year,
        "结构类型": "框架" if max(house.floors for house in homes) > 8 else "砖木" if year < 1977 else "砖混",
        "楼栋数": len(homes),
        "单元数": sum(house.stairwells for house in homes),
        "层数": max(house.floors for house in homes),
        "户数": households,
        "常住人口": persons,
        "60岁以上人口": round(persons * rng.uniform(0.19, 0.38) * (0.7 if year > 2000 else 1.0)),
        "总建筑面积(㎡)": round(floor_area),
        "用地面积(㎡)": round(shape.area),
        "电梯数": sum(house.elevators for house in homes),
        "停车位": round(households * rng.uniform(0.03, 0.3) * (2.2 if year > 2000 else 1.0)),
        "机动车保有量(辆)": cars,
        "充电桩": int(rng.integers(2, 12)) if rng.random() < 0.14 else 0,
        **rooms,
        "有无物业": "有" if rng.random() < (0.8 if year > 2000 else 0.28) else "无",
        "改造状态": state,
        "征询户数": asked,
        "同意户数": round(asked * min(1.0, rng.uniform(0.56, 1.02))),
        "危房栋数": int(rng.integers(1, 3)) if year < 1984 and rng.random() < 0.22 else 0,
        "城市斑点(㎡)": round(rng.uniform(40, 900)) if rng.random() < 0.3 else 0,
        "历史建筑": "无",
        "备注": None,
    }


def _rooms(households: int, year: int, rng: np.random.Generator) -> dict[str, Value]:
    """Facilities inside the compound; most have none, larger and later ones a little."""

    def some(chance: float, low: float, high: float) -> int:
        chance *= min(1.8, 0.4 + households / 250.0) * (1.3 if year > 2000 else 1.0)
        return round(rng.uniform(low, high) / 5) * 5 if rng.random() < chance else 0

    return {
        "养老服务用房(㎡)": some(0.09, 30, 180),
        "托位数": some(0.03, 10, 30),
        "幼儿园面积(㎡)": some(0.03, 700, 1900),
        "卫生服务站面积(㎡)": some(0.04, 60, 150),
        "社区服务用房(㎡)": some(0.06, 60, 400),
        "便民商业面积(㎡)": some(0.45, 30, 260),
        "文化活动用房面积(㎡)": some(0.08, 40, 220),
        "活动场地(㎡)": some(0.5, 60, 420),
        "公共绿地(㎡)": some(0.7, 80, 900),
        "社区食堂": int(rng.random() < 0.02),
        "电动自行车充电点": int(rng.integers(1, 3)) if rng.random() < 0.4 else 0,
        "垃圾分类点": int(rng.integers(1, 3)) if rng.random() < 0.7 else 0,
    }

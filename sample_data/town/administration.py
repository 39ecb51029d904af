"""Divides the town into subdistricts and communities along its streets, the river and the railway."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry import Point, Polygon
from shapely.ops import polygonize, unary_union

from .streets import Ground

#: Subdistrict -> its communities with a point in the middle of each.
COMMUNITIES: dict[str, list[tuple[str, float, float]]] = {
    "建湘街道": [
        ("茶园坡社区", -690, 620), ("梅园社区", -430, 400), ("学院社区", -560, 160), ("桔园社区", -690, -90),
    ],
    "朝晖街道": [
        ("湘机社区", 0, 480), ("柳浪社区", 500, 420), ("书院社区", 10, 110), ("井湾社区", 20, -160),
        ("长塘社区", 480, 90), ("铁路社区", 520, -240), ("东郊社区", 960, 200),
    ],
    "南岸街道": [("石灰街社区", -740, -440), ("南塘社区", -70, -480), ("糖坊社区", 420, -560)],
}  # fmt: skip


@dataclass(frozen=True)
class Community:
    """The land of a residents' committee."""

    name: str
    street: str
    shape: Polygon
    middle: Point


def communities(ground: Ground) -> tuple[Community, ...]:
    """Communities in the order of the table; their borders run in the middle of streets and of the river."""
    banks = ("滨河路", "南堤路")
    lines = [street.line for street in ground.streets if street.name not in banks]
    ends = [Point(line.coords[k]) for line in lines for k in (0, -1)]
    # Streets that stop at the embankment divide the land down to the middle of the river.
    lines += [
        shapely.shortest_line(p, ground.river_line) for p in ends if p.distance(ground.river_line) < 62.0
    ]
    lines += [ground.river_line, ground.railway, ground.district.exterior]
    faces = [
        face
        for face in polygonize(unary_union(lines))
        if ground.district.contains(face.representative_point())
    ]
    main = unary_union([ground.river_line, ground.street("建湘路"), ground.district.exterior])
    quarters = [q for q in polygonize(main) if ground.district.contains(q.representative_point())]
    members: dict[tuple[str, str], list[Polygon]] = {}
    for face in faces:
        spot = face.representative_point()
        quarter = next((q for q in quarters if q.contains(spot)), quarters[0])
        street = _street_of(quarter, ground)
        name, *_ = min(
            COMMUNITIES[street], key=lambda row: shapely.distance(face.centroid, Point(row[1], row[2]))
        )
        members.setdefault((street, name), []).append(face)
    found = []
    for street, rows in COMMUNITIES.items():
        for name, x, y in rows:
            shape = unary_union(members[street, name]).intersection(ground.district)
            found.append(Community(name, street, shape, Point(x, y)))
    return tuple(found)


def _street_of(quarter: Polygon, ground: Ground) -> str:
    """The river divides the south from the rest, the main street the west from the east."""
    north = quarter.representative_point()
    for street, rows in COMMUNITIES.items():
        if any(quarter.contains(Point(x, y)) for _, x, y in rows):
            return street
    raise ValueError(f"no community lies in the quarter at {north} of {ground.district.area:.0f} m2")

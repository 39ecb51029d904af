"""Draws the ground of the town: streets, river, railway, metro and the blocks that they leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring, unary_union

#: Where the drawing's (0, 0) lies in EPSG:4547 (CGCS2000, 3-degree zone on 114 degrees East).
ORIGIN = (395_900.0, 3_121_000.0)
CRS = "EPSG:4547"

#: Class as the bureau writes it -> width between the property lines, in metres.
WIDTH_M = {"快速路": 50.0, "主干路": 40.0, "次干路": 26.0, "支路": 14.0, "小区路": 5.0}

Points = list[tuple[float, float]]

#: The town's grid is turned clockwise by this angle (radians).
TURN = np.radians(-8.0)

RIVER: Points = [
    (-1250, -300), (-830, -285), (-500, -345), (-230, -405), (60, -428), (330, -392),
    (540, -400), (690, -490), (765, -640), (790, -960),
]  # fmt: skip
RIVER_WIDTH_M = 68.0
POND: Points = [(-945, 600), (-902, 628), (-850, 612), (-838, 570), (-868, 540), (-918, 548)]

RAILWAY: Points = [
    (1250, 70), (850, -22), (640, -120), (470, -245), (335, -392), (272, -560), (250, -680), (246, -960),
]  # fmt: skip
RAILWAY_WIDTH_M = 30.0
METRO: Points = [
    (-296, 960), (-272, 500), (-262, 330), (-180, 232), (100, 207), (450, 238), (800, 232), (1250, 268),
]  # fmt: skip

DISTRICT: Points = [
    (-1010, 742), (-640, 728), (-250, 752), (120, 735), (520, 748), (770, 726), (1000, 740), (1018, 320),
    (992, 40), (1010, -330), (960, -745), (600, -728), (180, -752), (-260, -733), (-700, -750), (-985, -738),
    (-1015, -420), (-995, -60), (-1022, 300),
]  # fmt: skip

#: Name, class, course. Streets that stop at another one are snapped to it.
STREETS: list[tuple[str, str, Points]] = [
    ("东环快速路", "快速路", [(772, 960), (792, 450), (815, 150), (838, -100), (872, -450), (905, -960)]),
    ("建湘路", "主干路", [(-296, 960), (-272, 500), (-252, 230), (-268, 0), (-240, -250), (-222, -405),
                       (-196, -560), (-206, -960)]),
    ("朝晖路", "主干路", [(-1200, 205), (-700, 262), (-255, 232), (100, 198), (450, 246), (812, 230),
                       (1200, 272)]),
    ("青石路", "次干路", [(-732, 960), (-662, 520), (-668, 245), (-640, 0), (-612, -200), (-556, -335),
                       (-500, -540), (-534, -960)]),
    ("柳荫路", "次干路", [(258, 960), (178, 520), (215, 225), (252, 20), (224, -180), (212, -370)]),
    ("桂园路", "次干路", [(-1200, 470), (-900, 492), (-680, 545), (-480, 512), (-275, 470), (-40, 498),
                       (190, 532), (500, 480), (792, 512)]),
    ("文庙路", "次干路", [(-1200, -82), (-840, -38), (-640, -4), (-265, -42), (-20, -68), (250, -30),
                       (520, -36), (828, 62)]),
    ("南岸路", "次干路", [(-1200, -580), (-800, -562), (-510, -545), (-200, -580), (120, -616),
                       (268, -588), (480, -570), (690, -622)]),
    ("老正街", "支路", [(-240, -262), (-120, -196), (10, -128), (110, -40), (170, 60), (228, 138)]),
    ("茶园坡路", "支路", [(-1200, 668), (-960, 682), (-820, 640), (-752, 552), (-800, 390), (-872, 235)]),
    ("北塘街", "支路", [(-690, 640), (-560, 672), (-430, 622), (-285, 655)]),
    ("北塘里街", "支路", [(-548, 525), (-530, 664)]),
    ("工农街", "支路", [(-418, 960), (-432, 628)]),
    ("工农街", "支路", [(-430, 502), (-408, 350), (-446, 246)]),
    ("梅园街", "支路", [(-806, 372), (-660, 404), (-540, 344), (-405, 362), (-262, 325)]),
    ("湘机路", "支路", [(-158, 960), (-128, 650), (-70, 500), (10, 370), (22, 208)]),
    ("机床厂路", "支路", [(-264, 402), (-140, 366), (-10, 402)]),
    ("车站北街", "支路", [(-284, 622), (-200, 648), (-126, 640)]),
    ("车站北街", "支路", [(-112, 590), (60, 622), (192, 600)]),
    ("车站东街", "支路", [(205, 662), (380, 680), (512, 636), (785, 606)]),
    ("铁道街", "支路", [(548, 960), (514, 640), (448, 494)]),
    ("铁道街", "支路", [(508, 486), (528, 372), (484, 240)]),
    ("柳浪街", "支路", [(196, 412), (330, 350), (526, 382), (690, 346), (796, 392)]),
    ("枫树街", "支路", [(664, 622), (630, 498)]),
    ("枫树街", "支路", [(694, 500), (682, 350)]),
    ("仓后街", "支路", [(-900, 236), (-882, 80), (-806, -34)]),
    ("仓后街", "支路", [(-752, -22), (-802, -260)]),
    ("学院街", "支路", [(-1200, 66), (-884, 104), (-652, 82)]),
    ("学院街", "支路", [(-650, 132), (-560, 88), (-466, 60)]),
    ("学院东街", "支路", [(-480, 250), (-458, 100), (-496, -18)]),
    ("学院东街", "支路", [(-462, 142), (-370, 150), (-258, 102)]),
    ("桔园街", "支路", [(-784, -150), (-615, -178), (-435, -128), (-250, -176)]),
    ("桔园里街", "支路", [(-386, -26), (-414, -134)]),
    ("桔园里街", "支路", [(-484, -140), (-452, -330)]),
    ("书院街", "支路", [(-258, 84), (-95, 58), (24, 96), (112, 204)]),
    ("皂角街", "支路", [(-96, 62), (-72, -60)]),
    ("井湾街", "支路", [(6, -130), (-14, -250), (-2, -376)]),
    ("井湾街", "支路", [(-14, -252), (110, -222), (224, -268)]),
    ("长塘街", "支路", [(236, 140), (360, 96), (492, 142), (640, 108), (822, 152)]),
    ("长塘街", "支路", [(452, 240), (490, 140), (536, -30)]),
    ("枫树南街", "支路", [(604, 238), (642, 110), (628, -8)]),
    ("车辆段路", "支路", [(236, -142), (330, -112), (452, -152), (520, -120)]),
    ("车辆段路", "支路", [(404, -34), (392, -132)]),
    ("货场路", "支路", [(618, -378), (624, -310), (700, -236)]),
    ("滨河路", "支路", []),  # the north bank's, drawn from the river
    ("南堤路", "支路", []),  # the south bank's
    ("石灰街", "支路", [(-786, -340), (-828, -566)]),
    ("石灰街", "支路", [(-762, -558), (-738, -960)]),
    ("陶公街", "支路", [(-1200, -650), (-980, -640), (-752, -680)]),
    ("陶公街", "支路", [(-748, -640), (-630, -676), (-528, -690)]),
    ("陶瓷街", "支路", [(-386, -440), (-326, -566)]),
    ("陶瓷街", "支路", [(-402, -556), (-414, -960)]),
    ("南塘街", "支路", [(22, -490), (66, -608)]),
    ("南塘街", "支路", [(-34, -600), (-12, -960)]),
    ("南园街", "支路", [(-203, -690), (-110, -664), (-18, -680)]),
    ("糖坊街", "支路", [(424, -445), (496, -490), (532, -576)]),
    ("糖坊街", "支路", [(452, -572), (470, -960)]),
    ("糖坊横街", "支路", [(460, -668), (590, -690), (690, -674)]),
    ("东湖路", "支路", [(905, 960), (938, 420), (925, 244)]),
    ("东郊路", "支路", [(952, 248), (955, 60), (968, -200), (975, -960)]),
]  # fmt: skip


@dataclass(frozen=True)
class Street:
    """A named street; ``line`` is its centre line in the town's own metres."""

    name: str
    rank: str
    line: LineString


@dataclass(frozen=True)
class Ground:
    """What lies between the neighbourhoods, in the town's own metres (origin at ``ORIGIN``)."""

    district: Polygon
    streets: tuple[Street, ...]
    river: Polygon
    river_line: LineString
    pond: Polygon
    railway: LineString
    metro: LineString
    blocks: tuple[Polygon, ...]

    def street(self, name: str) -> LineString:
        """Centre line of a named street."""
        return next(street.line for street in self.streets if street.name == name)


def rounded(points: Points, times: int = 3) -> LineString:
    """Round the corners of a course by cutting them (Chaikin), keeping both ends."""
    xy = _bent(np.asarray(points, dtype=float))
    for _ in range(times):
        near, far = xy[:-1] * 0.75 + xy[1:] * 0.25, xy[:-1] * 0.25 + xy[1:] * 0.75
        middle = np.stack([near, far], axis=1).reshape(-1, 2)
        xy = np.vstack([xy[:1], middle[1:-1], xy[-1:]])
    return LineString(xy).simplify(0.15)


def _bent(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Bend and turn the drawing: no old town lies square to the map."""
    x, y = xy[:, 0], xy[:, 1]
    u = x + 20.0 * np.sin(y / 250.0 + 0.4) + 9.0 * np.sin(x / 190.0)
    v = y + 24.0 * np.sin(x / 330.0 + 1.0) + 7.0 * np.sin(y / 170.0)
    cos, sin = np.cos(TURN), np.sin(TURN)
    return np.column_stack([u * cos - v * sin, u * sin + v * cos])


def ground() -> Ground:
    """Draw the ground. Nothing is random here: the plan of the streets is the drawing above."""
    river_line = rounded(RIVER)
    river = _banks(river_line)
    district = Polygon(_bent(np.asarray(DISTRICT, dtype=float)))
    banks = {"滨河路": 50.0, "南堤路": -50.0}
    courses = [
        rounded(points) if points else _bank_road(river_line, banks[name]) for name, _, points in STREETS
    ]
    streets = tuple(
        Street(name, rank, _snapped(line, [other for other in courses if other is not line]))
        for (name, rank, _), line in zip(STREETS, courses, strict=True)
    )
    railway = rounded(RAILWAY)
    pond = Polygon(rounded([*POND, POND[0]], 2))
    return Ground(
        district,
        streets,
        river,
        river_line,
        pond,
        railway,
        rounded(METRO),
        _blocks(district, streets, river, railway),
    )


def to_grid(geometry: BaseGeometry) -> BaseGeometry:
    """Move a geometry from the town's own metres to EPSG:4547, on a grid of 1 cm."""
    moved = translate(geometry, *ORIGIN)
    return shapely.transform(moved, lambda xy: np.round(xy, 2))


def _banks(line: LineString) -> Polygon:
    """River surface: the width swells and narrows along the course."""
    along = np.arange(0.0, line.length, 12.0)
    here, ahead = (shapely.get_coordinates(line.interpolate(along + d)) for d in (0.0, 1.0))
    left = np.column_stack([here[:, 1] - ahead[:, 1], ahead[:, 0] - here[:, 0]])
    half = RIVER_WIDTH_M / 2 + 5.0 * np.sin(along / 140.0) + 3.0 * np.sin(along / 57.0 + 1.0)
    ring = np.vstack([here + left * half[:, None], (here - left * half[:, None] * 0.96)[::-1]])
    return Polygon(ring).buffer(0).simplify(0.4)


def _bank_road(river_line: LineString, offset: float) -> LineString:
    """Embankment street; the north bank's ends at the goods yard, the south bank's at the sugar works."""
    line = river_line.offset_curve(offset).simplify(0.5)
    stop = 640.0 if offset > 0 else 560.0
    line = max(_parts(line.intersection(shapely.box(-1300, -1100, stop, 1100))), key=lambda part: part.length)
    return line if line.coords[0][0] < line.coords[-1][0] else line.reverse()


def _snapped(line: LineString, others: list[LineString]) -> LineString:
    """Stop or stretch both ends at the street they meet, when one is within 45 m."""
    for _ in range(2):
        end = Point(line.coords[-1])
        near = [other for other in others if other.distance(end) < 45.0]
        if near:
            cuts = [line.project(p) for other in near for p in _points(line.intersection(other))]
            late = [s for s in cuts if line.length - s < 60.0]
            if late:
                line = substring(line, 0.0, max(late))
            else:
                target = min(near, key=lambda other: other.distance(end))
                foot = target.interpolate(target.project(end))
                line = LineString([*line.coords, (foot.x, foot.y)])
        line = line.reverse()
    return line


def _blocks(
    district: Polygon, streets: tuple[Street, ...], river: Polygon, railway: LineString
) -> tuple[Polygon, ...]:
    taken = [street.line.buffer(WIDTH_M[street.rank] / 2, cap_style="flat") for street in streets]
    taken += [river.buffer(9.0), railway.buffer(RAILWAY_WIDTH_M / 2)]
    open_land = district.difference(unary_union(taken))
    # Property lines are cut at street corners so that drivers see each other.
    parts = [
        part.buffer(-5.0, join_style="mitre").buffer(5.0, join_style="bevel") for part in _parts(open_land)
    ]
    blocks = [piece.simplify(0.4) for part in parts for piece in _parts(part) if piece.area > 900.0]
    return tuple(sorted(blocks, key=lambda b: (-round(b.centroid.y), round(b.centroid.x))))


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in getattr(geometry, "geoms", [geometry]) if not part.is_empty]


def _points(geometry: BaseGeometry) -> list[Point]:
    return [part for part in _parts(geometry) if isinstance(part, Point)]

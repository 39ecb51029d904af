"""Write the town of labelled pairs: a case a plot of 400 m, labels reasoned from the definition of frontage.

Run it from this folder: ``python make_town.py``. Nothing of renomap is used here, so that the labels stand on
their own. Every unit of a plot that is not named in a pair must not be linked to anything.

The definition: frontage(i, j) is the length of i's boundary from which the straight segment to the nearest
point of j is at most the gap (30 m; 60 m where a minor or secondary road lies between), lies within 45
degrees of the outward normal, and crosses no third neighbourhood and no hard barrier; contact or overlap
counts in full; the smaller of the two directions. Two units are linked from 10 m on.
"""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

HOME = Path(__file__).parent
EPSG = 4547
ORIGIN = (500_000.0, 3_120_000.0)  # somewhere in Changsha's zone; only the shape matters
PITCH = 400.0
COLUMNS = 10

Ring = list[tuple[float, float]]


def box(x0: float, y0: float, x1: float, y1: float) -> list[Ring]:
    return [[(x0, y0), (x1, y0), (x1, y1), (x0, y1)]]


def dotted(rings: list[Ring], step: float) -> list[Ring]:
    """The same outline with a vertex every ``step`` metres."""
    out = []
    for ring in rings:
        points = []
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            n = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step))
            points += [(x0 + (x1 - x0) * k / n, y0 + (y1 - y0) * k / n) for k in range(n)]
        out.append(points)
    return out


def circle(x: float, y: float, r: float, n: int = 360) -> list[Ring]:
    return [
        [(x + r * math.cos(2 * math.pi * k / n), y + r * math.sin(2 * math.pi * k / n)) for k in range(n)]
    ]


def tilted(x: float, y: float, degrees: float, length: float, depth: float) -> list[Ring]:
    """A strip right of a face that starts at (x, y) and leans right from the upright by ``degrees``."""
    a = math.radians(90 - degrees)
    along = (math.cos(a), math.sin(a))
    into = (math.sin(a), -math.cos(a))
    p = (x, y)
    q = (x + length * along[0], y + length * along[1])
    r = (q[0] + depth * into[0], q[1] + depth * into[1])
    s = (p[0] + depth * into[0], p[1] + depth * into[1])
    return [[p, s, r, q]]


def road(
    cls: str, *points: tuple[float, float], name: str = "", bridge: bool = False, tunnel: bool = False
) -> dict:
    return {
        "layer": "roads",
        "points": points,
        "name": name,
        "road_class": cls,
        "bridge": bridge,
        "tunnel": tunnel,
    }


def water(kind: str, *points: tuple[float, float], name: str = "", width: float | None = None) -> dict:
    return {"layer": "water", "points": points, "name": name, "kind": kind, "width_m": width}


def basin(kind: str, rings: list[Ring], name: str = "") -> dict:
    return {"layer": "water", "rings": rings, "name": name, "kind": kind, "width_m": None}


def rail(kind: str, *points: tuple[float, float], name: str = "", tunnel: bool = False) -> dict:
    return {
        "layer": "railways",
        "points": points,
        "name": name,
        "kind": kind,
        "bridge": False,
        "tunnel": tunnel,
    }


def wall(*points: tuple[float, float], kind: str = "wall") -> dict:
    return {"layer": "barriers", "points": points, "name": "", "kind": kind}


def gate(x: float, y: float, kind: str = "gate", name: str = "") -> dict:
    return {"layer": "crossings", "at": (x, y), "name": name, "kind": kind}


A = box(0, 0, 60, 60)


def right(gap: float, y0: float = 0, y1: float = 60, depth: float = 60) -> list[Ring]:
    """The neighbour right of A."""
    return box(60 + gap, y0, 60 + gap + depth, y1)


def upright(cls: str, x: float, **more: object) -> dict:
    return road(cls, (x, -120), (x, 180), **more)  # type: ignore[arg-type]


# name, units by letter, things on the ground, pairs (letters, kind or "" for no link, reason)
Case = tuple[str, dict[str, list[Ring]], list[dict], list[tuple[str, str, str]]]
CASES: list[Case] = []


def case(name: str, units: dict[str, list[Ring]], things: list[dict], *pairs: tuple[str, str, str]) -> None:
    CASES.append((name, units, things, list(pairs)))


def write_cases() -> None:
    open_ground()
    roads()
    water_and_rails()
    walls()
    contact()
    between()
    shapes()
    overrides()


def open_ground() -> None:
    case("alley 6 m", {"a": A, "b": right(6)}, [], ("ab", "gap", "faces of 60 m, 6 m apart, nothing between"))
    case("gap 29.5 m", {"a": A, "b": right(29.5)}, [], ("ab", "gap", "29.5 m is at most 30 m"))
    case(
        "gap 30.5 m",
        {"a": A, "b": right(30.5)},
        [],
        ("ab", "", "30.5 m is more than 30 m and no road between"),
    )
    case("gap 45 m", {"a": A, "b": right(45)}, [], ("ab", "", "45 m of open ground without a road"))
    case(
        "footpath 45 m",
        {"a": A, "b": right(45)},
        [road("path", (82, -100), (82, 160))],
        ("ab", "", "a footpath through a green is no road that explains the gap"),
    )


def roads() -> None:
    case(
        "alley with road",
        {"a": A, "b": right(8)},
        [upright("residential", 64, name="井湾巷")],
        ("ab", "road", "a lane of 8 m lies between and is free"),
    )
    case(
        "minor road 30.5 m",
        {"a": A, "b": right(30.5)},
        [upright("tertiary", 75, name="学院支路")],
        ("ab", "road", "up to 60 m where a minor road lies between"),
    )
    case(
        "minor road 59.5 m",
        {"a": A, "b": right(59.5)},
        [upright("residential", 90)],
        ("ab", "road", "59.5 m is at most 60 m and a minor road lies between"),
    )
    case(
        "minor road 60.5 m",
        {"a": A, "b": right(60.5)},
        [upright("residential", 90)],
        ("ab", "", "60.5 m is more than 60 m"),
    )
    case(
        "secondary road 24 m",
        {"a": A, "b": right(24)},
        [upright("secondary", 72, name="曙光路")],
        ("ab", "road", "a secondary road costs but does not cut"),
    )
    case(
        "secondary road 45 m",
        {"a": A, "b": right(45)},
        [upright("secondary", 82, name="城南路")],
        ("ab", "road", "a secondary road explains a gap of up to 60 m"),
    )
    case(
        "secondary road 65 m",
        {"a": A, "b": right(65)},
        [upright("secondary", 92)],
        ("ab", "", "65 m is more than 60 m"),
    )
    case(
        "arterial 20 m",
        {"a": A, "b": right(20)},
        [upright("primary", 70, name="人民路")],
        ("ab", "", "主干路 is hard"),
    )
    case("arterial 45 m", {"a": A, "b": right(45)}, [upright("primary", 82)], ("ab", "", "主干路 is hard"))
    case("expressway 20 m", {"a": A, "b": right(20)}, [upright("trunk", 70)], ("ab", "", "快速路 is hard"))
    case("motorway 20 m", {"a": A, "b": right(20)}, [upright("motorway", 70)], ("ab", "", "motorway is hard"))
    case(
        "arterial and side road",
        {"a": A, "b": right(50)},
        [upright("primary", 78), upright("residential", 100)],
        ("ab", "", "a minor road beside the arterial does not open it"),
    )
    case(
        "road that stops",
        {"a": A, "b": right(45)},
        [road("residential", (82, -100), (82, 6))],
        ("ab", "", "only the lowest 6 m of the faces look at each other over the road"),
    )
    case(
        "road that stops later",
        {"a": A, "b": right(45)},
        [road("residential", (82, -100), (82, 14))],
        ("ab", "road", "14 m of the faces look at each other over the road"),
    )
    case(
        "road that leads across",
        {"a": A, "b": right(45)},
        [road("residential", (60, 30), (105, 30))],
        ("ab", "", "a road from one to the other does not lie between them"),
    )
    case(
        "arterial in a tunnel",
        {"a": A, "b": right(20)},
        [upright("primary", 70, tunnel=True)],
        ("ab", "gap", "a road under the ground divides nothing"),
    )
    case(
        "viaduct",
        {"a": A, "b": right(24)},
        [upright("trunk", 72, name="高架", bridge=True)],
        ("ab", "crossing", "one walks under the bridge piece of an expressway"),
    )
    case(
        "arterial that ends",
        {"a": A, "b": right(20)},
        [road("primary", (70, -120), (70, 40))],
        ("ab", "gap", "20 m of the faces lie beyond the end of the arterial"),
    )


def water_and_rails() -> None:
    case(
        "river 24 m",
        {"a": A, "b": right(24)},
        [water("river", (72, -120), (72, 180), name="圭塘河")],
        ("ab", "", "rivers are hard"),
    )
    case(
        "canal polygon",
        {"a": A, "b": right(20)},
        [basin("canal", box(64, -120, 76, 180), "跃进渠")],
        ("ab", "", "canals are hard"),
    )
    case(
        "river on the shared border",
        {"a": A, "b": right(0)},
        [water("river", (60, -120), (60, 180))],
        ("ab", "", "both drawn to the middle of the river, which lies between all the same"),
    )
    case(
        "river with width",
        {"a": A, "b": right(20, 0, 40)},
        [
            water("river", (80, -120), (80, 52), width=30.0),
        ],
        ("ab", "", "b is drawn to the middle of a river 30 m wide, which lies between"),
    )
    case(
        "ditch",
        {"a": A, "b": right(8)},
        [water("ditch", (64, -100), (64, 160))],
        ("ab", "gap", "a ditch is free"),
    )
    case(
        "bridge",
        {"a": A, "b": right(24)},
        [
            water("river", (72, -120), (72, 180), name="圭塘河"),
            road("residential", (60, 70), (84, 70), name="石桥", bridge=True),
        ],
        ("ab", "crossing", "the bridge lies 10 m from both"),
    )
    case(
        "bridge over a wide river",
        {"a": A, "b": right(80)},
        [
            basin("river", box(65, -120, 135, 180), "浏阳河"),
            road("secondary", (58, 75), (142, 75), name="浏阳河桥", bridge=True),
        ],
        ("ab", "crossing", "both lie within 50 m of an end of the bridge"),
    )
    case(
        "bridge 80 m away",
        {"a": A, "b": right(24)},
        [water("river", (72, -180), (72, 180)), road("residential", (60, 140), (84, 140), bridge=True)],
        ("ab", "", "the bridge is 80 m away, more than 50 m"),
    )
    case(
        "same bank",
        {"a": A, "b": box(0, 130, 60, 190), "c": right(24)},
        [water("river", (72, -120), (72, 260)), road("residential", (62, 95), (82, 95), bridge=True)],
        ("ab", "", "both lie 35 m from the bridge, but on the same bank, 70 m apart"),
        ("ac", "crossing", "over the bridge"),
        ("bc", "crossing", "over the bridge"),
    )
    case(
        "bridge behind another",
        {"a": A, "b": right(24), "c": box(-70, 0, -36, 60)},
        [water("river", (72, -120), (72, 180)), road("residential", (62, 30), (82, 30), bridge=True)],
        ("ab", "crossing", "the bridge lies between their faces"),
        ("ac", "", "36 m of open ground"),
        ("bc", "", "c lies behind a, 98 m from the bridge"),
    )
    case(
        "two rows at a bridge",
        {"a": box(40, 0, 60, 60), "b": right(24), "c": box(10, 0, 36, 60)},
        [water("river", (72, -120), (72, 180)), road("residential", (60, 30), (84, 30), bridge=True)],
        ("ab", "crossing", "the bridge lies between their faces"),
        ("ac", "gap", "4 m apart"),
        ("bc", "", "c is 24 m from the bridge but a lies between"),
    )
    case(
        "footbridge point",
        {"a": A, "b": right(24)},
        [water("river", (72, -120), (72, 180)), gate(72, 80, "footbridge")],
        ("ab", "crossing", "a crossing point on the river, 23 m from both"),
    )
    case(
        "railway",
        {"a": A, "b": right(20)},
        [rail("rail", (70, -120), (70, 180), name="京广线")],
        ("ab", "", "railways are hard"),
    )
    case(
        "metro",
        {"a": A, "b": right(20)},
        [rail("subway", (70, -120), (70, 180), name="2号线")],
        ("ab", "gap", "a metro is under the ground"),
    )
    case(
        "railway tunnel",
        {"a": A, "b": right(20)},
        [rail("rail", (70, -120), (70, 180), tunnel=True)],
        ("ab", "gap", "a tunnel divides nothing"),
    )
    case(
        "underpass point",
        {"a": A, "b": right(20)},
        [rail("rail", (70, -120), (70, 180)), gate(70, 90, "underpass")],
        ("ab", "crossing", "an underpass 32 m from both"),
    )
    case(
        "underpass 60 m away",
        {"a": A, "b": right(20)},
        [rail("rail", (70, -120), (70, 180)), gate(70, 120, "underpass")],
        ("ab", "", "the underpass is 61 m from both, more than 50 m"),
    )
    case(
        "two tracks",
        {"a": A, "b": right(28)},
        [rail("rail", (70, -120), (70, 180)), rail("rail", (76, -120), (76, 180)), gate(73, 30, "underpass")],
        ("ab", "crossing", "one underpass leads under both tracks"),
    )
    case(
        "road tunnel under a railway",
        {"a": A, "b": right(28)},
        [
            rail("rail", (74, -120), (74, 180)),
            road("residential", (62, 75), (86, 75), name="下穿通道", tunnel=True),
        ],
        ("ab", "crossing", "the tunnel piece of a road ends 15 m from both"),
    )
    case(
        "river and railway, one bridge",
        {"a": A, "b": right(28)},
        [
            water("river", (68, -120), (68, 180)),
            rail("rail", (80, -120), (80, 180)),
            road("residential", (62, 75), (74, 75), bridge=True),
        ],
        ("ab", "", "the bridge leads over the river only; the railway stays hard"),
    )


def walls() -> None:
    case("wall", {"a": A, "b": right(6)}, [wall((63, -5), (63, 65))], ("ab", "", "walls are hard"))
    case(
        "wall with gate",
        {"a": A, "b": right(6)},
        [wall((63, -5), (63, 65)), gate(63, 30)],
        ("ab", "crossing", "a gate in the wall between the faces"),
    )
    case(
        "wall on the shared border",
        {"a": A, "b": right(0)},
        [wall((60, -5), (60, 65))],
        ("ab", "", "the wall stands on the line that both share"),
    )
    case(
        "gate in the wall on the shared border",
        {"a": A, "b": right(0)},
        [wall((60, -5), (60, 65)), gate(60, 40)],
        ("ab", "crossing", "a gate joins them"),
    )
    case(
        "wall that leaves 8 m",
        {"a": A, "b": right(6)},
        [wall((63, -5), (63, 52))],
        ("ab", "", "8 m of the faces see each other"),
    )
    case(
        "wall that leaves 12 m",
        {"a": A, "b": right(6)},
        [wall((63, -5), (63, 48))],
        ("ab", "gap", "12 m of the faces see each other"),
    )
    case(
        "wall inside",
        {"a": A, "b": right(6)},
        [wall((50, 2), (50, 58))],
        ("ab", "gap", "a wall 10 m inside a does not stand between"),
    )


def contact() -> None:
    case("shared border", {"a": A, "b": right(0)}, [], ("ab", "contact", "60 m of contact"))
    case("gap of 1 cm", {"a": A, "b": right(0.01)}, [], ("ab", "contact", "a hair gap is contact"))
    case("overlap of 1 cm", {"a": A, "b": right(-0.01)}, [], ("ab", "contact", "a hair overlap is contact"))
    case("overlap of 5 m", {"a": A, "b": right(-5)}, [], ("ab", "contact", "overlap counts in full"))
    case(
        "corner contact",
        {"a": A, "b": box(60, 60, 120, 120)},
        [],
        ("ab", "", "two squares meeting at a corner: 0"),
    )
    case(
        "corner with hair overlap",
        {"a": A, "b": box(59.99, 59.99, 120, 120)},
        [],
        ("ab", "", "2 cm of overlap"),
    )
    case(
        "corner with hair gap",
        {"a": A, "b": box(60.01, 60.01, 120, 120)},
        [],
        ("ab", "", "1 cm of each face looks at the other's corner"),
    )
    case(
        "corner overlap 3 m",
        {"a": A, "b": box(57, 57, 117, 117)},
        [],
        ("ab", "", "6 m of each boundary lie inside the other"),
    )
    case(
        "corner overlap 8 m",
        {"a": A, "b": box(52, 52, 112, 112)},
        [],
        ("ab", "contact", "16 m of each boundary lie inside the other"),
    )
    case(
        "corner across 3 m",
        {"a": A, "b": box(63, 63, 123, 123)},
        [],
        ("ab", "", "the corner is seen at 45 degrees only from the corner"),
    )
    case(
        "corner across a crossroads",
        {"a": A, "b": box(70, 62, 130, 122)},
        [],
        ("ab", "", "8 m of a's face (y 52 to 60) see b's corner within 45 degrees"),
    )
    case("shared 9.5 m", {"a": A, "b": right(0, 50.5, 110)}, [], ("ab", "", "9.5 m of contact"))
    case("shared 10.5 m", {"a": A, "b": right(0, 49.5, 110)}, [], ("ab", "contact", "10.5 m of contact"))
    case(
        "facing 9 m across 0.5 m",
        {"a": A, "b": right(0.5, 51, 110)},
        [],
        ("ab", "", "9 m face to face and 0.5 m within 45 degrees make 9.5 m"),
    )
    case(
        "facing 12 m across 5 m",
        {"a": A, "b": right(5, 48, 110)},
        [],
        ("ab", "gap", "12 m face to face and 5 m within 45 degrees"),
    )
    case(
        "courtyard",
        {"a": [*box(0, 0, 120, 120), box(40, 40, 80, 80)[0]], "b": box(45, 45, 75, 75)},
        [],
        ("ab", "gap", "b stands in the courtyard of a, 5 m from it all around"),
    )
    case(
        "inside, no hole drawn",
        {"a": box(0, 0, 120, 120), "b": box(45, 45, 75, 75)},
        [],
        ("ab", "contact", "the whole of b's boundary is overlap"),
    )
    case(
        "plugged hole",
        {"a": [*box(0, 0, 120, 120), box(40, 40, 80, 80)[0]], "b": box(40, 40, 80, 80)},
        [],
        ("ab", "contact", "160 m of contact"),
    )
    case("same polygon twice", {"a": A, "b": A}, [], ("ab", "contact", "240 m of overlap"))


def between() -> None:
    case(
        "third between",
        {"a": A, "b": box(68, 0, 72, 60), "c": right(20)},
        [],
        ("ab", "gap", "8 m apart"),
        ("bc", "gap", "8 m apart"),
        ("ac", "", "b lies between over the whole face"),
    )
    case(
        "third leaves 20 m",
        {"a": A, "b": box(68, 0, 72, 40), "c": right(20)},
        [],
        ("ab", "gap", "8 m apart"),
        ("bc", "gap", "8 m apart"),
        ("ac", "gap", "20 m of the faces see each other past b"),
    )
    case(
        "third leaves 8 m",
        {"a": A, "b": box(68, 0, 72, 52), "c": right(20)},
        [],
        ("ab", "gap", "8 m apart"),
        ("bc", "gap", "8 m apart"),
        ("ac", "", "8 m of the faces see each other past b"),
    )
    case(
        "third touches both",
        {"a": A, "b": right(6, depth=54), "c": box(60, 0, 66, 60)},
        [],
        ("ac", "contact", "shared border"),
        ("bc", "contact", "shared border"),
        ("ab", "", "c fills the ground between"),
    )
    case(
        "third with hair overlaps",
        {"a": A, "b": right(6, depth=54), "c": box(59.99, -1, 66.01, 61)},
        [],
        ("ac", "contact", "hair overlap"),
        ("bc", "contact", "hair overlap"),
        ("ab", "", "c fills the ground between"),
    )
    case(
        "outside a courtyard",
        {
            "a": [*box(0, 0, 120, 120), box(40, 40, 80, 80)[0]],
            "b": box(45, 45, 75, 75),
            "c": box(128, 0, 188, 60),
        },
        [],
        ("ab", "gap", "5 m"),
        ("ac", "gap", "8 m"),
        ("bc", "", "a lies all around b"),
    )
    case(
        "two inside one",
        {"a": box(0, 0, 160, 120), "b": box(40, 40, 70, 70), "c": box(80, 40, 110, 70)},
        [],
        ("ab", "contact", "b lies in a"),
        ("ac", "contact", "c lies in a"),
        ("bc", "", "the 10 m between them are a's ground"),
    )


def shapes() -> None:
    case(
        "leaning 40 degrees",
        {"a": A, "b": tilted(64, 5, 40, 60, 40)},
        [],
        ("ab", "gap", "the faces lean by 40 degrees: 45 allowed"),
    )
    case(
        "leaning 50 degrees",
        {"a": A, "b": tilted(64, 5, 50, 60, 40)},
        [],
        ("ab", "", "the faces lean by 50 degrees; only 9 m of a see b's corner"),
    )
    case(
        "diagonal 20 m apart",
        {"a": A, "b": box(80, 62, 140, 122)},
        [],
        ("ab", "gap", "18 m of each face see the other's corner within 45 degrees, at most 26.9 m away"),
    )
    case(
        "L with a yard",
        {"a": [[(0, 0), (100, 0), (100, 30), (30, 30), (30, 100), (0, 100)]], "b": box(38, 38, 90, 90)},
        [],
        ("ab", "gap", "b stands in the notch of an L, 8 m from both arms"),
    )
    case(
        "foot of 8 m",
        {"a": [[(0, 0), (60, 0), (60, 26), (80, 26), (80, 34), (60, 34), (60, 60), (0, 60)]], "b": right(21)},
        [],
        ("ab", "gap", "b sees the foot over 10 m and, past it, the body over another 10 m"),
    )
    case(
        "foot of 8 m, far body",
        {"a": [[(0, 0), (40, 0), (40, 26), (80, 26), (80, 34), (40, 34), (40, 60), (0, 60)]], "b": right(21)},
        [],
        ("ab", "", "only the foot of 8 m is near enough; the body is 41 m away"),
    )
    case(
        "foot of 12 m, far body",
        {"a": [[(0, 0), (40, 0), (40, 24), (80, 24), (80, 36), (40, 36), (40, 60), (0, 60)]], "b": right(21)},
        [],
        ("ab", "gap", "the foot of 12 m faces b, 1 m away"),
    )
    case(
        "round tower",
        {"a": A, "b": circle(95, 30, 30)},
        [],
        ("ab", "gap", "a quarter of the round compound (47 m) looks at a"),
    )
    case(
        "many vertices, alley",
        {"a": dotted(A, 0.37), "b": dotted(right(6), 0.53)},
        [],
        ("ab", "gap", "the same as the plain alley"),
    )
    case(
        "many vertices, 30.5 m",
        {"a": dotted(A, 0.37), "b": dotted(right(30.5), 0.53)},
        [],
        ("ab", "", "the same as the plain gap of 30.5 m"),
    )
    case(
        "many vertices, shared 9.5 m",
        {"a": dotted(A, 0.37), "b": dotted(right(0, 50.5, 110), 0.53)},
        [],
        ("ab", "", "9.5 m of contact whatever the vertices"),
    )
    case(
        "many vertices, corner",
        {"a": dotted(A, 0.37), "b": dotted(box(60, 60, 120, 120), 0.53)},
        [],
        ("ab", "", "a corner contact whatever the vertices"),
    )


def overrides() -> None:
    case(
        "user link",
        {"a": A, "b": right(100)},
        [{"override": "link", "pair": "ab", "reason": "现场有通道"}],
        ("ab", "user", "the planner's link wins over a gap of 100 m"),
    )
    case(
        "user cut",
        {"a": A, "b": right(6)},
        [{"override": "cut", "pair": "ab", "reason": "产权纠纷"}],
        ("ab", "", "the planner's cut wins over an alley"),
    )
    case(
        "user link over a river",
        {"a": A, "b": right(24)},
        [water("river", (72, -120), (72, 180)), {"override": "link", "pair": "ab", "reason": "规划人行桥"}],
        ("ab", "user", "the planner's link wins over a river"),
    )


def geometry(thing: dict, dx: float, dy: float) -> dict:
    def moved(points: object) -> list[list[float]]:
        return [[round(x + dx, 4), round(y + dy, 4)] for x, y in points]  # type: ignore[attr-defined]

    if "rings" in thing:
        return {
            "type": "Polygon",
            "coordinates": [r + r[:1] for r in (moved(ring) for ring in thing["rings"])],
        }
    if "at" in thing:
        return {"type": "Point", "coordinates": moved([thing["at"]])[0]}
    return {"type": "LineString", "coordinates": moved(thing["points"])}


def main() -> None:
    write_cases()
    layers: dict[str, list[dict]] = {
        k: [] for k in ("neighbourhoods", "roads", "water", "railways", "barriers", "crossings")
    }
    pairs, decisions, fid = [], [], 0
    for plot, (name, units, things, labels) in enumerate(CASES):
        dx, dy = ORIGIN[0] + PITCH * (plot % COLUMNS), ORIGIN[1] + PITCH * (plot // COLUMNS)
        fids = {}
        for letter, rings in units.items():
            fid += 1
            fids[letter] = fid
            layers["neighbourhoods"].append(
                {
                    "type": "Feature",
                    "properties": {"fid": fid, "case": name, "letter": letter},
                    "geometry": geometry({"rings": rings}, dx, dy),
                }
            )
        for thing in things:
            if "override" in thing:
                a, b = (fids[letter] for letter in thing["pair"])
                decisions.append([a, b, thing["override"], thing["reason"]])
                continue
            keep = {k: v for k, v in thing.items() if k not in ("layer", "points", "rings", "at")}
            layers[thing["layer"]].append(
                {"type": "Feature", "properties": keep, "geometry": geometry(thing, dx, dy)}
            )
        for letters, kind, reason in labels:
            pairs.append([name, fids[letters[0]], fids[letters[1]], "yes" if kind else "no", kind, reason])
    for key, features in layers.items():
        crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{EPSG}"}}
        lines = ",\n".join(json.dumps(f, ensure_ascii=False) for f in features)
        head = json.dumps({"type": "FeatureCollection", "name": key, "crs": crs})[:-1]
        (HOME / f"{key}.geojson").write_text(f'{head}, "features": [\n{lines}\n]}}\n', encoding="utf-8")
    table("pairs.csv", ["case", "a", "b", "linked", "kind", "reason"], pairs)
    table("overrides.csv", ["a", "b", "action", "reason"], decisions)
    print(
        len(CASES),
        "plots,",
        fid,
        "units,",
        len(pairs),
        "labelled pairs,",
        sum(p[3] == "yes" for p in pairs),
        "linked",
    )


def table(name: str, head: list[str], rows: list[list]) -> None:
    with (HOME / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    main()

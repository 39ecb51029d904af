"""Canonical columns of each role: the words every room uses for the same thing.

A canonical column holds parsed values; the column as it came stays beside it under its own name. Unknown
is NaN in numbers and None in texts, never 0 and never an empty string. Rows are identified by the frame's
int64 index ``fid``.
"""

from __future__ import annotations

from typing import Final

from renomap.facilities import survey_columns
from renomap.model.roles import Role

TEXT: Final = "text"
NUMBER: Final = "number"
DATE: Final = "date"  # ISO, of a day or a month, see ``model.dates``
FLAG: Final = "flag"  # a bool; what unknown counts as stands beside the column

#: No number of a survey, of persons, yuan or square metres, is larger; a sum of larger ones could overflow.
#: What is larger is unknown at every door: import, editing, and the opening of a project.
LARGEST: Final = 1e15

#: Value of ``origin`` of a neighbourhood of which only the position is known: its shape is a disc.
PLACED: Final = "placed"

#: Value of ``heritage`` of a neighbourhood that is known to have none; None is unknown.
HERITAGE_NONE: Final = "none"

COLUMNS: Final[dict[Role, dict[str, str]]] = {
    Role.NEIGHBOURHOODS: {
        "code": TEXT,
        "name": TEXT,
        "district": TEXT,  # 区
        "street": TEXT,  # 街道
        "community": TEXT,  # 社区
        "community_population": NUMBER,  # all residents of the community, said again on each of its rows
        "address": TEXT,
        "year_min": NUMBER,  # earliest year of completion that the survey allows
        "year_max": NUMBER,  # latest; equal to year_min where one year is known
        "renovation": TEXT,  # none | ongoing | done
        "buildings": NUMBER,
        "stairwells": NUMBER,  # 单元
        "floors": NUMBER,
        "households": NUMBER,
        "households_flag": TEXT,  # reported | approximate | lower_bound | derived | estimated | unknown
        "population": NUMBER,
        "elderly": NUMBER,  # persons of 60 and more
        "floor_area_m2": NUMBER,
        "land_area_m2": NUMBER,
        "elevators": NUMBER,
        "parking_spaces": NUMBER,
        "cars": NUMBER,
        **dict.fromkeys(survey_columns(), NUMBER),  # supply, as the files of the facilities say
        "property_mgmt": TEXT,  # yes | no
        "unsafe_buildings": NUMBER,  # 危房
        "city_spots_m2": NUMBER,  # 城市斑点
        "heritage": TEXT,  # names of historic buildings and quarters | HERITAGE_NONE
        "consent_asked": NUMBER,  # households asked
        "consent_yes": NUMBER,  # households in favour
        "consent_no": NUMBER,  # households against
        "consent_share": NUMBER,  # 同意率 of nobody knows whom: 0..1, never turned into counts
        "consent_date": DATE,
        "checkup_date": DATE,  # 体检日期; unknown: not checked
        "pipes_bad_km": NUMBER,  # 老化管线
        "roof_bad_m2": NUMBER,  # 屋面渗漏
        "wall_bad_m2": NUMBER,  # 外墙破损
        "road_bad_m2": NUMBER,  # 破损道路
        "structure": TEXT,
        "origin": TEXT,  # survey | drawn (补绘) | PLACED
    },
    Role.BUILDINGS: {
        "name": TEXT,
        "use": TEXT,  # residential | other | None = unknown
        "floors": NUMBER,
        "stairwells": NUMBER,
        "households": NUMBER,
        "elevators": NUMBER,
        "year_min": NUMBER,
        "year_max": NUMBER,
        "unsafe": FLAG,  # unknown is not counted
    },
    Role.FACILITIES: {
        "name": TEXT,
        "facility": TEXT,  # key of a facility of the standard, such as elder_care
        "capacity": NUMBER,  # in the facility's unit
        "shared": FLAG,  # open to other neighbourhoods; unknown counts as True
    },
    Role.SITES: {
        "name": TEXT,
        "area_m2": NUMBER,
        "owner": TEXT,
        "usable_for": TEXT,
        "state": TEXT,  # 使用现状 as it came: 闲置, 在用
        "divisible": FLAG,  # can be parted between several uses; unknown is no
    },
    # a bridge or tunnel of which nothing is said is none: the line divides
    Role.ROADS: {"name": TEXT, "road_class": TEXT, "bridge": FLAG, "tunnel": FLAG},
    Role.WATER: {"name": TEXT, "kind": TEXT, "width_m": NUMBER, "bridge": FLAG, "tunnel": FLAG},
    Role.RAILWAYS: {"name": TEXT, "kind": TEXT, "bridge": FLAG, "tunnel": FLAG},
    Role.BARRIERS: {"name": TEXT, "kind": TEXT},
    Role.CROSSINGS: {"name": TEXT, "kind": TEXT},
    # level: district | street | community; population: all residents
    Role.BOUNDARY: {"name": TEXT, "level": TEXT, "population": NUMBER},
    Role.AREAS: {"id": NUMBER, "name": TEXT},
    Role.LANDUSE: {"name": TEXT, "kind": TEXT},
    Role.HERITAGE: {"name": TEXT, "kind": TEXT},
    Role.REFERENCE: {"name": TEXT},
}

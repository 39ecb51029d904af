"""What a layer is to the planner."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The part a layer plays; the value is also written to files and to the command line."""

    NEIGHBOURHOODS = "neighbourhoods"
    BUILDINGS = "buildings"
    FACILITIES = "facilities"
    ROADS = "roads"
    WATER = "water"
    RAILWAYS = "railways"
    BARRIERS = "barriers"
    CROSSINGS = "crossings"
    SITES = "sites"
    LANDUSE = "landuse"
    HERITAGE = "heritage"
    BOUNDARY = "boundary"
    AREAS = "areas"
    REFERENCE = "reference"

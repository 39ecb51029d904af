"""Unsafe buildings, city spots, heritage and idle rooms: the facts of an area and the tables of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import shapely

from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.words import sentence
from renomap.outputs.findings import NOT_ASKED, Row
from renomap.outputs.numbers import Figures, Kind, missing
from renomap.outputs.table import Table, column, made

#: Columns of an area of which one known value is enough for the tallies to be shown.
KNOWN = ("unsafe_buildings_known", "city_spots_m2_known", "heritage_known", "idle_sites")


def is_surveyed(plan: Plan) -> bool:
    """Whether the survey says anything of what is tallied, so that it is shown at all."""
    return any(name in plan.areas and bool((plan.areas[name] > 0).any()) for name in KNOWN)


def tally_facts(plan: Plan, row: Row, figures: Figures) -> list[tuple[str, str]]:
    """Label and text of each tally of an area (a row of ``plan.areas``); nothing where none is surveyed."""
    if not is_surveyed(plan):
        return []
    words, of_all = figures.words, row["neighbourhoods"]
    unsafe = figures.partial(row["unsafe_buildings"], row["unsafe_buildings_known"], of_all)
    spots = figures.partial(row["city_spots_m2"], row["city_spots_m2_known"], of_all, Kind.M2)
    return [
        (words["outputs.col.unsafe-buildings"], unsafe),
        (words["outputs.col.city-spots"], spots),
        (words["outputs.col.heritage-names"], heritage_text(row, figures)),
        (words["outputs.col.idle-sites"], sites_text(row, figures)),
    ]


def heritage_text(row: Row, figures: Figures) -> str:
    """Names, or none where every member is known to have none, with the count of the members known of."""
    if not row["heritage_known"]:
        return figures.words["outputs.no-data"]
    text = figures.words["outputs.tally-none"] if missing(row["heritage_names"]) else row["heritage_names"]
    return figures.counted(str(text), row["heritage_known"], row["neighbourhoods"])


def sites_text(row: Row, figures: Figures) -> str:
    """Count of the idle rooms in the outline and their floor area, with the count of those it is known of."""
    if missing(row["idle_sites"]):
        return figures.words["outputs.no-data"]
    if not row["idle_sites"]:
        return figures.number(0)
    surface = figures.number(row["idle_sites_m2"], Kind.M2)
    params = {"count": figures.number(row["idle_sites"]), "surface": surface}
    text = sentence(figures.words, "outputs.idle-sites", params)
    return figures.counted(text, row["idle_sites_m2_known"], row["idle_sites"])


def tallies(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 1b: a row per area; no rows where the survey says nothing of it."""
    figures = Figures(words)
    col = partial(column, words)
    columns = (
        col("area-id", Kind.YEAR, 7, lambda i, a: i),
        col("area", None, 24, lambda i, a: a["name"]),
        col("unsafe-buildings", Kind.COUNT, 10, lambda i, a: a["unsafe_buildings"]),
        col(
            "unsafe-known",
            None,
            12,
            lambda i, a: figures.of(a["unsafe_buildings_known"], a["neighbourhoods"]),
        ),
        col("city-spots", Kind.M2, 12, lambda i, a: a["city_spots_m2"]),
        col("spots-known", None, 12, lambda i, a: figures.of(a["city_spots_m2_known"], a["neighbourhoods"])),
        col(
            "heritage-names",
            None,
            34,
            lambda i, a: _none(a, words) if missing(a["heritage_names"]) else a["heritage_names"],
            wrap=True,
        ),
        col("heritage-known", None, 12, lambda i, a: figures.of(a["heritage_known"], a["neighbourhoods"])),
        col("idle-sites-count", Kind.COUNT, 10, lambda i, a: a["idle_sites"]),
        col("idle-sites-m2", Kind.M2, 12, lambda i, a: 0.0 if a["idle_sites"] == 0 else a["idle_sites_m2"]),
        col("sites-known", None, 12, lambda i, a: _sites_known(a, figures)),
    )
    rows = plan.areas.iterrows() if is_surveyed(plan) else ()
    return made(words["outputs.sheet.tallies"], columns, ((int(str(area)), row) for area, row in rows))


def _none(row: Row, words: Mapping[str, str]) -> str | None:
    return words["outputs.tally-none"] if row["heritage_known"] else None


def _sites_known(row: Row, figures: Figures) -> str | None:
    sites = row["idle_sites"]
    if missing(sites):
        return None
    return figures.of(row["idle_sites_m2_known"], sites) if sites else NOT_ASKED


def sites(plan: Plan, words: Mapping[str, str]) -> Table:
    """Table 5: a row per idle room or ground with owner, proposed use and the nearest area."""
    col = partial(column, words)
    columns = (
        col("site-name", None, 30, lambda site, near, m: site.get("name")),
        col("site-m2", Kind.M2, 12, lambda site, near, m: site.get("area_m2")),
        col("site-owner", None, 20, lambda site, near, m: site.get("owner")),
        col("site-use", None, 24, lambda site, near, m: site.get("usable_for")),
        col("site-area", None, 26, lambda site, near, m: near),
        col("site-distance", Kind.METRE, 14, lambda site, near, m: m),
    )
    tree = shapely.STRtree(np.asarray(plan.areas.geometry.values, dtype=object))
    items = (
        (site, *_nearest(plan, tree, shape))
        for layer in plan.project.layers_of(Role.SITES)
        for site, shape in zip(layer.frame.to_dict("records"), layer.frame.geometry, strict=True)
    )
    return made(words["outputs.sheet.sites"], columns, items)


def _nearest(plan: Plan, tree: shapely.STRtree, shape: shapely.Geometry) -> tuple[str | None, float | None]:
    """Name of the area nearest to a site, the first in the plan's order of several, and metres to it."""
    if not len(tree) or shape is None or shape.is_empty:
        return None, None
    found = tree.query_nearest(shape, all_matches=True)
    first = int(found.min())
    return str(plan.areas["name"].iloc[first]), float(shapely.distance(tree.geometries[first], shape))

"""What the web map shows, as plain values small enough to send: texts are ready, shapes are simplified."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import mapping

from renomap.cartography.ground import GREEN
from renomap.cartography.symbols import Symbol, symbol, token
from renomap.cartography.themes import theme_of
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.words import sentence
from renomap.outputs import tally_tables
from renomap.outputs.area_content import area_facts
from renomap.outputs.columns import members_outlines, outlines
from renomap.outputs.consent_text import consent_shares
from renomap.outputs.findings import (
    FacilityLine,
    Row,
    basis_text,
    data_status,
    facility_lines,
    line_deficit,
    neighbourhood_name,
    reason_text,
    required_text,
    sizes_text,
    verdict_text,
)
from renomap.outputs.geojson import degrees, geographic
from renomap.outputs.link_table import manual_links
from renomap.outputs.numbers import Figures, missing
from renomap.outputs.report_content import subtitle
from renomap.outputs.webmap_sites import web_sites
from renomap.wording.dates import dates
from renomap.wording.names import name_and_unit
from renomap.wording.statuses import bracketed, facility_status, households_status

#: Most bytes of the shapes and texts; with Leaflet the page stays under 5 MB.
BUDGET_BYTES = 4_700_000
#: Tolerances (m) tried one after the other until the page is small enough; the last is what a street is wide.
TOLERANCES_M: tuple[float, ...] = (0.3, 0.7, 1.5, 3.0, 6.0, 12.0)
#: 10 cm.
DECIMALS = 6
#: Layers drawn under the plan: tokens of line and fill, width (px), dashes.
GROUND: Mapping[Role, tuple[str, float, str | None, str | None]] = {
    Role.LANDUSE: ("land", 0.5, "land", None),
    Role.WATER: ("water-rim", 1.2, "water", None),
    Role.ROADS: ("rule", 2.2, None, None),
    Role.RAILWAYS: ("text-2", 1.4, None, "7 5"),
    Role.BOUNDARY: ("administrative", 1.2, None, "8 4 2 4"),
}


def web_content(plan: Plan, words: Mapping[str, str]) -> str:
    """The plan as JSON text for the page, at most ``BUDGET_BYTES`` where simplifying can reach that.

    ``<``, ``>`` and ``&`` are written as escapes, so that the text can stand in a script element.
    """
    fixed, people = _texts(plan, words), _people(plan, Figures(words))
    text = ""
    for k, tolerance in enumerate(TOLERANCES_M):
        text = _json({**fixed, **_shapes(plan, people, tolerance, ground=k < len(TOLERANCES_M) - 1)})
        if len(text.encode()) <= BUDGET_BYTES:
            break
    return text


def _json(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode("utf-8", errors="replace").decode()


def _texts(plan: Plan, words: Mapping[str, str]) -> dict[str, Any]:
    figures = Figures(words)
    form = plan.project.form
    lines = {int(str(area)): facility_lines(plan, int(str(area))) for area in plan.areas.index}
    counted = {"areas": len(plan.areas), "sizes": sizes_text(plan.areas["size_flag"], words)}
    foot = [sentence(words, "outputs.web.sizes", counted)] if len(plan.areas) else []
    foot += [f"{label} {date}" for label, date in dates(plan, words)]
    foot.append(f"{words['outputs.stamp']} {plan.stamp}")
    return {
        "lang": "zh-CN" if words["language"] == "zh" else "en",
        "title": form.get("title") or words["outputs.report.untitled"],
        "subtitle": subtitle(plan, words),
        "mark": form.get("mark", ""),
        "stamp": plan.stamp,
        "foot": "  |  ".join(foot),
        "words": _labels(words),
        "colours": {
            **{name: symbol(f"area.{name}").stroke for name in ("outline", "members")},
            "scattered": token("scattered"),
        },
        "facilities": [
            {"name": name_and_unit(facility, words), "basis": basis_text(facility, plan.standard, words)}
            for facility in plan.standard.facilities
        ],
        "themes": [_area_theme(plan, words), *_deficit_themes(plan, lines, words)],
        "areas": [
            {**_area(plan, area, of_area, figures), "row": k}
            for k, (area, of_area) in enumerate(lines.items())
        ],
        "tables": _tables(plan, figures),
        "sites": web_sites(plan, words),
        "groundKey": _ground_key(plan, words),
        "outside": bool((plan.neighbourhoods["area_id"] == 0).any()),
    }


def _tables(plan: Plan, figures: Figures) -> list[dict[str, Any]]:
    """Tables that stand below the list of areas, those with rows only."""
    tables = (tally_tables.sites(plan, figures.words), manual_links(plan, figures.words))
    return [
        {
            "title": table.title.partition(" ")[2],
            "head": [column.title for column in table.columns],
            "rows": table.texts(figures),
        }
        for table in tables
        if table.rows
    ]


def _labels(words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "layer": words["outputs.web.layer"],
        "search": words["outputs.web.search"],
        "hint": words["outputs.web.hint"],
        "close": words["outputs.web.close"],
        "sheet": words["outputs.web.sheet"],
        "whole": words["outputs.web.whole"],
        "outside": words["outputs.web.legend-none"],
        "outline": words["maps.legend.outline"],
        "missized": words["maps.legend.missized"],
        "ground": words["maps.legend.members-ground"],
        "members": words["outputs.web.members"],
        "bounds": words["outputs.report.bounds"],
        "deficits": words["outputs.report.deficits"],
        "pooling": words["outputs.report.pooling"],
        "columns": [
            words[f"outputs.col.{name}"] for name in ("facility", "required", "supply", "deficit", "state")
        ],
    }


def _area(plan: Plan, area: int, lines: Sequence[FacilityLine], figures: Figures) -> dict[str, Any]:
    row = plan.areas.loc[area]
    return {
        **area_facts(plan, area, figures),
        "name": str(row["name"]),
        "size": float(row.geometry.area) if row.geometry is not None else 0.0,
        "much": _households(row, figures, households_status(plan, figures.words, area)),
        "deficits": [
            [
                required_text(line, figures),
                figures.number(line.supply),
                line_deficit(line, figures),
                verdict_text(plan, area, line, figures.words),
                str(line.state),
                facility_status(plan, line.facility, figures.words, area),
            ]
            for line in lines
        ],
    }


def _households(row: Row, figures: Figures, status: str = "") -> str:
    """Of a neighbourhood, or of an area with the count of the members it is known of."""
    value = row.get("households")
    if missing(value):
        return figures.words["outputs.no-data"]
    text = f"{figures.number(value)} {figures.words['unit.household']}"
    text = figures.counted(text, row.get("households_known"), row.get("neighbourhoods"))
    return bracketed(text, status, figures.words)


def _area_theme(plan: Plan, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": "areas",
        "title": words["outputs.web.areas"],
        "legend": "",
        "classes": [
            {"text": f"{area}  {row['name']}", "colour": str(row["colour"]), "hatch": False}
            for area, row in plan.areas.iterrows()
        ],
        "of": list(range(len(plan.areas))),
        "figures": [],
    }


def _deficit_themes(
    plan: Plan, lines: Mapping[int, Sequence[FacilityLine]], words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One per facility, with the classes, colours and words of the printed maps."""
    figures = Figures(words)
    themes = []
    for at, facility in enumerate(plan.standard.facilities if len(plan.areas) else ()):
        theme = theme_of(plan, f"deficit:{facility.key}", words)
        group = theme.groups[0]
        classes = [{"text": entry.text, **_look(entry.symbols[0])} for entry in group.entries]
        place = {known: k for k, entry in enumerate(group.entries) for known in entry.classes}
        fills = theme.fill_classes if theme.fill_classes is not None else np.zeros(0, dtype=np.int64)
        themes.append(
            {
                "key": facility.key,
                "title": theme.heading,
                "legend": f"{group.title} [{facility_status(plan, facility, words)}]",
                "classes": classes,
                "of": [place[int(known)] for known in fills],
                "figures": [line_deficit(one[at], figures) for one in lines.values()],
            }
        )
    return themes


def _look(symbol: Symbol) -> dict[str, Any]:
    fill = symbol.fill or "#ffffff"
    return {"colour": "#" + fill.lstrip("#")[-6:], "hatch": bool(symbol.hatch)}


def _shapes(plan: Plan, people: list[dict[str, Any]], tolerance: float, *, ground: bool) -> dict[str, Any]:
    areas, rows = plan.areas, plan.neighbourhoods
    borders = _simplified(outlines(plan), tolerance, shared=True)
    grounds = _simplified(members_outlines(plan), tolerance, shared=True)
    drawn = _simplified(rows.geometry, tolerance, shared=False)
    west, south, east, north = _bounds(areas if len(areas) else rows)
    return {
        "bounds": [[south, west], [north, east]],
        "outlines": _collection(borders, [{"id": int(str(area))} for area in areas.index]),
        "members": _collection(grounds, [{} for _ in grounds]),
        "people": _collection(drawn, people),
        "ground": _ground(plan, tolerance) if ground else [],
    }


def _bounds(frame: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = (
        round(float(v), DECIMALS) for v in shapely.total_bounds(degrees(frame.geometry))
    )
    return west, south, east, north


def _simplified(shapes: gpd.GeoSeries, tolerance: float, *, shared: bool) -> npt.NDArray[Any]:
    """Shapes in WGS 84; ``shared``: they are a coverage and stay one."""
    bodies = np.asarray(shapes.values)
    if shared:
        bodies = shapely.coverage_simplify(bodies, tolerance)
    else:
        bodies = shapely.simplify(bodies, tolerance, preserve_topology=True)
    return geographic(gpd.GeoSeries(bodies, crs=shapes.crs), DECIMALS, shared=shared)


def _collection(shapes: npt.NDArray[Any], properties: list[dict[str, Any]]) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": values, "geometry": mapping(shape)}
        for shape, values in zip(shapes, properties, strict=True)
        if shape is not None and not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}


def _people(plan: Plan, figures: Figures) -> list[dict[str, Any]]:
    words, names = figures.words, plan.areas["name"] if len(plan.areas) else {}
    told = []
    for fid, row in plan.neighbourhoods.iterrows():
        area = int(row["area_id"])
        tip = [
            _households(row, figures),
            figures.years(row.get("year_min"), row.get("year_max")),
            data_status(row, figures),
            f"{words['outputs.col.consent']}{words['outputs.colon']}{consent_shares(plan, row, figures)}",
        ]
        if area:
            tip.append(str(names[area]))
        else:
            fate = figures.coded("outputs.fate", row["fate"])
            tip.append(words["outputs.colon"].join(part for part in (fate, reason_text(row, words)) if part))
        name = neighbourhood_name(fid, row.get("name"), words)
        told.append({"name": name, "area": area, "tip": tip})
    return told


def _ground_key(plan: Plan, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Lines and water of the ground for the legend, each role that is drawn once; pale land needs no word."""
    return [
        {
            "text": words[f"role.{role}"],
            "colour": token(colour),
            "weight": weight,
            "fill": token(fill) if fill else None,
            "dash": dash,
        }
        for role, (colour, weight, fill, dash) in GROUND.items()
        if role is not Role.LANDUSE and any(len(layer.frame) for layer in plan.project.layers_of(role))
    ]


def _ground(plan: Plan, tolerance: float) -> list[dict[str, Any]]:
    drawn = []
    for role, (colour, weight, fill, dash) in GROUND.items():
        for layer in plan.project.layers_of(role):
            for tone, frame in _toned(layer.frame, role, fill):
                shapes = _simplified(frame.geometry, tolerance, shared=False)
                solid = bool(tone) and all("Polygon" in kind for kind in frame.geom_type)
                drawn.append(
                    {
                        "colour": token(colour),
                        "weight": weight,
                        "fill": token(tone) if tone and solid else None,
                        "dash": dash,
                        "shapes": _collection(shapes, [{} for _ in shapes]),
                    }
                )
    return drawn


def _toned(
    frame: gpd.GeoDataFrame, role: Role, fill: str | None
) -> list[tuple[str | None, gpd.GeoDataFrame]]:
    """Rows by the token they are filled with: green land apart from the rest, as on the printed maps."""
    if role is not Role.LANDUSE or "kind" not in frame:
        return [(fill, frame)]
    green = frame["kind"].fillna("").astype(str).str.lower().str.contains("|".join(GREEN)).to_numpy()
    return [(tone, frame[mask]) for tone, mask in ((fill, ~green), ("green", green)) if mask.any()]

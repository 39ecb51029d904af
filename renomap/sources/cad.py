"""Drawings: closed lines become polygons, the text inside them their name, CAD layers become layers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.note import Note, Severity
from renomap.model.repair import snapped
from renomap.sources.addresses import file_names, layer_names
from renomap.sources.roles import is_telling
from renomap.sources.vector import RawLayer

#: Ends of a line nearer than this (metres of the drawing) are closed; draughtsmen rarely snap better.
_CLOSED_WITHIN = 0.01
#: A text that is only a measure or a mark is no name.
_NO_NAME = re.compile(r"^[\d\s.,:+\-×xX%°'\"±/()]*$")
#: A character written by its number, as drawings do with what their code page lacks.
_NUMBERED = re.compile(r"\\[Uu]\+([0-9A-Fa-f]{4})")
#: Codes that CAD text carries for fonts and line ends.
_FORMAT = re.compile(r"\\[A-Za-z][^;\\]*;|[{}]|\\P")


def drawn(layer: RawLayer, named: Collection[str] = ()) -> list[RawLayer]:
    """A drawing's entities as layers.

    Parameters
    ----------
    layer : RawLayer
        All entities, with the columns ``Layer`` and ``Text`` that the reader of DXF gives.
    named : collection of str
        What the user gives roles to; a CAD layer among them is a layer of its own.

    Returns
    -------
    list of RawLayer
        A layer for each CAD layer whose name says what it is (小区边界, 道路), and one called after the file
        for all others; closed lines are polygons. A column ``name`` holds the text found inside each polygon,
        None where there is none or several.
    """
    layer = replace(layer, fields=_spelt_out(layer.fields))
    shapes = layer.shapes.copy()
    closed = 0
    for i in np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING):
        ring = _ring(shapes[i])
        if ring is not None:
            shapes[i] = ring
            closed += 1
    fields = layer.fields.copy()
    joined = _chained(shapes, fields)
    if joined:
        gone = np.isin(np.arange(len(shapes)), [row for rows in joined.values() for row in rows[1:]])
        for ring, rows in joined.items():
            shapes[rows[0]] = ring
        shapes, fields = shapes[~gone], fields.loc[~gone].reset_index(drop=True)
        closed += len(joined)
    names = _names(shapes, fields)
    if names is not None:
        fields["name"] = names
    notes = list(layer.notes)
    if closed:
        params = {
            "layer": layer.data_set.stem,
            "count": closed,
            "named": 0 if names is None else int(names.notna().sum()),
        }
        notes.append(
            Note("sources.cad-closed", params, Severity.GUESS, layer=layer.data_set.stem, confidence=0.9)
        )
    return _by_cad_layer(replace(layer, fields=fields, shapes=shapes, notes=tuple(notes)), named)


def _by_cad_layer(layer: RawLayer, named: Collection[str]) -> list[RawLayer]:
    """The CAD layers that are something of their own, then the rest under the name of the file."""
    rest = replace(layer, title=layer.data_set.stem)
    if "Layer" not in layer.fields:
        return [rest]
    owner = layer.fields["Layer"].astype(str).to_numpy()
    names = list(dict.fromkeys(owner))
    wanted = set(named)
    own = [
        name
        for name in names
        if is_telling(name) or wanted & (layer_names(layer.data_set, name) - file_names(layer.data_set))
    ]
    if len(names) < 2 or not own:
        return [rest]
    notes = list(layer.notes)
    params = {"layer": layer.data_set.name, "names": names[:40], "own": own}
    notes.append(
        Note("sources.cad-layers", params | {"overrule": f"--role {layer.data_set.name}:LAYER=ROLE"})
    )
    parts = [(name, owner == name) for name in own]
    others = ~np.isin(owner, own)
    parts += [(layer.data_set.stem, others)] if others.any() else []
    out = []
    for number, (title, rows) in enumerate(parts):
        fields = layer.fields.loc[rows].reset_index(drop=True)
        its = tuple(notes) if number == 0 else ()
        out.append(replace(layer, title=title, fields=fields, shapes=layer.shapes[rows], notes=its))
    return out


def _spelt_out(fields: pd.DataFrame) -> pd.DataFrame:
    """Layer names and texts with the characters that the drawing writes by their number."""
    out = fields.copy()
    for column in ("Layer", "Text"):
        if column in out:
            out[column] = [
                _NUMBERED.sub(lambda hit: chr(int(hit[1], 16)), value) if isinstance(value, str) else value
                for value in out[column]
            ]
    return out


def _ring(line: shapely.LineString) -> shapely.Polygon | None:
    xy = shapely.get_coordinates(line)
    if len(xy) < 4 or float(np.hypot(*(xy[0] - xy[-1]))) > _CLOSED_WITHIN:
        return None
    xy[-1] = xy[0]
    polygon = shapely.polygons(xy)
    return polygon if shapely.area(polygon) > 0 else None


def _chained(shapes: npt.NDArray[np.object_], fields: pd.DataFrame) -> dict[shapely.Polygon, list[int]]:
    """Boundaries drawn as several lines end to end: each closed chain within one CAD layer, with the rows it
    is made of.

    Lines that meet in threes are a net (roads, cables) and no boundary; they are left alone.
    """
    open_lines = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING)
    if not len(open_lines):
        return {}
    cad_layers = fields["Layer"].astype(str).to_numpy() if "Layer" in fields else np.full(len(shapes), "")
    found: dict[shapely.Polygon, list[int]] = {}
    for name in dict.fromkeys(cad_layers[open_lines]):
        rows = open_lines[cad_layers[open_lines] == name]
        lines = snapped(shapes[rows], _CLOSED_WITHIN)
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines))))
        rings = [ring for ring in (_ring(line) for line in merged) if ring is not None]
        if not rings:
            continue
        tree = shapely.STRtree(shapely.boundary(rings))
        line, ring_of = tree.query(lines, predicate="covered_by")
        for number, ring in enumerate(rings):
            its = [int(row) for row in rows[line[ring_of == number]]]
            if its:
                found[ring] = its
    return found


def _names(shapes: npt.NDArray[np.object_], fields: pd.DataFrame) -> pd.Series | None:
    """The one text inside each polygon; a polygon inside another keeps its own text."""
    if "Text" not in fields:
        return None
    texts = np.array([_plain(value) for value in fields["Text"]], dtype=object)
    points = np.flatnonzero((shapely.get_dimensions(shapes) == 0) & np.array([bool(text) for text in texts]))
    polygons = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if not len(points) or not len(polygons):
        return None
    tree = shapely.STRtree(shapes[polygons])
    point, polygon = tree.query(shapes[points], predicate="intersects")
    size = shapely.area(shapes[polygons])
    order = np.lexsort((size[polygon], point))
    _, first = np.unique(point[order], return_index=True)
    owner = polygons[polygon[order][first]]
    found: dict[int, set[str]] = {}
    for at, text in zip(owner, texts[points[point[order][first]]], strict=True):
        found.setdefault(int(at), set()).add(str(text))
    named = [next(iter(found[i])) if len(found.get(i, ())) == 1 else None for i in range(len(shapes))]
    return pd.Series(named, index=fields.index, dtype=object)


def _plain(value: object) -> str:
    if not isinstance(value, str):
        return ""
    text = " ".join(_FORMAT.sub(" ", value).split())
    return "" if _NO_NAME.match(text) else text

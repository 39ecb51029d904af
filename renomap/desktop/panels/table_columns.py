"""Columns of the attribute table: titles in the reader's words, values as arrays, how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.desktop.naming import lack_title
from renomap.model.fields import COLUMNS, FLAG, NUMBER
from renomap.model.layer import Layer
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.outputs.numbers import M2_PER_HA, Figures, Kind, missing
from renomap.session.speech import Speech
from renomap.steps.edit_value import editable
from renomap.wording.deficits import lack_unit

NEIGHBOURHOODS: Final = "neighbourhoods"
AREAS: Final = "areas"
#: Fields of neighbourhoods that are shown even where nothing is known of them, in this order.
_FIRST: Final = (
    "households",
    "year",
    "buildings",
    "stairwells",
    "floor_area_m2",
    "parking_spaces",
    "elder_m2",
)
_AREA_COUNTS: Final = ("neighbourhoods", "households", "households_known", "population")
_AREA_SIZES: Final = ("area_ha", "members_ha")
_CODED: Final = ("renovation", "property_mgmt")


@dataclass(frozen=True, eq=False)
class ShownColumn:
    """One column.

    Parameters
    ----------
    key : str
        Stable name.
    title, tip : str
        Words of the header.
    values : array (n,)
        float64 with NaN for unknown, or object with None for unknown, by which rows are sorted.
    text : callable of position -> str
        How a value is written; '' where unknown.
    field : str
        What is set when a cell is edited; '' = cannot be.
    """

    key: str
    title: str
    values: npt.NDArray[Any]
    text: Callable[[int], str]
    tip: str = ""
    field: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is right-aligned and sorted by size."""
        return self.values.dtype.kind == "f"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known in it."""
        return bool(pd.isna(self.values).all())


@dataclass(frozen=True, eq=False)
class ShownTable:
    """A table: which rows it has and all its columns. ``extra`` are the keys that may be left out."""

    subject: str
    ids: npt.NDArray[np.int64]
    columns: tuple[ShownColumn, ...] = ()
    extra: frozenset[str] = field(default_factory=frozenset)


def sheet_of(plan: Plan, subject: str, say: Speech) -> ShownTable:
    """The table of the neighbourhoods, the areas or a layer (by its key); columns hold no copies of cells."""
    if subject == NEIGHBOURHOODS:
        return _neighbourhoods(plan, say)
    if subject == AREAS:
        return _areas(plan, say)
    layer = plan.project.layer(subject)
    assert layer is not None
    return _layer(layer, say)


def _neighbourhoods(plan: Plan, say: Speech) -> ShownTable:
    frame = plan.neighbourhoods
    make = _Maker(frame, say)
    names = plan.areas["name"].to_dict()
    area = frame["area_id"].map(names).astype(object)
    columns = [make.text("name", say("field.name"), field="name")]
    columns.append(make.plain("area", say("window.column.area"), area.where(area.notna(), None)))
    columns.append(make.coded("fate", say("window.column.fate"), "outputs.fate"))
    columns.append(make.coded("eligibility", say("window.column.eligibility"), "outputs.eligibility"))
    canonical = [
        name for name in COLUMNS[Role.NEIGHBOURHOODS] if name not in ("name", "year_min", "year_max")
    ]
    ordered = [*_FIRST, *(name for name in canonical if name not in _FIRST)]
    fields = editable(Role.NEIGHBOURHOODS)
    for name in ordered:
        given = name if name in fields else ""
        if name == "year":
            columns.append(make.years(say("field.year"), given))
        elif name == "households_flag":
            columns.append(make.coded(name, say("window.column.flag"), "outputs.flag"))
        elif name in frame:
            columns.append(make.canonical(name, COLUMNS[Role.NEIGHBOURHOODS][name], given))
    hectares = shapely.area(np.asarray(frame.geometry.values)) / M2_PER_HA
    columns.insert(6, make.number("land_ha", say("window.column.land_ha"), hectares, Kind.HA))
    columns += make.deficits(plan)
    needed = {"name", "area", "fate", "eligibility", "land_ha", *_FIRST}
    extra = frozenset(c.key for c in columns if c.key not in needed and c.is_empty)
    return ShownTable(NEIGHBOURHOODS, frame.index.to_numpy(dtype=np.int64), tuple(columns), extra)


def _areas(plan: Plan, say: Speech) -> ShownTable:
    frame = plan.areas
    make = _Maker(frame, say)
    columns = [make.text("name", say("field.name"), field="name")]
    for name in _AREA_COUNTS:
        code = f"window.column.{name}"
        title = say(code) if code in say.words else say(f"field.{name}")
        columns.append(make.number(name, title, frame[name].to_numpy(dtype=float)))
    for name in _AREA_SIZES:
        columns.append(make.number(name, say(f"window.column.{name}"), frame[name].to_numpy(float), Kind.HA))
    columns += [make.canonical(name, NUMBER) for name in ("buildings", "stairwells")]
    columns.append(make.years(say("field.year")))
    columns += [make.text(name, say(f"field.{name}")) for name in ("street", "community")]
    columns += make.deficits(plan)
    columns.append(make.text("note", say("window.column.note")))
    extra = frozenset(c.key for c in columns[1:] if c.is_empty)
    return ShownTable(AREAS, frame.index.to_numpy(dtype=np.int64), tuple(columns), extra)


def _layer(layer: Layer, say: Speech) -> ShownTable:
    frame = layer.frame
    make = _Maker(frame, say)
    known = COLUMNS.get(layer.role, {})
    columns = [make.canonical(name, kind) for name, kind in known.items() if name in frame]
    shapes = np.asarray(frame.geometry.values)
    if len(frame) and (shapely.get_dimensions(shapes) == 1).all():
        columns.append(make.number("length_m", say("window.column.length_m"), shapely.length(shapes)))
    elif len(frame) and (shapely.get_dimensions(shapes) == 2).all():
        hectares = shapely.area(shapes) / M2_PER_HA
        columns.append(make.number("land_ha", say("window.column.land_ha"), hectares, Kind.HA))
    own = [name for name in frame.columns if name not in known and name != frame.geometry.name]
    for name in own:
        if pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name]):
            columns.append(make.number(name, str(name), frame[name].to_numpy(dtype=float, na_value=np.nan)))
        else:
            columns.append(make.text(name, str(name)))
    extra = frozenset({*map(str, own), *(c.key for c in columns if c.is_empty)})
    return ShownTable(layer.key, frame.index.to_numpy(dtype=np.int64), tuple(columns), extra)


class _Maker:
    """Makes the columns of one frame."""

    def __init__(self, frame: pd.DataFrame, say: Speech) -> None:
        self._frame = frame
        self._say = say
        self._figures = Figures(say.words)

    def number(
        self, key: str, title: str, values: npt.NDArray[Any], kind: Kind = Kind.COUNT, **more: str
    ) -> ShownColumn:
        figures = self._figures

        def text(i: int) -> str:
            return "" if missing(values[i]) else figures.number(float(values[i]), kind)

        return ShownColumn(key, title, values.astype(float, copy=False), text, **more)

    def plain(self, key: str, title: str, values: pd.Series[Any], field: str = "") -> ShownColumn:
        array = values.to_numpy(dtype=object)
        return ShownColumn(
            key, title, array, lambda i: "" if missing(array[i]) else str(array[i]), field=field
        )

    def text(self, key: str, title: str, field: str = "") -> ShownColumn:
        return self.plain(key, title, self._frame[key], field)

    def coded(self, key: str, title: str, group: str, field: str = "") -> ShownColumn:
        values, figures = self._frame[key], self._figures
        told = {value: figures.coded(group, value) for value in values.dropna().unique()}
        words = values.map(told).astype(object).where(values.notna(), None).to_numpy(dtype=object)
        return ShownColumn(key, title, words, lambda i: words[i] or "", field=field)

    def canonical(self, name: str, kind: str, field: str = "") -> ShownColumn:
        title = self._title(name)
        if name in _CODED:
            return self.coded(name, title, f"window.value.{name}", field)
        if kind == NUMBER:
            written = Kind.M2 if name.endswith("_m2") else Kind.COUNT
            values = self._frame[name].to_numpy(dtype=float)
            return self.number(name, title, values, written, field=field)
        if kind == FLAG:
            yes, no = self._say("window.table.yes"), self._say("window.table.no")
            flags = self._frame[name].fillna(False).to_numpy(dtype=bool)
            return ShownColumn(
                name, title, np.where(flags, yes, no).astype(object), lambda i: yes if flags[i] else no
            )
        return self.text(name, title, field)

    def years(self, title: str, field: str = "") -> ShownColumn:
        first = self._frame["year_min"].to_numpy(dtype=float)
        last = self._frame["year_max"].to_numpy(dtype=float)
        figures = self._figures

        def text(i: int) -> str:
            return "" if missing(first[i]) and missing(last[i]) else figures.years(first[i], last[i])

        return ShownColumn("year", title, np.where(np.isnan(first), last, first), text, field=field)

    def deficits(self, plan: Plan) -> Iterator[ShownColumn]:
        for facility in plan.standard.facilities:
            name = f"{facility.key}_deficit"
            if name in self._frame:
                unit = lack_unit(facility, self._say.words)
                title = lack_title(facility, self._say, "window.table.deficit")
                values = self._frame[name].to_numpy(dtype=float)
                yield self.number(name, title, values, tip=unit)

    def _title(self, name: str) -> str:
        code = f"field.{name}"
        return self._say(code) if code in self._say.words else name

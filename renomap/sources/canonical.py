"""The columns of a layer as every room knows them, with what was read into each value."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.assets import table
from renomap.model.fields import COLUMNS, DATE, FLAG, HERITAGE_NONE, LARGEST, NUMBER
from renomap.model.layer import READING_COLUMNS
from renomap.model.note import LEAVE_OUT, GuessKind, Note, Severity
from renomap.model.roles import Role
from renomap.sources import kinds
from renomap.sources.addresses import ColumnOptions
from renomap.sources.columnnotes import (
    KIND_COLUMNS,
    columns_note,
    filled_cells,
    left_notes,
    reading_notes,
    unread_note,
)
from renomap.sources.dates import read_date
from renomap.sources.positions import in_one_column, parse_degrees
from renomap.sources.synonyms import Meaning, header_key, meanings
from renomap.sources.values import IMPOSSIBLE, UNITS, Value, Years, fold, parse_number, parse_years

Floats = npt.NDArray[np.float64]
Ids = npt.NDArray[np.int64]

#: Plain ways of writing a number; anything else is listed in the readings.
_PLAIN = frozenset(
    ("number", "blank", "full_width", "thousands", "with_unit", "year", "date", "year_month", "none_word")
)
#: A storey count of 0 is how tables write "not recorded" (9,647 of 46,845 buildings in one city's base data).
_NEVER_ZERO = frozenset(("floors",))
_MAY_BE_NEGATIVE = frozenset(("id",))
#: Floor area of a neighbourhood below this median, headed without a unit, is in 万㎡.
_TOO_SMALL_M2 = 200.0
_SAYS_NOTHING = frozenset(("", "nan", "none", "null", "<null>", "/", "—", "-"))
#: What stands for characters of these categories that no one sees.
_BLANKED = {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": ""}
_ORIGINS = frozenset(("survey", "drawn", "placed"))
_HOUSEHOLD_FLAGS = frozenset(("reported", "approximate", "lower_bound", "derived", "estimated", "unknown"))


@dataclass
class CanonicalTable:
    """Canonical columns being filled. ``extra`` holds what no column has: a position, the share in favour."""

    fids: Ids
    said: ColumnOptions
    columns: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Floats] = field(default_factory=dict)
    flags: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)
    readings: list[pd.DataFrame] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def read_rows(self, name: str, raw: pd.Series[Any], read: Sequence[Any], codes: npt.NDArray[Any]) -> None:
        """Keep the readings of all rows whose value was not plainly written."""
        odd = np.array([item.method not in _PLAIN for item in read] + [False])
        rows = np.flatnonzero(odd[codes])
        if not len(rows):
            return
        items = [read[codes[row]] for row in rows]
        shown = [_shown(item) for item in items]
        content = {
            "fid": self.fids[rows],
            "field": name,
            "raw": [str(value) for value in raw.iloc[rows]],
            "value": shown,
            "method": [item.method for item in items],
            "flag": [item.flag for item in items],
        }
        self.readings.append(pd.DataFrame(content, columns=list(READING_COLUMNS)).astype({"value": object}))


def _shown(item: Value | Years) -> Any:
    """A reading as it is listed: a number, a year, ``1990-1999``, ``<=2000``; None where it says nothing."""
    if isinstance(item, Value):
        return item.value
    if item.first == item.last:
        return item.first
    if item.first is None or item.last is None:
        return f"<={item.last}" if item.first is None else f">={item.first}"
    return f"{item.first}-{item.last}"


@dataclass(frozen=True)
class Canonical:
    """Canonical columns in the order of ``model.fields``, readings, notes, the meanings used, and the
    extras."""

    frame: pd.DataFrame
    readings: pd.DataFrame
    notes: tuple[Note, ...]
    used: tuple[Meaning, ...]
    extra: Mapping[str, Floats]


def canonical(
    fields: pd.DataFrame, fids: Ids, role: Role, said: ColumnOptions, title: str, *, places: bool = False
) -> Canonical:
    """Parse the columns of a layer.

    Parameters
    ----------
    fields : DataFrame
        Columns as they came, RangeIndex.
    fids : int64 array
        Ids of the rows.
    role : Role
        Decides which canonical columns there are.
    said : ColumnOptions
        What the user says of the columns, and how remarks address them.
    title : str
        Name of the layer, for the notes.
    places : bool
        The rows have no shapes: where no columns are the longitude and the latitude, one that holds both is
        looked for.

    Returns
    -------
    Canonical
        ``frame`` has every canonical column of the role, index ``fids``: numbers float64 with NaN for
        unknown, texts object with None for unknown, flags bool with False for unknown.
    """
    out = CanonicalTable(fids, said)
    columns = [str(name) for name in fields.columns]
    used = meanings(columns, role, said.fields, said.units, filled_cells(fields))
    for meaning in used:
        _fill(out, fields[meaning.column], meaning, role, title)
    if places:
        used = _one_place_column(out, fields, used, title)
    _role_columns(out, fields, used, role)
    empty = len(fids)
    for name, kind in COLUMNS[role].items():
        if name not in out.columns:
            out.columns[name] = (
                np.full(empty, np.nan)
                if kind == NUMBER
                else np.zeros(empty, bool)
                if kind == FLAG
                else _nothing(empty)
            )
    frame = pd.DataFrame(
        {name: _series(out.columns[name], fids, kind) for name, kind in COLUMNS[role].items()}
    )
    readings = (
        pd.concat(out.readings, ignore_index=True)
        if out.readings
        else pd.DataFrame(columns=list(READING_COLUMNS))
    )
    names = frame["name"] if "name" in frame else pd.Series(dtype=object)
    unread = unread_note(readings, names, title)
    told = reading_notes(readings, title)
    kept = left_notes(fields, used, role, said, title)
    notes = (*columns_note(fields, used, role, said, title), *kept, *out.notes, *told, *unread)
    return Canonical(frame, readings, notes, used, out.extra)


def _series(values: Any, fids: Ids, kind: str) -> pd.Series[Any]:
    dtype = float if kind == NUMBER else bool if kind == FLAG else object
    return pd.Series(values, index=pd.Index(fids, name="fid"), dtype=dtype)


def _nothing(rows: int) -> npt.NDArray[np.object_]:
    return np.full(rows, None, dtype=object)


def _fill(out: CanonicalTable, raw: pd.Series[Any], meaning: Meaning, role: Role, title: str) -> None:
    name = meaning.canonical
    kind = COLUMNS[role].get(name)
    if name == "year":
        _fill_years(out, raw)
    elif kind == NUMBER or name in ("lon", "lat"):
        values = _numbers(out, raw, meaning, title)
        (out.columns if kind == NUMBER else out.extra)[name] = values
    elif kind == FLAG:
        told = kinds.unsafe(raw) if name == "unsafe" else kinds.answers(raw)
        out.columns[name] = np.array([each is True for each in told], dtype=bool)
    elif kind == DATE:
        out.columns[name] = kinds.each_distinct(raw, read_date)
    else:
        out.columns[name] = _texts(out, raw, name, role)


def _numbers(out: CanonicalTable, raw: pd.Series[Any], meaning: Meaning, title: str) -> Floats:
    name = meaning.canonical
    factor = meaning.factor
    if (
        pd.api.types.is_numeric_dtype(raw.dtype)
        and not pd.api.types.is_bool_dtype(raw.dtype)
        and factor == 1.0
    ):
        values = raw.to_numpy(dtype=np.float64, na_value=np.nan).copy()
        flags = np.where(np.isnan(values), "unknown", "reported").astype(object)
    else:
        codes, distinct = pd.factorize(raw.astype(object))
        if name in ("lon", "lat"):
            read = [_angle(value) for value in distinct]
        else:
            read = [parse_number(value, factor=factor, sure=meaning.unit_by_user) for value in distinct]
        values = np.array([np.nan if item.value is None else item.value for item in read] + [np.nan])[codes]
        flags = np.array([item.flag for item in read] + ["unknown"], dtype=object)[codes]
        out.read_rows(name, raw, read, codes)
    impossible = np.abs(values) > LARGEST
    if name not in _MAY_BE_NEGATIVE and name not in ("lon", "lat"):
        impossible |= values < 0
    if name in _NEVER_ZERO:
        impossible |= values == 0
    if impossible.any():
        rows = np.flatnonzero(impossible)
        read = [Value(None, IMPOSSIBLE, "unknown")]
        codes = np.where(impossible, 0, -1)
        out.read_rows(name, raw, read, codes)
        values[rows], flags[rows] = np.nan, "unknown"
    if name == "floor_area_m2":
        values = _floor_area_unit(out, values, flags, meaning, title)
    out.flags[name] = flags
    return values


def _angle(raw: Any) -> Value:
    degrees = parse_degrees(raw)
    return parse_number(raw) if degrees is None else Value(degrees, "number", "reported")


def _floor_area_unit(
    out: CanonicalTable, values: Floats, flags: npt.NDArray[np.object_], meaning: Meaning, title: str
) -> Floats:
    """万㎡ and ㎡ stand under the same header; a column that can only be the other one is taken so, and
    said."""
    suspects = int((flags == "doubtful").sum())
    if suspects:
        out.notes.append(_unit_note(out, "sources.unit-suspect", meaning, title, "㎡", count=suspects))
    known = values[np.isfinite(values)]
    if meaning.has_unit or len(known) < 3 or not 0 < float(np.median(known)) < _TOO_SMALL_M2:
        return values
    flags[np.isfinite(values)] = "doubtful"
    out.notes.append(_unit_note(out, "sources.unit-guessed", meaning, title, "万㎡"))
    return values * 1e4


def _unit_note(
    out: CanonicalTable, code: str, meaning: Meaning, title: str, unit: str, **params: Any
) -> Note:
    guess = out.said.guess(GuessKind.UNIT, meaning.column, unit, UNITS)
    told = {"layer": title, "column": meaning.column, "overrule": guess.hint("UNIT")} | params
    return Note(code, told, Severity.WARNING, layer=title, confidence=0.65, guesses=(guess,))


def _fill_years(out: CanonicalTable, raw: pd.Series[Any]) -> None:
    codes, distinct = pd.factorize(raw.astype(object))
    read = [parse_years(value) for value in distinct]
    first = np.array([np.nan if item.first is None else item.first for item in read] + [np.nan], dtype=float)
    last = np.array([np.nan if item.last is None else item.last for item in read] + [np.nan], dtype=float)
    out.columns["year_min"], out.columns["year_max"] = first[codes], last[codes]
    out.read_rows("year", raw, read, codes)


def _texts(out: CanonicalTable, raw: pd.Series[Any], name: str, role: Role) -> Any:
    special: dict[str, Callable[[Any], Any]] = {
        "renovation": kinds.renovation,
        "property_mgmt": kinds.property_mgmt,
        "heritage": lambda values: kinds.heritage(kinds.each_distinct(values, _tidy)),
        "use": kinds.building_use,
        "road_class": lambda values: kinds.of_table(values, "road_class"),
        "level": lambda values: kinds.of_table(values, "level"),
        "origin": lambda values: kinds.each_distinct(values, lambda text: text if text in _ORIGINS else None),
    }
    if name == "kind" and role.value in table("kinds"):
        return kinds.of_table(raw, role.value)
    if name in special:
        return special[name](raw)
    return kinds.each_distinct(raw, clean_text)


def _tidy(text: str) -> str | None:
    return HERITAGE_NONE if text == HERITAGE_NONE else clean_text(text)


def clean_text(text: str) -> str | None:
    """A text without control characters, invisible marks of writing direction and width, stray line ends and
    doubled blanks; None where it then says nothing."""
    plain = text
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        spaced = "".join(_BLANKED.get(unicodedata.category(char), char) for char in text)
        plain = " ".join(spaced.split())
    return None if plain.casefold() in _SAYS_NOTHING else plain


def _one_place_column(
    out: CanonicalTable, fields: pd.DataFrame, used: tuple[Meaning, ...], title: str
) -> tuple[Meaning, ...]:
    """The meanings with the column that holds both numbers of a position, where no two columns tell them."""
    if all(axis in out.extra and np.isfinite(out.extra[axis]).any() for axis in ("lon", "lat")):
        return used
    taken = {meaning.column for meaning in used}
    free = [each for each in fields.columns if str(each) not in taken and str(each) not in out.said.fields]
    address = [meaning.column for meaning in used if meaning.canonical == "address" and not meaning.by_user]
    spots = in_one_column(fields[[*free, *address]])
    if spots is None:
        return used
    out.extra |= {"lon": spots.lon, "lat": spots.lat}
    guess = out.said.guess(GuessKind.FIELD, spots.column, "position", ("position", LEAVE_OUT))
    params = {"layer": title, "column": spots.column, "count": int(np.isfinite(spots.lon).sum())}
    params["overrule"] = guess.hint(LEAVE_OUT)
    note = Note("sources.position-column", params, Severity.GUESS, title, confidence=0.9, guesses=(guess,))
    out.notes.append(note)
    return (*used, Meaning(spots.column, "position"))


def _role_columns(out: CanonicalTable, fields: pd.DataFrame, used: tuple[Meaning, ...], role: Role) -> None:
    """What the row and the header say together."""
    if role is Role.NEIGHBOURHOODS:
        _households_flag(out)
    elif role is Role.FACILITIES:
        columns = ("facility", *KIND_COLUMNS[role])
        sources = {m.column: fields[m.column] for m in used if m.canonical == "facility"}
        sources |= {str(c): fields[c] for c in fields.columns if fold(str(c)) in columns}
        out.columns["facility"] = kinds.facility(sources, out.columns.get("name"), len(out.fids))
        told = next((fields[m.column] for m in used if m.canonical == "shared"), None)
        # Public facilities are open to all unless the survey says otherwise.
        silent = np.ones(len(out.fids), dtype=bool) if told is None else pd.isna(kinds.answers(told))
        out.columns["shared"] = out.columns.get("shared", silent) | silent
    elif role is Role.BOUNDARY and "level" not in out.columns:
        named = next((header_key(m.column)[0] for m in used if m.canonical == "name"), "")
        level = next(
            (key for key, words in table("kinds")["level_of_column"].items() if named in words), None
        )
        out.columns["level"] = np.full(len(out.fids), level, dtype=object)
    elif role is Role.WATER:
        _fill_missing_kind(out, fields, KIND_COLUMNS[role], "water")
    elif role in (Role.ROADS, Role.RAILWAYS, Role.BARRIERS, Role.CROSSINGS):
        for name in ("bridge", "tunnel"):
            if name not in out.columns and name in COLUMNS[role]:
                out.columns[name] = np.zeros(len(out.fids), dtype=bool)


def _fill_missing_kind(
    out: CanonicalTable, fields: pd.DataFrame, columns: tuple[str, ...], name: str
) -> None:
    kind = out.columns.get("kind", _nothing(len(out.fids)))
    for column in fields.columns:
        if fold(str(column)) in columns:
            kind = np.where(pd.isna(kind), kinds.of_table(fields[column], name), kind)
    out.columns["kind"] = kind


def _households_flag(out: CanonicalTable) -> None:
    rows = len(out.fids)
    own = out.flags.get("households", np.full(rows, "unknown", dtype=object))
    said = out.columns.get("households_flag")
    if said is not None:
        valid = np.array([value in _HOUSEHOLD_FLAGS for value in said])
        own = np.where(valid, said, own)
    values = out.columns.get("households", np.full(rows, np.nan))
    out.columns["households_flag"] = np.where(
        np.isnan(values), "unknown", np.where(own == "unknown", "reported", own)
    )
    if "origin" not in out.columns:
        out.columns["origin"] = np.full(rows, "survey", dtype=object)
    share = out.columns.get("consent_share")
    if share is not None:
        out.columns["consent_share"] = np.where(share > 1, share / 100, share)


def beside(fields: pd.DataFrame, result: Canonical, role: Role) -> pd.DataFrame:
    """The columns as they came, to stand beside the canonical ones.

    A column whose name is a canonical one (upper and lower case count as the same, as in a GeoPackage) is
    left out where it is that column's source and was read plainly, else it is called ``<name>_source``.
    ``fid`` and ``geometry`` are taken names too.
    """
    taken = {name.casefold() for name in COLUMNS[role]} | {"fid", "geometry", "geom"}
    own = {m.column for m in result.used if m.canonical == m.column}
    out: dict[str, pd.Series[Any]] = {}
    for column in fields.columns:
        name = str(column)
        if name in own and name in result.frame and _says_the_same(fields[column], result.frame[name]):
            continue
        new = f"{name}_source" if name.casefold() in taken else name
        while new.casefold() in taken:
            new += "_"
        taken.add(new.casefold())
        out[new] = fields[column]
    return pd.DataFrame(out, index=fields.index)


def _says_the_same(raw: pd.Series[Any], parsed: pd.Series[Any]) -> bool:
    left, right = raw.to_numpy(dtype=object), parsed.to_numpy(dtype=object)
    missing = pd.isna(left) & pd.isna(right)
    return bool((missing | (left == right)).all())

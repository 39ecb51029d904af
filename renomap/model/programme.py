"""The programme (实施计划): dated facts of renewal, hung on neighbourhoods, buildings and projects.

Only values; what they mean is decided by the rules in ``renomap.programme``. A programme is a set of tables,
``Programme.NAME``, each a frame with the columns of ``TABLES[NAME]`` (``model.programme_columns``):

``projects``
    An area of one scheme, or one scattered neighbourhood, as something that is carried out: code, mode, the
    company and the person in charge.
``units``
    One row for a neighbourhood that a plan names: its ``stage`` (a ``Stage``) and the year planned for it.
    A neighbourhood without a row is in ``Stage.SURVEY``.
``history``
    One row for every move of a unit from a stage and year to another, with the reason.
``events``
    Steps taken for a gate (前置条件) or a procedure (前期手续): dates, result, evidence, members.
``surveys``
    Rounds of asking people: wishes, statutory votes, satisfaction.
``demands``
    Votes of residents for single works (需求点单).
``problems``
    What the check-up (体检) found.
``works``
    One row is one item of work in one neighbourhood or one building.
``estimates``
    What a project, a neighbourhood or an item costs, where not by quantity and price (匡算 to 结算).
``funds``
    Money of one source for a project or a neighbourhood: planned, arranged, paid.
``operations``
    What a project earns and spends each year once it runs (停车, 租金, 物业费).
``upkeep``
    Who looks after a neighbourhood afterwards (长效管理): one row for each.
``siting``
    Which idle room was accepted or refused for what lacks in an area (存量资源利用), when, by whom and why.

Rules that hold in all tables: the index is int64 ``id``, ascending, unique, never 0. Ids of other rows
(``project``, ``fid``, ``building``, ``area``) are int64 with 0 for none; ``fid`` is one of the layer of
neighbourhoods, ``building`` one of the layer of buildings. Numbers are float64 with NaN unknown; money is
whole yuan. Texts are objects with None unknown, never empty. Dates are texts, ``2026-03-01`` or ``2026-03``
where only the month is known (see ``interval``). Flags are bool. Frames are values, never changed in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from renomap.model.dates import interval
from renomap.model.programme_columns import TABLES, CellKind, ProgrammeColumn


def no_rows(table: str) -> pd.DataFrame:
    """The empty frame of a table of ``TABLES``."""
    return frame_of(table, ())


def frame_of(table: str, rows: Iterable[Mapping[str, Any]], first: int = 1) -> pd.DataFrame:
    """Rows as a frame of that table.

    Parameters
    ----------
    rows : iterable of mappings
        Column -> value; what a row does not name is unknown (ids 0, counts 1, flags False).
    first : int
        Id of the first row; the others follow.

    Raises ValueError for a column or a choice that the table does not have.

    >>> frame_of("funds", [{"project": 3, "source": "city", "planned": 906000}]).loc[1, "planned"]
    np.float64(906000.0)
    """
    columns, given = TABLES[table], list(rows)
    for row in given:
        unknown = set(row) - set(columns)
        if unknown:
            raise ValueError(f"{table} has no column {sorted(unknown)}")
    index = pd.Index(range(first, first + len(given)), dtype="int64", name="id")
    return pd.DataFrame(
        {name: _series([row.get(name) for row in given], column, index) for name, column in columns.items()},
        index=index,
    )


def fitted(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with just the columns and types of the table: what it lacks is unknown, and values that a
    column cannot hold become unknown. The frame itself where nothing was to be done.
    """
    like = no_rows(table)
    if (
        frame.columns.equals(like.columns)
        and (frame.dtypes == like.dtypes).all()
        and frame.index.name == "id"
        and frame.index.is_monotonic_increasing
        and _choices_fit(table, frame)
    ):
        return frame
    index, absent = pd.Index(frame.index, dtype="int64", name="id"), [None] * len(frame)
    parts = {
        name: _series(list(frame[name]) if name in frame else absent, column, index, strict=False)
        for name, column in TABLES[table].items()
    }
    return pd.DataFrame(parts, index=index).sort_index()


def with_rows(table: str, frame: pd.DataFrame, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """The frame with rows added below; they get the ids that follow its highest."""
    first = int(frame.index.max()) + 1 if len(frame) else 1
    added = frame_of(table, rows, first)
    if not len(added):
        return frame
    return pd.concat([frame, added]) if len(frame) else added


@dataclass(frozen=True, eq=False)
class Programme:
    """All tables of a programme and the rules they are judged by; empty by default.

    ``rules`` is the key of a shipped table of gates, sources and works, or the text of the user's own;
    empty = that of the project's preset. Tables are described above and in ``TABLES``.
    """

    rules: str = ""
    projects: pd.DataFrame = field(default_factory=lambda: no_rows("projects"))
    units: pd.DataFrame = field(default_factory=lambda: no_rows("units"))
    history: pd.DataFrame = field(default_factory=lambda: no_rows("history"))
    events: pd.DataFrame = field(default_factory=lambda: no_rows("events"))
    surveys: pd.DataFrame = field(default_factory=lambda: no_rows("surveys"))
    demands: pd.DataFrame = field(default_factory=lambda: no_rows("demands"))
    problems: pd.DataFrame = field(default_factory=lambda: no_rows("problems"))
    works: pd.DataFrame = field(default_factory=lambda: no_rows("works"))
    estimates: pd.DataFrame = field(default_factory=lambda: no_rows("estimates"))
    funds: pd.DataFrame = field(default_factory=lambda: no_rows("funds"))
    operations: pd.DataFrame = field(default_factory=lambda: no_rows("operations"))
    upkeep: pd.DataFrame = field(default_factory=lambda: no_rows("upkeep"))
    siting: pd.DataFrame = field(default_factory=lambda: no_rows("siting"))

    def __bool__(self) -> bool:
        """Whether any table has a row."""
        return any(len(frame) for _, frame in self.tables())

    def table(self, name: str) -> pd.DataFrame:
        """The frame of a table of ``TABLES``; KeyError where there is none of that name."""
        if name not in TABLES:
            raise KeyError(name)
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Names and frames of all tables, in the order of ``TABLES``."""
        return ((name, self.table(name)) for name in TABLES)

    def with_table(self, name: str, frame: pd.DataFrame) -> Programme:
        """The programme with that frame in place of the one of that name."""
        if name not in TABLES:
            raise KeyError(name)
        changed: dict[str, Any] = {name: frame}
        return replace(self, **changed)

    def with_rows(self, name: str, rows: Iterable[Mapping[str, Any]]) -> Programme:
        """The programme with rows added to a table, see ``with_rows``."""
        return self.with_table(name, with_rows(name, self.table(name), rows))


def fids_of(text: str | None) -> tuple[int, ...]:
    """The ids in a text such as ``12 15 18``, in its order; none of None."""
    return () if text is None else tuple(int(part) for part in text.split())


def text_of(fids: Iterable[int]) -> str | None:
    """Ids as the text that ``fids_of`` reads, ascending; None for none."""
    return " ".join(str(fid) for fid in sorted(fids)) or None


def _choices_fit(table: str, frame: pd.DataFrame) -> bool:
    return all(
        frame[name].dropna().isin(list(column.of)).all()
        for name, column in TABLES[table].items()
        if column.of is not None
    )


def _series(
    values: list[Any], column: ProgrammeColumn, index: pd.Index[int], *, strict: bool = True
) -> pd.Series[Any]:
    if column.kind in (CellKind.ID, CellKind.COUNT):
        absent = 0 if column.kind is CellKind.ID else 1
        numbers = [absent if _unknown(v) else int(v) for v in values]
        return pd.Series(np.array(numbers, dtype=np.int64), index=index)
    if column.kind in (CellKind.NUMBER, CellKind.MONEY, CellKind.YEAR):
        read = pd.to_numeric(pd.Series(values, dtype=object), errors="raise" if strict else "coerce")
        return pd.Series(read.to_numpy(dtype=np.float64, na_value=np.nan), index=index)
    if column.kind is CellKind.FLAG:
        return pd.Series([not _unknown(v) and bool(v) for v in values], index=index, dtype=bool)
    texts = [None if _unknown(v) or str(v) == "" else str(v) for v in values]
    if column.of is not None:
        known = set(column.of)
        wrong = sorted({text for text in texts if text is not None and text not in known})
        if wrong and strict:
            raise ValueError(f"{wrong} is none of {[str(item) for item in column.of]}")
        texts = [text if text in known else None for text in texts]
    if column.kind is CellKind.DATE:
        texts = [_date(text, strict=strict) for text in texts]
    return pd.Series(texts, index=index, dtype=object)


def _date(text: str | None, *, strict: bool) -> str | None:
    try:
        interval(text)
    except (ValueError, TypeError):
        if strict:
            raise
        return None
    return text


def _unknown(value: Any) -> bool:
    return value is None or value is pd.NA or bool(value != value)


assert [item.name for item in fields(Programme)][1:] == list(TABLES), "every table is a field of Programme"

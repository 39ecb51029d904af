"""The rows of a table of rules: ``[[name]]`` entries with key, both names, source and status."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from renomap import tables
from renomap.model.standard import Status, status_of
from renomap.tables import TomlTable

#: What every row has.
COMMON: Final = ("key", "zh", "en", "source", "status")
#: No table has more rows of a kind; the longest known, a check-up list, has 82.
MOST_ROWS: Final = 500


@dataclass(frozen=True)
class TableRow:
    """The ``nth`` row of that ``header`` in a table."""

    table: TomlTable
    header: str
    nth: int
    values: Mapping[str, Any]

    @property
    def status(self) -> Status:
        """How far the row has been checked."""
        return status_of(self.table, self.values, header=self.header, nth=self.nth)

    def text(self, key: str) -> str:
        """A text, '' where absent."""
        return tables.text_of(self.table, self.values, key, header=self.header, nth=self.nth)

    def number(self, key: str) -> float:
        """A number of 0 or more, which has to be there."""
        found = tables.number_of(self.table, self.values, key, header=self.header, nth=self.nth)
        if found is None:
            self.refuse("deficits.table-missing", key)
        return found

    def flag(self, key: str, default: bool = False) -> bool:
        """A truth value."""
        return tables.flag_of(self.table, self.values, key, default, header=self.header, nth=self.nth)

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of the given words."""
        return tables.choice_of(self.table, self.values, key, choices, header=self.header, nth=self.nth)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where absent (else ``programme.table-list``)."""
        found = self.values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(word, str) and word for word in found):
            self.refuse("programme.table-list", key)
        return tuple(found)

    def refuse(self, code: str, key: str, **params: Any) -> NoReturn:
        """Raise ``RenomapError`` with file and line of that key in this row."""
        self.table.refuse(code, key, header=self.header, nth=self.nth, **params)

    def common(self) -> dict[str, Any]:
        """Key, both names, source and status, as keywords of a value."""
        return {**{name: self.text(name) for name in COMMON[:-1]}, "status": self.status}


def rows_of(table: TomlTable, header: str, allowed: Collection[str]) -> tuple[TableRow, ...]:
    """The rows ``[[header]]`` of a table, none where it has none.

    Raises
    ------
    RenomapError
        ``deficits.table-key`` for what is not in ``COMMON`` or ``allowed``, ``-missing`` for a row without
        key, name, source or status, ``programme.table-rows`` for what is no list of rows,
        ``programme.table-twice`` and ``-many``.
    """
    listed = table.data.get(header, [])
    if not isinstance(listed, list):
        table.refuse("programme.table-rows", header)
    if len(listed) > MOST_ROWS:
        params: dict[str, Any] = {"count": len(listed), "most": MOST_ROWS}
        table.refuse("programme.table-many", "key", header=header, nth=MOST_ROWS, **params)
    found: dict[str, TableRow] = {}
    for nth, values in enumerate(listed):
        where: dict[str, Any] = {"header": header, "nth": nth}
        tables.check_keys(table, values, (*COMMON, *allowed), **where)
        row = TableRow(table, header, nth, values)
        for name in COMMON:
            if not row.text(name).strip():
                table.refuse("deficits.table-missing", name, **where)
        if not row.text("key").isidentifier():
            table.refuse("deficits.table-missing", "key", **where)
        if row.text("key") in found:
            table.refuse("programme.table-twice", "key", **where, value=row.text("key"))
        found[row.text("key")] = row
    return tuple(found.values())

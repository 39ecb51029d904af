"""Values for which a table has no cell (lists, objects, binary) as texts that a planner can read."""

from __future__ import annotations

import datetime
import decimal
import json
import math
from typing import Any, Final

import numpy as np
import pandas as pd

#: Of binary values a text tells the size and this many bytes.
_SHOWN_BYTES: Final = 8
#: What a cell may hold as it is; a subclass (an enum, a number of numpy) is made plain.
_PLAIN: Final = (str, bool, int, float)


def as_cells(fields: pd.DataFrame, nested: frozenset[str] = frozenset()) -> pd.DataFrame:
    """The columns with plain values only: what a project can keep and every other program can show.

    Parameters
    ----------
    fields : DataFrame
        Columns as a reader returns them.
    nested : frozenset of str
        Columns of texts that are JSON, as GeoJSON properties with lists of mixed kinds are read.

    Returns
    -------
    DataFrame
        The same where all values are plain. A list of one is that one value, an empty list or object is
        None; longer lists and objects are JSON (``["甲", "乙"]``), dates are written as ISO 8601, binary
        values as their size and first bytes. Columns that are not of objects stay, but for those of kinds
        that hold lists.
    """
    changed: dict[str, pd.Series[Any]] = {}
    for name in fields.columns:
        column = fields[name]
        if name not in nested and not _may_be_odd(column):
            continue
        values = list(column.to_numpy(dtype=object))
        if name in nested:
            values = [_parsed(value) for value in values]
        plain = [value if value is None or type(value) in _PLAIN else _plain(value) for value in values]
        if any(new is not old for new, old in zip(plain, values, strict=True)) or name in nested:
            changed[str(name)] = pd.Series(plain, index=fields.index, dtype=object)
    return fields.assign(**changed) if changed else fields


def _may_be_odd(column: pd.Series[Any]) -> bool:
    """Whether a column can hold what is no number, truth value, time or text."""
    kind = getattr(column.dtype, "kind", "O")
    return kind not in "biufmM" and not isinstance(column.dtype, pd.StringDtype | pd.CategoricalDtype)


def _parsed(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray | tuple | set | frozenset):
        value = value.tolist() if isinstance(value, np.ndarray) else list(value)
    if isinstance(value, list | dict):
        return _unfolded(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, bytes | bytearray | memoryview):
        data = bytes(value)
        rest = "…" if len(data) > _SHOWN_BYTES else ""
        return f"0x{data[:_SHOWN_BYTES].hex()}{rest} ({len(data)} B)" if data else None
    for kind in _PLAIN:
        if isinstance(value, kind):
            return kind(value)
    return str(value)


def _unfolded(value: list[Any] | dict[Any, Any]) -> Any:
    if not value:
        return None
    if isinstance(value, list) and len(value) == 1:
        return _plain(value[0])
    try:
        return json.dumps(value, ensure_ascii=False, default=_in_json)
    except (ValueError, TypeError, RecursionError):
        return str(value)


def _in_json(value: Any) -> Any:
    """What stands inside a list; a number that is none has no place in JSON."""
    plain = _plain(value)
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain

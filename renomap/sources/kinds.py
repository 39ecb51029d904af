"""Canonical words for kinds: road classes, water, railways, uses of buildings, facilities, levels of
administration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.assets import table
from renomap.facilities import facility_kinds
from renomap.model.fields import HERITAGE_NONE
from renomap.sources.values import fold, says_nothing

Texts = npt.NDArray[np.object_]

_NO = frozenset(("no", "false", "f", "n", "0", "0.0", "否", "无", "不是"))
#: Grades A and B of the appraisal of dangerous houses (JGJ 125), and how surveys put them.
_SAFE = _NO | {"a", "a级", "b", "b级", "安全", "不是危房", "非危房"}
#: Words that deny any historic building.
_NO_HERITAGE = frozenset(
    ("无", "否", "没有", "不是", "非", "不涉及", "未涉及", "均无", "全无", "0", "0处", "no")
)
_RENOVATION = {
    "none": ("未开展", "未改造", "未改", "待改造", "否", "无", "未启动", "none", "1"),
    "ongoing": ("进行中", "正在改造", "改造中", "在建", "施工中", "ongoing", "2"),
    "done": ("已完成", "已改造", "已改", "完成", "改造完成", "是", "完工", "done", "3"),
}


@cache
def _lookup(name: str) -> Mapping[str, str]:
    return {
        fold(word): canonical
        for canonical, words in table("kinds")[name].items()
        for word in (*words, canonical)
    }


def each_distinct(values: Any, meaning: Callable[[str], Any]) -> Texts:
    """Apply ``meaning`` to every distinct non-empty text of a column; missing stays None."""
    codes, distinct = pd.factorize(pd.Series(values, dtype=object))
    meant = np.empty(len(distinct) + 1, dtype=object)
    for i, value in enumerate(distinct):
        meant[i] = meaning(value if isinstance(value, str) else _text(value))
    return np.asarray(meant[codes], dtype=object)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def of_table(values: Any, name: str, *, otherwise: str | None = None) -> Texts:
    """The canonical word of each value by a table of ``kinds.toml``.

    Parameters
    ----------
    values : array-like
        Words as they came.
    name : str
        Table.
    otherwise : str, optional
        What a word that the table lacks becomes; None leaves it unknown.
    """
    words = _lookup(name)
    return each_distinct(values, lambda text: words.get(fold(text), otherwise if fold(text) else None))


def building_use(values: Any) -> Texts:
    """``residential``, ``other``, or None where the word says nothing."""
    found = of_table(values, "building_use", otherwise="other")
    found[found == "unknown"] = None
    return found


def answers(values: Any) -> Texts:
    """False for no, 0, 否 and the like, True for any other word, None where the cell says nothing."""
    return _unless(values, _NO)


def unsafe(values: Any) -> Texts:
    """True for grades C and D of the appraisal of dangerous houses (JGJ 125) and for any yes, False for A, B
    and any no, None where the cell says nothing."""
    return _unless(values, _SAFE)


def _unless(values: Any, no: frozenset[str]) -> Texts:
    return each_distinct(values, lambda text: None if says_nothing(fold(text)) else fold(text) not in no)


def renovation(values: Any) -> Texts:
    """``none``, ``ongoing``, ``done`` or None; the codes 1, 2, 3 are those of the 2023 health check
    tables."""
    words = {fold(word): state for state, its in _RENOVATION.items() for word in its}
    return each_distinct(values, lambda text: words.get(fold(text)))


def heritage(values: Any) -> Texts:
    """Names of historic buildings and quarters as they came, ``none`` where the cell denies any, or None.

    A dash says nothing here as in a column of numbers; what an older project file holds is read the same.
    """

    def meant(text: str) -> str | None:
        if text == HERITAGE_NONE or fold(text) in _NO_HERITAGE:
            return HERITAGE_NONE
        return None if says_nothing(fold(text)) else text

    return each_distinct(values, meant)


def property_mgmt(values: Any) -> Texts:
    """``yes``, ``no`` or None.

    The name of a company is a yes. Bare 0 and 1 stay unknown: the tables in use mean 0 by "has", which
    others mean by "has not".
    """

    def meaning(text: str) -> str | None:
        word = fold(text)
        if word in ("0", "1") or says_nothing(word):
            return None
        if word in ("无", "否", "没有", "no", "无物业", "未实行", "自管", "false"):
            return "no"
        return "yes"

    return each_distinct(values, meaning)


def facility(kinds: Mapping[str, Any], names: Any, rows: int) -> Texts:
    """The facility of a standard that each row is.

    Parameters
    ----------
    kinds : Mapping
        Column name -> values; columns that hold a kind, best first.
    names : array-like or None
        Names of the facilities, asked where no column says.
    rows : int
        Number of rows.

    Returns
    -------
    object array
        Keys such as ``elder_care``; None where nothing maps.
    """
    found = np.full(rows, None, dtype=object)
    for values in kinds.values():
        found = _filled(found, each_distinct(values, _facility_of_kind))
    if names is not None:
        found = _filled(found, each_distinct(names, _facility_of_name))
    return found


def _filled(found: Texts, more: Texts) -> Texts:
    return np.where(pd.isna(found), more, found)


@cache
def _facility_tables() -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:
    kinds = facility_kinds().values()
    values = {fold(word): kind.key for kind in kinds for word in kind.kinds}
    words = [(fold(word), kind.key) for kind in kinds for word in kind.words]
    return values, tuple(sorted(words, key=lambda pair: -len(pair[0])))


def _facility_of_kind(text: str) -> str | None:
    values, _ = _facility_tables()
    word = fold(text)
    return values.get(word) or _facility_of_name(text)


def _facility_of_name(text: str) -> str | None:
    _, words = _facility_tables()
    folded = fold(text)
    return next((key for word, key in words if word in folded), None)

"""Which row of an inventory belongs to which neighbourhood: by code, then by name; never one to many in
silence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from renomap.sources.values import fold

_SIGNS = re.compile(r"[^0-9a-z\u3400-\u9fff]")
#: Words for the kind of place. Those that tell neighbours apart (河东花园, 河东新村) are not among them.
_LOOSE_WORDS = re.compile(
    r"(住宅小区|生活小区|小区|社区|(职工|教工|教师|干部|单身)?(宿舍区|宿舍楼?|家属院|家属区|家属楼)|生活区|住宅区"
    r"|大院|院落|(?<=公寓)楼)$"
)
_NUMERALS = str.maketrans("一二三四五六七八九", "123456789")
#: How alike two names must be (shared pairs of characters) to be suggested.
_ALIKE = 0.5
_MOST_SUGGESTIONS = 3
#: A position in the inventory belongs to a neighbourhood it is in, or this near to.
_NEAR_M = 50.0


@dataclass(frozen=True)
class Pairs:
    """The outcome of a join.

    ``by_row`` maps a row label of the inventory to the fid it belongs to; ``how`` says by what (code, name,
    code_zeros, name_loose, place). ``ambiguous`` maps a row to the fids that could be meant, or to the one
    it shares with other rows; ``unmatched_rows`` and ``unmatched_fids`` have no partner; ``suggestions`` maps
    such a row to likely fids, best first.
    """

    by_row: Mapping[int, int]
    how: Mapping[int, str]
    ambiguous: Mapping[int, tuple[int, ...]]
    unmatched_rows: tuple[int, ...]
    unmatched_fids: tuple[int, ...]
    suggestions: Mapping[int, tuple[int, ...]]


def fold_name(name: object) -> str:
    """A name made comparable: width, case, blanks, brackets and signs folded, 一期 and 1期 the same; '' for
    none."""
    if name is None or (isinstance(name, float) and np.isnan(name)):
        return ""
    return _SIGNS.sub("", fold(str(name))).translate(_NUMERALS)


def loose_name(name: object) -> str:
    """A folded name without a word like 小区, 社区, 宿舍 at its end, if two characters or more are left."""
    folded = fold_name(name)
    shorter = _LOOSE_WORDS.sub("", folded)
    return shorter if len(shorter) >= 2 else folded


def without_zeros(code: object) -> str:
    """A code of digits without the zeros it begins with, which spreadsheets drop; '' for any other."""
    folded = fold_name(code)
    return folded.lstrip("0") if folded.isdecimal() else ""


def match(
    units: pd.DataFrame,
    rows: pd.DataFrame,
    places: Sequence[shapely.Geometry | None] | None = None,
    by: Sequence[str] = ("code", "name"),
) -> Pairs:
    """Match the rows of an inventory to neighbourhoods.

    Parameters
    ----------
    units : DataFrame
        Index fid; columns ``code``, ``name``, ``street``, ``community`` and ``geometry`` (project CRS).
    rows : DataFrame
        Unique index; columns ``code``, ``name``, ``street``, ``community`` (None where unknown).
    places : sequence of points, optional
        Position of each row in project CRS; tells neighbourhoods of one name apart.
    by : sequence of str
        The columns that join: code, name or both.

    Returns
    -------
    Pairs
        One to one. A key that several on either side share is narrowed by subdistrict, community and
        position; what stays ambiguous is not joined.
    """
    by_row: dict[int, int] = {}
    how: dict[int, str] = {}
    unclear: dict[int, tuple[int, ...]] = {}
    steps = (
        ("code", "code", fold_name),
        ("name", "name", fold_name),
        ("code_zeros", "code", without_zeros),
        ("name_loose", "name", loose_name),
    )
    point = dict(zip(rows.index, places, strict=True)) if places is not None else {}
    for method, column, key in (step for step in steps if step[1] in by):
        free_rows = rows.loc[[label for label in rows.index if label not in by_row]]
        taken = set(by_row.values())
        free_units = units.loc[[fid for fid in units.index if fid not in taken]]
        left, right = _groups(free_rows[column], key), _groups(free_units[column], key)
        for word, labels in left.items():
            if word not in right:
                continue
            pairs, doubtful = _pair(labels, right[word], rows, units, point)
            for label, fid in pairs:
                by_row[label], how[label] = fid, method
                unclear.pop(label, None)
            for label, fids in doubtful:
                unclear.setdefault(label, fids)
    unmatched = tuple(int(label) for label in rows.index if label not in by_row and label not in unclear)
    doubted = {fid for fids in unclear.values() for fid in fids}
    lonely = [int(fid) for fid in units.index if fid not in set(by_row.values())]
    named = units.loc[[fid for fid in lonely if fid not in doubted]]
    return Pairs(
        by_row, how, unclear, unmatched, tuple(lonely), _suggestions(rows.loc[list(unmatched)], named)
    )


def _groups(values: pd.Series[Any], key: Callable[[object], str]) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for label, value in zip(values.index.tolist(), values.tolist(), strict=True):
        word = key(value)
        if word:
            groups[word].append(label)
    return groups


def _pair(
    labels: list[int], fids: list[int], rows: pd.DataFrame, units: pd.DataFrame, point: Mapping[int, object]
) -> tuple[list[tuple[int, int]], list[tuple[int, tuple[int, ...]]]]:
    """Pairs within one key, and what stays ambiguous of it."""
    if len(labels) == 1 and len(fids) == 1:
        if _contradict(rows.at[labels[0], "street"], units.at[fids[0], "street"]):
            return [], [(labels[0], (fids[0],))]
        return [(labels[0], fids[0])], []
    options = {label: _narrowed(label, fids, rows, units, point) for label in labels}
    pairs: list[tuple[int, int]] = []
    doubtful: list[tuple[int, tuple[int, ...]]] = []
    for label, fitting in options.items():
        rivals = [other for other, its in options.items() if other != label and set(its) & set(fitting)]
        if len(fitting) == 1 and not rivals:
            pairs.append((label, fitting[0]))
        else:
            doubtful.append((label, tuple(fitting or fids)))
    return pairs, doubtful


def _contradict(row_street: object, unit_street: object) -> bool:
    """Whether both sides name a subdistrict and name different ones: then a shared name proves nothing."""
    left, right = fold_name(row_street), fold_name(unit_street)
    return bool(left and right and left.removesuffix("街道") != right.removesuffix("街道"))


def _narrowed(
    label: int, fids: Iterable[int], rows: pd.DataFrame, units: pd.DataFrame, point: Mapping[int, object]
) -> list[int]:
    fitting = list(fids)
    for column in ("street", "community"):
        word = fold_name(rows.at[label, column])
        same = [fid for fid in fitting if word and fold_name(units.at[fid, column]) == word]
        fitting = same or fitting
    where = point.get(label)
    if len(fitting) > 1 and where is not None:
        shapes = np.array([units.at[fid, "geometry"] for fid in fitting], dtype=object)
        away = shapely.distance(shapes, where)
        near = [fid for fid, metres in zip(fitting, away, strict=True) if metres <= _NEAR_M]
        inside = [fid for fid, metres in zip(fitting, away, strict=True) if metres == 0]
        fitting = inside if len(inside) == 1 else near or fitting
    return fitting


def _suggestions(rows: pd.DataFrame, units: pd.DataFrame) -> dict[int, tuple[int, ...]]:
    """Likely partners by shared pairs of characters, found through an index so that thousands of names take
    no time."""
    index: dict[str, list[int]] = defaultdict(list)
    pieces: dict[int, set[str]] = {}
    for fid, name in zip(units.index.tolist(), units["name"].tolist(), strict=True):
        pieces[fid] = _bigrams(loose_name(name))
        for piece in pieces[fid]:
            index[piece].append(fid)
    out: dict[int, tuple[int, ...]] = {}
    for label, name in zip(rows.index.tolist(), rows["name"].tolist(), strict=True):
        mine = _bigrams(loose_name(name))
        shared: dict[int, int] = defaultdict(int)
        for piece in mine:
            for fid in index.get(piece, ()):
                shared[fid] += 1
        ranked = sorted((-2 * n / (len(mine) + len(pieces[fid])), fid) for fid, n in shared.items())
        good = tuple(int(fid) for score, fid in ranked[:_MOST_SUGGESTIONS] if -score >= _ALIKE)
        if good:
            out[int(label)] = good
    return out


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or ({text} if text else set())

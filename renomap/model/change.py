"""A change: what every edit, import and engine result is; rows and values of a project before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from renomap.model.layer import Layer
from renomap.model.programme_columns import TABLES
from renomap.model.project import Project

WHOLE = ""
ASSIGNMENT_COLUMN = "area_id"

#: Fields whose rows are compared one by one; all other fields are replaced as they are.
_TABLES: dict[str, tuple[str, ...]] = {
    "layer": ("frame",),
    "scheme": ("assignment", "areas"),
    "version": (),
    "programme": tuple(TABLES),
}


class Address(NamedTuple):
    """Where in a project something changes.

    ``part`` is 'project', 'layer', 'scheme', 'version' or 'programme'; ``key`` names the layer, scheme or
    version ('' for the others); ``name`` is the field of that dataclass, or ``WHOLE`` for one that comes or
    goes. The fields ``layers``, ``schemes``, ``versions`` of the project stand for the order of their keys.
    """

    part: str
    key: str
    name: str


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of one table before and after.

    A label only in ``after`` is created, only in ``before`` deleted, in both modified. Both frames have the
    columns and dtypes of the table and ascending labels.
    """

    before: pd.DataFrame
    after: pd.DataFrame

    @property
    def inverse(self) -> Rows:
        """The step back."""
        return Rows(self.after, self.before)

    @property
    def labels(self) -> pd.Index[int]:
        """Labels of all rows concerned, ascending."""
        return self.before.index.union(self.after.index)

    def apply(self, table: Any) -> Any:
        """The table (frame or Series) after the step; rows that come take their place by label.

        Raises ValueError where the table is not the one that the step was made for.
        """
        if isinstance(table, pd.Series):
            column = self.apply(table.to_frame(ASSIGNMENT_COLUMN))[ASSIGNMENT_COLUMN]
            return column.rename(table.name)
        positions = table.index.get_indexer(self.before.index)
        if (positions < 0).any():
            raise ValueError("the change takes away rows that the table does not have")
        if self.before.index.equals(self.after.index):
            return self._modify(table, positions)
        kept = table.drop(self.before.index)
        if kept.index.intersection(self.after.index).size:
            raise ValueError("the change creates rows that the table already has")
        parts = [part for part in (kept, self.after) if len(part)] or [kept]
        return _typed(pd.concat(parts).sort_index(), table)

    def _modify(self, table: pd.DataFrame, positions: npt.NDArray[np.intp]) -> pd.DataFrame:
        changed = table.copy(deep=False)
        for name in table.columns:
            if not _differs(self.before[name], self.after[name]).any():
                continue
            values = table[name].array.copy()
            values[positions] = self.after[name].array
            # The dtype is said, since pandas would take objects that are all texts for a column of texts.
            changed[name] = pd.Series(values, index=table.index, dtype=table[name].dtype)
        return _typed(changed, table)

    def merge(self, later: Rows) -> Rows:
        """One step for this one followed by ``later``; rows that end as they began are left out."""
        mine, others = self.labels, later.labels
        before = _stack(self.before, later.before.loc[later.before.index.difference(mine)])
        after = _stack(later.after, self.after.loc[self.after.index.difference(others)])
        return Rows(before, after).trimmed()

    def trimmed(self) -> Rows:
        """The same step without the rows that it leaves as they are."""
        both = self.before.index.intersection(self.after.index)
        if both.empty:
            return self
        same = both[~_rows_differ(self.before.loc[both], self.after.loc[both])]
        return Rows(self.before.drop(same), self.after.drop(same)) if len(same) else self


@dataclass(frozen=True, eq=False)
class Swap:
    """A value before and after: a field, a layer or scheme as a whole (None = absent), an order of keys."""

    before: Any
    after: Any

    @property
    def inverse(self) -> Swap:
        """The step back."""
        return Swap(self.after, self.before)

    def apply(self, value: Any) -> Any:
        """The value after the step."""
        return self.after


Step = Rows | Swap


@dataclass(frozen=True, eq=False)
class ChangeSet:
    """One named change of a project; ``apply(project, change)`` makes the new project.

    ``code`` and ``params`` name it in the list of undo steps. ``steps`` has at most one step for an address,
    and none below a layer or scheme that is replaced as a whole.
    """

    code: str
    steps: Mapping[Address, Step] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.steps)

    @property
    def inverse(self) -> ChangeSet:
        """The change that restores exactly what was (only ``Layer.version`` goes on counting)."""
        return replace(self, steps={address: step.inverse for address, step in self.steps.items()})

    @property
    def touched(self) -> Mapping[Address, pd.Index[int] | None]:
        """Per address the labels of the rows concerned; None where the value as a whole is."""
        return {
            address: step.labels if isinstance(step, Rows) else None for address, step in self.steps.items()
        }

    def touches(self, part: str, name: str | None = None) -> bool:
        """Whether a part of the project changes, or that field of it (whole parts count)."""
        return any(
            address.part == part and (name is None or address.name in (name, WHOLE)) for address in self.steps
        )

    def merge(self, later: ChangeSet) -> ChangeSet:
        """One change for this one followed by ``later``, under this one's name. Associative."""
        steps: dict[Address, Step] = {}
        for part, key in dict.fromkeys((a.part, a.key) for a in (*self.steps, *later.steps)):
            steps.update(
                _merge_part(_part(self, part, key), _part(later, part, key), Address(part, key, WHOLE))
            )
        return replace(self, steps=steps)


def apply(project: Project, change: ChangeSet) -> Project:
    """The project after the change; what the change does not name is shared with the old one.

    Raises ValueError where the change was made for another project: rows or layers it names are missing.
    """
    layers = {layer.key: layer for layer in project.layers}
    schemes = {scheme.key: scheme for scheme in project.schemes}
    plans: dict[str, Any] = {"": project.programme}
    versions = {version.key: version for version in project.versions}
    things: dict[str, dict[str, Any]] = {
        "layer": layers, "scheme": schemes, "version": versions, "programme": plans,
    }  # fmt: skip
    for part, key in dict.fromkeys((a.part, a.key) for a in change.steps if a.part != "project"):
        thing = _apply_part(things[part].pop(key, None), _part(change, part, key))
        if thing is not None:
            things[part][key] = thing
    own: dict[str, Any] = {
        a.name: step.apply(None) for a, step in change.steps.items() if a.part == "project"
    }
    order = own.pop("layers", tuple(layer.key for layer in project.layers))
    own["layers"] = tuple(layers[key] for key in order)
    order = own.pop("schemes", tuple(scheme.key for scheme in project.schemes))
    own["schemes"] = tuple(schemes[key] for key in order)
    order = own.pop("versions", tuple(version.key for version in project.versions))
    own["versions"] = tuple(versions[key] for key in order)
    own["programme"] = plans[""]
    return replace(project, **own)


def difference(before: Project, after: Project, code: str, **params: Any) -> ChangeSet:
    """The change that leads from one project to the other.

    What both share is not looked at, so the cost is that of the tables that differ. A table whose columns,
    dtypes or coordinate system differ, or whose labels do not ascend, is replaced as a whole; otherwise only
    the rows that differ are kept.
    """
    steps: dict[Address, Step] = {}
    for item in fields(Project):
        old, new = getattr(before, item.name), getattr(after, item.name)
        if item.name == "programme":
            steps.update(_field_steps("programme", "", old, new))
            continue
        if item.name in ("layers", "schemes", "versions"):
            steps.update(_part_steps(item.name[:-1], old, new))
            old, new = tuple(x.key for x in old), tuple(x.key for x in new)
        if old is not new and old != new:
            steps[Address("project", "", item.name)] = Swap(old, new)
    return ChangeSet(code, steps, params)


def _part_steps(part: str, before: Iterable[Any], after: Iterable[Any]) -> dict[Address, Step]:
    old, new = {x.key: x for x in before}, {x.key: x for x in after}
    steps: dict[Address, Step] = {}
    for key in dict.fromkeys((*old, *new)):
        a, b = old.get(key), new.get(key)
        if a is b:
            continue
        if a is None or b is None:
            steps[Address(part, key, WHOLE)] = Swap(a, b)
        else:
            steps.update(_field_steps(part, key, a, b))
    return steps


def _field_steps(part: str, key: str, a: Any, b: Any) -> dict[Address, Step]:
    steps: dict[Address, Step] = {}
    for item in fields(a):
        if item.name in ("key", "version"):
            continue
        step = _step(getattr(a, item.name), getattr(b, item.name), item.name in _TABLES[part])
        if step is not None:
            steps[Address(part, key, item.name)] = step
    return steps


def _step(a: Any, b: Any, by_rows: bool) -> Step | None:
    if a is b:
        return None
    if by_rows and _comparable(a, b):
        if isinstance(a, pd.Series):
            a, b = a.to_frame(ASSIGNMENT_COLUMN), b.to_frame(ASSIGNMENT_COLUMN)
        both = a.index.intersection(b.index)
        changed = both[_rows_differ(a.loc[both], b.loc[both])]
        gone, come = a.index.difference(b.index), b.index.difference(a.index)
        if not (len(changed) or len(gone) or len(come)):
            return None
        return Rows(a.loc[changed.union(gone)], b.loc[changed.union(come)])
    if isinstance(a, pd.DataFrame | pd.Series):
        return None if type(a) is type(b) and _identical(a, b) else Swap(a, b)
    return None if a == b else Swap(a, b)


def _comparable(a: pd.DataFrame | pd.Series[Any], b: pd.DataFrame | pd.Series[Any]) -> bool:
    if isinstance(a, pd.Series) or isinstance(b, pd.Series):
        alike = a.dtype == b.dtype and a.name == b.name
    else:
        alike = a.columns.equals(b.columns) and bool((a.dtypes == b.dtypes).all())
        alike = alike and getattr(a, "crs", None) == getattr(b, "crs", None)
    ascending = a.index.is_monotonic_increasing and b.index.is_monotonic_increasing
    unique = a.index.is_unique and b.index.is_unique
    return bool(alike and ascending and unique and a.index.name == b.index.name)


def _part(change: ChangeSet, part: str, key: str) -> dict[str, Step]:
    return {a.name: step for a, step in change.steps.items() if (a.part, a.key) == (part, key)}


def _apply_part(thing: Any, steps: Mapping[str, Step]) -> Any:
    if WHOLE in steps:
        return steps[WHOLE].apply(thing)
    if thing is None:
        raise ValueError("the change is about a layer or scheme that the project does not have")
    new: dict[str, Any] = {name: step.apply(getattr(thing, name)) for name, step in steps.items()}
    if isinstance(thing, Layer) and "frame" in new:
        new["version"] = thing.version + 1
    return replace(thing, **new)


def _merge_part(first: dict[str, Step], later: dict[str, Step], whole: Address) -> dict[Address, Step]:
    if not first or not later:
        merged = first or later
    elif WHOLE in first:
        merged = {WHOLE: Swap(first[WHOLE].before, _apply_part(first[WHOLE].after, later))}
    elif WHOLE in later:
        back = {name: step.inverse for name, step in first.items()}
        merged = {WHOLE: Swap(_apply_part(later[WHOLE].before, back), later[WHOLE].after)}
    else:
        merged = {
            name: _merge_step(first.get(name), later.get(name)) for name in dict.fromkeys((*first, *later))
        }
    return {whole._replace(name=name): step for name, step in merged.items() if not _idle(step)}


def _merge_step(first: Step | None, later: Step | None) -> Step:
    if first is None or later is None:
        step = first or later
        assert step is not None
        return step
    if isinstance(first, Rows):
        if isinstance(later, Rows):
            return first.merge(later)
        return Swap(first.inverse.apply(later.before), later.after)
    return Swap(first.before, later.apply(first.after))


def _idle(step: Step) -> bool:
    if isinstance(step, Rows):
        return len(step.before) == 0 and len(step.after) == 0
    return step.before is step.after


def _stack(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    parts = [part for part in (a, b) if len(part)]
    return _typed(pd.concat(parts).sort_index(), a) if parts else a


def _typed(frame: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """The frame with type, dtypes and index name of ``like``, which joining empty parts may have lost."""
    frame.index.name = like.index.name
    if isinstance(like, gpd.GeoDataFrame) and not isinstance(frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=like.geometry.name, crs=like.crs)
    return frame


def _rows_differ(a: pd.DataFrame, b: pd.DataFrame) -> npt.NDArray[np.bool_]:
    differ = np.zeros(len(a), dtype=bool)
    for name in a.columns:
        differ |= _differs(a[name], b[name])
    return differ


def _differs(a: pd.Series[Any], b: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Which values differ; NaN equals NaN, None equals None, but NaN is not None."""
    if a.dtype == "geometry":
        old, new = np.asarray(a.array), np.asarray(b.array)
        none = shapely.is_missing(old) & shapely.is_missing(new)
        return np.asarray(~(shapely.equals_identical(old, new) | none), dtype=bool)
    if a.dtype.kind in "biuf" and isinstance(a.dtype, np.dtype):
        x, y = a.to_numpy(), b.to_numpy()
        return np.asarray((x != y) & ~((x != x) & (y != y)), dtype=bool)
    return np.asarray(_unlike(a.to_numpy(dtype=object), b.to_numpy(dtype=object)), dtype=bool)


def _unlike_objects(x: Any, y: Any) -> bool:
    if x is y:
        return False
    if isinstance(x, float) and isinstance(y, float) and x != x and y != y:
        return False
    return type(x) is not type(y) or bool(x != y)


_unlike = np.frompyfunc(_unlike_objects, 2, 1)


def _identical(a: Any, b: Any) -> bool:
    return bool(a.equals(b))

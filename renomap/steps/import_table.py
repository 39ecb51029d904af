"""A spreadsheet of works, funds, steps or problems taken into the programme of a project."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback, Silent
from renomap.model.note import Note, Severity
from renomap.model.programme import frame_of, text_of, with_rows
from renomap.model.programme_columns import TABLES, Origin, Stage, SurveyKind
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.programme import files
from renomap.programme.lists import moved
from renomap.sources.joining import fold_name, match
from renomap.sources.options import ImportOptions
from renomap.sources.programme_tables import FoundRows, read_file
from renomap.sources.programme_words import Names
from renomap.steps.plan import active_preset
from renomap.steps.projects import (
    households_of,
    members_of,
    project_of_area,
    project_of_neighbourhood,
    running,
)

#: Tables with one row for each neighbourhood: what is told replaces what was.
_ONE_EACH: Final = ("units", "upkeep")
#: What every row of these tables is, where the table does not say.
_DEFAULTS: Final[Mapping[str, Mapping[str, str]]] = {
    "works": {"origin": Origin.IMPORTED},
    "surveys": {"kind": SurveyKind.CONSENT},
}
_REASON: Final = "导入"


@dataclass(frozen=True)
class TakenRows:
    """The project with the rows, how many came new and how many changed one, and what is to be said."""

    project: Project
    added: int
    changed: int
    notes: tuple[Note, ...]


def import_table(
    project: Project,
    path: Path,
    sheet: str,
    table: str,
    said: ImportOptions | None = None,
    *,
    by: str,
    feedback: Feedback | None = None,
) -> TakenRows:
    """Take the rows of a spreadsheet into a table of the programme.

    Neighbourhoods are found by code, then by name, as those of an inventory are; an area that has no project
    yet gets one. A row that is there already is not taken twice.

    Parameters
    ----------
    sheet : str
        '' reads every sheet with a header that is recognised.
    table : str
        One of ``model.programme_columns.TABLES``.
    by : str
        Who moves units from one list to another; kept in the history.

    Raises
    ------
    RenomapError
        Those of ``sources.programme_tables.read_file``; ``steps.programme-no-survey`` without neighbourhoods.
    """
    if project.neighbourhoods is None:
        raise RenomapError("steps.programme-no-survey")
    found = read_file(path, sheet, table, names_of(project), said or ImportOptions(), feedback or Silent())
    added = changed = 0
    notes: list[Note] = []
    for rows in found:
        taken = take(project, rows, table, by=by)
        project, added, changed = taken.project, added + taken.added, changed + taken.changed
        notes += [*rows.notes, *taken.notes]
    params = {"table": f"programme.{table}", "count": added, "changed": changed}
    return TakenRows(project, added, changed, (*notes, Note("steps.programme-taken", params, Severity.INFO)))


def names_of(project: Project) -> dict[str, Names]:
    """The keys of the city's rules with their names, by the column that holds them."""
    return _names(project.programme.rules or active_preset(project).programme)


@cache
def _names(key: str) -> dict[str, Names]:
    rules = files.load(key)
    steps = {one.key: (one.zh, one.en) for one in rules.gates}
    steps |= {one.key: (one.zh, one.en) for one in rules.procedures}
    return {
        "item": {item.key: (item.zh, item.en) for item in rules.items},
        "source": {item.key: (item.zh, item.en) for item in rules.sources},
        "gate": steps,
    }


def take(project: Project, found: FoundRows, table: str, *, by: str) -> TakenRows:
    """Take rows that were read, from a file or a clipboard; see ``import_table``."""
    placed = _Placed(project)
    fids, suggestions = placed.neighbourhoods(found.ties)
    rows: list[dict[str, Any]] = []
    notes: list[Note] = []
    for nth, values in enumerate(found.rows):
        tie = found.ties.iloc[nth]
        if table == "projects":  # its own code and name tell which one it is
            tie = tie.copy()
            tie["project_code"], tie["project"] = values.get("code"), values.get("name")
        where = placed.of_row(tie, fids[nth], table)
        if where is None:
            notes.append(_unplaced(found.places[nth], tie, suggestions.get(nth, ()), placed))
            continue
        rows.append({**_DEFAULTS.get(table, {}), **values, **where})
    done = _entered(placed.project, table, rows, by)
    same = len(rows) - done.added - done.changed
    if same:
        notes.append(Note("steps.programme-same", {"count": same}, Severity.INFO))
    return replace(done, notes=tuple(notes))


def building_named(project: Project, fid: int, name: str) -> int:
    """The building of that name within a neighbourhood; 0 where there is none, or more than one."""
    return _Placed(project).building(fid, name) if fid else 0


class _Placed:
    """Finds what rows hang on; makes the projects of areas that have none."""

    def __init__(self, project: Project) -> None:
        assert project.neighbourhoods is not None
        self.project = project
        self.units = project.neighbourhoods.frame
        buildings = project.layers_of(Role.BUILDINGS)
        self.buildings = buildings[0].frame if buildings else None

    def neighbourhoods(self, ties: pd.DataFrame) -> tuple[list[int], dict[int, tuple[int, ...]]]:
        """The fid of every row (0 = none is named, -1 = it is not found), and likely ones for the latter."""
        names = ["code", "name", "street", "community"]
        asked = ties.rename(columns={"neighbourhood": "name"})[names]
        distinct = asked[asked["name"].notna() | asked["code"].notna()].drop_duplicates()
        units = self.units[[*names, self.units.geometry.name]]
        by_key: dict[tuple[Any, ...], int] = {}
        suggested: dict[tuple[Any, ...], tuple[int, ...]] = {}
        left = distinct
        while len(left):  # two ways to write one name pair in two rounds
            pairs = match(units, left)
            by_key |= {tuple(left.loc[label]): int(fid) for label, fid in pairs.by_row.items()}
            suggested = {tuple(left.loc[label]): fids for label, fids in pairs.suggestions.items()}
            suggested |= {tuple(left.loc[label]): fids for label, fids in pairs.ambiguous.items()}
            left = left.drop(list(pairs.by_row))
            if not pairs.by_row:
                break
        keys = [tuple(row) for row in asked.itertuples(index=False)]
        named = [any(isinstance(part, str) for part in key[:2]) for key in keys]
        fids = [by_key.get(key, -1) if told else 0 for key, told in zip(keys, named, strict=True)]
        return fids, {n: suggested[key] for n, key in enumerate(keys) if key in suggested and fids[n] < 0}

    def of_row(self, tie: pd.Series[Any], fid: int, table: str) -> dict[str, int] | None:
        """The ids that a row hangs on; None where what it names is not there, or it names nothing."""
        columns = TABLES[table]
        if fid < 0:
            return None
        if table == "projects":
            number = self._project(tie) or (self._of_neighbourhood(fid) if fid else 0)
            return {"id": number} if number else None
        if fid:
            building = 0
            if tie["building"] is not None and "building" in columns:
                building = self.building(fid, str(tie["building"]))
                if not building:
                    return None
            return {"fid": fid, "building": building} if "building" in columns else {"fid": fid}
        number = self._project(tie) if "project" in columns else 0
        return {"project": number} if number else None

    def building(self, fid: int, name: str) -> int:
        """The building of that name within a neighbourhood; 0 where there is none, or more than one."""
        if self.buildings is None:
            return 0
        near = self.buildings.sindex.query(self.units.geometry.loc[fid], predicate="intersects")
        here = self.buildings.iloc[np.sort(near)]
        middles = shapely.point_on_surface(np.asarray(here.geometry.array, dtype=object))
        here = here[shapely.within(middles, self.units.geometry.loc[fid])]
        wanted = _bare(name)
        found = [
            int(str(label))
            for label, each in here["name"].items()
            if each is not None and _bare(each) == wanted
        ]
        return found[0] if len(found) == 1 else 0

    def _project(self, tie: pd.Series[Any]) -> int:
        """The project by its code or name, or by that of its area; 0 where there is none."""
        rows = running(self.project)
        for column, text in (("code", tie["project_code"]), ("name", tie["project"])):
            key = fold_name(text)
            found = [int(str(n)) for n, each in rows[column].items() if key and fold_name(each) == key]
            if len(found) == 1:
                return found[0]
        for text in (tie["area"], tie["project"]):
            area = self._area(text)
            if area:
                self.project, number = project_of_area(self.project, area)
                return number
        return 0

    def _area(self, text: str | None) -> int:
        scheme = self.project.scheme
        key = fold_name(text)
        if scheme is None or not key:
            return 0
        named = [int(str(area)) for area, name in scheme.areas["name"].items() if fold_name(name) == key]
        number = key.removeprefix("片区").removesuffix("片区").removesuffix("号")
        if not named and number.isdecimal() and int(number) in scheme.areas.index:
            return int(number)
        return named[0] if len(named) == 1 else 0

    def _of_neighbourhood(self, fid: int) -> int:
        self.project, number = project_of_neighbourhood(self.project, fid)
        return number


def _unplaced(place: int, tie: pd.Series[Any], likely: Sequence[int], placed: _Placed) -> Note:
    parts = (tie[name] for name in ("neighbourhood", "code", "building", "area", "project"))
    name = " ".join(part for part in parts if isinstance(part, str))
    if not name:
        return Note("steps.programme-no-project", {"row": place}, Severity.WARNING)
    params: dict[str, Any] = {"row": place, "name": name, "suggestions": ""}
    if likely:
        names = [str(placed.units.at[fid, "name"]) for fid in likely]
        params |= {"suggestions": "steps.programme-suggested", "names": names}
    return Note("steps.programme-unmatched", params, Severity.WARNING, fids=tuple(likely))


def _entered(project: Project, table: str, rows: Sequence[dict[str, Any]], by: str) -> TakenRows:
    """The rows as they stand in the table afterwards."""
    if table == "history":
        return _replayed(project, rows, by)
    if table == "units":
        project, rows = _listed(project, rows, by)
    if table == "projects" or table in _ONE_EACH:
        return _merged(project, table, rows)
    if table == "events":
        rows = [_stamped(project, row, by) for row in rows]
    frame = project.programme.table(table)
    there = Counter(_keys(frame))
    new = []
    for row, key in zip(rows, _keys(frame_of(table, rows)), strict=True):
        if there[key]:
            there[key] -= 1
        else:
            new.append(row)
    frame = with_rows(table, frame, new)
    return TakenRows(replace(project, programme=project.programme.with_table(table, frame)), len(new), 0, ())


def _keys(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows as values that compare equal where they say the same, whoever made them."""
    rows = frame.drop(columns=[name for name in ("origin", "by", "at") if name in frame])
    return [tuple(None if pd.isna(v) else v for v in row) for row in rows.itertuples(index=False)]


def _merged(project: Project, table: str, rows: Sequence[dict[str, Any]]) -> TakenRows:
    frame = project.programme.table(table).copy()
    places = {int(fid): label for label, fid in frame["fid"].items()} if table in _ONE_EACH else {}
    new: dict[int, dict[str, Any]] = {}
    changed = 0
    for row in rows:
        values = {name: value for name, value in row.items() if name not in ("id", "fid")}
        label = row["id"] if table == "projects" else places.get(row["fid"])
        if label is None:
            new[row["fid"]] = new.get(row["fid"], {}) | row
            continue
        told = frame_of(table, [values]).iloc[0]
        differs = [name for name in values if not _same(frame.at[label, name], told[name])]
        for name in differs:
            frame.at[label, name] = told[name]
        changed += bool(differs)
    frame = with_rows(table, frame, new.values())
    return TakenRows(
        replace(project, programme=project.programme.with_table(table, frame)), len(new), changed, ()
    )


def _replayed(project: Project, rows: Sequence[dict[str, Any]], by: str) -> TakenRows:
    """Moves that were made elsewhere, made again in the order of their dates; rows without a stage are
    nothing, and a move that the history has already is not made twice.
    """
    programme = project.programme
    units, history, today = programme.units, programme.history, dt.date.today().isoformat()
    there = set(zip(history["fid"], history["at"], history["to_stage"], strict=True))
    told = [row for row in rows if row.get("to_stage")]
    for row in sorted(told, key=lambda each: str(each.get("at") or today)):
        at, stage = str(row.get("at") or today), Stage(row["to_stage"])
        if (row["fid"], at, stage.value) in there:
            continue
        year, who = float(row.get("to_year", np.nan)), str(row.get("by") or by)
        reason = row.get("reason") or _REASON
        units, history = moved(units, history, [row["fid"]], stage, year, by=who, at=at, reason=reason)
    added = len(history) - len(programme.history)
    programme = programme.with_table("units", units).with_table("history", history)
    return TakenRows(replace(project, programme=programme), added, 0, ())


def _listed(
    project: Project, rows: Sequence[dict[str, Any]], by: str
) -> tuple[Project, list[dict[str, Any]]]:
    """Stages and years go the way of every move, so that the history has them; the rest is left to merge."""
    programme = project.programme
    units, history, at = programme.units, programme.history, dt.date.today().isoformat()
    known = units.drop_duplicates("fid", keep="last").set_index("fid")
    for row in rows:
        if "stage" not in row and "year" not in row:
            continue
        was = known.loc[row["fid"]] if row["fid"] in known.index else None
        stage = row.get("stage") or (Stage.SURVEY if was is None or was["stage"] is None else was["stage"])
        year = float(row.get("year", np.nan if was is None else was["year"]))
        units, history = moved(units, history, [row["fid"]], Stage(stage), year, by=by, at=at, reason=_REASON)
    programme = programme.with_table("units", units).with_table("history", history)
    return replace(project, programme=programme), list(rows)


def _stamped(project: Project, row: dict[str, Any], by: str) -> dict[str, Any]:
    """A step with the members and households it was taken for, as they are now.

    Before there are areas nobody knows for whom a project's steps were taken: they are not stamped.
    """
    number = int(row.get("project", 0))
    if number and project.scheme is None:
        return {"by": by, "at": dt.date.today().isoformat(), **row}
    members = members_of(project, number) if number else (int(row["fid"]),)
    entered = {"by": by, "at": dt.date.today().isoformat()}
    return {**entered, **row, "members": text_of(members), "households": households_of(project, members)}


def _bare(name: object) -> str:
    folded = fold_name(name)
    return folded.removesuffix("号楼").removesuffix("栋").removesuffix("幢").removesuffix("楼") or folded


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) or bool(pd.isna(one) and pd.isna(other))

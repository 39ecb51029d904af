"""From paths to layers: the one door of the room."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from renomap.errors import Cancelled, RenomapError
from renomap.model.feedback import Feedback, Part, Silent
from renomap.model.fields import COLUMNS, PLACED
from renomap.model.layer import Layer
from renomap.model.note import LEAVE_OUT, Guess, GuessKind, Note, Question, Severity
from renomap.model.repair import identical, repair
from renomap.model.roles import Role
from renomap.sources import cad, osm
from renomap.sources import crs as systems
from renomap.sources.addresses import (
    ColumnOptions,
    columns_of,
    file_names,
    layer_names,
    left_out,
    option_of,
    require_named,
    source_of,
)
from renomap.sources.canonical import beside, canonical
from renomap.sources.completion import complete
from renomap.sources.containers import DataSet, DataSetKind, find, table_file
from renomap.sources.discs import disc_shapes, discs
from renomap.sources.encoding import known_encoding
from renomap.sources.inventory import listed
from renomap.sources.options import AUTO, ImportOptions
from renomap.sources.outlines import drawn
from renomap.sources.parts import parted, parts_note
from renomap.sources.placing import Plane, on_one_plane
from renomap.sources.roles import Cast, cast, left_out_notes, role_note
from renomap.sources.shapeless import shapeless, shapeless_notes, waiting_together
from renomap.sources.sheets import SourceSheet, read_tables
from renomap.sources.synonyms import PSEUDO, check_canonical
from renomap.sources.vector import RawLayer, read_data_set, split_by_dimension

_TABLES = (DataSetKind.WORKBOOK, DataSetKind.TABLE)
#: The 3-degree zone of Changsha and Guangzhou, where nothing says where a list lies.
_USUAL_ZONE = "EPSG:4547"
#: Roles whose rows are added up somewhere, so that the same row twice would count double.
_COUNTED = (Role.NEIGHBOURHOODS, Role.BUILDINGS, Role.FACILITIES, Role.SITES)


@dataclass(frozen=True)
class Reading:
    """What an import found.

    Parameters
    ----------
    layers : tuple of Layer
        In the order of the sources; at most one has role NEIGHBOURHOODS. All in ``crs``, shapes valid and
        two-dimensional; ``fid`` is the row's place in its source, from 1, so that rows left out leave gaps.
    crs : str
        Project system, ``EPSG:n``, metres; '' where there is no layer.
    notes : tuple of Note
        What was guessed, repaired and missed, in the order it happened.
    unplaced : DataFrame
        Rows of the inventory without a neighbourhood (see ``inventory.Joined``), and neighbourhoods of the
        map without a shape; empty without one.
    sheets : tuple of SourceSheet
        Tables that could not be joined here, because no neighbourhoods came with them; ``update.update``
        joins them to those of the project.
    """

    layers: tuple[Layer, ...]
    crs: str
    notes: tuple[Note, ...]
    unplaced: pd.DataFrame = field(default_factory=pd.DataFrame)
    sheets: tuple[SourceSheet, ...] = ()


def read(
    paths: Sequence[Path], options: ImportOptions | None = None, feedback: Feedback | None = None
) -> Reading:
    """Read everything behind the paths into layers with canonical columns.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders and archives, in any mixture; workbooks among them are inventories.
    options : ImportOptions, optional
        What the user says; see there.
    feedback : Feedback, optional
        Progress and cancellation.

    Returns
    -------
    Reading

    Raises
    ------
    RenomapError
        One of the ``sources.*`` codes, with what is wrong and what to do. Files in a folder or archive that
        cannot be read are left out with a note as long as another can.
    """
    options = options or ImportOptions()
    feedback = feedback or Silent()
    _check(options)
    with tempfile.TemporaryDirectory(prefix="renomap-", ignore_cleanup_errors=True) as work:
        feedback.progress(0.0, "sources.progress-files")
        data_sets = find([Path(path) for path in paths], Path(work), feedback)
        raws, sheets, notes = _contents(data_sets, options, feedback)
        sheets += _inventory(options, feedback)
        _check_targets(raws, sheets, options)
        if not raws and not options.joins_project:
            raws, sheets = _outlined(sheets)
        if not raws:
            return _list_only(sheets, notes, options)
        raws = [parted(raw, options) for raw in raws]
        casts = cast(raws, options.roles, eliminate=not options.joins_project)
        notes += left_out_notes(raws, casts)
        _check_casts(casts, sheets, options)
        feedback.progress(0.4, "sources.progress-places")
        plane = on_one_plane(casts, options, feedback)
    notes += [note for item in casts for note in (*item.layer.notes, *((item.note,) if item.note else ()))]
    notes += plane.notes
    layers, more, rest = _layers(casts, plane, options, feedback)
    feedback.progress(0.9, "sources.progress-inventory")
    whole, last, unplaced = complete(layers, sheets, options)
    unplaced = waiting_together(unplaced, rest)
    feedback.progress(1.0, "sources.progress-done")
    joined = any(layer.role is Role.NEIGHBOURHOODS for layer in whole)
    return Reading(whole, plane.target, (*notes, *more, *last), unplaced, () if joined else tuple(sheets))


def _outlined(sheets: Sequence[SourceSheet]) -> tuple[list[RawLayer], list[SourceSheet]]:
    """Tables without a map: those that tell their outlines as text are the map."""
    raws: list[RawLayer] = []
    rest: list[SourceSheet] = []
    for sheet in sheets:
        found = drawn(sheet)
        if found is None:
            rest.append(sheet)
            continue
        raws.append(found[0])
        if len(found[1].rows):
            rest.append(found[1])
    return raws, rest


def _list_only(sheets: list[SourceSheet], notes: list[Note], options: ImportOptions) -> Reading:
    """Tables without a map: joined to the map of a project, or a list whose rows stand as discs where a
    position is known and wait for a boundary where none is."""
    rows, told = listed(sheets, options)
    if not len(rows):
        raise RenomapError("sources.table-empty", name=sheets[0].file if sheets else "")
    name = sheets[0].file
    if options.joins_project:
        notes += [*told, Note("sources.list-only", {"name": name, "count": len(rows)})]
        return Reading((), "", tuple(notes), rows, tuple(sheets))
    here = np.isfinite(rows["lon"].to_numpy(dtype=float)) & np.isfinite(rows["lat"].to_numpy(dtype=float))
    target, asked = _list_system(rows[here], sheets[0], options)
    rest = rows[~here].reset_index(drop=True)
    layers: tuple[Layer, ...] = ()
    notes += [*told, asked]
    if here.any():
        layers = (discs(rows[here], target, sheets[0].data_set.stem, name),)
        params = {"name": name, "count": int(here.sum())}
        notes.append(Note("sources.discs", params, Severity.WARNING, layers[0].title))
    if len(rest):
        notes.append(Note("sources.waiting", {"name": name, "count": len(rest)}, Severity.WARNING))
    return Reading(layers, target, tuple(notes), rest)


def _list_system(placed: pd.DataFrame, sheet: SourceSheet, options: ImportOptions) -> tuple[str, Note]:
    """The project system of a list: the zone of its positions or of the place the user names, else a usual
    one that gives way to the first map that comes."""
    source = source_of(sheet.data_set)
    wanted, _ = systems.user_crs(option_of(options.crs_of, file_names(sheet.data_set), options.crs))
    if len(placed):
        lonlat = (float(placed["lon"].median()), float(placed["lat"].median()))
        guess = Guess(GuessKind.CRS, source, "", "", "EPSG:4326", ("EPSG:4326", "gcj02", "bd09"), open=True)
        params = {"layer": sheet.file, "overrule": guess.hint("gcj02|bd09")}
        note = Note(
            "sources.shift-assumed-none", params, Severity.GUESS, sheet.file, confidence=0.6, guesses=(guess,)
        )
        return systems.zone_crs(*lonlat), note
    target = systems.zone_crs(*options.near) if options.near else _USUAL_ZONE
    if wanted is not None and wanted.is_projected:
        target = systems.name_of(wanted)
    zones = tuple(f"EPSG:{code}" for code in systems.PLAIN_ZONES)
    guess = Guess(GuessKind.CRS, source, "", "", target, (target, *zones), open=True)
    params = {"name": sheet.file, "crs": target, "overrule": "--near LON,LAT"}
    said = options.near is not None or wanted is not None
    return target, Note(
        "sources.list-system",
        params,
        Severity.INFO if said else Severity.GUESS,
        confidence=1.0 if said else 0.2,
        guesses=(guess,),
    )


def _check(options: ImportOptions) -> None:
    """Faults of the options themselves, before anything is read."""
    for system in (options.crs, *options.crs_of.values()):
        systems.user_crs(system)
    for encoding in (options.encoding, *options.encoding_of.values()):
        if encoding != AUTO:
            known_encoding(encoding)
    for name in options.fields.values():
        check_canonical(name, Role)
    if options.near is not None and not (abs(options.near[0]) <= 180 and abs(options.near[1]) <= 90):
        raise RenomapError("sources.near-bad", near=f"{options.near[0]:g},{options.near[1]:g}")


def _contents(
    data_sets: Sequence[DataSet], options: ImportOptions, feedback: Feedback
) -> tuple[list[RawLayer], list[SourceSheet], list[Note]]:
    raws: list[RawLayer] = []
    sheets: list[SourceSheet] = []
    notes: list[Note] = []
    failed: list[RenomapError] = []
    for number, data_set in enumerate(data_sets):
        start, each = 0.05 + 0.3 * number / len(data_sets), 0.3 / len(data_sets)
        share = Part(feedback, start, start + each)
        share.progress(0.0, "sources.progress-reading")
        alone = data_set.given.is_file() and data_set.given.name == data_set.name
        try:
            if data_set.kind in _TABLES:
                sheets += read_tables(data_set, options, share)
            else:
                found, lost = _prepared(read_data_set(data_set, options, share), options)
                raws += found
                notes += lost
        except Cancelled:
            raise
        except RenomapError as error:
            if alone:
                raise
            failed.append(error)
            notes.append(
                Note(
                    "sources.file-left-out",
                    {"name": data_set.name, "reason": error.code, **error.params},
                    Severity.WARNING,
                )
            )
    if failed and not raws and not sheets:
        raise failed[0]
    return raws, sheets, notes


def _prepared(layers: list[RawLayer], options: ImportOptions) -> tuple[list[RawLayer], list[Note]]:
    """Drawings get polygons, OpenStreetMap's mixtures are taken apart, mixed layers are one layer per
    dimension; what is said of layers without a shape is kept."""
    out: list[RawLayer] = []
    lost: list[Note] = []
    for layer in layers:
        parts = [layer]
        if layer.data_set.kind is DataSetKind.CAD:
            parts = cad.drawn(layer, options.roles)
        elif layer.data_set.kind is DataSetKind.OSM:
            parts = osm.taken_apart(layer)
        for part in (each for whole in parts for each in split_by_dimension(whole)):
            if part.dimension >= 0:
                out.append(part)
            else:
                without = Note("sources.no-shapes-note", {"name": part.title}, Severity.WARNING, part.title)
                lost += [*part.notes, without]
    if not out and layers:
        raise RenomapError("sources.no-shapes", name=layers[0].data_set.name)
    return out, lost


def _inventory(options: ImportOptions, feedback: Feedback) -> list[SourceSheet]:
    if options.inventory is None:
        return []
    return read_tables(table_file(Path(options.inventory)), options, Part(feedback, 0.35, 0.4))


def _check_targets(raws: Sequence[RawLayer], sheets: Sequence[SourceSheet], options: ImportOptions) -> None:
    """Refuse options about a file, layer or sheet that the import does not have."""
    files = dict.fromkeys([*(raw.data_set for raw in raws), *(sheet.data_set for sheet in sheets)])
    by_file = {name for data_set in files for name in file_names(data_set)}
    layers = {name for raw in raws for name in layer_names(raw.data_set, raw.title)}
    tables = {name for sheet in sheets for name in layer_names(sheet.data_set, sheet.name)}
    shown = [data_set.name for data_set in files]
    titles = [*shown, *(raw.title for raw in raws)]
    require_named(options.crs_of, by_file | layers, "--crs", titles)
    require_named(options.controls, by_file | layers, "--control", titles)
    require_named(options.encoding_of, by_file, "--encoding", shown)
    names = [f"{sheet.file}:{sheet.name}" for sheet in sheets]
    kept = {key: value for key, value in options.rows.items() if not left_out(value)}
    require_named(kept, tables | layers, "--rows", [*names, *(raw.title for raw in raws)])
    require_named(options.headers, tables, "--header", names)
    require_named(options.joins, by_file, "--join", shown)


def _check_casts(casts: Sequence[Cast], sheets: Sequence[SourceSheet], options: ImportOptions) -> None:
    """What can only be judged once the layers are known: points alone, columns that no layer has."""
    if not casts:
        raise RenomapError("sources.all-left-out")
    for item in casts:
        fitting = (0, 2) if item.role is Role.NEIGHBOURHOODS and not options.joins_project else (2,)
        if item.role in (Role.NEIGHBOURHOODS, Role.AREAS) and item.layer.dimension not in fitting:
            raise RenomapError(
                "sources.needs-polygons", layer=item.layer.title, role=f"role.{item.role.value}"
            )
    if options.joins_project or any(
        item.layer.dimension or item.role is Role.NEIGHBOURHOODS for item in casts
    ):
        _check_columns(casts, sheets, options)
        return
    first = casts[0].layer
    roles = (Role.NEIGHBOURHOODS.value, Role.FACILITIES.value, LEAVE_OUT)
    guess = Guess(GuessKind.ROLE, source_of(first.data_set), first.title, "", "", roles)
    titles = ", ".join(item.layer.title for item in casts)
    raise Question("sources.only-points", guess, layers=titles, overrule=guess.hint(roles[0]))


def _check_columns(casts: Sequence[Cast], sheets: Sequence[SourceSheet], options: ImportOptions) -> None:
    """Refuse options about a column that nothing has, and meanings that its layer does not know."""
    roles: dict[str, set[Role]] = {}
    columns: dict[str, None] = {}
    for owner, title, table, role in _tables(casts, sheets):
        for column in map(str, table.columns):
            columns[column] = None
            for name in (column, *(f"{each}.{column}" for each in layer_names(owner, title))):
                roles.setdefault(name, set()).add(role)
    for said in (options.fields, options.units):
        for key in said:
            if key not in roles:
                raise RenomapError("sources.unknown-field", field=key, known=", ".join(columns)[:400])
    for key, name in options.fields.items():
        check_canonical(name, roles[key])


def _tables(
    casts: Sequence[Cast], sheets: Sequence[SourceSheet]
) -> Iterator[tuple[DataSet, str, pd.DataFrame, Role]]:
    for item in casts:
        yield item.layer.data_set, item.layer.title, item.layer.fields, item.role
    for sheet in sheets:
        yield sheet.data_set, sheet.name, sheet.rows, Role.NEIGHBOURHOODS


def _said(item: Cast, options: ImportOptions) -> ColumnOptions:
    """What the user says of a layer's columns; a bare column name may be meant for another role."""
    said = columns_of(options, item.layer.data_set, item.layer.title, map(str, item.layer.fields.columns))
    known = {*COLUMNS[item.role], *PSEUDO, LEAVE_OUT}
    fields = {column: name for column, name in said.fields.items() if name in known}
    return replace(said, fields=fields)


def _layers(
    casts: Sequence[Cast], plane: Plane, options: ImportOptions, feedback: Feedback
) -> tuple[list[Layer], list[Note], pd.DataFrame]:
    """The layers, what is said of them, and the neighbourhoods that have no shape."""
    layers: list[Layer] = []
    notes: list[Note] = []
    rest = pd.DataFrame()
    titles: set[str] = set()
    for number, (item, place) in enumerate(zip(casts, plane.places, strict=True)):
        feedback.progress(0.5 + 0.4 * number / len(casts), "sources.progress-layers")
        feedback.check()
        if place is None:
            continue
        layer, its, waiting = _layer(
            item, systems.bring(item.layer.shapes, place, plane.target), plane.target, options
        )
        notes += its
        if layer is None:
            continue
        rest = waiting if len(waiting) else rest
        title = _free(layer.title, titles)
        layers.append(replace(layer, title=title, key=_key(layer.role, layers)))
    if not layers:
        raise RenomapError("sources.no-shapes", name=casts[0].layer.data_set.name)
    return layers, notes, rest


def _layer(
    item: Cast, shapes: np.ndarray, target: str, options: ImportOptions
) -> tuple[Layer | None, list[Note], pd.DataFrame]:
    raw = item.layer
    fids = np.arange(1, len(shapes) + 1, dtype=np.int64)
    mended = repair(shapes, fids, raw.title, raw.dimension)
    fids, fields = fids[mended.keep], raw.fields.iloc[mended.keep].reset_index(drop=True)
    notes = list(mended.notes)
    again = identical(mended.shapes, fields) if item.role in _COUNTED else np.zeros(len(fids), dtype=bool)
    if again.any():
        named = tuple(int(fid) for fid in fids[again][:50])
        notes.append(
            Note(
                "sources.repeated", {"count": int(again.sum())}, Severity.WARNING, layer=raw.title, fids=named
            )
        )
        fields = fields.loc[~again].reset_index(drop=True)
    fids, shapes = fids[~again], mended.shapes[~again]
    if not len(fids):
        return None, notes, pd.DataFrame()
    if item.role is Role.NEIGHBOURHOODS:
        notes += parts_note(raw)
    said, rest = _said(item, options), pd.DataFrame()
    parsed = canonical(fields, fids, item.role, said, raw.title)
    lost = np.setdiff1d(np.arange(len(raw.shapes)), mended.keep)
    if item.role is Role.NEIGHBOURHOODS and len(lost):
        rest = shapeless(raw, lost, parsed.used, said)
        notes = shapeless_notes(notes, raw, len(lost), rest)
    notes += parsed.notes
    others = beside(fields, parsed, item.role).set_axis(parsed.frame.index)
    columns = parsed.frame
    if item.role is Role.NEIGHBOURHOODS and raw.dimension == 0:
        shapes = disc_shapes(columns, shapely.centroid(shapes))
        columns = columns.assign(origin=PLACED)
        params = {"name": raw.title, "count": len(fids)}
        notes.append(Note("sources.discs", params, Severity.WARNING, raw.title))
    frame = gpd.GeoDataFrame(pd.concat([columns, others], axis=1), geometry=shapes, crs=target)
    layer = Layer("", raw.title, item.role, frame, source=raw.data_set.name, readings=parsed.readings)
    if item.role is Role.FACILITIES and not item.by_user and frame["facility"].isna().all():
        # Places none of which is a facility of a standard are a backdrop.
        taken = [name for name in COLUMNS[Role.FACILITIES] if name not in COLUMNS[Role.REFERENCE]]
        layer = replace(layer, role=Role.REFERENCE, frame=frame.drop(columns=taken))
        notes.append(role_note("sources.no-facilities", raw, Role.REFERENCE, 0.8))
    return layer, notes, rest


def _free(title: str, taken: set[str]) -> str:
    name, number = title, 1
    while name in taken:
        number += 1
        name = f"{title}_{number}"
    taken.add(name)
    return name


def _key(role: Role, layers: Sequence[Layer]) -> str:
    """``roads``, ``roads_2``...; the table ``areas`` of a project file is another thing."""
    base = "areas_imported" if role is Role.AREAS else role.value
    number = sum(layer.role is role for layer in layers) + 1
    return base if number == 1 else f"{base}_{number}"

"""Data: what the layers hold and what the import made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from renomap.cartography.underlays import layer_of
from renomap.cartography.warping import decoded
from renomap.desktop.desk import Desk
from renomap.desktop.panels.pasting import Block
from renomap.desktop.panels.table_columns import NEIGHBOURHOODS
from renomap.desktop.verbs import file, view
from renomap.desktop.verbs.file import SOURCES
from renomap.editing import areas
from renomap.editing.missing import lock_layer, remove_neighbourhood
from renomap.errors import RenomapError
from renomap.model import underlay as underlays
from renomap.model.change import ChangeSet
from renomap.model.underlay import Underlay
from renomap.sources.rasters import PICTURES, TILES, RasterPicture
from renomap.steps.completeness import Pasted
from renomap.steps.edit_value import Edited, edit_value, edit_values


def import_data(desk: Desk) -> None:
    """Ask for files and bring them into the open project."""
    say, settings = desk.session.speech, desk.session.settings
    kinds = f"{say('window.files.sources')} ({SOURCES});;{say('window.files.all')} (*)"
    title = say("window.action.import-data")
    names, _ = QFileDialog.getOpenFileNames(desk.window, title, settings.folder, kinds)
    if names:
        settings.folder = str(Path(names[0]).parent)
        file.import_paths(desk, [Path(name) for name in names], joins=True)


def add_underlay(desk: Desk) -> None:
    """Ask for pictures and lay them under the map; an undo step for each."""
    say, settings = desk.session.speech, desk.session.settings
    kinds = " ".join(f"*{ending}" for ending in (*TILES, *PICTURES))
    names, _ = QFileDialog.getOpenFileNames(
        desk.window,
        say("window.action.add-underlay"),
        settings.folder,
        f"{say('window.underlay.kinds')} ({kinds});;{say('window.files.all')} (*)",
    )
    lay_under(desk, [Path(name) for name in names])


def lay_under(desk: Desk, paths: Sequence[Path]) -> None:
    """Lay pictures under the map, or say of one why it cannot be."""
    for path in paths:
        desk.change(partial(_laid, desk, Underlay(str(path.resolve()), path.name)))


def _laid(desk: Desk, picture: Underlay) -> ChangeSet:
    layer = layer_of(picture, desk.project.crs)
    if isinstance(layer.raster, RasterPicture):
        decoded(layer.raster.path, layer.stamp)  # said now, not when the map is drawn
    return underlays.add_underlay(desk.project, picture)


def add_tiles(desk: Desk) -> None:
    """Ask for the address of a tile service and lay its tiles under the map."""
    from renomap.desktop.dialogs.webtiles import WebTilesDialog

    dialog = WebTilesDialog(desk.session.speech, desk.window)
    if dialog.exec() == WebTilesDialog.DialogCode.Accepted:
        picture = dialog.picture
        desk.session.tiles.allow(picture.path, dialog.online.isChecked(), dialog.key.text().strip())
        desk.change(partial(_laid, desk, picture))
    dialog.deleteLater()


def show_underlay(desk: Desk, picture: Underlay) -> None:
    """Show a picture stronger or paler, shifted or not; one undo step."""
    desk.change(lambda: underlays.change_underlay(desk.project, picture))


def drop_underlay(desk: Desk, path: str) -> None:
    """Take a picture away from under the map; the file stays."""
    desk.change(lambda: underlays.remove_underlay(desk.project, path))


def table(desk: Desk) -> None:
    """Open the attribute table, or close it."""
    desk.docks.toggle("table")


def give_value(desk: Desk, fid: int, field: str, text: str) -> None:
    """Set a value of the survey as somebody typed it; one undo step."""
    _from_table(desk, fid, field, lambda: edit_value(desk.project, fid, field, text))


def give_block(desk: Desk, block: Block) -> None:
    """Set values of the survey that were pasted; one undo step, and a sentence on what was not taken."""
    if desk.table.model.sheet.subject != NEIGHBOURHOODS:
        desk.status.tell(desk.session.speech("window.table.paste-where"), warning=True)
        return
    edited = edit_values(desk.project, block.cells)
    desk.session.document.apply(edited.change)
    _tell_pasted(desk, edited, block)


def _tell_pasted(desk: Desk, edited: Edited, block: Block) -> None:
    say = desk.session.speech
    told = [say("window.table.pasted", count=edited.taken)]
    if edited.refused:
        _, fault = edited.refused[0]
        told.append(say("window.table.paste-refused", count=len(edited.refused), why=say.error(fault)))
    if block.fixed:
        told.append(say("window.table.paste-fixed", columns=say("outputs.join").join(block.fixed)))
    if block.beyond:
        told.append(say("window.table.paste-beyond", count=block.beyond))
    desk.status.tell("".join(told), warning=len(told) > 1)


def name_area(desk: Desk, area: int, name: str) -> None:
    """Give an area another name; one undo step."""
    _from_table(desk, area, "name", lambda: areas.rename(desk.project, area, name))


def _from_table(desk: Desk, thing: int, field: str, make: Callable[[], ChangeSet]) -> None:
    try:
        change = make()
        desk.session.document.apply(change)
        if not change:
            desk.table.refuse(thing, field)
    except RenomapError as fault:
        desk.table.refuse(thing, field)
        desk.show_fault(fault)


def import_report(desk: Desk) -> None:
    """Show what the import read and guessed."""
    from renomap.desktop.dialogs.report import ImportReport

    dialog = ImportReport(desk.project, desk.session.speech, desk.window)
    dialog.exec()
    dialog.deleteLater()


def completeness(desk: Desk) -> None:
    """Show what the survey leaves blank, beside the map, and take pasted columns."""
    from renomap.desktop.dialogs.completeness import CompletenessDialog

    dialog = CompletenessDialog(desk.session, desk.window)
    dialog.wanted.connect(partial(_choose, desk))
    dialog.pasted.connect(lambda pasted: dialog.tell(fill_in(desk, pasted)))
    desk.show(dialog)


def _choose(desk: Desk, fids: Sequence[int]) -> None:
    desk.session.document.select(fids)
    view.zoom_selection(desk)


def fill_in(desk: Desk, pasted: Pasted) -> str:
    """Give blank values what was pasted, one undo step; what is to be said of it."""
    say = desk.session.speech
    edited = edit_values(desk.project, pasted.cells)
    if edited.taken:
        desk.session.document.apply(edited.change)
    told = [say("completeness.filled", count=edited.taken)]
    if edited.refused:
        _, fault = edited.refused[0]
        told.append(say("window.table.paste-refused", count=len(edited.refused), why=say.error(fault)))
    if pasted.unknown:
        names = say.words["list.between"].join(pasted.unknown[:3])
        told.append(say("completeness.unmatched", count=len(pasted.unknown), names=names))
    if pasted.filled:
        told.append(say("completeness.kept", count=pasted.filled))
    return "".join(told)


def unlock_neighbourhoods(desk: Desk) -> None:
    """Open the padlock of the neighbourhoods for drawing what the survey lacks, or close it."""
    project = desk.project
    layer = project.neighbourhoods
    assert layer is not None
    desk.change(lambda: lock_layer(project, layer.key, not layer.locked))


def unlock_neighbourhoods_is_on(desk: Desk) -> bool:
    """Whether neighbourhoods can be drawn."""
    project = desk.session.document.project
    layer = None if project is None else project.neighbourhoods
    return layer is not None and not layer.locked


def remove_missing(desk: Desk) -> None:
    """Remove the chosen neighbourhood, which was drawn by hand."""
    (fid,) = desk.session.document.selection.fids
    project = desk.project
    desk.change(lambda: remove_neighbourhood(project, fid))
    desk.session.document.select()

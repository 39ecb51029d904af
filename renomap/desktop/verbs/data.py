"""Data: what the layers hold and what the import made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from renomap.cartography.underlays import layer_of
from renomap.cartography.warping import decoded
from renomap.desktop.panels.pasting import Block
from renomap.desktop.panels.table_columns import NEIGHBOURHOODS
from renomap.desktop.verbs.base import Verbs
from renomap.desktop.verbs.file import SOURCES
from renomap.editing import areas
from renomap.editing.missing import lock_layer, remove_neighbourhood
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.underlay import Underlay, add_underlay, change_underlay, remove_underlay
from renomap.sources.rasters import PICTURES, TILES, Picture
from renomap.steps.edit_value import Edited, edit_value, edit_values


class DataVerbs(Verbs):
    """The verbs of the menu."""

    def import_data(self) -> None:
        """Ask for files and bring them into the open project."""
        say, settings = self.session.speech, self.session.settings
        kinds = f"{say('window.files.sources')} ({SOURCES});;{say('window.files.all')} (*)"
        title = say("window.action.import-data")
        names, _ = QFileDialog.getOpenFileNames(self.window, title, settings.folder, kinds)
        if names:
            settings.folder = str(Path(names[0]).parent)
            self.commands.file.import_paths([Path(name) for name in names], joins=True)

    def add_underlay(self) -> None:
        """Ask for pictures and lay them under the map; an undo step for each."""
        say, settings = self.session.speech, self.session.settings
        kinds = " ".join(f"*{ending}" for ending in (*TILES, *PICTURES))
        names, _ = QFileDialog.getOpenFileNames(
            self.window,
            say("window.action.add-underlay"),
            settings.folder,
            f"{say('window.underlay.kinds')} ({kinds});;{say('window.files.all')} (*)",
        )
        self.lay_under([Path(name) for name in names])

    def lay_under(self, paths: Sequence[Path]) -> None:
        """Lay pictures under the map, or say of one why it cannot be."""
        for path in paths:
            self.change(partial(self._laid, Underlay(str(path.resolve()), path.name)))

    def _laid(self, picture: Underlay) -> ChangeSet:
        layer = layer_of(picture, self.project.crs)
        if isinstance(layer.raster, Picture):
            decoded(layer.raster.path, layer.stamp)  # said now, not when the map is drawn
        return add_underlay(self.project, picture)

    def add_tiles(self) -> None:
        """Ask for the address of a tile service and lay its tiles under the map."""
        from renomap.desktop.dialogs.webtiles import WebTilesDialog

        dialog = WebTilesDialog(self.session.speech, self.window)
        if dialog.exec() == WebTilesDialog.DialogCode.Accepted:
            picture = dialog.picture
            self.session.tiles.allow(picture.path, dialog.online.isChecked(), dialog.key.text().strip())
            self.change(partial(self._laid, picture))
        dialog.deleteLater()

    def show_underlay(self, picture: Underlay) -> None:
        """Show a picture stronger or paler, shifted or not; one undo step."""
        self.change(lambda: change_underlay(self.project, picture))

    def drop_underlay(self, path: str) -> None:
        """Take a picture away from under the map; the file stays."""
        self.change(lambda: remove_underlay(self.project, path))

    def table(self) -> None:
        """Open the attribute table, or close it."""
        self.window.docks.toggle("table")

    def give_value(self, fid: int, field: str, text: str) -> None:
        """Set a value of the survey as somebody typed it; one undo step."""
        self._from_table(fid, field, lambda: edit_value(self.project, fid, field, text))

    def give_block(self, block: Block) -> None:
        """Set values of the survey that were pasted; one undo step, and a sentence on what was not taken."""
        if self.window.table.model.sheet.subject != NEIGHBOURHOODS:
            self.window.status.tell(self.session.speech("window.table.paste-where"), warning=True)
            return
        edited = edit_values(self.project, block.cells)
        self.session.document.apply(edited.change)
        self._tell_pasted(edited, block)

    def _tell_pasted(self, edited: Edited, block: Block) -> None:
        say = self.session.speech
        told = [say("window.table.pasted", count=edited.taken)]
        if edited.refused:
            _, fault = edited.refused[0]
            told.append(say("window.table.paste-refused", count=len(edited.refused), why=say.error(fault)))
        if block.fixed:
            told.append(say("window.table.paste-fixed", columns=say("outputs.join").join(block.fixed)))
        if block.beyond:
            told.append(say("window.table.paste-beyond", count=block.beyond))
        self.window.status.tell("".join(told), warning=len(told) > 1)

    def name_area(self, area: int, name: str) -> None:
        """Give an area another name; one undo step."""
        self._from_table(area, "name", lambda: areas.rename(self.project, area, name))

    def _from_table(self, thing: int, field: str, make: Callable[[], ChangeSet]) -> None:
        try:
            change = make()
            self.session.document.apply(change)
            if not change:
                self.window.table.refuse(thing, field)
        except RenomapError as fault:
            self.window.table.refuse(thing, field)
            self.commands.show_fault(fault)

    def import_report(self) -> None:
        """Show what the import read and guessed."""
        from renomap.desktop.dialogs.report import ImportReport

        dialog = ImportReport(self.project, self.session.speech, self.window)
        dialog.exec()
        dialog.deleteLater()

    def unlock_neighbourhoods(self) -> None:
        """Open the padlock of the neighbourhoods for drawing what the survey lacks, or close it."""
        project = self.project
        layer = project.neighbourhoods
        assert layer is not None
        self.change(lambda: lock_layer(project, layer.key, not layer.locked))

    def unlock_neighbourhoods_is_on(self) -> bool:
        """Whether neighbourhoods can be drawn."""
        project = self.session.document.project
        layer = None if project is None else project.neighbourhoods
        return layer is not None and not layer.locked

    def remove_missing(self) -> None:
        """Remove the chosen neighbourhood, which was drawn by hand."""
        (fid,) = self.session.document.selection.fids
        project = self.project
        self.change(lambda: remove_neighbourhood(project, fid))
        self.session.document.select()

"""Files: open, import, save and leave, never losing what was not saved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMessageBox

from renomap.desktop.verbs.base import Verbs
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.project import Project
from renomap.session.importing import Offer

if TYPE_CHECKING:
    import pandas as pd

#: What the dialog offers first; anything else can be dropped or chosen under "all files".
SOURCES = "*.gpkg *.shp *.geojson *.json *.kml *.kmz *.gml *.fgb *.dxf *.zip *.xlsx *.csv"


class FileVerbs(Verbs):
    """The verbs of the menu."""

    def begin(self, path: Path | None) -> None:
        """Offer what killed windows left; then open what the program was started with, or the sample town."""
        left = self.session.keeper.left_behind()
        if not left:
            self._open_first(path)
            return
        from renomap.desktop.dialogs.unfinished import UnfinishedDialog

        dialog = UnfinishedDialog(self.session.speech, left, self.window)
        dialog.open_wanted.connect(lambda chosen: self.open_paths([chosen]))
        dialog.later_wanted.connect(lambda: self._open_first(path))
        self.commands.show(dialog)

    def _open_first(self, path: Path | None) -> None:
        if path is not None:
            self.open_paths([path])
        else:
            self.sample()

    def open(self) -> None:
        """Ask for a project or source files and open them."""
        say, settings = self.session.speech, self.session.settings
        kinds = f"{say('window.files.all-known')} ({SOURCES});;{say('window.files.all')} (*)"
        names, _ = QFileDialog.getOpenFileNames(
            self.window, say("window.action.open"), settings.folder, kinds
        )
        if names:
            self.open_paths([Path(name) for name in names])

    def open_paths(self, paths: Sequence[Path], *, joins: bool = False) -> None:
        """Open one project file; read everything else and show what was guessed before it is taken.

        ``joins`` proposes to join the files to the open project rather than to begin a new one.
        """
        from renomap.store.projectfile import is_project

        self.session.settings.folder = str(paths[0].parent)
        if len(paths) == 1 and is_project(paths[0]):
            if self.may_leave():
                self.session.keeper.open(paths[0])
            return
        self.import_paths(paths, joins=joins)

    def import_paths(self, paths: Sequence[Path], *, joins: bool = False) -> None:
        """Read source files and show what was guessed; what the planner accepts is taken."""
        from renomap.desktop.dialogs.importing import ImportDialog

        dialog = ImportDialog(self.session, paths, joins=joins, parent=self.window)
        dialog.taken.connect(lambda offer: self._take_offer(offer, paths))
        self.commands.show(dialog)

    def _take_offer(self, offer: Offer, paths: Sequence[Path]) -> None:
        project = offer.project
        assert project is not None
        if offer.base is not None:
            names = self.session.speech.words["list.between"].join(path.name for path in paths)
            self.guarded(lambda: self.session.document.apply_project(project, "change.import", names=names))
        elif self.may_leave():
            self.session.keeper.import_files(paths, lambda _, feedback: project)

    def sample(self) -> None:
        """Open the sample town."""
        if not self.may_leave():
            return

        def read(_: Sequence[Path], feedback: Feedback) -> Project:
            from renomap.steps.demo import sample_project

            return sample_project(feedback)

        self.session.keeper.import_files([], read, precious=False)

    def save(self) -> None:
        """Save to the project's file; ask for one the first time."""
        self.window.finish_typing()
        path = self.session.document.path
        if path is None or self.session.document.holder is not None:
            self.save_as()
        else:
            self.guarded(lambda: self.session.keeper.save(path))

    def save_as(self) -> None:
        """Ask for a file and save there."""
        document, say = self.session.document, self.session.speech
        start = document.path or Path(self.session.settings.folder) / f"{say('window.files.new')}.gpkg"
        kinds = f"{say('window.files.project')} (*.gpkg)"
        name, _ = QFileDialog.getSaveFileName(self.window, say("window.action.save-as"), str(start), kinds)
        if name:
            path = Path(name)
            path = path if path.suffix.lower() == ".gpkg" else path.with_name(f"{path.name}.gpkg")
            self.guarded(lambda: self.session.keeper.save(path))

    def ask_overwrite(self, path: Path, fault: RenomapError) -> None:
        """Ask what to do where a save was refused: the file has changed, or another program has it open."""
        project = self.project
        if fault.code != "store.changed-on-disk":
            self.commands.show_fault(fault)
            return

        def work(feedback: Feedback) -> pd.DataFrame | None:
            from renomap.sources.update import differences
            from renomap.store.projectfile import open_project

            try:
                there = open_project(path, feedback=feedback).neighbourhoods
            except RenomapError:
                return None
            mine = project.neighbourhoods
            return None if there is None or mine is None else differences(mine.frame, there.frame)

        self.session.runner.start(
            "job.open", work, lambda changes: self._show_overwriting(path, changes), key="compare"
        )

    def _show_overwriting(self, path: Path, changes: pd.DataFrame | None) -> None:
        from renomap.desktop.dialogs.overwriting import OverwritingDialog

        keeper = self.session.keeper
        dialog = OverwritingDialog(self.session.speech, path, changes, self.window)
        dialog.save_as_wanted.connect(self.save_as)
        dialog.overwrite_wanted.connect(lambda file: self.guarded(lambda: keeper.save(file, overwrite=True)))
        self.commands.show(dialog)

    def export(self) -> None:
        """Ask what to export and where to."""
        self.commands.report.ask_export("report" if len(self.plan.areas) else "neighbourhoods")

    def page(self) -> None:
        """Ask what the sheets say of themselves and what paper they are on."""
        from renomap.desktop.dialogs.page import PageDialog

        self.commands.show(PageDialog(self.session, self.project, self.window))

    def preview(self) -> None:
        """Show what is printed, page by page, and print it."""
        from renomap.desktop.dialogs.preview import PrintPreview

        self.commands.show(PrintPreview(self.session, self.plan, self.window.canvas.theme, self.window))

    def close(self) -> None:
        """Close the project."""
        if self.may_leave():
            self.session.runner.cancel_all()
            self.session.keeper.close()
            self.session.document.replace(None)

    def quit(self) -> None:
        """Close the window."""
        self.window.close()

    def may_leave(self) -> bool:
        """Ask once what to do with changes that are not saved; whether to go on now."""
        document, say = self.session.document, self.session.speech
        unsaved = document.project is not None and document.is_changed and self.session.keeper.offer is None
        if not unsaved:
            return True
        box = QMessageBox(
            QMessageBox.Icon.Question, say("window.name"), say("window.leave"), parent=self.window
        )
        steps = document.steps_to_save
        box.setInformativeText(say("window.leave-steps", count=steps) if steps else say("window.leave-never"))
        roles = QMessageBox.ButtonRole
        save = box.addButton(say("window.leave-save"), roles.AcceptRole)
        drop = box.addButton(say("window.leave-drop"), roles.DestructiveRole)
        box.addButton(say("window.cancel"), roles.RejectRole)
        box.setDefaultButton(save)
        box.exec()
        if box.clickedButton() is save:
            self.save()
            return False
        return box.clickedButton() is drop

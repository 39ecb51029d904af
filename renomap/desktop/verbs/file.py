"""Files: open, import, save and leave, never losing what was not saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox
from shiboken6 import isValid

from renomap.desktop.desk import Desk
from renomap.desktop.verbs import report
from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.project import Project
from renomap.model.version import BEFORE_IMPORT
from renomap.session import versions
from renomap.session.importing import Offer
from renomap.store.user import user_name

if TYPE_CHECKING:
    import pandas as pd

#: What the dialog offers first; anything else can be dropped or chosen under "all files".
SOURCES = (
    "*.gpkg *.shp *.geojson *.json *.kml *.kmz *.gml *.fgb *.dxf *.zip *.xlsx *.xls *.et *.ods *.csv *.txt"
)


def begin(desk: Desk, path: Path | None) -> None:
    """Offer what killed windows left; then open what the program was started with, or the sample town."""
    left = desk.session.keeper.left_behind()
    if not left:
        _open_first(desk, path)
        return
    from renomap.desktop.dialogs.unfinished import UnfinishedDialog

    dialog = UnfinishedDialog(desk.session.speech, left, desk.window)
    dialog.open_wanted.connect(lambda chosen: open_paths(desk, [chosen]))
    dialog.later_wanted.connect(lambda: _open_first(desk, path))
    desk.show(dialog)


def _open_first(desk: Desk, path: Path | None) -> None:
    if path is not None:
        open_paths(desk, [path])
    else:
        sample(desk)


def open(desk: Desk) -> None:
    """Ask for a project or source files and open them."""
    say, settings = desk.session.speech, desk.session.settings
    kinds = f"{say('window.files.all-known')} ({SOURCES});;{say('window.files.all')} (*)"
    names, _ = QFileDialog.getOpenFileNames(desk.window, say("window.action.open"), settings.folder, kinds)
    if names:
        open_paths(desk, [Path(name) for name in names])


def open_paths(desk: Desk, paths: Sequence[Path], *, joins: bool = False) -> None:
    """Open one project file; read everything else and show what was guessed before it is taken.

    ``joins`` proposes to join the files to the open project rather than to begin a new one.
    """
    from renomap.store.projectfile import is_project

    desk.session.settings.folder = str(paths[0].parent)
    if len(paths) == 1 and is_project(paths[0]):
        if may_leave(desk, lambda: open_paths(desk, paths)):
            desk.session.keeper.open(paths[0])
        return
    import_paths(desk, paths, joins=joins)


def import_paths(desk: Desk, paths: Sequence[Path], *, joins: bool = False) -> None:
    """Read source files and show what was guessed; what the planner accepts is taken."""
    from renomap.desktop.dialogs.importing import ImportDialog

    dialog = ImportDialog(desk.session, paths, joins=joins, parent=desk.window)
    dialog.may_take = lambda offer: offer.base is not None or may_leave(desk, partial(_accept, dialog))
    dialog.taken.connect(lambda offer: _take_offer(desk, offer, paths))
    desk.show(dialog)


def _accept(dialog: QDialog) -> None:
    """Accept after the save that was waited for, unless the dialog was closed meanwhile."""
    if isValid(dialog):
        dialog.accept()


def _take_offer(desk: Desk, offer: Offer, paths: Sequence[Path]) -> None:
    project = offer.project
    assert project is not None
    if offer.base is not None:
        names = desk.session.speech.words["list.between"].join(path.name for path in paths)
        saved = versions.with_version(desk.project, BEFORE_IMPORT, by=user_name(), at=dt.datetime.now())
        after = replace(project, versions=saved.versions)
        desk.guarded(lambda: desk.session.document.apply_project(after, "change.import", names=names))
    else:
        desk.session.keeper.import_files(paths, lambda _, feedback: project)


def sample(desk: Desk) -> None:
    """Open the sample town."""
    if not may_leave(desk, lambda: sample(desk)):
        return

    def read(_: Sequence[Path], feedback: Feedback) -> Project:
        from renomap.steps.demo import sample_project, with_projects

        return with_projects(sample_project(feedback))

    desk.session.keeper.import_files([], read, precious=False)


def save(desk: Desk, then: Callable[[], object] | None = None) -> None:
    """Save to the project's file, ask for one the first time; ``then`` is called once it is saved."""
    desk.finish_typing()
    path = desk.session.document.path
    if path is None or desk.session.document.holder is not None:
        save_as(desk, then)
    else:
        desk.guarded(lambda: desk.session.keeper.save(path, then=then))


def save_as(desk: Desk, then: Callable[[], object] | None = None) -> None:
    """Ask for a file and save there; ``then`` is called once it is saved."""
    document, say = desk.session.document, desk.session.speech
    start = document.path or Path(desk.session.settings.folder) / f"{say('window.files.new')}.gpkg"
    kinds = f"{say('window.files.project')} (*.gpkg)"
    name, _ = QFileDialog.getSaveFileName(desk.window, say("window.action.save-as"), str(start), kinds)
    if name:
        path = Path(name)
        path = path if path.suffix.lower() == ".gpkg" else path.with_name(f"{path.name}.gpkg")
        desk.guarded(lambda: desk.session.keeper.save(path, then=then))


def ask_overwrite(
    desk: Desk, path: Path, fault: RenomapError, then: Callable[[], object] | None = None
) -> None:
    """Ask what to do where a save was refused: the file has changed, or another program has it open.

    ``then`` is what was to follow the save; it follows the one that is chosen here.
    """
    project = desk.project
    if fault.code != "store.changed-on-disk":
        _show_held(desk, path, fault, then)
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

    desk.session.runner.start(
        "job.open", work, lambda changes: _show_overwriting(desk, path, changes, then), key="compare"
    )


def _show_held(desk: Desk, path: Path, fault: RenomapError, then: Callable[[], object] | None) -> None:
    """Say who has the file open, and offer to try again or to save elsewhere."""
    say, roles = desk.session.speech, QMessageBox.ButtonRole
    box = QMessageBox(QMessageBox.Icon.Warning, say("window.name"), say.error(fault), parent=desk.window)
    box.setWindowModality(Qt.WindowModality.WindowModal)
    elsewhere = box.addButton(say("window.action.save-as"), roles.AcceptRole)
    again = box.addButton(say("window.held.again"), roles.ActionRole)
    box.addButton(say("window.cancel"), roles.RejectRole)
    box.setDefaultButton(elsewhere)
    elsewhere.clicked.connect(lambda: save_as(desk, then))
    again.clicked.connect(lambda: desk.guarded(lambda: desk.session.keeper.save(path, then=then)))
    desk.show(box)


def _show_overwriting(
    desk: Desk, path: Path, changes: pd.DataFrame | None, then: Callable[[], object] | None
) -> None:
    from renomap.desktop.dialogs.overwriting import OverwritingDialog

    keeper = desk.session.keeper
    dialog = OverwritingDialog(desk.session.speech, path, changes, desk.window)
    dialog.save_as_wanted.connect(lambda: save_as(desk, then))
    dialog.overwrite_wanted.connect(
        lambda there: desk.guarded(lambda: keeper.save(there, overwrite=True, then=then))
    )
    desk.show(dialog)


def export(desk: Desk) -> None:
    """Ask what to export and where to."""
    report.ask_export(desk, "report" if len(desk.plan.areas) else "neighbourhoods")


def page(desk: Desk) -> None:
    """Ask what the sheets say of themselves and what paper they are on."""
    from renomap.desktop.dialogs.page import PageDialog

    desk.show(PageDialog(desk.session, desk.project, desk.window))


def preview(desk: Desk) -> None:
    """Show what is printed, page by page, and print it."""
    from renomap.desktop.dialogs.preview import PrintPreview

    desk.show(PrintPreview(desk.session, desk.plan, desk.canvas.theme, desk.window))


def close(desk: Desk) -> None:
    """Close the project."""
    if may_leave(desk, lambda: close(desk)):
        desk.session.runner.cancel_all()
        desk.session.keeper.close()
        desk.session.document.replace(None)


def quit(desk: Desk) -> None:
    """Close the window."""
    desk.window.close()


def may_leave(desk: Desk, again: Callable[[], object]) -> bool:
    """Ask once what to do with changes that are not saved; whether to go on now.

    Where they are to be saved first, ``again`` is called when they have been: it does once more what was
    asked for, and finds nothing unsaved then. It is not called where the save fails or is given up.
    """
    document = desk.session.document
    unsaved = document.project is not None and document.is_changed and desk.session.keeper.offer is None
    if not unsaved:
        return True
    answer = desk.ask_unsaved()
    if answer == "save":
        save(desk, then=again)
    return answer == "drop"

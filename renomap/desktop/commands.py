"""Commands: what the actions do; each asks what it must and hands the work to the session."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from renomap import __version__
from renomap.desktop.dialogs.fault import FaultDialog
from renomap.editing import areas, links
from renomap.errors import RenomapError
from renomap.model.change import ChangeSet
from renomap.model.feedback import Feedback
from renomap.model.project import Project
from renomap.model.scheme import Scheme
from renomap.session.schemes import empty_scheme
from renomap.session.session import Session

if TYPE_CHECKING:
    from renomap.desktop.window import Window
    from renomap.session.problems import Problem

#: What the dialog offers first; anything else can be dropped or chosen under "all files".
SOURCES = "*.gpkg *.shp *.geojson *.json *.kml *.kmz *.gml *.fgb *.dxf *.zip *.xlsx *.csv"


#: Ground that "zoom to" shows at least, metres.
LEAST_SHOWN_M = 400.0


class Commands(QObject):
    """The window's verbs. A method of each action's name, without arguments."""

    def __init__(self, session: Session, window: Window) -> None:
        super().__init__(window)
        self.session = session
        self._window = window

    # files

    def open(self) -> None:
        """Ask for a project or source files and open them."""
        say, settings = self.session.speech, self.session.settings
        kinds = f"{say('window.files.all-known')} ({SOURCES});;{say('window.files.all')} (*)"
        names, _ = QFileDialog.getOpenFileNames(
            self._parent, say("window.action.open"), settings.folder, kinds
        )
        if names:
            self.open_paths([Path(name) for name in names])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open one project file, or import everything else as a new project."""
        from renomap.steps.import_ import import_sources
        from renomap.store.projectfile import is_project

        if not self.may_leave():
            return
        self.session.settings.folder = str(paths[0].parent)
        if len(paths) == 1 and is_project(paths[0]):
            self.session.keeper.open(paths[0])
            return

        def read(sources: Sequence[Path], feedback: Feedback) -> Project:
            return import_sources(sources, None, feedback)

        self.session.keeper.import_files(paths, read)

    def sample(self) -> None:
        """Open the sample town."""
        if not self.may_leave():
            return

        def read(_: Sequence[Path], feedback: Feedback) -> Project:
            from renomap.steps.demo import sample_project

            return sample_project(feedback)

        self.session.keeper.import_files([], read)

    def save(self) -> None:
        """Save to the project's file; ask for one the first time."""
        path = self.session.document.path
        if path is None or self.session.document.holder is not None:
            self.save_as()
        else:
            self._guarded(lambda: self.session.keeper.save(path))

    def save_as(self) -> None:
        """Ask for a file and save there."""
        document, say = self.session.document, self.session.speech
        start = document.path or Path(self.session.settings.folder) / f"{say('window.files.new')}.gpkg"
        kinds = f"{say('window.files.project')} (*.gpkg)"
        name, _ = QFileDialog.getSaveFileName(self._parent, say("window.action.save-as"), str(start), kinds)
        if name:
            path = Path(name)
            path = path if path.suffix.lower() == ".gpkg" else path.with_name(f"{path.name}.gpkg")
            self._guarded(lambda: self.session.keeper.save(path))

    def close(self) -> None:
        """Close the project."""
        if self.may_leave():
            self.session.runner.cancel_all()
            self.session.keeper.close()
            self.session.document.replace(None)

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def may_leave(self) -> bool:
        """Ask once what to do with changes that are not saved; whether to go on now."""
        document, say = self.session.document, self.session.speech
        unsaved = document.project is not None and document.is_changed and self.session.keeper.offer is None
        if not unsaved:
            return True
        box = QMessageBox(
            QMessageBox.Icon.Question, say("window.name"), say("window.leave"), parent=self._parent
        )
        box.setInformativeText(say("window.leave-steps", count=document.undo_stack.index()))
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

    def import_report(self) -> None:
        """Show what the import read and guessed."""
        from renomap.desktop.dialogs.report import ImportReport

        project = self.session.document.project
        assert project is not None
        dialog = ImportReport(project, self.session.speech, self._parent)
        dialog.exec()
        dialog.deleteLater()

    # editing and looking

    def undo(self) -> None:
        """One step back."""
        self.session.document.undo_stack.undo()

    def redo(self) -> None:
        """One step forward again."""
        self.session.document.undo_stack.redo()

    def select_all(self) -> None:
        """Choose every neighbourhood."""
        plan = self.session.planner.plan
        assert plan is not None
        self.session.document.select(plan.neighbourhoods.index)

    def select_none(self) -> None:
        """Choose nothing."""
        self.session.document.select()

    def zoom_all(self) -> None:
        """Show everything."""
        self._window.canvas.fit()

    def zoom_selection(self) -> None:
        """Show what is chosen."""
        plan, chosen = self.session.planner.plan, self.session.document.selection
        assert plan is not None
        if chosen.fids:
            bounds = plan.neighbourhoods.geometry.loc[list(chosen.fids)].total_bounds
        else:
            bounds = plan.areas.geometry.loc[[chosen.area]].total_bounds
        xmin, ymin, xmax, ymax = (float(value) for value in bounds)
        # one small neighbourhood without anything around it tells nobody where it is
        x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
        wide, high = (max(side, LEAST_SHOWN_M) / 2 for side in (xmax - xmin, ymax - ymin))
        self._window.canvas.fit((x - wide, y - high, x + wide, y + high))

    def zoom_in(self) -> None:
        """Nearer."""
        self._window.canvas.zoom(1.5)

    def zoom_out(self) -> None:
        """Further away."""
        self._window.canvas.zoom(1 / 1.5)

    # tools and areas

    def select(self) -> None:
        """Choose neighbourhoods."""
        self._window.use_tool("select")

    def paint(self) -> None:
        """Paint with the brush."""
        self._window.use_tool("paint")

    def paint_rectangle(self) -> None:
        """Paint a rectangle."""
        self._window.use_tool("paint-rectangle")

    def paint_lasso(self) -> None:
        """Paint what a loop holds."""
        self._window.use_tool("paint-lasso")

    def erase(self) -> None:
        """Take neighbourhoods out of their areas."""
        self._window.use_tool("erase")

    def draw(self) -> None:
        """Draw the boundary of the chosen area, or of a new one."""
        self._window.use_tool("draw")

    def reshape(self) -> None:
        """Reshape the chosen area's boundary by a line."""
        self._window.use_tool("reshape")

    def split(self) -> None:
        """Split the chosen area by a line."""
        self._window.use_tool("split")

    def only_unassigned(self) -> None:
        """Let the brushes take only neighbourhoods that are in no area, or all."""
        for tool in self._window.paint_tools:
            tool.only_unassigned = not tool.only_unassigned
        self._window.actions_.refresh()

    def is_chosen(self, choice: str, code: str) -> bool:
        """Whether a checkable action is on."""
        if choice == "language":
            return code == {"zh": "chinese", "en": "english"}[self.session.speech.language]
        if choice == "tool":
            tool = self._window.canvas.tool
            return tool is not None and tool.code == code
        return any(tool.only_unassigned for tool in self._window.paint_tools)

    def chosen_areas(self) -> tuple[int, ...]:
        """The areas of all that is chosen, ascending."""
        plan, chosen = self.session.planner.plan, self.session.document.selection
        if plan is None:
            return ()
        found = set(plan.neighbourhoods["area_id"].reindex(list(chosen.fids)).dropna().astype(int))
        found |= {chosen.area} if chosen.area is not None else set()
        return tuple(sorted(area for area in found if area in plan.areas.index))

    def new_scheme(self) -> None:
        """Begin an empty scheme, to be painted by hand."""
        project, say = self.session.document.project, self.session.speech
        assert project is not None
        title = say("window.scheme-title", number=len(project.schemes) + 1)
        after = project.with_scheme(empty_scheme(project, title))
        self._guarded(lambda: self.session.document.apply_project(after, "change.new-scheme", title=title))

    def lock(self) -> None:
        """Lock the chosen area, or open it."""
        project, area = self._project_and_area()
        scheme = project.scheme
        assert scheme is not None
        locked = bool(scheme.areas.at[area, "locked"])
        self._guarded(lambda: self.session.document.apply(areas.lock(project, area, not locked)))

    def rename(self) -> None:
        """Ask for another name of the chosen area."""
        project, area = self._project_and_area()
        plan, say = self.session.planner.plan, self.session.speech
        assert plan is not None
        old = str(plan.areas.at[area, "name"])
        name, given = QInputDialog.getText(
            self._parent, say("window.action.rename"), say("window.areas.name"), text=old
        )
        if given:
            self._guarded(lambda: self.session.document.apply(areas.rename(project, area, name)))

    def merge(self) -> None:
        """Make one area of those that are chosen."""
        plan, chosen = self.session.planner.plan, self.chosen_areas()
        assert plan is not None
        self._guarded(
            lambda: self.session.document.apply(areas.merge(plan.project, chosen, plan.areas.geometry))
        )

    def dissolve(self) -> None:
        """Remove the chosen area; its neighbourhoods are in none afterwards."""
        project, area = self._project_and_area()
        self._guarded(lambda: self.session.document.apply(areas.dissolve(project, [area])))
        self.session.document.select()

    def link(self) -> None:
        """Make the two chosen neighbourhoods neighbours, with a reason that is printed."""
        self._override(links.link, "link")

    def cut(self) -> None:
        """Make the two chosen neighbourhoods no neighbours, with a reason that is printed."""
        self._override(links.cut, "cut")

    def _override(self, make: Callable[[Project, int, int, str], ChangeSet], code: str) -> None:
        project, say = self.session.document.project, self.session.speech
        assert project is not None
        one, two = sorted(self.session.document.selection.fids)
        title, question = say(f"window.action.{code}"), say("window.link-reason")
        reason, given = QInputDialog.getText(self._parent, title, question)
        if given:
            self._guarded(lambda: self.session.document.apply(make(project, one, two, reason)))

    def next_problem(self) -> None:
        """Go to the next problem."""
        self._window.problems.walk(1)

    def last_problem(self) -> None:
        """Go to the problem before."""
        self._window.problems.walk(-1)

    def visit_problem(self, problem: Problem) -> None:
        """Show and choose what a problem is about."""
        plan, document = self.session.planner.plan, self.session.document
        if plan is None:
            return
        fids = [fid for fid in problem.fids if fid in plan.neighbourhoods.index]
        area = problem.area if problem.area in plan.areas.index else None
        if fids or area is not None:
            document.select(fids, area)
            self.zoom_selection()

    def apply_fix(self, fix: ChangeSet) -> None:
        """Mend a problem; one undo step."""
        if self.session.planner.is_current:
            self._guarded(lambda: self.session.document.apply(fix))

    def _project_and_area(self) -> tuple[Project, int]:
        project, area = self.session.document.project, self.session.document.selection.area
        assert project is not None
        assert area is not None
        return project, area

    # work

    def group(self) -> None:
        """Ask how to group, run, and take the scheme that the planner accepts: one undo step."""
        from renomap.desktop.dialogs.grouping import GroupingDialog

        project = self.session.document.project
        assert project is not None
        dialog = GroupingDialog(self.session, project, self._parent)
        if dialog.exec() == GroupingDialog.DialogCode.Accepted and dialog.found is not None:
            found = dialog.found
            self._guarded(lambda: self._take(found.project, found.scheme))
        dialog.deleteLater()

    def _take(self, project: Project, scheme: Scheme) -> None:
        self.session.document.apply_project(project, "change.group", title=scheme.title)
        told = self.session.speech("window.grouped", areas=len(scheme.areas), title=scheme.title)
        self._window.status.tell(told)

    def pack(self) -> None:
        """Ask for a folder and write the meeting pack there."""
        from renomap.steps.handover import pack

        plan, say, settings = self.session.planner.plan, self.session.speech, self.session.settings
        assert plan is not None
        start = Path(settings.folder) / say("window.files.pack")
        name, _ = QFileDialog.getSaveFileName(
            self._parent, say("window.pack.where"), str(start), options=QFileDialog.Option.ShowDirsOnly
        )
        if not name:
            return
        folder, words = Path(name), say.words

        def done(_: object) -> None:
            self._window.status.tell(say("window.packed", folder=str(folder)))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        paper, area_pages = settings.paper, settings.area_pages

        def work(feedback: Feedback) -> list[Path]:
            return pack(plan, folder, words, paper=paper, area_pages=area_pages, feedback=feedback)

        self.session.runner.start("job.pack", work, done, key="pack")

    # window

    def chinese(self) -> None:
        """Speak Chinese."""
        self._window.speak("zh")

    def english(self) -> None:
        """Speak English."""
        self._window.speak("en")

    def reset_layout(self) -> None:
        """Put the docks back where they were at first."""
        self._window.reset_layout()

    def keys(self) -> None:
        """Show the keys of the map."""
        say = self.session.speech
        QMessageBox.information(self._parent, say("window.action.keys"), say("window.keys-text"))

    def about(self) -> None:
        """Say what this is."""
        say = self.session.speech
        QMessageBox.about(self._parent, say("window.action.about"), say("window.about", version=__version__))

    # faults

    def reason_text(self, code: str) -> str:
        """Why something cannot be done now."""
        holder = self.session.document.holder
        if holder is not None and holder.code == code:
            return self.session.speech.error(holder)
        return self.session.speech(code)

    def show_fault(self, fault: Exception) -> None:
        """The world's faults are a sentence; ours are a dialog with what we need to mend them."""
        if isinstance(fault, RenomapError):
            QMessageBox.warning(
                self._parent, self.session.speech("window.name"), self.session.speech.error(fault)
            )
        else:
            FaultDialog(fault, self.session.speech, self._parent).exec()

    def _guarded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except RenomapError as fault:
            self.show_fault(fault)

    @property
    def _parent(self) -> QWidget:
        return self._window

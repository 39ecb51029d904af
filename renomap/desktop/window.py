"""The window: assembles canvas, docks, menus and status bar; no logic."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.action_table import AREA_ACTIONS, MENUS, SCHEME_ACTIONS, make_tools
from renomap.desktop.actions import Actions
from renomap.desktop.canvas.furniture import Legend, ScaleMark
from renomap.desktop.canvas.hover import HoverTag
from renomap.desktop.canvas.livetag import LiveTag
from renomap.desktop.canvas.mapcanvas import MapCanvas
from renomap.desktop.canvas.padlocks import Padlocks
from renomap.desktop.canvas.surface import Pointer
from renomap.desktop.canvas.tilewatch import TileWatch
from renomap.desktop.canvas.trail import ViewTrail
from renomap.desktop.chrome.banner import NoticeBanner, ReadOnlyBanner, RecoveryBanner
from renomap.desktop.chrome.docks import Docks
from renomap.desktop.chrome.mainbar import MainBar
from renomap.desktop.chrome.mapmenu import MapMenu
from renomap.desktop.chrome.meeting import Meeting
from renomap.desktop.chrome.options import ToolOptions
from renomap.desktop.chrome.recentmenu import RecentMenu
from renomap.desktop.chrome.sidebyside import SideBySide
from renomap.desktop.chrome.start import StartPage
from renomap.desktop.chrome.status import StatusBar
from renomap.desktop.desk import Desk
from renomap.desktop.naming import theme_names
from renomap.desktop.panels.areas import AreasPanel
from renomap.desktop.panels.brief import BriefPage
from renomap.desktop.panels.facts import FactsPanel
from renomap.desktop.panels.history import History
from renomap.desktop.panels.layers import LayersPanel
from renomap.desktop.panels.problems import ProblemsPanel
from renomap.desktop.panels.programme import ProgrammePanel
from renomap.desktop.panels.siting import SitingPanel
from renomap.desktop.panels.table import TablePanel
from renomap.desktop.panels.years import YearsPanel
from renomap.desktop.verbs import analysis, areas, comparing, data, file, phasing, programme, siting, view
from renomap.errors import RenomapError
from renomap.session.jobs import Job
from renomap.session.recent import place_of
from renomap.session.session import Session
from renomap.sources.rasters import is_raster

#: Where the screen has room for it: its title and the taskbar of some systems need some, too.
_FIRST_SIZE: Final = QSize(1440, 900)
_SHARE: Final = 0.94


class Window(QMainWindow):
    """One project in one window."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        room = self.screen().availableGeometry().size() * _SHARE
        self.resize(_FIRST_SIZE.boundedTo(room))
        self.canvas = MapCanvas(session)
        self.trail = ViewTrail(self.canvas)
        Padlocks(session, self.canvas)
        TileWatch(self.canvas, session.tiles)
        self.start_page = StartPage(session)
        self.status = StatusBar(session, self.canvas, self)
        self.setStatusBar(self.status)
        self._pages = QStackedWidget()
        start = QScrollArea()
        start.setWidgetResizable(True)
        start.setFrameShape(QFrame.Shape.NoFrame)
        start.setWidget(self.start_page)  # a page that is not shown must not keep the map tall
        self._pages.addWidget(start)
        self._pages.addWidget(self._map_page())
        self.comparison = SideBySide(session)
        self._pages.addWidget(self.comparison)
        self.setCentralWidget(self._pages)
        self.bar = MainBar(session)
        self.addToolBar(self.bar)
        self.addToolBarBreak()
        self.options = ToolOptions(session, self.canvas)
        self.addToolBar(self.options)
        self._make_docks()
        furniture = (self.legend, self.scale_mark, self.comparison.maps)
        self.meeting = Meeting(self, self.docks, self.canvas, furniture, self.meeting_facts, self.brief)
        self.desk = self._desk()
        self.desk.tools = make_tools(self.desk)
        self.canvas.set_tool(self.desk.tools["select"])
        self.actions_ = Actions(self.desk)
        self.bar.fill(self.actions_)
        self._fill_menus()
        self.docks.reset()
        self._connect()
        self._say()
        self._restore_layout()

    def keep_inside(self) -> None:
        """Be no larger than the screen has room for.

        To be called when the window is shown. While it is made its docks are open and its parts are not
        dressed yet, so that it asks for more than a small screen has; and this screen may be smaller than
        that of the last run.
        """
        room = self.screen().availableGeometry().size() * _SHARE
        layout = self.layout()
        assert layout is not None
        layout.activate()
        if not self.isMaximized() and not self.isFullScreen():
            self.resize(self.size().boundedTo(room))

    @property
    def facts_panels(self) -> tuple[FactsPanel, FactsPanel]:
        """Where facts are shown: at the desk and in a meeting."""
        return self.facts, self.meeting_facts

    # assembling

    def _make_docks(self) -> None:
        session = self.session
        self.areas = AreasPanel(session)
        self.facts = FactsPanel(session)
        self.layers = LayersPanel(session, self.canvas)
        self.problems = ProblemsPanel(session)
        self.table = TablePanel(session, self.canvas)
        self.programme = ProgrammePanel(session)
        self.years = YearsPanel(session)
        self.siting = SitingPanel(session)
        self.history = History(session.document.undo_stack)
        panels = {
            "areas": self.areas, "layers": self.layers, "problems": self.problems,
            "facts": self.facts, "history": self.history, "table": self.table,
            "programme": self.programme, "years": self.years, "siting": self.siting,
        }  # fmt: skip
        self.docks = Docks(self, panels)

    def _desk(self) -> Desk:
        return Desk(
            window=self,
            session=self.session,
            canvas=self.canvas,
            trail=self.trail,
            status=self.status,
            docks=self.docks,
            meeting=self.meeting,
            problems=self.problems,
            table=self.table,
            programme=self.programme,
            years=self.years,
            siting=self.siting,
            schemes=self.areas.schemes,
            facts_panels=self.facts_panels,
        )

    def _fill_menus(self) -> None:
        self._menus = self.actions_.fill_menus(self.menuBar())
        self.recent = RecentMenu(self.session, self._menus["file"])
        self._menus["file"].insertMenu(self.actions_.by_code["sample"], self.recent)
        first = self.actions_.by_code["meeting"]
        self._menus["window"].insertActions(first, self.docks.toggles)
        self._menus["window"].insertSeparator(first)

    def _map_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(RecoveryBanner(self.session))
        column.addWidget(NoticeBanner(self.session))
        self.held = ReadOnlyBanner(self.session)
        column.addWidget(self.held)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.canvas, 1)
        self.brief = BriefPage(self.session)
        row.addWidget(self.brief, 1)
        self.meeting_facts = FactsPanel(self.session)
        row.addWidget(self.meeting_facts)
        column.addLayout(row, 1)
        self.hover = HoverTag(self.session, self.canvas)
        self.live = LiveTag(self.session, self.canvas)
        self.legend = Legend(self.session, self.canvas)
        self.scale_mark = ScaleMark(self.session, self.canvas)
        return page

    def _connect(self) -> None:
        session, desk = self.session, self.desk
        self.start_page.open_wanted.connect(lambda: file.open(desk))
        self.start_page.sample_wanted.connect(lambda: file.sample(desk))
        self.start_page.file_chosen.connect(lambda path: file.open_paths(desk, [path]))
        self.held.copy_wanted.connect(lambda: file.save_as(desk))
        self.brief.left.connect(self.meeting.show_map)
        self.recent.chosen.connect(lambda path: file.open_paths(desk, [path]))
        session.document.replaced.connect(self._on_replaced)
        session.document.named.connect(self._on_named)
        session.document.undo_stack.cleanChanged.connect(self._on_named)
        session.planner.planned.connect(self._fill_themes)
        session.runner.failed.connect(self._on_failed)
        session.keeper.journal_failed.connect(self._on_refused)
        session.keeper.saved.connect(self._on_saved)
        session.keeper.save_refused.connect(self._on_save_refused)
        session.keeper.opened.connect(self._on_opened)
        session.speech.changed.connect(self._say)
        self._connect_panels()
        self._connect_comparison()
        self._connect_map()

    def _connect_panels(self) -> None:
        desk = self.desk
        self.areas.group_wanted.connect(lambda: areas.group(desk))
        self.areas.schemes.wanted.connect(partial(areas.switch_scheme, desk))
        self.areas.schemes.set_actions([self.actions_.by_code[code] for code in SCHEME_ACTIONS])
        self.areas.menu_wanted.connect(self._on_area_menu_wanted)
        self.areas.visited.connect(lambda _: view.zoom_selection(desk))
        self.problems.visited.connect(partial(analysis.visit_problem, desk))
        self.problems.fix_wanted.connect(partial(analysis.apply_fix, desk))
        for facts in self.facts_panels:
            self.live.described.connect(facts.show_live)
            facts.why_wanted.connect(lambda: analysis.why(desk))
            facts.move_wanted.connect(partial(analysis.carry_out, desk))
        self.layers.zoom_wanted.connect(partial(view.zoom_layer, desk))
        self.layers.add_wanted.connect(lambda: data.add_underlay(desk))
        self.layers.change_wanted.connect(partial(data.show_underlay, desk))
        self.layers.remove_wanted.connect(partial(data.drop_underlay, desk))
        self.table.visited.connect(partial(view.zoom_to, desk))
        self.table.value_given.connect(partial(data.give_value, desk))
        self.table.block_given.connect(partial(data.give_block, desk))
        self.table.area_named.connect(partial(data.name_area, desk))
        self.programme.move_wanted.connect(partial(programme.move_to, desk))
        self.programme.given.connect(partial(programme.give, desk))
        self.programme.pasted.connect(partial(programme.paste, desk))
        self.programme.removed.connect(partial(programme.remove, desk))
        self.programme.import_wanted.connect(lambda: programme.import_programme(desk))
        self.programme.propose_wanted.connect(lambda: programme.propose_works(desk))
        self.years.solve_wanted.connect(lambda: phasing.solve(desk))
        self.years.board.year_given.connect(partial(phasing.give_year, desk))
        self.years.board.cap_wanted.connect(partial(phasing.set_cap, desk))
        self.siting.decided.connect(partial(siting.give_decision, desk))
        self.siting.withdrawn.connect(partial(siting.take_back, desk))
        self.siting.shown.connect(partial(siting.show_lines, desk))
        self.siting.visited.connect(partial(siting.go_to, desk))
        self.status.troubles_wanted.connect(lambda: self.docks.raise_("problems"))

    def _connect_comparison(self) -> None:
        desk, page = self.desk, self.comparison
        self.session.comparing.changed.connect(self._show_page)
        self.session.comparing.refused.connect(self._on_fault)
        page.left.connect(self.session.comparing.stop)
        page.file_wanted.connect(lambda: comparing.compare_file(desk))
        page.export_wanted.connect(lambda: comparing.export(desk))
        page.lists.area_wanted.connect(partial(comparing.adopt_area, desk))
        page.lists.fid_wanted.connect(partial(comparing.adopt_neighbourhood, desk))

    def _connect_map(self) -> None:
        self.bar.theme_chosen.connect(self.canvas.set_theme)
        self.canvas.theme_changed.connect(self.comparison.maps.set_theme)
        self.canvas.theme_changed.connect(self.bar.show_themes)
        self.canvas.renderer.failed.connect(self._on_fault)
        self.canvas.refused.connect(self._on_refused)
        self.canvas.tool_changed.connect(self.actions_.refresh)
        self.canvas.options_changed.connect(self.actions_.refresh)
        self.canvas.menu_wanted.connect(self._on_menu_wanted)
        self.canvas.tool_left.connect(self._on_tool_left)
        self.trail.changed.connect(self.actions_.refresh)

    def _on_tool_left(self) -> None:
        """Esc goes one step out: from any tool to Select, from there out of a meeting."""
        if self.meeting.is_on and self.desk.has_tool("select"):
            self.meeting.leave()
        else:
            self.desk.use_tool("select")

    # what happens

    def _say(self) -> None:
        say = self.session.speech
        for code in MENUS:
            self._menus[code].setTitle(say(f"window.menu.{code}"))
        for code, dock in self.docks.by_code.items():
            dock.setWindowTitle(say(f"window.dock.{code}"))
        self.options.say()
        self.canvas.setAccessibleName(say("window.map"))
        self.history.setAccessibleName(say("window.dock.history"))
        self.history.setEmptyLabel(say("window.history.start"))
        self.start_page.refresh()
        self._fill_themes()
        self._on_named()

    def _fill_themes(self) -> None:
        plan, say = self.session.planner.plan, self.session.speech
        if self.canvas.theme not in dict(theme_names(plan, say)):
            self.canvas.theme = "areas"
        self.bar.show_themes(self.canvas.theme)

    def _on_replaced(self) -> None:
        is_open = self.session.document.project is not None
        self.trail.forget()
        if self.meeting.is_on:
            self.meeting.leave()
        self.docks.show(is_open)
        self._show_page()  # after the docks: what they put back are bars as well
        if not is_open:
            self.start_page.refresh()
        elif self.session.document.path is not None:
            self._remember(self.session.document.path)

    def _show_page(self) -> None:
        """The page of what is at hand: where to begin, the map, or a comparison in its place."""
        is_open = self.session.document.project is not None
        compares = self.session.comparing.source is not None
        self._pages.setCurrentIndex(0 if not is_open else 2 if compares else 1)
        self.docks.show(not compares, "comparison")
        self.options.setVisible(is_open and not compares and not self.meeting.is_on)

    def _on_named(self) -> None:
        document, say = self.session.document, self.session.speech
        if document.project is None:
            self.setWindowTitle(say("window.name"))
            return
        name = document.path.name if document.path is not None else say("window.files.new")
        self.setWindowTitle(f"{name}[*] — {say('window.name')}")
        self.setWindowModified(document.is_changed)

    def _on_opened(self) -> None:
        document, say = self.session.document, self.session.speech
        project = document.project
        if project is not None and project.neighbourhoods is not None and document.path is None:
            rows = len(project.neighbourhoods.frame)
            told = say("window.imported", layers=len(project.layers), rows=rows, guesses=len(project.notes))
            self.status.tell(told)

    def _remember(self, path: Path) -> None:
        project = self.session.document.project
        self.session.settings.remember_file(path, place_of(project) if project is not None else "")

    def _on_saved(self, path: Path) -> None:
        self._remember(path)
        self.status.tell(self.session.speech("window.saved-to", path=str(path)))

    def _on_save_refused(self, path: Path, fault: RenomapError, then: Callable[[], object] | None) -> None:
        file.ask_overwrite(self.desk, path, fault, then)

    def _on_fault(self, fault: Exception) -> None:
        self.desk.show_fault(fault)

    def _on_failed(self, job: Job, fault: Exception) -> None:
        self.desk.show_fault(fault)

    def _on_menu_wanted(self, pointer: Pointer) -> None:
        """The menu of the map, about what is under the pointer."""
        menu = MapMenu(self.desk, self.actions_, pointer)
        menu.aboutToHide.connect(self.desk.end_preview)
        menu.exec(self.canvas.viewport().mapToGlobal(QPointF(pointer.px, pointer.py).toPoint()))
        menu.deleteLater()

    def _on_area_menu_wanted(self, at: QPoint) -> None:
        """The menu of the list of areas, about the rows that are chosen."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self.actions_.refresh()
        menu.addActions([self.actions_.by_code[code] for code in AREA_ACTIONS])
        menu.aboutToHide.connect(self.desk.end_preview)
        menu.exec(at)
        menu.deleteLater()

    def _on_refused(self, fault: RenomapError) -> None:
        self.status.tell(self.session.speech.error(fault), warning=True)

    def _restore_layout(self) -> None:
        settings = self.session.settings
        self.docks.recall(settings)
        self._on_replaced()
        if not settings.geometry.isEmpty():
            self.restoreGeometry(settings.geometry)

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        document = self.session.document
        if document.project is not None and paths and all(is_raster(path) for path in paths):
            data.lay_under(self.desk, paths)
            return
        file.open_paths(self.desk, paths, joins=document.project is not None and document.holder is None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc that nobody else has taken ends a meeting."""
        if event.key() == Qt.Key.Key_Escape and self.meeting.is_on:
            self.meeting.leave()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.desk.finish_typing()
        if self.meeting.is_on:
            self.meeting.leave()
        if not file.may_leave(self.desk, again=self.close):
            event.ignore()
            return
        settings = self.session.settings
        settings.geometry = self.saveGeometry()
        self.docks.remember(settings)
        self.hide()  # a service that does not answer must not keep the window on the screen
        self.canvas.close_threads()
        self.comparison.maps.close_threads()
        self.session.close()
        event.accept()

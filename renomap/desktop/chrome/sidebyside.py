"""Side by side: the page with two maps that move as one and the lists of what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import shapely
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from renomap.desktop.canvas.twinmap import TwinMap
from renomap.desktop.look import icon
from renomap.desktop.panels.differences import DifferencesPanel
from renomap.outputs.findings import neighbourhood_name
from renomap.session.comparing import FILE, Source
from renomap.session.session import Session

_OTHER_FILE = "other-file"


#: Width below which the page is not pressed; its own hint would be twice that.
_LEAST_PX: Final = 300


class SideBySide(QWidget):
    """``left`` tells that the planner is done; ``file_wanted`` that another project file is to be chosen."""

    left = Signal()
    file_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The page behind the map must not keep a small window from being small.
        self.setMinimumWidth(_LEAST_PX)
        self._session = session
        self._shapes: list[shapely.Geometry] = []
        self.maps = TwinMap(session)
        self.lists = DifferencesPanel(session)
        self.other = QComboBox()
        self.other.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.other.setMinimumContentsLength(18)
        self._with = QLabel()
        self._with.setBuddy(self.other)
        self.swipe = QPushButton()
        self.swipe.setCheckable(True)
        self.swipe.setIcon(icon("compare-horizontal"))
        self.export = QPushButton()
        self.export.setIcon(icon("export-variant"))
        self.done = QPushButton()
        self.done.setIcon(icon("close"))
        self._under = QLabel()
        self._under.setProperty("role", "faint")
        self._lay_out()
        self.other.activated.connect(self._on_other)
        self.swipe.toggled.connect(self.maps.set_swipes)
        self.export.clicked.connect(self.export_wanted)
        self.done.clicked.connect(self.left)
        self.maps.clicked.connect(self._on_clicked)
        self.maps.hovered.connect(self._on_hovered)
        self.lists.area_visited.connect(self._on_area)
        self.lists.fid_visited.connect(self._on_fid)
        session.comparing.changed.connect(self._on_compared)
        session.document.selected.connect(self._show_selection)
        session.speech.changed.connect(self.say)
        self.say()

    def _lay_out(self) -> None:
        bar = QFrame()
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 6, 10, 6)
        row.addWidget(self._with)
        row.addWidget(self.other)
        row.addWidget(self.swipe)
        row.addWidget(self._under, 1)
        row.addWidget(self.export)
        row.addWidget(self.done)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.maps)
        self.split.addWidget(self.lists)
        self.split.setStretchFactor(0, 1)
        self.split.setSizes([920, 440])
        self.split.setChildrenCollapsible(False)
        self.maps.setMinimumWidth(240)
        self.lists.setMinimumWidth(300)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.split, 1)

    def say(self) -> None:
        """Word everything."""
        say = self._session.speech
        self._with.setText(say("window.compare.with"))
        self.swipe.setText(say("window.compare.swipe"))
        self.swipe.setToolTip(say("window.compare.swipe-tip"))
        self.export.setText(say("window.compare.export"))
        self.done.setText(say("window.compare.done"))
        self.maps.setAccessibleName(say("window.compare.maps"))
        self.fill_sources()

    def fill_sources(self) -> None:
        """Offer what the open scheme can be compared with."""
        comparing, say = self._session.comparing, self._session.speech
        self.other.clear()
        for source in comparing.sources(say.words):
            self.other.addItem(source.title, source)
        now = comparing.source
        if now is not None and now.kind == FILE:
            self.other.addItem(Path(now.key).name, now)
        self.other.addItem(say("window.compare.file"), _OTHER_FILE)
        found = next((at for at in range(self.other.count()) if self.other.itemData(at) == now), -1)
        self.other.setCurrentIndex(found)

    def _on_other(self, at: int) -> None:
        wanted = self.other.itemData(at)
        if isinstance(wanted, Source):
            self._session.comparing.start(wanted)
        else:
            self.fill_sources()
            self.file_wanted.emit()

    def _on_compared(self) -> None:
        adoption = self._session.comparing.adoption
        self.fill_sources()
        self.lists.show_adoption(adoption)
        self.export.setEnabled(adoption is not None)
        if adoption is None:
            self.maps.show_plans(None, None)
            return
        self.maps.show_plans(adoption.ours, adoption.theirs)
        self.maps.mark_neighbourhoods("moved", adoption.found.moved["fid"].tolist())
        self._show_selection()

    def _show_selection(self) -> None:
        """What is chosen in the window is chosen on both maps; of an area the one that it is over there."""
        adoption, chosen = self._session.comparing.adoption, self._session.document.selection
        if adoption is None:
            return
        self.maps.mark_neighbourhoods("chosen", chosen.fids)
        theirs = None if chosen.area is None else adoption.found.matches.get(chosen.area)
        self._mark_areas(chosen.area, theirs)

    def _mark_areas(self, ours: int | None, theirs: int | None) -> None:
        adoption = self._session.comparing.adoption
        assert adoption is not None
        shapes = [
            [plan.areas.geometry[area]] if area is not None and area in plan.areas.index else []
            for plan, area in ((adoption.ours, ours), (adoption.theirs, theirs))
        ]
        self.maps.mark("area", shapes[0], shapes[1])
        self._shapes = [*shapes[0], *shapes[1]]

    def _on_clicked(self, fid: int | None, on_right: bool) -> None:
        self._session.document.select(() if fid is None else (fid,))

    def _on_hovered(self, fid: int | None) -> None:
        """Where the neighbourhood under the pointer is on either side."""
        adoption, say = self._session.comparing.adoption, self._session.speech
        if fid is None or adoption is None:
            self._under.setText("")
            return
        places = []
        for plan in (adoption.ours, adoption.theirs):
            rows = plan.neighbourhoods
            area = int(rows["area_id"].get(fid, 0))
            places.append(plan.areas.at[area, "name"] if area in plan.areas.index else say("compare.nowhere"))
        row = (adoption.ours if fid in adoption.ours.neighbourhoods.index else adoption.theirs).neighbourhoods
        name = neighbourhood_name(fid, row.at[fid, "name"], say.words)
        self._under.setText(say("compare.moved", name=name, before=places[0], after=places[1]))

    def _on_area(self, ours: int | None, theirs: int | None) -> None:
        """Both maps fly to an area, which is chosen where we have it."""
        self._session.document.select((), ours)
        self._mark_areas(ours, theirs)
        self._fly(self._shapes)

    def _on_fid(self, fid: int) -> None:
        adoption = self._session.comparing.adoption
        assert adoption is not None
        self._session.document.select((fid,))
        around = []
        for plan in (adoption.ours, adoption.theirs):
            if fid in plan.neighbourhoods.index:
                around.append(plan.neighbourhoods.geometry[fid])
                area = int(plan.neighbourhoods.at[fid, "area_id"])
                around += [plan.areas.geometry[area]] if area in plan.areas.index else []
        self._fly(around)

    def _fly(self, shapes: list[shapely.Geometry]) -> None:
        if shapes:
            self.maps.fit(shapely.total_bounds(shapes))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

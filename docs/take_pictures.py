"""Takes the pictures of the window that manual and README show, on the sample town.

Run from the checkout on a screen of exactly 1366 x 768 pixels without a window manager, so that dialogs stand
without frames:

    xvfb-run -s "-screen 0 1366x768x24" python docs/take_pictures.py
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "desktop")]

from desk import Desk  # noqa: E402

from renomap.desktop.dialogs.grouping import GroupingDialog  # noqa: E402
from renomap.desktop.dialogs.importing import ImportDialog  # noqa: E402
from renomap.desktop.dialogs.preview import PrintPreview  # noqa: E402
from renomap.desktop.dialogs.standard import StandardDialog  # noqa: E402
from renomap.desktop.verbs import file, view  # noqa: E402

#: The area that is spoken of: one with several neighbourhoods, beside others.
AREA = 4
#: One of its neighbourhoods that could as well be elsewhere.
ASKED = "桂园小区"


class Photographer:
    """The window on the sample town and what a planner does in each picture."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.window = self.desk.window
        screen = QApplication.primaryScreen().geometry()
        self.window.setGeometry(screen)
        QTest.qWait(100)

    def take(self, name: str, part: QDialog | None = None) -> None:
        """Save what is on the screen, or a dialog alone."""
        QTest.qWait(300)
        shown = part.grab() if part is not None else QApplication.primaryScreen().grabWindow(0)
        shown.save(str(HERE / "pictures" / f"window-{name}.png"))

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The dialog of a kind that is open."""
        self.desk.until(lambda: any(each.isVisible() for each in self.window.findChildren(kind)))
        return next(each for each in self.window.findChildren(kind) if each.isVisible())

    def trigger(self, code: str) -> None:
        """Do what an action does."""
        self.window.actions_.by_code[code].trigger()

    def choose(self, *fids: int, area: int | None = None) -> None:
        """Choose and go there."""
        self.desk.session.document.select(fids, area)
        view.zoom_selection(self.window.desk)
        self.desk.settle()

    def places(self, area: int, count: int) -> list[QPoint]:
        """Where neighbourhoods of other areas are that lie nearest to an area."""
        plan = self.desk.session.planner.plan
        assert plan is not None
        rows = plan.neighbourhoods[~plan.neighbourhoods["area_id"].isin([0, area])]
        away = rows.geometry.distance(plan.areas.geometry[area])
        return [self.desk.place(int(fid)) for fid in away.sort_values().index[:count]]


def the_import(camera: Photographer) -> None:
    """The dialog of an import, guesses in sight."""
    sample = HERE.parent / "sample_data"
    file.open_paths(camera.window.desk, [sample / "town.gpkg", sample / "inventory.xlsx"], joins=False)
    dialog = camera.dialog(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    camera.desk.until(lambda: dialog.offer is not None)
    camera.take("import-report")
    dialog.reject()


def grouping(camera: Photographer) -> None:
    """The dialog beside the map, then its result, then the areas."""
    desk = camera.desk
    camera.trigger("group")
    dialog = camera.dialog(GroupingDialog)
    assert isinstance(dialog, GroupingDialog)
    desk.until(lambda: not desk.session.runner.jobs)
    dialog.tabs.setCurrentIndex(1)
    dialog.links.setChecked(True)
    QTest.qWait(600)
    desk.until(lambda: not desk.session.runner.jobs)
    camera.take("grouping")
    dialog.links.setChecked(False)
    dialog.tabs.setCurrentIndex(0)
    dialog.run()
    desk.until(lambda: dialog.found is not None, 200)
    camera.take("grouped")
    dialog.accept()
    desk.settle()
    desk.session.document.select((), AREA)
    desk.settle()
    camera.take("areas")


def looking(camera: Photographer) -> None:
    """A theme, numbers unfolded, reasons, the table, problems and the meeting."""
    desk, window = camera.desk, camera.window
    window.canvas.set_theme("deficit:elder_care")
    window.bar.show_themes("deficit:elder_care")
    desk.settle()
    camera.take("elderly-care")
    window.canvas.set_theme("areas")
    window.bar.show_themes("areas")
    camera.choose(area=AREA)
    for key in ("households", "parking"):
        window.facts.unfold(key)
    camera.take("numbers")
    for key in ("households", "parking"):
        window.facts.unfold(key)
    plan = desk.session.planner.plan
    assert plan is not None
    names = plan.neighbourhoods["name"]
    desk.session.document.select((int(names.index[names == ASKED][0]),), AREA)
    view.zoom_selection(window.desk)
    camera.trigger("why")
    desk.settle()
    camera.take("why")
    camera.trigger("next-problem")
    desk.settle()
    camera.take("problems")
    view.zoom_all(window.desk)
    desk.session.document.select((), AREA)
    camera.trigger("table")
    window.docks.raise_("layers")
    desk.settle()
    camera.take("table")
    camera.trigger("table")
    window.docks.raise_("areas")
    window.meeting.enter()
    QTest.qWait(300)
    desk.settle()
    camera.take("questions")
    window.meeting.show_map()
    QTest.qWait(300)
    desk.settle()
    camera.take("meeting")
    window.meeting.leave()
    window.setGeometry(QApplication.primaryScreen().geometry())
    desk.settle()


def hand(camera: Photographer) -> None:
    """A stroke before its release, a boundary and a split on their way."""
    desk, window = camera.desk, camera.window
    camera.choose(area=AREA)
    window.canvas.zoom(0.8)
    desk.settle()
    desk.take("paint", AREA)
    first, *others = camera.places(AREA, 2)
    desk.drag(first, *others, release=False)
    QTest.qWait(300)
    camera.take("painting")
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    plan = desk.session.planner.plan
    assert plan is not None
    xmin, ymin, xmax, ymax = plan.areas.geometry[AREA].bounds
    wide, high = xmax - xmin, ymax - ymin

    def sketch(code: str, area: int | None, *points: tuple[float, float]) -> None:
        desk.take(code, area)
        places = [window.canvas.pixel(xmin + x * wide, ymin + y * high) for x, y in points]
        port, none = window.canvas.viewport(), Qt.KeyboardModifier.NoModifier
        for place in places[:-1]:
            QTest.mouseClick(port, Qt.MouseButton.LeftButton, none, place)
        QTest.mouseMove(port, places[-1])
        QTest.qWait(600)

    sketch("split", AREA, (-0.1, 0.52), (1.1, 0.48))
    camera.take("split")
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    sketch("draw", None, (0.5, 0.5), (1.2, 0.5), (1.25, 1.1), (0.45, 1.15))
    camera.take("drawing")
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    window.desk.use_tool("select")


def idle_rooms(camera: Photographer) -> None:
    """The dock of idle rooms, one of them chosen."""
    camera.trigger("programme-sites")
    camera.desk.settle()
    panel = camera.window.siting
    panel.choose(0)
    panel.visited.emit(panel.lines[0].pair)
    camera.desk.settle()
    camera.take("siting")
    camera.window.docks.by_code["siting"].close()


def paper(camera: Photographer) -> None:
    """The standard and the preview of the report."""
    desk = camera.desk
    camera.trigger("standard")
    standard = camera.dialog(StandardDialog)
    assert isinstance(standard, StandardDialog)
    standard.facilities.setCurrentRow(1)
    camera.take("standard", standard)
    standard.reject()
    camera.trigger("preview")
    preview = camera.dialog(PrintPreview)
    assert isinstance(preview, PrintPreview)
    desk.until(lambda: preview.pages is not None, 120)
    desk.until(lambda: not desk.session.runner.jobs, 120)
    camera.take("print-preview")
    preview.reject()


def english(camera: Photographer) -> None:
    """The window in the other language."""
    camera.window.desk.speak("en")
    view.zoom_all(camera.window.desk)
    camera.desk.session.document.select((), AREA)
    camera.desk.settle()
    camera.take("english")


def main() -> None:
    """All pictures, in the order of a planner's morning."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert application is not None
    steps: tuple[Callable[[Photographer], None], ...] = (
        the_import, grouping, looking, hand, idle_rooms, paper, english,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        camera = Photographer(Path(folder))
        camera.take("start")
        file.sample(camera.window.desk)
        camera.desk.until(lambda: camera.desk.session.document.project is not None)
        camera.desk.settle()
        for step in steps:
            step(camera)
        camera.desk.close()


if __name__ == "__main__":
    main()

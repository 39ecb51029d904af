"""Takes the pictures of the programme on the sample town, from the dock to the printed page.

Run from the checkout as ``take_pictures.py`` is:

    xvfb-run -s "-screen 0 1366x768x24" python docs/take_programme_pictures.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication
from take_pictures import Photographer

from renomap.desktop.verbs import file, view
from renomap.model.programme_columns import Stage
from renomap.steps.group import group
from renomap.steps.options import GroupOptions

#: Neighbourhoods by which areas are spoken of, whatever their numbers: one in a plan, one in the pool.
ANNUAL, POOL = "桂园小区", "铁路家属区"


class Planner(Photographer):
    """The sample with its projects and areas."""

    def group(self) -> None:
        """Areas by the city's rules."""
        document = self.desk.session.document
        assert document.project is not None
        found = group(document.project, GroupOptions(preset="changsha")).project
        document.apply_project(found, "change.group")
        self.desk.settle()

    def area_of(self, name: str) -> int:
        """The area that a neighbourhood is in."""
        plan = self.desk.session.planner.plan
        assert plan is not None
        rows = plan.neighbourhoods
        return int(rows.loc[rows["name"] == name, "area_id"].iloc[0])

    def open_dock(self, page: str, area: int) -> None:
        """The page of the dock for an area, with the map on it."""
        self.choose(area=area)
        self.trigger(f"programme-{page}")
        self.desk.settle()


def in_the_window(planner: Planner) -> None:
    """Each page, the problems and the years on the map."""
    planner.group()
    planner.open_dock("works", planner.area_of(ANNUAL))
    planner.take("programme-works")
    planner.open_dock("money", planner.area_of(ANNUAL))
    planner.take("programme-money")
    planner.open_dock("gates", planner.area_of(POOL))
    bar = planner.window.programme.moving
    bar.stage.setCurrentIndex(list(Stage).index(Stage.ANNUAL))
    planner.take("programme-gates")
    planner.window.docks.toggle("programme")
    planner.window.docks.raise_("problems")
    problems = planner.window.desk.session.planner.problems
    nth = next(k for k, one in enumerate(problems) if one.code == "programme.finding.basic_missing")
    planner.window.problems.list.setCurrentRow(nth)
    planner.window.problems._visit()
    planner.desk.settle()
    planner.take("programme-problems")
    planner.window.canvas.set_theme("programme-year")
    planner.window.bar.show_themes("programme-year")
    planner.desk.session.document.select((), None)
    view.zoom_all(planner.window.desk)
    planner.desk.settle()
    planner.take("programme-years")


def main() -> None:
    """All pictures of the programme."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert application is not None
    with tempfile.TemporaryDirectory() as folder:
        planner = Planner(Path(folder))
        file.sample(planner.window.desk)
        planner.desk.until(lambda: planner.desk.session.document.project is not None)
        planner.desk.settle()
        in_the_window(planner)
        planner.desk.close()


if __name__ == "__main__":
    main()

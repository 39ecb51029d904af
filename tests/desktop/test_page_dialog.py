"""Title block, paper and scale: a day that is none is refused, the export has the scale it speaks of."""

from __future__ import annotations

import pytest
from desk import Desk, town

from renomap.desktop.dialogs.export import ExportDialog
from renomap.desktop.dialogs.page import PageDialog


@pytest.mark.parametrize("field", ["date", "data_date"])
def test_a_day_that_is_none_is_refused_and_the_dialog_stays(desk: Desk, field: str) -> None:
    desk.open(town())
    dialog = PageDialog(desk.session, desk.session.document.project, desk.window)
    dialog.show()
    dialog.fields[field].setText("2026-13-45")
    dialog.accept()
    assert dialog.isVisible()
    assert desk.session.speech(f"window.page.{field}") in dialog._told.text()
    dialog.fields[field].setText("2026年11月30日")
    dialog.accept()
    assert not dialog.isVisible()
    assert desk.session.document.project.form[field] == "2026年11月30日"
    desk.settle()


@pytest.mark.parametrize(("typed", "scale"), [("1：2,500", 2500), ("7500", 7500), ("", 0), ("很大", 0)])
def test_the_export_of_a_map_has_a_scale(desk: Desk, typed: str, scale: int) -> None:
    desk.open(town())
    dialog = ExportDialog(desk.session, desk.session.planner.plan, "map", "areas", desk.window)
    dialog.show()
    assert dialog.scale.isVisible()
    dialog.scale.setCurrentText(typed)
    assert dialog.page.scale == scale
    dialog.reject()
    other = ExportDialog(desk.session, desk.session.planner.plan, "tables", "areas", desk.window)
    other.show()
    assert not other.scale.isVisible()
    other.reject()
    desk.settle()

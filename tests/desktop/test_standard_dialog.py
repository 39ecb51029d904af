"""What a standard leaves open is settled for the meeting, with who and when, as a step that can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, town

from renomap.assets import resource
from renomap.desktop.dialogs.standard import StandardDialog
from renomap.model.project import Project
from renomap.steps.plan import active_standard


@pytest.fixture
def dialog(desk: Desk) -> StandardDialog:
    desk.open(town())
    shown = StandardDialog(desk.session, desk.session.document.project, desk.window)
    shown.show()
    return shown


def choose(dialog: StandardDialog, key: str) -> None:
    keys = [facility.key for facility in dialog._standard.facilities]
    dialog.facilities.setCurrentRow(keys.index(key))


def write(field, text: str) -> None:  # type: ignore[no-untyped-def]
    field.setText(text)
    field.textEdited.emit(text)


def project_of(desk: Desk) -> Project:
    project = desk.session.document.project
    assert project is not None
    return project


def test_a_rate_that_is_open_is_set_and_the_numbers_follow(desk: Desk, dialog: StandardDialog) -> None:
    assert desk.session.planner.plan.areas["parking_deficit"].isna().all()
    choose(dialog, "parking")
    write(dialog.rate, "0.6")
    dialog.base.setCurrentIndex(dialog.base.findData("household"))
    dialog.base.activated.emit(dialog.base.currentIndex())
    dialog.by.setText("区住建局会议")
    dialog.accept()
    desk.settle()
    (value,) = project_of(desk).meeting
    assert (value.facility, value.key, value.value, value.by) == (
        "parking", "rate", "0.6/household", "区住建局会议",
    )  # fmt: skip
    # west: 2 x 3 neighbourhoods of 100, 101, 104, 105, 108, 109 households with 10 spaces each
    assert desk.session.planner.plan.areas.loc[1, "parking_deficit"] == pytest.approx(0.6 * 627 - 60, abs=1)
    assert desk.session.document.undo_stack.count() == 1
    desk.session.document.undo_stack.undo()
    assert project_of(desk).meeting == ()
    desk.settle()


def test_a_rate_without_its_unit_is_per_as_many_as_in_the_standard(
    desk: Desk, dialog: StandardDialog
) -> None:
    choose(dialog, "elder_care")
    own = dialog.facility
    assert own.rate_per == 100
    write(dialog.rate, "30")
    dialog.accept()
    changed = active_standard(project_of(desk)).facility("elder_care")
    assert (changed.rate, changed.rate_per, changed.base) == (30, 100, own.base)
    desk.settle()


def test_what_was_set_before_keeps_its_author(desk: Desk, dialog: StandardDialog) -> None:
    choose(dialog, "elder_care")
    write(dialog.fields["min_size"], "200")
    dialog.by.setText("甲")
    dialog.accept()
    again = StandardDialog(desk.session, project_of(desk), desk.window)
    choose(again, "elder_care")
    assert again.fields["min_size"].text() == "200"
    assert "●" in again.facilities.currentItem().text()
    write(again.fields["radius_m"], "无")
    again.by.setText("乙")
    again.accept()
    authors = {item.key: item.by for item in project_of(desk).meeting}
    assert authors == {"min_size": "甲", "radius_m": "乙"}
    assert active_standard(project_of(desk)).facility("elder_care").radius_m is None
    last = StandardDialog(desk.session, project_of(desk), desk.window)
    choose(last, "elder_care")
    last.reset_button.click()
    last.accept()
    assert project_of(desk).meeting == ()
    desk.settle()


def test_nonsense_is_told_and_nothing_changes(desk: Desk, dialog: StandardDialog) -> None:
    choose(dialog, "parking")
    write(dialog.rate, "viel")
    dialog.accept()
    assert "viel" in dialog._told.text()
    assert dialog.isVisible()
    assert desk.session.document.undo_stack.count() == 0
    dialog.reject()


def test_another_standard_is_one_step_and_its_own_file_is_kept(
    desk: Desk, dialog: StandardDialog, tmp_path: Path
) -> None:
    path = tmp_path / "本区标准.toml"
    text = resource("standards/changsha.toml").read_text(encoding="utf-8")
    path.write_text(text.replace('key = "changsha"', 'key = "ours"', 1), encoding="utf-8")
    dialog.add_standard(path)
    dialog.accept()
    path.unlink()
    desk.settle()
    assert "\n" in project_of(desk).standard
    assert active_standard(project_of(desk)).key == "ours"
    again = StandardDialog(desk.session, project_of(desk), desk.window)
    assert again.standard.currentData() == project_of(desk).standard
    again.reject()


def test_the_survey_can_be_said_to_be_complete(desk: Desk, dialog: StandardDialog) -> None:
    choose(dialog, "elder_care")
    dialog.complete.setChecked(True)
    dialog.accept()
    assert [(item.key, item.value) for item in project_of(desk).meeting] == [("survey", "complete")]
    desk.settle()


def test_radii_are_walked_and_another_standard_keeps_what_is_not_its_own(
    desk: Desk, dialog: StandardDialog
) -> None:
    dialog.walking.setChecked(True)
    dialog.values["cap", "2026"] = "3000万"
    write(dialog.fields["radius_m"], "500")  # of the first facility
    other = next(
        key for key in (dialog.standard.itemData(n) for n in range(9)) if key not in (None, dialog._key)
    )
    dialog._use(other)
    assert dialog.values["reach", "distance"] == "walking"
    assert dialog.values["cap", "2026"] == "3000万"
    del dialog.values["cap", "2026"]
    dialog.accept()
    desk.settle()
    assert desk.session.planner.plan.walks is not None
    desk.session.document.undo_stack.undo()
    desk.settle()
    assert desk.session.planner.plan.walks is None

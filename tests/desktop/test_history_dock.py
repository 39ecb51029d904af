"""The history says when each step was made; what asks first can be asked for before the plan is made."""

from __future__ import annotations

import datetime as dt

from desk import Desk, town
from PySide6.QtWidgets import QStyleOptionViewItem

from renomap.desktop.dialogs.grouping import GroupingDialog
from renomap.desktop.verbs import data


def test_each_step_shows_when_it_was_made(desk: Desk) -> None:
    """A step at five past nine; steps that were made as one show the time of the first."""
    desk.open(town())
    stack, history = desk.session.document.undo_stack, desk.window.history
    data.give_value(desk.window.desk, 3, "households", "90")
    stack.command(0).at = dt.datetime(2026, 5, 12, 9, 5)
    assert [history.time_of(row) for row in (0, 1, 2)] == ["", "09:05", ""]
    option = QStyleOptionViewItem()
    history.itemDelegate().initStyleOption(option, history.model().index(1, 0))
    assert option.text.startswith("09:05  ")
    stack.beginMacro("两步")
    data.give_value(desk.window.desk, 3, "households", "91")
    data.give_value(desk.window.desk, 4, "households", "92")
    stack.endMacro()
    assert history.time_of(2) != ""


def test_grouping_can_be_asked_for_before_the_plan_is_made(desk: Desk) -> None:
    project = town(areas=False)
    desk.session.keeper.import_files([], lambda paths, feedback: project, precious=False)
    desk.until(lambda: desk.session.document.project is not None)
    assert desk.session.planner.plan is None
    actions = desk.window.actions_
    actions.refresh()
    assert actions.by_code["group"].isEnabled()
    assert "正在计算" in actions.by_code["select-all"].toolTip()
    actions.by_code["group"].trigger()
    (dialog,) = desk.window.findChildren(GroupingDialog)
    assert dialog.isVisible()
    desk.settle()
    dialog.reject()

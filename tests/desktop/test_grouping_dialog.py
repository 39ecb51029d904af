"""Grouping beside the map: what can be asked for, what the map shows, stopping, taking, discarding."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, town
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from renomap.assets import resource
from renomap.desktop.dialogs.grouping import GroupingDialog
from renomap.desktop.verbs import areas
from renomap.errors import RenomapError
from renomap.grouping.problem import DEFAULT_WEIGHTS
from renomap.model.problem import TERMS, Partial
from renomap.steps.options import EVERYTHING, SELECTED, UNASSIGNED_ONLY


@pytest.fixture
def dialog(desk: Desk) -> GroupingDialog:
    desk.open(town())
    areas.group(desk.window.desk)
    shown = desk.window.findChild(GroupingDialog)
    assert shown is not None
    desk.until(lambda: not desk.session.runner.jobs)
    return shown


def run(desk: Desk, dialog: GroupingDialog) -> None:
    dialog.run()
    desk.until(lambda: dialog.found is not None or not desk.session.runner.jobs, 200)


def overlays(desk: Desk) -> list[str]:
    return desk.canvas.overlay.names("group-")


def test_the_map_stays_in_reach_and_a_second_call_raises_the_first(
    desk: Desk, dialog: GroupingDialog
) -> None:
    assert not dialog.isModal()
    desk.click(3)
    assert desk.session.document.selection.fids == {3}
    areas.group(desk.window.desk)
    assert desk.window.findChildren(GroupingDialog) == [dialog]
    dialog.reject()


def test_nothing_chosen_is_what_the_preset_says(desk: Desk, dialog: GroupingDialog) -> None:
    options = dialog.options()
    assert (options.preset, options.areas, options.bounds, options.weights) == ("changsha", "auto", {}, {})
    assert (options.only, options.time_limit, options.gap_m) == (None, None, 30.0)
    dialog.reject()


def test_bounds_can_be_set_and_dropped(desk: Desk, dialog: GroupingDialog) -> None:
    dialog.demands.bounds["households_min"].setValue(500)
    dialog.demands.bounds["area_ha_max"].setValue(-1)
    dialog.demands.bounds["count_max"].setValue(9)
    options = dialog.options()
    assert options.bounds == {"households_min": 500.0, "area_ha_max": None, "count_max": 9.0}
    run(desk, dialog)
    kept = dialog.found.scheme.settings.bounds
    assert kept["households_min"] == 500
    assert "area_ha_max" not in kept
    assert [round(total) for total in households(dialog).tolist()] != []
    assert (households(dialog) >= 500).all()
    dialog.reject()


def households(dialog: GroupingDialog):  # type: ignore[no-untyped-def]
    """Households of each area that was found, without those whose size does not fit."""
    scheme = dialog.found.scheme
    frame = dialog.found.project.neighbourhoods.frame
    legal = scheme.areas.index[~scheme.areas["size_flag"].isin(["undersized", "oversized"])]
    inside = scheme.assignment[scheme.assignment.isin(legal)]
    return frame["households"].loc[inside.index].groupby(inside).sum()


def test_weights_are_rescaled_and_come_back(desk: Desk, dialog: GroupingDialog) -> None:
    page = dialog.weights_page
    total = sum(DEFAULT_WEIGHTS.values())
    usual = [f"{100 * DEFAULT_WEIGHTS.get(term, 0.0) / total:.0f} %" for term in TERMS]
    assert [label.text() for label in page._shares.values()] == usual
    for slider in page.sliders.values():
        slider.setValue(0)
    page.sliders["walk"].setValue(10)
    page.sliders["pooling"].setValue(30)
    assert page._shares["pooling"].text() == "75 %"
    assert sum(dialog.options().weights.values()) == pytest.approx(1.0)
    assert dialog.options().weights["walk"] == pytest.approx(0.25)
    page.reset_button.click()
    assert dialog.options().weights == {}
    dialog.reject()


def test_the_scope_follows_what_is_chosen_on_the_map(desk: Desk, dialog: GroupingDialog) -> None:
    scope = dialog.demands.scope
    desk.session.document.select((), 2)
    at = scope.findData(SELECTED)
    assert "6" in scope.itemText(at)
    scope.setCurrentIndex(at)
    assert dialog.options().fids == (2, 3, 6, 7, 10, 11)
    desk.session.document.select((0, 1))
    assert dialog.options().fids == (0, 1)
    for only in (None, UNASSIGNED_ONLY, EVERYTHING):
        scope.setCurrentIndex(scope.findData(only))
        assert (dialog.options().only, dialog.options().fids) == (only, ())
    dialog.reject()


def test_only_the_selection_is_shared_out_anew(desk: Desk, dialog: GroupingDialog) -> None:
    desk.session.document.select((1, 2))
    dialog.demands.scope.setCurrentIndex(dialog.demands.scope.findData(SELECTED))
    run(desk, dialog)
    before = desk.session.document.project.scheme.assignment
    after = dialog.found.scheme.assignment
    others = before.index.difference([1, 2])
    assert after[others].tolist() == before[others].tolist()
    dialog.reject()


def test_a_result_is_painted_and_discarded_without_a_trace(desk: Desk, dialog: GroupingDialog) -> None:
    before = desk.session.document.project
    run(desk, dialog)
    assert "group-outlines" in overlays(desk)
    assert "group-veil" in overlays(desk)
    assert any(name.startswith("group-paint") for name in overlays(desk))
    dialog.reject()
    assert overlays(desk) == []
    assert desk.session.document.project is before
    assert desk.session.document.undo_stack.count() == 0


def test_the_best_so_far_is_painted_while_it_improves(desk: Desk, dialog: GroupingDialog) -> None:
    seen: list[Partial] = []
    dialog.run()
    dialog._job.partly_done.connect(seen.append)
    painted: list[bool] = []
    dialog._job.partly_done.connect(lambda _: painted.append("group-veil" in overlays(desk)))
    desk.until(lambda: dialog.found is not None or not desk.session.runner.jobs, 200)
    assert seen
    assert painted[0]
    assert set(seen[0].fids.tolist()) <= set(range(12))
    dialog.reject()


def test_accepting_is_one_step_although_the_project_went_on(desk: Desk, dialog: GroupingDialog) -> None:
    run(desk, dialog)
    areas.copy_scheme(desk.window.desk)  # takes the key that the result had in mind
    title = desk.session.document.project.scheme.title
    dialog.accept()
    project = desk.session.document.project
    assert [scheme.title for scheme in project.schemes][:2] == ["方案一", title]
    assert len({scheme.key for scheme in project.schemes}) == 3
    assert project.active == project.schemes[2].key
    assert desk.session.document.undo_stack.count() == 2
    assert overlays(desk) == []
    desk.settle()


def test_a_result_for_other_neighbourhoods_is_refused(desk: Desk, dialog: GroupingDialog) -> None:
    run(desk, dialog)
    project = desk.session.document.project
    layer = project.layers[0]
    fewer = replace(project.with_layer(replace(layer, frame=layer.frame.iloc[:-1])), schemes=(), active=None)
    desk.session.document.apply_project(fewer, "change.test")
    told: list[Exception] = []
    desk.window.desk.show_fault = told.append
    dialog.accept()
    assert [fault.code for fault in told if isinstance(fault, RenomapError)] == ["window.group.outdated"]
    desk.settle()


def test_links_of_the_gap_are_drawn(desk: Desk, dialog: GroupingDialog) -> None:
    dialog.links.setChecked(True)
    desk.until(lambda: bool(dialog._counted.text()))
    assert "17" in dialog._counted.text()  # 3 x 3 beside each other, 4 x 2 one above the other
    assert any(name.startswith("group-links") for name in overlays(desk))
    dialog.gap.setValue(5)  # 10 m between the squares
    desk.until(lambda: "0" in dialog._counted.text() and "17" not in dialog._counted.text())
    dialog.links.setChecked(False)
    assert overlays(desk) == []
    dialog.reject()


def test_a_preset_of_ones_own_is_chosen_kept_and_found_again(
    desk: Desk, dialog: GroupingDialog, tmp_path: Path
) -> None:
    path = tmp_path / "本区.toml"
    text = resource("presets/changsha.toml").read_text(encoding="utf-8")
    text = text.replace('key = "changsha"', 'key = "ours"').replace("长沙片区化改造", "本区办法", 1)
    # a target outside the bounds would be refused
    text = text.replace("value = 4000", "value = 900").replace("value = 1225", "value = 600")
    path.write_text(text, encoding="utf-8")
    dialog.demands.add_preset(path)
    assert dialog.preset.currentText() == "本区办法"
    assert dialog.demands.bounds["households_max"].value() == 900
    run(desk, dialog)
    assert (households(dialog) <= 900).all()
    dialog.accept()
    desk.settle()
    path.unlink()
    areas.group(desk.window.desk)
    again = next(shown for shown in desk.window.findChildren(GroupingDialog) if shown.isVisible())
    assert again.preset.currentText() == "本区办法"
    assert again.options().preset == desk.session.document.project.preset
    again.reject()
    desk.until(lambda: not desk.session.runner.jobs)


def test_the_next_run_begins_with_what_made_the_scheme(desk: Desk, dialog: GroupingDialog) -> None:
    dialog.demands.bounds["households_min"].setValue(500)
    dialog.demands.bounds["area_ha_max"].setValue(-1)
    dialog.gap.setValue(20)
    dialog.weights_page.sliders["walk"].setValue(40)
    weights = dialog.options().weights
    run(desk, dialog)
    dialog.accept()
    desk.settle()
    again = GroupingDialog(desk.session, desk.session.document.project, desk.window)
    assert again.options().bounds == {"households_min": 500.0, "area_ha_max": None}
    assert again.options().gap_m == 20
    assert again.options().weights == pytest.approx(weights, abs=0.02)
    again.preset.activated.emit(again.preset.currentIndex())  # choosing the preset anew forgets all that
    assert (again.options().bounds, again.options().weights) == ({}, {})
    assert again.options().gap_m == 30
    again.reject()
    desk.until(lambda: not desk.session.runner.jobs)


def test_a_broken_preset_is_told_and_the_former_stays(
    desk: Desk, dialog: GroupingDialog, tmp_path: Path
) -> None:
    path = tmp_path / "broken.toml"
    shutil.copy(resource("presets/changsha.toml"), path)
    path.write_text(path.read_text(encoding="utf-8").replace("[bounds]", "[bonds]"), encoding="utf-8")
    dialog.demands.add_preset(path)
    assert "broken.toml" in dialog._told.text()
    assert dialog.preset.currentData() == "changsha"
    dialog.reject()


def test_stop_keeps_the_best_so_far(desk: Desk) -> None:
    """On a town large enough that the search is still at it when the hand comes to the button."""
    desk.open(town(40, 25, areas=False))
    dialog = GroupingDialog(desk.session, desk.session.document.project, desk.window, desk.canvas)
    dialog.show()
    dialog.run()
    job = dialog._job
    offered: list[object] = []
    job.partly_done.connect(offered.append)
    desk.until(lambda: bool(offered), 200)
    dialog._stop.click()
    assert "已停止" in dialog._told.text()  # at once, and whatever is still told of the search
    desk.until(lambda: not desk.session.runner.jobs, 60)
    assert dialog.found is not None
    assert not dialog.found.result.complete
    assert "当时最优" in dialog._told.text()
    assert dialog._accept.isEnabled()
    dialog.reject()


def test_stop_before_there_is_anything_says_so(desk: Desk, dialog: GroupingDialog) -> None:
    dialog.run()
    dialog._stop.click()
    desk.until(lambda: not desk.session.runner.jobs, 60)
    if dialog.found is None:
        assert "尚未" in dialog._told.text()
        assert not dialog._accept.isEnabled()
    assert dialog._run.isEnabled()
    dialog.reject()


def test_what_cannot_be_is_told_in_the_dialog(desk: Desk, dialog: GroupingDialog) -> None:
    dialog.count.setCurrentIndex(dialog.count.findData("exact"))
    dialog.exact.setValue(11)
    run(desk, dialog)
    assert dialog.found is None
    assert "11" in dialog._told.text()
    assert overlays(desk) == []
    dialog.reject()


def test_schemes_are_switched_copied_renamed_and_deleted_in_the_bar(desk: Desk) -> None:
    desk.open(town())
    bar, stack = desk.window.areas.schemes, desk.session.document.undo_stack
    assert bar.list.currentText() == "方案一"
    desk.window.actions_.by_code["copy-scheme"].trigger()
    assert bar.list.currentText() == "方案一 副本"
    desk.window.actions_.by_code["rename-scheme"].trigger()
    desk.answer("方案二")
    assert bar.list.currentText() == "方案二"
    bar.list.setCurrentIndex(0)
    bar.list.activated.emit(0)
    assert desk.session.document.project.active == "s1"
    desk.window.actions_.by_code["delete-scheme"].trigger()
    assert [scheme.title for scheme in desk.session.document.project.schemes] == ["方案二"]
    assert stack.count() == 4
    while stack.canUndo():
        stack.undo()
    assert [scheme.title for scheme in desk.session.document.project.schemes] == ["方案一"]
    assert bar.list.count() == 1
    desk.settle()
    QTest.keyClick(bar.list, Qt.Key.Key_Down)


def test_a_title_that_is_taken_is_refused(desk: Desk) -> None:
    desk.open(town())
    areas.copy_scheme(desk.window.desk)
    told: list[Exception] = []
    desk.window.desk.show_fault = told.append
    areas.rename_scheme(desk.window.desk)
    desk.answer("方案一")
    assert len(told) == 1
    assert desk.session.document.project.scheme.title == "方案一 副本"
    desk.settle()


def test_what_enter_does_next_is_the_one_blue_button(desk: Desk, dialog: GroupingDialog) -> None:
    def blue() -> list[str]:
        buttons = dialog.findChildren(QPushButton)
        return [each.text() for each in buttons if each.isDefault() or each.property("primary")]

    assert blue() == [dialog._run.text()]
    run(desk, dialog)
    assert blue() == [dialog._accept.text()]
    assert not dialog.options().onward
    dialog.demands.onward.click()
    assert dialog.options().onward
    dialog.reject()

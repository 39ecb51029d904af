"""The page of what is blank: what it would unlock, and a column pasted on the spot, undone in one step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from desk import Desk, town
from PySide6.QtGui import QGuiApplication

from renomap.desktop.dialogs.completeness import CompletenessDialog


def test_a_pasted_column_fills_what_is_blank_and_is_undone(desk: Desk) -> None:
    project = town()
    layer = project.neighbourhoods
    frame = layer.frame.copy()
    frame.loc[[3, 5], "households"] = np.nan
    desk.open(project.with_layer(replace(layer, frame=frame)))
    desk.window.actions_.by_code["completeness"].trigger()
    (dialog,) = desk.window.findChildren(CompletenessDialog)
    row = dialog.list.topLevelItem(0)
    assert (row.text(0), row.text(1)) == ("户数", "2/12 个小区")
    assert "判定片区规模" in row.text(2)
    assert "养老" in row.text(2)
    assert [dialog.names.item(at).text() for at in range(dialog.names.count())] == ["小区3", "小区5"]
    QGuiApplication.clipboard().setText("小区5\t300\n小区3\t约200户\n小区9\t1\n别处\t8")
    dialog.paste.click()
    after = desk.session.document.project.neighbourhoods.frame
    assert after["households"].loc[[3, 5, 9]].tolist() == [200.0, 300.0, 109.0]
    assert after["households_flag"].loc[3] == "approximate"
    assert dialog.told.text().startswith("已填入 2 个数值，可撤销。另有 1 行找不到对应的小区：别处")
    assert "1 行所指小区原有数值" in dialog.told.text()
    assert "households" not in {blank.field for blank in dialog.blanks}
    desk.session.document.undo_stack.undo()
    assert desk.session.document.project.neighbourhoods.frame["households"].isna().sum() == 2
    assert dialog.blanks[0].field == "households"
    dialog.select.click()
    dialog.choose("households")
    dialog.select.click()
    assert desk.session.document.selection.fids == {3, 5}
    dialog.close()


def test_a_clipboard_without_a_column_is_told(desk: Desk) -> None:
    desk.open(town())
    desk.window.actions_.by_code["completeness"].trigger()
    (dialog,) = desk.window.findChildren(CompletenessDialog)
    dialog.choose("parking_spaces")
    dialog.choose("elevators")
    QGuiApplication.clipboard().setText("1\n2")
    dialog.paste.click()
    assert "剪贴板里没有可用的列" in dialog.told.text()
    assert "12 行数值" in dialog.told.text()
    assert not desk.session.document.undo_stack.canUndo()
    dialog.close()

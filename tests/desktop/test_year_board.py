"""The year board on the shown window: a card dragged, the cap that answers, a listed project that stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk, town
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from renomap.desktop.panels.year_board import YearBoard
from renomap.model.change import difference
from renomap.model.programme import Programme
from renomap.steps.judge import judge_by


@pytest.fixture
def desk(tmp_path: Path, qapp: object) -> Desk:
    made = Desk(tmp_path)
    project = town()
    assert project.scheme is not None
    areas = [int(str(area)) for area in project.scheme.areas.index[:2]]
    fids = [int(str(project.scheme.assignment.index[project.scheme.assignment == area][0])) for area in areas]
    programme = Programme().with_rows(
        "projects", [{"scheme": project.scheme.key, "area": area, "name": f"片区{area}"} for area in areas]
    )
    programme = programme.with_rows(
        "works", [{"fid": fid, "item": "roof", "cost": 6_000_000 * (k + 1)} for k, fid in enumerate(fids)]
    )
    made.open(replace(project, programme=programme))
    made.window.actions_.by_code["programme-years"].trigger()
    made.until(lambda: bool(made.window.years.board.columns))
    return made


def place_of(board: YearBoard, key: int) -> tuple[int, int]:
    return next(
        (nth, k)
        for nth, column in enumerate(board.columns)
        for k, card in enumerate(column.cards)
        if card.key == key
    )


def drag(desk: Desk, key: int, to: int) -> None:
    board = desk.window.years.board
    begin = board.card_rect(*place_of(board, key)).center().toPoint()
    end = QPoint(round(board.column_rect(to).center().x()), begin.y())
    QTest.mousePress(board.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    for part in (0.3, 0.7, 1.0):
        QTest.mouseMove(board.viewport(), begin + (end - begin) * part)
    QTest.mouseRelease(board.viewport(), Qt.MouseButton.LeftButton, pos=end)
    desk.settle()


def test_a_card_is_dragged_to_a_year_and_undone(desk: Desk) -> None:
    board, document = desk.window.years.board, desk.session.document
    key = board.columns[-1].cards[0].key
    drag(desk, key, 0)
    assert place_of(board, key)[0] == 0
    assert document.project is not None
    row = document.project.programme.projects.iloc[0]
    assert (row["year"], row["fixed"]) == (board.columns[0].year, True)
    assert document.selection.area == key, "the card that is taken is chosen everywhere"
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    desk.settle()
    assert board.columns[place_of(board, key)[0]].year is None
    desk.close()


def test_the_cap_answers_and_the_solver_leaves_what_is_fixed(desk: Desk) -> None:
    board, document = desk.window.years.board, desk.session.document
    assert document.project is not None
    year = board.columns[0].year
    capped = judge_by(document.project, None, [f"cap.{year}=1000万"], by="王工")
    document.apply(difference(document.project, capped, "change.set-cap", year=year))
    desk.settle()
    first, second = sorted(card.key for card in board.columns[-1].cards[:2])
    drag(desk, first, 0)
    column = board.columns[0]
    assert not column.is_over(), "6 of 10 million"
    assert column.is_over(12_000_000, 1)
    drag(desk, second, 0)
    assert board.columns[0].is_over()
    desk.window.years.solve.click()
    desk.until(lambda: not desk.session.runner.jobs)
    desk.settle()
    assert [card.key for card in board.columns[0].cards if card.fixed] == [first, second]
    assert "超出限额 800.0 万元" in desk.window.years.told.text()
    desk.close()


def test_what_is_on_a_list_is_moved_there_and_not_here(desk: Desk) -> None:
    board, document = desk.window.years.board, desk.session.document
    assert document.project is not None
    assert document.project.scheme is not None
    key = board.columns[-1].cards[0].key
    assignment = document.project.scheme.assignment
    units = [
        {"fid": int(str(fid)), "stage": "annual", "year": 2027} for fid in assignment.index[assignment == key]
    ]
    listed = replace(document.project, programme=document.project.programme.with_rows("units", units))
    document.apply(difference(document.project, listed, "change.move-list", to="2027"))
    desk.settle()
    nth = place_of(board, key)[0]
    assert (board.columns[nth].year, board.columns[nth].cards[0].listed) == (2027, True)
    drag(desk, key, 0)
    assert place_of(board, key)[0] == nth
    assert [fault.code for fault in desk.faults] == ["window.years.listed"]  # type: ignore[attr-defined]
    desk.close()

"""The status line: a sentence is told whole in a narrow window, and what gave way comes back."""

from __future__ import annotations

import pytest
from desk import Desk, town

SENTENCE = "片区“南岸路片区”的户数 927 超出上限，请缩小范围后再试。"


@pytest.mark.parametrize("width", [800, 1024, 1366])
def test_a_sentence_is_not_cut(desk: Desk, width: int) -> None:
    desk.open(town())
    status = desk.window.status
    desk.session.document.select((1, 2, 3), None)
    desk.window.resize(width, 700)
    desk.settle()
    status.tell(SENTENCE, warning=True)
    desk.until(lambda: status.width() == width and status.message.width() > 300)
    assert status.message.width() >= status.message.sizeHint().width()
    assert not status.scale.isHidden()
    status.tell("")
    assert not status._chosen.isHidden()
    assert not status._crs.isHidden()

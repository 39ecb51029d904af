"""Names are found by characters, pinyin and initials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.wording.spelling import place_of, readings


@pytest.mark.parametrize(
    ("typed", "at"),
    [("", 0), ("南堤", 0), ("nandi", 0), ("ND", 0), ("n d l", 0), ("nandil", 0), ("路片", 2), ("lpq", 2),
     ("南di", 0), ("nl", None), ("xq", None), ("nandix", None), ("pianqux", None)],
)  # fmt: skip
def test_a_name_is_found_by_any_spelling(typed: str, at: int | None) -> None:
    assert place_of(typed, "南堤路片区") == at


def test_every_reading_counts_and_the_umlaut_is_typed_as_v() -> None:
    assert place_of("changsha", "长沙") == 0
    assert place_of("zhangsha", "长沙") == 0
    assert place_of("lvhua", "绿化") == 0
    assert place_of("chongqing", "重庆") == place_of("zhongqing", "重庆") == 0
    assert place_of("a3", "A3 报告") == 0


@given(st.text(alphabet="南堤路建湘桔园里长沙AB12", min_size=1, max_size=8), st.data())
def test_any_part_spelled_any_way_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    spelled = "".join(
        data.draw(
            st.sampled_from([part for reading in readings(sign.lower()) for part in (reading, reading[0])])
        )
        for sign in text[start:end]
    )
    found = place_of(spelled, text)
    assert found is not None
    assert found <= start

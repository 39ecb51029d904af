"""What is derived from a frame lives as long as the frame, and no longer."""

from __future__ import annotations

import gc

import pandas as pd

from renomap.model import derived
from renomap.model.derived import Identity, once


def test_made_once_for_an_owner_and_purpose() -> None:
    made: list[int] = []
    frame, other = pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1]})

    def make() -> int:
        made.append(len(made))
        return made[-1]

    assert [once(frame, "x", make), once(frame, "x", make), once(frame, "y", make)] == [0, 0, 1]
    assert once(other, "x", make) == 2


def test_what_was_made_goes_with_its_owner() -> None:
    before = len(derived._kept)
    for number in range(50):
        frame = pd.DataFrame({"a": [number]})
        assert once(frame, "first", lambda frame=frame: int(frame["a"].iloc[0])) == number
        del frame
        gc.collect(0)
    gc.collect()
    assert len(derived._kept) <= before + 1


def test_an_identity_equals_none_of_an_object_that_is_gone() -> None:
    frame = pd.DataFrame({"a": [1]})
    one, two, other = Identity(frame), Identity(frame), Identity(pd.DataFrame({"a": [1]}))
    assert one == two
    assert hash(one) == hash(two)
    assert one != other
    del frame
    gc.collect()
    assert one != two

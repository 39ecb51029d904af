"""One turned bit anywhere in a project file: the same project, a remark that it was changed, or a refusal."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from kept_project import make_project, same

from renomap.errors import RenomapError
from renomap.store.projectfile import CHANGED_OUTSIDE, open_project, save


@pytest.mark.parametrize(
    ("flips", "seed"), [(40, 0), *(pytest.param(200, n, marks=pytest.mark.long) for n in range(1, 11))]
)
def test_no_bit_changes_a_project_in_silence(tmp_path: Path, flips: int, seed: int) -> None:
    path, chance = tmp_path / "p.gpkg", random.Random(seed)
    save(replace(make_project(), meta={"a": (1, "b")}), path)
    raw = path.read_bytes()
    saved = open_project(path)
    for _ in range(flips):
        at, bit = chance.randrange(len(raw)), 1 << chance.randrange(8)
        path.write_bytes(raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :])
        try:
            back = open_project(path)
        except RenomapError as told:
            refused = told.code
        else:
            refused = ""
        if refused:
            assert refused in ("store.damaged", "store.not-a-project", "store.newer")
        elif not any(note.code == CHANGED_OUTSIDE for note in back.notes):
            assert same(replace(back, notes=saved.notes), saved), (at, bit)
            assert back.notes == saved.notes, (at, bit)

"""Project files and journals of every former format open as what they were.

Each was written by the program of its day: two areas, one drawn and locked (in the first both derived), and
a journal of two changes: the first neighbourhood to the other area, then a client in the title block.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from renomap.model.change import apply
from renomap.store.journal import journal_path, read_journal
from renomap.store.projectfile import CHANGED_OUTSIDE, open_project, save, saved_mark

DATA = Path(__file__).parent.parent / "data" / "formats"
FORMATS = ("1-first", "1-rows", "1-tables", "2-programme")
NAMES = [f"{sign}里" for sign in "甲乙丙丁戊己庚辛"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_former_file_and_its_journal(tmp_path: Path, name: str) -> None:
    path = tmp_path / "p.gpkg"
    path.write_bytes(gzip.decompress((DATA / f"{name}.gpkg.gz").read_bytes()))
    shutil.copy(DATA / f"{name}.journal", journal_path(path))
    project = open_project(path)
    assert not [note for note in project.notes if note.code == CHANGED_OUTSIDE]
    assert project.neighbourhoods is not None
    frame = project.neighbourhoods.frame
    assert frame["name"].tolist() == NAMES
    assert frame["households"].tolist() == [100.0 + 10 * k for k in range(8)]
    assert frame["year_max"].tolist() == [1985.0 + k for k in range(8)]
    assert frame.geometry.area.round(6).eq(10_000).all()
    (scheme,) = project.schemes
    first = name == "1-first"
    assert scheme.assignment.tolist() == [1, 1, 2, 2, 1, 1, 2, 2 if first else 0]
    assert scheme.areas["name"].tolist() == ["一", "二"]
    assert scheme.areas["kind"].tolist() == ["derived", "derived" if first else "drawn"]
    assert scheme.areas["locked"].tolist() == [False, not first]
    assert scheme.areas["size_flag"].isna().tolist() == [True, False]
    assert scheme.areas["size_flag"].iloc[1] == "undersized"
    assert scheme.settings.preset == "changsha"
    assert (project.active, project.preset, project.standard) == ("s1", "changsha", "changsha")

    recorded = read_journal(journal_path(path), saved_mark(path))
    assert recorded is not None
    assert (len(recorded.changes), recorded.total, recorded.fault) == (2, 2, None)
    for change in recorded.changes:
        project = apply(project, change)
    assert project.schemes[0].assignment.tolist()[:2] == [2, 1]
    assert project.form["client"] == "住建局"

    save(project, path)
    again = open_project(path)
    assert again.form == project.form
    assert again.schemes[0].assignment.equals(project.schemes[0].assignment)
    assert again.neighbourhoods is not None
    assert again.neighbourhoods.frame["name"].tolist() == NAMES

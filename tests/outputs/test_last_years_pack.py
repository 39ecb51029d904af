"""A pack of an earlier program: its files open as what they say, and what was changed in it is kept."""

from __future__ import annotations

import shutil
from pathlib import Path

from renomap.outputs.pack import _former_files, _keep_changed
from renomap.steps.import_ import import_sources

PACK = Path(__file__).parent.parent / "data" / "formats" / "pack"


def test_its_areas_and_neighbourhoods_are_a_project() -> None:
    project = import_sources([PACK / "areas.geojson", PACK / "neighbourhoods.geojson"])
    assert project.neighbourhoods is not None
    frame = project.neighbourhoods.frame
    assert frame["name"].tolist() == [f"{sign}里" for sign in "甲乙丙丁戊己庚辛"]
    assert frame["households"].tolist() == [100.0 + 10 * k for k in range(8)]
    (scheme,) = project.schemes
    assert scheme.areas["name"].tolist() == ["一", "二"]
    # The last was in no area, on ground that the boundary of the second encloses.
    assert scheme.assignment.tolist() == [1, 1, 2, 2, 1, 1, 2, 2]


def test_what_was_changed_in_it_is_kept(tmp_path: Path) -> None:
    folder, draft = tmp_path / "pack", tmp_path / "draft"
    shutil.copytree(PACK, folder)
    draft.mkdir()
    assert set(_former_files(folder) or {}) >= {"areas.geojson", "README.txt", "tables.xlsx", "report.pdf"}
    assert _keep_changed(folder, draft) == []
    note = (folder / "README.txt").read_text("utf-8-sig") + "会上已改"
    (folder / "README.txt").write_text(note, "utf-8")
    (kept,) = _keep_changed(folder, draft)
    assert kept.startswith("README.")
    assert (draft / kept).read_text("utf-8") == note

"""Every real file as far as it goes: imported, saved, opened again without a change, grouped, packed.

What cannot go further says why in a sentence; nothing ends in a traceback. ``RENOMAP_FIGURES`` names a file
that gets a line for each: how far it came, its neighbourhoods, seconds.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from test_sources_every_file import outcomes, require_same

from renomap.errors import RenomapError
from renomap.model.page import Page
from renomap.model.project import Project
from renomap.sources.options import ImportOptions
from renomap.steps.group import group
from renomap.steps.handover import pack
from renomap.steps.import_ import import_sources
from renomap.steps.options import GroupOptions
from renomap.steps.plan import make_plan
from renomap.store.projectfile import open_project, save
from renomap.wording.catalogue import error_sentence, words

DATA = os.environ.get("RENOMAP_REAL_DATA")
pytestmark = [
    pytest.mark.real,
    pytest.mark.long,
    pytest.mark.skipif(DATA is None, reason="RENOMAP_REAL_DATA names no folder of real data"),
]
FILES = tuple(dict.fromkeys(row["file"] for row in outcomes()))


def ways(file: str) -> Iterator[ImportOptions]:
    """As a user who says nothing, and with each place or system that the table of outcomes names."""
    yield ImportOptions()
    for row in outcomes():
        if row["file"] == file and (row["near"] or row["crs"]):
            lon, _, lat = row["near"].partition(",")
            yield ImportOptions(crs=row["crs"] or "auto", near=(float(lon), float(lat)) if lat else None)


def imported(file: str) -> Project:
    first: RenomapError | None = None
    for way in ways(file):
        try:
            return import_sources([Path(str(DATA)) / file], way)
        except RenomapError as told:
            first = first or told
    assert first is not None
    raise first


def handed_over(file: str, folder: Path) -> str:
    """How far the file came; the reason is a sentence in both languages."""
    stage = "imported"
    try:
        project = imported(file)
        save(project, folder / "p.gpkg")
        back = open_project(folder / "p.gpkg")
        require_same(back, project)
        stage = "kept"
        if back.neighbourhoods is None or len(back.neighbourhoods.frame) < 2:
            return f"kept without neighbourhoods ({sum(len(each.frame) for each in back.layers)} rows)"
        form = {**back.form, "title": "片区"}
        grouped = group(replace(back, form=form), GroupOptions(preset="changsha", time_limit=2.0)).project
        save(grouped, folder / "g.gpkg")
        require_same(open_project(folder / "g.gpkg"), grouped)
        stage = "grouped"
        pack(make_plan(grouped), folder / "pack", words("zh"), Page(area_pages=False))
    except RenomapError as told:
        for language in ("en", "zh"):
            said = error_sentence(words(language), told)
            assert "\n" not in said
            assert "{" not in said
        return f"{stage}, then {told.code}"
    return f"packed ({len(back.neighbourhoods.frame)} neighbourhoods)"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file", FILES)
def test_as_far_as_it_goes(file: str, tmp_path: Path) -> None:
    start = time.monotonic()
    came = handed_over(file, tmp_path)
    if figures := os.environ.get("RENOMAP_FIGURES"):
        with Path(figures).open("a", encoding="utf-8") as log:
            log.write(f"{file}\t{came}\t{time.monotonic() - start:.1f}\n")

"""A programme without rows changes no file that is handed over."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from normalised import differences, parts
from plan_sample import sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.model.programme import Programme
from renomap.outputs import geopackage
from renomap.outputs.geojson import write_areas, write_neighbourhoods
from renomap.outputs.pack import write_pack
from renomap.outputs.tables import write_xlsx
from renomap.outputs.webmap import write_html
from renomap.steps.programme import with_programme

WORDS = sample_words("zh")


@pytest.fixture(scope="module")
def bare() -> Plan:
    return sample_plan(2, 2, 1)


def emptied(plan: Plan) -> Plan:
    """The plan of a project whose rules were chosen and whose rows were all taken out again."""
    filled = Programme("changsha").with_rows("works", [{"fid": 1, "item": "roof"}])
    none = filled.with_table("works", filled.works.iloc[:0])
    return with_programme(plan, replace(plan.project, programme=none))


def test_tables_layers_and_map_stay_as_they_are(bare: Plan, tmp_path: Path) -> None:
    for name, plan in (("bare", bare), ("empty", emptied(bare))):
        folder = tmp_path / name
        folder.mkdir()
        write_areas(plan, folder / "areas.geojson")
        write_neighbourhoods(plan, folder / "neighbourhoods.geojson")
        geopackage.write(plan, folder / "plan.gpkg")
        write_xlsx(plan, folder / "tables.xlsx", WORDS)
        write_html(plan, folder / "map.html", WORDS)
    assert differences(tmp_path / "bare", tmp_path / "empty") == []


@pytest.mark.long
def test_the_whole_pack_stays_as_it_is(bare: Plan, tmp_path: Path) -> None:
    for name, plan in (("bare", bare), ("empty", emptied(bare))):
        write_pack(plan, tmp_path / name, WORDS)
    assert differences(tmp_path / "bare", tmp_path / "empty") == []


def test_what_differs_is_found_and_times_and_versions_are_not(tmp_path: Path) -> None:
    for folder, day, word in (("a", "1", "x"), ("b", "2", "x"), ("c", "2", "y")):
        (tmp_path / folder).mkdir()
        with zipfile.ZipFile(tmp_path / folder / "t.xlsx", "w") as archive:
            told = f"<dcterms:created xsi:type='w'>2026-01-0{day}T00:00:00Z</dcterms:created>{word}"
            archive.writestr("docProps/core.xml", told)
        (tmp_path / folder / "map.html").write_text(f"2026010{day}-1200-0123abc{day} {word}")
    assert differences(tmp_path / "a", tmp_path / "b") == []
    assert differences(tmp_path / "a", tmp_path / "c") == ["map.html: ", "t.xlsx: docProps/core.xml"]
    assert parts(tmp_path / "a" / "map.html") == {"": b" x"}

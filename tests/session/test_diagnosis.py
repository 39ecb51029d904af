"""A diagnosis tells versions, sizes and faults, and nothing that was surveyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from renomap.errors import RenomapError
from renomap.session.diagnosis import KEPT_FAULTS, FaultLog, diagnosis
from renomap.session.settings import Settings
from renomap.steps.demo import sample_project


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(tmp_path / "settings.ini")
    found.remember_file(tmp_path / "张家里.gpkg", "长沙")
    found.meeting_by = "王工"
    return found


def test_it_tells_sizes_and_no_name_of_anything_surveyed(settings: Settings) -> None:
    project = sample_project()
    text = diagnosis(project, settings, ())
    layer = project.neighbourhoods
    assert layer is not None
    assert f"layer of neighbourhoods: {len(layer.frame)} rows" in text
    assert f"Project in {project.crs}" in text
    assert text.isascii()  # every name of the town, the file, the place and the person is Chinese
    assert "No project is open" in diagnosis(None, settings, ())


def test_faults_are_told_by_place_without_their_message(settings: Settings) -> None:
    log = FaultLog()
    for number in range(KEPT_FAULTS + 1):
        try:
            raise ValueError(f"{number} of 张家里")
        except ValueError as fault:
            log.note(fault)
    log.note(RenomapError("store.busy", path="张家里.gpkg"))
    text = diagnosis(None, settings, log.faults)
    assert len(log.faults) == KEPT_FAULTS
    assert text.count("ValueError") == KEPT_FAULTS - 1
    assert "test_diagnosis.py:" in text
    assert "store.busy" in text
    assert text.isascii()

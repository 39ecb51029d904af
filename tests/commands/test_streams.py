"""What the commands print and write for scripts, as separate processes."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box

from renomap.__main__ import main


def _survey(path: Path, holes: tuple[int, ...] = ()) -> Path:
    """Twelve neighbourhoods in two rows; those at ``holes`` are null or empty, 7 and 8 are too young."""
    shapes = [box(x, y, x + 100, y + 80) for y in (3120000, 3120090) for x in range(400000, 400660, 110)]
    for place, hole in enumerate(holes):
        shapes[hole] = None if place % 2 == 0 else Polygon()
    years = [2010 if row in (7, 8) else 1985 for row in range(12)]
    table = {"小区名称": [f"n{row}" for row in range(12)], "户数": [300] * 12, "建成年代": years}
    gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4547").to_file(path)
    return path


@pytest.mark.parametrize("holes", [(), (0, 4, 10, 11)])
def test_labels_have_a_row_for_each_row_of_the_survey(tmp_path: Path, holes: tuple[int, ...]) -> None:
    survey, labels = _survey(tmp_path / "survey.gpkg", holes), tmp_path / "labels.csv"
    assert main(["group", str(survey), "-o", str(tmp_path / "p.gpkg"), "--labels", str(labels)]) == 0
    with labels.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["row"]) for row in rows] == list(range(12))
    for number, row in enumerate(rows):
        assert row["fid"] == ("" if number in holes else str(number + 1))
        assert (row["area"] == "") == (number in (*holes, 7, 8))


def test_a_reader_that_stops_reading_breaks_nothing(tmp_path: Path) -> None:
    survey = _survey(tmp_path / "survey.gpkg")
    command = [sys.executable, "-m", "renomap", "check", str(survey)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


def test_a_library_that_prints_leaves_the_json_whole(tmp_path: Path) -> None:
    """It prints past Python, as one in C does, in the middle of the work."""
    script = """
import os, sys
from renomap import __main__
from renomap.commands import run
work = run.run_command
run.run_command = lambda *given: (os.write(1, b"Running a solver\\n"), work(*given))[1]
sys.exit(__main__.main(sys.argv[1:]))
"""
    command = [sys.executable, "-c", script, "check", str(_survey(tmp_path / "survey.gpkg")), "--json"]
    run = subprocess.run(command, capture_output=True, check=True)
    assert isinstance(json.loads(run.stdout), dict)
    assert run.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_standard_output_is_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "renomap", "check", str(_survey(tmp_path / "survey.gpkg")), "--json"]
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_stopped_command_leaves_nothing(tmp_path: Path, name: str) -> None:
    survey, out = _survey(tmp_path / "survey.gpkg"), tmp_path / "p.gpkg"
    code = (
        "import os, signal, sys; from renomap.store import projectfile as store;"
        "from renomap.__main__ import main;"
        f"store._verify = lambda *_: os.kill(os.getpid(), signal.{name});"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "import", str(survey), "-o", str(out)]
    run = subprocess.run(command, capture_output=True, check=False)
    assert run.returncode == 130
    assert len(run.stderr.splitlines()) == 1
    assert [item.name for item in tmp_path.iterdir()] == ["survey.gpkg"]

"""What the commands print and write for scripts, as separate processes."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box

from renomap.__main__ import main
from renomap.store.projectfile import open_project


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
        "signal.signal(signal.SIGINT, signal.default_int_handler);"  # a shell may have us ignore it
        f"store._verify = lambda *_: os.kill(os.getpid(), signal.{name});"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "import", str(survey), "-o", str(out)]
    run = subprocess.run(command, capture_output=True, check=False)
    assert run.returncode == 130
    assert len(run.stderr.splitlines()) == 1
    assert [item.name for item in tmp_path.iterdir()] == ["survey.gpkg"]


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes streams")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_place_for_a_project(tmp_path: Path, closed: str) -> None:
    """A library in C prints while the project is open; its file must not have got the number of a stream."""
    survey, out = _survey(tmp_path / "survey.gpkg"), tmp_path / "p.gpkg"
    script = """
import os, sys
from renomap import __main__
__main__._have_streams()  # main does so before anything opens a file
from renomap.commands import run
work = run.run_command
def noisy(*given):
    from renomap.store import projectfile
    write = projectfile._write_rows
    def written(rows, path, *more):
        with open(path, "r+b"):
            os.write(1, b"Running a solver")
            os.write(2, b"and warning")
        write(rows, path, *more)
    projectfile._write_rows = written
    return work(*given)
run.run_command = noisy
sys.exit(__main__.main(sys.argv[1:]))
"""
    shell = ["sh", "-c", f'"$@" {closed}', "sh", sys.executable, "-c", script]
    run = subprocess.run([*shell, "import", str(survey), "-o", str(out)], capture_output=True, check=False)
    assert (run.returncode, run.stderr.replace(b"and warning", b"")) == (0, b"")
    assert open_project(out).neighbourhoods is not None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_fault_that_nobody_can_be_told_has_its_exit_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "renomap", "check", str(tmp_path / "nothing.shp")]
    with Path("/dev/full").open("wb") as full:
        assert subprocess.run(command, stderr=full, check=False).returncode == 2
        told = subprocess.run([*command[:3], "--help"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="screens have names on Linux")
@pytest.mark.parametrize("screen", [{"QT_QPA_PLATFORM": "nonsense"}, {"DISPLAY": ":977"}])
def test_a_screen_that_does_not_answer_is_a_sentence(tmp_path: Path, screen: dict[str, str]) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    command = [sys.executable, "-m", "renomap", str(_survey(tmp_path / "survey.gpkg"))]
    run = subprocess.run(command, env=plain | screen, capture_output=True, check=False, timeout=60)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1

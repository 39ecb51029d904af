"""Where kernels are kept, and that long work on the ground can be stopped."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from renomap.compiled import cache
from renomap.compiled.cache import cache_folder, edition
from renomap.errors import Cancelled
from renomap.ground.links import collect, find_links
from renomap.ground.territories import territories
from renomap.model.feedback import Silent


@pytest.fixture(autouse=True)
def no_folder_given(monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)


def test_kernels_are_kept_in_the_users_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache_folder()
    assert folder is not None
    assert tmp_path in folder.parents
    assert folder.stat().st_mode & 0o077 == 0


def test_without_a_cache_they_are_kept_in_temp(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = cache_folder()
    assert folder is not None
    assert tmp_path in folder.parents


def test_without_any_place_they_are_not_kept(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr(tempfile, "tempdir", str(blocked))
    assert cache_folder() is None


def test_a_folder_that_others_may_write_is_not_trusted(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    first = cache_folder()
    assert first is not None
    first.chmod(0o777)
    second = cache_folder()
    assert second is not None
    assert Path(tmp_path / "temp") in second.parents


def test_kernels_that_came_along_are_not_compiled(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "SHIPPED", tmp_path / "shipped")
    for name in ("another/ground/k.py311.1.nbc", f"{edition()}/ground/k.py311.1.nbc", f"{edition()}/is-warm"):
        path = tmp_path / "shipped" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"machine code")
    folder = cache_folder()
    assert folder is not None
    kept = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    assert sorted(kept) == [str(Path("ground/k.py311.1.nbc")), "is-warm"]
    (folder / "is-warm").write_bytes(b"of the user's own")
    assert cache_folder() == folder
    assert (folder / "is-warm").read_bytes() == b"of the user's own"


def test_editions_that_nobody_uses_any_more_are_removed(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    beside = tmp_path / "renomap" / "kernels"
    for name, days in (("old", 61), ("recent", 59)):
        (beside / name / "ground").mkdir(parents=True)
        os.utime(beside / name, (time.time() - days * 86_400,) * 2)
    assert cache_folder() == beside / edition()
    assert sorted(path.name for path in beside.iterdir()) == sorted(["recent", edition()])


def test_where_a_kernel_is_kept_does_not_depend_on_where_the_program_lies():
    from renomap.ground.kernels.frontage import frontages

    kept = Path(frontages._cache.cache_path)
    assert kept.name == "ground"
    assert Path(__file__).parents[2] not in kept.parents
    assert frontages._cache._impl.locator.get_source_stamp() == edition()


class Stopped(Silent):
    """Cancels at the n-th look."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def check(self) -> None:
        self.looks -= 1
        if self.looks <= 0:
            raise Cancelled


@pytest.mark.parametrize("work", [find_links, territories])
def test_work_on_the_ground_stops_when_asked(work):
    town = gpd.GeoSeries([shapely.box(70 * k, 0, 70 * k + 60, 60) for k in range(9)], index=np.arange(9))
    with pytest.raises(Cancelled):
        work(town, collect(), feedback=Stopped(2 if work is territories else 1))

"""The Windows folder has all that the program requires, each file pinned by its digest."""

from __future__ import annotations

import importlib.util
import re
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def windows() -> ModuleType:
    spec = importlib.util.spec_from_file_location("windows_folder", ROOT / "packaging" / "windows.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_requirement_is_pinned_in_a_version_that_it_allows(windows: ModuleType) -> None:
    pinned = {}
    for line in windows.locked():
        name, number = re.fullmatch(r"(\S+)==(\S+) --hash=sha256:[0-9a-f]{64}", line).groups()
        pinned[name.lower()] = number
    asked = [Requirement(line) for line in windows.requirements()]
    assert windows.names_of(windows.requirements()) <= set(pinned)
    for each in asked:
        assert each.specifier.contains(pinned[each.name.lower()]), each


def test_what_is_left_out_goes_and_what_is_kept_stays(windows: ModuleType, tmp_path: Path) -> None:
    goes = ["PySide6/Qt6Quick.dll", "PySide6/designer.exe", "pandas/tests/a.py", "numpy/core.pyi"]
    stays = [
        "PySide6/Qt6Core.dll",
        "PySide6/QtGui.pyd",
        "renomap/__main__.py",
        "PySide6/plugins/platforms/q.dll",
    ]
    for name in (*goes, *stays):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert {path.relative_to(tmp_path).as_posix() for path in windows.left_out(tmp_path)} == set(goes)


def test_the_same_folder_gives_the_same_archive(windows: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "renomap-1"
    folder.mkdir()
    (folder / "使用说明.txt").write_text("说明", encoding="utf-8")
    first = windows.pack(folder).read_bytes()
    (folder / "使用说明.txt").touch()
    archive = windows.pack(folder)
    assert archive.read_bytes() == first
    with zipfile.ZipFile(archive) as packed:
        assert packed.namelist() == ["renomap-1/使用说明.txt"]
        assert packed.read("renomap-1/使用说明.txt").decode() == "说明"


def test_the_sign_is_an_icon_of_five_sizes(windows: ModuleType, qapp: object) -> None:
    icon = windows._icon()
    assert icon[:6] == b"\0\0\1\0\5\0"
    assert icon.count(b"\x89PNG") == 5


def test_the_licence_that_qt_is_used_under_comes_along() -> None:
    texts = {path.stem: path.read_text("utf-8") for path in (ROOT / "packaging" / "licences").iterdir()}
    assert sorted(texts) == ["GPL-3.0", "LGPL-3.0"]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["LGPL-3.0"][:200]
    assert "GNU GENERAL PUBLIC LICENSE" in texts["GPL-3.0"][:200]

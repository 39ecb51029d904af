from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
import shapely
from survey_files import dbf, frame, shapefile, square, write

from renomap.errors import Cancelled, RenomapError
from renomap.model.feedback import Silent
from renomap.sources.containers import DataSetKind, find
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read


def code_of(paths: list[Path], tmp_path: Path) -> str:
    work = tmp_path / "work"
    work.mkdir(exist_ok=True)
    with pytest.raises(RenomapError) as raised:
        find(paths, work, Silent())
    return raised.value.code


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    return write(tmp_path / "survey.gpkg", {"小区": frame([square(0), square(1)], 小区名称=["甲苑", "乙苑"])})


@pytest.mark.parametrize(
    "name", ["!甲.gpkg", "带 空格 #1.gpkg", 'it\'s "quoted".gpkg', "a!b!c.gpkg", "100%.gpkg", "x?.gpkg"]
)
def test_odd_file_names(tmp_path: Path, survey: Path, name: str) -> None:
    odd = tmp_path / name
    shutil.copyfile(survey, odd)
    reading = read([odd])
    assert reading.layers[0].frame["name"].tolist() == ["甲苑", "乙苑"]
    assert reading.layers[0].title == "小区"


def test_a_folder_of_surveys_in_folders(tmp_path: Path) -> None:
    (tmp_path / "调查" / "一街道").mkdir(parents=True)
    shapefile(tmp_path / "调查" / "一街道" / "小区.shp", [square(0)])
    shapefile(
        tmp_path / "调查" / "道路.shp", [shapely.LineString([(395_000, 3_121_000), (395_400, 3_121_000)])]
    )
    (tmp_path / "调查" / "说明.txt").write_text("x")
    (tmp_path / "调查" / "坏.geojson").write_text("{")
    reading = read([tmp_path / "调查"])
    assert [layer.title for layer in reading.layers] == ["小区", "道路"]
    assert [note.params["name"] for note in reading.notes if note.code == "sources.file-left-out"] == [
        "坏.geojson"
    ]


def test_a_zip_with_gbk_names(tmp_path: Path) -> None:
    shapefile(tmp_path / "a.shp", [square(0)])
    raw = tmp_path / "raw.zip"
    placeholder = "XXXX"  # as many bytes as the GBK name
    with zipfile.ZipFile(raw, "w") as archive:
        for part in (".shp", ".shx", ".dbf", ".prj"):
            archive.write(tmp_path / f"a{part}", f"{placeholder}{part}")
    packed = tmp_path / "小区.zip"
    packed.write_bytes(raw.read_bytes().replace(placeholder.encode(), "小区".encode("gbk")))
    assert read([packed]).layers[0].title == "小区"


def test_a_zip_in_a_zip(tmp_path: Path, survey: Path) -> None:
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.write(survey, "survey.gpkg")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "inner.zip")
    assert len(read([outer]).layers[0].frame) == 2


@pytest.mark.parametrize(
    "name",
    ["../evil.geojson", "a/../../evil.geojson", "/evil.geojson", "..\\evil.geojson", "C:/evil.geojson"],
)
def test_entries_that_leave_their_folder_are_refused(tmp_path: Path, name: str) -> None:
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "{}")
    assert code_of([packed], tmp_path) == "sources.archive-unsafe"
    assert not (tmp_path / "evil.geojson").exists()


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.geojson", "w") as entry,
    ):
        for _ in range(120):
            entry.write(bytes(1 << 20))
    assert code_of([packed], tmp_path) == "sources.archive-too-large"
    written = sum(path.stat().st_size for path in (tmp_path / "work").rglob("*") if path.is_file())
    assert written < 70 * 1024**2


def test_what_is_not_there_or_not_for_us(tmp_path: Path) -> None:
    assert code_of([tmp_path / "nothing.shp"], tmp_path) == "sources.file-missing"
    (tmp_path / "empty").mkdir()
    assert code_of([tmp_path / "empty"], tmp_path) == "sources.folder-empty"
    for name, code in {
        "plan.dwg": "sources.dwg",
        "a.rar": "sources.archive-kind",
        "notes.docx": "sources.unknown-format",
        "b.zip": "sources.archive-damaged",
    }.items():
        (tmp_path / name).write_bytes(b"not what it says")
        assert code_of([tmp_path / name], tmp_path) == code
    (tmp_path / "zero.shp").touch()
    assert code_of([tmp_path / "zero.shp"], tmp_path) == "sources.file-empty"


def test_a_lone_table_says_what_is_missing(tmp_path: Path) -> None:
    path = dbf(tmp_path / "小区.dbf", [b"NAME"], [8], [[b"a"]])
    assert code_of([path], tmp_path) == "sources.lone-dbf"


def test_the_table_of_a_shapefile_stands_for_the_shapefile(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", [square(0)])
    work = tmp_path / "work"
    work.mkdir()
    assert [item.kind for item in find([path.with_suffix(".dbf")], work, Silent())] == [DataSetKind.SHAPEFILE]


def test_a_missing_index_is_rebuilt_and_nothing_written_beside(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", [square(0), square(1)])
    path.with_suffix(".shx").unlink()
    before = sorted(item.name for item in tmp_path.iterdir())
    reading = read([path])
    assert len(reading.layers[0].frame) == 2
    assert reading.layers[0].title == "小区"
    assert any(note.code == "sources.missing-shx" for note in reading.notes)
    assert sorted(item.name for item in tmp_path.iterdir()) == before


def test_a_lone_shp_is_read_and_says_that_its_table_is_missing(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", [square(0)])
    path.with_suffix(".dbf").unlink()
    assert any(note.code == "sources.missing-dbf" for note in read([path]).notes)


def test_a_text_that_calls_itself_a_shapefile(tmp_path: Path) -> None:
    (tmp_path / "a.shp").write_text("this is no shapefile")
    (tmp_path / "a.shx").write_text("nor this")
    with pytest.raises(RenomapError) as raised:
        read([tmp_path / "a.shp"])
    assert raised.value.code == "sources.unreadable"


def test_a_stopped_import_stops(survey: Path) -> None:
    class Impatient(Silent):
        def check(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        read([survey], ImportOptions(), Impatient())

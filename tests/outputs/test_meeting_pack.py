"""The pack: all files of one run, one stamp, the same numbers in all of them; complete or not there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from plan_sample import sample_plan, sample_words
from test_report_pdf import page_texts

from renomap.errors import Cancelled, RenomapError
from renomap.model.feedback import Silent
from renomap.model.page import Page
from renomap.model.plan import Plan
from renomap.outputs import geojson, pack
from renomap.outputs.numbers import Figures

WORDS = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan(3, 5, 4)


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pack") / "成果 pack"
    pack.write_pack(plan, place, WORDS)
    return place


def test_every_file_is_there_and_listed(folder: Path, plan: Plan) -> None:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {
        "report.pdf",
        "proposal.docx",
        "slides.pptx",
        "tables.xlsx",
        "map.html",
        "plan.gpkg",
        "plan.dxf",
        "areas.geojson",
        "members.geojson",
        "neighbourhoods.geojson",
        "slides/area-01.png",
        "slides/area-02.png",
        "slides/area-03.png",
        "import-log.txt",
        "README.txt",
        "pack.json",
    }
    index = json.loads((folder / "pack.json").read_text("utf-8"))
    assert set(index["files"]) == files - {"pack.json"}
    for name, digest in index["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert list(folder.parent.iterdir()) == [folder]


def test_one_stamp_in_all(folder: Path, plan: Plan) -> None:
    assert plan.stamp in (folder / "README.txt").read_text("utf-8-sig")
    assert json.loads((folder / "pack.json").read_text("utf-8"))["stamp"] == plan.stamp
    assert json.loads((folder / "areas.geojson").read_text("utf-8"))["stamp"] == plan.stamp
    assert json.loads((folder / "neighbourhoods.geojson").read_text("utf-8"))["stamp"] == plan.stamp
    assert plan.stamp in (folder / "map.html").read_text("utf-8")
    assert all(plan.stamp in text for text in page_texts(folder / "report.pdf"))
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert book.properties.description == plan.stamp
    assert all(plan.stamp in sheet.oddFooter.left.text for sheet in book)


def test_the_same_deficits_in_geojson_workbook_report_and_map(folder: Path, plan: Plan) -> None:
    figures = Figures(WORDS)
    data = gpd.read_file(folder / "areas.geojson").set_index("id")
    package = gpd.read_file(folder / "plan.gpkg", layer="areas").set_index("id")
    book = openpyxl.load_workbook(folder / "tables.xlsx", data_only=True)
    head, *rows = book["3 设施缺口表"].iter_rows(values_only=True)
    sheet = {(row[0], row[2]): dict(zip(head, row, strict=True)) for row in rows}
    page = json.loads(
        (folder / "map.html").read_text("utf-8").split('id="plan-data">')[1].split("</script>")[0]
    )
    web = {area["id"]: area for area in page["areas"]}
    texts = page_texts(folder / "report.pdf")
    index = json.loads((folder / "pack.json").read_text("utf-8"))
    for area in plan.areas.index:
        text = "".join(texts[number - 1] for number in index["area_pages"][str(area)])
        for k, facility in enumerate(plan.standard.facilities):
            name = f"{facility.key}_deficit"
            value, state = data.loc[area, name], data.loc[area, f"{facility.key}_state"]
            known = value == value and value is not None
            assert (package.loc[area, name] == value) or not known
            cell = sheet[(area, facility.zh)]["片区统筹后缺口"]
            assert cell == (value if known else "—" if state in ("not_set", "below_trigger") else "无数据")
            if known:
                assert web[area]["deficits"][k][2] == figures.number(value)
                assert figures.number(value) in text


@pytest.fixture
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack of report, workbook and areas: what becomes of its folder does not hang on the other files."""
    few = tuple(each for each in pack.IN_PACK if each.code in ("report", "tables", "areas"))
    monkeypatch.setattr(pack, "IN_PACK", few)


@pytest.mark.usefixtures("few_files")
def test_a_second_run_replaces_the_first_and_keeps_guests(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    pack.write_pack(sample_plan(3, 4, 2), folder, WORDS, Page(report="A4"))
    (folder / "会议纪要.txt").write_text("mine", encoding="utf-8")
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    book.worksheets[0]["B2"] = "领导批注"
    book.save(folder / "tables.xlsx")
    made = pack.write_pack(sample_plan(2, 4, 2), folder, WORDS, Page(report="A4"))
    assert (folder / "会议纪要.txt").read_text("utf-8") == "mine"
    assert {path.name for path in (folder / "slides").iterdir()} == {"area-01.png", "area-02.png"}
    assert made.files[0] == folder / "report.pdf"
    assert all(path.exists() for path in made.files)
    (kept,) = made.kept
    assert openpyxl.load_workbook(kept).worksheets[0]["B2"].value == "领导批注"
    assert openpyxl.load_workbook(folder / "tables.xlsx").worksheets[0]["B2"].value != "领导批注"
    pack.write_pack(sample_plan(2, 4, 2), folder, WORDS, Page(report="A4", area_pages=False))
    assert kept.exists()


@pytest.mark.usefixtures("few_files")
@pytest.mark.parametrize("dangling", [True, False])
def test_a_link_stays_and_its_target_is_written(tmp_path: Path, dangling: bool) -> None:
    target = tmp_path / "share" / "pack"
    target.parent.mkdir()
    if not dangling:
        target.mkdir()
    link = tmp_path / "link"
    link.symlink_to(target, target_is_directory=True)
    pack.write_pack(sample_plan(2, 4, 2), link, WORDS, Page(report="A4", area_pages=False))
    assert link.is_symlink()
    assert (target / "pack.json").is_file()
    file = tmp_path / "areas.geojson"
    file.symlink_to(tmp_path / "share" / "areas.geojson")
    geojson.write_areas(sample_plan(2, 4, 2), file)
    assert file.is_symlink()
    assert (tmp_path / "share" / "areas.geojson").is_file()


@pytest.mark.usefixtures("few_files")
def test_without_area_pages_there_are_no_slides(tmp_path: Path) -> None:
    made = pack.write_pack(sample_plan(2, 4, 2), tmp_path / "pack", WORDS, Page(area_pages=False))
    assert not (tmp_path / "pack" / "slides").exists()
    told = (tmp_path / "pack" / "README.txt").read_text("utf-8-sig")
    assert "slides/" not in told
    assert WORDS[made.lacks] in told


def test_a_foreign_folder_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "论文"
    folder.mkdir()
    (folder / "pack.json").write_text('{"mine": true}')
    with pytest.raises(RenomapError) as fault:
        pack.write_pack(sample_plan(1, 4, 0), folder, WORDS)
    assert fault.value.code == "outputs.foreign-folder"
    assert [path.name for path in folder.iterdir()] == ["pack.json"]


def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    class Impatient(Silent):
        calls = 0

        def check(self) -> None:
            self.calls += 1
            if self.calls > 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        pack.write_pack(sample_plan(3, 4, 0), tmp_path / "pack", WORDS, feedback=Impatient())
    assert list(tmp_path.iterdir()) == []


def test_a_plan_without_areas_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RenomapError) as fault:
        pack.write_pack(sample_plan(0, 0, 3), tmp_path / "pack", WORDS)
    assert fault.value.code == "outputs.no-areas"
    assert list(tmp_path.iterdir()) == []

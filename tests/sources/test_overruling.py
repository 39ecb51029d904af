"""Every guess of an import can be taken otherwise: by its handle, and by the option that it names."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from survey_files import ORIGIN, dbf, frame, shapefile, square, write

from renomap.commands.importing import import_options
from renomap.commands.parser import make_parser
from renomap.errors import RenomapError
from renomap.model.note import Guess, GuessKind, Question, choice_code
from renomap.model.roles import Role
from renomap.sources.options import ImportOptions, answer, overrule
from renomap.sources.reading import Reading, read
from renomap.wording.catalogue import choice_label, words

SQUARES = [square(i) for i in range(4)]


def guess_of(reading: Reading, kind: GuessKind, column: str = "") -> Guess:
    """The first guess of a kind (about a column)."""
    return next(
        guess
        for note in reading.notes
        for guess in note.guesses
        if guess.kind is kind and guess.column == column
    )


def again(paths: list[Path], guess: Guess, value: str, before: ImportOptions | None = None) -> Reading:
    """Read with the answer, and with the option of the command line that says the same; both must agree."""
    options = overrule(before or ImportOptions(), guess, value)
    assert answer(options, guess) == value
    name, _, said = guess.option(value).partition(" ")
    line = ["import", *map(str, paths), "-o", "p.gpkg", name, said]
    told = import_options(make_parser().parse_args(line))
    by_hand, by_line = read(paths, options), read(paths, told)
    assert [layer.frame.to_json() for layer in by_hand.layers] == [
        layer.frame.to_json() for layer in by_line.layers
    ]
    return by_hand


def survey(path: Path, **columns: object) -> Path:
    return write(path, {"小区": frame(SQUARES, 小区名称=list("甲乙丙丁"), **columns)})


def book(path: Path, rows: list[list[object]], title: str = "清单") -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.title = title
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_a_role(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"小区": frame(SQUARES), "misc": frame(SQUARES)})
    guess = next(
        g for n in read([path]).notes for g in n.guesses if g.kind is GuessKind.ROLE and g.layer == "misc"
    )
    assert (guess.chosen, guess.alternatives[-1]) == ("reference", "none")
    assert "roads" not in guess.alternatives  # polygons are no roads
    assert again([path], guess, "landuse").layers[1].role is Role.LANDUSE
    left = again([path], guess, "none")
    assert len(left.layers) == 1
    back = next(g for n in left.notes if n.code == "sources.role-left-out" for g in n.guesses)
    assert back.address == guess.address


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "边界.gpkg", {"边界": frame(SQUARES)})
    paths = [tmp_path / "a/边界.gpkg", tmp_path / "b/边界.gpkg"]
    options = ImportOptions(roles={str(paths[0]): "neighbourhoods"})
    guess = next(
        g
        for n in read(paths, options).notes
        for g in n.guesses
        if g.kind is GuessKind.ROLE and "/b/" in g.source
    )
    roles = [layer.role for layer in read(paths, overrule(options, guess, "boundary")).layers]
    assert roles == [Role.NEIGHBOURHOODS, Role.BOUNDARY]


def test_the_meaning_of_a_column(tmp_path: Path) -> None:
    path = survey(tmp_path / "a.gpkg", 户数=[10, 20, 30, 40], 登记数=[1, 2, 3, 4])
    before = read([path])
    assert before.layers[0].frame["households"].tolist() == [10, 20, 30, 40]
    wrong, right = guess_of(before, GuessKind.FIELD, "户数"), guess_of(before, GuessKind.FIELD, "登记数")
    assert (wrong.chosen, right.chosen) == ("households", "none")
    options = overrule(ImportOptions(), wrong, "none")
    after = read([path], overrule(options, right, "households"))
    assert after.layers[0].frame["households"].tolist() == [1, 2, 3, 4]
    assert again([path], right, "population").layers[0].frame["population"].tolist() == [1, 2, 3, 4]


def test_the_unit_of_a_column(tmp_path: Path) -> None:
    path = survey(tmp_path / "a.gpkg", 建筑面积=[3.5, 2.0, 1.0, 4.0])
    before = read([path])
    guess = guess_of(before, GuessKind.UNIT, "建筑面积")
    assert before.layers[0].frame["floor_area_m2"].tolist() == [35_000, 20_000, 10_000, 40_000]
    assert guess.chosen == "万㎡"
    assert again([path], guess, "㎡").layers[0].frame["floor_area_m2"].tolist() == [3.5, 2, 1, 4]
    assert again([path], guess, "公顷").layers[0].frame["floor_area_m2"].iloc[0] == 35_000


def test_a_large_value_in_the_unit_the_user_says_is_not_doubted(tmp_path: Path) -> None:
    path = survey(tmp_path / "a.gpkg", **{"建筑面积（万㎡）": [35_000, 3.5, 3.5, 3.5]})
    before = read([path])
    assert before.layers[0].frame["floor_area_m2"].iloc[0] == 35_000
    guess = guess_of(before, GuessKind.UNIT, "建筑面积（万㎡）")
    assert again([path], guess, "万㎡").layers[0].frame["floor_area_m2"].iloc[0] == 3.5e8


def test_an_encoding(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", SQUARES)
    dbf(path.with_suffix(".dbf"), [b"NAME"], [20], [["甲苑".encode("gbk")]] * 4)
    before = read([path])
    guess = guess_of(before, GuessKind.ENCODING)
    assert (guess.chosen, guess.open) == ("GB18030", True)
    assert again([path], guess, "cp1252").layers[0].frame["name"].iloc[0] == "¼×Ô·"


def test_an_encoding_of_one_file_only(tmp_path: Path) -> None:
    for name in ("一", "二"):
        path = tmp_path / f"{name}.csv"
        path.write_text("小区名称,户数\n甲苑,1\n", encoding="gb18030")
    options = ImportOptions(joins_project=True, encoding_of={"一.csv": "gb18030", "二.csv": "utf-8"})
    with pytest.raises(RenomapError) as raised:  # as UTF-8 the second has no header anyone knows
        read([tmp_path / "一.csv", tmp_path / "二.csv"], options)
    assert raised.value.code == "sources.table-empty"


def test_coordinates_that_ask_are_answered_by_the_question(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", SQUARES, None)
    with pytest.raises(Question) as raised:
        read([path])
    guess = raised.value.guess
    assert (guess.kind, guess.chosen, guess.open) == (GuessKind.CRS, "", True)
    assert "EPSG:4547" in guess.alternatives
    reading = again([path], guess, "EPSG:4547")
    assert reading.crs == "EPSG:4547"
    assert guess_of(reading, GuessKind.CRS).chosen == "EPSG:4547"  # and may be asked again


def test_a_system_said_for_one_file_leaves_the_others(tmp_path: Path) -> None:
    survey(tmp_path / "a.gpkg")
    write(tmp_path / "b.gpkg", {"plots": frame(SQUARES, "EPSG:4547")})
    paths = [tmp_path / "a.gpkg", tmp_path / "b.gpkg"]
    guess = next(
        g for n in read(paths).notes for g in n.guesses if g.kind is GuessKind.CRS and "b.gpkg" in g.source
    )
    moved = again(paths, guess, "EPSG:4546")
    assert moved.layers[0].frame.geometry.iloc[0].centroid.x == pytest.approx(ORIGIN[0] + 50)
    assert abs(moved.layers[1].frame.geometry.iloc[0].centroid.x - ORIGIN[0]) > 200_000


def test_degrees_cannot_be_said_to_be_metres(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"小区": frame(SQUARES).to_crs("EPSG:4490")})
    with pytest.raises(RenomapError) as raised:
        read([path], ImportOptions(crs_of={"a.gpkg": "EPSG:4547"}))
    assert raised.value.code == "sources.crs-cannot"


def test_a_proj_string_is_no_pair(tmp_path: Path) -> None:
    line = ["import", "a.gpkg", "-o", "p.gpkg", "--crs", "+proj=utm +zone=50 +datum=WGS84"]
    assert import_options(make_parser().parse_args(line)).crs.startswith("+proj")


def test_header_rows_and_join_of_a_sheet(tmp_path: Path) -> None:
    path = survey(tmp_path / "a.gpkg", 小区编号=["1", "2", "3", "4"])
    rows = [["小区名称", "户数"], ["名称", "住户数"], ["甲", 11], ["乙", 12]]
    table = book(tmp_path / "t.xlsx", rows)
    before = read([path, table])
    header, kinds = guess_of(before, GuessKind.HEADER), guess_of(before, GuessKind.ROWS)
    assert (header.chosen, kinds.chosen) == ("1", "neighbourhoods")
    after = again([path, table], header, "2")
    assert after.layers[0].frame["households"].dropna().tolist() == [11, 12]
    assert again([path, table], kinds, "none").layers[0].frame["households"].isna().all()
    joined = guess_of(before, GuessKind.JOIN)
    assert joined.chosen == "auto"
    assert again([path, table], joined, "code").layers[0].frame["households"].isna().all()


def test_what_an_answer_is_about_must_be_there(tmp_path: Path) -> None:
    path = survey(tmp_path / "a.gpkg")
    for options, code in (
        (ImportOptions(crs_of={"b.gpkg": "EPSG:4547"}), "sources.unknown-target"),
        (ImportOptions(headers={"表": "1"}), "sources.unknown-target"),
        (ImportOptions(units={"面积": "亩"}), "sources.unknown-field"),
        (ImportOptions(units={"小区名称": "亩"}), "sources.unknown-unit"),
        (ImportOptions(crs_of={"a.gpkg": "EPSG:x"}), "sources.unknown-crs"),
    ):
        with pytest.raises(RenomapError) as raised:
            read([path], options)
        assert raised.value.code == code


def test_every_choice_has_words(tmp_path: Path) -> None:
    path = survey(tmp_path / "a.gpkg", 建筑面积=[3.5, 2.0, 1.0, 4.0], 备注=list("abcd"))
    table = book(tmp_path / "t.xlsx", [["小区名称", "户数"], ["甲", 11]])
    shown_as_they_are = (GuessKind.HEADER, GuessKind.UNIT, GuessKind.CRS, GuessKind.ENCODING)
    for note in read([path, table]).notes:
        for guess in note.guesses:
            for value in (*guess.alternatives, guess.chosen):
                code = choice_code(guess.kind, value)
                assert code in words("zh") or guess.kind in shown_as_they_are, code
            assert choice_code(guess.kind, "auto") in words("zh")
    assert choice_label(words("zh"), GuessKind.CRS, "EPSG:4547") == "EPSG:4547（中央经线 114°E）"


def test_a_layer_called_like_a_column_keeps_its_name() -> None:
    from renomap.model.words import sentence

    told = sentence(words("zh"), "sources.unnamed", {"count": "buildings", "of": 3})
    assert "buildings" in told

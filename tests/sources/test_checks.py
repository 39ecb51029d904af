"""A planted file per defect of domain standards 4.4: each is found, at its place, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from survey_files import frame, square, write

from renomap.model.layer import Layer
from renomap.model.note import Note, Severity
from renomap.sources.checks import MOST_OF_A_KIND, check
from renomap.sources.reading import read
from renomap.wording.catalogue import note_sentence, words

BASE = {
    "小区名称": ["甲苑", "乙苑", "丙苑", "丁苑"],
    "户数": [100, 100, 100, 100],
    "建筑面积": [8000.0, 8000.0, 8000.0, 8000.0],
    "常住人口": [300, 300, 300, 300],
    "建成年代": [1990, 1991, 1992, 1993],
}


def blocks() -> list:
    return [square(i) for i in range(4)]


def notes_of(tmp_path: Path, shapes: list | None = None, **columns: list) -> list[Note]:
    """Checks of a survey of four sound neighbourhoods in which something was planted."""
    shapes = shapes or blocks()
    content = {name: values[: len(shapes)] for name, values in (BASE | columns).items()}
    path = write(tmp_path / "survey.gpkg", {"小区": frame(shapes, **content)})
    return list(check(read([path]).layers))


def only(notes: list[Note], code: str) -> Note:
    assert [note.code for note in notes] == [f"sources.check-{code}"]
    for language in ("en", "zh"):
        assert "{" not in note_sentence(words(language), notes[0])
    return notes[0]


def test_a_sound_survey_has_no_defect(tmp_path: Path) -> None:
    assert notes_of(tmp_path) == []


def test_an_overlap(tmp_path: Path) -> None:
    shapes = blocks()
    shapes[1] = shapely.affinity.translate(shapes[1], -22, 0)  # 2 m over its neighbour: 200 m2, 2 %
    note = only(notes_of(tmp_path, shapes), "overlap")
    assert note.severity == Severity.ERROR
    assert note.fids == (1, 2)
    assert note.params["area_m2"] == pytest.approx(200)
    assert note.params["share"] == pytest.approx(2)
    assert note.where is not None
    assert shapely.intersection(shapes[0], shapes[1]).covers(shapely.Point(note.where))


def test_a_hair_of_overlap_is_no_defect_and_a_small_one_a_warning(tmp_path: Path) -> None:
    for shift, severity in ((-20.005, None), (-20.5, Severity.WARNING)):
        shapes = blocks()
        shapes[1] = shapely.affinity.translate(shapes[1], shift, 0)
        found = notes_of(tmp_path / str(shift), shapes) if (tmp_path / str(shift)).mkdir() is None else []
        assert [note.severity for note in found] == ([] if severity is None else [severity])


def test_one_place_drawn_twice_under_two_names(tmp_path: Path) -> None:
    shapes = blocks()
    shapes[3] = shapely.affinity.translate(shapes[0], 1, 1)
    assert only(notes_of(tmp_path, shapes), "same-place").fids == (1, 4)


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("sliver", lambda s: shapely.box(*s.bounds[:2], s.bounds[0] + 3, s.bounds[1] + 3)),
        ("sliver", lambda s: shapely.box(*s.bounds[:2], s.bounds[0] + 100, s.bounds[1] + 0.3)),
        ("thin", lambda s: shapely.box(s.bounds[2] + 20, s.bounds[1], s.bounds[2] + 3020, s.bounds[1] + 5)),
        ("multipart", lambda s: shapely.MultiPolygon([s, shapely.affinity.translate(s, 0, 300)])),
        ("vast", lambda s: s.union(shapely.Point(s.bounds[2] + 2.1e5, s.bounds[1])).convex_hull),
        ("large", lambda s: shapely.affinity.translate(s, 1000, 2000).buffer(1000)),
        ("far", lambda s: shapely.affinity.translate(s, 30_000, 0)),
    ],
)
def test_a_shape_no_neighbourhood_has(tmp_path: Path, code: str, spoil: Callable) -> None:
    shapes = blocks()
    shapes[3] = spoil(shapes[3])
    assert only(notes_of(tmp_path, shapes), code).fids == (4,)


def test_a_gap_of_centimetres(tmp_path: Path) -> None:
    shapes = blocks()
    shapes[1] = shapely.affinity.translate(shapes[1], -19.8, 0)
    assert only(notes_of(tmp_path, shapes), "gap").fids == (1, 2)


@pytest.mark.parametrize(
    ("code", "column", "values", "fids"),
    [
        ("same-name", "小区名称", ["甲苑", "乙苑", "丙苑", "甲 苑"], (1, 4)),
        ("same-code", "小区编号", ["A1", "A2", "A3", "A1"], (1, 4)),
        ("floor-area", "建筑面积", [8000.0, 8000.0, 8000.0, 80_000.0], (4,)),
        ("persons", "常住人口", [300, 300, 300, 3000], (4,)),
        ("elderly", "60岁以上人口", [30, 30, 30, 301], (4,)),
        ("year", "建成年代", ["1990", "1991", "1992", "2050"], (4,)),
        ("land", "占地面积", [10_000.0, 10_000.0, 10_000.0, 30_000.0], (4,)),
    ],
)
def test_numbers_and_names_that_cannot_be(
    tmp_path: Path, code: str, column: str, values: list, fids: tuple[int, ...]
) -> None:
    assert only(notes_of(tmp_path, **{column: values}), code).fids == fids


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["夜明珠钢建材市场", "夜明珠钢材市场", "丙苑", "丁苑"], [(1, 2)]),  # one character too many
        (["静安枫景苑", "静安豪景苑", "丙苑", "丁苑"], []),  # one for another tells neighbours apart
        (["枫林花园", "枫林花园2", "枫林小区", "枫林东小区"], []),  # told apart on purpose
        (["枫林花园", "丙苑", "丁苑", "枫林大花园区"], []),
        (["枫林花园", "丙苑", "丁苑", "枫林花园区"], []),  # too far away
    ],
)
def test_two_spellings_of_one_name(tmp_path: Path, names: list[str], pairs: list[tuple[int, int]]) -> None:
    shapes = [square(0), square(1), square(2), square(6)]
    notes = notes_of(tmp_path, shapes, 小区名称=names)
    assert [note.fids for note in notes if note.code == "sources.check-alike"] == pairs


def test_one_name_in_two_subdistricts_is_two_places(tmp_path: Path) -> None:
    names = {"小区名称": ["甲苑", "甲苑", "丙苑", "丁苑"]}
    assert notes_of(tmp_path, **names, 街道=["东街", "西街", "东街", "西街"]) == []
    (tmp_path / "b").mkdir()
    assert only(notes_of(tmp_path / "b", **names, 街道=["东街", None, "东街", "西街"]), "same-name").fids == (
        1,
        2,
    )


def test_more_floor_area_than_storeys_on_the_ground(tmp_path: Path) -> None:
    columns = {"层数": [6, 6, 6, 1], "建筑面积": [8000.0, 8000.0, 8000.0, 11_000.0]}
    assert only(notes_of(tmp_path, **columns), "coverage").fids == (4,)


def test_every_defect_says_where_who_how_bad_and_what_to_do(tmp_path: Path) -> None:
    """One survey with every defect of domain standards 4.4 that one neighbourhood or a pair can have."""
    shapes = [square(i) for i in range(12)]
    shapes[1] = shapely.affinity.translate(shapes[1], -22, 0)
    shapes[3] = shapely.affinity.translate(shapes[2], 1, 1)
    shapes[4] = shapely.box(*shapes[4].bounds[:2], shapes[4].bounds[0] + 3, shapes[4].bounds[1] + 3)
    shapes[5] = shapely.MultiPolygon([shapes[5], shapely.affinity.translate(shapes[5], 0, 300)])
    columns: dict[str, list] = {
        "小区名称": [
            "甲苑",
            "乙苑",
            "丙苑",
            "旧丙",
            "戊苑",
            "己苑",
            "甲苑",
            "庚里花园",
            "庚里花园区",
            "壬苑",
            "癸苑",
            "子苑",
        ],
        "小区编号": ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "10", "12"],
        "建成年代": [1990] * 9 + [2050, 1990, 1990],
        "户数": [100] * 10 + [0, 100],
        "社区": ["枫林"] * 11 + ["桂花"],
    }
    layers = {
        "小区": frame(shapes, **columns),
        "社区": frame([shapely.box(394_000, 3_120_000, 397_000, 3_122_000)]),
    }
    layers["社区"]["社区名称"] = "枫林"
    found = {
        note.code.removeprefix("sources.check-"): note
        for note in check(read([write(tmp_path / "a.gpkg", layers)]).layers)
    }
    table = {
        code: (note.severity.value, note.fids, note.params.get("fix", "")) for code, note in found.items()
    }
    assert table == {
        "overlap": ("error", (1, 2), "cut_overlap"),
        "same-place": ("error", (3, 4), "drop_second"),
        "sliver": ("warning", (5,), "drop_sliver"),
        "multipart": ("info", (6,), ""),
        "same-name": ("warning", (1, 7), ""),
        "alike": ("warning", (8, 9), ""),
        "same-code": ("error", (10, 11), ""),
        "year": ("warning", (10,), "set_unknown"),
        "no-household": ("warning", (11,), "set_unknown"),
        "boundary": ("warning", (12,), "take_drawn"),
    }
    for note in found.values():
        assert note.layer == "小区"
        assert note.where is not None
        at = shapely.Point(note.where)
        assert any(shapes[fid - 1].intersects(at) for fid in note.fids)


def test_consent_that_exceeds_what_was_asked(tmp_path: Path) -> None:
    asked = {"征询户数": [90, 90, 90, 120], "同意户数": [80, 80, 95, 80]}
    codes = [(note.code, note.fids) for note in notes_of(tmp_path, **asked)]
    assert codes == [("sources.check-consent-yes", (3,)), ("sources.check-consent-asked", (4,))]


def test_elevators_beyond_stairwells(tmp_path: Path) -> None:
    columns = {"单元数": [4, 4, 4, 4], "电梯数": [0, 4, 1, 6]}
    assert only(notes_of(tmp_path, **columns), "elevators").fids == (4,)


def houses(households: list[float]) -> gpd.GeoDataFrame:
    """A building of 20 x 20 m and five storeys in each block (2,000 m2)."""
    shapes = [shapely.box(s.bounds[0], s.bounds[1], s.bounds[0] + 20, s.bounds[1] + 20) for s in blocks()]
    return frame(shapes, 层数=[5] * 4, 户数=households)


def test_sums_of_buildings_against_the_neighbourhood(tmp_path: Path) -> None:
    layers = {
        "小区": frame(blocks(), **(BASE | {"建筑面积": [2000.0, 2000.0, 2000.0, 6000.0], "户数": [25] * 4})),
        "楼栋": houses([25, 25, 60, 25]),
    }
    layers["小区"]["常住人口"] = 75
    layers["小区"].loc[3, "建筑面积"] = 3700  # 148 m2 a household: possible, but its building has 2,000
    codes = [(n.code, n.fids) for n in check(read([write(tmp_path / "a.gpkg", layers)]).layers)]
    assert codes == [("sources.check-sum-households", (3,))]
    layers["小区"].loc[3, ["建筑面积", "户数"]] = [4100, 30]
    layers["楼栋"].loc[3, "户数"] = 30
    found = {n.code: n.fids for n in check(read([write(tmp_path / "b.gpkg", layers)]).layers)}
    assert found["sources.check-sum-floor-area"] == (4,)


def test_a_community_that_is_another_on_the_map(tmp_path: Path) -> None:
    west = shapely.box(394_900, 3_120_900, 395_230, 3_121_200)
    east = shapely.box(395_230, 3_120_900, 395_600, 3_121_200)
    layers = {
        "小区": frame(blocks(), **BASE, 社区=["枫林社区", "枫林", "枫林社区", "桂花社区"]),
        "社区": frame([west, east], 社区名称=["枫林社区", "桂花社区"]),
    }
    notes = check(read([write(tmp_path / "a.gpkg", layers)]).layers)
    assert [(note.code, note.fids) for note in notes] == [("sources.check-boundary", (3,))]
    assert (notes[0].params["told"], notes[0].params["drawn"]) == ("枫林社区", "桂花社区")


def test_without_neighbourhoods_there_is_nothing_to_check() -> None:
    assert check([]) == ()


def test_many_of_a_kind_are_counted_not_listed() -> None:
    count = MOST_OF_A_KIND + 30
    from renomap.model.roles import Role
    from renomap.sources.addresses import ColumnOptions
    from renomap.sources.canonical import canonical

    fids = np.arange(1, count + 1, dtype=np.int64)
    table = canonical(
        frame([]).drop(columns="geometry").reindex(range(count)),
        fids,
        Role.NEIGHBOURHOODS,
        ColumnOptions(),
        "x",
    )
    slivers = [shapely.box(10 * i, 0, 10 * i + 1, 1) for i in range(count)]
    layer = Layer(
        "k", "小区", Role.NEIGHBOURHOODS, gpd.GeoDataFrame(table.frame, geometry=slivers, crs="EPSG:4547")
    )
    notes = check([layer])
    assert len(notes) == MOST_OF_A_KIND + 1
    assert notes[-1].params["count"] == 30
    assert len(notes[-1].fids) == 30

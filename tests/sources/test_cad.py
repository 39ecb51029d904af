"""Drawings: closed lines are polygons named by the text inside, telling CAD layers are layers."""

from __future__ import annotations

from pathlib import Path

import pytest

from renomap.errors import RenomapError
from renomap.model.note import Question
from renomap.model.roles import Role
from renomap.sources.options import ImportOptions
from renomap.sources.reading import Reading, read

EAST, NORTH = 395_000.0, 3_121_000.0


def line(layer: str, points: list[tuple[float, float]], *, closed: bool = False) -> str:
    pairs = "".join(f"10\n{EAST + x}\n20\n{NORTH + y}\n" for x, y in points)
    return f"0\nLWPOLYLINE\n8\n{layer}\n90\n{len(points)}\n70\n{int(closed)}\n{pairs}"


def text(layer: str, words: str, x: float, y: float) -> str:
    return f"0\nTEXT\n8\n{layer}\n10\n{EAST + x}\n20\n{NORTH + y}\n40\n2.5\n1\n{words}\n"


def box(layer: str, x: float, y: float, size: float = 100.0) -> str:
    return line(layer, [(x, y), (x + size, y), (x + size, y + size), (x, y + size)], closed=True)


def drawing(
    path: Path, *entities: str, version: str = "AC1021", page: str = "ANSI_936", encoding: str = "utf-8"
) -> Path:
    header = f"0\nSECTION\n2\nHEADER\n9\n$ACADVER\n1\n{version}\n9\n$DWGCODEPAGE\n3\n{page}\n0\nENDSEC\n"
    path.write_text(
        f"{header}0\nSECTION\n2\nENTITIES\n{''.join(entities)}0\nENDSEC\n0\nEOF\n", encoding="utf-8"
    )
    return path


def reading(path: Path, **options: object) -> Reading:
    return read([path], ImportOptions(crs="EPSG:4547", **options))  # type: ignore[arg-type]


SHEET = (
    box("小区边界", 0, 0),
    box("小区边界", 120, 0),
    text("文字", "甲苑", 50, 50),
    text("文字", "乙苑", 170, 50),
    line("道路中心线", [(-10, -10), (300, -10)]),
    box("图框", -50, -50, 500),
    line("标注", [(0, 0), (10, 10)]),
)


def test_telling_cad_layers_are_layers_and_the_frame_of_the_sheet_is_no_neighbourhood(tmp_path: Path) -> None:
    found = reading(drawing(tmp_path / "总图.dxf", *SHEET))
    roles = {layer.title: (layer.role, len(layer.frame)) for layer in found.layers}
    assert roles == {
        "小区边界": (Role.NEIGHBOURHOODS, 2),
        "道路中心线": (Role.ROADS, 1),
        "总图": (Role.REFERENCE, 1),
        "总图_lines": (Role.REFERENCE, 1),
        "总图_points": (Role.REFERENCE, 2),
    }
    assert found.layers[0].frame["name"].tolist() == ["甲苑", "乙苑"]
    assert found.layers[0].frame.area.tolist() == pytest.approx([10_000, 10_000])
    note = next(note for note in found.notes if note.code == "sources.cad-layers")
    assert note.params["own"] == ["小区边界", "道路中心线"]


@pytest.mark.parametrize(
    ("version", "page", "encoding"),
    [
        ("AC1021", "ANSI_936", "utf-8"),  # since R2007 texts are UTF-8 whatever the page says
        ("AC1015", "ANSI_936", "gbk"),
        ("AC1015", "ANSI_1252", "gbk"),  # a page that lies
        ("AC1015", "ANSI_1252", "utf-8"),
    ],
)
def test_texts_are_judged_by_their_bytes(tmp_path: Path, version: str, page: str, encoding: str) -> None:
    path = drawing(tmp_path / "a.dxf", *SHEET, version=version, page=page, encoding=encoding)
    found = reading(path)
    assert found.layers[0].title == "小区边界"
    assert found.layers[0].frame["name"].tolist() == ["甲苑", "乙苑"]


def test_a_character_written_by_its_number(tmp_path: Path) -> None:
    entities = (box("0", 0, 0), text("0", "\\U+7532\\U+82D1", 50, 50))
    assert reading(drawing(tmp_path / "a.dxf", *entities)).layers[0].frame["name"].tolist() == ["甲苑"]


def test_a_cad_layer_can_be_named_by_the_user(tmp_path: Path) -> None:
    path = drawing(tmp_path / "a.dxf", box("0", 0, 0), box("PL-7", 120, 0), text("0", "丙苑", 170, 50))
    assert [layer.title for layer in reading(path).layers] == ["a", "a_points"]
    found = reading(path, roles={"a.dxf:PL-7": "neighbourhoods", "a_points": "none"})
    assert {layer.title: layer.role for layer in found.layers} == {
        "PL-7": Role.NEIGHBOURHOODS,
        "a": Role.REFERENCE,
    }
    assert found.layers[0].frame["name"].tolist() == ["丙苑"]


def test_a_drawing_in_numbers_of_its_own_asks(tmp_path: Path) -> None:
    path = drawing(
        tmp_path / "a.dxf",
        line("小区", [(-EAST, -NORTH), (-EAST + 50, -NORTH), (-EAST, 50 - NORTH)], closed=True),
    )
    with pytest.raises(Question) as raised:
        read([path])
    assert raised.value.code == "sources.crs-local"


def test_a_dwg_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.dwg").write_bytes(b"AC1032")
    with pytest.raises(RenomapError) as raised:
        read([tmp_path / "a.dwg"])
    assert raised.value.code == "sources.dwg"

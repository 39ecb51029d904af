"""Twelve files: {GBK, UTF-8} x {no, right, wrong label} x {ASCII, Chinese fields}, all read right."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from survey_files import dbf, shapefile, square

from renomap.errors import RenomapError
from renomap.sources import encoding as enc
from renomap.sources.options import ImportOptions
from renomap.sources.reading import read

NAMES = ["朝阳一村", "纺织厂宿舍", "解放路小区", "鹿山苑"]
LABELS = {"GBK": ("GBK", 0x4D), "UTF-8": ("UTF-8", 0)}


@pytest.mark.parametrize("fields", ["ascii", "chinese"])
@pytest.mark.parametrize("label", ["none", "right", "wrong"])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_the_twelve(tmp_path: Path, encoding: str, label: str, fields: str) -> None:
    path = shapefile(tmp_path / "小区.shp", [square(i) for i in range(4)])
    headers = ["NAME", "HS"] if fields == "ascii" else ["小区名", "户数"]
    claimed, language = LABELS[encoding if label == "right" else ("UTF-8" if encoding == "GBK" else "GBK")]
    rows = [[name.encode(encoding), b"120"] for name in NAMES]
    dbf(
        path.with_suffix(".dbf"),
        [h.encode(encoding) for h in headers],
        [24, 8],
        rows,
        0 if label == "none" else language,
    )
    if label != "none":
        path.with_suffix(".cpg").write_text(claimed, encoding="ascii")
    reading = read([path])
    frame = reading.layers[0].frame
    assert frame["name"].tolist() == NAMES
    assert frame["households"].tolist() == [120.0] * 4
    if fields == "chinese":
        assert "小区名" in frame.columns
    note = next(note for note in reading.notes if note.code == "sources.encoding")
    assert note.params["encoding"] == ("GB18030" if encoding == "GBK" else "UTF-8")
    assert NAMES[0] in note.params["samples"]


def test_a_value_cut_in_mid_character_still_counts_as_utf8(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "小区.shp", [square(0), square(1)])
    long_name = "长沙市开福区湘雅路街道".encode()
    dbf(path.with_suffix(".dbf"), ["小区名称".encode()], [10], [[long_name], ["鹿山苑".encode()]])
    frame = read([path]).layers[0].frame
    assert frame["name"].tolist() == ["长沙市", "鹿山苑"]


def test_a_field_name_cut_in_mid_character_is_read(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a.shp", [square(0)])
    dbf(path.with_suffix(".dbf"), ["小区名称".encode()], [30], [["鹿山苑".encode()]])
    frame = read([path]).layers[0].frame
    assert "小区名" in frame.columns
    assert frame["name"].tolist() == ["鹿山苑"]


def test_the_user_overrules(tmp_path: Path) -> None:
    path = shapefile(tmp_path / "a.shp", [square(0)])
    dbf(path.with_suffix(".dbf"), [b"NAME"], [30], [["正體國語".encode("big5")]])
    frame = read([path], ImportOptions(encoding="big5")).layers[0].frame
    assert frame["name"].tolist() == ["正體國語"]


@pytest.mark.parametrize("name", ["UTF-99", "", "base64"])
def test_an_encoding_nobody_knows_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RenomapError) as raised:
        read([shapefile(tmp_path / "a.shp", [square(0)])], ImportOptions(encoding=name))
    assert raised.value.code == "sources.unknown-encoding"


def test_big5_without_a_label() -> None:
    assert enc.detect(["正體國語繁體中文臺北市".encode("big5")]).name == "big5"


def test_korean_without_a_label() -> None:
    quarters = "종로동사직동삼청동부암동평창동무악동교남동가회동이화동혜화동창신동숭인동"
    assert enc.detect([quarters.encode("cp949")]).name == "cp949"


def test_chinese_is_not_taken_for_korean() -> None:
    names = ["安居苑", "百花村", "东风里", "芙蓉北里", "改革开放", "合肥干部大院", "公安局家属大楼"]
    assert enc.detect([name.encode("gb18030") for name in names]).name == enc.GB18030


def test_short_gbk_that_is_valid_utf8_by_chance() -> None:
    chance = "鹿".encode("gbk")
    assert chance.decode("utf-8")  # the trap
    assert enc.detect([chance]).name == enc.GB18030


def test_accents_are_not_taken_for_chinese() -> None:
    assert enc.detect(["Åland Islands".encode("latin-1"), b"Norway"]).name == "cp1252"


@given(
    st.lists(
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12),
        min_size=3,
    )
)
def test_utf8_is_always_recognised(texts: list[str]) -> None:
    assert enc.detect([text.encode() for text in texts]).name == enc.UTF8


@given(st.binary(max_size=40))
def test_nothing_is_undecodable(raw: bytes) -> None:
    found = enc.detect([raw])
    assert isinstance(enc.decode(raw, found.name), str)

"""The drawing read back by ezdxf and by GDAL: sound, the same boundaries, the same bytes."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import ezdxf
import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from ezdxf.document import Drawing
from plan_sample import HOSTILE, sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.outputs import dxf, geopackage
from renomap.outputs.dxf_frame import sheet_of
from renomap.outputs.dxf_layers import LAYERS, facility_layer, layer_name
from renomap.outputs.dxf_shapes import APP_ID, broken, draw_shape, paragraph

WORDS = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


@pytest.fixture(scope="module")
def file(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("工程图") / "图 1.dxf"
    dxf.write(plan, path, WORDS)
    return path


@pytest.fixture(scope="module")
def drawing(file: Path) -> Drawing:
    return ezdxf.readfile(file)


def _shapes(drawing: Drawing, code: str) -> dict[int, shapely.Geometry]:
    """Shapes of a layer by their number: rings laid over each other, a ring in a ring being a hole."""
    rings = defaultdict(list)
    for line in drawing.modelspace().query(f'LWPOLYLINE[layer=="{layer_name(code, WORDS)}"]'):
        assert line.closed
        rings[line.get_xdata(APP_ID)[0].value].append(shapely.Polygon(line.get_points("xy")))
    shapes = {}
    for number, parts in rings.items():
        whole = shapely.Polygon()
        for part in sorted(parts, key=lambda part: -part.area):
            whole = shapely.symmetric_difference(whole, part)
        shapes[number] = whole
    return shapes


def test_the_drawing_is_sound_and_in_metres(drawing: Drawing) -> None:
    audit = drawing.audit()
    assert (audit.errors, audit.fixes) == ([], [])
    assert drawing.dxfversion == "AC1032"
    assert drawing.header["$INSUNITS"] == 6
    assert all(drawing.layers.has_entry(layer_name(code, WORDS)) for code in LAYERS)
    assert drawing.layers.has_entry("设施_养老")
    assert drawing.styles.get("HZ").dxf.font == "simhei.ttf"


def test_boundaries_are_those_of_the_geopackage(drawing: Drawing, plan: Plan, tmp_path: Path) -> None:
    """The same areas and neighbourhoods; corners within a millimetre, surfaces to the square centimetre."""
    geopackage.write(plan, tmp_path / "p.gpkg")
    for code, layer, key in (
        ("areas", "areas", "id"),
        ("members", "members", "id"),
        ("neighbourhoods",) * 2 + ("fid",),
    ):
        told = gpd.read_file(tmp_path / "p.gpkg", layer=layer).set_index(key).geometry
        drawn = _shapes(drawing, code)
        assert sorted(drawn) == sorted(told[told.notna()].index)
        for number, shape in drawn.items():
            assert shapely.hausdorff_distance(shape, told[number]) < 1e-3
            assert shape.area == pytest.approx(told[number].area, abs=1e-4)


def test_another_program_reads_as_many_lines(file: Path, drawing: Drawing) -> None:
    # It takes the code page of the header for that of the file, unless it is told.
    pyogrio.set_gdal_config_options({"DXF_ENCODING": "UTF-8"})
    read = gpd.read_file(file)
    pyogrio.set_gdal_config_options({"DXF_ENCODING": None})
    drawn = drawing.modelspace().query(f'LWPOLYLINE[layer=="{layer_name("areas", WORDS)}"]')
    assert (read["Layer"] == layer_name("areas", WORDS)).sum() == len(drawn) > 0


def test_a_ring_in_a_ring_keeps_its_number() -> None:
    made = ezdxf.new("R2018")
    made.appids.add(APP_ID)
    draw_shape(made.modelspace(), shapely.box(0, 0, 9, 9) - shapely.box(2, 2, 3, 3), "x", 7)
    draw_shape(made.modelspace(), None, "x", 8)
    assert [line.get_xdata(APP_ID)[0].value for line in made.modelspace()] == [7, 7]


def test_texts_tell_name_households_and_deficit(drawing: Drawing, plan: Plan) -> None:
    texts = [item.plain_text() for item in drawing.modelspace().query("MTEXT")]
    for area, name in plan.areas["name"].items():
        (told,) = [text for text in texts if text.startswith(f"{area}  ")]
        assert " ".join(str(name).split())[:8] in told
        assert "户" in told
    short = plan.areas.index[plan.areas["elevator_state"] == "short"]
    assert len(short)
    assert all(any(t.startswith(f"{area}  ") and "电梯" in t for t in texts) for area in short)
    assert any(HOSTILE[0] in text for text in texts)


def test_codes_of_the_format_in_a_name_are_signs() -> None:
    assert paragraph(["a\\P{b}", "50%%d\t^J"]) == "a\\\\P\\{b\\}\\P50％％d ＾J"
    assert broken("城东区设计院", 3.2) == ["城东区", "设计院"]
    assert facility_layer("no|such*one", WORDS).startswith("设施_")


def test_the_sheet_holds_the_map_at_a_round_scale() -> None:
    bounds = (400_000.0, 3_120_000.0, 402_500.0, 3_121_000.0)
    sheet = sheet_of(bounds)
    left, bottom, right, top = sheet.window()
    assert sheet.scale == 7_500
    assert (left < bounds[0], bottom < bounds[1], right > bounds[2], top > bounds[3]) == (True,) * 4
    assert np.allclose([left + right, bottom + top], [bounds[0] + bounds[2], bounds[1] + bounds[3]])


def test_a_plan_without_areas_is_drawn(tmp_path: Path) -> None:
    dxf.write(sample_plan(0, 0, 2), tmp_path / "a.dxf", WORDS)
    assert len(_shapes(ezdxf.readfile(tmp_path / "a.dxf"), "neighbourhoods")) == 2


def test_the_same_plan_gives_the_same_bytes(file: Path, drawing: Drawing, plan: Plan, tmp_path: Path) -> None:
    """No time, no random number, and nothing in the order of a set, which another run would change."""
    dxf.write(plan, tmp_path / "a.dxf", WORDS)
    assert (tmp_path / "a.dxf").read_bytes() == file.read_bytes()
    classes = [item.dxf.name for item in drawing.classes]
    assert classes == sorted(classes)

"""Pictures of ``draw_map`` against kept ones; RENOMAP_UPDATE_SNAPSHOTS=1 keeps new ones (look at them)."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from renomap.cartography.colours import GREY_STEP, lightness
from renomap.cartography.content import map_content
from renomap.cartography.layers import LabelLayer, MapLayer, ShapeLayer
from renomap.cartography.painter import draw_map
from renomap.errors import Cancelled
from renomap.model.feedback import Silent
from renomap.model.mapview import MapView
from renomap.model.plan import Plan

KEPT = Path(__file__).parents[1] / "snapshots"
SIZE = (400, 300)
#: A pixel may differ by this in a channel (rounding of antialiasing), and this share of pixels by more.
STEP, SHARE = 24, 0.01
Words = Mapping[str, str]


def _drawn(layers: Sequence[MapLayer], view: MapView) -> np.ndarray:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    try:
        draw_map(painter, view, layers)
    finally:
        painter.end()
    return _pixels(image)


def _pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)[:, :, :3].astype(np.int16)


def _view(plan: Plan, words: Words, near: float = 1.0) -> MapView:
    content = map_content(plan, "areas", words)
    view = MapView((0, 0), 1.0, SIZE, 60.0).fitted(content.bounds)
    return view.zoomed(near, 110, 90) if near != 1.0 else view


@pytest.mark.parametrize(
    ("name", "theme", "area", "near"),
    [
        ("areas", "areas", None, 1.0),
        ("area", "areas", 2, 1.0),
        ("deficit", "deficit:elder_care", None, 1.0),
        ("not_set", "deficit:parking", None, 1.0),
        ("year", "year", None, 1.0),
        ("eligibility", "eligibility", None, 1.0),
        ("near", "areas", None, 3.0),
    ],
)
def test_map_looks_as_it_was_approved(
    plan: Plan, zh: Words, name: str, theme: str, area: int | None, near: float
) -> None:
    drawn = _drawn(map_content(plan, theme, zh, area=area).layers, _view(plan, zh, near))
    path = KEPT / f"map_{name}.png"
    if os.environ.get("RENOMAP_UPDATE_SNAPSHOTS"):
        KEPT.mkdir(exist_ok=True)
        data = np.dstack([drawn, np.full(drawn.shape[:2], 255)]).astype(np.uint8).copy()
        QImage(data.data, *SIZE, 4 * SIZE[0], QImage.Format.Format_RGB32).save(str(path))
    assert path.exists(), "no kept picture; draw it with RENOMAP_UPDATE_SNAPSHOTS=1 and look at it"
    different = (np.abs(drawn - _pixels(QImage(str(path)))) > STEP).any(axis=2)
    assert different.mean() <= SHARE


def test_layers_one_by_one_make_the_same_picture(plan: Plan, zh: Words) -> None:
    """The canvas keeps an image for each layer."""
    layers = map_content(plan, "areas", zh).layers
    view = _view(plan, zh)
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    base = QPainter(image)
    try:
        for layer in layers:
            sheet = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
            sheet.fill(0)
            painter = QPainter(sheet)
            try:
                draw_map(painter, view, [layer])
            finally:
                painter.end()
            base.drawImage(0, 0, sheet)
    finally:
        base.end()
    assert (np.abs(_pixels(image) - _drawn(layers, view)) > STEP).any(axis=2).mean() <= SHARE


def test_painter_is_left_as_it_was(plan: Plan, zh: Words) -> None:
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        painter.translate(3.0, 4.0)
        before = (painter.transform(), painter.pen(), painter.brush(), painter.hasClipping())
        draw_map(painter, _view(plan, zh), map_content(plan, "areas", zh).layers)
        assert (painter.transform(), painter.pen(), painter.brush(), painter.hasClipping()) == before
    finally:
        painter.end()


def test_nothing_is_drawn_outside_the_view(plan: Plan, zh: Words) -> None:
    image = QImage(600, 500, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    try:
        painter.translate(100.0, 100.0)
        draw_map(painter, _view(plan, zh, 3.0), map_content(plan, "areas", zh).layers)
    finally:
        painter.end()
    pixels = _pixels(image)
    pixels[100:400, 100:500] = pixels[0, 0]
    assert (pixels == pixels[0, 0]).all()


def test_drawing_stops_and_the_painter_stays_usable(plan: Plan, zh: Words) -> None:
    class Stop(Silent):
        def check(self) -> None:
            raise Cancelled

    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    try:
        with pytest.raises(Cancelled):
            draw_map(painter, _view(plan, zh), map_content(plan, "areas", zh).layers, Stop())
        painter.drawLine(0, 0, 10, 10)
        assert painter.isActive()
    finally:
        painter.end()


def test_classes_are_told_apart_in_grey_print(plan: Plan, zh: Words) -> None:
    """No deficit, small, medium and large are steps of lightness apart; what has no number is hatched."""
    layer = map_content(plan, "deficit:elder_care", zh, by="neighbourhood").layer("neighbourhoods")
    assert isinstance(layer, ShapeLayer)
    plain = [lightness(str(item.fill)) for item in layer.symbols if not item.hatch]
    assert all(a - b >= GREY_STEP for a, b in pairwise(plain[1:]))  # small, medium, large
    hatches = [item.hatch for item in layer.symbols if item.hatch]
    assert len(hatches) == 3  # not set, below the threshold, not surveyed
    assert len(set(hatches)) == 3


def test_labels_alone_are_drawn(plan: Plan, zh: Words) -> None:
    content = map_content(plan, "areas", zh)
    assert isinstance(content.layers[-1], LabelLayer)
    view = _view(plan, zh)
    assert (_drawn([content.labels], view) != _drawn([], view)).any()

"""Time of a full redraw of 5,000 neighbourhoods and 100,000 buildings, and how late the window's clock runs.

Run: ``python benchmarks/bench_drawing.py [--rounds N] [--json]``. Drawing happens in a worker thread, as in
the window; the main thread asks its event loop for a tick every 2 ms and notes the longest wait.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import sys
import threading
import time
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage, QPainter

from renomap.cartography.fonts import ensure_application
from renomap.cartography.layers import Label, LabelLayer, MapLayer, ShapeLayer
from renomap.cartography.painter import draw_map
from renomap.cartography.symbols import Symbol, symbol
from renomap.errors import Cancelled
from renomap.model.feedback import Silent
from renomap.model.mapview import MapView

SIZE = (1600, 1000)
NEIGHBOURHOODS, BUILDINGS, CORNERS = 5_000, 100_000, 60


def _frame(shapes: Any) -> gpd.GeoDataFrame:
    index = pd.Index(np.arange(1, len(shapes) + 1), name="fid")
    return gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4547", index=index)


def town() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Neighbourhoods of about 60 corners and buildings of 4 to 8, over 14 x 14 km."""
    rng = np.random.default_rng(5)
    side = int(np.ceil(np.sqrt(NEIGHBOURHOODS)))
    k = np.arange(NEIGHBOURHOODS)
    cx, cy = 200.0 * (k % side) + 100.0, 200.0 * (k // side) + 100.0
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    radius = 75 + 15 * rng.random((NEIGHBOURHOODS, CORNERS))
    ring = np.stack([cx[:, None] + radius * np.cos(turn), cy[:, None] + radius * np.sin(turn)], axis=-1)
    per = BUILDINGS // NEIGHBOURHOODS
    owner = np.repeat(k, per)
    x = cx[owner] + rng.uniform(-55, 45, BUILDINGS)
    y = cy[owner] + rng.uniform(-55, 45, BUILDINGS)
    w, h = rng.uniform(10, 45, BUILDINGS), rng.uniform(8, 14, BUILDINGS)
    blocks = shapely.box(x, y, x + w, y + h)
    bent = rng.random(BUILDINGS) < 0.3
    wing = shapely.box(x[bent], y[bent], x[bent] + 9, y[bent] + 25)
    blocks[bent] = shapely.union(blocks[bent], wing)
    return _frame(shapely.polygons(ring)), _frame(blocks)


def layers(neighbourhoods: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> list[MapLayer]:
    """The two layers with twelve area colours, and names."""
    rng = np.random.default_rng(6)
    fills = ("#ebefbd", "#adbe8a", "#bed2fc", "#64a4d2", "#c9f2ff", "#57c1fe", "#f6c7bc", "#ba9959")
    symbols = tuple(Symbol(fill=fill, stroke="#4a4a4a", stroke_mm=0.15) for fill in fills)
    centres = shapely.get_coordinates(shapely.centroid(neighbourhoods.geometry.values))
    names = tuple(
        Label(f"第{i}小区", 6.5, 20, i, spots=((float(x), float(y)),), room_m=(150.0, 150.0))
        for i, (x, y) in enumerate(centres)
    )
    own = rng.integers(0, len(symbols), len(neighbourhoods))
    return [
        ShapeLayer("neighbourhoods", neighbourhoods, own, symbols),
        ShapeLayer(
            "buildings",
            buildings,
            np.zeros(len(buildings), dtype=np.int64),
            (Symbol(fill="#f7e7c6", stroke=symbol("building.residential").stroke, stroke_mm=0.1),),
        ),
        LabelLayer("labels", names),
    ]


class Late(Silent):
    """Feedback that cancels after a number of checks and notes when."""

    def __init__(self, checks: int) -> None:
        self.left = checks
        self.at = 0.0

    def check(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.at = time.perf_counter()
            raise Cancelled


def draw(view: MapView, drawn: list[MapLayer]) -> float:
    """Seconds for one image per layer, as the canvas makes them."""
    began = time.perf_counter()
    for layer in drawn:
        image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        try:
            draw_map(painter, view, [layer])
        finally:
            painter.end()
    return time.perf_counter() - began


def draw_aside(view: MapView, drawn: list[MapLayer]) -> tuple[float, list[float]]:
    """The same in a worker thread: its seconds and the delays (ms) of the main thread's 2 ms ticks."""
    taken: list[float] = []
    delays: list[float] = []
    loop, timer = QEventLoop(), QTimer()
    worker = threading.Thread(target=lambda: taken.append(draw(view, drawn)))
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        delays.append((now - last) * 1000 - 2.0)
        last = now
        if not worker.is_alive():
            loop.quit()

    timer.setInterval(2)
    timer.timeout.connect(tick)
    timer.start()
    worker.start()
    loop.exec()
    timer.stop()
    worker.join()
    return taken[0], delays


def cancel_delay(view: MapView, drawn: list[MapLayer]) -> float:
    """Longest time (ms) from the request to stop to the end of drawing, over some moments."""
    worst = 0.0
    for checks in (2, 5, 20, 60, 100, 160):
        feedback = Late(checks)
        image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(image)
        try:
            draw_map(painter, view, drawn, feedback)
        except Cancelled:
            worst = max(worst, (time.perf_counter() - feedback.at) * 1000)
        finally:
            painter.end()
    return worst


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(rounds: int) -> dict[str, Any]:
    """All figures, in milliseconds and megabytes."""
    neighbourhoods, buildings = town()
    drawn = layers(neighbourhoods, buildings)
    whole = MapView((0, 0), 1.0, SIZE, 96.0).fitted(tuple(buildings.total_bounds))
    near = whole.zoomed(6.0, SIZE[0] / 2, SIZE[1] / 2)
    cold = draw(whole, drawn) * 1000
    found: dict[str, Any] = {"first drawing, paths made (ms)": cold}
    for name, view in (("whole town", whole), ("zoomed 6x", near)):
        draw_aside(view, drawn)
        times, waits = [], []
        for _ in range(rounds):
            seconds, delays = draw_aside(view, drawn)
            times.append(seconds * 1000)
            waits += delays
        found[f"{name}: redraw median (ms)"] = statistics.median(times)
        found[f"{name}: redraw p95 (ms)"] = quantile(times, 0.95)
        found[f"{name}: tick late p95 (ms)"] = quantile(waits, 0.95)
        found[f"{name}: tick late worst (ms)"] = max(waits)
        began = time.thread_time()
        for _ in range(5):
            draw(view, drawn)
        # Independent of what else the machine does: what a quiet machine would need at least.
        found[f"{name}: redraw, processor time (ms)"] = (time.thread_time() - began) / 5 * 1000
        for layer in drawn:
            best = min(draw(view, [layer]) for _ in range(3))
            found[f"{name}: {layer.key} alone (ms)"] = best * 1000
    found["stop takes at most (ms)"] = cancel_delay(whole, drawn)
    found["memory of the process (MB)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    sys.setswitchinterval(0.001)  # as the window does
    gc.disable()  # as the window does, which collects while the hand rests
    ensure_application()
    found = measure(chosen.rounds)
    if chosen.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:45s} {value:8.1f}")


if __name__ == "__main__":
    main()

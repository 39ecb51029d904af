"""The same picture by renomap and by QGIS in one run: 5,000 neighbourhoods, 100,000 buildings, names.

`python benchmarks/bench_qgis.py` needs QGIS with its Python bindings (Debian: qgis, python3-qgis); the
interpreter that has them is `--qgis-python`. QGIS draws from memory layers with spatial indexes, which is
quicker than from a file, and in its parallel job, a thread for each layer; both draw 1600 x 1000 pixels with
the same outlines, fills and names, the whole town and zoomed six times. Pictures go to `--pictures`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZE = (1600, 1000)
FILLS = ("#ebefbd", "#adbe8a", "#bed2fc", "#64a4d2", "#c9f2ff", "#57c1fe", "#f6c7bc", "#ba9959")


def in_qgis(folder: Path, rounds: int, pictures: Path | None) -> dict[str, Any]:
    """Milliseconds of QGIS; runs in the interpreter that has its bindings."""
    from qgis import core
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    core.QgsApplication.setPrefixPath("/usr", True)
    application = core.QgsApplication([], False)
    application.initQgis()
    found: dict[str, Any] = {"version": core.Qgis.QGIS_VERSION}
    layers = []
    for name in ("neighbourhoods", "buildings"):
        source = core.QgsVectorLayer(f"{folder}/town.gpkg|layername={name}", name, "ogr")
        layer = source.materialize(core.QgsFeatureRequest())
        layer.dataProvider().createSpatialIndex()
        layers.append(layer)
    people, houses = layers
    classes = []
    for number, fill in enumerate(FILLS):
        symbol = core.QgsFillSymbol.createSimple(
            {"color": fill, "outline_color": "#4a4a4a", "outline_width": "0.15", "joinstyle": "round"}
        )
        classes.append(core.QgsRendererCategory(number, symbol, str(number)))
    people.setRenderer(core.QgsCategorizedSymbolRenderer("class", classes))
    plain = {"color": "#f7e7c6", "outline_color": "#8a6d3b", "outline_width": "0.1"}
    houses.setRenderer(core.QgsSingleSymbolRenderer(core.QgsFillSymbol.createSimple(plain)))
    words = core.QgsPalLayerSettings()
    words.fieldName = "name"
    words.placement = core.QgsPalLayerSettings.OverPoint
    words.centroidInside = True
    words.fitInPolygonOnly = True  # as renomap leaves out names that have no room
    looks = core.QgsTextFormat()
    looks.setSize(6.5)
    halo = core.QgsTextBufferSettings()
    halo.setEnabled(True)
    looks.setBuffer(halo)
    words.setFormat(looks)
    people.setLabeling(core.QgsVectorLayerSimpleLabeling(words))
    people.setLabelsEnabled(True)
    for view, box in json.loads((folder / "views.json").read_text()).items():
        settings = core.QgsMapSettings()
        settings.setLayers([houses, people])
        settings.setDestinationCrs(people.crs())
        settings.setOutputSize(QSize(*SIZE))
        settings.setOutputDpi(96)
        settings.setExtent(core.QgsRectangle(*box))
        settings.setBackgroundColor(QColor("#ffffff"))
        settings.setFlag(core.QgsMapSettings.Antialiasing, True)
        for kind in ("Parallel", "Sequential"):
            times = []
            for _ in range(rounds + 1):
                job = getattr(core, f"QgsMapRenderer{kind}Job")(settings)
                began, used = time.perf_counter(), time.process_time()
                job.start()
                job.waitForFinished()
                times.append(((time.perf_counter() - began) * 1000, (time.process_time() - used) * 1000))
            found[f"{view}: {kind.lower()}"] = times[1:]
            if pictures is not None:
                job.renderedImage().save(str(pictures / f"qgis-{view.replace(' ', '-')}.png"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--qgis-python", default="/usr/bin/python3")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--in-qgis", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if chosen.in_qgis is not None:
        found = in_qgis(chosen.in_qgis, chosen.rounds, chosen.pictures)
        print(json.dumps(found), flush=True)
        os._exit(0)  # QGIS does not always end well
    compare(chosen.rounds, chosen.qgis_python, chosen.pictures)


def compare(rounds: int, interpreter: str, pictures: Path | None) -> None:
    """Draw with both and print what each took and the ratio of the medians."""
    import bench_drawing as ours
    import numpy as np
    from PySide6.QtGui import QImage, QPainter

    sys.setswitchinterval(0.001)  # as the window does
    ours.ensure_application()
    neighbourhoods, buildings = ours.town()
    drawn = ours.layers(neighbourhoods, buildings)
    whole = ours.MapView((0, 0), 1.0, SIZE, 96.0).fitted(tuple(buildings.total_bounds))
    views = {"whole town": whole, "zoomed 6x": whole.zoomed(6.0, SIZE[0] / 2, SIZE[1] / 2)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        own = np.asarray(drawn[0].classes)  # type: ignore[union-attr]
        named = neighbourhoods.assign(**{"class": own, "name": [f"第{i}小区" for i in range(len(own))]})
        named.to_file(folder / "town.gpkg", layer="neighbourhoods")
        buildings.to_file(folder / "town.gpkg", layer="buildings")
        (folder / "views.json").write_text(json.dumps({key: view.extent for key, view in views.items()}))
        command = [interpreter, __file__, "--in-qgis", str(folder), "--rounds", str(rounds)]
        command += ["--pictures", str(pictures)] if pictures is not None else []
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, env=environment, timeout=900, check=True
        )
        theirs = json.loads(done.stdout.splitlines()[-1])
    print(f"QGIS {theirs['version']}")
    for key, view in views.items():
        ours.draw_aside(view, drawn)
        times, used, waits = [], [], []
        for _ in range(rounds):
            began = time.process_time()
            seconds, delays = ours.draw_aside(view, drawn)
            used.append((time.process_time() - began) * 1000)
            times.append(seconds * 1000)
            waits += delays
        mine, cost = statistics.median(times), statistics.median(used)
        late = ours.quantile(waits, 0.95)
        print(f"{key}: renomap {mine:.0f} ms, processor {cost:.0f} ms, ticks late p95 {late:.1f} ms")
        for kind in ("parallel", "sequential"):
            clock, processor = (
                statistics.median(each) for each in zip(*theirs[f"{key}: {kind}"], strict=True)
            )
            told = f"ratio {mine / clock:.2f}, of processor time {cost / processor:.2f}"
            print(f"{key}: QGIS {kind} {clock:.0f} ms, processor {processor:.0f} ms; {told}")
        if pictures is not None:
            image = QImage(*SIZE, QImage.Format.Format_RGB32)
            image.fill(0xFFFFFFFF)
            painter = QPainter(image)
            ours.draw_map(painter, view, drawn)
            painter.end()
            image.save(str(pictures / f"renomap-{key.replace(' ', '-')}.png"))


if __name__ == "__main__":
    main()

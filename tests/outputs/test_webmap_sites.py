"""Idle rooms on the web map: a sign each, a legend entry, and a popup with what the list says."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from html import unescape
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from plan_sample import sample_plan, sample_words
from shapely import Point, box

from renomap.model.layer import Layer
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.outputs import tally_tables, webmap
from renomap.outputs.numbers import Figures
from renomap.outputs.webmap_sites import web_sites

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NAME = "旧办公楼 <b onclick=alert(1)>"


def with_sites() -> Plan:
    plan = sample_plan(2, 3, 1)
    x, y = plan.areas.geometry.iloc[0].representative_point().coords[0]
    frame = gpd.GeoDataFrame(
        {
            "name": [NAME, None],
            "area_m2": [270.0, np.nan],
            "owner": ["区房管所", None],
            "usable_for": ["养老", None],
        },
        geometry=[Point(x, y), box(x + 900, y, x + 920, y + 10)],
        crs=plan.neighbourhoods.crs,
    )
    layers = (*plan.project.layers, Layer("sites", "存量资源", Role.SITES, frame))
    return dataclasses.replace(plan, project=dataclasses.replace(plan.project, layers=layers))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_place_says_what_its_row_of_the_list_says(language: str) -> None:
    plan, words = with_sites(), sample_words(language)
    told = web_sites(plan, words)
    assert told is not None
    assert told["text"] == words["maps.legend.sites"]
    table = tally_tables.sites(plan, words)
    heads = [column.title for column in table.columns]
    first, second = told["places"]
    texts = table.texts(Figures(words))[0]
    colon = words["outputs.colon"]
    assert first["name"] == NAME
    assert first["lines"] == [f"{head}{colon}{text}" for head, text in zip(heads[1:], texts[1:], strict=True)]
    assert first["lines"][0] == f"{heads[1]}{colon}270"
    assert second["name"] == words["outputs.web.unnamed-site"]
    assert second["lines"][0] == f"{heads[1]}{colon}{words['outputs.no-data']}"
    frame = plan.project.layers_of(Role.SITES)[0].frame
    inside = frame.geometry.iloc[[1]].to_crs("EPSG:4326").iloc[0]
    assert inside.buffer(1e-6).contains(Point(second["at"][1], second["at"][0]))


def test_without_sites_nothing_is_said_of_them() -> None:
    assert web_sites(sample_plan(1, 2, 0), sample_words("zh")) is None


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_click_on_a_sign_opens_its_facts(tmp_path: Path) -> None:
    words = sample_words("zh")
    path = tmp_path / "map.html"
    webmap.write_html(with_sites(), path, words)
    script = """<script>window.addEventListener("load", () => {
      window.alert = () => { document.body.dataset.hacked = "yes"; };
      document.querySelectorAll(".leaflet-marker-icon.site")[0].click(); });</script></html>"""
    path.write_text(path.read_text("utf-8").replace("</html>", script), encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--virtual-time-budget=2000"]
    flags.append("--enable-logging=stderr")
    run = subprocess.run(
        [str(CHROMIUM), *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "CONSOLE" not in run.stderr
    assert "data-hacked" not in run.stdout
    popup = unescape(run.stdout.split('class="leaflet-popup-content"')[1].split("</div></div></div>")[0])
    assert NAME in popup
    assert "270" in popup
    assert run.stdout.count('class="leaflet-marker-icon site') == 2
    legend = run.stdout.split('class="legend"')[1].split("</aside>")[0]
    assert words["maps.legend.sites"] in legend

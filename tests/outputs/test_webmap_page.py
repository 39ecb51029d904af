"""The web map in a real browser: no request, no error, names stay text, numbers are the plan's."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import numpy as np
import pytest
import shapely
from plan_sample import HOSTILE, sample_plan, sample_words

from renomap.model.plan import Plan
from renomap.outputs import webmap
from renomap.outputs.findings import remedy_text
from renomap.outputs.numbers import Figures
from renomap.wording.deficits import state_text

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=3000",
    "--enable-logging=stderr",
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan()


@pytest.fixture(scope="module")
def page(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web") / "map.html"
    webmap.write_html(plan, path, sample_words("zh"))
    return path


def _shown(page: Path, tmp_path: Path, script: str = "") -> tuple[str, str]:
    """The page's text after its scripts and one of ours ran, and what the console said."""
    text = page.read_text(encoding="utf-8")
    after = """<script>window.addEventListener("load", () => { %s
      document.title = "done"; });</script>"""
    copy = tmp_path / "page.html"
    copy.write_text(text.replace("</html>", after % script + "</html>"), encoding="utf-8")
    run = subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", copy.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "<title>done</title>" in run.stdout, run.stderr[-2000:]
    console = "\n".join(line for line in run.stderr.splitlines() if "CONSOLE" in line)
    return run.stdout, console


def test_the_page_names_no_resource_outside_itself(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img|iframe)[^>]+(src|href)\\s*=\\s*[\"']?(https?:)?//", text)
    assert not re.search(r"url\((?!data:|#|\"?#|\"?url|&quot;)[^)]*\)", text.split("</style>")[0])
    assert "default-src 'none'" in text
    assert "sourceMappingURL" not in text
    assert "jquery" not in text.lower()
    assert "bootstrap" not in text.lower()


def test_data_cannot_leave_its_element(page: Path, plan: Plan) -> None:
    text = page.read_text(encoding="utf-8")
    block = text.split('id="plan-data">')[1].split("</script>")[0]
    assert "<" not in block
    data = json.loads(block)
    assert data["stamp"] == plan.stamp
    names = [feature["properties"]["name"] for feature in data["people"]["features"]]
    assert names == plan.neighbourhoods["name"].tolist()
    assert text.count("<script") == 4


def test_the_numbers_are_those_of_the_plan(page: Path, plan: Plan) -> None:
    figures = Figures(sample_words("zh"))
    data = json.loads(page.read_text(encoding="utf-8").split('id="plan-data">')[1].split("</script>")[0])
    assert [area["id"] for area in data["areas"]] == plan.areas.index.tolist()
    for area in data["areas"]:
        row = plan.areas.loc[area["id"]]
        for facility, shown in zip(plan.standard.facilities, area["deficits"], strict=True):
            key = facility.key
            expected = figures.deficit(
                row[f"{key}_deficit_low"],
                row[f"{key}_deficit_high"],
                row[f"{key}_deficit"],
                row[f"{key}_state"],
            )
            assert shown[2] == expected
            verdict, _, remedy = shown[3].partition("；")
            assert verdict == state_text(row[f"{key}_state"], facility, figures.words)
            assert remedy == remedy_text(plan, area["id"], facility, figures.words)
    assert len(data["themes"]) == 1 + len(plan.standard.facilities)


@browser
def test_it_runs_without_a_word_on_the_console_and_names_stay_text(
    page: Path, tmp_path: Path, plan: Plan
) -> None:
    script = """
      window.alert = () => { document.body.dataset.hacked = "yes"; };
      document.querySelectorAll("ul.list button")[1].click();
      const theme = document.getElementById("theme");
      for (let k = 0; k < theme.options.length; k++) {
        theme.value = k;
        theme.dispatchEvent(new Event("change"));
      }
      document.body.dataset.requests = performance.getEntriesByType("resource").length;
      document.body.dataset.images = document.querySelectorAll("img").length;
    """
    dom, console = _shown(page, tmp_path, script)
    assert console == ""
    assert "data-hacked" not in dom
    assert 'data-requests="0"' in dom
    assert 'data-images="0"' in dom
    panel = unescape(dom.split("<aside")[1].split("</aside>")[0])
    assert f"2  {HOSTILE[7]}" in panel
    members = plan.neighbourhoods.loc[plan.neighbourhoods["area_id"] == 2, "name"]
    for name in members:
        assert name in panel
    assert Figures(sample_words("zh")).number(plan.areas.loc[2, "elevator_deficit"]) in panel


@browser
def test_searching_finds_a_neighbourhood_by_its_awkward_name(page: Path, tmp_path: Path) -> None:
    script = """
      const search = document.getElementById("search");
      search.value = "onerror"; search.dispatchEvent(new Event("input"));
      document.querySelector("ul.list button").click();
    """
    dom, console = _shown(page, tmp_path, script)
    assert console == ""
    listed = re.findall(r'class="what">(.*?)</span>', dom.split("<aside")[1])
    assert [unescape(name) for name in listed] == [HOSTILE[0]]
    tooltip = dom.split('class="leaflet-tooltip leaflet-zoom')[1:] or dom.split("leaflet-tooltip")[1:]
    assert any("&lt;img src=x onerror=alert(1)&gt;" in part for part in tooltip)


@pytest.mark.long
def test_a_big_plan_stays_below_five_megabytes(tmp_path: Path) -> None:
    webmap.write_html(sample_plan(120, 9, 400, per_row=40), tmp_path / "big.html", sample_words("en"))
    assert (tmp_path / "big.html").stat().st_size < 5_000_000


def test_shapes_are_simplified_until_they_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller budget than the plainest page needs still gives a page, the smallest there is."""
    from renomap.outputs import webmap_content

    plan, words = sample_plan(2, 4, 1), sample_words("en")
    fine = webmap_content.web_content(plan, words)
    monkeypatch.setattr(webmap_content, "BUDGET_BYTES", 10)
    coarse = webmap_content.web_content(plan, words)
    assert len(coarse) < len(fine)
    assert json.loads(coarse)["ground"] == []


@pytest.mark.parametrize("tolerance", [0.3, 3.0, 12.0])
def test_simplified_outlines_are_a_coverage(tolerance: float, monkeypatch: pytest.MonkeyPatch) -> None:
    from renomap.outputs import webmap_content

    monkeypatch.setattr(webmap_content, "TOLERANCES_M", (tolerance,))
    plan = sample_plan(8, 5, 1)
    data = json.loads(webmap_content.web_content(plan, sample_words("zh")))
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in data["outlines"]["features"]]
    assert len(shapes) == len(plan.areas)
    assert shapely.coverage_is_valid(shapes)


def test_a_plan_without_areas_is_still_a_map(tmp_path: Path) -> None:
    webmap.write_html(sample_plan(0, 0, 4), tmp_path / "m.html", sample_words("zh"))
    data = json.loads(
        (tmp_path / "m.html").read_text("utf-8").split('id="plan-data">')[1].split("</script>")[0]
    )
    assert len(data["people"]["features"]) == 4
    assert [theme["key"] for theme in data["themes"]] == ["areas"]


def test_the_legend_names_both_lines_and_members_are_a_coverage(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="plan-data">(.*?)</script>', text, re.DOTALL)[1])  # type: ignore[index]
    words = sample_words("zh")
    assert (data["words"]["outline"], data["words"]["ground"]) == (
        words["maps.legend.outline"],
        words["maps.legend.members-ground"],
    )
    # Every line of the ground that is drawn has its word: an administrative line looks much like the second.
    drawn = {layer["colour"] for layer in data["ground"] if not layer["fill"]}
    assert {one["colour"] for one in data["groundKey"] if not one["fill"]} == drawn
    shapes = [shapely.from_geojson(json.dumps(item["geometry"])) for item in data["members"]["features"]]
    assert len(shapes) == len(data["areas"])
    assert shapely.coverage_is_valid(np.array(shapes, dtype=object))
    assert "--boundary-text:#8f1016" in text

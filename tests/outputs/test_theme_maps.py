"""Theme maps of the report: which there are, why one is refused, and the table beside each by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from plan_sample import CRS, sample_plan, sample_words
from test_report_pdf import page_texts

from renomap.errors import RenomapError
from renomap.model.layer import Layer
from renomap.model.page import Page, page_of, with_page
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.outputs import report
from renomap.outputs.numbers import Figures
from renomap.outputs.theme_maps import ALL, DEFICITS, NONE, chosen, figure_page, offered

WORDS = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return sample_plan(3, 5, 4)


def _lacking(plan: Plan) -> Mapping[str, str]:
    return {item.theme: item.lacking for item in offered(plan, WORDS)}


def _without(plan: Plan, *columns: str) -> Plan:
    people = plan.neighbourhoods.copy()
    people[list(columns)] = np.nan
    return replace(plan, neighbourhoods=people)


def test_every_figure_is_offered_with_the_reason_why_not(plan: Plan) -> None:
    told = _lacking(plan)
    assert told["year"] == told["floors"] == told["consent"] == told["deficit:elevator"] == ""
    assert told["deficit:parking"] == WORDS["outputs.figure.lacks-rule"]
    assert told["sites"] == WORDS["outputs.figure.lacks-sites"]
    assert told["reach:elder_care"] == WORDS["outputs.figure.lacks-places"]
    less = _lacking(_without(plan, "year_min", "year_max", "floors", "consent_asked"))
    assert [less[name] for name in ("year", "floors", "consent")] == [
        WORDS[f"outputs.figure.lacks-{name}"] for name in ("year", "floors", "consent")
    ]


def test_names_choose_figures_once_and_unknown_ones_are_refused(plan: Plan) -> None:
    first = ["deficit:elevator", "deficit:parking", "deficit:elder_care"]
    assert [item.theme for item in chosen(plan, [DEFICITS, "year", "deficit:parking"], WORDS)] == [
        *first,
        "year",
    ]
    assert chosen(plan, [ALL], WORDS) == offered(plan, WORDS)
    assert chosen(plan, [NONE], WORDS) == ()
    for name, code in (("colours", "maps.theme-unknown"), ("reach:no", "maps.facility-unknown")):
        with pytest.raises(RenomapError) as fault:
            chosen(plan, [name], WORDS)
        assert fault.value.code == code


def test_a_table_of_classes_holds_every_neighbourhood(plan: Plan) -> None:
    figures = Figures(WORDS)
    for theme in ("year", "floors", "eligibility", "consent"):
        (item,) = chosen(plan, [theme], WORDS)
        rows = figure_page(plan, item, figures)["table"]["rows"]
        assert sum(int(row[1]) for row in rows) == len(plan.neighbourhoods), theme
    unknown = plan.neighbourhoods["households"].isna().any()
    assert unknown
    assert any(row[2].startswith("≥") for row in rows)


def test_areas_stand_by_their_deficit(plan: Plan) -> None:
    (item,) = chosen(plan, ["deficit:elevator"], WORDS)
    rows = figure_page(plan, item, Figures(WORDS))["table"]["rows"]
    told = [float(row[2].replace(",", "")) for row in rows]
    assert told == sorted(plan.areas["elevator_deficit"], reverse=True)


def test_reach_counts_members_within_the_circles(plan: Plan) -> None:
    """A place in the middle of the first member reaches it and no farther than the radius of the standard."""
    import geopandas as gpd

    spot = plan.neighbourhoods.geometry.iloc[0].representative_point()
    frame = gpd.GeoDataFrame({"facility": ["elder_care"]}, geometry=[spot], crs=CRS)
    layer = Layer("facilities", "设施", Role.FACILITIES, frame)
    served = replace(plan, project=replace(plan.project, layers=(layer,)))
    (item,) = chosen(served, ["reach:elder_care"], WORDS)
    assert item.lacking == ""
    rows = figure_page(served, item, Figures(WORDS))["table"]["rows"]
    inner = plan.neighbourhoods[plan.neighbourhoods["area_id"] > 0].geometry.representative_point()
    near = int((shapely.distance(inner.to_numpy(), spot) <= 300).sum())
    assert [int(row[1]) for row in rows] == [near, len(inner) - near]
    assert near > 0


def test_the_page_keeps_what_was_chosen(plan: Plan) -> None:
    project = with_page(plan.project, Page(figures=("year", "floors")))
    assert page_of(project).figures == ("year", "floors")
    kept = replace(project, meta={"page": {"figures": [1]}})
    assert page_of(kept).figures == Page().figures


def test_figures_are_pages_and_refused_ones_are_notes(plan: Plan, tmp_path: Path) -> None:
    page = Page(area_pages=False, figures=("deficit:elevator", "deficit:parking", "floors"))
    for paper in ("A3", "A4"):
        path = tmp_path / f"{paper}.pdf"
        report.write_pdf(plan, path, WORDS, replace(page, report=paper, grey=paper == "A4"))
        texts = page_texts(path)
        assert sum("小区建筑层数分布图" in text for text in texts) == 1
        assert any("停车" in text and "未出：标准未设值" in text for text in texts)
        assert any("管网改造图另附" in text for text in texts)

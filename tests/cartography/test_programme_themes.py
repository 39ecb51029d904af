"""Maps of the programme: years in their order, ways of renewal, what may start; refused without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from plan_sample import sample_plan, sample_words

from renomap.cartography.content import map_content
from renomap.cartography.programme_themes import PROGRAMME_THEMES, WINDOW_THEMES, programme_theme
from renomap.cartography.themes import Theme
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.programme import Programme
from renomap.steps.programme import with_programme

ZH = sample_words("zh")


@pytest.fixture(scope="module")
def plan() -> Plan:
    """One neighbourhood each for 2028 and 2026, one in the pool; area 1 is rebuilt."""
    bare = sample_plan()
    fids = [int(str(fid)) for fid in bare.neighbourhoods.index[:3]]
    programme = Programme(rules="changsha").with_rows(
        "units",
        [
            {"fid": fids[0], "stage": "annual", "year": 2028},
            {"fid": fids[1], "stage": "annual", "year": 2026},
            {"fid": fids[2], "stage": "pool"},
        ],
    )
    area = int(str(bare.areas.index[0]))
    programme = programme.with_rows("projects", [{"area": area, "mode": "rebuild"}])
    return with_programme(bare, replace(bare.project, programme=programme))


def told(plan: Plan, theme: Theme) -> list[str]:
    """The legend's text of each neighbourhood."""
    texts = {k: entry.text for group in theme.groups for entry in group.entries for k in entry.classes}
    return [texts[int(k)] for k in theme.classes]


def test_years_are_in_their_order_and_the_pool_is_no_year(plan: Plan) -> None:
    theme = programme_theme(plan, "programme-year", ZH)
    assert told(plan, theme)[:3] == ["2028", "2026", "储备库（未定年度）"]
    legend = [entry.text for entry in theme.groups[0].entries]
    assert legend == ["2026", "2028", "储备库（未定年度）", "未列入计划"]
    assert not np.isin(-1, theme.classes)


def test_a_project_is_drawn_by_its_way_of_renewal(plan: Plan) -> None:
    theme = programme_theme(plan, "programme-mode", ZH)
    inside = (plan.neighbourhoods["area_id"] == plan.areas.index[0]).to_numpy()
    texts = np.array(told(plan, theme), dtype=object)
    assert set(texts[inside]) == {"自主更新"}
    assert set(texts[~inside]) == {"未列为项目"}


@pytest.mark.parametrize("theme", PROGRAMME_THEMES)
def test_each_is_a_map_and_is_refused_without_a_programme(plan: Plan, theme: str) -> None:
    assert map_content(plan, theme, ZH).heading == ZH[f"maps.theme.{theme}"]
    with pytest.raises(RenomapError) as caught:
        map_content(sample_plan(), theme, ZH)
    assert caught.value.code == "maps.no-programme"


def test_the_wall_map_shows_the_stage_of_works_and_hatches_what_nothing_tells(plan: Plan) -> None:
    fids = [int(str(fid)) for fid in plan.neighbourhoods.index[:5]]
    works = [
        {"fid": fids[3], "item": "pipes", "status": "ongoing"},
        {"fid": fids[4], "item": "roof", "status": "done"},
    ]
    programme = plan.project.programme.with_rows("works", works)
    theme = programme_theme(
        with_programme(plan, replace(plan.project, programme=programme)), "programme-progress", ZH
    )
    legend = [entry.text for entry in theme.groups[0].entries]
    assert legend == ["前期", "施工", "完工", "进度不明"]
    assert told(plan, theme)[:5] == ["前期", "前期", "前期", "施工", "完工"]
    hatched = theme.symbols[int(theme.classes[5])]
    assert hatched.hatch, "what nothing tells has a hatch of its own"


def test_companies_and_money_are_drawn_in_the_window_only(plan: Plan) -> None:
    """Two companies, the larger first; 2 and 4 (10,000 yuan) a household; a project without works hatched."""
    areas = [int(str(area)) for area in plan.areas.index[:3]]
    rows = [{"area": area, "company": name} for area, name in zip(areas, ("甲", "乙", None), strict=True)]
    programme = Programme("changsha").with_rows("projects", rows)
    ids = plan.neighbourhoods["area_id"]
    works = [{"fid": int(str(ids.index[ids == area][0])), "item": "roof", "cost": 1e6} for area in areas[:2]]
    made = with_programme(plan, replace(plan.project, programme=programme.with_rows("works", works)))
    company = programme_theme(made, "programme-company", ZH)
    texts = np.array(told(made, company), dtype=object)
    assert [set(texts[(ids == area).to_numpy()]) for area in areas] == [{"甲"}, {"乙"}, {"未填实施主体"}]
    assert set(texts[(ids == 0).to_numpy()]) <= {"未列为项目"}
    gap = programme_theme(made, "programme-gap", ZH)
    texts = np.array(told(made, gap), dtype=object)
    assert set(texts[(ids == areas[2]).to_numpy()]) == {"无数据"}
    assert set(texts[(ids == 0).to_numpy()]) <= {"未列为项目"}
    assert all("万元" in text for text in texts[(ids == areas[0]).to_numpy()])
    assert set(WINDOW_THEMES) - set(PROGRAMME_THEMES) == {
        "programme-company", "programme-cost", "programme-gap",
    }  # fmt: skip
    assert map_content(made, "programme-cost", ZH).heading == "户均投资图"

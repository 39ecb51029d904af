"""``phase`` through the command line: the requirements T06 and T09, with what is saved read back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from test_programme import CHECKED, Run, kept, make_town, run, with_values

from renomap.store.projectfile import open_project, save

__all__ = ["run"]  # the fixture of the other commands of the programme


def town(folder: Path, **values: Any) -> Path:
    """Area 1 of 1,208 households for 20 million, and a neighbourhood by itself of 151 for 5 million."""
    ready = {"consent_asked": 151.0, "consent_yes": 151.0, **CHECKED, **values}
    projects = [{"scheme": "s1", "area": 1, "name": "甲里片区"}, {"fid": 9, "name": "零星"}]
    works = [{"fid": 1, "item": "pipes", "cost": 20_000_000}, {"fid": 9, "item": "roof", "cost": 5_000_000}]
    return kept(with_values(make_town("national"), **ready), folder, projects=projects, works=works)


def years_of(told: dict[str, Any]) -> dict[int, int | None]:
    return {one["area"] or -one["fid"]: one["year"] for one in told["projects"]}


def test_t06_years_within_the_caps_and_every_reason(tmp_path: Path, run: Run) -> None:
    path = town(tmp_path)
    code, told, said = run("phase", path, "--cap", "2026=2000万", "--cap", "2027=500万元")
    assert code == 0, said
    assert years_of(told) == {1: 2026, -9: 2027}
    assert (told["proven"], told["unlimited"]) == (True, [2028, 2029, 2030])
    saved = open_project(path).programme.projects
    assert saved["year"].tolist() == [2026, 2027]
    assert not saved["fixed"].any(), "the solver may change what the solver chose"
    code, told, said = run("phase", path, "--fix", "AREA:1=2029")
    assert years_of(told) == {1: 2029, -9: 2026}, "a leader's year stays, and makes room"
    none = [f"--cap={year}=0" for year in range(2026, 2031)]
    _, told, _ = run("phase", path, *none, "--fix", "AREA:1=none")
    assert years_of(told) == {1: None, -9: None}
    assert {one["short"]: one["why"] for one in told["projects"]} == dict.fromkeys((5e6, 2e7), "no_room")
    assert open_project(path).programme.projects["year"].isna().all()


def test_unknown_cost_and_open_gates_get_no_year(tmp_path: Path, run: Run) -> None:
    path = town(tmp_path, consent_yes={**dict.fromkeys(range(2, 10), 151.0), 1: 100.0})
    _, told, _ = run("phase", path)
    assert {one["area"]: one["why"] for one in told["projects"]} == {1: "gates", 0: None}
    code, _, said = run("phase", path, "--cap", "2026=很多")
    assert code == 2
    assert "cap.2026" in said
    code, _, said = run("phase", path, "--weight", "hazard=.3")
    assert code == 2
    assert "1.05" in said


def test_t09_the_order_with_weights_of_the_meeting(tmp_path: Path, run: Run) -> None:
    path = town(tmp_path, unsafe_buildings=1.0, buildings=10.0)
    before = path.read_bytes()
    _, told, _ = run("phase", path, "--rank-only")
    assert path.read_bytes() == before
    first = next(one for one in told["projects"] if one["area"] == 1)
    # hazard 1 in 10 of 0 to 0.2: half of 25; all agree: 15. Years, people and money are not known.
    assert first["score_low"] >= 12.5 + 15
    weights = [
        f"--weight={name}={share}" for name, share in (("hazard", 0.75), ("basic", 0), ("consent", 0.25))
    ]
    weights += [f"--weight={name}=0" for name in ("owner", "pooling", "funded", "age", "elderly")]
    _, told, _ = run("phase", path, "--rank-only", *weights)
    first = next(one for one in told["projects"] if one["area"] == 1)
    assert (first["score_low"], first["score_high"], first["known_weight"]) == (62.5, 62.5, 1.0)


def test_a_capped_source_of_which_nothing_is_said_is_unknown_and_not_none(tmp_path: Path, run: Run) -> None:
    """9 is paid by the city alone, so the capped money of residents is none; of 1 nobody said who pays."""
    path = town(tmp_path)
    project = open_project(path)
    funds = [{"fid": 9, "source": "city", "planned": 5_000_000}]
    save(replace(project, programme=project.programme.with_rows("funds", funds)), path)
    _, told, _ = run("phase", path, "--cap", "2026:residents=100万")
    assert {one["area"]: (one["year"], one["why"]) for one in told["projects"]} == {
        1: (None, "money"),
        0: (2026, None),
    }
    more = [{"project": 1, "source": "residents", "planned": 1_000_000}]
    project = open_project(path)
    save(replace(project, programme=project.programme.with_rows("funds", more)), path)
    assert years_of(run("phase", path, "--cap", "2026:residents=100万")[1])[1] == 2026

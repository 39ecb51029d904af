"""The programme through the command line: the requirements of the conference, with numbers done by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from shapely import box

from renomap.__main__ import main
from renomap.model.project import Project
from renomap.model.roles import Role
from renomap.store.projectfile import open_project, save

sys.path.append(str(Path(__file__).parents[1] / "steps"))
from programme_town import make_town

Run = Callable[..., tuple[int, dict[str, Any], str]]
CHECKED = {"checkup_date": "2026-01"}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; exit code, its JSON ({} where it failed) and what it said on the error channel."""

    def go(*words: object) -> tuple[int, dict[str, Any], str]:
        code = main([*map(str, words), "--json", "--lang=zh"])
        told = capsys.readouterr()
        return code, json.loads(told.out) if told.out.strip() else {}, told.err

    return go


def with_values(project: Project, **values: Any) -> Project:
    """The town with these values in columns of its neighbourhoods: one for all, or by fid."""
    layer = project.neighbourhoods
    assert layer is not None
    frame = layer.frame.copy()
    for name, value in values.items():
        by_fid = value if isinstance(value, Mapping) else dict.fromkeys(frame.index, value)
        frame[name] = [by_fid.get(fid, old) for fid, old in frame[name].items()]
        if frame[name].dtype != layer.frame[name].dtype:
            frame[name] = pd.Series(list(frame[name]), index=frame.index, dtype=layer.frame[name].dtype)
    return project.with_layer(replace(layer, frame=frame))


def kept(project: Project, folder: Path, **tables: list[dict[str, Any]]) -> Path:
    """The project file with rows in tables of its programme; project 1 is that of area 1."""
    rows = {"projects": [{"scheme": "s1", "area": 1, "name": "甲里片区"}], **tables}
    programme = project.programme
    for name, each in rows.items():
        programme = programme.with_rows(name, each)
    path = folder / "p.gpkg"
    save(replace(project, programme=programme), path)
    return path


def of_177(project: Project) -> Project:
    """The town with as many neighbourhoods as its first one, side by side, all in area 1."""
    layer, scheme = project.neighbourhoods, project.scheme
    assert layer is not None
    assert scheme is not None
    fids = pd.Index(range(1, 178), name="fid", dtype="int64")
    shapes = [box(500_000 + 100 * nth, 0, 500_098 + 100 * nth, 98) for nth in range(177)]
    frame = layer.frame.iloc[[0] * 177].set_axis(fids).set_geometry(shapes, crs=layer.frame.crs)
    frame["name"] = frame["code"] = [f"CS{fid:03d}" for fid in fids]
    assignment = pd.Series(1, index=fids, dtype="int64", name="area_id")
    return replace(
        project.with_layer(replace(layer, frame=frame)), schemes=(replace(scheme, assignment=assignment),)
    )


def project_of(told: Mapping[str, Any]) -> dict[str, Any]:
    (found,) = [one for one in told["projects"] if one["area"] == 1]
    return dict(found)


def book(path: Path, *rows: tuple[Any, ...]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def test_t01_no_project_in_the_pool_without_a_check_up(tmp_path: Path, run: Run) -> None:
    dates = dict.fromkeys(range(1, 8), "2026-01")
    path = kept(with_values(make_town(), checkup_date=dates), tmp_path)
    assert run("programme", path)[1]["projects"]
    code, _, said = run("plan", path, "--move", "AREA:1=pool")
    assert code == 2
    assert "辛里小区" in said
    assert "甲里小区" not in said
    assert not len(open_project(path).programme.units)
    assert run("plan", path, "--move", "N:1=pool")[0] == 0


@pytest.mark.parametrize(
    ("asked", "yes", "verdict"),
    [(151, 120, "not_met"), (151, 121, "met"), (80, 79, "not_met"), (None, 121, "to_check")],
)
def test_t02_consent_of_all_households(
    tmp_path: Path, run: Run, asked: int | None, yes: int, verdict: str
) -> None:
    town = with_values(make_town(), consent_asked=float(asked or "nan"), consent_yes=float(yes))
    _, told, _ = run("programme", kept(town, tmp_path))
    found = project_of(told)
    assert found["consent"] == verdict
    state = {"met": "done", "not_met": "open", "to_check": "unknown"}[verdict]
    assert found["gate_states"]["consent"] == state


def test_t03_two_rounds_of_each_in_their_order(tmp_path: Path, run: Run) -> None:
    values = {"consent_asked": 151.0, "consent_yes": 121.0, **CHECKED}
    upkeep = [{"fid": fid, "party_branch": "有", "management": "物业托管"} for fid in range(1, 9)]
    units = [{"fid": fid, "stage": "pool"} for fid in range(1, 9)]
    path = kept(with_values(make_town(), **values), tmp_path, upkeep=upkeep, units=units)
    steps = [f"{gate}.{nth}" for nth in (1, 2) for gate in ("consult", "notice", "review")]
    for month, step in enumerate(steps[:5], start=2):
        done = run(
            "record",
            path,
            "--of",
            "AREA:1",
            "--gate",
            step,
            "--start",
            f"2026-0{month}-01",
            "--result",
            "passed",
        )
        assert done[0] == 0, done[2]
    assert not project_of(run("programme", path)[1])["approved"]
    early = run(
        "record", path, "--of", "AREA:1", "--gate", "review.2", "--start", "2026-01", "--result", "passed"
    )
    assert early[0] == 2
    late = run(
        "record", path, "--of", "AREA:1", "--gate", "review.2", "--start", "2026年8月", "--result", "passed"
    )
    assert late[0] == 0, late[2]
    found = project_of(late[1])
    assert found["approved"], found["gate_states"]
    code, _, said = run("plan", path, "--move", "AREA:1=building")
    assert code == 0, said


def test_t04_subsidy_by_household_and_never_below_the_least(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path, works=[{"fid": 1, "item": "pipes", "cost": 20_000_000}])
    found = project_of(run("programme", path)[1])
    assert found["used"] == {"city": 7_248_000, "district": 7_248_000}
    code, _, said = run("programme", path, "--set", "district.rate=5999")
    assert code == 2
    assert "6000" in said.replace(",", "")


def test_t05_every_household_is_in_one_list(tmp_path: Path, run: Run) -> None:
    lists = run("programme", kept(make_town(), tmp_path))[1]["lists"]
    assert lists["all"]["households"] == lists["sum"]["households"] == 9 * 151
    assert lists["difference"]["neighbourhoods"] == 0


def test_t08_a_move_there_and_back_writes_two_rows(tmp_path: Path, run: Run) -> None:
    values = {"consent_asked": 151.0, "consent_yes": 121.0, **CHECKED}
    town = with_values(make_town("national"), **values)
    path = kept(town, tmp_path, units=[{"fid": 1, "stage": "pool"}])
    assert run("plan", path, "--move", "N:1=annual:2027")[0] == 0
    assert run("plan", path, "--move", "N:1=pool")[0] == 2  # no reason
    code, told, _ = run("plan", path, "--move", "N:1=pool", "--reason", "资金未落实", "--by", "王工")
    assert code == 0
    assert told["history"] == 2
    history = open_project(path).programme.history
    assert history[["from_stage", "to_stage", "by"]].values.tolist()[1] == ["annual", "pool", "王工"]
    assert told["lists"]["pool"]["neighbourhoods"] == 1
    assert told["lists"]["difference"]["neighbourhoods"] == 0


def test_t14_a_total_is_the_sum_of_its_buildings(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path)
    table = book(
        tmp_path / "w.xlsx", ("小区", "楼栋", "改造内容", "工程量", "单价（元）"),
        ("甲里小区", "1栋", "屋面防水", 1200, 130), ("甲里小区", "2栋", "屋面防水", 901, 130),
        ("乙里小区", None, "屋面", 99, 130),
    )  # fmt: skip
    assert run("import", "-o", path, "--table", f"{table}=works")[0] == 0
    found = project_of(run("programme", path)[1])
    assert found["works"] == {"roof": {"low": 286_000, "high": 286_000}}  # 2,200 m2 at 130
    assert found["cost_per_household"] == pytest.approx(286_000 / 1208)


def test_t15_underground_before_ground(tmp_path: Path, run: Run) -> None:
    works = [
        {"fid": 1, "item": "road", "start": "2026-05-01", "end": "2026-05-30"},
        {"fid": 1, "item": "pipes", "start": "2026-07-01", "end": "2026-08-01"},
    ]
    code, told, _ = run("programme", kept(make_town(), tmp_path, works=works), "--check")
    assert code == 1
    errors = [one for one in told["problems"] if one["severity"] == "error"]
    assert [one["works"] for one in errors] in ([[1, 2]], [[2, 1]])


def test_t16_within_the_year(tmp_path: Path, run: Run) -> None:
    works = [{"fid": 1, "item": "roof", "start": "2026-11-01", "end": "2027-02-01"}]
    code, told, _ = run("programme", kept(make_town(), tmp_path, works=works), "--check")
    assert code == 0
    assert [one["works"] for one in told["problems"] if one["severity"] == "warning" and one["works"]] == [
        [1]
    ]


def test_t17_what_must_be_done_and_is_not_listed(tmp_path: Path, run: Run) -> None:
    town = with_values(make_town(), pipes_bad_km={1: 0.8, 2: 0.0})
    units = [{"fid": fid, "stage": "annual", "year": 2027} for fid in (1, 2, 3)]
    told = run("programme", kept(town, tmp_path, units=units))[1]
    missing = [one["fids"] for one in told["problems"] if one["kind"] == "basic_missing"]
    assert missing == [[1]]
    unknown = [one["fids"] for one in told["problems"] if one["kind"] == "basic_unknown"]
    assert [3] in unknown


def test_t18_the_ground_is_opened_once(tmp_path: Path, run: Run) -> None:
    """Pipes of 2026 and gas of 2028 in one neighbourhood are a conflict, those of one year are none."""
    works = [
        {"fid": 1, "item": "pipes", "start": "2026-03-01", "end": "2026-05-01"},
        {"fid": 1, "item": "gas", "start": "2028-03-01", "end": "2028-05-01"},
        {"fid": 2, "item": "pipes", "start": "2026-03-01", "end": "2026-05-01"},
        {"fid": 2, "item": "gas", "start": "2026-04-01", "end": "2026-05-01"},
    ]
    told = run("programme", kept(make_town(), tmp_path, works=works))[1]
    (found,) = [one for one in told["problems"] if one["kind"] == "site_dug_twice"]
    assert (found["fids"], sorted(found["works"])) == ([1], [1, 2])
    assert "老化管线改造" in found["text"]
    assert "燃气管线" in found["text"]


def test_t19_how_much_of_what_may_be_renewed_is_on_a_list(tmp_path: Path, run: Run) -> None:
    """108 of 177 neighbourhoods and 552 of 813 (10,000 m2): 61.0 and 67.9 %; a surface unknown, no share."""
    town = of_177(make_town())
    areas = {fid: 552e4 / 108 if fid <= 108 else 261e4 / 69 for fid in range(1, 178)}
    units = [{"fid": fid, "stage": "pool"} for fid in range(1, 109)]
    told = run("programme", kept(with_values(town, floor_area_m2=areas), tmp_path, units=units))[1]
    count, surface = told["coverage"]["neighbourhoods"], told["coverage"]["floor_area_m2"]
    assert (count["included"], count["eligible"], round(count["share"], 3)) == (108, 177, 0.610)
    assert (surface["known"], surface["of"], round(surface["share"], 3)) == (177, 177, 0.679)
    areas[1] = float("nan")
    told = run("programme", kept(with_values(town, floor_area_m2=areas), tmp_path, units=units))[1]
    surface = told["coverage"]["floor_area_m2"]
    assert (surface["known"], surface["of"], surface["share"]) == (176, 177, None)


def test_t20_problems_of_a_check_up_are_read(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path)
    table = book(
        tmp_path / "q.xlsx", ("小区名称", "体检指标", "问题描述", "数量", "单位", "类别", "发现时间"),
        ("甲里小区", "存在结构安全隐患的住宅", "外墙脱落", 42, "栋", "限时解决", "2026年1月"),
    )  # fmt: skip
    code, _, said = run("import", "-o", path, "--table", f"{table}=problems")
    assert code == 0, said
    (row,) = open_project(path).programme.problems.to_dict("records")
    assert (row["fid"], row["quantity"], row["urgency"], row["found"]) == (1, 42.0, "limited", "2026-01")


def test_t21_the_last_of_five_steps_needs_the_fourth(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path)
    assert run("programme", path, "--programme", "jiulongpo")[1]["rules"] == "jiulongpo"
    for month, gate in enumerate(("propose", "discuss", "confer"), start=1):
        done = run(
            "record",
            path,
            "--of",
            "AREA:1",
            "--gate",
            gate,
            "--start",
            f"2026-0{month}",
            "--result",
            "passed",
        )
        assert done[0] == 0, done[2]
    code, _, said = run(
        "record", path, "--of", "AREA:1", "--gate", "decide", "--start", "2026-05", "--result", "passed"
    )
    assert code == 2
    assert "专业审议" in said


@pytest.mark.parametrize(("side", "verdict"), [(21.0, "above"), (20.0, None)])
def test_t22_a_fifth_may_be_taken_down(tmp_path: Path, run: Run, side: float, verdict: str | None) -> None:
    import shapely

    town = make_town()
    (layer,) = town.layers_of(Role.BUILDINGS)
    x = 500_000.0
    shapes = [shapely.box(x + 1, 1, x + 1 + side, 11), shapely.box(x + 1, 20, x + 1 + (100 - side), 30)]
    frame = layer.frame.assign(floors=1.0).set_geometry(shapes, crs=layer.frame.crs)
    works = [{"fid": 1, "building": 1, "item": "clearing", "action": "demolish"}]
    path = kept(town.with_layer(replace(layer, frame=frame)), tmp_path, works=works)
    told = run("programme", path)[1]
    assert project_of(told)["demolished_high"] == pytest.approx(side / 100)
    assert [one for one in told["problems"] if one["kind"] == "demolished"] != [] if verdict else True
    assert (project_of(told)["demolished"] == "above") == (verdict == "above")


def test_t25_one_ledger(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path)
    works = book(
        tmp_path / "w.xlsx", ("小区", "改造内容", "投资（万元）"),
        ("甲里小区", "老旧管网", 700), ("乙里小区", "屋面防水", 400), ("丙里小区", "加装电梯", 600),
        ("丁里小区", "养老服务站", 300),
    )  # fmt: skip
    funds = book(
        tmp_path / "f.xlsx", ("片区", "资金来源", "计划（万元）", "用途"),
        ("甲里片区", "民政", 30, "养老"), ("甲里片区", "居民出资", 120, "加装电梯"),
        ("甲里片区", "专项债", 200, None),
    )  # fmt: skip
    code, _, said = run("import", "-o", path, "--table", f"{works}=works", "--table", f"{funds}=funds")
    assert code == 0, said
    found = project_of(run("programme", path)[1])
    assert found["cost_high"] == 20_000_000
    assert found["gap_low"] == found["gap_high"] == 4_800_000
    assert found["financed_low"] == found["financed_high"] == 2_800_000
    assert found["left"] == 796_000
    fiscal = sum(value for name, value in found["used"].items() if name != "special_bonds")
    assert fiscal + found["gap_high"] == found["cost_high"]


def test_a_bad_line_is_one_sentence_and_two(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path)
    for words in (
        ("plan", path, "--move", "AREA:1=nowhere"),
        ("plan", path, "--move", "AREA:99=pool"),
        ("plan", path, "--move", "AREA:1=annual:soon"),
        ("record", path, "--of", "1", "--gate", "notice.1"),
        ("record", path, "--of", "AREA:1", "--gate", "dance"),
        ("record", path, "--of", "AREA:1", "--gate", "notice.1", "--start", "soon"),
        ("programme", path, "--programme", "atlantis"),
        ("import", "-o", path, "--table", "x.xlsx=weather"),
    ):
        code, _, said = run(*words)
        assert code == 2, words
        assert said.strip().count("\n") == 0, said


def test_the_meeting_sets_a_share_of_consent(tmp_path: Path, run: Run) -> None:
    town = with_values(make_town(), consent_asked=151.0, consent_yes=100.0)
    path = kept(town, tmp_path, works=[{"fid": 1, "item": "pipes", "cost": 1}])
    assert project_of(run("programme", path)[1])["consent"] == "not_met"
    told = run("programme", path, "--set", "consent.yes_min=65%")[1]
    assert project_of(told)["consent"] == "met"
    assert run("programme", path, "--set", "consent.yes_min=120%")[0] == 2


def test_the_meeting_sets_what_comes_on_top_of_works(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path, works=[{"fid": 1, "item": "pipes", "cost": 20_000_000}])
    found = project_of(run("programme", path, "--set", "addon.reserve=5%")[1])
    assert found["works"]["reserve"] == {"low": 1_000_000, "high": 1_000_000}
    assert found["cost_high"] == 21_000_000
    assert sum(found["used"].values()) + found["gap_high"] == 21_000_000
    for wrong in ("addon.reserve=105%", "addon.luck=5%"):
        code, _, said = run("programme", path, "--set", wrong)
        assert (code, said.strip().count("\n")) == (2, 0)
    out = tmp_path / "p.xlsx"
    run("programme", path, "-o", out)
    rows = list(openpyxl.load_workbook(out)["7a 投资估算"].iter_rows(values_only=True))
    assert [(row[2], row[6]) for row in rows[1:]] == [("老化管线改造", 2000), ("预备费", 100)]
    assert project_of(run("programme", path, "--set", "addon.reserve=none")[1])["cost_high"] == 20_000_000


def test_the_sheets_of_the_programme_alone(tmp_path: Path, run: Run) -> None:
    path = kept(make_town(), tmp_path, works=[{"fid": 1, "item": "pipes", "cost": 20_000_000}])
    out = tmp_path / "p.xlsx"
    assert run("programme", path, "-o", out)[0] == 0
    book = openpyxl.load_workbook(out, read_only=True)
    assert [name.split()[0] for name in book.sheetnames][:3] == ["4b", "6", "6b"]
    empty = tmp_path / "empty.gpkg"
    save(make_town(), empty)
    none = tmp_path / "none.xlsx"
    assert run("programme", empty, "-o", none)[0] == 2
    assert not none.exists()

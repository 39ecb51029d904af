"""Acceptance through the command line: the requirements T11 and T26, refused with its reasons and passed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_programme import CHECKED, Run, kept, make_town, run, with_values

__all__ = ["run"]  # the fixture of the other commands of the programme

#: Basic works that the catalogue asks of every neighbourhood.
BASIC = ("pipes", "roof", "wall", "road", "fire_access", "waste", "waste_station")
STEPS = ("visits", "board", "build", "process", "accept")


def alone(folder: Path, answers: float, yes: float, **tables: Any) -> Path:
    """Neighbourhood 9 as a project by itself, everything done but what the residents say."""
    ready = with_values(make_town(), consent_asked=151.0, consent_yes=151.0, **CHECKED)
    events = [
        {"project": 1, "gate": gate, "start": "2026-06", "result": "passed", "members": "9"} for gate in STEPS
    ]
    survey = {"fid": 9, "kind": "acceptance", "issued": 12_500, "returned": answers, "yes": yes}
    rows = {
        "projects": [{"fid": 9, "name": "壬里"}],
        "events": events,
        "surveys": [survey],
        "works": [{"fid": 9, "item": item, "status": "done"} for item in BASIC],
    }
    return kept(ready, folder, **{**rows, **tables})


def single(told: dict[str, Any]) -> dict[str, Any]:
    (found,) = [one for one in told["projects"] if one["fid"] == 9]
    return found


@pytest.mark.parametrize(
    ("answers", "yes", "said"),
    [(10_000, 8_999, "居民满意 8,999/10,000，低于 90%"), (0, 0, "无样本"), (10_000, 9_000, "")],
)
def test_t11_nothing_is_accepted_below_nine_of_ten(
    tmp_path: Path, run: Run, answers: float, yes: float, said: str
) -> None:
    path = alone(tmp_path, answers, yes)
    found = single(run("programme", path, "--programme", "shenyang")[1])
    assert found["gate_states"]["accept"] == ("open" if said else "done"), found["acceptance"]
    assert found["acceptance"]["professional"] == "passed"
    code, told, error = run("plan", path, "--move", "N:9=handed_over")
    assert (code, said in error) == (2 if said else 0, True), error
    if not said:
        assert single(told)["stands"] == "handed_over"
        assert found["acceptance"]["return_rate"] == 0.8


def test_refusal_lists_what_is_left_undone_and_no_share_is_not_judged(tmp_path: Path, run: Run) -> None:
    works = [{"fid": 9, "item": item, "status": "done"} for item in BASIC[1:]] + [{"fid": 9, "item": "pipes"}]
    path = alone(tmp_path, 0, 0, works=works, problems=[{"fid": 9, "text": "井盖破损"}])
    code, _, said = run("plan", path, "--move", "N:9=handed_over")
    assert code == 2
    assert "壬里小区（老化管线改造）" in said, said
    assert "1 个体检问题未解决" in said
    assert "无样本" not in said, "the city sets no share"
    assert single(run("programme", path)[1])["acceptance"]["residents"] is None


def test_t26_return_and_satisfaction_of_a_survey(tmp_path: Path, run: Run) -> None:
    survey = {"fid": 9, "kind": "acceptance", "issued": 200_000, "returned": 190_000, "yes": 186_200}
    path = alone(tmp_path, 0, 0, surveys=[survey])
    found = single(run("programme", path, "--programme", "shenyang")[1])["acceptance"]
    assert (found["return_rate"], found["satisfied_rate"], found["residents"]) == (0.95, 0.98, "met")

"""What a page says of its data, in the bureau's words, and the record of the import beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from plan_sample import sample_plan, sample_words

from renomap.model.note import Note, Severity
from renomap.model.plan import Plan
from renomap.outputs.data_notes import TOPICS, data_notes, write_import_log

ZH, EN = sample_words("zh"), sample_words("en")
VALUE = {"facility": "ebike", "key": "rate", "value": "1/neighbourhood", "by": "王工"}
READ = (
    Note("sources.role", {"layer": "compounds", "role": "role.neighbourhoods", "overrule": "--role x=y"}),
    Note(
        "sources.columns",
        {"layer": "compounds", "pairs": {"年代": "field.year_min"}, "overrule": "--field"},
        confidence=0.8,
    ),
    Note("sources.inventory-unmatched", {"count": 2, "names": ["湖滨公馆", "砖瓦厂"]}, Severity.WARNING),
)


def _noted(*notes: Note) -> Plan:
    plan = sample_plan()
    form = {**plan.project.form, "data_date": "2026-10-31", "date": "", "data_source": "街道台账"}
    return replace(plan, notes=notes, project=replace(plan.project, notes=READ, form=form))


def test_a_page_names_no_options_no_keys_and_no_steps_of_the_import() -> None:
    """What decides otherwise, and how a file was read, is nothing for a meeting; what is missing is."""
    notes = (*READ, Note("steps.meeting-value", {**VALUE, "at": "2026-11-20T09:30:00"}))
    notes += (Note("steps.gap-used", {"gap": 30.0, "gap_road": 60.0, "frontage": "10"}),)
    told = [(one.topic, one.text) for one in data_notes(_noted(*notes), ZH) if one.topic != "户数"]
    assert told == [
        ("时点与来源", "数据时点：2026-10-31；编制日期：未填；数据来源：街道台账。"),
        ("调查数据", "台账所列小区中有 2 个图上没有边界，未计入：湖滨公馆、砖瓦厂。"),
        (
            "划分口径",
            "两小区相对的边不短于 10 米、间距不超过 30 米、其间没有其他小区或阻隔的，视为相邻；"
            "之间仅有支路或次干路时放宽到 60 米。",
        ),
        ("会议取值", "电动自行车集中充电：取值 1 处/小区（暂定值，待会议确认，王工，2026-11-20）"),
    ]
    for words in (ZH, EN):
        text = " ".join(one.text for one in data_notes(_noted(*notes), words))
        assert not re.search(r"--|compounds|置信度|confidence|[{}]", text)


def test_missing_layers_are_one_sentence() -> None:
    notes = tuple(Note(f"steps.missing-{role}", {}, Severity.WARNING) for role in ("roads", "water"))
    told = [one for one in data_notes(_noted(*notes, *notes), ZH) if one.topic == "缺少图层"]
    assert [one.text for one in told] == ["未加载道路、河流图层，未考虑其阻隔。"]


def test_households_are_told_by_how_they_are_known() -> None:
    plan = _noted()
    flags = ["reported"] * (len(plan.neighbourhoods) - 3) + ["estimated", "estimated", "unknown"]
    plan = replace(plan, neighbourhoods=plan.neighbourhoods.assign(households_flag=flags))
    (told,) = (one.text for one in data_notes(plan, ZH) if one.topic == "户数")
    n = len(flags)
    assert told == (
        f"{n} 个小区中有 {n - 1} 个有户数（上报 {n - 3}、估算 2）。"
        "1 个户数未知，不计入任何合计，也不按 0 计。"
    )


def test_remarks_come_by_topic_and_once() -> None:
    plan = sample_plan()
    twice = replace(plan, notes=(*plan.notes, *plan.notes))
    assert data_notes(twice, ZH) == data_notes(plan, ZH)
    order = [ZH[f"outputs.topic.{topic}"] for topic in TOPICS]
    topics = [order.index(one.topic) for one in data_notes(plan, ZH)]
    assert topics == sorted(topics)


def test_the_record_of_the_import_holds_every_remark(tmp_path: Path) -> None:
    write_import_log(_noted(), tmp_path / "import-log.txt", ZH)
    text = (tmp_path / "import-log.txt").read_text("utf-8-sig")
    assert text.startswith(f"导入记录 | {sample_plan().stamp}")
    lines = [line for line in text.splitlines() if line.startswith("[")]
    assert lines[0].startswith("[注意] ")  # the gravest first
    assert "湖滨公馆" in lines[0]
    assert any("字段对应" in line and line.endswith("（置信度 80%）") for line in lines)
    assert len(lines) == len(READ)


@pytest.mark.parametrize("catalogue", [ZH, EN])
def test_how_to_overrule_stands_in_brackets_that_can_be_left_out(catalogue: dict[str, str]) -> None:
    inside = re.compile(r"[（(][^（()）]*\{overrule\}[^（()）]*[）)]")
    told = {code: text for code, text in catalogue.items() if "{overrule}" in text and code != "sample.guess"}
    assert told
    assert [code for code, text in told.items() if not inside.search(text)] == []

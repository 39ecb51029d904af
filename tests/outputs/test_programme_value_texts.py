"""What a meeting has set for the programme reads as a sentence, never as a key of the program."""

import pytest

from renomap.model.standard import MeetingValue
from renomap.outputs.programme_values import programme_value_text
from renomap.programme import files
from renomap.wording.catalogue import words

RULES = files.load("national")


@pytest.mark.parametrize(
    ("facility", "key", "value", "told"),
    [
        ("works", "pipes.price", "1800000/km", "老化管线改造：单价 1,800,000 元/km"),
        ("works", "pipes.price", "1800000", "老化管线改造：单价 1,800,000 元/km"),
        ("district", "rate", "6000/household", "区级补助：6,000 元/户"),
        ("consent", "yes_min", "0.85", "同意率下限：85%"),
        ("consent", "asked_min", "90%", "征询率下限：90%"),
        ("consent", "yes_min", "none", "同意率下限：不设"),
        ("cap", "2026", "3000万", "2026 年资金上限：3,000.0 万元"),
        ("cap", "2027:district", "12000000", "2027 年资金上限（区级财政资金）：1,200.0 万元"),
        ("cap", "2028", "none", "2028 年资金上限：不设"),
        ("capacity", "2026", "5", "2026 年项目数上限：5"),
        ("site", "parking", "30", "车位：每个占用存量面积 30 m²"),
        ("weight", "hazard", "0.3", "排序权重 安全隐患（危房占楼栋比例）：30%"),
    ],
)
def test_a_value_of_the_programme_reads_as_a_sentence(facility: str, key: str, value: str, told: str) -> None:
    set_value = MeetingValue(facility, key, value, "王工", "2026-11-20T10:00")
    text = programme_value_text(set_value, RULES, words("zh"))
    assert text == f"{told}（暂定值，待会议确认，王工，2026-11-20）"

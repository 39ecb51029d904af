"""Values of a programme that a meeting has set, in words: prices, the district's rate, shares of consent."""

from __future__ import annotations

from collections.abc import Mapping

from renomap.model.programme_rules import Rules
from renomap.model.standard import MeetingValue
from renomap.model.words import sentence
from renomap.outputs.findings import set_by
from renomap.outputs.numbers import Figures
from renomap.outputs.programme_texts import item_name
from renomap.programme.prices import DISTRICT, PRICE, WORKS
from renomap.programme.shares import CONSENT, NONE


def programme_value_text(value: MeetingValue, rules: Rules, words: Mapping[str, str]) -> str:
    """``老化管线改造：单价 1,800,000 元/km（暂定值，…）``; the value as typed where it is no number."""
    figures = Figures(words)
    number, _, unit = value.value.partition("/")
    try:
        number = figures.number(float(number))
    except ValueError:
        number = value.value
    if value.facility == WORKS:
        key = value.key.removesuffix(PRICE)
        item = rules.item(key)
        unit = unit or ("" if item is None else item.unit)
        params = {
            "item": item_name(key, rules, words),
            "value": number,
            "unit": words.get(f"unit.{unit}", unit),
        }
        told = sentence(words, "outputs.programme.set-price", params)
    elif value.facility == DISTRICT:
        told = sentence(words, "outputs.programme.set-district", {"value": number})
    else:
        assert value.facility == CONSENT
        share = _share(value.value, words)
        told = sentence(words, f"outputs.programme.set-{value.key.replace('_', '-')}", {"value": share})
    return told + set_by(value, words)


def _share(text: str, words: Mapping[str, str]) -> str:
    if text == NONE:
        return sentence(words, "outputs.meeting-none", {"what": ""}).strip()
    return text if text.endswith("%") else f"{float(text):.0%}"

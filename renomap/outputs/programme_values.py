"""Values of a programme that a meeting has set, in words: prices, rates, shares, caps of the years."""

from __future__ import annotations

from collections.abc import Mapping

from renomap.model.programme_rules import Rules
from renomap.model.standard import (
    ADDON,
    CAPACITY,
    CONSENT,
    DISTRICT,
    REACH,
    SITE,
    WEIGHT,
    WORKS,
    MeetingValue,
)
from renomap.model.words import sentence
from renomap.outputs.findings import set_by
from renomap.outputs.numbers import Figures
from renomap.outputs.programme_texts import item_name
from renomap.programme.budget import amount_of
from renomap.programme.prices import PRICE
from renomap.programme.shares import NONE
from renomap.wording.names import titled


def programme_value_text(value: MeetingValue, rules: Rules, words: Mapping[str, str]) -> str:
    """``老化管线改造：单价 1,800,000 元/km（暂定值，…）``; the value as typed where it is no number."""
    if value.facility in (SITE, REACH):
        return reach_value_text(value, words) if value.facility == REACH else site_value_text(value, words)
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
    elif value.facility == ADDON:
        params = {"item": item_name(value.key, rules, words), "value": _share(value.value, words)}
        told = sentence(words, "outputs.programme.set-addon", params)
    elif value.facility == CONSENT:
        share = _share(value.value, words)
        told = sentence(words, f"outputs.programme.set-{value.key.replace('_', '-')}", {"value": share})
    else:
        told = _of_years(value, rules, figures)
    return told + set_by(value, words)


def site_value_text(value: MeetingValue, words: Mapping[str, str]) -> str:
    """``车位：每个占用 30 m²（暂定值，…）``: the surface that one unit takes of idle rooms and land."""
    name = words.get(f"window.short.{value.key}", value.key)
    params = {"facility": name, "value": value.value.removesuffix("m2")}
    return sentence(words, "outputs.siting.set", params) + set_by(value, words)


def reach_value_text(value: MeetingValue, words: Mapping[str, str]) -> str:
    """``服务半径按沿道路的步行距离量算（暂定值，…）``: how far places may be away."""
    return words[f"outputs.reach.set-{value.value}"] + set_by(value, words)


def _of_years(value: MeetingValue, rules: Rules, figures: Figures) -> str:
    """A cap, a capacity or a weight."""
    words = figures.words
    if value.facility == WEIGHT:
        factor = next((one for one in rules.factors if one.key == value.key), None)
        name = value.key if factor is None else titled(factor, words)
        params = {"factor": name, "value": f"{float(value.value):.0%}"}
        return sentence(words, "outputs.programme.set-weight", params)
    year, _, key = value.key.partition(":")
    if value.facility == CAPACITY:
        return sentence(words, "outputs.programme.set-capacity", {"year": year, "value": value.value})
    source = rules.source(key) if key else None
    amount = amount_of(value)
    params = {
        "year": year,
        "source": "" if source is None else f"（{titled(source, words)}）",
        "value": sentence(words, "outputs.meeting-none", {"what": ""}).strip()
        if amount is None
        else sentence(words, "outputs.years.money", {"spent": figures.wan(amount)}),
    }
    return sentence(words, "outputs.programme.set-cap", params)


def _share(text: str, words: Mapping[str, str]) -> str:
    if text == NONE:
        return sentence(words, "outputs.meeting-none", {"what": ""}).strip()
    return text if text.endswith("%") else f"{float(text):.0%}"

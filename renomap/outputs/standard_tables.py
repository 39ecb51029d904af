"""Which numbers a plan rests on: facilities of the standard, rules of the preset, source and status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from renomap.model.plan import Plan
from renomap.model.preset import Bound
from renomap.model.settings import BY_HAND
from renomap.model.standard import Facility, Status
from renomap.model.words import sentence
from renomap.outputs.findings import basis_text
from renomap.outputs.numbers import Figures, Kind, threshold_text
from renomap.outputs.table import Column, Table, column, made
from renomap.wording.names import facility_name, titled, unit_name


def standard_table(plan: Plan, words: Mapping[str, str]) -> Table:
    """A row per facility: rate, least size, trigger, radius, source, and how far the number is checked."""
    figures = Figures(words)
    col = partial(column, words)
    columns = (
        col("facility", None, 24, lambda item: facility_name(item, words)),
        col("category", None, 8, lambda item: figures.coded("outputs.category", item.category)),
        col("rate", None, 22, lambda item: rate_text(item, words)),
        col(
            "min-size",
            None,
            12,
            lambda item: "" if item.min_size is None else f"{item.min_size:,g} {unit_name(item, words)}",
        ),
        col("trigger", None, 16, lambda item: trigger_text(item, words)),
        col("radius", Kind.METRE, 10, lambda item: "" if not item.radius_m else item.radius_m),
        col("basis", None, 60, lambda item: basis_text(item, plan.standard, words), wrap=True),
        col("verified", None, 14, lambda item: figures.coded("status", item.status)),
    )
    title = f"{words['outputs.report.standard']}{words['outputs.colon']}{titled(plan.standard, words)}"
    return made(title, columns, ((item,) for item in plan.standard.facilities))


def rate_text(facility: Facility, words: Mapping[str, str]) -> str:
    """``20 m² per 100 households``; empty where only a least size is set, a word where nothing is."""
    if facility.rate is None:
        return "" if facility.min_size is not None else words["outputs.rate-none"]
    if facility.unit == facility.base == "neighbourhood" and facility.rate == facility.rate_per:
        return words["outputs.rate-each"]
    code, base = "outputs.rate", f"outputs.base.{facility.base}"
    if facility.rate_per == 1:
        code, base = "outputs.rate-one", f"base.{facility.base}"
    params = {
        "rate": f"{facility.rate:g}",
        "unit": unit_name(facility, words),
        "per": f"{facility.rate_per:,g}",
        "base": words.get(base, facility.base),
    }
    return sentence(words, code, params)


def trigger_text(facility: Facility, words: Mapping[str, str]) -> str:
    """From when on the facility is due, in words."""
    if not facility.trigger:
        return words["outputs.trigger.always"]
    told = []
    for key, value in facility.trigger.items():
        code = f"outputs.trigger.{key}"
        params = {"key": key, "value": f"{value:,g}", "percent": f"{100 * value:g}"}
        told.append(sentence(words, code if code in words else "outputs.trigger.other", params))
    return words["outputs.join"].join(told)


def preset_table(plan: Plan, words: Mapping[str, str]) -> Table:
    """A row per rule of the preset: value, source and how far it has been checked."""
    figures = Figures(words)
    col = partial(column, words)
    columns = (
        Column(
            "rule",
            words["outputs.col.quantity"],
            None,
            30,
            value=lambda key, value, of: words.get(f"outputs.bound.{key}", key),
        ),
        col("value", None, 12, lambda key, value, of: value),
        col("basis", None, 60, lambda key, value, of: of.source, wrap=True),
        col("verified", None, 14, lambda key, value, of: figures.coded("status", of.status)),
    )
    params = {"preset": titled(plan.preset, words)}
    return made(sentence(words, "outputs.report.bounds-used", params), columns, _bounds(plan, words))


def _bounds(plan: Plan, words: Mapping[str, str]) -> Iterator[tuple[str, str, Bound]]:
    preset = plan.preset
    for key, bound in (dict(preset.bounds) | _given(plan, words)).items():
        yield key, f"{bound.value:,g}", bound
    for key, bound in preset.targets.items():
        yield f"target-{key}", f"{bound.value:,g}", bound
    if preset.year_max is not None:
        yield "year_max", f"{preset.year_max.value:g}", preset.year_max
    if preset.year_max_capped is not None:
        yield "year_max_capped", f"{preset.year_max_capped.value:g}", preset.year_max_capped
    for key in ("asked_min", "yes_min"):
        share = getattr(preset.consent, key, None)
        if share is not None:
            yield f"consent_{key}", threshold_text(share.value), share
    if preset.consent is not None:
        rule = words[f"outputs.consent-rule.{preset.consent.rule}"]
        yield "consent_rule", rule, Bound(1.0, words["outputs.consent-rule.source"], Status.UNVERIFIED)
    for key, bound in preset.subsidy.items():
        yield f"subsidy-{key}", f"{bound.value:,g}", bound


def _given(plan: Plan, words: Mapping[str, str]) -> dict[str, Bound]:
    """Bounds that the user gave for this scheme instead of the preset's."""
    settings = plan.scheme.settings if plan.scheme is not None else BY_HAND
    return {
        key: Bound(settings.bounds[key], words["outputs.bound-given"], Status.MEETING)
        for key in settings.given or ()
        if key in settings.bounds
    }

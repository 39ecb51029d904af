"""Themes: the class of each neighbourhood and area, how it looks and what the legend says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import floor, log10
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.cartography import survey_themes
from renomap.cartography.layers import IntArray
from renomap.cartography.palettes import UNDRAWN, Palette, Theme, column, members_of, outside, theme_symbol
from renomap.cartography.survey_themes import REACH
from renomap.cartography.symbols import Symbol, symbol, table
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.preset import Eligibility
from renomap.model.rounding import written
from renomap.model.standard import Facility, Level, State
from renomap.model.words import sentence
from renomap.wording.deficits import deficit_heading, deficit_text, lack_name, lack_unit, none_text
from renomap.wording.names import facility_name

#: Themes without a parameter; others are ``deficit:<facility>`` and ``reach:<facility>``.
PLAIN_THEMES: tuple[str, ...] = ("areas", "year", "floors", "eligibility", "consent", "sites")
DEFICIT = "deficit:"
NEIGHBOURHOODS = "neighbourhoods"
AREA_FILLS = "area_fills"
BoolArray = npt.NDArray[np.bool_]


def theme_of(
    plan: Plan, theme: str, words: Mapping[str, str], *, area: int | None = None, by: str = "area"
) -> Theme:
    """Classes, symbols and legend of a theme.

    Parameters
    ----------
    theme : str
        One of ``PLAIN_THEMES``, 'deficit:<facility>' or 'reach:<facility>'.
    area : int, optional
        The area a sheet is about; members of others step back.
    by : str
        'area' or 'neighbourhood': whose deficit a deficit theme shows. Without areas always by neighbourhood.

    Raises
    ------
    RenomapError
        ``maps.theme-unknown``; ``maps.facility-unknown`` where the standard has no such facility.
    """
    if theme == "areas":
        return _areas(plan, words, area)
    if theme == "year":
        return _years(plan, words)
    if theme == "eligibility":
        return _eligibility(plan, words)
    if theme == "floors":
        return survey_themes.floors(plan, words)
    if theme == "consent":
        return survey_themes.consent(plan, words)
    if theme == "sites":
        return survey_themes.sites(plan, words)
    if theme.startswith(REACH):
        return survey_themes.reach(plan, _facility(plan, theme, REACH), words)
    if theme.startswith(DEFICIT):
        return _deficit(plan, _facility(plan, theme, DEFICIT), words, area, by)
    known = ", ".join(
        [*PLAIN_THEMES, *(kind + item.key for kind in (DEFICIT, REACH) for item in plan.standard.facilities)]
    )
    raise RenomapError("maps.theme-unknown", theme=theme, known=known)


def _facility(plan: Plan, theme: str, kind: str) -> Facility:
    key = theme.removeprefix(kind)
    facility = plan.standard.facility(key)
    if facility is None:
        known = ", ".join(item.key for item in plan.standard.facilities)
        raise RenomapError("maps.facility-unknown", facility=key, known=known)
    return facility


def _areas(plan: Plan, words: Mapping[str, str], area: int | None) -> Theme:
    member = members_of(plan)
    pending = column(plan, "eligibility", "") == Eligibility.PENDING.value
    classes = np.full(len(member), UNDRAWN, dtype=np.int64)
    palette = Palette(NEIGHBOURHOODS)
    colours = {int(key): str(value) for key, value in plan.areas["colour"].items()} if len(plan.areas) else {}
    shown = [key for key in colours if area is None or key == area]
    for code, name, wanted in (("member", "member", ~pending), ("pending", "pending", pending)):
        ids = [key for key in shown if bool((wanted & (member == key)).any())]
        if not ids:
            continue
        used = list(dict.fromkeys(colours[key] for key in ids))
        style = symbol(f"neighbourhood.{name}")
        first = palette.add(words[f"maps.legend.{code}"], *(replace(style, fill=colour) for colour in used))
        for key in ids:
            classes[wanted & (member == key)] = first + used.index(colours[key])
    elsewhere = (member > 0) & (classes == UNDRAWN)
    if elsewhere.any():
        text = words["maps.legend.elsewhere"]
        classes[elsewhere] = palette.add(text, symbol("neighbourhood.elsewhere"))
    outside(plan, palette, words, classes)
    fill_classes = np.array(
        [k if int(key) in shown else UNDRAWN for k, key in enumerate(colours)], dtype=np.int64
    )
    return Theme(
        words["maps.theme.areas"],
        classes,
        tuple(palette.symbols),
        (palette.group(words["maps.legend.neighbourhoods"]),),
        fill_classes,
        tuple(Symbol(fill=_tint(colour)) for colour in colours.values()),
        _household_figures(plan, words),
    )


def _tint(colour: str | None) -> str | None:
    """The colour at two fifths: the ground between the members of an area."""
    return f"#66{colour.lstrip('#')}" if colour else None


def _household_figures(plan: Plan, words: Mapping[str, str]) -> dict[int, str]:
    def column(name: str) -> list[Any]:
        return list(plan.areas[name]) if name in plan.areas else [np.nan] * len(plan.areas)

    figures = {}
    rows = zip(
        plan.areas.index,
        column("households"),
        column("households_known"),
        column("neighbourhoods"),
        strict=True,
    )
    for key, total, known, count in rows:
        if pd.isna(total):
            figures[int(key)] = words["maps.label.households-unknown"]
            continue
        partly = not pd.isna(known) and not pd.isna(count) and int(known) < int(count)
        code = "maps.label.households-partly" if partly else "maps.label.households"
        figures[int(key)] = sentence(words, code, {"count": written(float(total))})
    return figures


def _years(plan: Plan, words: Mapping[str, str]) -> Theme:
    last = column(plan, "year_max", np.nan).astype(float)
    year = np.where(np.isnan(last), column(plan, "year_min", np.nan).astype(float), last)
    limits = [int(entry["until"]) for entry in table("themes")["year"]]
    classes = np.full(len(year), UNDRAWN, dtype=np.int64)
    palette = Palette(NEIGHBOURHOODS)
    below = -np.inf
    style = symbol("neighbourhood.member")
    for k, entry in enumerate(table("themes")["year"]):
        code = "first" if k == 0 else ("last" if k == len(limits) - 1 else "between")
        params = {"from": "" if k == 0 else limits[k - 1] + 1, "to": limits[k]}
        mask = (year > below) & (year <= limits[k])
        text = sentence(words, f"maps.legend.year-{code}", params)
        classes[mask] = palette.add(text, replace(style, fill=entry["fill"]))
        below = limits[k]
    classes[np.isnan(year)] = palette.add(words["maps.legend.unknown"], theme_symbol("year_unknown"))
    group = palette.group(words["maps.legend.years"])
    return Theme(words["maps.theme.year"], classes, tuple(palette.symbols), (group,))


def _eligibility(plan: Plan, words: Mapping[str, str]) -> Theme:
    value = column(plan, "eligibility", None)
    classes = np.full(len(value), UNDRAWN, dtype=np.int64)
    palette = Palette(NEIGHBOURHOODS)
    for item in Eligibility:
        style = theme_symbol(f"eligibility.{item.value}")
        classes[value == item.value] = palette.add(words[f"maps.eligibility.{item.value}"], style)
    rest = classes == UNDRAWN
    classes[rest] = palette.add(words["maps.legend.unknown"], theme_symbol("eligibility.unknown"))
    group = palette.group(words["maps.legend.eligibility"])
    return Theme(words["maps.theme.eligibility"], classes, tuple(palette.symbols), (group,))


def _deficit(plan: Plan, facility: Facility, words: Mapping[str, str], area: int | None, by: str) -> Theme:
    member = members_of(plan)
    classes = np.full(len(member), UNDRAWN, dtype=np.int64)
    name = facility_name(facility, words)
    heading = deficit_heading(facility, words)
    lack = {"facility": lack_name(facility, words), "unit": lack_unit(facility, words)}
    own_word = lack["facility"] != name
    title = sentence(words, "maps.legend.lack" if own_word else "maps.legend.deficit", lack)
    inside = Palette(NEIGHBOURHOODS)
    if by == "neighbourhood" or not len(plan.areas):
        values = column(plan, f"{facility.key}_deficit", np.nan).astype(float)
        states = np.full(len(values), None, dtype=object)
        _classify(facility, values, states, inside, words, classes)
        group = inside.group(sentence(words, "maps.legend.by-neighbourhood", {"title": title}))
        return Theme(heading, classes, tuple(inside.symbols), (group,))
    values, states = area_deficits(plan, facility)
    ground = Palette(AREA_FILLS)
    fills = np.full(len(values), UNDRAWN, dtype=np.int64)
    _classify(facility, values, states, ground, words, fills)
    # A class that a survey may raise is said to be that of the least.
    least = np.isnan(_numbers(plan, facility, "deficit")) & (values > 0)
    by_least = "by-area-least" if least.any() else "by-area"
    ids = plan.areas.index.to_numpy(dtype=np.int64)
    if area is not None:
        fills[ids != area] = UNDRAWN
    # Members carry the class of their area at full strength, the ground between them lightly.
    inside.symbols += ground.symbols
    of_member = pd.Series(fills, index=ids).reindex(member).to_numpy(dtype=np.float64)
    taken = ~np.isnan(of_member)
    classes[taken] = of_member[taken].astype(np.int64)
    other = (member > 0) & (classes == UNDRAWN)
    if other.any():
        text = words["maps.legend.elsewhere"]
        classes[other] = inside.add(text, symbol("neighbourhood.elsewhere"))
    outside(plan, inside, words, classes)
    groups = (
        ground.group(sentence(words, f"maps.legend.{by_least}", {"title": title})),
        inside.group(words["maps.legend.neighbourhoods"]),
    )
    figures = _deficit_figures(plan, values, states, facility, words)
    return Theme(
        heading,
        classes,
        tuple(inside.symbols),
        groups,
        fills,
        tuple(replace(item, fill=_tint(item.fill), stroke=None) for item in ground.symbols),
        figures,
    )


def area_deficits(plan: Plan, facility: Facility) -> tuple[npt.NDArray[np.float64], npt.NDArray[Any]]:
    """Deficit and state of a facility per row of ``plan.areas``.

    Where the supply is partly unknown but something is lacking for certain, the value is the least deficit
    (``deficit_low``). NaN and None where the plan has no such columns.
    """
    frame, name = plan.areas, f"{facility.key}_state"
    value, low = _numbers(plan, facility, "deficit"), _numbers(plan, facility, "deficit_low")
    certain = np.isnan(value) & (low > 0)
    states = frame[name].to_numpy() if name in frame else np.full(len(frame), None)
    return np.where(certain, low, value), states.astype(object)


def _numbers(plan: Plan, facility: Facility, suffix: str) -> npt.NDArray[np.float64]:
    """A number of a facility per row of ``plan.areas``; NaN where unknown or the plan has no such column."""
    name = f"{facility.key}_{suffix}"
    return plan.areas[name].to_numpy(float) if name in plan.areas else np.full(len(plan.areas), np.nan)


def _deficit_figures(
    plan: Plan,
    values: npt.NDArray[np.float64],
    states: npt.NDArray[Any],
    facility: Facility,
    words: Mapping[str, str],
) -> dict[int, str]:
    columns = (
        plan.areas.get(f"{facility.key}_{name}") for name in ("deficit_low", "deficit_high", "deficit")
    )
    ends = zip(*([np.nan] * len(values) if one is None else one for one in columns), strict=True)
    figures = {}
    for key, value, state, (low, high, deficit) in zip(plan.areas.index, values, states, ends, strict=True):
        text = deficit_text(low, high, deficit, state, words)
        alone = facility.level is Level.COMMUNITY and state in (State.MET.value, State.SHORT.value)
        if alone or state in (State.NOT_SET.value, State.BELOW_TRIGGER.value):
            figures[int(key)] = words[f"state.{state}"]
        elif text == words["outputs.unknown"]:
            figures[int(key)] = words[f"state.{State.UNKNOWN}"]
        elif value <= 0:
            figures[int(key)] = none_text(facility, words)
        else:
            params = {"value": text, "unit": lack_unit(facility, words)}
            own = f"wording.label.{facility.key}"
            figures[int(key)] = sentence(words, own if own in words else "maps.label.deficit", params)
    return figures


def _classify(
    facility: Facility,
    values: npt.NDArray[np.float64],
    states: npt.NDArray[Any],
    palette: Palette,
    words: Mapping[str, str],
    classes: IntArray,
) -> None:
    """Classes of a deficit: none, small, medium, large, and the three reasons for having no number."""
    forbidden = np.isin(states.astype(str), [State.NOT_SET.value, State.BELOW_TRIGGER.value])
    number = ~forbidden & ~np.isnan(values)
    low, high = _breaks_of(facility, values[number])
    steps = (
        ("none", number & (values <= 0), ""),
        ("small", number & (values > 0) & (values <= low), f"≤ {written(low)}"),
        ("medium", number & (values > low) & (values <= high), f">{written(low)}–{written(high)}"),
        ("large", number & (values > high), f"> {written(high)}"),
    )
    for name, mask, bounds in steps:
        size = none_text(facility, words) if name == "none" else words[f"maps.legend.{name}"]
        text = f"{size} {bounds}".strip()
        classes[mask] = palette.add(text, theme_symbol(f"deficit.{name}"))
    for state in (State.NOT_SET, State.BELOW_TRIGGER):
        style = theme_symbol(f"deficit.{state.value}")
        classes[states == state.value] = palette.add(words[f"state.{state.value}"], style)
    if facility.level is Level.COMMUNITY:  # an area shows the state of its communities, it has no number
        for state, look in ((State.MET, "none"), (State.SHORT, "large")):
            mask = ~number & (states.astype(str) == state.value)
            classes[mask] = palette.add(words[f"state.{state.value}"], theme_symbol(f"deficit.{look}"))
            forbidden = forbidden | mask
    unknown = ~forbidden & ~number
    # A standard without a rate leaves every neighbourhood without a number: not set, not "not surveyed".
    not_set = facility.rate is None and facility.min_size is None
    text = words["state.not_set" if not_set else "state.unknown"]
    style = theme_symbol("deficit.not_set" if not_set else "deficit.unknown")
    classes[unknown] = palette.add(text, style)


def _breaks_of(facility: Facility, values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """The breaks of the styles for a facility or its unit; for an unknown unit those of the values."""
    fixed = table("themes")["breaks"]
    known = fixed.get(facility.key) or fixed.get(facility.unit)
    return (float(known[0]), float(known[1])) if known else breaks(values)


def breaks(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Two round numbers that part the positive values into three classes of about equal count.

    Thirds by count, rounded to one figure (two where one would make them equal). Values of one size fall into
    the class below the first break. ``(1, 2)`` where nothing is positive.
    """
    positive = np.sort(values[values > 0])
    if len(positive) == 0:
        return (1.0, 2.0)
    lower, upper = (float(v) for v in np.quantile(positive, [1 / 3, 2 / 3]))
    for digits in (1, 2, 3):
        low, high = _rounded_up(lower, digits), _rounded_up(upper, digits)
        if low < high:
            return (low, high)
    return (low, _rounded_up(2 * low, 1))


def _rounded_up(value: float, digits: int) -> float:
    step = 10.0 ** (floor(log10(value)) - digits + 1)
    # Whole things stay whole: 2.4 stairwells are no break.
    step = max(step, 1.0) if value >= 1.0 else step
    return float(np.ceil(np.round(value / step, 9)) * step)

"""Figures of a report: which theme maps there are, why one cannot be drawn, and the table beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely

from renomap.cartography.content import decided_theme
from renomap.cartography.programme_themes import PROGRAMME_THEMES
from renomap.cartography.survey_themes import REACH, facility_frames, reach_layers
from renomap.cartography.themes import DEFICIT, area_deficits
from renomap.model.households import counted_whole
from renomap.model.plan import Plan
from renomap.model.roles import Role
from renomap.model.standard import Facility, State
from renomap.model.words import sentence
from renomap.outputs import tally_tables
from renomap.outputs.findings import by_deficit, line_deficit
from renomap.outputs.numbers import Figures, at_least
from renomap.outputs.plain_text import one_line
from renomap.outputs.table import for_template
from renomap.wording.deficits import lack_unit, state_text

#: Deficits that are drawn where nobody has chosen: those that come first in a standard.
FIRST: Final = 3
#: Words for several themes at once, and for none.
DEFICITS, ALL, NONE = "deficits", "all", "none"
#: Figures that the program has no data for; they come from others and are listed as such.
ELSEWHERE: Final = ("pipes", "site-plan")
#: Columns of the table of a theme by neighbourhoods.
_SHARES: Final = (30.0, 14.0, 18.0)


@dataclass(frozen=True)
class ThemeMap:
    """A figure: key of its theme, its title, and why it cannot be drawn (empty: it can)."""

    theme: str
    title: str
    lacking: str = ""


def offered(plan: Plan, words: Mapping[str, str]) -> tuple[ThemeMap, ...]:
    """All figures in their order, also those that cannot be drawn, which say why."""
    return tuple(_offer(plan, theme, words) for theme in _themes(plan))


def chosen(plan: Plan, names: Sequence[str], words: Mapping[str, str]) -> tuple[ThemeMap, ...]:
    """The figures of some names: themes, 'deficits' (the first three), 'all' or 'none'; each once.

    Raises
    ------
    RenomapError
        ``maps.theme-unknown`` and ``maps.facility-unknown``.
    """
    wanted: dict[str, None] = {}
    for name in names:
        if name == DEFICITS:
            wanted |= dict.fromkeys(DEFICIT + item.key for item in plan.standard.facilities[:FIRST])
        elif name == ALL:
            wanted |= dict.fromkeys(_themes(plan))
        elif name != NONE:
            wanted[name] = None
    return tuple(_offer(plan, theme, words) for theme in wanted)


def elsewhere(words: Mapping[str, str]) -> list[str]:
    """Figures that others draw, each with what it would need."""
    return [words[f"outputs.figure.elsewhere-{name}"] for name in ELSEWHERE]


def figure_page(plan: Plan, item: ThemeMap, figures: Figures) -> dict[str, Any]:
    """What the template needs of a figure: title, theme and its table; all numbers are texts."""
    return {"theme": item.theme, "title": one_line(item.title), "table": _table(plan, item.theme, figures)}


def _themes(plan: Plan) -> Iterator[str]:
    keys = [facility.key for facility in plan.standard.facilities]
    yield from (DEFICIT + key for key in keys[:FIRST])
    yield from ("year", "floors", "eligibility", "consent", "sites")
    yield from PROGRAMME_THEMES if plan.programme is not None else ()
    yield from (REACH + facility.key for facility in plan.standard.facilities if facility.radius_m)
    yield from (DEFICIT + key for key in keys[FIRST:])


def _offer(plan: Plan, theme: str, words: Mapping[str, str]) -> ThemeMap:
    title = decided_theme(plan, theme, words).heading
    lacking = _lacking(plan, theme)
    return ThemeMap(theme, title, words[f"outputs.figure.lacks-{lacking}"] if lacking else "")


def _lacking(plan: Plan, theme: str) -> str:
    """The end of the code of the reason why a theme has nothing to show; empty where it has."""
    people = plan.neighbourhoods
    known = {"year": ("year_min", "year_max"), "floors": ("floors",), "consent": ("consent_asked",)}
    if theme in known:
        columns = [name for name in known[theme] if name in people]
        return "" if any(people[name].notna().any() for name in columns) else theme
    if theme == "sites":
        return "" if any(len(layer.frame) for layer in plan.project.layers_of(Role.SITES)) else "sites"
    facility = plan.standard.facility(theme.partition(":")[2])
    if facility is None:
        return ""
    if theme.startswith(REACH):
        if not facility.radius_m:
            return "radius"
        return "" if any(len(frame) for frame in facility_frames(plan, facility.key)) else "places"
    values, states = area_deficits(plan, facility)
    told = np.isin(states.astype(str), [State.MET.value, State.SHORT.value]) | (values > 0)
    if told.any():
        return ""
    rules = np.isin(states.astype(str), [State.NOT_SET.value, State.BELOW_TRIGGER.value])
    return "rule" if len(states) and rules.all() else "deficit"


def _table(plan: Plan, theme: str, figures: Figures) -> dict[str, Any]:
    facility = plan.standard.facility(theme.partition(":")[2])
    if theme == "sites":
        return for_template(tally_tables.sites(plan, figures.words), figures)
    if facility is not None and theme.startswith(DEFICIT):
        return _deficit_table(plan, facility, figures)
    if theme.startswith(REACH):
        return _reach_table(plan, theme, figures)
    return _class_table(plan, theme, figures)


def _deficit_table(plan: Plan, facility: Facility, figures: Figures) -> dict[str, Any]:
    """Areas with their deficit, the greatest first."""
    words = figures.words
    rows = []
    for area, line in by_deficit(plan, facility):
        state = state_text(line.state, facility, words)
        rows.append([str(area), one_line(plan.areas["name"][area]), line_deficit(line, figures), state])
    head = [words[f"outputs.col.{name}"] for name in ("area-id", "area", "deficit", "state")]
    head[2] = f"{head[2]} ({lack_unit(facility, words)})"
    return {
        "head": head,
        "align": ["right", "left", "right", "left"],
        "widths": [8, 30, 20, 16],
        "rows": rows,
    }


def _class_table(plan: Plan, theme: str, figures: Figures) -> dict[str, Any]:
    """Classes of the legend with their neighbourhoods and households."""
    decided = decided_theme(plan, theme, figures.words)
    rows = []
    for group in decided.groups:
        for entry in group.entries:
            members = np.isin(decided.classes, entry.classes)
            if members.any():
                rows.append([entry.text, *_counted(plan, members, figures)])
    return _of_neighbourhoods(rows, figures)


def _reach_table(plan: Plan, theme: str, figures: Figures) -> dict[str, Any]:
    """Members of areas within the circles and outside of them, by a point inside each."""
    words, people = figures.words, plan.neighbourhoods
    layers, _ = reach_layers(plan, theme, words)
    if not layers:
        return _of_neighbourhoods([], figures)
    circles = layers[0].frame.geometry.iloc[0]  # type: ignore[union-attr]
    inside = shapely.intersects(people.geometry.representative_point().to_numpy(), circles)
    member = people["area_id"].to_numpy() > 0
    rows = [
        [words[f"outputs.figure.{name}"], *_counted(plan, member & mask, figures)]
        for name, mask in (("within", inside), ("beyond", ~inside))
    ]
    return _of_neighbourhoods(rows, figures)


def _counted(plan: Plan, mask: Any, figures: Figures) -> list[str]:
    """Number of neighbourhoods, and their households: at least as many where some are not known."""
    rows = plan.neighbourhoods[mask]
    if rows.empty:
        return ["0", "0"]
    known = int(counted_whole(rows).sum())
    households = at_least(rows["households"].sum(min_count=1), known, len(rows))
    return [figures.number(len(rows)), figures.number(households)]


def _of_neighbourhoods(rows: list[list[str]], figures: Figures) -> dict[str, Any]:
    head = [figures.words[f"outputs.col.{name}"] for name in ("kind", "neighbourhoods", "households")]
    return {"head": head, "align": ["left", "right", "right"], "widths": list(_SHARES), "rows": rows}


def refusals(figures: Sequence[ThemeMap], words: Mapping[str, str]) -> list[str]:
    """A sentence for each figure that cannot be drawn."""
    return [
        sentence(words, "outputs.figure.refused", {"title": item.title, "reason": item.lacking})
        for item in figures
        if item.lacking
    ]

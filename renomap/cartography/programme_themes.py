"""Themes of the programme: the year planned, the way of renewal, and how far preparation and works are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.cartography.palettes import Palette, Theme, theme_symbol
from renomap.cartography.themes import NEIGHBOURHOODS
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.programme_columns import Mode, Stage
from renomap.model.programme_view import ProgrammeView
from renomap.programme import progress

Words = Mapping[str, str]
#: Fills of the years in their order; the last one goes on.
_YEARS: Final = 5
OTHER: Final = "none"


def _year(view: ProgrammeView, plan: Plan, words: Words) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Class of every neighbourhood, style and legend text of each class, in the order of the legend."""
    own = view.neighbourhoods.reindex(plan.neighbourhoods.index)
    years = own["year"].fillna(own["key"].map(view.projects["planned_year"]))
    found = sorted(int(year) for year in years.dropna().unique())
    listed = own["stands"].isin([Stage.POOL.value])
    of = [
        str(int(year)) if not np.isnan(year) else ("pool" if pool else OTHER)
        for year, pool in zip(years, listed, strict=True)
    ]
    styles = {str(year): f"programme_year.{min(k, _YEARS - 1)}" for k, year in enumerate(found)}
    texts = {str(year): str(year) for year in found}
    styles |= {"pool": "programme_year.pool", OTHER: "programme_year.none"}
    return of, styles, texts | {"pool": words["maps.programme.pool"], OTHER: words["maps.programme.no-year"]}


def _mode(view: ProgrammeView, plan: Plan, words: Words) -> tuple[list[str], dict[str, str], dict[str, str]]:
    keys = view.neighbourhoods["key"].reindex(plan.neighbourhoods.index).fillna(0).astype(int)
    of_key = view.projects.loc[view.projects["project"] > 0, "mode"]
    modes = {int(str(key)): mode or Mode.RENOVATE for key, mode in of_key.items()}
    of = [str(modes.get(key, OTHER)) for key in keys]
    styles = {str(mode): f"programme_mode.{mode}" for mode in Mode} | {OTHER: "programme_year.none"}
    texts = {str(mode): words[f"programme.word.mode.{mode}"] for mode in Mode}
    return of, styles, texts | {OTHER: words["maps.programme.no-project"]}


def _gates(view: ProgrammeView, plan: Plan, words: Words) -> tuple[list[str], dict[str, str], dict[str, str]]:
    keys = view.neighbourhoods["key"].reindex(plan.neighbourhoods.index).fillna(0).astype(int)
    table = view.projects
    states: dict[int, str] = {}
    for key, held, done, project in zip(
        table.index, table["held"], table["gates_done"], table["project"], strict=True
    ):
        begun = "open" if done or project else OTHER
        states[int(str(key))] = begun if held else "ready"
    of = [states.get(key, OTHER) for key in keys]
    names = ("ready", "open", OTHER)
    return (
        of,
        {name: f"programme_gates.{name}" for name in names},
        {name: words[f"maps.programme.gates-{name}"] for name in names},
    )


def _progress(
    view: ProgrammeView, plan: Plan, words: Words
) -> tuple[list[str], dict[str, str], dict[str, str]]:
    stage = view.neighbourhoods["progress"].reindex(plan.neighbourhoods.index).fillna(progress.UNKNOWN)
    return (
        [str(one) for one in stage],
        {name: f"programme_progress.{name}" for name in progress.STAGES},
        {name: words[f"programme.progress.{name}"] for name in progress.STAGES},
    )


_Classed = Callable[[ProgrammeView, Plan, Words], tuple[list[str], dict[str, str], dict[str, str]]]
_MAKERS: Final[Mapping[str, _Classed]] = {
    "programme-year": _year,
    "programme-mode": _mode,
    "programme-gates": _gates,
    "programme-progress": _progress,
}
PROGRAMME_THEMES: Final = tuple(_MAKERS)


def programme_theme(plan: Plan, theme: str, words: Words) -> Theme:
    """Classes, symbols and legend of one of ``PROGRAMME_THEMES``, by neighbourhood.

    'programme-year' shows the year each is planned for, or that it is in the pool; 'programme-mode' how its
    project renews; 'programme-gates' whether anything holds up the start of its project; 'programme-progress'
    the stage that its works have reached (挂图作战), what is not known hatched.

    Raises
    ------
    RenomapError
        ``maps.no-programme`` where the plan has none.
    """
    if plan.programme is None:
        raise RenomapError("maps.no-programme", theme=theme)
    of, styles, texts = _MAKERS[theme](plan.programme, plan, words)
    palette = Palette(NEIGHBOURHOODS)
    wanted: pd.Series[Any] = pd.Series(of, dtype=object)
    classes = np.zeros(len(wanted), dtype=np.int64)
    for name, text in texts.items():
        mask = (wanted == name).to_numpy()
        if mask.any():
            classes[mask] = palette.add(text, theme_symbol(styles[name]))
    heading = words[f"maps.theme.{theme}"]
    return Theme(heading, classes, tuple(palette.symbols), (palette.group(heading),))

"""Themes of the programme: year, way of renewal, preparation, works, and in the window company and money."""

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
from renomap.model.words import sentence
from renomap.programme import progress

Words = Mapping[str, str]
#: Fills of the years in their order; the last one goes on.
_YEARS: Final = 5
#: Companies that have a colour of their own, those with most households first; classes of amounts.
_COMPANIES: Final = 5
_AMOUNTS: Final = 4
OTHER: Final = "none"
#: Symbols of a project that does not say it, and of what is in no project.
_NOT_SAID: Final[Mapping[str, str]] = {
    progress.UNKNOWN: "programme_progress.unknown",
    OTHER: "programme_year.none",
}


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


def _company(
    view: ProgrammeView, plan: Plan, words: Words
) -> tuple[list[str], dict[str, str], dict[str, str]]:
    table = view.projects[view.projects["company"].notna()]
    by_size = table.groupby("company")["households"].sum().sort_values(ascending=False, kind="stable")
    names = [str(name) for name in by_size.index]
    place = {name: str(min(nth, _COMPANIES)) for nth, name in enumerate(names)}
    own = {int(str(key)): place[str(name)] for key, name in table["company"].items()}
    of = [OTHER if not key else own.get(key, progress.UNKNOWN) for key in _keys(view, plan)]
    texts = {str(nth): name for nth, name in enumerate(names[:_COMPANIES])}
    texts[str(_COMPANIES)] = words["maps.programme.more-companies"]
    styles = {key: f"programme_company.{key}" for key in texts}
    texts |= {progress.UNKNOWN: words["maps.programme.no-company"], OTHER: words["maps.programme.no-project"]}
    return of, {**styles, **_NOT_SAID}, texts


def _cost(view: ProgrammeView, plan: Plan, words: Words) -> tuple[list[str], dict[str, str], dict[str, str]]:
    return _amounts(view, plan, words, "cost_per_household", 2)


def _gap(view: ProgrammeView, plan: Plan, words: Words) -> tuple[list[str], dict[str, str], dict[str, str]]:
    return _amounts(view, plan, words, "gap_high", 1)


def _amounts(
    view: ProgrammeView, plan: Plan, words: Words, column: str, decimals: int
) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """Classes of about as many projects each, named by the least and most in them; unknown ones apart."""
    known = (view.projects[column].dropna() / 10_000).round(decimals)
    edges = np.quantile(known, np.arange(1, _AMOUNTS) / _AMOUNTS) if len(known) else np.zeros(0)
    nth = pd.Series(np.searchsorted(edges, known, side="left"), index=known.index)
    own = {int(str(key)): str(each) for key, each in nth.items()}
    of = [OTHER if not key else own.get(key, progress.UNKNOWN) for key in _keys(view, plan)]
    styles, texts = {}, {}
    for each, values in known.groupby(nth):
        low, high = (f"{value:,.{decimals}f}" for value in (values.min(), values.max()))
        span = low if low == high else f"{low}–{high}"
        texts[str(each)] = sentence(words, "maps.programme.amount", {"span": span})
        styles[str(each)] = f"programme_year.{_AMOUNTS - 1 - int(str(each))}"
    texts |= {progress.UNKNOWN: words["outputs.no-data"], OTHER: words["maps.programme.no-project"]}
    return of, {**styles, **_NOT_SAID}, texts


def _keys(view: ProgrammeView, plan: Plan) -> list[int]:
    """The project of every neighbourhood, 0 = of none."""
    return view.neighbourhoods["key"].reindex(plan.neighbourhoods.index).fillna(0).astype(int).tolist()


_Classed = Callable[[ProgrammeView, Plan, Words], tuple[list[str], dict[str, str], dict[str, str]]]
_MAKERS: Final[Mapping[str, _Classed]] = {
    "programme-year": _year,
    "programme-mode": _mode,
    "programme-gates": _gates,
    "programme-progress": _progress,
    "programme-company": _company,
    "programme-cost": _cost,
    "programme-gap": _gap,
}
#: Themes that are drawn for reports, and those that the window offers.
PROGRAMME_THEMES: Final = tuple(_MAKERS)[:4]
WINDOW_THEMES: Final = tuple(_MAKERS)


def programme_theme(plan: Plan, theme: str, words: Words) -> Theme:
    """Classes, symbols and legend of one of ``WINDOW_THEMES``, by neighbourhood.

    'programme-year' shows the year each is planned for, or that it is in the pool; 'programme-mode' how its
    project renews; 'programme-gates' whether anything holds up the start of its project; 'programme-progress'
    the stage that its works have reached (挂图作战), what is not known hatched; 'programme-company' who
    carries its project out, 'programme-cost' what a household costs in it, 'programme-gap' what nobody pays
    yet at most, without financing.

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

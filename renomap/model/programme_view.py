"""What is derived from a programme: one value for window, command line and every output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from renomap.model.programme_rules import Rules


@dataclass(frozen=True)
class ProgrammeFinding:
    """Something about the programme that somebody should look at.

    ``kind`` has a sentence ``programme.finding.<kind>`` with ``params``; ``severity`` error | warning | hint.
    ``key``: of ``ProgrammeView.projects``, 0 = of none; ``fids`` the neighbourhoods, ``works`` the rows of
    works it is about.
    """

    kind: str
    severity: str
    key: int
    fids: tuple[int, ...] = ()
    works: tuple[int, ...] = ()
    params: Mapping[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class ProgrammeView:
    """All derived numbers of a programme. Money is whole yuan; unknown is NaN or None.

    Parameters
    ----------
    rules : Rules
        What it is judged by.
    projects : DataFrame
        Index ``key``: the id of an area, or minus the fid of a neighbourhood that is a project by itself;
        every area has a row. Columns: ``project`` (id in the table ``projects``, 0 = none), ``name``,
        ``code``, ``mode``, ``company``, ``person``, ``phone``, ``designer`` (None unknown);
        ``planned_year`` (of the phasing, NaN = none) and ``year_fixed`` (somebody chose it);
        ``neighbourhoods``, ``households`` and ``floor_area_m2`` (sum of the known, NaN of nothing), each with
        ``_known``; ``stands`` (where all members stand, see ``programme.lists.STANDS``; None = on several
        lists), ``year`` (of all members, else NaN); ``gates_done``, ``gates``, ``held`` (tuple of gates that
        hold up the start on site); ``progress`` (see ``programme.progress.stages``);
        ``consent`` (verdict or None); ``cost_low``, ``cost_high``,
        ``cost_known``, ``cost_items``, ``cost_level`` (see ``programme.cost.of_areas``),
        ``cost_per_household`` (NaN unless cost and households are wholly known and agree);
        ``gap_low``, ``gap_high`` (without money to be paid back, of planned amounts), ``financed_low``,
        ``financed_high`` (with it), ``arranged_gap_low``, ``arranged_gap_high`` (of arranged amounts, without
        it); ``fiscal``, ``companies``, ``residents``, ``financing`` (planned amounts that are used);
        ``income``, ``income_known``, ``yield_low``, ``yield_high`` (see ``programme.yields.of_areas``);
        ``left`` (what is planned and not used); ``remarks`` (tuple, see ``programme.funding.REMARKED``);
        ``demolished_low``, ``demolished_high``, ``demolished`` (verdict); ``rebuilt_low``, ``rebuilt_high``,
        ``rebuilt`` likewise (new floor area for each m2 taken down, infinite where it is open).
    neighbourhoods : DataFrame
        Index fid: ``key`` (0 = in no project), ``stands``, ``year``, ``progress``, and for each gate
        of neighbourhoods its state.
    gates : DataFrame
        Of ``programme.gates.of_areas``; ``area`` is the key.
    costs : DataFrame
        Of ``programme.cost.lines``; ``area`` is the key.
    works : DataFrame
        Index id of the table ``works``: ``low``, ``high``, ``level`` (a ``CostLevel``), ``lacks``.
    money : DataFrame
        ``key``, ``source``, ``scope`` (text), ``planned``, ``arranged``, ``paid`` (NaN unknown), ``used``,
        ``left`` (of planned), ``derived`` (a subsidy per household that no row states).
    lists : DataFrame
        Of ``programme.lists.identity``.
    demands : DataFrame
        Of ``programme.rounds.most_wanted``; ``area`` is the key.
    votes : DataFrame
        Of ``programme.votes.judge``.
    findings : tuple of ProgrammeFinding
        Errors first.
    prices : Mapping
        Yuan per unit by item, set for the meeting.
    coverage : DataFrame
        Of ``programme.lists.coverage``: of what is eligible, how much is on a list; empty where it is not
        known what is eligible.
    companies : DataFrame
        Of ``programme.who.by_company``, of the projects that run.
    ranking : DataFrame
        Of ``steps.ranking.ranked``; without columns where the figures of the areas are not at hand.
    acceptance : DataFrame
        Of ``programme.acceptance.of_areas`` and ``professional``; index as that of ``projects``.
    progress : DataFrame
        Of ``programme.progress.by_item``; ``area`` is the key.
    """

    rules: Rules
    projects: pd.DataFrame
    neighbourhoods: pd.DataFrame
    gates: pd.DataFrame
    costs: pd.DataFrame
    works: pd.DataFrame
    money: pd.DataFrame
    lists: pd.DataFrame
    demands: pd.DataFrame
    votes: pd.DataFrame
    findings: tuple[ProgrammeFinding, ...]
    prices: Mapping[str, float]
    coverage: pd.DataFrame = field(default_factory=pd.DataFrame)
    companies: pd.DataFrame = field(default_factory=pd.DataFrame)
    ranking: pd.DataFrame = field(default_factory=pd.DataFrame)
    acceptance: pd.DataFrame = field(default_factory=pd.DataFrame)
    progress: pd.DataFrame = field(default_factory=pd.DataFrame)

"""Statutory votes of owners: enough must take part, and enough of those must be in favour, by both counts.

A vote is not the asking for consent: of all owners, by persons and by floor area, a share must take part; of
those taking part another share must be in favour. The old double two-thirds of all owners is not used.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
import pandas as pd

from renomap.model.programme_columns import CountsBy, Matter, SurveyKind
from renomap.model.programme_rules import Vote
from renomap.programme.consent import MET, NOT_MET, TO_CHECK

#: Both counts that the law asks for.
COUNTS: Final = (CountsBy.PERSONS.value, CountsBy.FLOOR_AREA.value)


def takes_part(total: float, taking: float, vote: Vote) -> str:
    """Whether enough owners take part ('met', 'not_met'; 'to_check' where a number is unknown or wrong)."""
    if np.isnan(total) or np.isnan(taking) or total <= 0 or not 0 <= taking <= total:
        return TO_CHECK
    return MET if Fraction(taking) >= Fraction(vote.taking_part) * Fraction(total) else NOT_MET


def agrees(taking: float, yes: float, vote: Vote) -> str:
    """Whether enough of those taking part are in favour; as ``takes_part``.

    Of 100 taking part 75 are three quarters and pass, 74 do not; 50 are not more than half.
    """
    if np.isnan(taking) or np.isnan(yes) or taking <= 0 or not 0 <= yes <= taking:
        return TO_CHECK
    least = Fraction(vote.share) * Fraction(taking)
    return MET if yes > least or (yes == least and not vote.more_than) else NOT_MET


def judge(surveys: pd.DataFrame, votes: tuple[Vote, ...]) -> pd.DataFrame:
    """Every vote of every neighbourhood, by its last round.

    Parameters
    ----------
    surveys : DataFrame
        Table ``surveys``: rows of kind vote with ``matter`` and ``counts_by`` persons or floor_area;
        ``total`` all owners or all floor area, ``returned`` those taking part, ``yes``.
    votes : tuple of Vote
        What each matter needs.

    Returns
    -------
    DataFrame, index 0..n-1, by fid and matter
        ``fid``, ``building``, ``matter``, ``round``, ``valid`` (enough take part by both counts) and
        ``passed``: 'met', 'not_met', or 'to_check' where one count is missing and the other does not fail.
    """
    needs = {vote.key: vote for vote in votes}
    asked = surveys[(surveys["kind"] == SurveyKind.VOTE) & surveys["matter"].isin(list(needs))]
    found = []
    for (fid, building, matter), rows in asked.groupby(["fid", "building", "matter"]):
        rows = rows[rows["round"] == rows["round"].max()]
        by_count = {
            count: rows[rows["counts_by"] == count].sort_values("date", na_position="first").tail(1)
            for count in COUNTS
        }
        valid, passed = [], []
        for of_count in by_count.values():
            if not len(of_count):
                valid.append(TO_CHECK)
                passed.append(TO_CHECK)
                continue
            row = of_count.iloc[0]
            valid.append(takes_part(row["total"], row["returned"], needs[str(matter)]))
            passed.append(agrees(row["returned"], row["yes"], needs[str(matter)]))
        found.append(
            {
                "fid": fid,
                "building": building,
                "matter": matter,
                "round": int(rows["round"].max()),
                "valid": _both(valid),
                "passed": _both([*valid, *passed]),
            }
        )
    return pd.DataFrame(found, columns=["fid", "building", "matter", "round", "valid", "passed"])


def lacking(
    judged: pd.DataFrame, works: pd.DataFrame, rebuilt: pd.Index[int], facilities: frozenset[str]
) -> tuple[tuple[int, str], ...]:
    """Neighbourhoods that need a vote of their owners and have none that passed, with its matter.

    Parameters
    ----------
    judged : DataFrame
        Of ``judge``.
    works : DataFrame
        Table ``works``; facilities that are added may stand on common parts.
    rebuilt : Index
        Fids that are rebuilt.
    facilities : frozenset of str
        Keys of items that are facilities.
    """
    passed = judged[judged["passed"] == MET]
    there = set(zip(passed["fid"], passed["matter"], strict=True))
    rows = works[(works["status"] != "dropped") & works["item"].isin(facilities) & (works["fid"] > 0)]
    asked = {(int(fid), Matter.COMMON_PARTS.value) for fid in rows["fid"]}
    asked |= {(int(fid), Matter.REBUILDING.value) for fid in rebuilt}
    return tuple(sorted(asked - there))


def _both(verdicts: list[str]) -> str:
    if NOT_MET in verdicts:
        return NOT_MET
    return MET if all(verdict == MET for verdict in verdicts) else TO_CHECK

"""Consent: whether enough households were asked and enough of all households are in favour."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from renomap.model.preset import Consent

MET: Final = "met"
NOT_MET: Final = "not_met"
TO_CHECK: Final = "to_check"
#: Kinds of household numbers that say how many there are; others may be off either way, or only a floor.
_SURE: Final = ("reported", "derived")
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def contradicts(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose numbers cannot all be true: more in favour (or for and against) than asked, or more asked
    (or in favour) than there are households. Unknown numbers contradict nothing, nor do households that
    are estimated or a lower bound.
    """
    asked, yes, no = _number(rows, "consent_asked"), _number(rows, "consent_yes"), _number(rows, "consent_no")
    base = np.where(_sure(rows), _number(rows, "households"), np.inf)
    answered = np.nan_to_num(yes) + np.nan_to_num(no)
    with np.errstate(invalid="ignore"):
        wrong = (answered > asked) | (asked > base) | (answered > base)
    return pd.Series(wrong, index=rows.index)


def outgrown(rows: pd.DataFrame) -> pd.Series[bool]:
    """Rows with more asked or in favour than the households they are said to have: an estimate is too low.

    No share of such households can be said; of households that are sure it is a contradiction.
    """
    base = _number(rows, "households")
    answered = np.nan_to_num(_number(rows, "consent_yes")) + np.nan_to_num(_number(rows, "consent_no"))
    with np.errstate(invalid="ignore"):
        over = (_number(rows, "consent_asked") > base) | (answered > base)
    return pd.Series(over, index=rows.index)


def judge(rows: pd.DataFrame, consent: Consent | None) -> pd.DataFrame:
    """Judge every neighbourhood by two shares of all its households: those asked, and those in favour.

    A verdict is given only where every value of what is unknown gives the same. Estimated households count
    as unknown: what is in favour of an estimate cannot be signed. An unknown number of households asked is
    never taken as met, though all in favour must have been asked.

    Parameters
    ----------
    rows : DataFrame
        ``households``, ``households_flag``, ``consent_asked``, ``consent_yes``, ``consent_no`` (NaN unknown).
    consent : Consent or None
        The shares to be reached; None, or neither of both, sets no rule.

    Returns
    -------
    DataFrame, index as given
        ``consent_asked_share``, ``consent_yes_share`` (0..1 of all households; NaN where either number is
        unknown, contradicts another, or households are only a lower bound or fewer than were asked) and
        ``consent`` ('met', 'not_met', 'to_check'; None where there is no rule).
    """
    asked, yes, base, exact = _counts(rows)
    out = pd.DataFrame(
        {"consent_asked_share": asked / base, "consent_yes_share": yes / base}, index=rows.index
    )
    verdict = np.full(len(rows), TO_CHECK, dtype=object)
    if not _asks(consent):
        verdict[:] = None
    else:
        assert consent is not None
        met, missed = np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
        floor, most_asked, most_yes = _limits(rows)
        for least, found, most in (
            (consent.asked_min, asked, most_asked),
            (consent.yes_min, yes, most_yes),
        ):
            if least is not None:
                met &= exact & ~np.isnan(asked) & _reaches(found, base, least.value)
                missed |= (floor > 0) & np.isfinite(most) & ~_reaches(most, floor, least.value)
        verdict[met & ~missed] = MET
        verdict[missed] = NOT_MET
    out["consent"] = pd.Series(verdict, index=rows.index, dtype=object)
    return out


def of_areas(members: pd.DataFrame, ids: pd.Index[int], consent: Consent | None) -> pd.DataFrame:
    """Judge areas by their members (rows of ``judge`` with the columns it reads, and ``area_id``).

    Returns
    -------
    DataFrame, index ``ids``
        Both shares of all households of all members (NaN unless known of all), ``consent`` as in ``judge``
        and ``consent_failing`` (tuple of the fids of members that do not reach it). With the rule ``each`` an
        area reaches it if every member does; with ``sum`` if its members do together.
    """
    asked, yes, base, exact = _counts(members)
    counts = pd.DataFrame({"asked": asked, "yes": yes, "base": base}, index=members.index)
    sums = counts.groupby(members["area_id"]).sum(min_count=1).reindex(ids)
    known = counts.notna().groupby(members["area_id"]).all().reindex(ids, fill_value=False)
    out = pd.DataFrame(index=ids)
    for name in ("asked", "yes"):
        share = sums[name] / sums["base"]
        out[f"consent_{name}_share"] = share.where(known[name] & known["base"])
    missed = members["consent"] == NOT_MET
    if not _asks(consent):
        verdict = pd.Series([None] * len(ids), index=ids, dtype=object)
    elif consent is not None and consent.rule == "sum":
        verdict = _together(members, ids, consent, sums, known, exact)
    else:
        of = members["area_id"]
        fails = missed.groupby(of).any().reindex(ids, fill_value=False)
        passes = (members["consent"] == MET).groupby(of).all().reindex(ids, fill_value=False)
        told = np.where(fails, NOT_MET, np.where(passes, MET, TO_CHECK)).astype(object)
        verdict = pd.Series(told, index=ids)
    out["consent"] = verdict
    failing: dict[int, list[int]] = {}
    for fid, area in members.loc[missed, "area_id"].items():
        failing.setdefault(int(area), []).append(int(str(fid)))
    out["consent_failing"] = pd.Series([tuple(failing.get(int(i), ())) for i in ids], index=ids, dtype=object)
    return out


def _together(
    members: pd.DataFrame,
    ids: pd.Index[int],
    consent: Consent,
    sums: pd.DataFrame,
    known: pd.DataFrame,
    exact: Flags,
) -> pd.Series[str]:
    floor, most_asked, most_yes = _limits(members)
    most = pd.DataFrame({"asked": most_asked, "yes": most_yes, "base": floor}, index=members.index)
    most = most.groupby(members["area_id"]).sum().reindex(ids)
    sure = (
        pd.Series(exact, index=members.index).groupby(members["area_id"]).all().reindex(ids, fill_value=False)
    )
    met = np.array(sure & known.all(axis=1), dtype=bool)
    missed = np.zeros(len(ids), dtype=bool)
    for name, least in (("asked", consent.asked_min), ("yes", consent.yes_min)):
        if least is not None:
            met &= _reaches(sums[name].to_numpy(), sums["base"].to_numpy(), least.value)
            top, bottom = most[name].to_numpy(), most["base"].to_numpy()
            missed |= (bottom > 0) & np.isfinite(top) & ~_reaches(top, bottom, least.value)
    return pd.Series(np.where(met, MET, np.where(missed, NOT_MET, TO_CHECK)).astype(object), index=ids)


def _asks(consent: Consent | None) -> bool:
    return consent is not None and (consent.asked_min is not None or consent.yes_min is not None)


def _counts(rows: pd.DataFrame) -> tuple[Floats, Floats, Floats, Flags]:
    """Asked, in favour and households, unknown where they contradict; whether households are sure."""
    wrong = contradicts(rows).to_numpy()
    asked = np.where(wrong, np.nan, _number(rows, "consent_asked"))
    yes = np.where(wrong, np.nan, _number(rows, "consent_yes"))
    base = _number(rows, "households")
    flags = rows["households_flag"].to_numpy(dtype=object)
    told = (base > 0) & (flags != "lower_bound") & (flags != "unknown") & ~outgrown(rows).to_numpy()
    base = np.where(told, base, np.nan)
    return asked, yes, base, _sure(rows) & ~np.isnan(base)


def _limits(rows: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """The fewest households there can be, and the most that can have been asked or be in favour of so many.

    Not finite where nothing limits them.
    """
    asked, yes, _, exact = _counts(rows)
    wrong = contradicts(rows).to_numpy()
    no = np.where(wrong, np.nan, _number(rows, "consent_no"))
    told, flags = _number(rows, "households"), rows["households_flag"].to_numpy(dtype=object)
    stated = np.where(exact | (flags == "lower_bound"), np.nan_to_num(told), 0.0)
    floor = np.fmax(np.fmax(stated, asked), np.nan_to_num(yes) + np.nan_to_num(no))
    most_asked = np.where(np.isnan(asked), np.where(exact, told, np.inf), asked)
    most_yes = np.where(np.isnan(yes), most_asked - np.nan_to_num(no), yes)
    # Where households may be more than the floor, a share can only fall: the floor gives the highest share,
    # except where the unknown number may grow with them.
    return floor, most_asked, most_yes


def _reaches(part: Floats, whole: Floats, least: float) -> Flags:
    """Whether part / whole >= least, compared in whole numbers: 80 of 100 reaches 0.8."""
    share = Fraction(str(least))
    with np.errstate(invalid="ignore"):
        return np.asarray(part * share.denominator >= whole * share.numerator, dtype=bool)


def _sure(rows: pd.DataFrame) -> Flags:
    return rows["households_flag"].isin(_SURE).to_numpy(dtype=bool)


def _number(rows: pd.DataFrame, column: str) -> Floats:
    if column not in rows:
        return np.full(len(rows), np.nan)
    return rows[column].to_numpy(dtype=np.float64, na_value=np.nan)

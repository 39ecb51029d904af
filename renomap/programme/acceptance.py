"""Acceptance (验收): residents are satisfied, nothing basic is left undone, what was found is being mended.

What professionals found is an event of the gate and judged with the gates (``programme.gates``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pandas as pd

from renomap.model.preset import Bound
from renomap.model.programme import Programme
from renomap.model.programme_columns import SurveyKind, WorkStatus
from renomap.model.programme_rules import Needs, Rules
from renomap.programme.consent import MET, NOT_MET, TO_CHECK
from renomap.programme.rounds import latest
from renomap.programme.works import not_listed

#: Nobody answered: a share of nothing is no share.
NO_SAMPLE: Final = "no_sample"
#: Columns of answers, and where they are in ``surveys``.
ANSWERS: Final = {"issued": "issued", "answers": "returned", "satisfied": "yes"}
#: What stands against acceptance, in the order in which it is told; the last two leave it open.
REFUSED: Final = ("residents_below", "no_sample", "works_open", "needs_unlisted", "problems_open")
UNDECIDED: Final = ("residents_unknown", "needs_unknown")
#: Of these, lists of what is left undone: pairs of a fid and an item.
LEFT: Final = ("works_open", "needs_unlisted", "needs_unknown")


def begun(programme: Programme, rules: Rules) -> bool:
    """Whether anything was asked or done for an acceptance yet."""
    asked = {gate.key for gate in rules.gates if gate.needs is Needs.ACCEPTANCE}
    surveys: pd.Series[str] = programme.surveys["kind"]
    return bool((surveys == SurveyKind.ACCEPTANCE).any() or programme.events["gate"].isin(asked).any())


def of_areas(
    programme: Programme,
    rules: Rules,
    neighbourhoods: pd.DataFrame,
    area_of: pd.Series[int],
    areas: pd.Index[int],
) -> pd.DataFrame:
    """What stands for and against the acceptance of each area, but for the word of professionals.

    Parameters
    ----------
    neighbourhoods : DataFrame
        Index fid: conditions and deficits by which basic needs are told (see ``programme.works.not_listed``).
    area_of : Series
        Fid -> area.

    Returns
    -------
    DataFrame, index ``areas``
        ``issued``, ``answers``, ``satisfied``: sums of the last round of each member asked (NaN unless known
        of each); ``surveyed`` of ``members``. ``residents``: 'met', 'not_met', 'no_sample', 'to_check' (not
        every member answered in numbers), None where the city sets no share. ``works_open``: (fid, item) of
        basic works not done (one dropped with a reason is waived); ``needs_unlisted``, ``needs_unknown``
        likewise of basic needs without works; ``problems_open``: ids of problems neither solved nor with
        works that end on a date, ``problems_remedied`` those with. ``refused``: what of ``REFUSED`` and
        ``UNDECIDED`` holds it up; ``accepted``: 'met', 'not_met', 'to_check'.
    """
    out = _answers(programme.surveys, area_of, areas)
    out["residents"] = pd.Series(
        [_residents(row, rules.satisfied_min) for row in out.to_dict("records")], index=areas, dtype=object
    )
    members = {int(str(area)): sorted(rows.index) for area, rows in area_of.groupby(area_of)}
    for name, by_fid in _left(programme, rules, neighbourhoods.reindex(area_of.index)).items():
        found = [
            tuple(one for fid in members.get(int(area), ()) for one in by_fid.get(fid, ())) for area in areas
        ]
        out[name] = pd.Series(found, index=areas, dtype=object)
    refused = [_refused(row) for row in out.to_dict("records")]
    accepted = [NOT_MET if set(why) & set(REFUSED) else TO_CHECK if why else MET for why in refused]
    out["refused"] = pd.Series(refused, index=areas, dtype=object)
    out["accepted"] = pd.Series(accepted, index=areas, dtype=object)
    return out


def professional(events: pd.DataFrame, rules: Rules, areas: pd.Index[int]) -> pd.Series[str]:
    """How the last acceptance by professionals ended: an ``Outcome``, None where there was none.

    ``events``: table ``events`` with ``area``. The highest round counts, of one round the last row.
    """
    asked = [gate.key for gate in rules.gates if gate.needs is Needs.ACCEPTANCE]
    ended = events[events["gate"].isin(asked) & events["result"].notna()]
    last = ended.sort_values("round", kind="stable").drop_duplicates("area", keep="last")
    found = last.set_index("area")["result"].reindex(areas).astype(object)
    return found.where(found.notna(), None)


def told(
    row: Mapping[Any, Any],
    rules: Rules,
    names: Mapping[int, str],
    items: Mapping[str, str],
    style: str = "{name}（{items}）",
    join: str = "、",
) -> dict[str, dict[str, Any]]:
    """What holds up the acceptance of an area, each with the values of its sentence; a row of ``of_areas``.

    ``names`` of neighbourhoods by fid, ``items`` of works by key; ``style`` and ``join`` of what is listed.
    """
    least = np.nan if rules.satisfied_min is None else rules.satisfied_min.value
    found: dict[str, dict[str, Any]] = {}
    for why in row["refused"]:
        if why == "residents_below":
            found[why] = {"satisfied": f"{row['satisfied']:,.0f}", "answers": f"{row['answers']:,.0f}"}
            found[why]["least"] = f"{least:.0%}"
        elif why == "residents_unknown":
            found[why] = {"surveyed": int(row["surveyed"]), "members": int(row["members"])}
        elif why in LEFT:
            by_fid = _by_fid(row[why])
            found[why] = {
                why: [
                    style.format(
                        name=names.get(fid) or fid, items=join.join(items.get(one, one) for one in its)
                    )
                    for fid, its in by_fid.items()
                ]
            }
        else:
            found[why] = {"problems": len(row["problems_open"])} if why == "problems_open" else {}
    return found


def share(row: Mapping[Any, Any], of: str = "satisfied") -> float:
    """Satisfied of answers, or with ``of='answers'`` answers of what was issued; NaN unknown or of nothing.

    >>> share({"issued": 200_000.0, "answers": 190_000.0, "satisfied": 186_200.0})
    0.98
    >>> share({"issued": 200_000.0, "answers": 190_000.0, "satisfied": 186_200.0}, "answers")
    0.95
    """
    whole = row["answers" if of == "satisfied" else "issued"]
    return float(row[of] / whole) if whole > 0 and 0 <= row[of] <= whole else np.nan


def _answers(surveys: pd.DataFrame, area_of: pd.Series[int], areas: pd.Index[int]) -> pd.DataFrame:
    found = latest(surveys, SurveyKind.ACCEPTANCE)
    found = found.assign(area=area_of.reindex(found.index)).dropna(subset=["area"])
    out = pd.DataFrame(index=areas)
    for name, column in ANSWERS.items():
        sums = found.groupby("area")[column].agg(lambda rows: rows.sum(skipna=False))
        out[name] = sums.reindex(areas).astype(np.float64)
    for name, each in (("surveyed", found["area"]), ("members", area_of)):
        out[name] = each.value_counts().reindex(areas, fill_value=0).astype(np.int64)
    return out


def _residents(row: Mapping[Any, Any], least: Bound | None) -> str | None:
    """A verdict only where every member was asked: answers that are missing could still turn it."""
    answers, satisfied = float(row["answers"]), float(row["satisfied"])
    if least is None:
        return None
    if not row["surveyed"] or (answers == 0 and row["surveyed"] == row["members"]):
        return NO_SAMPLE
    if row["surveyed"] < row["members"] or np.isnan(answers) or not 0 <= satisfied <= answers:
        return TO_CHECK
    return MET if Fraction(satisfied) >= Fraction(str(least.value)) * Fraction(answers) else NOT_MET


def _refused(row: Mapping[Any, Any]) -> tuple[str, ...]:
    holds = {
        "residents_below": row["residents"] == NOT_MET,
        "no_sample": row["residents"] == NO_SAMPLE,
        "residents_unknown": row["residents"] == TO_CHECK,
        **{
            name: bool(row[name])
            for name in ("works_open", "needs_unlisted", "needs_unknown", "problems_open")
        },
    }
    return tuple(name for name in (*REFUSED, *UNDECIDED) if holds[name])


def _left(
    programme: Programme, rules: Rules, neighbourhoods: pd.DataFrame
) -> dict[str, dict[int, list[Any]]]:
    """By column of ``of_areas`` and fid, what is left undone."""
    works = programme.works
    basic = works["item"].isin([item.key for item in rules.items if item.category == "basic"])
    dropped = works["status"] == WorkStatus.DROPPED
    undone = works[basic & ~dropped & (works["status"] != WorkStatus.DONE)]
    waived = works[dropped & works["override"].notna()]
    waivers = set(zip(waived["fid"].tolist(), waived["item"].tolist(), strict=True))
    lacking = not_listed(works, neighbourhoods, rules)
    unlisted, unknown = (
        [each for each in _items(lacking[lacking["state"] == state]) if each[1] not in waivers]
        for state in ("missing", "unknown")
    )
    unsolved = programme.problems[programme.problems["solved"].isna()]
    dated = {str(number) for number in works.index[works["end"].notna() & ~dropped]}
    names = [set(str(text).replace(",", " ").split()) if text else set() for text in unsolved["works"]]
    mended = pd.Series([bool(ids) and ids <= dated for ids in names], index=unsolved.index, dtype=bool)
    return {
        "works_open": _by_fid(_items(undone)),
        "needs_unlisted": _by_fid(unlisted),
        "needs_unknown": _by_fid(unknown),
        "problems_open": _by_fid(_numbered(unsolved[~mended])),
        "problems_remedied": _by_fid(_numbered(unsolved[mended])),
    }


def _items(rows: pd.DataFrame) -> list[tuple[int, tuple[int, str]]]:
    pairs = zip(rows["fid"], rows["item"], strict=True)
    return [(fid, (fid, item)) for fid, item in dict.fromkeys((int(fid), str(item)) for fid, item in pairs)]


def _numbered(rows: pd.DataFrame) -> list[tuple[int, int]]:
    return [(int(fid), int(number)) for number, fid in zip(rows.index, rows["fid"], strict=True)]


def _by_fid(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for fid, one in pairs:
        found.setdefault(fid, []).append(one)
    return found

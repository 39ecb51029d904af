"""Handed-over packs against their recomputation: the sample town with both presets, and real compounds.

Commands run as a user runs them; what they wrote is read with other libraries. Each test prints how many
values it compared and how many differ (``pytest -s``).
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from neighbours import Neighbours, neighbours
from recompute import (
    Handed,
    Tally,
    area_need,
    by_count,
    by_rate,
    cell,
    community_verdict,
    consent_of_area,
    consent_of_unit,
    known,
    least_lacking,
    least_places,
    least_size,
    left_by_one_place,
    newly,
    number,
    opened,
    size_of,
    thresholds,
)

DATA = os.environ.get("RENOMAP_REAL_DATA")
REAL = {
    "dongzhimen": "cn_beijing/beijing_dongzhimen_demo.gpkg",
    "shanghai": "cn_shanghai/shanghai_west_compounds_named.gpkg",
}
#: What the import is told: storeys stand in an odd column; the inventory is joined by name.
READ = {
    "dongzhimen": ("--field", "buildings.floors_src_height=floors"),
    "shanghai": ("--inventory", f"{DATA}/xlsx/shanghai_west_compounds_inventory_derived.xlsx"),
}
SUMMED = ("households", "buildings", "stairwells", "floor_area_m2")


def run(*words: object) -> None:
    command = [sys.executable, "-m", "renomap", *(str(word) for word in words), "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def real_pack(name: str, folder: Path) -> Path:
    """A pack of real compounds with parking set by the meeting, as in the sample town."""
    if DATA is None:
        pytest.skip("RENOMAP_REAL_DATA names no folder of real data")
    project = folder / "p.gpkg"
    run("import", Path(DATA) / REAL[name], "-o", project, *READ[name])
    run("group", project, "-o", project, "--preset", "changsha", "--time-limit", "5")
    run("deficits", project, "--set", "parking.rate=0.6/household")
    run("pack", project, "-o", folder / "pack", "--no-area-pages")
    return folder / "pack"


@pytest.fixture(
    scope="module",
    params=[
        "changsha",
        pytest.param("guangzhou", marks=pytest.mark.long),
        *(pytest.param(name, marks=[pytest.mark.long, pytest.mark.real]) for name in REAL),
    ],
)
def handed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Handed:
    name = request.param
    folder: Path
    if name in REAL:
        folder, preset = real_pack(name, tmp_path_factory.mktemp(name)), "changsha"
    else:
        made = request.getfixturevalue("sample" if name == "changsha" else "both")
        folder, preset = made / f"pack-{name}", name
    return opened(folder, preset, parking={"rate": 0.6, "base": "household"})


def each_area(handed: Handed, what: str, compare: Callable[[Tally, int, pd.Series], None]) -> Tally:
    """All areas compared one after another; the count is printed and every difference is a fault."""
    tally = Tally(0, [])
    for area, row in handed.areas.iterrows():
        compare(tally, int(str(area)), row)
    print(f"{handed.folder}: {what}: {tally.compared} compared, {len(tally.differences)} differ")
    assert tally.differences == []
    return tally


def test_sums_are_those_of_the_members(handed: Handed) -> None:
    def sums(tally: Tally, area: int, row: pd.Series) -> None:
        own = handed.members(area)
        tally.same((area, "neighbourhoods"), row["neighbourhoods"], len(own))
        for name in SUMMED:
            told = known(own[name]) if name in own else []
            tally.same((area, name), row[name], sum(told) if told else math.nan, 0.5)
            if f"{name}_known" in row:
                tally.same((area, name, "known"), row[f"{name}_known"], len(told))

    each_area(handed, "sums", sums)


def test_needs_follow_from_rate_and_base(handed: Handed) -> None:
    """Of every facility with a rate per household or person: the need, what is required, who has it alone."""

    def needs(tally: Tally, area: int, row: pd.Series) -> None:
        for key, rule in handed.rules.items():
            if not by_rate(rule):
                continue
            need, required, alone = area_need(handed, rule, area)
            tally.same((area, key, "need"), row[f"{key}_need"], need)
            tally.same((area, key, "required"), row[f"{key}_required"], required)
            if least_size(rule):
                tally.same((area, key, "alone"), row[f"{key}_alone"], alone)

    each_area(handed, "needs", needs)


def test_a_deficit_is_what_is_required_less_what_is_there(handed: Handed) -> None:
    """The most that can lack, where need and own supply are known of all members.

    What another area may share can only lessen it: the least is held by the test of ranges.
    """

    def deficits(tally: Tally, area: int, row: pd.Series) -> None:
        for key, rule in handed.rules.items():
            told, members = (int(n) for n in str(row[f"{key}_known"]).split(" of "))
            whole = told == members == len(known(handed.members(area)["households"]))
            if (
                not by_rate(rule)
                or rule.get("linked")
                or row[f"{key}_state"] not in ("met", "short")
                or not whole
            ):
                continue
            lacking = max(0.0, cell(row, f"{key}_required") - cell(row, f"{key}_supply"))
            tally.same((area, key), row[f"{key}_deficit_high"], lacking, 1.0)

    each_area(handed, "deficits", deficits)


def test_the_least_deficit_is_what_lacks_whatever_is_unknown_or_shared(handed: Handed) -> None:
    """Between what surely lacks if all within reach helps, and what lacks if nothing more does."""

    def lower(tally: Tally, area: int, row: pd.Series) -> None:
        for key, rule in handed.rules.items():
            if rule["level"] == "area" and (by_rate(rule) or rule["base"] == "area"):
                least, most = least_lacking(handed, key, area, row)
                low = cell(row, f"{key}_deficit_low")
                tally.same((area, key, low, least, most), least - 1.0 <= low <= most + 1.0, True)

    each_area(handed, "least deficits", lower)


def test_an_area_shows_what_its_communities_say_together(handed: Handed) -> None:
    """Short if one is short, met if all are; a member of unknown community leaves it open."""

    def states(tally: Tally, area: int, row: pd.Series) -> None:
        own = handed.members(area)
        known = "community" in own and own["community"].notna().all()
        homes = own[["street", "community"]].drop_duplicates() if "community" in own else own[[]]
        for key, rule in handed.rules.items():
            if rule["level"] != "community" or (rule.get("rate") is None and not least_size(rule)):
                continue
            verdicts = (
                {
                    community_verdict(handed, key, None if pd.isna(street) else street, community)
                    for street, community in homes.dropna(subset=["community"]).itertuples(index=False)
                }
                if "community" in own
                else set()
            )
            whole = known and verdicts == {"met"}
            state = "short" if "short" in verdicts else "met" if whole else "unknown"
            tally.same((area, key), row[f"{key}_state"], state)

    each_area(handed, "states of communities", states)


def test_no_verdict_outruns_its_range(handed: Handed) -> None:
    """Met only if nothing can lack, short only if something is sure to lack; a range is a range."""

    def states(tally: Tally, area: int, row: pd.Series) -> None:
        for key, rule in handed.rules.items():
            if rule["level"] == "community":  # figures of communities are not figures of their areas
                continue
            low, high = (cell(row, f"{key}_deficit_{end}") for end in ("low", "high"))
            state = row[f"{key}_state"]
            if state == "met":
                tally.same((area, key, state), high, 0.0)
            if state == "short":
                tally.same((area, key, state), low > 0, True)
            tally.same((area, key, "range"), low > high + 1e-9, False)

    each_area(handed, "verdicts", states)


def test_subsidies_are_households_times_the_rate(handed: Handed) -> None:
    def subsidies(tally: Tally, area: int, row: pd.Series) -> None:
        homes = known(handed.members(area)["households"])
        rates = handed.preset.get("subsidy", {})
        for name, rate in (("city_subsidy", "city"), ("district_subsidy", "district_min")):
            expected = sum(homes) * rates[rate]["value"] if rate in rates and homes else math.nan
            tally.same((area, name), row[name], expected, 1.0)

    each_area(handed, "subsidies", subsidies)


@pytest.fixture(scope="module")
def near(handed: Handed) -> Neighbours | None:
    """Who is beside whom, of towns without roads and waters only: these are not sampled."""
    return neighbours(handed.units) if handed.folder.parent.name.rstrip("0123456789") in REAL else None


def test_size_flags_follow_from_the_printed_figures(handed: Handed, near: Neighbours | None) -> None:
    """Too large before too small before to check; the flag names a bound that the printed figure breaks."""
    counted = by_count(handed, near)

    def flags(tally: Tally, area: int, row: pd.Series) -> None:
        walks = (math.nan, math.nan) if near is None else near.walks(handed.members(area)["fid"])
        printed = None if pd.isna(row["size_flag"]) else row["size_flag"]
        size = size_of(handed, row, counted=area in counted, walks=walks)
        tally.same((area, "flag"), printed, size.flag)
        if size.rules:
            tally.same((area, "rule"), row["size_rule"] in size.rules, True)
            tally.same((area, "bound"), row["size_bound"], size.rules.get(row["size_rule"], math.nan))
        if row["size_rule"] == "walk_m_max":
            value = cell(row, "size_value")
            tally.same((area, "walk"), walks[0] - 0.5 <= value <= walks[1] + 0.5, True)

    each_area(handed, "size flags", flags)


def test_newly_served_lack_it_and_cannot_have_it_alone(handed: Handed) -> None:
    def served(tally: Tally, area: int, row: pd.Series) -> None:
        for key, rule in handed.rules.items():
            if by_rate(rule) and not math.isnan(cell(row, f"{key}_newly_low")):
                low, high = newly(handed, key, area)
                tally.same((area, key, "low"), row[f"{key}_newly_low"], low)
                tally.same((area, key, "high"), row[f"{key}_newly_high"], high)

    each_area(handed, "newly served", served)


def test_places_are_the_least_number(handed: Handed) -> None:
    """By a search of its own; with the households that one place at its best position leaves out."""

    def places(tally: Tally, area: int, row: pd.Series) -> None:
        own = handed.members(area)
        points = [(point.x, point.y) for point in own.representative_point()]
        homes = [number(value) for value in own["households"]]
        for key, rule in handed.rules.items():
            printed, radius = cell(row, f"{key}_sites"), float(rule.get("radius_m", 0))
            if printed > 0 and radius:
                tally.same((area, key, "places"), printed, least_places(points, radius))
                out = left_by_one_place(points, radius, homes)
                tally.same((area, key, "out of reach"), row[f"{key}_out_of_reach"], out)

    each_area(handed, "places", places)


def test_consent_counts_all_households_of_every_member(handed: Handed) -> None:
    def consent(tally: Tally, area: int, row: pd.Series) -> None:
        own = handed.members(area)
        least = thresholds(handed.preset)
        verdicts = {unit["fid"]: consent_of_unit(unit, least) for _, unit in own.iterrows()}
        for fid, printed in zip(own["fid"], own["consent"], strict=True):
            tally.same((area, fid), printed, verdicts[fid])
        tally.same((area, "verdict"), row["consent"], consent_of_area(list(verdicts.values())))

    each_area(handed, "consent", consent)

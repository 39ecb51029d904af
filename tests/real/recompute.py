"""Figures and verdicts of a plan computed from shipped tables and exported neighbourhoods alone."""

from __future__ import annotations

import itertools
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from neighbours import Neighbours

ROOT = Path(__file__).resolve().parents[2]
WHOLE_UNITS = {"elevator", "space", "charger", "site", "place", "point", "type", "neighbourhood"}
Rule = dict[str, Any]


@dataclass(frozen=True)
class Handed:
    """One pack as other programs read it, with the tables it was computed by."""

    folder: Path
    areas: pd.DataFrame
    units: gpd.GeoDataFrame  # in metres
    rules: dict[str, Rule]
    preset: Rule
    persons: float
    outlines: gpd.GeoSeries  # of the areas, in metres
    places: gpd.GeoDataFrame | None  # facilities that are points or polygons of their own

    def members(self, area: int) -> gpd.GeoDataFrame:
        return self.units[self.units["area_id"] == area]


def table(kind: str, name: str) -> Rule:
    return tomllib.loads((ROOT / "resources" / kind / f"{name}.toml").read_text("utf-8"))


def facility(key: str) -> Rule:
    """What the file of a facility says beside every standard."""
    told = table("facilities", key)
    return {**told, "supply_field": told["survey"]["column"]}


def standard(name: str) -> tuple[dict[str, Rule], float]:
    """Facilities by key, and persons in a household; a table replaces lines of the one it extends."""
    told = table("standards", name)
    rows, persons = standard(told["extends"]) if "extends" in told else ({}, math.nan)
    rows = {key: dict(row) for key, row in rows.items()}
    for row in told["facility"]:
        rows[row["key"]] = rows.get(row["key"], facility(row["key"])) | row
    return rows, told.get("persons_per_household", {}).get("value", persons)


def opened(folder: Path, preset: str, **rates: Rule) -> Handed:
    told = table("presets", preset)
    rules, persons = standard(told["standard"])
    for key, rule in rates.items():
        rules[key] |= rule
    areas = pd.DataFrame(gpd.read_file(folder / "areas.geojson").drop(columns="geometry")).set_index("id")
    units = gpd.read_file(folder / "plan.gpkg", layer="neighbourhoods")
    outlines = gpd.read_file(folder / "plan.gpkg", layer="areas").set_index("id").geometry
    names = gpd.list_layers(folder / "plan.gpkg")["name"].tolist()
    places = gpd.read_file(folder / "plan.gpkg", layer="facilities") if "facilities" in names else None
    return Handed(folder, areas, units, rules, told, persons, outlines, places)


def number(value: object) -> float:
    """A cell as a number; NaN where it holds none."""
    return math.nan if value is None or pd.isna(value) else float(str(value))


def known(values: pd.Series) -> list[float]:
    return [n for n in map(number, values) if not math.isnan(n)]


def cell(row: pd.Series, name: str) -> float:
    return number(row.get(name))


def by_rate(rule: Rule) -> bool:
    """Whether a facility's need is a rate per household or per person."""
    return rule.get("base") in ("household", "person") and bool(rule.get("rate"))


def least_size(rule: Rule) -> float:
    """The least size of a place; 0 where the standard sets none (``"none"``)."""
    least = rule.get("min_size", 0)
    return 0.0 if isinstance(least, str) else float(least)


def unit_need(handed: Handed, rule: Rule, unit: pd.Series) -> float:
    """What one neighbourhood needs; NaN where the survey does not say what is counted."""
    counted = cell(unit, "households")
    if rule["base"] == "person":
        told = cell(unit, "population")
        counted = counted * handed.persons if math.isnan(told) else told
    return counted * float(rule["rate"]) / float(rule.get("rate_per", 1))


def whole(rule: Rule, value: float) -> float:
    """Spaces, places and machines are counted up to whole ones; ground is not."""
    return float(math.ceil(value - 1e-6)) if rule["unit"] in WHOLE_UNITS and not math.isnan(value) else value


def area_need(handed: Handed, rule: Rule, area: int) -> tuple[float, float, float]:
    """Of an area: the need, what is required, how many members reach the least size by themselves.

    The latter is known only if it is known of every member.
    """
    needs = [unit_need(handed, rule, unit) for _, unit in handed.members(area).iterrows()]
    told = [need for need in needs if not math.isnan(need)]
    if not told:  # what is due whatever the need is
        return math.nan, least_size(rule) or math.nan, math.nan
    need, least = whole(rule, sum(told)), least_size(rule)
    alone = float(sum(need >= least - 1e-9 for need in told)) if len(told) == len(needs) else math.nan
    return need, max(need, least), alone


def within_reach(handed: Handed, key: str, area: int) -> float:
    """Capacity of the shared places that stand elsewhere within the radius of an area; inf if one is unknown.

    Of neighbourhoods in no area and of other areas alike. Where no radius is set nothing is shared.
    """
    radius, places = handed.rules[key].get("radius_m"), handed.places
    if radius is None or places is None:
        return 0.0
    ground = handed.outlines[area]
    rows = places[(places["facility"] == key) & (places["shared"].astype("boolean").fillna(False))]
    near = rows[(rows.distance(ground) <= radius) & (rows.distance(ground) > 0)]
    return math.inf if near["capacity"].isna().any() else float(near["capacity"].astype(float).sum())


def least_lacking(handed: Handed, key: str, area: int, row: pd.Series) -> tuple[float, float]:
    """Between what the least deficit of an area must lie.

    Nothing has to lack where the supply of a member is unknown and one place serves all; else what is
    required less what is there, less at most all that stands within reach. Linked members help their
    neighbours only: together they lack at least what need exceeds supply, and at most what each lacks alone.
    """
    rule = handed.rules[key]
    told, members = (int(n) for n in str(row[f"{key}_known"]).split(" of "))
    required, there = cell(row, f"{key}_required"), cell(row, f"{key}_supply")
    there = 0.0 if math.isnan(there) else there
    if row[f"{key}_state"] == "below_trigger":
        return 0.0, 0.0
    if math.isnan(required):
        return 0.0, 0.0 if rule.get("trigger") else math.inf
    if told < members:
        return 0.0, max(0.0, required - there) if rule.get("linked") else 0.0
    least = max(0.0, required - there - within_reach(handed, key, area))
    if not rule.get("linked"):
        return least, max(0.0, required - there)
    alone = cell(row, f"{key}_deficit_separate")
    return least, math.inf if math.isnan(alone) else alone


def newly(handed: Handed, key: str, area: int) -> tuple[float, float]:
    """Least and most households that neither reach the least size alone nor are served by what exists.

    Only of areas that lack something or may; who has as much of its own as it needs, in a place of the least
    size, is served by what exists; of whom nothing is known may be. The most is NaN while households of one
    that may count in it are unknown.
    """
    rule, own = handed.rules[key], handed.members(area)
    state, least = handed.areas.at[area, f"{key}_state"], least_size(rule)
    if state not in ("short", "unknown") or len(own) < 2 or not least:
        return 0.0, 0.0
    low = high = 0.0
    for _, unit in own.iterrows():
        homes, need, there = (
            cell(unit, "households"),
            unit_need(handed, rule, unit),
            cell(unit, f"{key}_supply"),
        )
        if need >= least - 1e-9:
            continue
        if math.isnan(homes) or unit["households_flag"] == "lower_bound":
            high = math.nan  # as many as nobody knows, and perhaps enough for a place of their own
            continue
        if math.isnan(there):
            high += homes
        elif there < max(need, least) - 1e-9:
            low, high = low + homes, high + homes
    return (low if state == "short" else 0.0), high


Point = tuple[float, float]


def discs(points: Sequence[Point], radius: float) -> set[int]:
    """What places of a radius can cover, as bits: every disc may be moved until two points lie on its rim."""
    centres = list(points)
    for (ax, ay), (bx, by) in itertools.combinations(points, 2):
        apart = math.hypot(bx - ax, by - ay)
        if 0 < apart <= 2 * radius:
            rise = math.sqrt(max(0.0, radius**2 - apart**2 / 4)) / apart
            for side in (-rise, rise):
                centres.append(((ax + bx) / 2 - (by - ay) * side, (ay + by) / 2 + (bx - ax) * side))
    near = radius + 1e-6
    return {
        sum(1 << i for i, (x, y) in enumerate(points) if math.hypot(x - cx, y - cy) <= near)
        for cx, cy in centres
    }


def least_places(points: Sequence[Point], radius: float) -> int:
    """The least number of places that cover all points: tries one, two, three until it can be done."""
    every = discs(points, radius)
    covers = [one for one in every if not any(one != other and one & other == one for other in every)]
    everything = (1 << len(points)) - 1

    def possible(left: int, places: int) -> bool:
        if not left:
            return True
        if places == 0 or max((left & one).bit_count() for one in covers) * places < left.bit_count():
            return False
        lone = min(
            (1 << i for i in range(len(points)) if left >> i & 1),
            key=lambda bit: sum(bool(c & bit) for c in covers),
        )
        return any(possible(left & ~one, places - 1) for one in covers if one & lone)

    return next(n for n in range(len(points) + 1) if possible(everything, n))


def left_by_one_place(points: Sequence[Point], radius: float, homes: Sequence[float]) -> float:
    """Known households that one place at its best position does not reach; NaN if it is known of nobody left.

    Of positions that leave as many households, the one that leaves fewest neighbourhoods.
    """
    told = [0.0 if math.isnan(n) else n for n in homes]
    everyone = range(len(points))
    left = [[i for i in everyone if not one >> i & 1] for one in discs(points, radius)]
    missed = min(left, key=lambda some: (round(sum(told[i] for i in some), 6), len(some)))
    if missed and all(math.isnan(homes[i]) for i in missed):
        return math.nan
    return sum(told[i] for i in missed)


def consent_of_unit(unit: pd.Series, least: tuple[float, float]) -> str:
    """met, not_met or to_check of one neighbourhood: shares of all its households, compared in thousandths.

    An impossible row (more yes than asked, more asked than there are) counts as unknown. Estimated households
    are at least those asked, and no more is known of them.
    """
    homes, asked, yes, no = (
        cell(unit, n) for n in ("households", "consent_asked", "consent_yes", "consent_no")
    )
    sure = unit["households_flag"] in ("reported", "derived") and homes > 0
    answered = (0.0 if math.isnan(yes) else yes) + (0.0 if math.isnan(no) else no)
    if answered > asked or (sure and (asked > homes or answered > homes)):
        return "to_check"
    fewest = homes if sure else (asked if asked > 0 else answered)
    shares = tuple(zip((asked, yes), least, strict=True))
    if fewest > 0 and any(1000 * part < round(1000 * share) * fewest for part, share in shares):
        return "not_met"
    return "to_check" if not sure or math.isnan(asked) or math.isnan(yes) else "met"


def consent_of_area(verdicts: Sequence[str]) -> str:
    """Every member has to pass."""
    if "not_met" in verdicts:
        return "not_met"
    return "to_check" if "to_check" in verdicts else "met"


def thresholds(preset: Rule) -> tuple[float, float]:
    """Least shares of households asked and in favour; ``min`` stands for both."""
    told = preset["consent"]
    least = [told.get(name, told.get("min"))["value"] for name in ("asked_min", "yes_min")]
    return float(least[0]), float(least[1])


#: Where households are mostly unknown areas are sized by their number of neighbourhoods.
COUNT_BOUNDS = {"count_min": 3.0, "count_max": 20.0}
SIZES = {
    "count": "neighbourhoods",
    "households": "households",
    "population": "population",
    "area_ha": "members_ha",
}


def by_count(handed: Handed, near: Neighbours | None) -> set[int]:
    """Areas of which most members are in pieces whose households are unknown for more than half."""
    if near is None:
        return set()
    units = handed.units.set_index("fid")
    joins = units[units["fate"] != "excluded"]
    unknown = (
        joins["households"].isna().groupby(pd.Series(near.pieces()).reindex(joins.index)).transform("mean")
    )
    most = (unknown > 0.5).groupby(joins["area_id"]).mean() > 0.5
    return {int(float(str(area))) for area, counted in most.items() if counted}


@dataclass(frozen=True)
class Size:
    """What is to be said of an area's size: its flag, and the bounds that may be named for it."""

    flag: str | None
    rules: dict[str, float]


def size_of(handed: Handed, row: pd.Series, *, counted: bool, walks: tuple[float, float]) -> Size:
    """From printed figures; ``walks`` = least and most that the longest walk can be, NaN = not computed.

    Above an upper bound goes before below a lower one; what unknown members decide is to check.
    """
    bounds = {key: float(told["value"]) for key, told in handed.preset["bounds"].items()}
    if counted:
        bounds = {key: n for key, n in bounds.items() if not key.startswith("households")} | COUNT_BOUNDS
    above, below, open_ = {}, {}, {}
    for name, column in SIZES.items():
        value = cell(row, column)
        whole = row.get(f"{column}_known", row["neighbourhoods"]) == row["neighbourhoods"]
        for key, bound in ((f"{name}_{side}", bounds.get(f"{name}_{side}")) for side in ("min", "max")):
            if bound is None:
                continue
            if key.endswith("max") and value > bound:
                above[key] = value
            elif key.endswith("max") and not whole:
                open_[key] = value
            elif key.endswith("min") and not value >= bound:
                (below if whole else open_)[key] = value
    if walks[0] > bounds["walk_m_max"]:
        above["walk_m_max"] = walks[1]
    for flag, rules in (("oversized", above), ("undersized", below), ("to_check", open_)):
        if rules:
            return Size(flag, {key: bounds[key] for key in rules})
    return Size("single" if row["neighbourhoods"] == 1 else None, {})


def in_print(value: float, decimals: int = 0) -> str:
    """A number as people read it: half away from zero, thousands grouped."""
    factor = 10**decimals
    return f"{math.floor(abs(value) * factor + 0.5) / factor:,.{decimals}f}"


@dataclass
class Tally:
    """Values compared and those that differ."""

    compared: int
    differences: list[tuple[object, ...]]

    def same(self, where: object, printed: object, computed: object, near: float = 0.051) -> None:
        """Notes whether a printed value is the computed one; an unknown one is printed as no number."""
        self.compared += 1
        if isinstance(computed, int | float) and not isinstance(computed, bool):
            value = number(printed)
            equal = (math.isnan(value) and math.isnan(computed)) or abs(value - computed) <= near
        else:
            equal = printed == computed
        if not equal:
            self.differences.append((where, printed, computed))


def community_verdict(handed: Handed, key: str, street: str | None, community: str) -> str:
    """met, short or unknown of a facility due from a number of persons, in one community.

    Residents counted by the survey are a lower bound: the trigger reached is decided, less of them decides
    nothing; what is enough for everybody is met either way.
    """
    rule, units = handed.rules[key], handed.units
    there = units["street"].isna() if street is None else units["street"] == street
    # Without a street it is the community of that name, if only one street has it.
    named = units[units["community"] == community]
    if street is not None and named["street"].nunique() == 1:
        there |= units["street"].isna()
    own = units[there & (units["community"] == community)]
    persons = 0.0
    for _, unit in own.iterrows():
        told = cell(unit, "population")
        persons += 0.0 if math.isnan(told) else told
    supply = known(own[f"{key}_supply"])
    if sum(supply) >= (least_size(rule) or float(rule["rate"])):
        return "met"
    reached = persons >= rule["trigger"]["population_min"] - 1e-9
    return "short" if reached and len(supply) == len(own) else "unknown"

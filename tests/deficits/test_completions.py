"""No completion of the unknown values contradicts a printed verdict or leaves a printed range."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from deficit_frames import CRS, PITCH, SIDE, grid, per_area, several
from hypothesis import given, settings
from hypothesis import strategies as st

from renomap.deficits import standards
from renomap.deficits.assess import Assessment, assess
from renomap.model.standard import Standard, State

KINDS = ("elevator", "parking", "elder_care", "clinic", "canteen", "ev_charging", "ebike")
FACILITIES = ("elder_care", "clinic", "parking", "ev_charging")
COLUMNS = 3
#: Survey columns of supply and the facility that each counts.
SUPPLY = {"elder_m2": "elder_care", "clinic_m2": "clinic", "parking_spaces": "parking", "ev_chargers": ""}
VERDICTS = (State.MET, State.SHORT, State.BELOW_TRIGGER)


def _standard(*meeting: str) -> Standard:
    whole = standards.with_meeting(
        standards.load("changsha"), [standards.parse_meeting(value) for value in meeting]
    )
    whole = per_area(whole)  # communities have a property of their own
    return replace(whole, facilities=tuple(item for item in whole.facilities if item.key in KINDS))


STANDARDS = (
    _standard("parking.rate=0.6/household"),
    _standard("parking.rate=1.1/car", "clinic.population_min=900", "elder_care.min_size=none"),
    _standard("parking.rate=0.4/person", "parking.min_size=30", "elder_care.elderly_share_min=0.2"),
    _standard("parking.rate=0.6/household", "parking.population_min=1500"),
)

amounts = st.one_of(st.none(), st.integers(0, 400).map(float))
counts = st.one_of(st.none(), st.integers(1, 900).map(float))


@dataclass(frozen=True)
class Town:
    """A survey with areas and its standard."""

    frame: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame | None
    facilities: gpd.GeoDataFrame
    assignment: pd.Series
    outlines: gpd.GeoSeries
    standard: Standard

    def assess(self) -> Assessment:
        return assess(
            self.frame, self.buildings, self.facilities, self.assignment, self.outlines, self.standard
        )


def column(draw: st.DrawFn, n: int, values: st.SearchStrategy[float | None]) -> np.ndarray:
    return np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=float)


def words(draw: st.DrawFn, n: int, values: tuple[object, ...]) -> np.ndarray:
    found = np.empty(n, dtype=object)
    found[:] = draw(st.lists(st.sampled_from(values), min_size=n, max_size=n))
    return found


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """One to three rows of three compounds, each in an area or in none, with gaps everywhere."""
    rows = draw(st.integers(1, 3))
    n = rows * COLUMNS
    frame = grid(
        n,
        columns=COLUMNS,
        households=column(draw, n, counts),
        households_flag=words(draw, n, ("reported", "reported", "lower_bound")),
        population=column(draw, n, st.one_of(st.none(), st.integers(1, 2500).map(float))),
        elderly=column(draw, n, st.one_of(st.none(), st.integers(0, 300).map(float))),
        cars=column(draw, n, amounts),
        stairwells=column(draw, n, st.one_of(st.none(), st.integers(1, 12).map(float))),
        floors=column(draw, n, st.one_of(st.none(), st.none(), st.integers(1, 8).map(float))),
        elevators=column(draw, n, st.one_of(st.none(), st.integers(0, 8).map(float))),
        **{name: column(draw, n, amounts) for name in SUPPLY},
    )
    labels = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    assignment, outlines = several(frame, labels)
    standard = draw(st.sampled_from(STANDARDS))
    return Town(frame, _buildings(draw, n), _places(draw), assignment, outlines, standard)


def _buildings(draw: st.DrawFn, n: int) -> gpd.GeoDataFrame | None:
    at = draw(st.lists(st.integers(0, n - 1), max_size=2 * n))
    if not at:
        return None
    b = len(at)
    nth = np.array([at[:i].count(home) for i, home in enumerate(at)])
    x, y = np.array(at) % COLUMNS * PITCH, np.array(at) // COLUMNS * PITCH + nth % 6 * 8
    return gpd.GeoDataFrame(
        {
            "floors": column(draw, b, st.one_of(st.none(), st.integers(1, 8).map(float))),
            "stairwells": column(draw, b, st.one_of(st.none(), st.integers(1, 5).map(float))),
            "elevators": column(draw, b, st.one_of(st.none(), st.integers(0, 5).map(float))),
        },
        geometry=shapely.box(x + 2, y + 1, x + SIDE - 2, y + 7),
        crs=CRS,
    )


def _places(draw: st.DrawFn) -> gpd.GeoDataFrame:
    count = draw(st.integers(0, 6))
    return gpd.GeoDataFrame(
        {
            "name": [f"场所{i}" for i in range(count)],
            "facility": words(draw, count, FACILITIES),
            "capacity": column(draw, count, amounts),
            "shared": words(draw, count, (True, False, None)),
        },
        geometry=gpd.points_from_xy(
            draw(st.lists(st.integers(-100, 300), min_size=count, max_size=count)),
            draw(st.lists(st.integers(-100, 300), min_size=count, max_size=count)),
        ),
        index=pd.Index(np.arange(count) + 100, dtype="int64"),
        crs=CRS,
    )


@st.composite
def completions(draw: st.DrawFn, town: Town) -> Town:
    """The same town with every unknown value known, each at least what is known of it now."""
    frame, n = town.frame.copy(), len(town.frame)
    unknown, more = frame["households"].isna(), (frame["households_flag"] == "lower_bound").to_numpy()
    extra = column(draw, n, st.sampled_from([0.0, 1.0, 40.0, 700.0, 5000.0]))
    # Persons follow households where nobody counted them; those of unknown households may be counted later.
    counted = frame["population"].isna() & unknown & words(draw, n, (True, False)).astype(bool)
    persons = column(draw, n, st.sampled_from([1.0, 900.0, 6000.0]))
    frame["population"] = frame["population"].where(~counted, persons)
    frame["households"] = frame["households"].fillna(0.0) + np.where(unknown | more, extra, 0.0)
    frame["households_flag"] = "reported"
    _fill(draw, frame, "elderly", (0.0, 5.0, 250.0))
    _fill(draw, frame, "cars", (0.0, 30.0, 2000.0))
    _fill(draw, frame, "floors", (1.0, 4.0, 8.0))
    # Stairwells and elevators of a neighbourhood with buildings are those of its buildings.
    held = _held(town)
    for name, values in (("stairwells", [1.0, 3.0, 20.0]), ("elevators", [0.0, 1.0, 30.0])):
        found = column(draw, n, st.sampled_from(values))
        frame[name] = frame[name].where(frame[name].notna() | held, found)
    places = _completed_places(draw, town, frame)
    for name in SUPPLY:
        frame[name] = frame[name].fillna(0.0)
    buildings = None if town.buildings is None else town.buildings.copy()
    if buildings is not None:
        _fill(draw, buildings, "floors", (1.0, 4.0, 8.0))
        own = town.frame["floors"].to_numpy()[_home(town)]
        stated = town.buildings["floors"].isna().to_numpy() & ~np.isnan(own)
        buildings["floors"] = np.where(stated, own, buildings["floors"])
        _fill(draw, buildings, "elevators", (0.0, 1.0, 5.0))
    return replace(town, frame=frame, buildings=buildings, facilities=places)


def _fill(draw: st.DrawFn, frame: gpd.GeoDataFrame, name: str, values: tuple[float, ...]) -> None:
    found = column(draw, len(frame), st.sampled_from(values))
    frame[name] = frame[name].where(frame[name].notna(), found)


def _home(town: Town) -> np.ndarray:
    middles = town.buildings.geometry.representative_point()
    at = np.floor(middles.x / PITCH) + np.floor(middles.y / PITCH) * COLUMNS
    return at.to_numpy().astype(int)


def _held(town: Town) -> np.ndarray:
    held = np.zeros(len(town.frame), dtype=bool)
    if town.buildings is not None:
        held[_home(town)] = True
    return held


def _completed_places(draw: st.DrawFn, town: Town, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Capacities where they are unknown, and a place more in a neighbourhood that said nothing."""
    places = town.facilities.copy()
    _fill(draw, places, "capacity", (0.0, 20.0, 350.0, 5000.0))
    found = []
    for name, key in SUPPLY.items():
        silent = np.flatnonzero(frame[name].isna())
        amount = column(draw, len(silent), st.sampled_from([0.0, 10.0, 400.0, 5000.0]))
        found += [
            {"name": "", "facility": key or "ev_charging", "capacity": size, "shared": False, "at": at}
            for at, size in zip(silent, amount, strict=True)
            if size > 0
        ]
    if not found:
        return places
    rows = pd.DataFrame(found)
    points = frame.geometry.representative_point().to_numpy()[rows.pop("at")]
    index = pd.Index(np.arange(len(rows)) + 500, dtype="int64")
    more = gpd.GeoDataFrame(rows.set_index(index), geometry=points, crs=CRS)
    return more if places.empty else pd.concat([places, more])


TINY = 1e-3  # the flow between linked neighbourhoods is solved in thousandths


@settings(deadline=None)
@given(st.data())
def test_no_completion_contradicts_what_is_said(data: st.DataObject) -> None:
    town = data.draw(towns())
    before = town.assess()
    after = data.draw(completions(town)).assess()
    for item in town.standard.facilities:
        _check_area(item.key, before.areas, after.areas)
        certain = before.neighbourhoods[f"{item.key}_deficit"]
        later = after.neighbourhoods[f"{item.key}_deficit"]
        np.testing.assert_allclose(later[certain.notna()], certain.dropna(), err_msg=item.key)
        low, high = (found.neighbourhoods[f"{item.key}_need"].fillna(0.0) for found in (before, after))
        assert (low <= high + TINY).all(), item.key


def _check_area(key: str, before: pd.DataFrame, after: pd.DataFrame) -> None:
    for area, one in before.iterrows():
        two = after.loc[area]

        def values(name: str, one: pd.Series = one, two: pd.Series = two) -> tuple[float, float]:
            return float(one[f"{key}_{name}"]), float(two[f"{key}_{name}"])

        said, found = one[f"{key}_state"], two[f"{key}_state"]
        # What is met stays enough where it turns out that the facility need not be there at all.
        spared = said == State.MET and found == State.BELOW_TRIGGER
        if said in VERDICTS and not spared:
            assert found == said, (key, area)
        if one[f"{key}_state"] == State.NOT_SET:
            continue
        # What no column of the survey counts stays a range, which may only become narrower.
        low, later = values("deficit_low")
        assert later >= low - TINY, (key, area, "low")
        high, later = values("deficit_high")
        assert np.isnan(high) or later <= high + TINY, (key, area, "high")
        least, need = values("need")
        assert np.nan_to_num(need) >= np.nan_to_num(least) - TINY, (key, area, "need")
        most = values("need_high")[0]
        assert np.isnan(most) or np.nan_to_num(need) <= most + TINY, (key, area, "need_high")
        for name in ("required", "newly_low", "out_of_reach"):
            least, found = values(name)
            assert np.isnan(least) or np.isnan(found) or found >= least - TINY or spared, (key, area, name)
        most, found = values("newly_high")
        assert np.isnan(most) or found <= most + TINY, (key, area, "newly_high")
        for name in ("deficit", "alone", "served_alone", "served_pooled", "deficit_separate"):
            said, found = values(name)
            assert np.isnan(said) or abs(said - found) < TINY, (key, area, name)

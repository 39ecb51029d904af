"""Makes the sample town: ``python -m sample_data.make_town [FOLDER]`` writes town.gpkg,
inventory.xlsx and programme.xlsx.

Nothing in it is real. The seed is fixed: the same libraries give the same files.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from .town import places
from .town.administration import Community, communities
from .town.defects import spoil
from .town.parcels import Cuts, alley_network, cut_town
from .town.programme import Sheets, programme
from .town.projects import checkup
from .town.streets import CRS, Ground, ground, to_grid
from .town.survey import Compound, Premises, Value, survey
from .town.workbook import inventory, write_tables, write_workbook

SEED = 65
Row = dict[str, object]


@dataclass(frozen=True)
class Town:
    """The town as it is handed out, and the answers that tests may look up.

    ``layers``: GeoPackage layer name -> frame in EPSG:4547. ``rows``: the inventory as written.
    ``same``: workbook name -> code of the neighbourhood. ``compounds``: the true survey, in code order.
    ``programme``: the rows of each sheet of the workbook of projects.
    """

    layers: dict[str, gpd.GeoDataFrame]
    rows: list[dict[str, Value]]
    same: dict[str, str]
    compounds: list[Compound]
    programme: Sheets


def make_town(seed: int = SEED) -> Town:
    """Build everything in memory; each stage has a random stream of its own and shifts no other."""

    def stream(stage: int) -> np.random.Generator:
        return np.random.default_rng([seed, stage])

    land = ground()
    areas = communities(land)
    parcels, cuts = cut_town(land, stream(1))
    compounds, premises = survey(land, parcels, areas, stream(2))
    places.mark_heritage(compounds, land)
    checks = stream(8)
    for compound in compounds:
        compound.facts.update(checkup(compound, checks))
    rows, same = inventory(compounds, stream(3))
    fences, gates = places.walls(compounds, cuts, stream(4))
    layers = {
        "neighbourhoods": _neighbourhoods(compounds, rows, same, cuts),
        "buildings": _buildings(compounds, premises, stream(5)),
        "roads": _roads(land, cuts),
        "water": [
            {
                "name": "砚水河",
                "kind": "river",
                "geometry": land.river.intersection(land.district.buffer(40.0)),
            },
            {"name": "茶园坡塘", "kind": "pond", "geometry": land.pond},
        ],
        "railways": [
            {"name": "湘东铁路", "kind": "rail", "tunnel": 0, "geometry": _clipped(land.railway, land)},
            {
                "name": "轨道交通5号线(示例)",
                "kind": "subway",
                "tunnel": 1,
                "geometry": _clipped(land.metro, land),
            },
        ],
        "barriers": fences,
        "crossings": [*places.crossings(compounds, land), *gates],
        "facilities": places.facilities(compounds, premises, areas, stream(6)),
        "sites": places.sites(compounds, premises, stream(7)),
        "subdistricts": _subdistricts(areas),
        "communities": [{"社区名称": a.name, "街道": a.street, "geometry": a.shape} for a in areas],
        "district": [{"区县名称": "城东区", "级别": "区", "geometry": land.district}],
        "landuse": [
            {"名称": p.parcel.name, "用地类型": p.parcel.use, "geometry": p.parcel.shape} for p in premises
        ],
    }
    frames = {name: _frame(table) for name, table in layers.items()}
    return Town(frames, rows, same, compounds, programme(compounds, stream(9)))


def _frame(rows: list[Row]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    frame["geometry"] = [to_grid(geometry) for geometry in frame.geometry]
    return frame


def _neighbourhoods(
    compounds: list[Compound], rows: list[dict[str, Value]], same: dict[str, str], cuts: Cuts
) -> list[Row]:
    """The survey's polygons: names and a few attributes; all else is in the workbook."""
    shapes, sliver = spoil([compound.shape for compound in compounds], cuts)
    sure = {
        same[str(row["小区名称"])]
        for row in rows
        if row["小区名称"] in same and isinstance(row["建成年代"], int)
    }
    table: list[Row] = [
        {
            "小区编号": c.code,
            "小区名称": c.name,
            "街道": c.community.street,
            "社区": c.community.name,
            "建成年代": str(c.year) if c.code in sure else None,
            "geometry": shape,
        }
        for c, shape in zip(compounds, shapes, strict=True)
    ]
    table.append(
        {"小区编号": None, "小区名称": None, "街道": None, "社区": None, "建成年代": None, "geometry": sliver}
    )
    return table


def _buildings(compounds: list[Compound], premises: list[Premises], rng: np.random.Generator) -> list[Row]:
    """All buildings; the stairwells of a third of the dwellings and the floors of a few were never noted."""
    table: list[Row] = []
    for compound in compounds:
        for house in compound.houses:
            lived = house.flats > 0
            table.append({
                "楼栋名称": f"{compound.name}{house.label}",
                "用途": "住宅" if lived else "非住宅",
                "层数": None if rng.random() < 0.03 else house.floors,
                "单元数": None if not lived or rng.random() < 0.33 else house.stairwells,
                "电梯数": None if rng.random() < 0.08 else house.elevators,
                "geometry": house.shape,
            })  # fmt: skip
    for place in premises:
        for number, house in enumerate(place.houses, 1):
            table.append({
                "楼栋名称": f"{place.parcel.name}{number}号楼" if place.parcel.name else None,
                "用途": "住宅" if place.parcel.use == "新建住宅" else "非住宅",
                "层数": None if rng.random() < 0.1 else house.floors,
                "单元数": None,
                "电梯数": None,
                "geometry": house.shape,
            })  # fmt: skip
    return table


def _roads(land: Ground, cuts: Cuts) -> list[Row]:
    """Streets, cut at the banks of the river and at the railway underpass, and the alleys of the blocks."""
    table: list[Row] = []
    for street in land.streets:
        parts = places.bridges(street.line, land)
        for part, (bridge, tunnel) in zip(parts, ((0, 0), (1, 0), (0, 1)), strict=True):
            for piece in getattr(_clipped(part, land), "geoms", [_clipped(part, land)]):
                if not piece.is_empty:
                    table.append({
                        "name": street.name,
                        "等级": street.rank,
                        "桥": bridge,
                        "隧道": tunnel,
                        "geometry": piece,
                    })  # fmt: skip
    alleys = alley_network(cuts, land)
    for name, line in zip(places.alley_names(alleys, land), alleys, strict=True):
        table.append({"name": name, "等级": "小区路", "桥": 0, "隧道": 0, "geometry": line})
    return table


def _subdistricts(areas: tuple[Community, ...]) -> list[Row]:
    names = list(dict.fromkeys(area.street for area in areas))
    return [
        {"街道名称": name, "geometry": shapely.union_all([a.shape for a in areas if a.street == name])}
        for name in names
    ]


def _clipped(geometry: BaseGeometry, land: Ground) -> BaseGeometry:
    return geometry.intersection(land.district.buffer(40.0))


def write(town: Town, folder: Path) -> None:
    """Write the three files into ``folder``, replacing what is there."""
    # A fixed date keeps the file the same from run to run.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2025-06-30T00:00:00.000Z"})
    path = folder / "town.gpkg"
    path.unlink(missing_ok=True)
    for name, frame in town.layers.items():
        kind = None if frame.geom_type.nunique() == 1 else "Unknown"
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", geometry_type=kind)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    write_workbook(town.rows, folder / "inventory.xlsx")
    write_tables(town.programme, folder / "programme.xlsx")


def statistics(town: Town) -> str:
    """Figures of the town as text, one a line."""
    households = pd.Series([c.households for c in town.compounds])
    years = pd.Series([c.year for c in town.compounds])
    shapes = [c.shape for c in town.compounds]
    near = STRtree(shapes).query([s.buffer(30.0) for s in shapes], predicate="intersects").T
    gaps = [shapes[a].distance(shapes[b]) for a, b in near if a < b]
    pieces = _pieces(town, [(a, b) for a, b in near.tolist() if a < b])
    lived = sum(house.flats > 0 for c in town.compounds for house in c.houses)
    by_street = Counter({c.community.street: 0 for c in town.compounds})
    for c in town.compounds:
        by_street[c.community.street] += c.households
    roads = (
        town.layers["roads"].groupby("等级").geometry.apply(lambda s: round(float(s.length.sum()) / 1000, 2))
    )
    spread = [int(q) for q in households.quantile([0.05, 0.25, 0.5, 0.75, 0.95])]
    lines = [
        *(f"{name}: {len(frame)}" for name, frame in town.layers.items()),
        f"households: {households.sum()}, mean {households.mean():.1f}, {households.min()} to"
        f" {households.max()}, 5/25/50/75/95 % {spread}",
        f"dwelling houses: {lived}",
        f"completed: to 2000 {(years <= 2000).sum()}, 2001-2005 {years.between(2001, 2005).sum()},"
        f" later {(years > 2005).sum()}; {years.min()} to {years.max()}",
        *(f"households in {street}: {count}" for street, count in by_street.items()),
        f"land of neighbourhoods: {sum(s.area for s in shapes) / 1e4:.1f} ha of"
        f" {town.layers['district'].area.sum() / 1e4:.1f} ha",
        f"pairs within 3 m: {sum(g <= 3.0 for g in gaps)}, within 30 m: {len(gaps)}",
        f"pieces between main streets, river, railway and walls: {sorted(pieces, reverse=True)}",
        f"roads in km: {roads.to_dict()}",
        f"inventory rows: {len(town.rows)}",
    ]
    return "\n".join(lines)


def _pieces(town: Town, pairs: list[tuple[int, int]]) -> list[int]:
    """Sizes of the groups whose members lie within 30 m with no hard barrier between (bridges aside)."""
    roads, rails = town.layers["roads"], town.layers["railways"]
    hard = shapely.union_all([
        *roads.geometry[roads["等级"].isin(["快速路", "主干路"])],
        *rails.geometry[rails["kind"] == "rail"],
        *town.layers["water"].geometry,
        *town.layers["barriers"].geometry,
    ])  # fmt: skip
    shapes = [to_grid(compound.shape) for compound in town.compounds]
    group = list(range(len(shapes)))
    for a, b in pairs:
        if not shapely.shortest_line(shapes[a], shapes[b]).intersects(hard):
            group = [group[a] if g == group[b] else g for g in group]
    return list(Counter(group).values())


def main(arguments: list[str]) -> None:
    """Make the town in the folder named, or beside this script, and print its figures."""
    town = make_town()
    write(town, Path(arguments[0]) if arguments else Path(__file__).resolve().parent)
    print(statistics(town))


if __name__ == "__main__":
    main(sys.argv[1:])

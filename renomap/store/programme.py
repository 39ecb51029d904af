"""A programme as attribute tables of a GeoPackage, read by QGIS and spreadsheets, and back without loss."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyogrio

from renomap.model.programme import Programme, fitted
from renomap.store.tables import QUICK, columns_of, reachable, restored

#: The tables of a programme are named by this and the name in ``model.programme_columns.TABLES``.
PREFIX: Final = "programme_"
#: The ids are the feature ids; the column ``fid`` tells of which neighbourhood a row is.
_ID: Final = "id"


def write_programme(programme: Programme, path: Path) -> list[tuple[str, dict[str, Any]]]:
    """Add every table that has rows; return name of the table and what ``read_programme`` needs besides.

    Raises what pyogrio raises.
    """
    written = []
    for name, frame in programme.tables():
        if not len(frame):
            continue
        about, shown = columns_of(frame, taken=(_ID, "rowid", "ogc_fid"))
        shown.insert(0, _ID, frame.index.to_numpy())
        with reachable(path) as place:
            pyogrio.set_gdal_config_options(QUICK)
            pyogrio.write_dataframe(
                shown, place, layer=PREFIX + name, driver="GPKG", append=place.exists(),
                layer_options={"FID": _ID},
            )  # fmt: skip
        written.append((name, {"table": PREFIX + name, "columns": about}))
    return written


def read_programme(path: Path, entries: Mapping[str, Mapping[str, Any]], rules: str) -> Programme:
    """The programme that was written, with what another program has changed in its tables since.

    ``entries`` is name -> what ``write_programme`` returned. A value that its column cannot hold is unknown.
    """
    programme = Programme(rules)
    for name, entry in entries.items():
        with reachable(path) as place, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a table that another program has removed, as for layers
            raw = pyogrio.read_dataframe(place, layer=entry["table"], fid_as_index=True)
        frame = pd.DataFrame(
            {
                column["name"]: restored(raw[column["stored"]], column["dtype"])
                for column in entry["columns"]
                if column["stored"] in raw
            },
            index=pd.Index(raw.index.to_numpy(dtype="int64"), name=_ID),
        )
        programme = programme.with_table(name, fitted(name, frame))
    return programme

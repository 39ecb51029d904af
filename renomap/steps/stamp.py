"""The version stamp: one mark of everything that the numbers of a plan depend on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from renomap.model.derived import once
from renomap.model.programme import Programme
from renomap.model.project import Project
from renomap.model.scheme import Scheme


def version_stamp(project: Project, now: dt.datetime) -> str:
    """``YYYYMMDD-HHMM-xxxxxxxx``: when, and a hash of everything the numbers depend on.

    That is every layer with its shapes, preset and standard with the values of the meeting, and of the active
    scheme who is in which area, the settings, the boundaries drawn by hand and the links made or cut, and the
    programme, if there is one. What is only printed or looked at (title block, underlays, colours) does not
    change it.
    """
    digest = hashlib.sha256()
    for layer in project.layers:
        digest.update(f"{layer.key} {layer.role} {len(layer.frame)} ".encode())
        digest.update(_frame_digest(layer.frame))
    if project.scheme is not None:
        digest.update(_scheme_digest(project.scheme))
    if project.programme:
        digest.update(_programme_digest(project.programme))
    digest.update(repr((project.crs, project.preset, project.standard, project.meeting)).encode())
    return f"{now:%Y%m%d-%H%M}-{digest.hexdigest()[:8]}"


def _frame_digest(frame: gpd.GeoDataFrame) -> bytes:
    """Hash of shapes and values; a stroke asks for it again, and 100,000 buildings take a second."""

    def make() -> bytes:
        digest = hashlib.sha256(_shapes(frame))
        values = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(str)
        digest.update(_rows(values))
        return digest.digest()

    return once(frame, "digest", make)


def _scheme_digest(scheme: Scheme) -> bytes:
    digest = hashlib.sha256(_rows(scheme.assignment))
    digest.update(json.dumps(asdict(scheme.settings), sort_keys=True, default=str).encode())
    digest.update(_rows(scheme.areas[["name", "kind"]].astype(str)))
    digest.update(_shapes(scheme.areas))
    digest.update(_rows(scheme.overrides.astype(str)))
    return digest.digest()


def _programme_digest(programme: Programme) -> bytes:
    digest = hashlib.sha256(programme.rules.encode())
    for name, table in programme.tables():
        if len(table):
            digest.update(name.encode())
            digest.update(_rows(table.astype(str)))
    return digest.digest()


def _rows(table: pd.DataFrame | pd.Series[Any]) -> bytes:
    return bytes(pd.util.hash_pandas_object(table).to_numpy().tobytes())


def _shapes(frame: gpd.GeoDataFrame) -> bytes:
    """Every corner of every shape; a missing one is a single zero."""
    return b"".join(each or b"\0" for each in shapely.to_wkb(frame.geometry.to_numpy()))

"""The version stamp: one mark of everything that the numbers of a plan depend on."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import weakref
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from renomap.model.project import Project

#: Digests of frames by their identity, as long as they live; frames are values and never change.
_known: dict[int, tuple[weakref.ref[Any], bytes]] = {}


def version_stamp(project: Project, now: dt.datetime) -> str:
    """``YYYYMMDD-HHMM-xxxxxxxx``: when, and a hash of everything the numbers depend on."""
    digest = hashlib.sha256()
    for layer in project.layers:
        digest.update(f"{layer.key} {layer.role} {len(layer.frame)} ".encode())
        digest.update(_frame_digest(layer.frame))
    scheme = project.scheme
    if scheme is not None:
        digest.update(pd.util.hash_pandas_object(scheme.assignment).to_numpy().tobytes())
        digest.update(json.dumps(dict(scheme.settings), sort_keys=True, default=str).encode())
        digest.update("|".join(scheme.areas["name"].astype(str)).encode())
    digest.update(repr((project.crs, project.preset, project.standard, project.meeting)).encode())
    return f"{now:%Y%m%d-%H%M}-{digest.hexdigest()[:8]}"


def _frame_digest(frame: gpd.GeoDataFrame) -> bytes:
    """Hash of bounds and values; a stroke asks for it again, and 100,000 buildings take a second."""
    key = id(frame)
    kept = _known.get(key)
    if kept is not None and kept[0]() is frame:
        return kept[1]
    digest = hashlib.sha256(np.ascontiguousarray(frame.geometry.bounds.to_numpy()).tobytes())
    values = pd.DataFrame(frame.drop(columns=frame.geometry.name)).astype(str)
    digest.update(pd.util.hash_pandas_object(values).to_numpy().tobytes())
    _known[key] = (weakref.ref(frame, lambda _: _known.pop(key, None)), digest.digest())
    return digest.digest()

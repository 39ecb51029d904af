"""What files of earlier versions say, in the words of this one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pandas as pd

from renomap.model.scheme import Scheme, SizeFlag
from renomap.model.settings import GroupSettings, settings_of_mapping

#: Reasons that the engine kept under ``undersized`` although the area is too large.
_TOO_LARGE: Final = (
    "grouping.reason.residue-above",
    "grouping.reason.residue-walk",
    "grouping.reason.oversize",
)


def areas_of_now(frame: Any) -> Any:
    """The rows of ``Scheme.areas`` with ``size_flag`` in place of ``undersized``; other rows as given."""
    if not {"kind", "locked", "undersized"} <= set(frame.columns):
        return frame
    flags = [SizeFlag.UNDERSIZED.value if flag else None for flag in frame["undersized"]]
    renewed = frame.rename(columns={"undersized": "size_flag"})
    renewed["size_flag"] = pd.Series(flags, index=frame.index, dtype=object)
    return renewed


def scheme_of_now(scheme: Scheme) -> Scheme:
    """A scheme whose settings were kept as a mapping, with settings of now.

    Areas that were called undersized are told apart by the reason the engine gave.
    """
    before: Any = scheme.settings
    if isinstance(before, GroupSettings):
        return scheme
    scheme = replace(scheme, settings=settings_of_mapping(before))
    told = before.get("undersized")
    if not isinstance(told, dict):
        return scheme
    large = [area for area, why in told.items() if why.get("code") in _TOO_LARGE]
    areas = scheme.areas.copy()
    here = areas.index[areas.index.astype(str).isin(large) & areas["size_flag"].notna()]
    areas.loc[here, "size_flag"] = SizeFlag.OVERSIZED.value
    return replace(scheme, areas=areas)

"""What the user may say about an import; everything left out is recognised from the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

AUTO = "auto"


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class ImportOptions:
    """Options of ``read``; each mirrors an option of ``renomap import``.

    Parameters
    ----------
    crs : str
        ``auto``, ``gcj02``, ``bd09``, or anything pyproj understands (``EPSG:4547``, WKT). Applied to every
        source whose numbers can be of that kind: a system in metres never overrules coordinates in degrees.
    near : (float, float), optional
        Longitude and latitude (degrees) of a place in the data; settles the zone of metres without a system.
    encoding : str
        ``auto`` or the name of a text encoding Python knows.
    roles : Mapping
        ``SRC``, ``LAYER`` or ``SRC:LAYER`` -> a value of ``Role``, or ``none`` to leave the layer out.
    fields : Mapping
        ``NAME`` or ``LAYER.NAME`` (a column as it came) -> a canonical column of ``model.fields`` or
        ``year``.
    inventory : Path, optional
        Workbook or CSV table to be joined to the neighbourhoods by code or name.
    joins_project : bool
        True when the layers join a project that has neighbourhoods already: sources of points only are
        welcome.
    m2_per_household : float
        Floor area that stands for one household where households are estimated from buildings. 74 is the
        mean of Guangzhou (5083.05 万 m2 / 68.6 万 households) and Jiulongpo (634 / 8.55).
    """

    crs: str = AUTO
    near: tuple[float, float] | None = None
    encoding: str = AUTO
    roles: Mapping[str, str] = field(default_factory=_nothing)
    fields: Mapping[str, str] = field(default_factory=_nothing)
    inventory: Path | None = None
    joins_project: bool = False
    m2_per_household: float = 74.0

"""What the user may say about an import; everything left out is recognised from the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from renomap.model.note import Guess, GuessKind

AUTO: Final = "auto"

#: Where the answer to each kind of guess is kept.
_ANSWERS: Final[Mapping[GuessKind, str]] = MappingProxyType(
    {
        GuessKind.CRS: "crs_of",
        GuessKind.ENCODING: "encoding_of",
        GuessKind.ROLE: "roles",
        GuessKind.FIELD: "fields",
        GuessKind.UNIT: "units",
        GuessKind.ROWS: "rows",
        GuessKind.HEADER: "headers",
        GuessKind.JOIN: "joins",
    }
)


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class ImportOptions:
    """Options of ``read``; each mirrors an option of ``renomap import``.

    A mapping names what it is about as the user does: ``FILE`` (path, name, or name without ending),
    ``LAYER`` (or sheet) or ``FILE:LAYER``; a column as ``COLUMN`` or one of those, a dot, and the column.

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
        ``FILE``, ``LAYER`` or ``FILE:LAYER`` -> a value of ``Role``, or ``none`` to leave the layer out.
    fields : Mapping
        A column as it came -> a canonical column of ``model.fields``, ``year``, or ``none`` to leave it
        unread.
    inventory : Path, optional
        Workbook or CSV table to be joined to the neighbourhoods by code or name.
    joins_project : bool
        True when the layers join a project that has neighbourhoods already: sources of points only are
        welcome.
    m2_per_household : float
        Floor area that stands for one household where households are estimated from buildings. 74 is the
        mean of Guangzhou (5083.05 万 m2 / 68.6 万 households) and Jiulongpo (634 / 8.55).
    storeys : float, optional
        Storeys of residential buildings that state none, where households are estimated: an assumption of
        whoever says so, never stored as storeys. None leaves those buildings out of the estimate.
    crs_of, encoding_of : Mapping
        The same as ``crs`` and ``encoding`` for one file or layer, which is taken at its word.
    units : Mapping
        A column of areas -> the unit its numbers are in (㎡, 万㎡, 公顷, 亩...).
    rows : Mapping
        A sheet -> ``neighbourhoods``, ``buildings`` (a row is one building), or ``none`` to leave it out; a
        layer -> ``parts`` to make every shape of a row a row of its own, or ``whole``.
    headers : Mapping
        A sheet -> the row (from 1) that holds the names of the columns.
    joins : Mapping
        A table -> ``code`` or ``name``: the only thing by which its rows are joined to the map.
    controls : Mapping
        A file or layer in numbers of its own -> the CSV file with its control points (see
        ``control.read_points``); easts and norths are in ``crs_of`` or ``crs``.
    """

    crs: str = AUTO
    near: tuple[float, float] | None = None
    encoding: str = AUTO
    roles: Mapping[str, str] = field(default_factory=_nothing)
    fields: Mapping[str, str] = field(default_factory=_nothing)
    inventory: Path | None = None
    joins_project: bool = False
    m2_per_household: float = 74.0
    storeys: float | None = None
    crs_of: Mapping[str, str] = field(default_factory=_nothing)
    encoding_of: Mapping[str, str] = field(default_factory=_nothing)
    units: Mapping[str, str] = field(default_factory=_nothing)
    rows: Mapping[str, str] = field(default_factory=_nothing)
    headers: Mapping[str, str] = field(default_factory=_nothing)
    joins: Mapping[str, str] = field(default_factory=_nothing)
    controls: Mapping[str, str] = field(default_factory=_nothing)


def overrule(options: ImportOptions, guess: Guess, value: str) -> ImportOptions:
    """The options with one guess decided by the user; read again with them.

    Parameters
    ----------
    options : ImportOptions
        Those the guess was made under.
    guess : Guess
        From a note of the import, or from a ``Question`` it asked.
    value : str
        One of ``guess.alternatives``, another value where ``guess.open``; ``auto`` takes an earlier answer
        back.

    Returns
    -------
    ImportOptions
        The answer counts for what the guess names and wins over what was said more generally. A value that
        makes no sense is refused by ``read``.
    """
    name = _ANSWERS[guess.kind]
    answers = {key: said for key, said in getattr(options, name).items() if key != guess.address}
    if value != AUTO:
        answers[guess.address] = value
    changed: dict[str, Any] = {name: MappingProxyType(answers)}
    return replace(options, **changed)


def answer(options: ImportOptions, guess: Guess) -> str:
    """What the user said about this very guess; ``auto`` where nothing."""
    said: Mapping[str, str] = getattr(options, _ANSWERS[guess.kind])
    return said.get(guess.address, AUTO)

"""Control points: numbers of a drawing's own brought into a known system by shift, turn and scale."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from renomap.errors import RenomapError
from renomap.sources.values import fold

Floats = npt.NDArray[np.float64]

_LONGITUDE = frozenset(("lon", "lng", "longitude", "经度", "东经"))
#: A worse fit (m, root mean square) is none: points are mixed up, or the drawing is distorted.
WORST_M = 20.0


@dataclass(frozen=True)
class Fit:
    """A similarity (4 parameters): east = a x - b y + c, north = b x + a y + d.

    ``rms`` is the root mean square of what remains at the points and ``worst`` the largest of it, metres;
    ``points`` how many there were. Two points fit exactly and prove nothing.
    """

    a: float
    b: float
    c: float
    d: float
    rms: float
    worst: float
    points: int

    def apply(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Numbers of the drawing in the system of the points."""
        return self.a * x - self.b * y + self.c, self.b * x + self.a * y + self.d

    @property
    def scale(self) -> float:
        """Metres per unit of the drawing."""
        return math.hypot(self.a, self.b)

    @property
    def turn_deg(self) -> float:
        """Turn of the drawing, degrees against the clock."""
        return math.degrees(math.atan2(self.b, self.a))


@dataclass(frozen=True)
class Points:
    """Control points of a file: ``local`` and ``known`` of shape (n, 2), the known ones in degrees
    (longitude, latitude) where ``degrees``."""

    local: Floats
    known: Floats
    degrees: bool


def read_points(path: Path) -> Points:
    """The points of a CSV file: a header, then x, y of the drawing and east, north (or 经度, 纬度).

    Raises
    ------
    RenomapError
        ``sources.file-missing``, ``sources.control-bad``
    """
    try:
        raw = path.read_bytes()
    except (OSError, ValueError):  # not there, a folder, no name a file can have
        raise RenomapError("sources.file-missing", path=str(path)) from None
    text = (
        raw.decode("utf-8-sig", errors="ignore") if _is_utf8(raw) else raw.decode("gb18030", errors="ignore")
    )
    rows = [row for row in csv.reader(text.splitlines()) if any(cell.strip() for cell in row)]
    try:
        numbers = np.array([[float(cell) for cell in row[-4:]] for row in rows[1:]], dtype=np.float64)
    except ValueError:
        raise RenomapError("sources.control-bad", name=path.name) from None
    if numbers.ndim != 2 or numbers.shape[1] != 4 or len(numbers) < 2 or not np.isfinite(numbers).all():
        raise RenomapError("sources.control-bad", name=path.name)
    degrees = fold(rows[0][-2]) in _LONGITUDE
    return Points(numbers[:, :2], numbers[:, 2:], degrees)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def fitted(local: Floats, known: Floats, name: str) -> Fit:
    """The similarity that fits best (least squares).

    Parameters
    ----------
    local, known : float arrays, shape (n, 2), n >= 2
        Points of the drawing and the same points on the ground, metres.
    name : str
        The file, for the refusal.

    Raises
    ------
    RenomapError
        ``sources.control-bad`` where all points are one; ``sources.control-misfit`` where they do not agree.
    """
    middle, ground = local.mean(axis=0), known.mean(axis=0)
    x, y = (local - middle).T
    east, north = (known - ground).T
    size = float((x * x + y * y).sum())
    if size < 1e-9:
        raise RenomapError("sources.control-bad", name=name)
    a = float((x * east + y * north).sum()) / size
    b = float((x * north - y * east).sum()) / size
    c = float(ground[0] - a * middle[0] + b * middle[1])
    d = float(ground[1] - b * middle[0] - a * middle[1])
    away = np.hypot(a * x - b * y - east, b * x + a * y - north)
    rms, worst = float(np.sqrt((away**2).mean())), float(away.max())
    if rms > WORST_M:
        point = int(away.argmax()) + 1
        raise RenomapError(
            "sources.control-misfit", name=name, rms=round(rms, 1), point=point, worst=round(worst, 1)
        )
    return Fit(a, b, c, d, rms, worst, len(local))

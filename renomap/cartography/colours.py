"""Colours of areas: neighbours differ, also in grey print and for the colour-blind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from heapq import heapify, heappop, heappush
from typing import Final

import numpy as np
import numpy.typing as npt

from renomap.model.feedback import Feedback

#: Four steps of lightness (L* 93, 84, 74, 65) in three hues each: in grey the step tells neighbours apart, in
#: colour the hue as well. Found by a search for the largest least contrast under normal, protan and deutan
#: vision.
PALETTE: Final[tuple[str, ...]] = (
    "#ebefbd",
    "#adbe8a",
    "#bed2fc",
    "#64a4d2",
    "#c9f2ff",
    "#57c1fe",
    "#f6c7bc",
    "#ba9959",
    "#c5f6e2",
    "#6ac6c7",
    "#ded38d",
    "#71a999",
)

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB: protan and deutan vision.
_PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
_DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
# IEC 61966-2-1: linear sRGB to CIE XYZ, and the D65 white.
_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE = (0.95047, 1.0, 1.08883)

#: Lightness steps (L*) that the eye tells apart in grey print beside each other.
GREY_STEP: Final = 8.0


def _linear(colour: str) -> npt.NDArray[np.float64]:
    text = colour.lstrip("#")[-6:]
    srgb = np.array([int(text[k : k + 2], 16) for k in (0, 2, 4)], dtype=np.float64) / 255.0
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _lab(linear: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    xyz = np.clip(np.array(_XYZ) @ np.clip(linear, 0.0, 1.0) / np.array(_WHITE), 0.0, None)
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16.0 / 116.0)
    return np.array([116.0 * f[1] - 16.0, 500.0 * (f[0] - f[1]), 200.0 * (f[1] - f[2])])


@cache
def lightness(colour: str) -> float:
    """CIE L* (0 black .. 100 white) of '#rrggbb': what is left of a colour in grey print."""
    return float(_lab(_linear(colour))[0])


@cache
def contrast(one: str, other: str) -> tuple[float, float]:
    """Difference in L*, and the least CIE76 difference for normal, protan and deutan vision."""
    grey = abs(lightness(one) - lightness(other))
    least = min(
        float(np.linalg.norm(_lab(matrix @ _linear(one)) - _lab(matrix @ _linear(other))))
        for matrix in (np.eye(3), np.array(_PROTAN), np.array(_DEUTAN))
    )
    return grey, least


def area_colours(
    ids: Iterable[int],
    pairs: Iterable[tuple[int, int]],
    existing: Mapping[int, str | None] | None = None,
    feedback: Feedback | None = None,
) -> dict[int, str]:
    """Give every area without a colour one that differs from its neighbours'.

    Areas are coloured in the order of their constraint (most different colours around first, then most
    neighbours, then smallest id: Brélaz 1979); each takes the palette colour that its closest neighbour is
    told apart from best, in grey first. Deterministic; colours that exist are kept.

    Parameters
    ----------
    ids : iterable of int
        Every area.
    pairs : iterable of (int, int)
        Areas that lie beside each other; order and repetition do not matter, unknown ids are passed over.
    existing : mapping of int to str or None, optional
        Colours areas have already; None, '' or no entry means none yet.
    feedback : Feedback, optional
        Asked before every area whether to go on.

    Returns
    -------
    dict of int to str
        '#rrggbb' for every id, in the order of ``ids``. Empty for no areas.
    """
    wanted = [int(key) for key in ids]
    colours = {key: value for key in wanted if (value := (existing or {}).get(key))}
    beside = _neighbours(wanted, pairs)
    around = {key: {colours[other] for other in beside[key] if other in colours} for key in wanted}
    used = Counter(colours.values())
    # an area stands in the queue once for every number of colours it had around it; the first counts
    queue = [(-len(around[key]), -len(beside[key]), key) for key in wanted if key not in colours]
    heapify(queue)
    while queue:
        if feedback is not None:
            feedback.check()
        key = heappop(queue)[2]
        if key in colours:
            continue
        colour = max(PALETTE, key=lambda c: (*_merit(c, around[key]), -used[c], -PALETTE.index(c)))
        colours[key] = colour
        used[colour] += 1
        for other in beside[key]:
            if other not in colours and colour not in around[other]:
                around[other].add(colour)
                heappush(queue, (-len(around[other]), -len(beside[other]), other))
    return {key: colours[key] for key in wanted}


def _neighbours(ids: Iterable[int], pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """The other ids beside each id, of pairs in any order."""
    beside: dict[int, set[int]] = {key: set() for key in ids}
    for one, other in pairs:
        if one != other and one in beside and other in beside:
            beside[one].add(other)
            beside[other].add(one)
    return beside


def _merit(colour: str, around: set[str]) -> tuple[float, float]:
    """Merit of a colour among its neighbours: enough grey contrast counts in full, then colour contrast."""
    if not around:
        return (GREY_STEP, 0.0)
    contrasts = [contrast(colour, other) for other in around]
    # Rounded so that two nearly equal candidates are decided by how often they are used already.
    return (
        min(GREY_STEP, round(min(c[0] for c in contrasts))),
        round(min(min(c[1] for c in contrasts), 20.0) / 5.0),
    )

"""A choice of rooms gone over by code that shares no rule with the one that made it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection

from renomap.programme.siting import Siting

#: m2 by which sums may differ in the computer's numbers.
ROUNDING_M2 = 0.11


def violations(found: Siting, refused: Collection[int] = ()) -> tuple[str, ...]:
    """Every rule that a choice breaks, as ``rule: what``; empty for a sound one.

    Returns
    -------
    tuple of str
        ``refused`` (proposed all the same), ``in_use``, ``use`` (a facility that the site is not known to be
        good for), ``far``, ``unknown`` (a site of unknown surface), ``small`` (what is there would be below
        the least size), ``twice`` (an undivided site for two lacks), ``surface`` (more shares than there is),
        ``met`` (a lack is told to be covered that is not). What was accepted breaks no rule but ``met``.
    """
    broken = [f"refused: {n}" for n in found.proposed if n in refused]
    for n in found.proposed:
        pair = found.pairs[n]
        site, lack = pair.site, pair.lack
        if not site.idle:
            broken.append(f"in_use: {site.name}")
        if site.uses is None or lack.facility not in site.uses:
            broken.append(f"use: {site.name}")
        if not pair.distance_m <= lack.radius_m:
            broken.append(f"far: {site.name}")
        if math.isnan(site.m2):
            broken.append(f"unknown: {site.name}")
        elif lack.m2_each == 1.0 and site.m2 < lack.high and lack.supply_low + site.m2 < lack.min_size:
            broken.append(f"small: {site.name}")
    broken += _surfaces(found)
    for n in found.met:
        lack, total = found.lacks[n], 0.0
        for m in (*found.proposed, *found.accepted):
            pair = found.pairs[m]
            if pair.lack == lack and not math.isnan(pair.site.m2):
                total += 1.0 if lack.m2_each == 0 else pair.site.m2 / lack.m2_each
        if total < lack.high:
            broken.append(f"met: {lack.facility} {lack.area}")
    return tuple(broken)


def _surfaces(found: Siting) -> list[str]:
    """Sites that give more than they are; one with a proposal beside what was accepted counts as well."""
    broken = []
    times = Counter((found.pairs[n].site.layer, found.pairs[n].site.number) for n in found.proposed)
    times += Counter((found.pairs[n].site.layer, found.pairs[n].site.number) for n in found.accepted)
    for place in {(found.pairs[n].site.layer, found.pairs[n].site.number) for n in found.proposed}:
        here = [
            found.pairs[n]
            for n in (*found.proposed, *found.accepted)
            if (found.pairs[n].site.layer, found.pairs[n].site.number) == place
        ]
        site = here[0].site
        if not site.divisible:
            if times[place] > 1:
                broken.append(f"twice: {site.name}")
            continue
        wanted = 0.0
        for pair in here:
            each = pair.lack.m2_each
            wanted += site.m2 if each == 0 else min(site.m2, pair.lack.high * each)
        if wanted > site.m2 + ROUNDING_M2 * len(here):
            broken.append(f"surface: {site.name}")
    return broken

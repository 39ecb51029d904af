"""All layers of an import on one plane: each one's system decided, shifted ones recognised by the others,
one target chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyproj

from renomap.errors import RenomapError
from renomap.model.feedback import Feedback
from renomap.model.note import Guess, GuessKind, Note, Question, Severity
from renomap.model.roles import Role
from renomap.sources import crs, offsets
from renomap.sources.addresses import layer_names, option_of, source_of
from renomap.sources.control import fitted, read_points
from renomap.sources.crs import Numbers, Place, Undecided
from renomap.sources.options import AUTO, ImportOptions
from renomap.sources.roles import Cast

#: Roles whose outlines should not cut what they are laid over, and what they are laid over.
_JUDGED = (Role.NEIGHBOURHOODS, Role.REFERENCE, Role.AREAS)
_JUDGES = (Role.BUILDINGS, Role.ROADS)
_FEWEST = 20
BY_USER = "sources.crs-by-user"


@dataclass(frozen=True)
class Plane:
    """Where everything lies: ``places`` in the order of the layers (None for a layer without coordinates),
    ``target`` the
    project system, ``notes`` what was guessed."""

    places: tuple[Place | None, ...]
    target: str
    notes: tuple[Note, ...]


def on_one_plane(casts: Sequence[Cast], options: ImportOptions, feedback: Feedback) -> Plane:
    """Decide the system of every layer and of the project.

    Parameters
    ----------
    casts : sequence of Cast
        Layers with their roles.
    options : ImportOptions
        ``crs`` and ``near``.
    feedback : Feedback
        Asked for cancellation.

    Raises
    ------
    RenomapError
        Those of ``crs.place`` and ``crs.settle``; ``sources.no-shapes`` if no layer has coordinates.
    """
    numbers = [crs.numbers_of(item.layer.shapes) for item in casts]
    first = [
        None if number is None else _placed(item, number, options)
        for item, number in zip(casts, numbers, strict=True)
    ]
    known = [
        crs.centre_lonlat(place, number)
        for place, number in zip(first, numbers, strict=True)
        if isinstance(place, Place) and number is not None
    ]
    places = [
        _settled(item, number, place, options, known) if isinstance(place, Undecided) else place
        for item, number, place in zip(casts, numbers, first, strict=True)
    ]
    feedback.check()
    target = _target(casts, places, numbers)
    places, found = _unshifted(casts, places, target, options)
    notes = _place_notes(casts, places, numbers)
    if target == crs.WORLD:
        notes.append(Note("sources.extent-large", {"crs": target}, Severity.WARNING))
    return Plane(tuple(places), target, (*notes, *found, *_frame_notes(casts, places, found, options)))


def _said(item: Cast, options: ImportOptions) -> tuple[str, bool]:
    """The system the user says for a layer, and whether it was said for this one in particular."""
    own = option_of(options.crs_of, layer_names(item.layer.data_set, item.layer.title))
    return (own, True) if own != AUTO else (options.crs, False)


def _placed(item: Cast, number: Numbers, options: ImportOptions) -> Place | Undecided:
    layer = item.layer
    said, alone = _said(item, options)
    control = option_of(options.controls, layer_names(layer.data_set, layer.title))
    if control != AUTO:
        return _controlled(item, Path(control), said)
    try:
        place = crs.place(layer.title, layer.declared, number, said, cad=layer.is_cad)
    except RenomapError as error:
        raise _question(error, item, number) from None
    by_user = isinstance(place, Place) and place.note is not None and place.note.code == BY_USER
    if alone and not by_user:
        raise RenomapError("sources.crs-cannot", layer=layer.title, crs=said[:60])
    return place


def _controlled(item: Cast, path: Path, said: str) -> Place:
    """A layer brought to the ground by control points."""
    title, points = item.layer.title, read_points(path)
    system, _ = crs.user_crs(said)
    if points.degrees:
        lon, lat = points.known.mean(axis=0)
        system = pyproj.CRS(crs.zone_crs(float(lon), float(lat)))
        change = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True)
        known = np.column_stack(change.transform(points.known[:, 0], points.known[:, 1]))
    elif system is None or not system.is_projected:
        raise RenomapError("sources.control-system", name=path.name, layer=title)
    else:
        known = points.known
    fit = fitted(points.local, known, path.name)
    params = {
        "layer": title,
        "name": path.name,
        "crs": crs.name_of(system),
        "points": fit.points,
        "rms_m": round(fit.rms, 2),
        "worst_m": round(fit.worst, 2),
        "scale": round(fit.scale, 6),
        "turn": round(fit.turn_deg, 3),
    }
    sure = fit.points > 2 and fit.rms < 1.0
    note = Note("sources.control", params, Severity.INFO if sure else Severity.WARNING, title)
    return Place(system, note=note, fit=fit)


def _settled(
    item: Cast,
    number: Numbers | None,
    place: Undecided,
    options: ImportOptions,
    known: Sequence[tuple[float, float]],
) -> Place:
    try:
        return crs.settle(place, options.near, known)
    except RenomapError as error:
        assert number is not None
        raise _question(error, item, number) from None


def _guess(item: Cast, number: Numbers, chosen: str) -> Guess:
    layer = item.layer
    choices = crs.alternatives(number, layer.declared, chosen)
    return Guess(GuessKind.CRS, source_of(layer.data_set), layer.title, "", chosen, choices, open=True)


def _question(error: RenomapError, item: Cast, number: Numbers) -> RenomapError:
    """The same refusal, with what may be answered."""
    asked = ("sources.crs-undecided", "sources.near-far", "sources.crs-local")
    if error.code not in asked:
        return error
    return Question(error.code, _guess(item, number, ""), **error.params)


def _place_notes(
    casts: Sequence[Cast], places: Sequence[Place | None], numbers: Sequence[Numbers | None]
) -> list[Note]:
    """The remark of every layer, with what else it could be in; one for all layers of a file that need
    none."""
    notes: list[Note] = []
    plain: dict[tuple[str, str], list[tuple[Cast, Numbers]]] = {}
    for item, place, number in zip(casts, places, numbers, strict=True):
        if place is None or number is None:
            continue
        chosen = place.frame or crs.name_of(place.crs)
        if place.note is not None:
            chosen = place.note.params["crs"] if place.note.code == BY_USER else chosen
            notes.append(replace(place.note, guesses=(_guess(item, number, chosen),)))
        elif not place.frame and place.fit is None:
            plain.setdefault((source_of(item.layer.data_set), chosen), []).append((item, number))
    for (_, chosen), its in plain.items():
        item, number = its[0]
        titles = [each.layer.title for each, _ in its]
        guess = _guess(item, number, chosen)
        guess = replace(guess, layer="") if len(its) > 1 else guess
        params = {"layers": titles, "crs": chosen, "overrule": guess.hint("EPSG:n")}
        notes.append(Note("sources.crs-declared", params, layer=titles[0], guesses=(guess,)))
    return notes


def _target(casts: Sequence[Cast], places: Sequence[Place | None], numbers: Sequence[Numbers | None]) -> str:
    """The project system, after the neighbourhoods, or after what has most rows where there are none."""
    best: tuple[bool, bool, int] | None = None
    chosen = -1
    for i, (item, place) in enumerate(zip(casts, places, strict=True)):
        if place is None:
            continue
        rank = (item.role is Role.NEIGHBOURHOODS, item.role is not Role.REFERENCE, len(item.layer.shapes))
        if best is None or rank > best:
            best, chosen = rank, i
    if chosen < 0:
        raise RenomapError("sources.no-shapes", name=casts[0].layer.data_set.name if casts else "")
    place, number = places[chosen], numbers[chosen]
    assert place is not None
    assert number is not None
    lonlat = crs.centre_lonlat(place, number)
    if not np.isfinite(lonlat).all() or abs(lonlat[1]) > 84:
        title = casts[chosen].layer.title
        raise RenomapError("sources.crs-nowhere", layer=title, crs=crs.name_of(place.crs))
    if crs.spans_too_much(place, number):
        return crs.WORLD
    return crs.project_crs(place, lonlat)


def _unshifted(
    casts: Sequence[Cast], places: Sequence[Place | None], target: str, options: ImportOptions
) -> tuple[list[Place | None], list[Note]]:
    """Layers in degrees that lie better on another layer once the shift of web maps is undone.

    Only a layer from another file can judge: what comes in one file was laid over one another by its maker.
    """
    out = list(places)
    notes: list[Note] = []
    for i, item in enumerate(casts):
        place = out[i]
        if (
            _said(item, options)[0] != AUTO
            or item.role not in _JUDGED
            or place is None
            or not place.crs.is_geographic
            or place.fit is not None
            or item.layer.dimension != 2
        ):
            continue
        judge = _judge(casts, places, i)
        if judge is None:
            continue
        judging = places[judge]
        assert judging is not None
        reference = crs.bring(casts[judge].layer.shapes, judging, target)
        versions = {
            frame: crs.bring(item.layer.shapes, replace(place, frame=frame), target)
            for frame in offsets.FRAMES
        }
        result = offsets.misfit(versions, reference)
        if not result.clear or not result.frame:
            continue
        params = {
            "layer": item.layer.title,
            "frame": result.frame.upper().replace("GCJ02", "GCJ-02").replace("BD09", "BD-09"),
            "reference": casts[judge].layer.title,
            "offset_m": round(result.offset_m),
            "residual_m": round(result.residual_m),
            "cut_before": round(100 * result.scores[""], 1),
            "cut_after": round(100 * result.scores[result.frame], 1),
            "overrule": "--crs EPSG:4326",
        }
        out[i] = replace(place, frame=result.frame)
        guess = _shift_guess(item, result.frame)
        notes.append(
            Note(
                "sources.shift-found",
                params,
                Severity.WARNING,
                item.layer.title,
                confidence=0.9,
                guesses=(guess,),
            )
        )
    return out, notes


def _judge(casts: Sequence[Cast], places: Sequence[Place | None], subject: int) -> int | None:
    mine = casts[subject].layer.data_set.path
    for role in _JUDGES:
        for i, item in enumerate(casts):
            enough = item.role is role and places[i] is not None and len(item.layer.shapes) >= _FEWEST
            if enough and item.layer.data_set.path != mine:
                return i
    return None


def _frame_notes(
    casts: Sequence[Cast], places: Sequence[Place | None], found: Sequence[Note], options: ImportOptions
) -> list[Note]:
    """Degrees in China may be shifted, and nothing in a file can say so: the planner hears it once per
    import."""
    if found:
        return []
    for item, place in zip(casts, places, strict=True):
        if place is None or not place.crs.is_geographic or item.role is not Role.NEIGHBOURHOODS:
            continue
        if _said(item, options)[0] != AUTO:
            continue
        title = item.layer.title
        guess = _shift_guess(item, crs.name_of(place.crs))
        params = {"layer": title, "overrule": "--crs gcj02|bd09"}
        code = "sources.shift-assumed-none"
        return [Note(code, params, Severity.GUESS, title, confidence=0.7, guesses=(guess,))]
    return []


def _shift_guess(item: Cast, chosen: str) -> Guess:
    """Degrees as they are, or those of a web map."""
    choices = tuple(dict.fromkeys((chosen, "EPSG:4326", "gcj02", "bd09")))
    return Guess(
        GuessKind.CRS, source_of(item.layer.data_set), item.layer.title, "", chosen, choices, open=True
    )

"""What part a layer plays, recognised from its name, its columns and its shapes; what the user says wins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renomap.assets import table
from renomap.errors import RenomapError
from renomap.model.note import LEAVE_OUT, Guess, GuessKind, Note, Severity
from renomap.model.roles import Role
from renomap.sources.addresses import layer_names, source_of
from renomap.sources.synonyms import header_key
from renomap.sources.values import fold
from renomap.sources.vector import RawLayer

#: A score below this is no recognition. A whole word in the name is worth 3 and more, a telling column 0.8.
_ENOUGH = 1.5
#: From here on (a name that is nothing but the word, or a word and telling columns) nobody would ask.
_CERTAIN = 4.0
_PER_FIELD, _MOST_BY_FIELDS = 0.8, 2.4


@dataclass(frozen=True)
class Cast:
    """A layer with its role. ``score`` tells candidates for the same part apart; ``by_user`` roles are never
    changed."""

    layer: RawLayer
    role: Role
    score: float
    by_user: bool = False
    note: Note | None = None


def cast(layers: Sequence[RawLayer], said: Mapping[str, str], *, eliminate: bool = True) -> list[Cast]:
    """Give every layer its role.

    Parameters
    ----------
    layers : sequence of RawLayer
        All layers of the import, each of one dimension.
    said : Mapping
        ``ImportOptions.roles``.
    eliminate : bool
        Whether a lone unrecognised layer of polygons may be taken for the neighbourhoods, and points for
        them where there are no polygons.

    Returns
    -------
    list of Cast
        In the order of the layers, those the user leaves out missing. At most one is NEIGHBOURHOODS: the
        best, the others become REFERENCE and say so. Where nothing is recognised as neighbourhoods and just
        one layer of polygons is not recognised at all, it is taken for them.

    Raises
    ------
    RenomapError
        ``sources.unknown-role``, ``sources.unknown-layer``, ``sources.two-neighbourhoods`` (the user named
        two).
    """
    wanted = _wanted(layers, said)
    result = []
    for number, layer in enumerate(layers):
        role = wanted.get(number)
        if role == LEAVE_OUT:
            continue
        if role is not None:
            note = role_note("sources.role-by-user", layer, Role(role), 1.0, Severity.INFO)
            result.append(Cast(layer, Role(role), 99.0, by_user=True, note=note))
        else:
            result.append(_recognised(layer, spots=eliminate))
    return _one_neighbourhoods(result, eliminate)


def _wanted(layers: Sequence[RawLayer], said: Mapping[str, str]) -> dict[int, str]:
    wanted: dict[int, str] = {}
    for key, value in sorted(said.items(), key=lambda item: len(item[0])):
        role = value.strip().casefold()
        if role != LEAVE_OUT and role not in set(Role):
            raise RenomapError("sources.unknown-role", role=value, known=", ".join([*Role, LEAVE_OUT]))
        hits = [
            number for number, layer in enumerate(layers) if key in layer_names(layer.data_set, layer.title)
        ]
        if not hits:
            listed = ", ".join(dict.fromkeys(layer.title for layer in layers))
            raise RenomapError("sources.unknown-layer", layer=key, known=listed)
        wanted.update(dict.fromkeys(hits, role))
    if list(wanted.values()).count(Role.NEIGHBOURHOODS) > 1:
        titles = ", ".join(
            layers[number].title for number, role in wanted.items() if role == Role.NEIGHBOURHOODS
        )
        raise RenomapError("sources.two-neighbourhoods", layers=titles)
    return wanted


def _guess(layer: RawLayer, role: str) -> Guess:
    """The role of a layer as a decision; only roles that its shapes can play are offered."""
    fitting = [each.value for each in Role if layer.dimension in table("layer_roles")[each.value]["shapes"]]
    choices = tuple(dict.fromkeys((role, *fitting, LEAVE_OUT)))
    return Guess(GuessKind.ROLE, source_of(layer.data_set), layer.title, "", role, choices)


def role_note(
    code: str,
    layer: RawLayer,
    role: Role,
    confidence: float,
    severity: Severity = Severity.GUESS,
    **params: str,
) -> Note:
    """The remark that a layer was given a role."""
    told = {"layer": layer.title, "role": f"role.{role.value}", "overrule": f"--role {layer.title}=ROLE"}
    guesses = (_guess(layer, role.value),)
    return Note(code, told | params, severity, layer.title, confidence=confidence, guesses=guesses)


def left_out_notes(layers: Sequence[RawLayer], casts: Sequence[Cast]) -> list[Note]:
    """One remark per layer that the user leaves out, so that it can be taken in again."""
    kept = {id(item.layer) for item in casts}
    notes = []
    for layer in layers:
        if id(layer) not in kept:
            guess = _guess(layer, LEAVE_OUT)
            params = {"layer": layer.title, "overrule": guess.hint("ROLE")}
            notes.append(Note("sources.role-left-out", params, layer=layer.title, guesses=(guess,)))
    return notes


def _recognised(layer: RawLayer, *, spots: bool) -> Cast:
    scores = {role: score for role in Role if (score := _score(layer, role)) > 0}
    if layer.dimension == 0 and (not spots or not _lists_neighbourhoods(layer)):
        scores.pop(Role.NEIGHBOURHOODS, None)
    best = max(scores, key=lambda role: scores[role], default=None)
    if best is None or scores[best] < _ENOUGH:
        note = role_note("sources.role-unknown", layer, Role.REFERENCE, 0.5, Severity.INFO)
        return Cast(layer, Role.REFERENCE, 0.0, note=note)
    rest = [score for role, score in scores.items() if role is not best]
    sure = round(min(0.98, 0.5 + 0.1 * scores[best] + 0.05 * (scores[best] - max(rest, default=0.0))), 2)
    severity = Severity.INFO if scores[best] >= _CERTAIN else Severity.GUESS
    return Cast(layer, best, scores[best], note=role_note("sources.role", layer, best, sure, severity))


def _lists_neighbourhoods(layer: RawLayer) -> bool:
    """Whether points are neighbourhoods: as of a table, two of their columns must say so."""
    words = table("layer_roles")[Role.NEIGHBOURHOODS.value]["fields"]
    headers = {header_key(str(column))[0] for column in layer.fields.columns}
    return sum(header_key(word)[0] in headers for word in words) >= 2


def _score(layer: RawLayer, role: Role) -> float:
    words = table("layer_roles")[role.value]
    if layer.dimension not in words["shapes"]:
        return 0.0
    by_name = max((_name_score(layer.title, word) for word in words["words"]), default=0.0)
    if not by_name and layer.data_set.stem != layer.title:
        by_name = 0.5 * max((_name_score(layer.data_set.stem, word) for word in words["words"]), default=0.0)
    headers = {header_key(str(column))[0] for column in layer.fields.columns}
    telling = sum(header_key(word)[0] in headers for word in words["fields"])
    return by_name + min(_PER_FIELD * telling, _MOST_BY_FIELDS)


def is_telling(name: str) -> bool:
    """Whether a name alone says what part a layer plays."""
    return any(_name_score(name, word) for role in Role for word in table("layer_roles")[role.value]["words"])


def _name_score(name: str, word: str) -> float:
    """How strongly a word in a name speaks: whole words of letters, or any stretch of Chinese characters;
    longer is stronger."""
    plain = fold(name)
    if word.isascii():
        spaced = "_".join(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()))
        if f"_{word}_" not in f"_{spaced}_":
            return 0.0
        return 3.0 + len(word) / 20 + (1.0 if spaced == word else 0.0)
    if word not in plain:
        return 0.0
    return 2.0 + min(0.5 * len(word), 2.0) + (1.0 if plain == word else 0.0)


def _one_neighbourhoods(casts: list[Cast], eliminate: bool) -> list[Cast]:
    candidates = [item for item in casts if item.role is Role.NEIGHBOURHOODS]
    if not candidates:
        unknown = [
            item
            for item in casts
            if item.role is Role.REFERENCE
            and not item.by_user
            and not item.score
            and item.layer.dimension == 2
        ]
        if len(unknown) != 1 or not eliminate:
            return casts
        note = role_note("sources.role-by-elimination", unknown[0].layer, Role.NEIGHBOURHOODS, 0.4)
        chosen = Cast(unknown[0].layer, Role.NEIGHBOURHOODS, 0.1, note=note)
        return [chosen if item is unknown[0] else item for item in casts]
    best = max(candidates, key=lambda item: (item.layer.dimension == 2, item.score, len(item.layer.shapes)))
    return [item if item is best or item not in candidates else _set_aside(item, best) for item in casts]


def _set_aside(item: Cast, best: Cast) -> Cast:
    chosen = best.layer.title
    note = role_note("sources.role-set-aside", item.layer, Role.REFERENCE, 0.7, chosen=chosen)
    return Cast(item.layer, Role.REFERENCE, item.score, note=note)

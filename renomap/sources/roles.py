"""What part a layer plays, recognised from its name, its columns and its shapes; what the user says wins."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renomap.errors import RenomapError
from renomap.model.note import Note, Severity
from renomap.model.roles import Role
from renomap.sources.synonyms import header_key
from renomap.sources.tables import table
from renomap.sources.values import fold
from renomap.sources.vector import RawLayer

#: What the user says to leave a layer out.
LEAVE_OUT = "none"

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
        Whether a lone unrecognised layer of polygons may be taken for the neighbourhoods.

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
            result.append(Cast(layer, Role(role), 99.0, by_user=True))
        else:
            result.append(_recognised(layer))
    return _one_neighbourhoods(result, eliminate)


def _wanted(layers: Sequence[RawLayer], said: Mapping[str, str]) -> dict[int, str]:
    wanted: dict[int, str] = {}
    for key, value in said.items():
        role = value.strip().casefold()
        if role != LEAVE_OUT and role not in set(Role):
            raise RenomapError("sources.unknown-role", role=value, known=", ".join([*Role, LEAVE_OUT]))
        hits = [number for number, layer in enumerate(layers) if key in names_of(layer)]
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


def names_of(layer: RawLayer) -> set[str]:
    """All the ways a user may name a layer on the command line."""
    given = layer.data_set.given
    sources = {str(given), given.name, given.stem, layer.data_set.name, layer.data_set.stem}
    return {layer.title, *sources, *(f"{source}:{layer.title}" for source in sources)}


def _recognised(layer: RawLayer) -> Cast:
    scores = {role: score for role in Role if (score := _score(layer, role)) > 0}
    best = max(scores, key=lambda role: scores[role], default=None)
    if best is None or scores[best] < _ENOUGH:
        return Cast(layer, Role.REFERENCE, 0.0)
    rest = [score for role, score in scores.items() if role is not best]
    sure = round(min(0.98, 0.5 + 0.1 * scores[best] + 0.05 * (scores[best] - max(rest, default=0.0))), 2)
    params = {"layer": layer.title, "role": f"role.{best.value}", "overrule": f"--role {layer.title}=ROLE"}
    severity = Severity.INFO if scores[best] >= _CERTAIN else Severity.GUESS
    note = Note("sources.role", params, severity, layer=layer.title, confidence=sure)
    return Cast(layer, best, scores[best], note=note)


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
        title = unknown[0].layer.title
        params = {
            "layer": title,
            "role": f"role.{Role.NEIGHBOURHOODS.value}",
            "overrule": f"--role {title}=ROLE",
        }
        note = Note("sources.role-by-elimination", params, Severity.GUESS, layer=title, confidence=0.4)
        chosen = Cast(unknown[0].layer, Role.NEIGHBOURHOODS, 0.1, note=note)
        return [chosen if item is unknown[0] else item for item in casts]
    best = max(candidates, key=lambda item: (item.score, len(item.layer.shapes)))
    return [item if item is best or item not in candidates else _set_aside(item, best) for item in casts]


def _set_aside(item: Cast, best: Cast) -> Cast:
    params = {
        "layer": item.layer.title,
        "chosen": best.layer.title,
        "overrule": f"--role {item.layer.title}=ROLE",
    }
    note = Note("sources.role-set-aside", params, Severity.GUESS, layer=item.layer.title, confidence=0.7)
    return Cast(item.layer, Role.REFERENCE, item.score, note=note)

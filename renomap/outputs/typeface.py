"""The bundled typeface as Typst sees it: which characters it has.

The fonts in ``resources/fonts`` list their characters in a map of format 12 alone: in one of format 4 Typst
0.15 loses what lies behind offsets of 32 KiB and more, and common signs became boxes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from renomap.assets import resource
from renomap.cartography.fonts import MISSING, legible
from renomap.model.words import sentence

FONTS: tuple[str, ...] = ("fonts/NotoSansSC-Regular.otf", "fonts/NotoSansSC-Bold.otf")


def covered(text: str) -> bool:
    """Whether the bundled typeface has every character of a text; rare ones need a font of the system."""
    needed = {ord(character) for character in text if not character.isspace()}
    return needed <= characters(FONTS[0])


#: Letters of a text that are told around a character that cannot be printed.
_AROUND = 12
#: Characters named in the remark; the count is always complete.
_MOST_NAMED = 10


def printable(texts: Any, words: Mapping[str, str]) -> tuple[Any, str]:
    """Texts as they can be printed on this machine, and the sentence that names what cannot.

    Parameters
    ----------
    texts : object
        Lists, dicts and texts within each other, as JSON has them.
    words : Mapping
        Catalogue of the reader's language.

    Returns
    -------
    tuple
        The same with ``MISSING`` in place of each character that neither the bundled typeface nor a font of
        the machine has; ``outputs.note.characters`` with their code points and the shortest text each
        stands in, empty if there are none.
    """
    lost: dict[str, str] = {}

    def printed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: printed(each) for key, each in value.items()}
        if isinstance(value, list):
            return [printed(each) for each in value]
        if not isinstance(value, str) or covered(value):
            return value
        shown = legible(value)
        for k, (before, after) in enumerate(zip(value, shown, strict=True)):
            around = shown[max(k - _AROUND, 0) : k + _AROUND]
            if before != after and len(around) < len(lost.get(before, around + " ")):
                lost[before] = around
        return shown

    done = printed(texts)
    if not lost:
        return done, ""
    named = [
        sentence(words, "outputs.character", {"code": f"U+{ord(character):04X}", "text": text})
        for character, text in list(lost.items())[:_MOST_NAMED]
    ]
    params = {"count": len(lost), "mark": MISSING, "names": words["outputs.join"].join(named)}
    return done, sentence(words, "outputs.note.characters", params)


@cache
def characters(name: str) -> frozenset[int]:
    """Code points of a bundled font (OpenType 1.9, ``cmap`` of format 12).

    Raises ValueError if the font has no such map: then it was exchanged without care.
    """
    font = resource(name).read_bytes()
    start = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    for k in range(count):
        (offset,) = struct.unpack_from(">I", font, start + 8 + 8 * k)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == 12:
            return frozenset(_listed(font, start + offset))
    raise ValueError(f"{name} has no character map of format 12")


def _table(font: bytes, wanted: bytes) -> int:
    """Offset of a table."""
    (count,) = struct.unpack_from(">H", font, 4)
    for k in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * k)
        if tag == wanted:
            return int(offset)
    raise ValueError(f"the font has no table {wanted!r}")


def _listed(font: bytes, start: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", font, start + 12)
    for k in range(groups):
        first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * k)
        yield from range(first, last + 1)

"""Fonts as Typst needs them: every character of the bundled typeface must be found."""

from __future__ import annotations

import struct
from pathlib import Path

from renomap.assets import resource

# Typst 0.15 loses characters behind offsets of 32 KiB and more in a map of format 4: with Noto Sans SC 2.004
# the signs for 'long', 'inside' and 'face' became boxes. A map of format 12 has no such offsets.
_DIRECTORY = ">4sIII"


def font_folder(bench: Path) -> Path:
    """A folder with the bundled fonts that Typst reads completely.

    Parameters
    ----------
    bench : Path
        Folder of the run; copies go to ``bench/fonts``.

    Returns
    -------
    Path
        ``bench/fonts``, or the folder of the bundled fonts itself where no font needs a copy.
    """
    bundled = resource("fonts")
    files = {path.name: path.read_bytes() for path in sorted(bundled.glob("*.otf"))}
    if all(_subtable(data, 12) is not None for data in files.values()):
        return bundled
    folder = bench / "fonts"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(with_long_map(data))
    return folder


def covered(text: str) -> bool:
    """Whether the bundled typeface has every character of a text; rare ones need a font of the system."""
    needed = {ord(character) for character in text if not character.isspace()}
    return all(
        (start := _subtable(data, 4)) is None or needed <= _characters(data, start).keys()
        for data in (path.read_bytes() for path in sorted(resource("fonts").glob("*.otf"))[:1])
    )


def with_long_map(font: bytes) -> bytes:
    """The same OpenType font with its characters listed in a map of format 12 (OpenType 1.9, ``cmap``).

    A font that has such a map, or none of format 4, is returned as it is.
    """
    start = _subtable(font, 4)
    if start is None or _subtable(font, 12) is not None:
        return font
    groups = b"".join(struct.pack(">III", *group) for group in _groups(_characters(font, start)))
    body = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(groups) // 12) + groups
    # Two encoding records, Unicode full and Windows full, share one subtable.
    table = struct.pack(">HHHHIHHI", 0, 2, 0, 4, 20, 3, 10, 20) + body
    return _replaced(font, b"cmap", table)


def _tables(font: bytes) -> dict[bytes, tuple[int, int, int]]:
    """Place in the directory, offset and length of every table."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {}
    for k in range(count):
        tag, _, offset, length = struct.unpack_from(_DIRECTORY, font, 12 + 16 * k)
        tables[tag] = (k, offset, length)
    return tables


def _subtable(font: bytes, wanted: int) -> int | None:
    """Offset in the font of the character map of that format, None if there is none."""
    _, start, _ = _tables(font)[b"cmap"]
    (count,) = struct.unpack_from(">H", font, start + 2)
    for k in range(count):
        (offset,) = struct.unpack_from(">I", font, start + 4 + 8 * k + 4)
        (found,) = struct.unpack_from(">H", font, start + offset)
        if found == wanted:
            return int(start + offset)
    return None


def _characters(font: bytes, start: int) -> dict[int, int]:
    """Glyph of every character of a map of format 4."""
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    n = doubled // 2
    ends, starts, deltas, ranges = (
        start + 14,
        start + 16 + doubled,
        start + 16 + 2 * doubled,
        start + 16 + 3 * doubled,
    )
    found = {}
    for k in range(n):
        last, first, delta, offset = (
            struct.unpack_from(">H", font, at + 2 * k)[0] for at in (ends, starts, deltas, ranges)
        )
        for character in range(first, last + 1):
            glyph = character
            if offset:
                (glyph,) = struct.unpack_from(">H", font, ranges + 2 * k + offset + 2 * (character - first))
                if not glyph:
                    continue
            found[character] = (glyph + delta) & 0xFFFF
    found.pop(0xFFFF, None)
    return found


def _groups(characters: dict[int, int]) -> list[tuple[int, int, int]]:
    """Runs of characters whose glyphs follow each other: first, last, first glyph."""
    groups: list[tuple[int, int, int]] = []
    for character, glyph in sorted(characters.items()):
        if groups and character == groups[-1][1] + 1 and glyph == groups[-1][2] + character - groups[-1][0]:
            groups[-1] = (groups[-1][0], character, groups[-1][2])
        else:
            groups.append((character, character, glyph))
    return groups


def _replaced(font: bytes, tag: bytes, table: bytes) -> bytes:
    """The font with one table in place of the old; the new one stands at the end, four-byte aligned."""
    place, _, _ = _tables(font)[tag]
    padded = table + bytes(-len(table) % 4)
    total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
    result = bytearray(font + bytes(-len(font) % 4))
    struct.pack_into(_DIRECTORY, result, 12 + 16 * place, tag, total, len(result), len(table))
    return bytes(result) + padded

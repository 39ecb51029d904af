"""What an editable document is made of: sections of passages, tables and maps, before any file format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from renomap.model.words import sentence

#: A table of more columns has no room for texts longer than this; its first columns say what a row is.
_MOST_COLUMNS, _LONG_TEXT, _NAMING = 10, 24, 3


@dataclass(frozen=True)
class Passage:
    """A paragraph.

    Parameters
    ----------
    text : str
        On one line.
    kind : str
        'text', 'head' (a bold line), 'item' (with a dot), 'line' (of a close list) or 'note' (small).
    is_open : bool
        Nobody has given this yet: it is marked, so that nobody takes it for a finding.
    """

    text: str
    kind: str = "text"
    is_open: bool = False


@dataclass(frozen=True)
class CaptionedTable:
    """A table under its caption; ``content`` as ``table.for_template`` gives it: every cell is a text."""

    caption: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class MapPicture:
    """A map over its caption: the theme it shows and the area it is cut to (None: the whole plan)."""

    caption: str
    theme: str = "areas"
    area: int | None = None


Block = Passage | CaptionedTable | MapPicture


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it.

    Parameters
    ----------
    level : int
        1 for a chapter, 2 for a part of it.
    wide : bool
        Whether it stands on lying pages: maps and tables of many columns.
    numbered : bool
        Whether the heading has a number; the summary in front and the annexes have none.
    """

    title: str
    level: int
    blocks: tuple[Block, ...] = ()
    wide: bool = False
    numbered: bool = True


def numbers(sections: Iterable[Section]) -> list[str]:
    """The number of every heading, empty where it has none.

    >>> numbers([Section("a", 1, numbered=False), Section("b", 1), Section("c", 2), Section("d", 1)])
    ['', '1', '1.1', '2']
    """
    found, chapter, part = [], 0, 0
    for one in sections:
        if not one.numbered:
            found.append("")
        elif one.level == 1:
            chapter, part = chapter + 1, 0
            found.append(str(chapter))
        else:
            part += 1
            found.append(f"{chapter}.{part}")
    return found


def captions(sections: Iterable[Section]) -> list[tuple[str, int, str]]:
    """The captions in their order: 'table' or 'figure', its number, its text."""
    counts = {"table": 0, "figure": 0}
    found = []
    for block in (block for section in sections for block in section.blocks):
        if isinstance(block, Passage):
            continue
        kind = "table" if isinstance(block, CaptionedTable) else "figure"
        counts[kind] += 1
        found.append((kind, counts[kind], block.caption))
    return found


def parted(block: Block, words: Mapping[str, str]) -> list[Block]:
    """A table of many columns that ends in long texts, in two: these stand by themselves."""
    if not isinstance(block, CaptionedTable):
        return [block]
    content = block.content
    longest = max((len(row[-1]) for row in content["rows"]), default=0)
    if len(content["head"]) <= _MOST_COLUMNS or longest <= _LONG_TEXT:
        return [block]
    front, back = range(len(content["head"]) - 1), (*range(_NAMING), len(content["head"]) - 1)
    again = block.caption + words["outputs.report.continued"]
    return [
        CaptionedTable(block.caption, _columns(content, front)),
        CaptionedTable(again, _columns(content, back, last=6.0)),
    ]


def _columns(content: Mapping[str, Any], kept: Iterable[int], last: float = 1.0) -> dict[str, Any]:
    """Those columns of a table, the last of them so many times as wide."""
    at = list(kept)
    made: dict[str, Any] = {name: [content[name][k] for k in at] for name in ("head", "align", "widths")}
    made["widths"][-1] *= last
    made["rows"] = [[row[k] for k in at] for row in content["rows"]]
    made["omitted"] = content.get("omitted", "")
    if "total" in content:
        made["total"] = [content["total"][k] for k in at]
    return made


def to_fill(what: str, words: Mapping[str, str]) -> Passage:
    """A marked place for what the program does not know."""
    return Passage(sentence(words, "outputs.chapter.to-fill", {"what": what}), is_open=True)

"""The part of a document on each area: map, facts, deficits, what pooling gives, members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renomap.outputs.blocks import Block, CaptionedTable, MapPicture, Passage, Section

#: Facts in a row of the table of facts.
_ABREAST = 3
#: A longer fact is a paragraph of its own.
_LONG = 40


def area_sections(data: Mapping[str, Any], words: Mapping[str, str]) -> list[Section]:
    """A section an area of the report's content, on lying pages; none where it has no area pages."""
    labels = data["labels"]
    return [
        Section(area["title"], 2, tuple(_blocks(area, labels, words)), wide=True) for area in data["areas"]
    ]


def _blocks(area: Mapping[str, Any], labels: Mapping[str, str], words: Mapping[str, str]) -> list[Block]:
    title, colon = area["title"], words["outputs.colon"]
    bounds = words["outputs.join"].join(f"{side} {name}" for side, name in area["bounds"])
    long = [(name, value) for name, value in area["figures"] if len(value) > _LONG]
    # The basis of each requirement stands in another chapter here than in the report.
    deficits = {**area["deficits"], "omitted": words["outputs.chapter.basis-at"]}
    blocks: list[Block] = [
        MapPicture(title, "areas", int(area["id"])),
        CaptionedTable(f"{title}  {words['outputs.report.key-figures']}", fact_table(area, words)),
        *(Passage(f"{name}{colon}{value}") for name, value in long),
        Passage(f"{labels['bounds']}{colon}{bounds}"),
    ]
    if area["remark"]:
        blocks.append(Passage(area["remark"], "note"))
    blocks.append(CaptionedTable(f"{title}  {labels['deficits']}", deficits))
    blocks += [Passage(line, "note") for line in area["communities"]]
    blocks += [Passage(labels["pooling"], "head"), *(Passage(text, "item") for text in area["pooling"])]
    if area["shared"]:
        told = (Passage(text, "item") for text in area["shared"])
        blocks += [Passage(labels["shared-title"], "head"), *told]
    return [*blocks, CaptionedTable(f"{title}  {labels['members']}", area["members"])]


def fact_table(area: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The short facts of an area, name and value, some abreast."""
    short = [(name, value) for name, value in area["figures"] if len(value) <= _LONG]
    cells = [text for fact in short for text in fact]
    cells += [""] * (-len(cells) % (2 * _ABREAST))
    rows = [cells[k : k + 2 * _ABREAST] for k in range(0, len(cells), 2 * _ABREAST)]
    head = [words["outputs.col.quantity"], words["outputs.col.value"]] * _ABREAST
    return {
        "head": head,
        "align": ["left"] * len(head),
        "widths": [10, 18] * _ABREAST,
        "rows": rows,
        "omitted": "",
    }

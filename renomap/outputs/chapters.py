"""The chapters of the proposal (片区改造实施方案), made of what the report says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from renomap.cartography.programme_themes import PROGRAMME_THEMES
from renomap.errors import RenomapError
from renomap.model.plan import Plan
from renomap.model.programme_view import ProgrammeView
from renomap.model.words import sentence
from renomap.outputs import plan_tables, programme_tables
from renomap.outputs.area_chapter import area_sections
from renomap.outputs.blocks import (
    Block,
    CaptionedTable,
    MapPicture,
    Passage,
    Section,
    captions,
    parted,
    to_fill,
)
from renomap.outputs.five_answers import five_answers
from renomap.outputs.numbers import Figures
from renomap.outputs.report_content import AREA_COLUMNS, content
from renomap.outputs.table import Table, for_template
from renomap.outputs.theme_maps import FIRST, ThemeMap, elsewhere, offered
from renomap.wording.deficits import deficit_heading

#: Themes of the maps of the present state.
PRESENT = ("year", "floors", "eligibility", "consent", "sites")
#: A table of more columns needs a lying page.
_NARROW = 8
#: Columns of the two tables of areas: what an area is, and money, consent and remarks.
_LATTER = (
    "city-subsidy",
    "district-subsidy",
    "subsidy-status",
    "consent-asked-share",
    "consent-yes-share",
    "verdict",
)
_FACTS = tuple(one for one in AREA_COLUMNS if one[0] not in (*_LATTER, "remark"))
_MONEY = (*(one for one in AREA_COLUMNS if one[0] in ("area-id", "area", *_LATTER)), ("remark", 70.0))


@dataclass(frozen=True)
class _Told:
    """What the chapters draw on: the plan, the report's content of it, and its words."""

    plan: Plan
    data: Mapping[str, Any]
    figures: Figures

    @property
    def words(self) -> Mapping[str, str]:
        return self.figures.words

    def word(self, name: str) -> str:
        return self.words[f"outputs.chapter.{name}"]

    def label(self, name: str) -> str:
        return str(self.data["labels"][name])

    def fill(self, name: str) -> Passage:
        """A marked place for what the catalogue names ``fill-NAME``."""
        return to_fill(self.word(f"fill-{name}"), self.words)

    def part(self, name: str, *blocks: Block, wide: bool = False) -> Section:
        """A part of a chapter; on lying pages if asked for, with a map or with a table of many columns."""
        return Section(self.word(name), 2, blocks, wide or any(_is_wide(block) for block in blocks))

    def sheet(self, name: str, caption: str, fill: str = "") -> Block:
        """A table of the report; a marked place or a line where it has no rows."""
        table = self.data.get(name) or {"rows": []}
        if table["rows"]:
            return CaptionedTable(caption, table)
        return self.fill(fill) if fill else Passage(self.label("none"))

    def maps(self, themes: Collection[str]) -> list[Block]:
        """The maps of these themes that can be drawn."""
        drawn = (item for item in self.offered if item.theme in themes and not item.lacking)
        return [MapPicture(item.title, item.theme) for item in drawn]

    @cached_property
    def offered(self) -> tuple[ThemeMap, ...]:
        return offered(self.plan, self.words)

    def programme(self, table: Callable[..., Table], caption: str, fill: str) -> Block:
        """A table of the programme; a marked place where there is none, or no row in it."""
        if self.plan.programme is None:
            return self.fill(fill)
        made = table(self.plan, self.plan.programme, self.words)
        return CaptionedTable(caption, for_template(made, self.figures)) if made.rows else self.fill(fill)


def chapters(
    plan: Plan,
    words: Mapping[str, str],
    *,
    area_pages: bool = True,
    chosen: Sequence[str] = (),
    said: Mapping[str, Any] | None = None,
) -> tuple[Section, ...]:
    """The sections of the document in their order.

    Parameters
    ----------
    area_pages : bool
        Whether every area has a part of its own.
    chosen : sequence of str
        Keys of ``CHAPTERS`` in the order wanted; empty for all.
    said : Mapping, optional
        As ``report_content.content`` gives it, where it is made already.

    Raises
    ------
    RenomapError
        ``outputs.chapter-unknown`` for a key that is none.
    """
    unknown = [key for key in chosen if key not in CHAPTERS]
    if unknown:
        raise RenomapError("outputs.chapter-unknown", chapter=unknown[0], known=", ".join(CHAPTERS))
    figures = Figures(words)
    told = _Told(plan, said or content(plan, words, area_pages=area_pages), figures)
    made = [section for key in chosen or CHAPTERS for section in CHAPTERS[key](told)]
    return tuple(_with_lists(made, told))


def _chapter(told: _Told, key: str, *parts: Section) -> list[Section]:
    return [Section(told.word(key), 1, wide=bool(parts) and parts[0].wide), *parts]


def _is_wide(block: Block) -> bool:
    if isinstance(block, CaptionedTable):
        return len(block.content["head"]) > _NARROW
    return isinstance(block, MapPicture)


def _summary(told: _Told) -> list[Section]:
    blocks: list[Block] = []
    for k, answer in enumerate(five_answers(told.plan, told.data, told.figures), start=1):
        blocks += [Passage(f"{k}  {answer.question}", "head"), *answer.lines]
    return [Section(told.word("brief"), 1, tuple(blocks), numbered=False)]


def _outline(told: _Told) -> list[Section]:
    data, words = told.data, told.words
    scope = [Passage(_figure(item, words), "item") for item in data["figures"]]
    sides = [
        Passage(f"{area['title']}{words['outputs.colon']}" + _bounds(area, words), "item")
        for area in data["areas"]
    ]
    return _chapter(
        told,
        "outline",
        told.part("basis", told.fill("basis"), told.sheet("standard", told.label("standard"))),
        told.part("scope", *scope, *([Passage(told.word("sides"), "head"), *sides] if sides else [])),
        told.part("goals", told.fill("goals")),
        told.part("plans", told.fill("plans")),
    )


def _present(told: _Told) -> list[Section]:
    notes = [
        Passage(f"{one['topic']}{told.words['outputs.colon']}{one['text']}") for one in told.data["notes"]
    ]
    return _chapter(
        told,
        "present",
        told.part("checkup", told.fill("checkup")),
        told.part("data", *notes),
        told.part("tallies", told.sheet("tallies", told.label("tallies"), "tallies")),
        told.part("present-maps", *told.maps(PRESENT)),
    )


def _lists(told: _Told) -> list[Section]:
    def problems(plan: Plan, view: ProgrammeView, words: Mapping[str, str]) -> Table:
        return programme_tables.problems(plan, words)

    return _chapter(
        told,
        "lists",
        told.part("problems", told.programme(problems, told.word("problems"), "problems")),
        told.part("demands", told.fill("demands")),
        told.part("resources", told.sheet("sites", told.label("sites"), "resources"), *_siting(told)),
    )


def _siting(told: _Told) -> list[Block]:
    """What the idle rooms could do, with how the distance is measured; nothing where none is within reach."""
    table = told.data["siting"]
    if not table["rows"]:
        return []
    return [CaptionedTable(told.label("siting"), table), Passage(told.data["siting_note"], "note")]


def _delineation(told: _Told) -> list[Section]:
    data = told.data
    rules = CaptionedTable(data["preset_title"], data["preset"])
    note = [Passage(data["preset_note"], "note")] if data["preset_note"] else []
    links = data["manual_links"]
    linked = [CaptionedTable(told.label("manual-links"), links)] if links["rows"] else []
    return _chapter(
        told,
        "delineation",
        told.part("rules", rules, *note, *linked),
        told.part("areas-map", MapPicture(told.label("overview"))),
        told.part("areas-table", *_area_tables(told), wide=True),
        told.part("left-out", told.sheet("outside", told.label("left-out")), wide=True),
        told.part("modes", told.fill("modes"), wide=True),
    )


def _area_tables(told: _Told) -> list[Block]:
    """The table of areas in two, since paper of this size has no room for all columns side by side."""
    table = plan_tables.areas(told.plan, told.words)
    total = plan_tables.totals(told.plan, table, told.figures)
    return [
        CaptionedTable(told.word(name), for_template(table, told.figures, columns, total))
        for name, columns in (("areas-facts", _FACTS), ("areas-money", _MONEY))
    ]


def _works(told: _Told) -> list[Section]:
    data, words = told.data, told.words
    deficits = [Passage(_figure(item, words, item["status"]), "item") for item in data["totals"]]
    first = told.plan.standard.facilities[:FIRST]
    maps = [MapPicture(deficit_heading(one, words), f"deficit:{one.key}") for one in first]
    pooled: list[Block] = []
    for area in data["areas"]:
        pooled += [Passage(area["title"], "head"), *(Passage(text, "item") for text in area["pooling"])]
    handed = data["handed_up"]
    handed_up = (
        CaptionedTable(told.label("handed-up"), handed) if handed["rows"] else Passage(data["handed_up_none"])
    )
    return _chapter(
        told,
        "works",
        told.part("deficits", *deficits),
        told.part("pooling", *pooled, Passage(told.label("handed-up"), "head"), handed_up),
        told.part("items", told.programme(programme_tables.works, told.word("items"), "items")),
        told.part("deficit-maps", *maps),
    )


def _areas(told: _Told) -> list[Section]:
    parts = area_sections(told.data, told.words)
    return _chapter(told, "areas", *parts) if parts else []


def _money(told: _Told) -> list[Section]:
    return _chapter(
        told,
        "money",
        told.part("cost", *parted(told.sheet("programme_ledger", told.word("ledger"), "cost"), told.words)),
        told.part("funds", told.sheet("programme_funds", told.label("programme-funds"), "funds")),
    )


def _schedule(told: _Told) -> list[Section]:
    maps = told.maps(PROGRAMME_THEMES)
    projects, gates = told.label("programme-projects"), told.label("programme-preparation")
    return _chapter(
        told,
        "schedule",
        told.part("projects", *parted(told.sheet("programme_projects", projects, "projects"), told.words)),
        told.part("gates", *parted(told.sheet("programme_preparation", gates, "gates"), told.words)),
        told.part("permits", told.fill("permits"), wide=bool(maps)),
        *([told.part("programme-maps", *maps)] if maps else []),
    )


def _consent(told: _Told) -> list[Section]:
    def surveys(plan: Plan, view: ProgrammeView, words: Mapping[str, str]) -> Table:
        return programme_tables.surveys(plan, words)

    label, colon = told.words["outputs.col.consent"], told.words["outputs.colon"]
    asked = [
        Passage(f"{area['title']}{colon}{value}", "item")
        for area in told.data["areas"]
        for name, value in area["figures"]
        if name == label
    ]
    return _chapter(
        told,
        "consent",
        told.part("asked", *(asked or [told.fill("asked")])),
        told.part("surveys", told.programme(surveys, told.word("surveys"), "surveys")),
        told.part("notice", told.fill("notice")),
        told.part("review", told.fill("review")),
    )


def _upkeep(told: _Told) -> list[Section]:
    return _chapter(
        told,
        "upkeep",
        told.part("management", told.sheet("programme_upkeep", told.label("programme-upkeep"), "upkeep")),
        told.part("operation", told.fill("operation")),
    )


def _safeguards(told: _Told) -> list[Section]:
    names = ("organisation", "funding", "safety", "stability")
    return _chapter(told, "safeguards", *(told.part(name, told.fill(name)) for name in names))


def _effects(told: _Told) -> list[Section]:
    join = told.words["outputs.colon"]
    gains = [
        Passage(f"{item['label']}{join}{item['note']}", "item")
        for item in told.data["totals"]
        if item["note"]
    ]
    return _chapter(
        told, "effects", told.part("gains", *gains), told.part("effects-other", told.fill("effects"))
    )


def _annexes(told: _Told) -> list[Section]:
    colon = told.words["outputs.colon"]
    missing_maps = [
        Passage(f"{item.title}{colon}{item.lacking}", "line")
        for item in told.offered
        if item.lacking and item.theme in (*PRESENT, *PROGRAMME_THEMES)
    ]
    blocks = (
        Passage(told.word("annex-without"), "head"),
        *missing_maps,
        *(Passage(text, "line") for text in elsewhere(told.words)),
        Passage(told.word("annex-files"), "head"),
        *(told.fill(name) for name in ("annex-consent", "annex-notice", "annex-review")),
    )
    return [Section(told.word("annexes"), 1, blocks, numbered=False)]


def _with_lists(sections: Sequence[Section], told: _Told) -> list[Section]:
    """The lists of tables and maps, put in front of the papers of the annexes."""
    title, listed = told.word("annexes"), captions(sections)
    lists: list[Block] = []
    for kind, name in (("table", "annex-tables"), ("figure", "annex-maps")):
        items = [f"{told.word(kind)} {number}  {text}" for which, number, text in listed if which == kind]
        lists += (
            [Passage(told.word(name), "head"), *(Passage(item, "line") for item in items)] if items else []
        )
    return [replace(one, blocks=(*lists, *one.blocks)) if one.title == title else one for one in sections]


def _figure(item: Mapping[str, str], words: Mapping[str, str], status: str = "") -> str:
    """A key figure as a line: what, how much, what must be said of it."""
    remarks = words["outputs.join"].join(part for part in (item["note"], status) if part)
    told = f"{item['label']}{words['outputs.colon']}{item['value']}"
    return told + (sentence(words, "outputs.chapter.remark", {"text": remarks}) if remarks else "")


def _bounds(area: Mapping[str, Any], words: Mapping[str, str]) -> str:
    return words["outputs.join"].join(f"{side} {name}" for side, name in area["bounds"])


#: The chapters by the keys they are chosen with, in their usual order.
CHAPTERS: Final[Mapping[str, Callable[[_Told], list[Section]]]] = {
    "brief": _summary,
    "outline": _outline,
    "present": _present,
    "lists": _lists,
    "delineation": _delineation,
    "works": _works,
    "areas": _areas,
    "money": _money,
    "schedule": _schedule,
    "consent": _consent,
    "upkeep": _upkeep,
    "safeguards": _safeguards,
    "effects": _effects,
    "annexes": _annexes,
}

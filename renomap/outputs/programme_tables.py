"""Sheets of a programme: problems, preparation, projects, works, surveys, lists and upkeep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from renomap.model.plan import Plan
from renomap.model.programme_view import ProgrammeView
from renomap.model.roles import Role
from renomap.model.words import sentence
from renomap.outputs.numbers import AtLeast, Figures, Kind, at_least, missing
from renomap.outputs.programme_texts import (
    Row,
    column,
    gate_text,
    held_text,
    item_name,
    stands_text,
    wan,
    word,
)
from renomap.outputs.table import Column, Table
from renomap.wording.names import titled

#: Columns of the list of projects on paper, with their shares of the width.
PROJECT_COLUMNS: tuple[tuple[str, float], ...] = (
    ("key", 5),
    ("name", 20),
    ("stands", 11),
    ("neighbourhoods", 6),
    ("households", 8),
    ("floor-area", 10),
    ("cost", 9),
    ("cost-high", 9),
    ("level", 6),
    ("items", 6),
    ("per-household", 8),
    ("gates", 7),
    ("company", 14),
    ("person", 8),
    ("designer", 10),
)
_Words = Mapping[str, str]


def _told(words: _Words, table: str, name: str, kind: Kind | None = None, width: float = 12) -> Column:
    """A column headed as the table of the programme that it repeats."""
    return Column(name, words[f"programme.{table}.{name}"], kind, width)


def names_of(plan: Plan) -> dict[int, str]:
    """Names of neighbourhoods by fid."""
    return {int(str(fid)): str(name) for fid, name in plan.neighbourhoods["name"].dropna().items()}


def buildings_of(plan: Plan) -> dict[int, str]:
    """Names of buildings by fid; what a table of the programme calls 0 is the whole neighbourhood."""
    layers = plan.project.layers_of(Role.BUILDINGS)
    named = layers[0].frame["name"].dropna() if layers else {}
    return {int(str(fid)): str(name) for fid, name in named.items()}


def projects(plan: Plan, view: ProgrammeView, words: _Words) -> Table:
    """Sheet 6, 项目清单: a row per project."""
    columns = (
        column(words, "key", Kind.YEAR, 7),
        column(words, "code", None, 14),
        column(words, "name", None, 26),
        column(words, "mode", None, 10),
        column(words, "stands", None, 16),
        column(words, "neighbourhoods", Kind.COUNT, 8),
        column(words, "households", Kind.COUNT, 10),
        column(words, "floor-area", Kind.M2, 13),
        column(words, "cost", Kind.WAN, 13),
        column(words, "cost-high", Kind.WAN, 13),
        column(words, "level", None, 8),
        column(words, "items", None, 9),
        column(words, "per-household", Kind.WAN_M2, 11),
        *(column(words, name, kind, 11) for name, kind in _yields(view)),
        column(words, "gates", None, 9),
        column(words, "demolished", None, 14),
        column(words, "company", None, 20),
        column(words, "person", None, 10),
        column(words, "phone", None, 14),
        column(words, "designer", None, 16),
        column(words, "remarks", None, 30, wrap=True),
    )
    return Table(words["outputs.sheet.programme-projects"], columns, tuple(_projects(plan, view, words)))


def _projects(plan: Plan, view: ProgrammeView, words: _Words) -> Iterator[tuple[Any, ...]]:
    figures = Figures(words)
    for key, row in view.projects.to_dict("index").items():
        known = row["households_known"] < row["neighbourhoods"]
        open_cost = row["cost_known"] < row["cost_items"] and not missing(row["cost_low"])
        low = row["cost_low"]
        remarks = [words[f"programme.remark.{remark}"] for remark in row["remarks"]]
        yield (
            max(int(str(key)), 0) or "",
            row["code"] or "",
            row["name"],
            word("mode", row["mode"], words) or words["programme.word.mode.renovate"],
            stands_text(row, words),
            row["neighbourhoods"],
            AtLeast(row["households"]) if known and not missing(row["households"]) else row["households"],
            AtLeast(row["floor_area_m2"])
            if row["floor_area_m2_known"] < row["neighbourhoods"] and not missing(row["floor_area_m2"])
            else row["floor_area_m2"],
            wan(AtLeast(low) if open_cost else low),
            wan(row["cost_high"]),
            word("level", row["cost_level"], words) or "",
            f"{row['cost_known']}/{row['cost_items']}" if row["cost_items"] else "",
            wan(row["cost_per_household"]),
            *(_brought(row)[name] for name, _ in _yields(view)),
            f"{row['gates_done']}/{row['gates']}",
            _demolished(row, figures),
            *(row[name] or "" for name in ("company", "person", "phone", "designer")),
            words["outputs.semicolon"].join(remarks),
        )


def _yields(view: ProgrammeView) -> tuple[tuple[str, Kind], ...]:
    """Columns of what works bring in a year; none where no work of any project says it."""
    told = bool(view.projects["income"].notna().any())
    return (("income", Kind.WAN), ("yield-low", Kind.PERCENT), ("yield-high", Kind.PERCENT)) if told else ()


def _brought(row: Row) -> dict[str, Any]:
    partly = not missing(row["income"]) and missing(row["yield_high"])
    income = wan(AtLeast(row["income"]) if partly else row["income"])
    return {"income": income, "yield-low": row["yield_low"], "yield-high": row["yield_high"]}


def _demolished(row: Row, figures: Figures) -> str:
    if missing(row["demolished_low"]):
        return ""
    low, high = (figures.number(row[name], Kind.PERCENT) for name in ("demolished_low", "demolished_high"))
    text = low if low == high else f"{low}–{high}"
    verdict = row["demolished"]
    told = "" if missing(verdict) else figures.words[f"programme.demolished.{verdict}"]
    return f"{text} {told}".strip() + _rebuilt(row, figures)


def _rebuilt(row: Row, figures: Figures) -> str:
    """New floor area for each m2 taken down with its verdict; '' where nothing says it."""
    if missing(row["rebuilt_low"]):
        return ""
    words, high = figures.words, float(row["rebuilt_high"])
    low = figures.number(row["rebuilt_low"], Kind.WAN_M2)
    ratio = low if row["rebuilt_low"] == high else f"{low}–{figures.number(high, Kind.WAN_M2)}"
    params = {"ratio": f"≥ {low}" if high == float("inf") else ratio}
    told = "" if missing(row["rebuilt"]) else words[f"programme.demolished.{row['rebuilt']}"]
    return (
        f"{words['outputs.semicolon']}{sentence(words, 'outputs.programme.rebuilt', params)} {told}".rstrip()
    )


def preparation(plan: Plan, view: ProgrammeView, words: _Words) -> Table:
    """Sheet 4b, 前期工作推进表: a row per project, a column per gate, then what holds up the start."""
    figures = Figures(words)
    gates_of = view.rules.gates
    columns = (
        column(words, "key", Kind.YEAR, 7),
        column(words, "name", None, 26),
        column(words, "stands", None, 16),
        column(words, "gates", None, 9),
        *(Column(gate.key, _gate_title(gate, words), None, 13, wrap=True) for gate in gates_of),
        column(words, "held", None, 44, wrap=True),
    )
    states = {(row["area"], row["gate"]): row for row in view.gates.to_dict("records")}
    rows = []
    for key, row in view.projects.to_dict("index").items():
        number = int(str(key))
        cells = (gate_text(gate, states[number, gate.key], figures) for gate in gates_of)
        done = f"{row['gates_done']}/{row['gates']}"
        head = (max(number, 0) or "", row["name"], stands_text(row, words), done)
        rows.append((*head, *cells, held_text(view, plan, number, words) or words["programme.approved"]))
    return Table(words["outputs.sheet.programme-preparation"], columns, tuple(rows))


def _gate_title(gate: Any, words: _Words) -> str:
    """Name of a gate with how far its rule has been checked, where it is not verified."""
    name, status = titled(gate, words), str(gate.status)
    told = {"text": f"{name}\n", "status": words[f"status.{status}"]}
    return name if status == "verified" else sentence(words, "wording.with-status", told)


def works(plan: Plan, view: ProgrammeView, words: _Words) -> Table:
    """Sheet 6b, 改造内容: a row per work."""
    columns = (
        column(words, "key", Kind.YEAR, 7),
        _told(words, "works", "fid", None, 24),
        _told(words, "works", "building", None, 12),
        _told(words, "works", "item", None, 22),
        column(words, "category", None, 10),
        _told(words, "works", "action", None, 10),
        _told(words, "works", "quantity", Kind.QUANTITY, 10),
        column(words, "quantity-high", Kind.QUANTITY, 10),
        _told(words, "works", "unit", None, 10),
        _told(words, "works", "price", Kind.COUNT, 11),
        column(words, "cost", Kind.WAN, 12),
        column(words, "cost-high", Kind.WAN, 12),
        _told(words, "works", "level", None, 8),
        column(words, "lacks", None, 14),
        _told(words, "works", "start", None, 12),
        _told(words, "works", "end", None, 12),
        _told(words, "works", "status", None, 8),
        _told(words, "works", "origin", None, 8),
        _told(words, "works", "basis", None, 30),
    )
    names, buildings, rules, rows = names_of(plan), buildings_of(plan), view.rules, []
    keys = view.neighbourhoods["key"].to_dict()
    costs = view.works.to_dict("index")
    for number, row in plan.project.programme.works.to_dict("index").items():
        cost = costs.get(number, {"low": None, "high": None, "level": row["level"], "lacks": None})
        item = rules.item(str(row["item"]))
        price = row["price"] if not missing(row["price"]) else view.prices.get(str(row["item"]))
        least = row["quantity"] if not missing(row["quantity"]) else row["quantity_low"]
        most = row["quantity"] if not missing(row["quantity"]) else row["quantity_high"]
        unit = row["unit"] if item is None else words.get(f"unit.{item.unit}", item.unit)
        rows.append(
            (
                max(keys.get(row["fid"], 0), 0) or "",
                names.get(row["fid"], str(row["fid"])),
                _building(row["building"], buildings),
                item_name(row["item"], rules, words),
                "" if item is None else words[f"outputs.category.{item.category}"],
                word("action", row["action"], words) or "",
                least,
                most,
                unit or "",
                price,
                wan(cost["low"]),
                wan(cost["high"]),
                word("level", cost["level"], words) or "",
                "" if missing(cost["lacks"]) else words[f"programme.lacks.{cost['lacks']}"],
                row["start"] or (int(row["year"]) if not missing(row["year"]) else ""),
                row["end"] or "",
                word("status", row["status"], words) or "",
                word("origin", row["origin"], words) or "",
                row["basis"] or "",
            )
        )
    return Table(words["outputs.sheet.programme-works"], columns, tuple(rows))


def _building(fid: Any, names: Mapping[int, str]) -> str:
    """Name of a building, its number where it has none; empty where a row is of all buildings."""
    return names.get(int(fid), str(int(fid))) if fid else ""


def surveys(plan: Plan, words: _Words) -> Table:
    """Sheet 8, 民意征询汇总: a row per round, with both shares of all."""
    names = (
        "fid",
        "kind",
        "matter",
        "round",
        "counts_by",
        "total",
        "issued",
        "returned",
        "yes",
        "no",
        "date",
    )
    kinds = dict.fromkeys(("round", "total", "issued", "returned", "yes", "no"), Kind.COUNT)
    columns = [_told(words, "surveys", name, kinds.get(name), 22 if name == "fid" else 12) for name in names]
    columns += [column(words, name, Kind.PERCENT, 13) for name in ("asked-share", "yes-share")]
    known, rows = names_of(plan), []
    households = plan.neighbourhoods["households"].to_dict()
    for row in plan.project.programme.surveys.to_dict("records"):
        of_households = row["counts_by"] in (None, "households")
        total = row["total"]
        if missing(total):
            total = households.get(row["fid"]) if of_households and not row["building"] else None
        shares: list[float | None] = [None, None]
        if not missing(total) and total > 0:
            shares = [row[n] / total if not missing(row[n]) else None for n in ("returned", "yes")]
        texts = {name: word(name, row[name], words) or "" for name in ("kind", "matter", "counts_by")}
        cells: dict[Any, Any] = {
            **row,
            **texts,
            "fid": known.get(row["fid"], str(row["fid"])),
            "total": total,
        }
        rows.append((*(cells[name] for name in names), *shares))
    return Table(words["outputs.sheet.programme-surveys"], tuple(columns), tuple(rows))


def lists(view: ProgrammeView, words: _Words) -> Table:
    """Sheet 9b, 计划台账: how many stand on each list, and that they are all there is."""
    columns = (
        column(words, "list", None, 18),
        column(words, "neighbourhoods", Kind.COUNT, 10),
        column(words, "households", Kind.COUNT, 12),
        column(words, "households-known", Kind.COUNT, 12),
        column(words, "floor-area", Kind.M2, 14),
        column(words, "floor-area-known", Kind.COUNT, 12),
    )
    rows = tuple(
        (words.get(f"programme.word.stage.{name}") or words[f"outputs.programme.{name}"], *row)
        for name, row in zip(view.lists.index, view.lists.to_numpy().tolist(), strict=True)
    )
    return Table(words["outputs.sheet.programme-lists"], columns, rows)


def history(plan: Plan, words: _Words) -> Table:
    """Sheet 9c, 计划变动: a row per move of a neighbourhood."""
    names = ("fid", "at", "by", "from_stage", "from_year", "to_stage", "to_year", "reason")
    return _repeated(plan, "history", names, words, from_year=Kind.YEAR, to_year=Kind.YEAR)


def problems(plan: Plan, words: _Words) -> Table:
    """Sheet 4, 问题清单: a row per problem of the check-up."""
    names = ("fid", "building", "indicator", "text", "quantity", "unit", "urgency", "responsible")
    return _repeated(plan, "problems", (*names, "found", "solved"), words, quantity=Kind.QUANTITY)


def upkeep(plan: Plan, words: _Words) -> Table:
    """Sheet 9d, 长效管理: who looks after each neighbourhood afterwards, area by area."""
    names = ("fid", "party_branch", "committee", "management", "fee_rate", "maintenance_fund")
    told = _repeated(
        plan, "upkeep", (*names, "handed_over", "note"), words,
        fee_rate=Kind.PERCENT, maintenance_fund=Kind.COUNT,
    )  # fmt: skip
    ids = plan.neighbourhoods["area_id"].reindex(plan.project.programme.upkeep["fid"]).fillna(0)
    titles = plan.areas["name"].reindex(ids).fillna("").tolist()
    # Who is in no area stands last; within an area the order is that of the entries.
    order = sorted(range(len(told.rows)), key=lambda nth: (ids.iloc[nth] <= 0, ids.iloc[nth]))
    rows = tuple((told.rows[nth][0], titles[nth], *told.rows[nth][1:]) for nth in order)
    head = Column("area", words["outputs.col.area"], None, 22)
    return Table(told.title, (told.columns[0], head, *told.columns[1:]), rows)


def _repeated(plan: Plan, table: str, names: tuple[str, ...], words: _Words, **kinds: Kind) -> Table:
    """A table of the programme as it was filled in: these columns, and how their numbers are written."""
    width = {"text": 30.0}
    columns = tuple(_told(words, table, name, kinds.get(name), width.get(name, 16)) for name in names)
    return Table(
        words[f"outputs.sheet.programme-{table}"], columns, tuple(_told_rows(plan, table, names, words))
    )


def _told_rows(plan: Plan, table: str, names: tuple[str, ...], words: _Words) -> Iterator[tuple[Any, ...]]:
    """Rows of a table of the programme with the words of its choices; what is not filled in is empty."""
    known, buildings = names_of(plan), buildings_of(plan)
    for row in plan.project.programme.table(table).to_dict("records"):
        cells: dict[str, Any] = {}
        for name in names:
            value = row[name]
            text = value if isinstance(value, (int, float)) else word(name, value, words)
            cells[name] = "" if missing(text) else text
        if "building" in cells:
            cells["building"] = _building(row["building"], buildings)
        cells["fid"] = known.get(row["fid"], str(row["fid"]))
        yield tuple(cells[name] for name in names)


def votes(plan: Plan, view: ProgrammeView, words: _Words) -> Table:
    """Sheet 8b, 业主表决: a row per statutory vote; by both counts, of those taking part."""
    columns = (
        _told(words, "surveys", "fid", None, 24),
        _told(words, "surveys", "matter", None, 26),
        _told(words, "surveys", "round", Kind.COUNT, 8),
        column(words, "valid", None, 14),
        column(words, "passed", None, 14),
    )
    known = names_of(plan)
    rows = tuple(
        (
            known.get(row["fid"], str(row["fid"])),
            word("matter", row["matter"], words),
            row["round"],
            words[f"programme.vote.{row['valid']}"],
            words[f"programme.vote.{row['passed']}"],
        )
        for row in view.votes.to_dict("records")
    )
    return Table(words["outputs.sheet.programme-votes"], columns, rows)


def companies(view: ProgrammeView, words: _Words) -> Table:
    """Sheet 6c, 实施主体: projects, households and costs of each company; what is known, of how many."""
    columns = (
        column(words, "company", None, 28),
        column(words, "projects", Kind.COUNT, 10),
        column(words, "households", Kind.COUNT, 12),
        column(words, "cost-high", Kind.WAN, 14),
        column(words, "costed", None, 14),
    )
    rows = []
    for name, row in view.companies.to_dict("index").items():
        of_all = int(row["projects"])
        values = [
            at_least(value, row[f"{name}_known"], of_all)
            for name, value in (("households", row["households"]), ("cost", row["cost"]))
        ]
        costed = f"{int(row['cost_known'])}/{of_all}"
        rows.append((name or words["outputs.not-given"], of_all, values[0], wan(values[1]), costed))
    return Table(words["outputs.sheet.programme-companies"], columns, tuple(rows))


def coverage(view: ProgrammeView, words: _Words) -> Table:
    """Sheet 9e, 应纳尽纳: of what is eligible, how much is on a list; by count and by measure apart."""
    columns = (
        column(words, "measure", None, 18),
        column(words, "eligible", Kind.COUNT, 14),
        column(words, "included", Kind.COUNT, 14),
        column(words, "share", Kind.PERCENT, 12),
        column(words, "known", None, 14),
    )
    rows = tuple(
        (
            words[f"outputs.programme.measure.{name}"],
            row["eligible"],
            row["included"],
            row["share"],
            f"{int(row['known'])}/{int(row['of'])}",
        )
        for name, row in view.coverage.to_dict("index").items()
    )
    return Table(words["outputs.sheet.programme-coverage"], columns, rows)

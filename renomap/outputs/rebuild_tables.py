"""Pages of a rebuilding (自主更新): the balance with what turns it, the owners, and the buildings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from renomap.model.words import sentence
from renomap.outputs.numbers import Kind
from renomap.outputs.programme_texts import column, wan
from renomap.outputs.table import Table
from renomap.outputs.workbook import SheetWriter, new_workbook
from renomap.programme import rebuild
from renomap.programme.rebuild import RebuildBalance, RebuildCase
from renomap.wording.names import titled

Words = Mapping[str, str]
#: Terms of the balance in the order in which they are told, and whether they are subtracted.
TERMS = ("owners", "sales", "subsidies", "income", "construction", "premium", "other", "cost")


def balance_table(case: RebuildCase, words: Words) -> Table:
    """Income, cost and what is left, in 万元: as planned, with lower sales, dearer building, and both."""
    cases = {
        "planned": rebuild.balance(case),
        "sales": rebuild.worse(case, sales=True),
        "construction": rebuild.worse(case, construction=True),
        "both": rebuild.worse(case, sales=True, construction=True),
    }
    columns = (
        column(words, "rebuild-term", None, 24),
        *(column(words, f"rebuild-{name}", Kind.WAN, 18) for name in cases),
    )
    rows = [
        (words[f"programme.rebuild.{term}"], *(wan(getattr(one, term)) for one in cases.values()))
        for term in TERMS
    ]
    rows.append((words["programme.rebuild.balance"], *(wan(_known(one)) for one in cases.values())))
    rows.append((words["programme.rebuild.verdict"], *(verdict_text(one, words) for one in cases.values())))
    return Table(words["outputs.sheet.rebuild-balance"], columns, tuple(rows))


def owners_table(case: RebuildCase, words: Words) -> Table:
    """What each kind of household pays, whole yuan; what is given up has no price and is listed."""
    columns = (
        column(words, "rebuild-building", None, 14),
        column(words, "households", Kind.COUNT, 10),
        column(words, "rebuild-own", Kind.M2, 14),
        column(words, "rebuild-new", Kind.M2, 14),
        column(words, "rebuild-yuan", Kind.COUNT, 16),
        column(words, "rebuild-given-up", Kind.M2, 16),
        column(words, "rebuild-over", Kind.M2, 16),
    )
    rows = []
    for row in case.owners:
        paid = rebuild.payment(row.own_m2, row.new_m2, case.prices)
        rows.append(
            (
                *(row.building, row.households, row.own_m2, row.new_m2),
                *(paid.yuan, paid.given_up_m2, paid.over_m2),
            )
        )
    return Table(words["outputs.sheet.rebuild-owners"], columns, tuple(rows))


def buildings_table(case: RebuildCase, words: Words) -> Table:
    """Each building with its representatives (一楼幢一代表) and the share of its households that signed."""
    columns = (
        column(words, "rebuild-building", None, 14),
        column(words, "rebuild-representatives", None, 30),
        column(words, "rebuild-signed", Kind.PERCENT, 14),
    )
    named = dict(case.representatives)
    rows = tuple(
        (
            one,
            words["outputs.join"].join(named.get(one, ())) or words["programme.rebuild.nobody"],
            rebuild.signed_share(case, one),
        )
        for one in rebuild.buildings(case)
    )
    return Table(words["outputs.sheet.rebuild-buildings"], columns, rows)


def write_rebuild_xlsx(case: RebuildCase, path: Path, words: Words) -> None:
    """Write the three pages as a workbook; raises those of ``atomic.new_file``."""
    stamp = sentence(words, "programme.rebuild.prices", prices_params(case, words))
    with new_workbook(path) as book:
        book.set_properties({"title": case.name, "comments": stamp})
        pen = SheetWriter(book, words, stamp)
        for table in (balance_table(case, words), owners_table(case, words), buildings_table(case, words)):
            pen.sheet(table, held=1)


def verdict_text(found: RebuildBalance, words: Words) -> str:
    """The verdict, with the least or the most that is left where the rest is not known."""
    name = words[f"programme.rebuild.{found.verdict}"]
    if found.low == found.high:
        return name
    unknown = words["outputs.join"].join(words[f"programme.rebuild.{one}"] for one in found.unknown)
    params = {"verdict": name, "unknown": unknown}
    for end, value in (("least", found.low), ("most", found.high)):
        if math.isfinite(value):
            params["wan"] = f"{value / 10_000:,.2f}"
            return sentence(words, f"programme.rebuild.at-{end}", params)
    return sentence(words, "programme.rebuild.open", params)


def prices_params(case: RebuildCase, words: Words) -> dict[str, str]:
    """Whose prices these are and how sure: values of the sentence ``programme.rebuild.prices``."""
    prices = case.prices
    return {
        "name": titled(prices, words),
        "source": prices.source,
        "status": words[f"status.{prices.status}"],
    }


def _known(found: RebuildBalance) -> float:
    return found.low if found.low == found.high else math.nan

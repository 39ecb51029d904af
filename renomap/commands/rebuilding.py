"""``rebuild``: what owners pay and whether a rebuilding balances, from the table of a case."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from renomap.commands.places import require_file
from renomap.commands.programme import number_or_null
from renomap.commands.screen import Bar, say_json
from renomap.model.words import sentence
from renomap.outputs.rebuild_tables import TERMS, prices_params, verdict_text, write_rebuild_xlsx
from renomap.programme import rebuild
from renomap.programme.rebuild import RebuildBalance, RebuildCase
from renomap.programme.rebuild_files import case as read_case

Words = Mapping[str, str]


def run_rebuild(arguments: argparse.Namespace, words: Words, bar: Bar) -> int:
    """``renomap rebuild``."""
    if arguments.output is not None:
        require_file(arguments.output, (arguments.case,), endings=(".xlsx",))
    case = read_case(arguments.case)
    if arguments.output is not None:
        write_rebuild_xlsx(case, arguments.output, words)
    bar.done()
    if arguments.json:
        say_json(rebuild_json(case))
    else:
        _say(case, words)
    return 0


def rebuild_json(case: RebuildCase) -> dict[str, Any]:
    """What the command prints with ``--json``; yuan, null unknown or without end."""
    found = rebuild.balance(case)
    sale, construction = rebuild.break_even(found)
    owners = []
    for row in case.owners:
        paid = rebuild.payment(row.own_m2, row.new_m2, case.prices)
        owners.append(
            {
                "building": row.building,
                "households": number_or_null(row.households),
                "own_m2": number_or_null(row.own_m2),
                "new_m2": number_or_null(row.new_m2),
                "yuan": number_or_null(paid.yuan),
                "given_up_m2": number_or_null(paid.given_up_m2),
                "over_m2": number_or_null(paid.over_m2),
            }
        )
    return {
        "name": case.name,
        "prices": {"key": case.prices.key, "source": case.prices.source, "status": str(case.prices.status)},
        "owners": owners,
        "balance": _balance_json(found),
        "loans": number_or_null(case.loans),
        "sales_lower": _balance_json(rebuild.worse(case, sales=True)),
        "construction_dearer": _balance_json(rebuild.worse(case, construction=True)),
        "both": _balance_json(rebuild.worse(case, sales=True, construction=True)),
        "break_even": {"sales": number_or_null(sale), "construction": number_or_null(construction)},
        "unrepresented": list(rebuild.unrepresented(case)),
        "signed": {one: number_or_null(rebuild.signed_share(case, one)) for one in rebuild.buildings(case)},
    }


def _balance_json(found: RebuildBalance) -> dict[str, Any]:
    terms = {name: number_or_null(_yuan(getattr(found, name))) for name in TERMS}
    ends = {"low": number_or_null(_yuan(found.low)), "high": number_or_null(_yuan(found.high))}
    open_ones = {"unknown": list(found.unknown), "unpriced_m2": number_or_null(found.unpriced_m2)}
    return {**terms, **ends, "verdict": found.verdict, **open_ones}


def _yuan(value: float) -> float:
    return float(f"{value:.0f}")


def _say(case: RebuildCase, words: Words) -> None:
    print(sentence(words, "programme.rebuild.prices", prices_params(case, words)))
    for name, found in (
        ("planned", rebuild.balance(case)),
        ("sales", rebuild.worse(case, sales=True)),
        ("construction", rebuild.worse(case, construction=True)),
        ("both", rebuild.worse(case, sales=True, construction=True)),
    ):
        params = {"of": words[f"outputs.programme.col.rebuild-{name}"], "verdict": verdict_text(found, words)}
        if found.low == found.high:
            params["wan"] = f"{found.low / 10_000:+,.2f}"
            print(sentence(words, "programme.rebuild.line", params))
        else:
            print(sentence(words, "programme.rebuild.line-open", params))
    missing = rebuild.unrepresented(case)
    if missing:
        params = {"count": str(len(missing)), "buildings": words["outputs.join"].join(missing)}
        print(sentence(words, "programme.rebuild.unrepresented", params))

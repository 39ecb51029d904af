"""The ledger: golden numbers worked by hand, and what holds whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renomap.model.programme_rules import SourceKind
from renomap.programme import files
from renomap.programme.funding import CostLine, Ledger, Money, ledger, subsidy

RULES = files.load("changsha")
COSTS = [
    CostLine("elder_care", 3e6, 3e6),
    CostLine("pipes", 7e6, 7e6),
    CostLine("elevator", 6e6, 6e6),
    CostLine("roof", 4e6, 4e6),
]
PER_HOUSEHOLD = subsidy(1208, True, 6000)
MONEY = [
    Money("special_bonds", 2e6, 2e6),
    Money("city", *PER_HOUSEHOLD),
    Money("department", 3e5, 3e5, ("elder_care",)),
    Money("residents", 1.2e6, 1.2e6, ("elevator",)),
    Money("district", *PER_HOUSEHOLD),
]


def uses(found: Ledger) -> dict[tuple[str, str], float]:
    return {(source, item): amount for (source, _, item), amount in found.uses.items()}


def test_T25_the_ledger_of_1208_households() -> None:
    found = ledger(COSTS, MONEY, RULES)
    assert uses(found) == {
        ("department", "elder_care"): 300_000,
        ("residents", "elevator"): 1_200_000,
        ("city", "pipes"): 7_000_000,
        ("city", "roof"): 248_000,
        ("district", "roof"): 3_752_000,
        ("district", "elder_care"): 2_700_000,
        ("special_bonds", "elevator"): 2_000_000,
    }
    assert found.left["district", ()] == 796_000
    assert (found.gap_low, found.gap_high) == (4_800_000, 4_800_000)
    assert (found.financed_low, found.financed_high) == (2_800_000, 2_800_000)
    assert found.open_items == {"elevator": 2_800_000}
    assert found.remarks == ("subsidy_on_upgrade",)
    assert found.cost == 20_000_000


def test_a_city_whose_subsidy_pays_for_elevators() -> None:
    found = ledger(COSTS, MONEY, replace(RULES, subsidised_elevators=True))
    assert uses(found)["district", "elevator"] == 3_496_000
    assert uses(found)["special_bonds", "elder_care"] == 696_000
    assert (found.gap_high, found.financed_high) == (4_004_000, 2_004_000)
    assert found.open_items == {"elder_care": 2_004_000}
    assert found.remarks == ("subsidy_on_better",)


def test_basic_works_alone_take_it_all() -> None:
    found = ledger([CostLine("pipes", 16e6, 16e6)], [MONEY[1], MONEY[4]], RULES)
    assert (found.gap_high, found.remarks) == (1_504_000, ())


def test_what_tied_money_does_not_use_is_left() -> None:
    found = ledger([CostLine("elder_care", 240e3, 240e3), CostLine("roof", 1e6, 1e6)], [MONEY[2]], RULES)
    assert (found.used["department", ("elder_care",)], found.left["department", ("elder_care",)]) == (
        240_000,
        60_000,
    )
    assert found.gap_high == 1_000_000


def test_T04_the_subsidy_of_151_and_of_1225_households() -> None:
    assert subsidy(151, True, 6000) == (906_000, 906_000)
    assert subsidy(1225, True, 12_000) == (14_700_000, 14_700_000)
    assert subsidy(906, False, 6000) == (5_436_000, np.inf)


def test_unknown_amounts_and_costs_stay_open() -> None:
    unknown_money = ledger([CostLine("roof", 1e6, 1e6)], [Money("province", 0, np.inf)], RULES)
    assert (unknown_money.gap_low, unknown_money.gap_high) == (0, 1_000_000)
    tied = [Money("department", 0, np.inf, ("elder_care",))]
    assert ledger([CostLine("roof", 1e6, 1e6)], tied, RULES).gap_low == 1_000_000, (
        "it cannot pay for the roof"
    )
    unknown_cost = ledger(
        [CostLine("roof", 1e6, 1e6), CostLine("wall", 0, np.inf)], [Money("city", 4e5, 4e5)], RULES
    )
    assert (unknown_cost.gap_low, unknown_cost.gap_high) == (600_000, np.inf)


def test_a_rebuilding_gets_no_subsidy_unless_the_city_says_so() -> None:
    assert ledger([CostLine("roof", 1e6, 1e6)], [MONEY[1]], RULES, rebuild=True).gap_high == 1_000_000
    gives = replace(RULES, subsidised_rebuild=True)
    assert ledger([CostLine("roof", 1e6, 1e6)], [MONEY[1]], gives, rebuild=True).gap_high == 0


ITEMS = [item.key for item in RULES.items] + [""]
YUAN = st.integers(0, 10**9).map(float)
LINES = st.dictionaries(st.sampled_from(ITEMS), YUAN, max_size=8).map(
    lambda found: [CostLine(item, cost, cost) for item, cost in found.items()]
)
SCOPES = st.lists(st.sampled_from([*ITEMS[:-1], "basic", "better", "upgrade"]), max_size=3).map(tuple)
POTS = st.lists(
    st.builds(
        lambda source, amount, scope: Money(source.key, amount, amount, scope),
        st.sampled_from(RULES.sources),
        YUAN,
        SCOPES,
    ),
    max_size=10,
)


@given(LINES, POTS, st.randoms(use_true_random=False))
def test_used_and_gap_are_the_cost_whatever_the_order_of_rows(
    costs: list[CostLine], money: list[Money], shuffled: object
) -> None:
    found = ledger(costs, money, RULES)
    assert sum(found.used.values()) + found.financed_high == found.cost == sum(line.low for line in costs)
    debts = {one.key for one in RULES.sources if one.kind is SourceKind.FINANCING}
    own = sum(amount for (source, _), amount in found.used.items() if source not in debts)
    assert own + found.gap_high == found.cost
    assert sum(found.used.values()) + sum(found.left.values()) == sum(one.low for one in money)
    mixed_costs, mixed_money = list(costs), list(money)
    shuffled.shuffle(mixed_costs)  # type: ignore[attr-defined]
    shuffled.shuffle(mixed_money)  # type: ignore[attr-defined]
    assert ledger(mixed_costs, mixed_money, RULES) == found


@given(LINES, POTS, st.data())
def test_every_completion_of_what_is_unknown_lies_in_the_range(
    costs: list[CostLine], money: list[Money], data: st.DataObject
) -> None:
    open_money = [replace(one, high=np.inf) if data.draw(st.booleans()) else one for one in money]
    open_costs = [replace(one, high=np.inf) if data.draw(st.booleans()) else one for one in costs]
    found = ledger(open_costs, open_money, RULES)
    true = ledger(
        [
            replace(one, low=one.low + more, high=one.low + more) if np.isinf(one.high) else one
            for one in open_costs
            for more in (data.draw(YUAN) if np.isinf(one.high) else 0.0,)
        ],
        [
            replace(one, low=one.low + more, high=one.low + more) if np.isinf(one.high) else one
            for one in open_money
            for more in (data.draw(YUAN) if np.isinf(one.high) else 0.0,)
        ],
        RULES,
    )
    assert found.gap_low <= true.gap_high <= found.gap_high
    assert found.financed_low <= true.financed_high <= found.financed_high


@pytest.mark.parametrize("scope", [("basic",), ("pipes", "roof")])
def test_a_scope_is_items_or_categories(scope: tuple[str, ...]) -> None:
    found = ledger(COSTS, [Money("utilities", 12e6, 12e6, scope)], RULES)
    assert (found.gap_high, found.left["utilities", scope]) == (9_000_000, 1_000_000)

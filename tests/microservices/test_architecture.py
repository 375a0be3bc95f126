"""One shop, cut in different ways: what counting says, the simulated cluster must show.

Oracles: brute force over the calls that really took place (spans), the binomial distribution, the
Lindley recursion for the wait in a queue, and the acceptance test of the shop for its wirings.
"""

from __future__ import annotations

import json
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.microservices.architecture import pipeline, prices, teams
from lab_kernel.microservices.architecture.cut import OPERATIONS, PARTS, Cut
from lab_kernel.microservices.architecture.shop import Refused, acceptance
from lab_kernel.microservices.architecture.strangler import STEPS, WHOLE
from lab_kernel.microservices.architecture.wiring import Apart, Lost, Together

TEAMS = "catalog price | cart orders | stock | payment mail"
EACH = " | ".join(PARTS)


@st.composite
def cuts(draw: st.DrawFn) -> Cut:
    places = [draw(st.integers(0, 3)) for _name in PARTS]
    units = [[n for n, p in zip(PARTS, places, strict=True) if p == unit] for unit in range(4)]
    return Cut(" | ".join(" ".join(unit) for unit in units if unit), draw(st.booleans()))


# Together and apart


def test_the_same_acceptance_test_passes_together_and_apart() -> None:
    assert acceptance(Together().ask) == acceptance(Apart().ask) == []


def test_the_acceptance_test_can_fail() -> None:
    broken = Together()
    broken.modules["catalog"].data["prices"]["tea"] = 701
    assert len(acceptance(broken.ask)) >= 2


def test_apart_nothing_but_text_is_sent_and_it_costs_messages() -> None:
    together, apart = Together(), Apart()
    for shop in (together, apart):
        shop.ask("orders", "place", who="ann", item="tea", count=2)
    assert together.calls == 5 and apart.messages == 2 * 5
    assert apart.bytes > 10 * len(json.dumps({}))


def test_what_arrives_is_a_copy() -> None:
    """Who changes an answer changes nothing on the other side."""
    shop = Apart()
    shop.ask("orders", "place", who="ann", item="tea", count=1)
    shop.ask("orders", "of", who="ann")[0].append("changed")
    assert shop.ask("orders", "of", who="ann") == [["ann", "tea", 1, 700]]


def test_a_refusal_in_one_transaction_leaves_nothing_behind() -> None:
    shop = Together()
    with pytest.raises(Refused, match="bob cannot pay"):
        shop.ask("orders", "place", who="bob", item="tea", count=1)
    assert shop.ask("stock", "left", item="tea") == 10


def test_apart_it_leaves_half_an_order() -> None:
    """Stock is taken before the payment is refused: the price of separate data."""
    shop = Apart()
    with pytest.raises(Refused, match="bob cannot pay"):
        shop.ask("orders", "place", who="bob", item="tea", count=1)
    assert shop.ask("stock", "left", item="tea") == 9
    assert shop.ask("orders", "of", who="bob") == []


def test_a_lost_answer_looks_like_a_lost_question() -> None:
    """Of many shops whose buyer heard nothing some have sold, and some have not."""
    charged = []
    for seed in range(60):
        shop = Apart(loses=0.1, seed=seed)
        try:
            shop.ask("orders", "place", who="ann", item="tea", count=1)
        except Lost:
            charged.append(shop.modules["payment"].data["accounts"]["ann"] < 5000)
    assert True in charged and False in charged


# Counting against running


@pytest.mark.parametrize("units", [WHOLE, TEAMS, EACH])
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_calls_that_took_place_are_the_calls_counted(
    units: str, shared: bool, operation: str
) -> None:
    cut = Cut(units, shared)
    system = cut.system(traced=1.0)
    asked = system.ask(cut.entry(operation))
    system.run(system.now + 5)
    assert asked.answered
    spans = [e for e in system.trace.events if e.track.startswith("span/")]
    clients = [e for e in spans if e.kind == "client" and e.details["trace"] == asked.trace]
    assert len(clients) == prices.crossings(cut, operation)


@pytest.mark.parametrize("units", [TEAMS, EACH])
def test_the_blast_radius_is_what_fails(units: str) -> None:
    cut = Cut(units)
    for unit in cut.groups:
        found = prices.measure(cut, unit)
        requests = 610  # about
        expected = prices.blast_radius(cut, unit)
        spread = 4 * math.sqrt(expected * (1 - expected) / requests)
        assert 1 - found.answered == pytest.approx(expected, abs=spread + 1e-9), unit


@given(cuts(), st.floats(0.5, 1))
def test_a_part_of_the_shop_is_never_more_available_than_each_call(cut: Cut, each: float) -> None:
    for operation in OPERATIONS:
        found = prices.availability(cut, each, operation)
        assert found <= each + 1e-12
        assert prices.availability(cut, 1.0, operation) == 1
        assert len(list(prices.needed(cut, operation))) <= prices.crossings(cut, operation)


@given(cuts())
def test_one_database_makes_every_request_depend_on_it(cut: Cut) -> None:
    shared = Cut(cut.units, shared=True)
    assert prices.blast_radius(shared, "database") == 1
    assert prices.availability(shared, 0.99) < prices.availability(Cut(cut.units), 0.99)


def test_a_chain_is_a_to_the_power_of_n() -> None:
    """Checkout, apart: gateway, orders, cart, price, stock, payment; mail is optional."""
    assert prices.availability(Cut(EACH), 0.99, "check out") == pytest.approx(0.99**6)
    assert prices.availability(Cut(WHOLE), 0.99, "check out") == 0.99


def test_work_is_the_same_and_the_network_comes_on_top() -> None:
    """Means: 2 ms for each call that crosses, and the gateway's own ms."""
    base, apart = prices.measure(Cut(WHOLE)), prices.measure(Cut(EACH))
    expected = sum(
        share / 100 * (2 * prices.crossings(Cut(EACH), name) + 1 - 2)
        for name, (_module, share) in OPERATIONS.items()
    )
    means = [sum(found.latencies) / len(found.latencies) for found in (base, apart)]
    assert means[1] - means[0] == pytest.approx(expected, abs=3)  # they draw other work
    assert base.answered == apart.answered == 1


def test_while_a_unit_moves_only_its_share_meets_a_bad_version() -> None:
    units = "catalog cart orders stock payment mail | price"
    for share in (0, 20, 100):
        found = prices.measure(Cut(units, moving="price", share=share), "price")
        spread = 4 * math.sqrt(0.2 * 0.8 / 610)
        assert 1 - found.answered == pytest.approx(share / 100, abs=spread), share


@pytest.mark.parametrize(
    ("fields", "argument", "word"),
    [
        ({"units": "catalog"}, "units", "price"),
        ({"units": WHOLE + " mail"}, "units", "mail"),
        ({"units": WHOLE + " | shop"}, "units", "shop"),
        ({"units": TEAMS, "moving": "catalog"}, "moving", "catalog"),
        ({"units": TEAMS, "moving": "stock", "share": 101}, "share", "101"),
    ],
)
def test_bad_cuts_are_named(fields: dict[str, object], argument: str, word: str) -> None:
    with pytest.raises(BadInput, match=word) as refused:
        Cut(**fields)  # type: ignore[arg-type]
    assert refused.value.argument == argument


# Until a change is live


def test_the_wait_is_that_of_a_queue_with_constant_service() -> None:
    """Oracle: W(n+1) = max(0, W(n) + D - A), Lindley 1952, with arrivals by chance."""
    cut, chance = Cut(WHOLE), random.Random(1)
    found = pipeline.lead(cut, "catalog", changes=8)
    each = found.build + found.rollout
    wait, total, count = 0.0, 0.0, 200_000
    for _change in range(count):
        total += wait
        wait = max(0.0, wait + each - chance.expovariate(8 / pipeline.DAY))
    assert found.wait == pytest.approx(total / count, rel=0.03)


def test_one_database_takes_back_much_of_what_the_cut_gave() -> None:
    """A quarter of the changes concerns all units; for one unit that makes no difference."""
    for units, times in ((WHOLE, 1.0), (TEAMS, 1.8), (EACH, 1.8)):
        alone, shared = (pipeline.mean_lead(Cut(units, shared), 10) for shared in (False, True))
        assert shared >= times * alone - 1e-9, units
    assert math.isinf(pipeline.mean_lead(Cut(EACH, shared=True), changes=60))


def test_two_kinds_of_changes_wait_in_one_queue() -> None:
    """Oracle: Lindley 1952 again, with own changes and those of a table in one pipeline."""
    cut, chance = Cut(TEAMS, shared=True), random.Random(2)
    found, table = pipeline.lead(cut, "cart", 20), pipeline.lead_together(cut, 20)
    own, all_of_it = found.build + found.rollout, table.build + table.rollout
    per_day = [20 * 0.75 * 22 / 65, 20 * 0.25]
    wait, total, count = 0.0, 0.0, 200_000
    for _change in range(count):
        total += wait
        (each,) = chance.choices((own, all_of_it), per_day)
        wait = max(0.0, wait + each - chance.expovariate(sum(per_day) / pipeline.DAY))
    assert found.wait == pytest.approx(total / count, rel=0.03)


def test_more_changes_than_can_be_built_never_end() -> None:
    assert math.isinf(pipeline.lead(Cut(WHOLE), "catalog", changes=60).minutes)
    assert not math.isinf(pipeline.mean_lead(Cut(EACH), changes=60))


def test_a_larger_unit_takes_longer_to_roll_out() -> None:
    assert 0 < pipeline.rollout(5) < pipeline.rollout(65) < 5


# Teams


@given(cuts(), st.floats(0, 1))
def test_everything_is_counted_once(cut: Cut, spread: float) -> None:
    found = teams.agreement(cut, "capability", spread, count=50)
    assert sum(found.teams.values()) == sum(found.units.values()) == 50
    assert 0 <= found.alone <= found.teams[1] / 50


def test_a_unit_for_each_team_lets_most_changes_pass_and_more_units_do_not_help() -> None:
    alone = [
        teams.agreement(Cut(units), "capability", 0.25).alone for units in (WHOLE, TEAMS, EACH)
    ]
    assert alone[0] == 0 and alone[1] > alone[2] > 0.5


def test_layers_need_every_team_every_time() -> None:
    assert teams.agreement(Cut(TEAMS), "layer", 0.25).teams == {3: 1000}


def test_pairs() -> None:
    """Brooks: n (n - 1) / 2."""
    assert [teams.lines_between(n) for n in (1, 2, 10)] == [0, 1, 45]
    with pytest.raises(BadInput, match="people"):
        teams.lines_between(0)


def test_the_steps_lead_from_one_unit_to_one_for_each_module() -> None:
    assert STEPS[0].cut == Cut(WHOLE) and len(STEPS[-1].cut.groups) == len(PARTS)
    counts = [len(step.cut.groups) for step in STEPS]
    assert counts == sorted(counts)
    bad = [step.bad_version for step in STEPS]
    assert bad == sorted(bad, reverse=True)
    lead = [step.lead(8) for step in STEPS]
    assert lead == sorted(lead, reverse=True)

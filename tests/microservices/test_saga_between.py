"""What others see of a saga, sagas without a leader, and sagas in pods."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.microservices.saga.between import LATER, NO, WAITS, YES, looks, two_customers, undo
from lab_kernel.microservices.saga.choreography import choreography
from lab_kernel.microservices.saga.idempotency import NONE
from lab_kernel.microservices.saga.on_cluster import NO as REFUSED
from lab_kernel.microservices.saga.on_cluster import ClusterShop
from lab_kernel.microservices.saga.shop import STEPS, Order, Shop
from lab_kernel.microservices.saga.world import World

ONE = Order(1)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([(10, 100), (0, 100), (10, 20)]), st.sets(st.integers(1, 60), max_size=5))
def test_a_choreography_comes_to_one_of_two_ends(has: tuple[int, int], crashes: set[int]) -> None:
    shop = Shop(*has)
    runs = choreography(World(crashes), shop, ONE)
    assert shop.wrong([ONE]) == []
    assert (shop.seen(ONE)["order"] == "placed") == (has == (10, 100))
    # What the relay sent twice was done once.
    assert set(runs.broker) == set(dict.fromkeys(runs.broker)) and runs.taken == len(runs.broker)


def test_a_choreography_needs_its_keys_too() -> None:
    found = set()
    for step in range(1, 40):
        shop = Shop()
        choreography(World([step]), shop, ONE, keys=NONE)
        found.update(shop.wrong([ONE]))
    assert found >= {"stock lost", "charged for nothing"}


@pytest.mark.parametrize("method", ["transaction", "two-phase"])
@pytest.mark.parametrize("money", [100, 20])
def test_transactions_show_the_beginning_or_the_end(method: str, money: int) -> None:
    seen = [state for _step, state in looks(method, ONE, 10, money)]
    if method == "transaction":
        assert all(state in (seen[0], seen[-1]) for state in seen)
    # Three databases commit one after another, but no row shows anything but its two values.
    for key in seen[0]:
        assert {state[key] for state in seen} <= {seen[0][key], seen[-1][key]}
    assert (seen[0] == seen[-1]) == (money == 20)


def test_a_saga_shows_what_will_be_taken_back() -> None:
    seen = [state for _step, state in looks("saga", ONE, 1, 20)]
    assert seen[0]["left"] == seen[-1]["left"] == 1
    assert {state["left"] for state in seen} == {0, 1}
    assert [state["order"] for state in seen[:1] + seen[-1:]] == ["none", "cancelled"]


def told(method: str, money: int, **more: bool) -> set[tuple[str, bool, int]]:
    return {two_customers(method, units=1, money=money, step=step, **more) for step in range(1, 30)}


def test_somebody_else_is_turned_away_for_nothing() -> None:
    """A dirty read: the last unit is reserved, and then given back."""
    assert (NO, False, 1) in told("saga", 20)
    assert told("saga", 20, holds=True) == {(YES, False, 1), (LATER, False, 1), (WAITS, False, 1)}
    assert (NO, True, 0) in told("saga", 100, holds=True)  # when it is over, it is sold out


@pytest.mark.parametrize("method", ["transaction", "two-phase"])
def test_with_locks_somebody_else_waits_instead(method: str) -> None:
    assert told(method, 20) == {(YES, False, 1), (WAITS, False, 1)}
    assert told(method, 100) == {(YES, True, 0), (WAITS, True, 0), (NO, True, 0)}


@given(st.integers(1, 9), st.integers(0, 9))
def test_putting_the_old_value_back_loses_what_others_did(units: int, sold: int) -> None:
    assert undo(units, sold, restore=False) == units - sold
    assert undo(units, sold, restore=True) == units


# In pods


def test_the_saga_in_pods_takes_a_call_for_each_step() -> None:
    """By hand: checkout's 1 ms, four times 20 ms and two hops of 1 ms, two hops outside."""
    shop = ClusterShop()
    asked = shop.order(1)
    shop.system.run(shop.system.now + 1)
    assert asked.latency == 1 + 4 * (20 + 2) + 2 and asked.status == 200
    assert shop.steps() == [(name, "done") for name in STEPS]
    assert shop.data.wrong([ONE]) == []


def test_a_refusal_is_taken_back() -> None:
    shop = ClusterShop(money=20)
    asked = shop.order(1)
    shop.system.run(shop.system.now + 1)
    assert asked.status == REFUSED and shop.data.wrong([ONE]) == []
    assert [does for does, _answer in shop.steps()][-2:] == ["release", "cancel"]


@pytest.mark.parametrize("name", ["checkout", "payment", "orders"])
@pytest.mark.parametrize("ms", [6, 50, 60, 80])
def test_a_pod_dies_in_the_middle(name: str, ms: int) -> None:
    shop = ClusterShop()
    begin = shop.system.now
    asked = shop.order(1)
    shop.system.at(begin + ms / 1000, lambda: shop.crash(name))
    shop.system.run(begin + 2)
    assert asked.status == 200 and shop.data.wrong([ONE]) == []


@pytest.mark.parametrize(("name", "ms", "latency"), [("checkout", 50, 198), ("payment", 60, 209)])
def test_the_pages_figures(name: str, ms: int, latency: int) -> None:
    shop = ClusterShop()
    begin = shop.system.now
    asked = shop.order(1)
    shop.system.at(begin + ms / 1000, lambda: shop.crash(name))
    shop.system.run(begin + 2)
    assert asked.latency == latency and shop.data.seen(ONE)["till"] == ONE.price


def test_without_keys_the_customer_pays_twice_when_payment_dies_after_its_commit() -> None:
    shop = ClusterShop(keys=NONE)
    begin = shop.system.now
    shop.order(1)
    shop.system.at(begin + 0.060, lambda: shop.crash("payment"))
    shop.system.run(begin + 2)
    assert shop.data.seen(ONE)["till"] == 2 * ONE.price


def test_a_customer_who_asks_again_too_soon_disturbs_nothing() -> None:
    """The first try is still at work when the second comes: two programs lead one saga."""
    shop = ClusterShop(work=60)
    asked = shop.order(1, timeout=40)
    shop.system.run(shop.system.now + 2)
    assert len(shop.system.trace.where(track="span/checkout", kind="server")) > 1
    assert asked.status == 200 and shop.steps() == [(name, "done") for name in STEPS]
    assert shop.data.wrong([ONE]) == []


def test_an_order_whose_customer_has_gone_is_finished_by_a_sweep() -> None:
    shop = ClusterShop()
    begin = shop.system.now
    shop.order(1, tries=1)
    shop.system.at(begin + 0.050, lambda: shop.crash("checkout"))
    shop.system.run(begin + 2)
    assert shop.data.wrong([ONE]) == [
        "still pending",
        "stock lost",
        "charged for nothing",
    ]
    assert len(shop.sweep()) == 1
    shop.system.run(begin + 4)
    assert shop.data.wrong([ONE]) == [] and shop.sweep() == []

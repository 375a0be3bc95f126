"""Sagas and what they are measured against: every crash, and messages lost and repeated.

The order that is wholly done or wholly undone: H. Garcia-Molina and K. Salem, "Sagas", SIGMOD 1987
(T1 ... Tn or T1 ... Tj Cj ... C1). Each promise is shown to fail when what keeps it is taken away.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel import host
from lab_kernel.errors import BadInput
from lab_kernel.microservices.saga.idempotency import (
    APART,
    DONE,
    MISUSED,
    NONE,
    REFUSED,
    TOGETHER,
    Message,
    Service,
)
from lab_kernel.microservices.saga.outbox import EVENT_FIRST, OUTBOX, ROW_FIRST, place
from lab_kernel.microservices.saga.saga import ORDER, next_move, saga, steps_of
from lab_kernel.microservices.saga.shop import STEPS, UNDO, Order, Shop
from lab_kernel.microservices.saga.store import Locked, Store
from lab_kernel.microservices.saga.transaction import apart, together
from lab_kernel.microservices.saga.two_phase import Coordinator
from lab_kernel.microservices.saga.wire import FATES, LATE, LOST, TWICE, UNANSWERED, Wire
from lab_kernel.microservices.saga.world import Crashed, World

ONE = Order(1)
SHOPS = {"enough": (10, 100), "sold out": (0, 100), "no money": (10, 20)}
MOST = 60  # more steps than any of them takes without a crash


def crashed(run: Callable[[World, Shop], object], crashes: Sequence[int], shop: Shop) -> World:
    """Run it, and start every database again after a crash from which it does not recover."""
    world = World(crashes)
    try:
        run(world, shop)
    except Crashed:
        shop.crash()
    return world


# The store, held against SQLite

changes = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.sampled_from(["", "commit", "abort"])),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(changes)
def test_what_is_left_after_a_crash_is_what_sqlite_has(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int, str]]
) -> None:
    """SQLite: a connection that ends without COMMIT leaves nothing behind."""
    file = Path(tmp_path_factory.mktemp("sqlite"), "db")
    base = sqlite3.connect(file, isolation_level=None)
    base.execute("CREATE TABLE rows (key TEXT PRIMARY KEY, value INTEGER)")
    store = Store("store")
    transaction = None
    for key, value, then in changes:
        if transaction is None:
            transaction = store.begin()
            base.execute("BEGIN")
        transaction.write(key, value)
        base.execute("INSERT OR REPLACE INTO rows VALUES (?, ?)", (key, value))
        inside = dict(base.execute("SELECT * FROM rows"))
        assert {name: transaction.read(name) for name in inside} == inside
        if then:
            transaction.commit() if then == "commit" else transaction.abort()
            base.execute("COMMIT" if then == "commit" else "ROLLBACK")
            transaction = None
    base.close()
    store.crash()
    after = sqlite3.connect(file)
    assert store.rows == dict(after.execute("SELECT * FROM rows"))
    after.close()
    assert not store.locks


def test_a_row_is_locked_until_the_transaction_is_over() -> None:
    store = Store("stock", {"left": 1})
    first = store.begin("first")
    first.write("left", 0)
    assert store.read("left") == 1 and first.read("left") == 0
    with pytest.raises(Locked) as caught:
        store.begin("second").read("left")
    assert (caught.value.key, caught.value.holder) == ("left", "first")
    first.commit()
    assert store.begin("second").read("left") == 0


# One database


@pytest.mark.parametrize("has", SHOPS.values(), ids=list(SHOPS))
def test_one_transaction_is_all_or_nothing_at_every_step(has: tuple[int, int]) -> None:
    for step in range(1, 8):
        shop = Shop(*has, one=True)
        crashed(lambda world, shop: together(world, shop, ONE), [step], shop)
        assert shop.wrong([ONE]) == []
        assert not shop.stores["orders"].locks


def test_without_one_a_crash_leaves_half_an_order() -> None:
    found = {}
    for step in range(1, 6):
        shop = Shop(one=True)
        crashed(lambda world, shop: apart(world, shop, ONE), [step], shop)
        found[step] = shop.wrong([ONE])
    assert found == {
        1: [],
        2: ["still pending"],
        3: ["still pending", "stock lost"],
        4: ["still pending", "stock lost", "charged for nothing"],
        5: [],  # it was over
    }
    shop = Shop(money=20, one=True)
    assert not apart(World(), shop, ONE)
    assert shop.wrong([ONE]) == ["still pending", "stock lost"]


# Two-phase commit


def two_phase(world: World, shop: Shop) -> Coordinator:
    coordinator = Coordinator(world, shop)
    world.survive(lambda: coordinator.run(ONE), coordinator.recover)
    return coordinator


@pytest.mark.parametrize("has", SHOPS.values(), ids=list(SHOPS))
def test_two_phase_commit_is_all_or_nothing_at_every_pair_of_crashes(has: tuple[int, int]) -> None:
    for crashes in [(), *combinations(range(1, 25), 1), *combinations(range(1, 25), 2)]:
        shop = Shop(*has)
        coordinator = two_phase(World(crashes), shop)
        assert shop.wrong([ONE]) == [], crashes
        placed = shop.seen(ONE)["order"] == "placed"
        assert placed == (coordinator.log.read(ONE.row) == "commit"), crashes
        assert not any(store.prepared or store.locks for store in shop.stores.values())


def test_two_phase_commit_holds_its_locks_while_the_coordinator_is_down() -> None:
    """Gray 1978: who has prepared is in doubt, and can neither commit nor abort by itself."""
    plain = World()
    two_phase(plain, Shop())
    [decides] = [e.time for e in plain.trace if e.name == "log commit"]
    shop = Shop()
    coordinator = Coordinator(World([decides]), shop)
    with pytest.raises(Crashed):
        coordinator.run(ONE)
    shop.crash()  # not even starting the databases again lets go of them
    for service, key in (("stock", "left"), ("payment", "money"), ("orders", ONE.row)):
        with pytest.raises(Locked):
            shop.stores[service].begin("somebody else").read(key)
    assert shop.wrong([ONE]) == []  # nothing is torn; it only stands still
    coordinator.recover()
    assert shop.stores["stock"].begin().read("left") == 10


# The saga

sequences = st.sampled_from([STEPS, ("create", "charge", "reserve", "confirm")])
fates = st.lists(st.sampled_from(FATES), max_size=12)
crashes = st.sets(st.integers(1, MOST), max_size=5)


def over(names: Sequence[str], log: Sequence[tuple[str, str]]) -> bool:
    """The paper's definition, of the names of what was done in the order in which it was."""
    done = [does for does, answer in log if answer == DONE]
    if all(answer == DONE for _does, answer in log):
        return done == list(names)
    j = len([does for does in done if does in names])
    back = [UNDO[name] for name in reversed(names[:j])]
    return log[j] == (names[j], REFUSED) and done == [*names[:j], *back]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(SHOPS.values())), sequences, fates, crashes)
def test_a_saga_comes_to_one_of_two_ends_whatever_happens(
    has: tuple[int, int], names: tuple[str, ...], fates: list[str], crashes: set[int]
) -> None:
    shop = Shop(*has)
    orders = [ONE]
    runs = saga(World(crashes), shop, ONE, fates=fates, names=names)
    log = runs.log.read(ONE)
    if log is None:  # it crashed before it had begun, and nobody has heard of the order
        assert shop.seen(ONE) == Shop(*has).seen(ONE)
        return
    assert over(names, log), log
    assert shop.wrong(orders) == []
    placed = shop.seen(ONE)["order"] == "placed"
    assert placed == (has == SHOPS["enough"])
    assert shop.seen(ONE)["till"] == (ONE.price if placed else 0)


def test_every_single_crash_of_a_saga() -> None:
    for has in SHOPS.values():
        plain = World()
        saga(plain, Shop(*has), ONE)
        for step in range(2, plain.steps + 1):
            shop = Shop(*has)
            saga(World([step]), shop, ONE)
            assert shop.wrong([ONE]) == [], step
            assert (shop.seen(ONE)["order"] == "placed") == (has == SHOPS["enough"])


def broken(**without: object) -> set[str]:
    """What goes wrong at some crash, or with some message, when this protection is missing."""
    found: set[str] = set()
    for has in SHOPS.values():
        for step in range(2, 40):
            shop = Shop(*has)
            saga(World([step]), shop, ONE, **without)
            found.update(shop.wrong([ONE]))
        for fate in FATES:
            for before in range(5):
                shop = Shop(*has)
                saga(World(), shop, ONE, fates=["arrives"] * before + [fate], **without)
                found.update(shop.wrong([ONE]))
    return found


def test_what_each_protection_keeps_away() -> None:
    assert broken() == set()
    assert broken(keys=NONE) == {"stock lost", "charged for nothing", "sold without stock"}
    assert broken(keys=APART) == {"stock lost", "charged for nothing", "sold without stock"}
    assert broken(durable=False) == {"still pending", "stock lost", "charged for nothing"}


@pytest.mark.parametrize(("fate", "till"), [(LOST, 30), (UNANSWERED, 60), (TWICE, 60), (LATE, 60)])
def test_a_customer_is_charged_twice_without_a_key(fate: str, till: int) -> None:
    before = ["arrives", "arrives"]  # create, reserve
    for keys, expected in ((NONE, till), (TOGETHER, 30)):
        shop = Shop()
        saga(World(), shop, ONE, fates=[*before, fate], keys=keys)
        assert shop.seen(ONE)["till"] == expected


def test_behind_the_pivot_a_saga_goes_forward_however_often_it_takes() -> None:
    shop, world = Shop(), World()
    before = ["arrives"] * 3  # create, reserve, charge
    log = saga(world, shop, ONE, fates=[*before, *[LOST, UNANSWERED] * 5]).log.read(ONE)
    assert [does for does, _answer in log] == list(STEPS)
    assert len(world.trace.where(name="send confirm")) == 11


def test_the_next_move_depends_on_the_log_alone() -> None:
    assert next_move(ORDER, []) == "create"
    assert next_move(ORDER, [("create", DONE), ("reserve", DONE)]) == "charge"
    log = [("create", DONE), ("reserve", DONE), ("charge", REFUSED)]
    assert next_move(ORDER, log) == "release"
    assert next_move(ORDER, [*log, ("release", DONE)]) == "cancel"
    assert next_move(ORDER, [*log, ("release", DONE), ("cancel", DONE)]) is None
    for names in permutations(STEPS):
        log = []
        while does := next_move(steps_of(names), log):
            log.append((does, DONE))
        assert over(names, log)


# Idempotency keys


def test_a_key_is_for_one_request() -> None:
    """draft-ietf-httpapi-idempotency-key-header: the same answer, or an error for another one."""
    store = Store("payment", {"money": 100, "till": 0})
    service = Service(World(), "payment", store)
    message = Message("k", "charge", ONE)
    assert [service.receive(message) for _time in range(3)] == [DONE] * 3
    assert store.read("money") == 70
    assert service.receive(Message("k", "charge", Order(1, price=31))) == MISUSED
    assert store.read("money") == 70 and not store.locks
    assert service.receive(Message("other", "charge", Order(2, price=80))) == REFUSED
    assert service.receive(Message("other", "charge", Order(2, price=80))) == REFUSED


def test_a_key_apart_from_the_change_is_lost_in_between() -> None:
    for step, charged in ((1, 30), (2, 60), (3, 30)):
        store = Store("payment", {"money": 100, "till": 0})
        service = Service(World([step]), "payment", store, keys=APART)
        message = Message("k", "charge", ONE)
        assert service.receive(message) is None  # it has crashed
        assert service.receive(message) == DONE
        assert store.read("till") == charged


def test_the_wire_refuses_fates_that_it_does_not_know() -> None:
    with pytest.raises(BadInput, match="fates"):
        Wire(World(), ["eaten"])


# The outbox


def events(how: str, crashes: Sequence[int]) -> tuple[bool, int]:
    """Whether the order is there, and how often its event."""
    store, broker = Store("orders"), list[str]()
    place(World(crashes), store, broker, ONE, how)
    return store.read(ONE.row) is not None, len(broker)


def test_two_writes_disagree_after_a_crash_and_the_outbox_does_not() -> None:
    assert [events(ROW_FIRST, [n]) for n in (1, 2, 3)] == [(False, 0), (True, 0), (True, 1)]
    assert [events(EVENT_FIRST, [n]) for n in (1, 2, 3)] == [(False, 0), (False, 1), (True, 1)]
    assert [events(OUTBOX, [n]) for n in (1, 2, 3, 4)] == [
        (False, 0),
        (True, 1),
        (True, 2),
        (True, 1),
    ]


@given(st.sets(st.integers(1, 30), max_size=8))
def test_the_relay_delivers_at_least_once(crashes: set[int]) -> None:
    there, times = events(OUTBOX, sorted(crashes))
    assert (times >= 1) == there and times <= 1 + len(crashes)


# SQLite, whose process was really killed: the recording that ships


@pytest.mark.parametrize(("name", "way"), [("apart", apart), ("together", together)])
def test_the_shop_holds_what_sqlite_held_after_kill_9(
    name: str, way: Callable[[World, Shop, Order], bool]
) -> None:
    lines = host.recording("transactions").data[name]["output"].splitlines()
    assert len(lines) == 5 + 2 * (name == "together")
    for line in lines:
        before, told = line.removeprefix("killed before ").split(" -> ")
        plain = World()
        way(plain, Shop(one=True), ONE)
        steps = [event.name for event in plain.trace]
        # SQLite's first statement is BEGIN, of which nobody can see anything.
        step = before.strip().replace("begin", "create")
        shop = Shop(one=True)
        at = steps.index(step) + 1 if step != "end" else len(steps) + 1
        crashed(lambda world, shop: way(world, shop, ONE), [at], shop)
        assert told == ", ".join(f"{key} {value}" for key, value in shop.seen(ONE).items())


@pytest.mark.parametrize("how", [ROW_FIRST, EVENT_FIRST, OUTBOX])
def test_the_events_are_as_many_as_after_kill_9(how: str) -> None:
    lines = host.recording("transactions").data[how.replace(" ", "-")]["output"].splitlines()
    told = [re.fullmatch(r".*order (\w+), event sent (\d)x", line) for line in lines]
    real = [(found[1] != "none", int(found[2])) for found in told if found]
    inside = 3 if how == OUTBOX else 0  # statements of the transaction before its COMMIT
    assert real[:inside] == [(False, 0)] * inside
    assert real[inside:] == [events(how, [n + 1]) for n in range(len(real) - inside)]

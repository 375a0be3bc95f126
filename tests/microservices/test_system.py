"""Services on the cluster: each call takes the whole way, and nothing else.

Expected times are added up by hand: HOP is 1 ms in each direction, a system call takes none.
"""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from lab_kernel.cloud_native.network import NOBODY, REFUSED, RESET, TIMEOUT
from lab_kernel.errors import BadInput
from lab_kernel.microservices.calls import OK, PLAIN, Asking, Call, Client, Policy
from lab_kernel.microservices.service import Exponential, Group, Service
from lab_kernel.microservices.system import System
from tests.cloud_native.published import wrong


def once(*services: Service, **settings: Any) -> tuple[int | None, int | None]:
    """One request to the first of them: its latency and status."""
    system = System(services, **settings)
    asked = system.ask(services[0].name)
    system.run(system.now + 5)
    return asked.latency, asked.status


def test_a_chain_adds_up() -> None:
    assert once(Service("a", 10)) == (12, OK)
    chain = Service("a", 10, calls=("b",)), Service("b", 20, calls=("c",)), Service("c", 30)
    assert once(*chain) == (10 + 20 + 30 + 3 * 2, OK)


def test_stages_one_after_another_and_calls_of_one_side_by_side() -> None:
    rest = Service("b", 20), Service("c", 30)
    assert once(Service("a", 10, calls=("b", "c")), *rest) == (2 + 10 + 22 + 32, OK)
    assert once(Service("a", 10, calls=(("b", "c"),)), *rest) == (2 + 10 + 32, OK)
    assert once(Service("a", 10, calls=(("b", "c"), 7)), *rest) == (2 + 10 + 32 + 7, OK)


def test_one_worker_lets_the_next_wait_and_two_do_not() -> None:
    for workers, second in ((1, 22), (2, 12)):
        system = System([Service("a", 10, workers=workers)])
        asked = [system.ask("a"), system.ask("a")]
        system.run(system.now + 1)
        assert [each.latency for each in asked] == [12, second]
        waited = [e.details["waited"] for e in system.trace.where(track="span/a", kind="server")]
        assert waited == [0, second - 12]


@pytest.mark.parametrize(("queue", "answered"), [(0, 2), (1, 3), (3, 5)])
def test_more_than_the_queue_holds_are_answered_503_at_once(queue: int, answered: int) -> None:
    system = System([Service("a", 10, workers=2, queue=queue)])
    asked = [system.ask("a") for _n in range(7)]
    system.run(system.now + 1)
    statuses = [each.status for each in asked]
    assert statuses == [200] * answered + [503] * (7 - answered)
    assert {each.latency for each in asked[answered:]} == {2}


class Twice(Policy):
    """Until it is answered, at most twice, with a pause that is remembered."""

    def ask(self, client: Client) -> Asking:
        status = yield from client.ask()
        if status != OK:
            client.memory["again"] = client.memory.get("again", 0) + 1
            yield from client.sleep(50)
            status = yield from client.ask(timeout=None)
        return status


class Hedge(Policy):
    """A second try when the first has not been answered after 15 ms; the first answer counts."""

    def ask(self, client: Client) -> Asking:
        first = yield from client.send()
        timer = yield from client.wake(15)
        ticket, status = yield from client.end(first, timer)
        if ticket == timer:
            second = yield from client.send()
            ticket, status = yield from client.end(first, second)
        return status


@pytest.mark.parametrize("outside", [True, False])
def test_a_policy_is_the_same_in_a_program_and_outside(outside: bool) -> None:
    call = Call("b", timeout=100, policy=Twice())
    system = System([Service("a", 0, calls=(call,)), Service("b", 10, fails=1.0)])
    asked = system.ask(call if outside else "a")
    system.run(system.now + 1)
    assert asked.latency == 12 + 50 + 12 + (0 if outside else 2)
    assert asked.status == (500 if outside else 502)
    tries = system.trace.where(track="span/client" if outside else "span/a", name="b")
    assert [event.details["tries"] for event in tries] == [1, 2]


@pytest.mark.parametrize("outside", [True, False])
def test_a_hedge_waits_for_the_first_of_two(outside: bool) -> None:
    """b works 40 ms for the first request and none for the second: it has two workers."""
    works = iter([40, 0, 0, 0])
    call = Call("b", policy=Hedge())
    system = System(
        [Service("a", 0, calls=(call,)), Service("b", lambda _: next(works), workers=2)]
    )
    asked = system.ask(call if outside else "a")
    system.run(system.now + 1)
    assert (asked.latency, asked.status) == (15 + 2 + (0 if outside else 2), OK)
    again = system.ask(call if outside else "a")  # the loser's answer disturbs nobody
    system.run(system.now + 1)
    assert (again.latency, again.status) == (2 + (0 if outside else 2), OK)


def test_what_a_caller_hears_when_there_is_no_answer() -> None:
    slow = Service("a", 1, calls=(Call("b", timeout=30),)), Service("b", 100)
    assert once(*slow) == (2 + 1 + 30, 504)
    system = System([Service("a", 1, calls=("b",)), Service("b", 500)])
    b = system.cluster.pods("b")[0]
    asked = [system.ask("a"), system.ask(Call("b"))]
    system.at(system.now + 0.1, lambda: system.cluster.crash_container(b.metadata.name))
    system.run(system.now + 0.2)
    assert [each.status for each in asked] == [502, RESET]
    system.change("b", replicas=0)
    system.run(system.now + 3)
    gone = system.ask(Call("b"))
    system.run(system.now + 1)
    assert gone.status == NOBODY and gone.latency == 0
    system = System([Service("a", 1)])
    node = system.cluster.pods("a")[0].spec.node_name
    assert node is not None
    system.cluster.fail_node(node)
    asked = [system.ask(Call("a", timeout=200)), system.ask(Call("a"))]
    system.run(system.now + 5)
    assert [each.status for each in asked] == [TIMEOUT, None]
    assert REFUSED not in (RESET, TIMEOUT, NOBODY)


def test_a_pod_that_is_cut_off_hears_nobody_and_the_rest_goes_on() -> None:
    system = System([Service("a", 1, calls=(Call("b", timeout=50),)), Service("b", 1, replicas=3)])
    here = system.cluster.pods("a")[0].spec.node_name
    assert here is not None
    system.cluster.partition(here)
    asked = system.ask(Call("a", timeout=100))
    system.run(system.now + 1)
    assert asked.status == TIMEOUT  # and it does not reach b on other nodes either
    system.cluster.heal()
    asked = system.ask("a")
    system.run(system.now + 1)
    assert asked.status == OK


@pytest.mark.parametrize(
    ("group", "status"),
    [
        (Group("good", "bad"), 502),
        (Group("good", "bad", needs=1), 200),
        (Group("bad", "bad2", "good", needs=2), 502),
        (Group("bad", "bad2", needs=0), 200),
        (Group("good", Call("bad", optional=True)), 200),
        (Group(Call("slow", timeout=5)), 504),
        (Group(Call("slow", timeout=5), "bad"), 502),
    ],
)
def test_what_a_group_needs(group: Group, status: int) -> None:
    others = Service("good", 1), Service("bad", 1, fails=1), Service("bad2", 1, fails=1)
    assert once(Service("a", 1, calls=(group,)), *others, Service("slow", 50))[1] == status


def test_every_call_is_made_by_system_calls() -> None:
    system = System([Service("a", 1, calls=("b",)), Service("b", 1)], nodes=1, kernel=True)
    system.ask("a")
    system.run(system.now + 1)
    calls = [
        event.details["result"]
        for event in system.cluster.hosts["node-1"].traces[0].where(kind="syscall", name="read")
    ]
    assert len(calls) == 3  # a's request, b's, and the answer of b


def test_a_trace_goes_through_all_of_it_and_is_the_same_each_time() -> None:
    def spans() -> list[tuple[str, str, str]]:
        services = [Service("a", 5, calls=(("b", "c"),)), Service("b", 5, calls=("c",))]
        system = System([*services, Service("c", Exponential(5), replicas=2)], seed=3)
        system.ask("a")
        system.run(system.now + 1)
        return [
            (e.details["trace"], e.details["span"], e.details["parent"])
            for e in system.trace.where(lambda e: e.track.startswith("span/"))
        ]

    found = spans()
    assert found == spans() and len(found) == 8
    assert len({trace for trace, _span, _parent in found}) == 1
    ids = {span for _trace, span, _parent in found}
    assert len(ids) == 8 and {parent for *_ids, parent in found} - ids == {""}


def test_only_a_share_of_the_requests_is_traced() -> None:
    system = System([Service("a", 1, workers=4)], traced=0.25)
    system.load("a", 50, end=system.now + 8)
    system.run(system.now + 10)
    spans = system.trace.where(track="span/a")
    assert 0.15 < len(spans) / len(system.requests) < 0.35
    assert len(system.trace.where(track="load/a")) == len(system.requests) == len(system.answered)


def test_a_service_changes_while_it_runs() -> None:
    system = System([Service("a", 5)])
    begin = system.now
    system.at(begin + 1, lambda: system.change("a", work=50))
    for second in (0.5, 1.5):
        system.at(begin + second, lambda: system.ask("a"))
    system.run(begin + 3)
    assert system.latencies() == [7, 52]


def test_the_manifests_are_valid_for_a_real_cluster() -> None:
    system = System([Service("a", calls=("b",), replicas=2), Service("b")])
    things = list(YAML(typ="safe").load_all(system.manifest()))
    assert [each["kind"] for each in things] == ["Deployment", "Service"] * 2
    assert [problem for each in things for problem in wrong(each)] == []


@pytest.mark.parametrize(
    "broken",
    [
        lambda: System([]),
        lambda: System([Service("a", calls=("b",))]),
        lambda: System([Service("a", calls=("b",)), Service("b", calls=("a",))]),
        lambda: System([Service("a", replicas=9)], nodes=1, cpu="500m"),
        lambda: System([Service("a")]).ask("b"),
        lambda: System([Service("a")]).change("b", work=1),
        lambda: System([Service("a")]).change("a", calls=("a",)),
        lambda: System([Service("a")]).load("a", 0, end=10),
        lambda: System([Service("a")]).load("a", 1, begin=0, end=10),
        lambda: Service("a", workers=0),
        lambda: Service("a", work=-1),
        lambda: Service("a", fails=1.5),
        lambda: Group("a", needs=2),
        lambda: Call("a", timeout=0),
    ],
)
def test_bad_input(broken: Any) -> None:
    with pytest.raises(BadInput):
        broken()


def test_the_plain_policy_tries_once() -> None:
    assert Call("a").policy is PLAIN
    assert once(Service("a", 1, calls=("b",)), Service("b", 1, fails=1)) == (6, 502)

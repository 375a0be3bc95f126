"""From spans to the critical path.

Oracles: the test cases of Jaeger's critical path (jaegertracing/jaeger-ui, CriticalPath/testCases,
numbers 1, 2, 4 and 6 to 9: spans and sections as they stand there), and the simulated cluster
itself: what is on the path makes a request quicker when it gets quicker, what is not does not.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.microservices.bench import request
from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.service import Service, Stage
from lab_kernel.microservices.shop import shop
from lab_kernel.microservices.system import System
from lab_kernel.microservices.tracing.critical import critical_path, spent
from lab_kernel.microservices.tracing.rows import picture, rows, text
from lab_kernel.microservices.tracing.tree import Node, grow, trees

JAEGER = {  # span: (parent, start, duration); sections from the end backwards
    1: (
        {"C": ("", 1, 100), "D": ("C", 20, 20), "E": ("C", 50, 10)},
        [("C", 60, 101), ("E", 50, 60), ("C", 40, 50), ("D", 20, 40), ("C", 1, 20)],
    ),
    2: (
        {"X": ("", 1, 100), "A": ("X", 10, 40), "C": ("X", 20, 40)},
        [("X", 60, 101), ("C", 20, 60), ("X", 1, 20)],
    ),
    4: (
        {"A": ("", 1, 30), "B": ("A", 40, 40), "C": ("B", 50, 10)},
        [("A", 1, 31)],
    ),
    6: (
        {"A": ("", 1, 29), "B": ("A", 15, 20), "C": ("B", 10, 15)},
        [("B", 25, 30), ("C", 15, 25), ("A", 1, 15)],
    ),
    7: (
        {"A": ("", 1, 29), "B": ("A", 15, 20), "C": ("B", 20, 20)},
        [("C", 20, 30), ("B", 15, 20), ("A", 1, 15)],
    ),
    8: ({"A": ("", 10, 20), "B": ("A", 5, 30)}, [("B", 10, 30)]),
    9: ({"A": ("", 10, 20), "B": ("A", 1, 4)}, [("A", 10, 30)]),
}


@pytest.mark.parametrize("number", JAEGER)
def test_jaegers_cases(number: int) -> None:
    spans, sections = JAEGER[number]
    (root,) = grow(
        Node("t", name, parent, "service", "", "internal", name, start, start + duration)
        for name, (parent, start, duration) in spans.items()
    )
    found = [(each.node.name, each.begin, each.end) for each in critical_path(root)]
    assert found == sections[::-1]


@pytest.mark.parametrize(("end", "before"), [(49, "XAX"), (50, "XA"), (51, "X"), (53, "X")])
def test_a_call_that_ends_while_the_next_is_open_ran_beside_it(end: int, before: str) -> None:
    """A from 10 on, then C from 50 to 90: even a millisecond together makes them parallel."""
    spans = {"X": ("", 0, 100), "A": ("X", 10, end), "C": ("X", 50, 90)}
    (root,) = grow(
        Node("t", name, parent, "service", "", "internal", name, first, last)
        for name, (parent, first, last) in spans.items()
    )
    assert "".join(each.node.name for each in critical_path(root)) == before + "CX"


@st.composite
def declared(draw: st.DrawFn) -> list[Service]:
    """Up to seven services, each asked by one before it, one after another or side by side."""
    number = draw(st.integers(1, 6))
    callers: dict[int, list[int]] = {n: [] for n in range(number + 1)}
    for called in range(1, number + 1):
        callers[draw(st.integers(0, called - 1))].append(called)
    services = []
    for n, called in callers.items():
        stages: list[Stage] = [f"s{each}" for each in called]
        if len(called) > 1 and draw(st.booleans()):
            stages = [tuple(f"s{each}" for each in called)]
        # works that add up to a different time for every set of services: no ties
        services.append(Service(f"s{n}", 10 + 3**n, calls=tuple(stages)))
    return services


@settings(max_examples=25, deadline=None)
@given(declared())
def test_only_what_is_on_the_path_makes_a_request_quicker(services: list[Service]) -> None:
    root = request(services)
    path = critical_path(root)
    assert path[0].begin == root.begin and path[-1].end == root.end
    assert all(before.end == after.begin for before, after in pairwise(path))
    on_it = {each.service for each in path if each.what == "work"}
    for service in services:
        quicker = [
            replace(each, work=each.work - 1) if each is service else each  # type: ignore[operator]
            for each in services
        ]
        assert (request(quicker).duration < root.duration) == (service.name in on_it), service.name


def test_each_millisecond_of_a_row_is_one_thing() -> None:
    root = request(shop())
    for row in rows(root):
        assert all(before[1] == after[0] for before, after in pairwise(row.parts))
        assert (row.parts[0][0], row.parts[-1][1]) == (row.node.begin, row.node.end)
    named = {row.service: row for row in rows(root)}
    assert [row.depth for row in rows(root)] == [0, 1, 2, 1, 1, 1, 2]
    assert named["fraud"].depth == 2 and named["fraud"].node.name == "fraud"
    assert [what for *_times, what in named["cart"].parts] == ["network", "work", "asks", "network"]
    covered = sum(end - begin for row in rows(root) for begin, end in row.critical)
    assert covered == root.duration


def test_the_queue_is_its_owners() -> None:
    few = [replace(each, workers=1 if each.name == "payments" else 8) for each in shop()]
    system = System(few)
    for _request in range(3):
        system.ask("shop")
    system.run(system.now + 1)
    first, _second, third = trees(system.trace)
    assert not any(what == "waiting" for _service, what in spent(critical_path(first)))
    waited = spent(critical_path(third))
    assert waited["payments", "waiting"] > 0 and ("shop", "waiting") not in waited
    parts = {row.service: row.parts for row in rows(third)}
    assert any(what == "waiting" for *_times, what in parts["payments"])
    assert sum(waited.values()) == third.duration


def test_what_goes_on_when_nobody_waits() -> None:
    root = request(
        [Service("a", 1, calls=(Call("b", timeout=20, optional=True),)), Service("b", 50)]
    )
    row = rows(root)[1]
    assert row.node.failed and row.node.duration == 20
    assert row.parts[-1] == (row.node.end, row.node.begin + 51, "wasted")
    assert root.duration == 2 + 1 + 20
    drawn = picture(root, "One request", "what it shows")
    assert "fails" in drawn.svg and "critical path" in drawn.svg
    told = text(root)
    assert [line[0] for line in told] == ["a", "  b"] and told[1][1].endswith("!")
    # nobody waits for it any more when it begins
    system = System([Service("a", 1, workers=2, calls=(Call("b", timeout=20),)), Service("b", 50)])
    system.ask("a")
    system.ask("a")
    system.run(system.now + 1)
    late = rows(trees(system.trace)[1])[1]
    assert [what for *_times, what in late.parts] == ["network", "waiting", "wasted"]


def test_what_cannot_be_put_into_a_tree() -> None:
    def node(span: str, parent: str) -> Node:
        return Node("t", span, parent, "s", "", "internal", span, 0, 1)

    assert len(grow([node("a", "gone"), node("b", "a")])) == 1
    with pytest.raises(BadInput, match="two spans"):
        grow([node("a", ""), node("a", "")])
    with pytest.raises(BadInput, match="circle"):
        grow([node("r", ""), node("a", "b"), node("b", "a")])


def test_a_trace_that_began_elsewhere_has_a_root_all_the_same() -> None:
    def spans(**details: Any) -> Node:
        return Node("t", "a", "b" * 16, "s", "", "server", "s", 5, 9, **details)

    (root,) = grow([spans(waited=3)])
    assert [each.what for each in critical_path(root)] == ["work"]
    assert [what for *_times, what in rows(root)[0].parts] == ["work"]

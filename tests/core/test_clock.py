from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.clock import Clock


@given(st.lists(st.integers(0, 20)))
def test_actions_run_by_time_and_then_in_the_order_scheduled(times: list[int]) -> None:
    clock = Clock()
    ran: list[tuple[int, int]] = []
    for number, time in enumerate(times):
        clock.at(time, lambda time=time, number=number: ran.append((time, number)))
    clock.run()
    assert ran == sorted(ran)
    assert len(ran) == len(times)


def test_an_action_may_schedule_another_at_the_same_instant() -> None:
    clock = Clock()
    ran: list[str] = []
    clock.at(5, lambda: (ran.append("first"), clock.after(0, lambda: ran.append("then")))[0])
    clock.at(5, lambda: ran.append("second"))
    clock.run()
    assert ran == ["first", "second", "then"]
    assert clock.now == 5


def test_run_until_leaves_what_is_later_and_time_stands_there() -> None:
    clock = Clock()
    ran: list[int] = []
    for time in (1, 2, 3):
        clock.at(time, lambda time=time: ran.append(time))
    clock.run(until=2)
    assert (ran, clock.now) == ([1, 2], 2)
    clock.run(until=10)
    assert (ran, clock.now) == ([1, 2, 3], 10)


def test_the_past_is_refused() -> None:
    clock = Clock()
    clock.run(until=7)
    with pytest.raises(ValueError, match="has passed"):
        clock.at(6, lambda: None)


def test_a_seed_is_the_only_source_of_chance() -> None:
    draws = [[Clock(seed).random.random() for _ in range(3)] for seed in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]

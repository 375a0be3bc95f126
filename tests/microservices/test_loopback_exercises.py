"""The problems of the chapter on real services: right, wrong with the reason, worked out again."""

from __future__ import annotations

import math
import re

import pytest

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

NAMES = [f"microservices/loopback/{n}" for n in ("backlog", "capacity", "drain", "workers")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-1, 1, 7, 10_000)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


@pytest.mark.parametrize("seed", range(0, 100, 7))
def test_second_by_second(seed: int) -> None:
    """The backlog and its end, by stepping through the seconds."""
    rate, workers, seconds, slow = numbers(draw("microservices/loopback/backlog", seed).prompt)
    waiting = 0
    for _second in range(seconds):
        waiting += rate - workers * 1000 // slow
    assert waiting == draw("microservices/loopback/backlog", seed).answer

    problem = draw("microservices/loopback/drain", seed)
    waiting, can, rate = numbers(problem.prompt)
    second = 0
    while waiting > 0:
        waiting, second = waiting + rate - can, second + 1
    assert second == problem.answer


def test_pools_of_workers() -> None:
    for seed in range(100):
        problem = draw("microservices/loopback/capacity", seed)
        workers, own, asked = numbers(problem.prompt)
        assert problem.answer == math.floor(workers / ((own + asked) / 1000) + 1e-9)
        problem = draw("microservices/loopback/workers", seed)
        own, timeout, rate = numbers(problem.prompt)
        assert problem.answer == math.ceil(rate * (own + timeout) / 1000)

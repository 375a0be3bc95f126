"""The problems of the chapter on queues: right, wrong with the reason, worked out again."""

from __future__ import annotations

import math
import re

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

NAMES = [f"microservices/queueing/{n}" for n in ("little", "lost", "servers", "variation", "wait")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-1, 1, 6, 100_000)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"\d+(?:\.\d+)?", text)]


def test_the_wait_from_the_text() -> None:
    for seed in range(100):
        problem = draw("microservices/queueing/wait", seed)
        rate, work, *_rest = numbers(problem.prompt)
        # as 1 / (mu - lambda) - 1 / mu, another way to write it
        speed = 1000 / work
        assert problem.answer == round(1000 * (1 / (speed - rate) - 1 / speed))


def test_losses_by_the_sum_instead_of_the_recursion() -> None:
    """Erlang B as the fraction with factorials."""
    for seed in range(100):
        problem = draw("microservices/queueing/lost", seed)
        servers, rate, work, *_rest = numbers(problem.prompt)
        offered, servers = rate * work / 1000, int(servers)
        terms = [offered**n / math.factorial(n) for n in range(servers + 1)]
        assert problem.answer == round(1000 * terms[-1] / sum(terms))


def test_fewest_servers_by_trying() -> None:
    for seed in range(100):
        problem = draw("microservices/queueing/servers", seed)
        rate, work, target, spare, *_rest = numbers(problem.prompt)
        servers = 1
        while rate * work / 1000 / servers > target / 100 + 1e-12:
            servers += 1
        assert problem.answer == servers + spare

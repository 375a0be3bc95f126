"""The problems of the chapter on autoscaling: right, wrong with the reason, worked out again."""

from __future__ import annotations

import math
import re

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

NAMES = [f"cloud-native/autoscaling/{n}" for n in ("nodes", "policy", "rule", "unready", "window")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-3, -1, 1, 2, 60)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def test_the_rule_worked_out_from_the_text() -> None:
    stays = 0
    for seed in range(100):
        problem = draw("cloud-native/autoscaling/rule", seed)
        replicas, use, target, _tolerance = numbers(problem.prompt)
        within = 9 * target <= 10 * use <= 11 * target
        stays += within
        assert problem.answer == (replicas if within else math.ceil(replicas * use / target))
    assert 10 < stays < 60


def test_the_highest_within_the_window() -> None:
    for seed in range(100):
        problem = draw("cloud-native/autoscaling/window", seed)
        _start, *rest, length, now = numbers(problem.prompt)
        asked = list(zip(rest[::2], rest[1::2], strict=True))
        assert problem.answer == max(w for time, w in asked if time > now - length)


def test_nodes_worked_out_from_the_text() -> None:
    for seed in range(100):
        problem = draw("cloud-native/autoscaling/nodes", seed)
        pending, cpu, size, there, coming, most = numbers(problem.prompt)
        needs = math.ceil(pending / (size // cpu))
        assert problem.answer == min(needs - coming, most - there - coming)


def test_growth_step_by_step() -> None:
    for seed in range(100):
        problem = draw("cloud-native/autoscaling/policy", seed)
        current, wanted, _every, _per, pods, percent, rounds = numbers(problem.prompt)
        choose = min if "selectPolicy: Min" in problem.prompt else max
        for _n in range(rounds):
            share = current + math.ceil(current * percent / 100)
            current = min(wanted, choose(current + pods, share))
        assert problem.answer == current

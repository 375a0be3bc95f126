"""The problems of the chapter on placement: right, wrong with the reason, worked out again."""

from __future__ import annotations

import math
import re
from collections import Counter

from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.cloud_native.placement.pending import WORDS
from tests.graded import Graded

NAMES = [f"cloud-native/placement/{n}" for n in ("chosen", "machines", "pending", "score", "skew")]


def wrong_ones(problem: Problem) -> list[object]:
    kind = problem.name.rsplit("/", 1)[-1]
    words = {"pending": WORDS, "chosen": tuple("abcd")}
    if kind in words:
        return [word for word in words[kind] if word != problem.answer]
    return [problem.answer + off for off in (-4, -2, -1, 1, 3, 50)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text)]


def test_the_points_worked_out_from_the_text() -> None:
    for seed in range(100):
        problem = draw("cloud-native/placement/score", seed)
        cpu, memory, used_cpu, used_memory, own_cpu, own_memory = numbers(problem.prompt)
        used = (used_cpu + own_cpu, used_memory + own_memory)
        if "LeastAllocated" in problem.prompt:
            used = (cpu - used[0], memory - used[1])
        assert problem.answer == (used[0] * 100 // cpu + used[1] * 100 // memory) // 2


def test_a_full_node_is_never_chosen_and_the_other_policy_is_recognised() -> None:
    told = Counter[str]()
    for seed in range(50):
        problem = draw("cloud-native/placement/chosen", seed)
        for letter in "abcd":
            told.update(re.findall("no room|would choose", problem.check(letter).message))
    assert told["no room"] >= 50 and told["would choose"] >= 50


def test_every_reason_occurs() -> None:
    found = Counter(draw("cloud-native/placement/pending", seed).answer for seed in range(100))
    assert set(found) == set(WORDS)


def test_nodes_worked_out_from_the_text() -> None:
    for seed in range(100):
        problem = draw("cloud-native/placement/machines", seed)
        count, cpu, memory, has_cpu, has_memory, most = numbers(problem.prompt)
        each = min(has_cpu // cpu, has_memory // memory, most)
        assert problem.answer == math.ceil(count / each)


def test_the_skew_counted_by_hand() -> None:
    for seed in range(100):
        problem = draw("cloud-native/placement/skew", seed)
        limit, *rest = numbers(problem.prompt)
        zones = [[there, room] for _n, there, room in zip(*[iter(rest)] * 3, strict=True)]
        placed = 0
        while True:
            least = min(there for there, _room in zones)
            fits = [z for z in zones if z[1] and z[0] + 1 - least <= limit]
            if not fits:
                break
            zone = min(fits)
            zone[0], zone[1], placed = zone[0] + 1, zone[1] - 1, placed + 1
        assert problem.answer == placed

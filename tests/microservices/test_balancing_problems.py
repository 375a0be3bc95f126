"""The graded problems of the chapter on load balancing."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

ROOM = "microservices/balancing/"
NAMES = [ROOM + kind for kind in ("allowed", "fanout", "hedge", "longest", "merged")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-2, -1, 1, 2, 10, 1000)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", text.replace(",0", "0"))]


def test_there_are_many() -> None:
    for name in NAMES:
        assert len({draw(name, seed).prompt for seed in range(100)}) > 20, name


def test_fanout_in_fractions() -> None:
    for seed in range(100):
        problem = draw(ROOM + "fanout", seed)
        slow, _thousand, leaves = numbers(problem.prompt)[:3]
        exact = 1000 * (1 - (1 - Fraction(slow, 1000)) ** leaves)
        assert abs(problem.answer - exact) <= Fraction(1, 2)
        assert "twice" in problem.check(slow * leaves).message


def test_allowed_is_the_last_that_keeps_the_promise() -> None:
    for seed in range(100):
        problem = draw(ROOM + "allowed", seed)
        percent, leaves = numbers(problem.prompt)[:2]
        kept = [
            (1 - Fraction(problem.answer + more, 1_000_000)) ** leaves >= Fraction(percent, 100)
            for more in (0, 1)
        ]
        assert kept == [True, False], seed


def test_merged_by_sorting() -> None:
    for seed in range(100):
        problem = draw(ROOM + "merged", seed)
        lists = [list(map(int, row[3:].split())) for row in problem.prompt.split("\n")[1:3]]
        both = sorted(lists[0] + lists[1])
        assert problem.answer == both[math.ceil(0.9 * len(both) - 1e-9) - 1]
        alone = [row[math.ceil(0.9 * len(row) - 1e-9) - 1] for row in lists]
        assert "means nothing" in problem.check(round(sum(alone) / 2)).message


def test_hedge_event_by_event() -> None:
    for seed in range(100):
        problem = draw(ROOM + "hedge", seed)
        rows = problem.prompt.split("\n")
        first = numbers(rows[0].partition(":")[2])
        after, *second = numbers(rows[1])
        had: set[int] = set()
        moment = 0
        while len(had) < 6:
            moment += 1
            for n in range(6):
                if first[n] == moment or (first[n] > after and after + second[n] == moment):
                    had.add(n)
        assert problem.answer == moment, seed
        assert "without second" in problem.check(max(first)).message


def test_longest_by_hand() -> None:
    seen = set()
    for seed in range(100):
        problem = draw(ROOM + "longest", seed)
        listed = dict(re.findall(r"\b([A-F]) (\d)", problem.prompt))
        lengths = {name: int(n) for name, n in listed.items()}
        old = dict(lengths)
        fresh = "every moment" in problem.prompt
        for a, b in re.findall(r"\b([A-F])([A-F])\b", problem.prompt):
            by = lengths if fresh else old
            lengths[b if by[b] < by[a] else a] += 1
        name = problem.prompt.rpartition("does ")[2][0]
        assert problem.answer == lengths[name], seed
        seen.add(fresh)
    assert seen == {True, False}

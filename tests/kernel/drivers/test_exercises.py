"""The chapter's problems: right, wrong with the reason, and worked out a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

SEEDS = range(100)
NAMES = [
    "kernel/drivers/cpu-time",
    "kernel/drivers/distance",
    "kernel/drivers/halves",
    "kernel/drivers/next-request",
    "kernel/drivers/overrun",
    "kernel/drivers/polling",
]


def drawn(name: str) -> Iterator[tuple[Problem, list[int]]]:
    """A hundred problems, each with the whole numbers of its prompt."""
    for seed in SEEDS:
        problem = draw(f"kernel/drivers/{name}", seed)
        yield (
            problem,
            [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*\d|\d", problem.prompt)],
        )


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("halves"):
        return [each for each in ("a", "bcd", "abcde", "f") if each != problem.answer]
    near = problem.answer
    return [near + off for off in (-8, -1, 1, 4, 100)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def way(rule: str, head: int, asked: list[int]) -> list[int]:
    """The head's way upwards first, with sorted lists and nothing else."""
    above = sorted(c for c in asked if c > head)
    below = sorted(c for c in asked if c < head)
    if rule == "FCFS":
        return [head, *asked]
    if rule == "LOOK":
        return [head, *above, *reversed(below)]
    if rule == "SCAN":
        return [head, *above, 199, *reversed(below)]
    if rule == "C-LOOK":
        return [head, *above, *below]
    path, left = [head], list(asked)
    while left:
        path.append(min(left, key=lambda c: abs(c - path[-1])))
        left.remove(path[-1])
    return path


def rule_of(problem: Problem) -> str:
    return problem.prompt.splitlines()[1].split(":")[0]


def test_distances_added_up_again() -> None:
    rules, recognised = set(), 0
    for problem, (head, _zero, _last, *rest) in drawn("distance"):
        rule, asked = rule_of(problem), rest[:6]
        rules.add(rule)
        path = way(rule, head, asked)
        assert problem.answer == sum(abs(b - a) for a, b in pairwise(path))
        fcfs = sum(abs(b - a) for a, b in pairwise(way("FCFS", head, asked)))
        if rule != "FCFS":
            assert "under FCFS" in problem.check(fcfs).message
            recognised += 1
    assert rules == {"FCFS", "SSTF", "SCAN", "LOOK", "C-LOOK"} and recognised > 50


def test_the_next_request_found_again() -> None:
    for problem, (head, *rest) in drawn("next-request"):
        asked, rule = rest[:5], rule_of(problem)
        up = "upwards." in problem.prompt.splitlines()[0]
        if rule in ("LOOK", "SSTF", "FCFS") and not up:  # as in a mirror
            answer = 199 - way(rule, 199 - head, [199 - c for c in asked])[1]
        else:
            answer = way(rule, head, asked)[1]
        assert problem.answer == answer
        assert "stands already" in problem.check(head).message
        if rule != "FCFS":
            assert "came first" in problem.check(asked[0]).message
        assert "Nobody asks" in problem.check(next(c for c in range(5) if c not in asked)).message


def test_cpu_time_added_up_again() -> None:
    kinds = set()
    for problem, numbers in drawn("cpu-time"):
        pio = problem.prompt.startswith("A PIO")
        kinds.add(pio)
        if pio:
            _bytes, _bits, access, orders, halves, blocks = numbers
            assert problem.answer == blocks * (orders * access + 256 * access + halves)
            assert "256 words" in problem.check(blocks * ((orders + 512) * access + halves)).message
        else:
            blocks, orders, access, halves, _again = numbers
            assert problem.answer == blocks * orders * access + halves
            assert "itself" in problem.check(blocks * (orders + 256) * access + halves).message
    assert kinds == {True, False}


def test_the_cheaper_way_found_again() -> None:
    looked = 0
    for problem, (window, events, interval, look, interrupt, _again) in drawn("polling"):
        polls, told = window // interval * look, events * interrupt
        assert problem.answer == min(polls, told)
        looked += polls < told
        assert "dearer" in problem.check(max(polls, told)).message
        assert "whether or not" in problem.check(events * look).message
    assert 20 < looked < 80


def test_lost_bytes_counted_one_by_one() -> None:
    none = 0
    for problem, (fifo, gap, _first, away) in drawn("overrun"):
        waiting = lost = 0
        for tick in range(1, away + 1):
            if tick % gap == 0:
                lost += waiting == fifo
                waiting = min(fifo, waiting + 1)
        assert problem.answer == lost
        none += lost == 0
        if lost:
            assert "found room" in problem.check(away // gap).message
    assert 5 < none < 40


def test_halves_are_told_apart() -> None:
    top = ("status", "FIFO", "which of two", "note")
    for problem, _numbers in drawn("halves"):
        works = dict(re.findall(r"^([a-e])\) (.*)$", problem.prompt, re.M))
        assert len(works) == 5
        answer = "".join(k for k, what in works.items() if any(word in what for word in top))
        assert problem.answer == answer and problem.check(", ".join(answer))
        wrong = "".join(sorted(set("abcde") - set(answer)))
        assert re.search("belongs into the (top|bottom) half", problem.check(wrong).message)
        assert "no such letter" in problem.check(answer + "f").message

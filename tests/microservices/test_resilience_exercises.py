"""The graded problems of the chapter on resilience."""

from __future__ import annotations

import math
import re
from math import prod

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

ROOM = "microservices/resilience/"
NAMES = [ROOM + kind for kind in ("breaker", "charges", "layers", "pause", "stuck", "tokens")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-2, -1, 1, 2, 10)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", text)]


def test_layers_multiply() -> None:
    for seed in range(100):
        problem = draw(ROOM + "layers", seed)
        limits = numbers(problem.prompt)
        assert problem.answer == prod(limits)
        if sum(limits) != prod(limits):
            assert "do not add up" in problem.check(sum(limits)).message


def test_pauses_by_the_formula_of_a6() -> None:
    """min(initialBackoff * backoffMultiplier^(n-1), maxBackoff); equal jitter's least is half."""
    for seed in range(100):
        problem = draw(ROOM + "pause", seed)
        base, multiplier, cap, n = numbers(problem.prompt)
        ceiling = min(base * multiplier ** (n - 1), cap)
        assert problem.answer == (ceiling // 2 if "equal" in problem.prompt else ceiling)
        if base * multiplier ** (n - 1) > cap and "equal" not in problem.prompt:
            uncapped = problem.check(base * multiplier ** (n - 1)).message
            assert "does not grow beyond" in uncapped


def test_charges_by_hand() -> None:
    """Without a key every try that arrived charges; with one, the first that its store saw."""
    for seed in range(100):
        problem = draw(ROOM + "charges", seed)
        tries = re.findall(r"^try \d+, pod (\d): (.*)$", problem.prompt, re.M)
        done = [pod for pod, end in tries if "refused" not in end and "503" not in end]
        if "no key" in problem.prompt:
            assert problem.answer == len(done)
        else:
            assert problem.answer == (1 if "one store" in problem.prompt else len(set(done)))
        if problem.answer < len(tries) and "no key" in problem.prompt:
            assert "charged nothing" in problem.check(len(tries)).message


def test_stuck_by_the_inequality() -> None:
    for seed in range(100):
        problem = draw(ROOM + "stuck", seed)
        pods, work, attempts = numbers(problem.prompt)
        capacity = pods * 1000 / work
        assert problem.answer * attempts < capacity <= (problem.answer + 1) * attempts


def test_tokens_by_the_rules_of_a6() -> None:
    """Half of the tokens is the threshold; a failure is 1, a success tokenRatio."""
    for seed in range(100):
        problem = draw(ROOM + "tokens", seed)
        most = int(re.findall(r"maxTokens: (\d+)", problem.prompt)[0])
        ratio = float(re.findall(r"tokenRatio: ([\d.]+)", problem.prompt)[0])
        if "first retry refused" in problem.prompt:
            assert problem.answer == math.ceil(most / 2)
            assert "half of the tokens" in problem.check(most).message
        else:
            failures = int(re.findall(r"Then (\d+) tries", problem.prompt)[0])
            left = max(0, most - failures)
            assert left + problem.answer * ratio > most / 2 + 1e-9
            assert left + (problem.answer - 1) * ratio <= most / 2 + 1e-9


def test_a_breaker_by_counting() -> None:
    """The failure rate of the last calls is equal to or greater than the threshold."""
    for seed in range(100):
        problem = draw(ROOM + "breaker", seed)
        window, minimum, threshold = numbers(problem.prompt)[:3]
        marks = re.findall("[○×]", problem.prompt.split("\n")[1])
        for number in range(minimum, len(marks) + 1):
            recent = marks[max(0, number - window) : number]
            if 100 * recent.count("×") >= threshold * len(recent):
                assert problem.answer == number
                break


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "breaker": 9,
        "charges": 2,
        "layers": 20,
        "pause": 300,
        "stuck": 41,
        "tokens": 5,
    }

"""The graded problems of the chapter on burn rates and alerts."""

from __future__ import annotations

import re
from decimal import Decimal

from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.sre.alerts.dead import LETTERS, letters
from tests.graded import Graded

ROOM = "sre/alerts/"
NAMES = [ROOM + k for k in ("dead", "detection", "factor", "mistake", "reset", "urgency")]


def wrong_ones(problem: Problem) -> list[object]:
    kind = problem.name.removeprefix(ROOM)
    if kind == "dead":
        some = ("none", "A", "ABCD", "CD", "B, C")
        return [each for each in some if letters(each) != problem.answer]
    if kind == "mistake":
        return [letter for letter in LETTERS if letter != problem.answer]
    if kind == "urgency":
        return [each for each in ("nothing", "ticket", "page", "both") if each != problem.answer]
    return [problem.answer + off for off in (-1, 1, 2, 10)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[Decimal]:
    return [Decimal(word) for word in re.findall(r"\d+(?:\.\d+)?", text)]


def test_enough_different_ones() -> None:
    for name in NAMES:
        assert len({draw(name, seed).prompt for seed in range(60)}) > 20, name


def test_factor_by_the_book() -> None:
    """Workbook, table 5-6: share of the budget / (window / period)."""
    for seed in range(60):
        problem = draw(ROOM + "factor", seed)
        share, hours, days = numbers(problem.prompt)
        assert problem.answer == share * days * 24 / hours / 100
        assert problem.check(f"{problem.answer}0" if "." in str(problem.answer) else problem.answer)


def test_detection_by_the_book() -> None:
    """Chapter 5: (1 - SLO) / error ratio x window x burn rate, and the first whole minute after."""
    for seed in range(40):
        problem = draw(ROOM + "detection", seed)
        errors = numbers(problem.prompt)[2]
        fast, slow = Decimal("1.44") / errors * 60, Decimal("0.6") / errors * 360
        assert problem.answer == int(min(fast, slow) if errors > Decimal("1.44") else slow) + 1


def test_reset_by_arithmetic() -> None:
    """As many minutes of errors may be left as make the threshold."""
    for seed in range(40):
        problem = draw(ROOM + "reset", seed)
        factor, long, *more = numbers(problem.prompt.split(":")[0])
        minutes, errors = numbers(problem.prompt.split(". For ")[1])[:2]
        window = min([long, *more])
        left = factor / 10 / errors * window
        assert minutes * errors > factor / 10 * long  # it had fired
        assert problem.answer == int(window - left) + 1


def test_urgency_by_arithmetic() -> None:
    seen = set()
    for seed in range(60):
        problem = draw(ROOM + "urgency", seed)
        minutes, errors = numbers(problem.prompt)[-2:]
        burn = errors * 10
        fired = {
            severity
            for severity, window, factor in (
                ("page", 60, "14.4"), ("page", 360, 6), ("ticket", 1440, 3), ("ticket", 4320, 1),
            )
            if burn * min(1, minutes / window) > Decimal(factor)
        }  # fmt: skip
        assert problem.answer == ("both" if len(fired) == 2 else next(iter(fired), "nothing"))
        seen.add(problem.answer)
    assert len(seen) == 4


def test_dead_by_arithmetic() -> None:
    for seed in range(60):
        problem = draw(ROOM + "dead", seed)
        target, days = numbers(problem.prompt)[:2]
        answer = ""
        for letter, share, hours in zip(LETTERS, (2, 5, 10, 10), (1, 6, 24, 72), strict=True):
            factor = Decimal(share) * days * 24 / hours / 100
            if factor < 1 or factor * (100 - target) >= 100:
                answer += letter
        assert problem.answer == (answer or "none")


def test_in_mistake_each_test_is_there_once() -> None:
    for seed in range(20):
        problem = draw(ROOM + "mistake", seed)
        listed = re.findall(r"^[A-D]: (.*)$", problem.prompt, re.M)
        assert len(set(listed)) == 4
        assert listed[LETTERS.index(problem.answer)] in problem.solution


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): str(draw(name, 1).answer) for name in NAMES} == {
        "dead": "BCD",
        "detection": "5",
        "factor": "4.2",
        "mistake": "A",
        "reset": "29",
        "urgency": "nothing",
    }

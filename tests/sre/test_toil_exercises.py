"""The graded problems of the chapter on toil, each worked out again from its own words.

Rules: SRE book, chapters 1, 5 and 11; four traits of six are this site's own line.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

ROOM = "sre/toil/"
NAMES = [ROOM + kind for kind in ("cap", "criteria", "payback", "rotation", "threshold")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-2, -1, 1, 2, 50)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", text)]


def test_many_different_ones() -> None:
    for name in NAMES:
        assert len({draw(name, seed).prompt for seed in range(100)}) > 60, name


def test_cap_by_hand() -> None:
    seen = set()
    for seed in range(60):
        problem = draw(ROOM + "cap", seed)
        toil, other, project, overhead = numbers(problem.prompt)[:4]
        total = toil + other + project + overhead
        assert problem.answer == max(0, toil + other - total // 2)
        if problem.answer:
            assert "nothing goes back" not in problem.check(problem.answer + 1).message
            assert "shrinks the whole" in problem.check(2 * problem.answer).message
        seen.add(problem.answer > 0)
    assert seen == {True, False}


def test_criteria_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "criteria", seed)
        toil = operational = 0
        for hours, tags in re.findall(r"^(\d+) h · .* · (.*)$", problem.prompt, re.M):
            kind, *traits = tags.split()
            operational += int(hours) * (kind == "production")
            toil += int(hours) * (kind == "production" and len(traits) >= 4)
        assert problem.answer == toil
        if operational != toil:
            assert "Not all of it is toil" in problem.check(operational).message


def test_payback_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "payback", seed)
        hours, cost, saved, upkeep = numbers(problem.prompt)[:4]
        assert problem.answer == math.ceil(cost / (Fraction(hours * saved, 100) - upkeep))


def test_rotation_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "rotation", seed)
        roles, percent, there = numbers(problem.prompt)[:3]
        people = there
        while 100 * roles > percent * people:
            people += 1
        assert problem.answer == people - there


def test_threshold_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "threshold", seed)
        found = re.search(
            r"(\d+) people .*?\. (\d+) tickets arrive a week, each takes ([\d.]+)", problem.prompt
        )
        assert found is not None
        staff, tickets, each = int(found[1]), int(found[2]), Fraction(found[3])
        share = next(n for n in range(101) if tickets * each * (100 - n) <= 100 * staff * 20)
        assert problem.answer == share


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "cap": 518,
        "criteria": 2,
        "payback": 150,
        "rotation": 5,
        "threshold": 80,
    }

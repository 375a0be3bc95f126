"""The graded problems of the chapter on planning for failure, each by its own words."""

from __future__ import annotations

import re
from fractions import Fraction
from math import floor

from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.sre.incidents.blame import BLAMING, NEUTRAL
from lab_kernel.language import _, language
from lab_kernel.sre.incidents.postmortem import blame
from tests.graded import Graded

ROOM = "sre/incidents/"
NAMES = [ROOM + kind for kind in ("blame", "brake", "due", "forecast", "phases")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-2, -1, 1, 2, 5000)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text.replace(",", ""))


def test_many_different_ones() -> None:
    for name in NAMES:
        assert len({draw(name, seed).prompt for seed in range(100)}) > 60, name


def test_the_brake_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "brake", seed)
        came, _one, *rest = map(int, numbers(problem.prompt))
        good, (window, _again, abort) = rest[:-3], rest[-3:]
        assert len(good) == 10
        for second in range(window, 11):
            if 100 * sum(good[second - window : second]) < abort * window * came:
                break
        assert problem.answer == second < 10


def test_phases_by_hand() -> None:
    """Minute by minute, the recovery from its mean in each."""
    for seed in range(60):
        problem = draw(ROOM + "phases", seed)
        rate, impact, *took = map(int, numbers(problem.prompt))
        failed = sum(Fraction(rate * impact, 100) for _minute in range(sum(took[:4])))
        for minute in range(took[4]):
            left = 1 - Fraction(2 * minute + 1, 2 * took[4])
            failed += left * rate * impact / 100
        assert problem.answer == failed
        without = rate * impact // 100 * sum(took[:4])
        assert "recovers, too" in problem.check(without).message


def test_due_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "due", seed)
        slo, rate, impact = (Fraction(each) for each in numbers(problem.prompt)[:3])
        budget = (100 - slo) / 100 * rate * 60 * 24 * 28  # requests
        assert problem.answer == floor(budget / 5 / (rate * impact / 100))
        everything = problem.check(floor(budget / (rate * impact / 100)))
        assert everything.status == "wrong" and "fifth" in everything.message


def test_forecasts_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "forecast", seed)
        rows = re.findall(r"^(\d+)%: it (held|did)", problem.prompt, re.M)
        assert len(rows) == 4
        total = sum((int(said) - 100 * (did == "held")) ** 2 for said, did in rows)
        assert problem.answer * 4 * 100 == total


def test_no_other_sentence_blames() -> None:
    """By the words that are looked for, in both languages; two reproaches are without them."""
    for lang in ("en", "ko"):
        with language(lang):
            assert not [each for each in NEUTRAL if blame(_(each))]
            assert not [instead for _wrong, instead in BLAMING if blame(_(instead))]
            assert sum(bool(blame(_(wrong))) for wrong, _instead in BLAMING) >= len(BLAMING) - 2


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "blame": 3,
        "brake": 7,
        "due": 161,
        "forecast": 39,
        "phases": 30400,
    }

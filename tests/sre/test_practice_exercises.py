"""The graded problems of the chapter on SRE in practice, each worked out from its own words."""

from __future__ import annotations

import re
from fractions import Fraction
from math import comb

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

ROOM = "sre/practice/"
NAMES = [ROOM + kind for kind in ("canary", "gate", "spare", "triage", "trials")]


def wrong_ones(problem: Problem) -> list[object]:
    return [problem.answer + off for off in (-2, -1, 1, 2, 5000)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:\.\d+)?", text)


def test_many_different_ones() -> None:
    for name in NAMES:
        assert len({draw(name, seed).prompt for seed in range(100)}) > 60, name


def test_canaries_by_hand() -> None:
    for seed in range(60):
        problem = draw(ROOM + "canary", seed)
        slo, _days, share, minutes = map(Fraction, numbers(problem.prompt)[:4])
        left = (100 - slo) / 100 * 30 * 24 * 60
        assert problem.answer == left // (share / 100 * minutes)


def test_the_gate_by_hand() -> None:
    """Counted from the other end: one minus the chance of fewer."""
    for seed in range(40):
        problem = draw(ROOM + "gate", seed)
        of, control = map(int, numbers(problem.prompt)[:2])
        found = re.search(r"below (\d+)%", problem.prompt)
        assert found is not None
        bad = 0
        while True:
            both = bad + control
            fewer = sum(comb(of, k) * comb(of, both - k) for k in range(max(0, both - of), bad))
            if 100 * (1 - Fraction(fewer, comb(2 * of, both))) < int(found[1]):
                break
            bad += 1
        assert problem.answer == bad


def test_one_to_spare_by_the_table() -> None:
    for seed in range(60):
        problem = draw(ROOM + "spare", seed)
        table = re.findall(r"^(\d+): ([\d.]+)%", problem.prompt, re.M)
        fewest = next(int(count) for count, share in table if float(share) <= 5)
        away = re.search(r"away: (\d)", problem.prompt)
        assert away is not None and problem.answer == fewest + int(away[1])
        assert "none is away" in problem.check(fewest).message


def test_trials_by_multiplying() -> None:
    for seed in range(60):
        problem = draw(ROOM + "trials", seed)
        reliability, confidence, passed = map(Fraction, numbers(problem.prompt)[:3])
        floor, rate = float(1 - confidence / 100), float(reliability) / 100
        chance, n = 1.0, 0
        while chance > floor + 1e-12:
            chance, n = chance * rate, n + 1
        assert problem.answer == n - passed


def test_triage_by_the_lines() -> None:
    """The highest ratio, its pods' replica set, the line of that set: not the module's queries."""
    for seed in range(60):
        problem = draw(ROOM + "triage", seed)
        lines = re.findall(r"^(\w+): (\d+) of (\d+) requests lost(.*)$", problem.prompt, re.M)
        assert len(lines) == 3
        worst = max(lines, key=lambda line: int(line[1]) / int(line[2]))
        most = max(lines, key=lambda line: int(line[1]))
        assert worst != most  # numbers alone mislead
        pods = re.findall(r"([\w-]+)-\w+: \d+", worst[3])
        (replica_set,) = set(pods)
        found = re.search(
            rf"second (\d+): {worst[0]} begins replica set {replica_set}$", problem.prompt, re.M
        )
        assert found is not None and problem.answer == int(found[1])
        releases = re.findall(r"^second (\d+): (\w+) begins", problem.prompt, re.M)
        began = re.search(r"second (\d+)", worst[3])
        assert began is not None
        before = [int(second) for second, _name in releases if int(second) < int(began[1])]
        nearest = max(before)
        assert nearest != problem.answer
        assert "of another service" in problem.check(nearest).message


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "canary": 3,
        "gate": 5,
        "spare": 7,
        "trials": 373,
        "triage": 54,
    }

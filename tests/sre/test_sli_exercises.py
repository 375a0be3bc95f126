"""The graded problems on indicators, each solved again from its prompt by other means."""

from __future__ import annotations

import math
import re
import statistics

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

ROOM = "sre/sli/"
NAMES = [ROOM + kind for kind in ("average", "bucket", "little", "percentile", "ratio", "windows")]


def wrong_ones(problem: Problem) -> list[object]:
    if isinstance(problem.answer, str):
        good, every = map(int, problem.answer.split("/"))
        return [f"{good + a}/{every + b}" for a, b in ((0, 1), (1, 0), (1, 1), (7, 9))]
    return [problem.answer + off for off in (-3, -1, 1, 2, 1000)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)

    def test_a_hundred_of_them_differ(self, name: str) -> None:
        assert len({draw(name, seed).prompt for seed in range(100)}) > 20


def test_ratio_line_by_line() -> None:
    for seed in range(100):
        problem = draw(ROOM + "ratio", seed)
        limit = float(re.findall(r"seconds<([\d.]+)", problem.prompt)[0])
        lines = re.findall(r'"GET (\S+) HTTP/1.1" (\d+) ([\d.]+)', problem.prompt)
        kept = [(int(s), float(t)) for path, s, t in lines if path != "/healthz"]
        good = sum(s < 500 and t < limit for s, t in kept)
        assert problem.answer == f"{good}/{len(kept)}"
        bad = f"{len(kept) - good}/{len(kept)}"
        assert "error rate" in problem.check(bad).message
        checks = len(lines) - len(kept)
        assert "no users" in problem.check(f"{good + checks}/{len(lines)}").message


def test_windows_by_their_definition() -> None:
    for seed in range(100):
        problem = draw(ROOM + "windows", seed)
        minutes = re.findall(r"minute \d+: (\d+) good of (\d+)", problem.prompt)
        least = int(re.findall(r"at least (\d+)%", problem.prompt)[0])
        asked = [(int(good), int(valid)) for good, valid in minutes if int(valid)]
        fine = sum(100 * good >= least * valid for good, valid in asked)
        assert problem.answer == f"{fine}/{len(asked)}"
        assert "0/0" in problem.check(f"{fine + 1}/{len(minutes)}").message


def test_average_by_counts() -> None:
    for seed in range(100):
        problem = draw(ROOM + "average", seed)
        pairs = re.findall(r"([\d,]+) requests, (\d+)% of", problem.prompt)
        counts = [(int(n.replace(",", "")), int(rate)) for n, rate in pairs]
        bad = sum(n * rate for n, rate in counts)
        assert problem.answer == bad / sum(n for n, _rate in counts)
        mean = statistics.mean(rate for _n, rate in counts)
        assert "weigh as much" in problem.check(int(mean)).message


def test_percentile_by_its_definition() -> None:
    """The smallest value that at least p per cent of the values do not pass."""
    for seed in range(100):
        problem = draw(ROOM + "percentile", seed)
        words = re.findall(r"in ms: ([\d, ]+)\. What is p(\d+)", problem.prompt)[0]
        times, p = list(map(int, words[0].split(","))), int(words[1])
        within = [t for t in times if 100 * sum(other <= t for other in times) >= p * len(times)]
        assert problem.answer == min(within)


def test_bucket_by_the_manuals_words() -> None:
    """Prometheus: "assumes a linear distribution within a bucket"."""
    for seed in range(100):
        problem = draw(ROOM + "bucket", seed)
        pairs = re.findall(r'le="([\d.]+)": (\d+)', problem.prompt)
        total = int(re.findall(r'\+Inf": (\d+)', problem.prompt)[0])
        q = float(re.findall(r"quantile\(([\d.]+)", problem.prompt)[0])
        low = below = 0.0
        for le, count in pairs:
            if int(count) >= q * total - 1e-9:
                inside = (q * total - below) / (int(count) - below)
                assert math.isclose(problem.answer, 1000 * (low + (float(le) - low) * inside))
                assert "upper bound" in problem.check(round(1000 * float(le))).message
                break
            low, below = float(le), int(count)


def test_little_by_the_law() -> None:
    for seed in range(100):
        problem = draw(ROOM + "little", seed)
        rate, time, capacity = map(int, re.findall(r"\d+", problem.prompt))
        assert problem.answer == round(100 * rate * time / 1000 / capacity)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "average": 3,
        "bucket": 700,
        "little": 10,
        "percentile": 1420,
        "ratio": "2/8",
        "windows": "5/6",
    }

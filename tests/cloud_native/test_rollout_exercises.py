"""The graded problems of the chapter on rolling updates."""

from __future__ import annotations

import math
import re

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

ROOM = "cloud-native/rollout/"
NAMES = [ROOM + kind for kind in ("bounds", "grace", "hung", "order", "startup")]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("order"):
        orders = ["ABCD", "DCBA", "BADC", "C A D B", "D > B > A > C"]
        return [one for one in orders if re.sub("[ >]", "", one) != problem.answer]
    return [problem.answer + off for off in (-2, -1, 1, 2, 10)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", text)]


def test_bounds_by_the_documentation() -> None:
    """Deployments: "maxSurge ... rounding up", "maxUnavailable ... rounding down"."""
    for seed in range(100):
        problem = draw(ROOM + "bounds", seed)
        found = re.search(
            r"replicas: (\d+), maxSurge: (\d+)(%?), maxUn\w+: (\d+)(%?)", problem.prompt
        )
        assert found is not None
        replicas, surge, unavailable = (int(found[n]) for n in (1, 2, 4))
        if "at most" in problem.prompt:
            more = math.ceil(replicas * surge / 100) if found[3] else surge
            assert problem.answer == replicas + more
            assert (
                "other bound"
                in problem.check(
                    replicas - (replicas * unavailable // 100 if found[5] else unavailable)
                ).message
            )
        else:
            fewer = replicas * unavailable // 100 if found[5] else unavailable
            assert problem.answer == replicas - fewer


def test_startup_by_its_questions() -> None:
    """The first question at once, the n-th in second (n - 1) x period; the documentation's
    product is one short, and the grader says why."""
    for seed in range(40):
        problem = draw(ROOM + "startup", seed)
        start, period = numbers(problem.prompt)[:2]
        assert problem.answer == math.ceil(start / period) + 1
        assert "product" in problem.check(math.ceil(start / period)).message


def test_hung_by_its_questions() -> None:
    """periodSeconds, timeoutSeconds and failureThreshold as the documentation defines them."""
    for seed in range(60):
        problem = draw(ROOM + "hung", seed)
        initial, period, timeout, failures, hang = numbers(problem.prompt)
        asked = initial
        while asked < hang:
            asked += period
        assert problem.answer == asked + (failures - 1) * period + timeout
        assert "time is up" in problem.check(problem.answer - timeout).message


def test_grace_counts_from_the_deletion() -> None:
    """Pod Lifecycle: the grace period begins before the preStop hook."""
    seen = set()
    for seed in range(60):
        problem = draw(ROOM + "grace", seed)
        allowed, *others = numbers(problem.prompt)
        pause, stop = others if "sleeps" in problem.prompt else (0, others[0])
        assert problem.answer == min(pause + stop, allowed)
        if pause + stop > allowed:
            assert "SIGKILL has come" in problem.check(pause + stop).message
        seen.add((pause > 0, pause + stop > allowed))
    assert len(seen) >= 3


def test_the_race_by_arithmetic() -> None:
    for seed in range(60):
        problem = draw(ROOM + "order", seed)
        pause, stop, allowed, delay = numbers(problem.prompt)[:4]
        when = {
            "the program gets SIGTERM": pause,
            "the gateway takes the pod off its list": delay,
            "the last process of the pod is gone": min(pause + stop, allowed),
            "the store's endpoints no longer have it as ready": 0,
        }
        listed = dict(re.findall(r"^([A-D]): (.*)$", problem.prompt, re.M))
        assert set(listed.values()) == set(when)
        assert problem.answer == "".join(sorted(listed, key=lambda letter: when[listed[letter]]))
        assert problem.check(" > ".join(problem.answer).lower()).status == "right"


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "bounds": 27,
        "grace": 27,
        "hung": 38,
        "order": "ACBD",
        "startup": 12,
    }

"""The graded problems of the chapter on calls."""

from __future__ import annotations

import math
import re

from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.microservices.calls.drawing import NAMES as SERVICES
from tests.graded import Graded

ROOM = "microservices/calls/"
NAMES = [ROOM + kind for kind in ("critical", "latency", "own", "reach", "saving", "share")]


def wrong_ones(problem: Problem) -> list[object]:
    if isinstance(problem.answer, int):
        return [problem.answer + off for off in (-2, 1, 3, 40)]
    sets = [" ".join(SERVICES), "front", "prices, stock", "orders"]
    return [one for one in sets if problem.read(one) != problem.answer]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


Declared = dict[str, tuple[int, list[list[tuple[str, bool]]]]]


def read(prompt: str) -> Declared:
    """name: (work, stages of (name, optional)), read from the words of a problem."""
    found: Declared = {}
    for name, work, rest in re.findall(r"^(\w+): (\d+) ms of work(.*)$", prompt, re.M):
        stages = []
        for one in rest.split(", then asks ")[1:]:
            names = one.removesuffix(" side by side").split(" and ")
            stages.append([(each.split()[0], "optional" in each) for each in names])
        found[name] = int(work), stages
    assert set(found) == set(SERVICES)
    return found


def seen_by_caller(declared: Declared, name: str) -> int:
    """There and back, its work, and of each stage the slowest."""
    work, stages = declared[name]
    return 2 + work + sum(max(seen_by_caller(declared, n) for n, _ in stage) for stage in stages)


def test_latency_by_addition() -> None:
    for seed in range(40):
        problem = draw(ROOM + "latency", seed)
        declared = read(problem.prompt)
        assert problem.answer == seen_by_caller(declared, "front")
        calls = sum(work for work, _stages in declared.values()) + 2 * len(declared)
        if calls != problem.answer:
            assert "side by side" in problem.check(calls).message


def test_saving_by_addition() -> None:
    kinds = set()
    for seed in range(40):
        problem = draw(ROOM + "saving", seed)
        declared = read(problem.prompt)
        name, work, rest = re.search(  # type: ignore[union-attr]
            r"(\w+) gets quicker: (\d+) ms of work become (\d+)", problem.prompt
        ).groups()
        before = seen_by_caller(declared, "front")
        declared[name] = int(rest), declared[name][1]
        assert problem.answer == seen_by_caller(declared, "front")
        saved, less = before - problem.answer, int(work) - int(rest)
        kinds.add("none" if not saved else "all" if saved == less else "part")
    assert kinds == {"none", "part", "all"}


def test_critical_by_making_each_quicker() -> None:
    """On the path is who makes the whole quicker when it gets quicker by 1 ms."""
    for seed in range(40):
        problem = draw(ROOM + "critical", seed)
        declared = read(problem.prompt)
        whole = seen_by_caller(declared, "front")
        on_path = [
            name
            for name, (work, stages) in declared.items()
            if seen_by_caller({**declared, name: (work - 1, stages)}, "front") < whole
        ]
        assert problem.answer == " ".join(on_path)
        assert problem.check(", ".join(reversed(on_path))).status == "right"


def test_own_time_by_each_millisecond() -> None:
    """A millisecond is a service's own in which its span is open and none of its calls is."""
    spans = re.compile(r"(\w+), parent (\S+): (\w+) (?:\w+ → )?(\w+), (\d+)–(\d+) ms")
    for seed in range(40):
        problem = draw(ROOM + "own", seed)
        name = re.search(r"was (\w+) at work", problem.prompt)[1]  # type: ignore[index]
        found = spans.findall(problem.prompt)
        assert len(found) == 10
        ((span, _parent, _kind, _name, begin, end),) = [
            each for each in found if (each[2], each[3]) == ("server", name)
        ]
        calls = [(int(each[4]), int(each[5])) for each in found if each[1] == span]
        own = [
            ms
            for ms in range(int(begin), int(end))
            if not any(first <= ms < last for first, last in calls)
        ]
        assert calls and problem.answer == len(own)


def test_share_by_the_binomial_distribution() -> None:
    kinds = set()
    for seed in range(100):
        problem = draw(ROOM + "share", seed)
        number = int(re.search(r"asks (\d+) others", problem.prompt)[1])  # type: ignore[index]
        share = float(re.search(r"answers ([\d.]+)%", problem.prompt)[1]) / 100  # type: ignore[index]
        least = re.search(r"at least (\w+) of", problem.prompt)
        needs = number if least is None else 1 if least[1] == "one" else int(least[1])
        tail = sum(
            math.comb(number, k) * share**k * (1 - share) ** (number - k)
            for k in range(needs, number + 1)
        )
        assert abs(problem.answer - 100_000 * tail) <= 0.5001
        kinds.add("all" if needs == number else "one" if needs == 1 else "some")
    assert kinds == {"all", "one", "some"}


def test_reach_by_following_the_calls() -> None:
    kinds = set()
    for seed in range(40):
        problem = draw(ROOM + "reach", seed)
        declared = read(problem.prompt)
        failing = re.search(r"(\w+) fails all", problem.prompt)[1]  # type: ignore[index]

        def broken(name: str, failing: str = failing, declared: Declared = declared) -> bool:
            needed = [n for stage in declared[name][1] for n, optional in stage if not optional]
            return name == failing or any(broken(each) for each in needed)

        hit = [name for name in declared if name != failing and broken(name)]
        assert problem.answer == (" ".join(hit) or "none")
        kinds.add(len(hit))
    assert {0, 1, 2} <= kinds
    assert problem.check(hit if hit else "없음").status == "right"


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "critical": "front stock payments prices",
        "latency": 126,
        "own": 46,
        "reach": "front",
        "saving": 138,
        "share": 90250,
    }

"""The problems of the chapter on control groups: right, wrong with the reason, worked out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.containers.cgroups.status import CAUSES
from lab_kernel.exercises.containers.cgroups.victim import NAMES as PROCESSES
from tests.graded import Graded

SEEDS = range(100)
NAMES = [
    "containers/cgroups/burst",
    "containers/cgroups/shares",
    "containers/cgroups/status",
    "containers/cgroups/tree",
    "containers/cgroups/victim",
]


def drawn(name: str) -> Iterator[Problem]:
    for seed in SEEDS:
        yield draw(f"containers/cgroups/{name}", seed)


def wrong_ones(problem: Problem) -> list[object]:
    kind = problem.name.rsplit("/", 1)[-1]
    if kind == "status":
        return [cause for cause in CAUSES if cause != problem.answer]
    if kind == "victim":
        shown = [name for name in PROCESSES if f"{name} in " in problem.prompt]
        return [name for name in shown if name != problem.answer]
    return [problem.answer + off for off in (-3, -1, 1, 7)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.split("/")[-1]: draw(name, 1).answer for name in NAMES} == {
        "burst": 73,
        "shares": 20,
        "status": "own",
        "tree": 100,
        "victim": "batch",
    }


def test_a_burst_worked_out_by_hand() -> None:
    told = set()
    for problem in drawn("burst"):
        numbers = [int(n) for n in re.findall(r"\d+", problem.prompt)]
        quota, period, work = numbers[0] // 1000, numbers[1] // 1000, numbers[2]
        threads = numbers[3] if len(numbers) > 3 else 1
        whole = (work - 1) // quota
        assert problem.answer == whole * period + (work - whole * quota) // threads
        told.add(problem.check((whole + 1) * period).message)
        assert "without a limit" in problem.check(work // threads).message
    assert any("need not be waited for" in message for message in told)


def test_shares_worked_out_by_hand() -> None:
    for problem in drawn("shares"):
        groups = {
            path: (int(weight), int(busy or 0))
            for path, weight, busy in re.findall(
                r"^(\S+): cpu.weight (\d+)(?:, (\d+) busy)?$", problem.prompt, re.MULTILINE
            )
        }
        asked = re.search(r"does (a/\w) get", problem.prompt)
        assert asked is not None and groups["c"][1] == 0
        a, b = groups["a"][0], groups["b"][0]
        inside = [weight for path, (weight, busy) in groups.items() if "/" in path and busy]
        part = Fraction(a, a + b) * Fraction(groups[asked[1]][0], sum(inside))
        assert problem.answer == round(100 * part)


def test_the_lowest_limit_on_the_way_binds() -> None:
    for problem in drawn("tree"):
        cpus = re.search(r"CPUs: (\d)", problem.prompt)
        limits = re.findall(r"^(\S+): cpu.max (\w+) 100000$", problem.prompt, re.MULTILINE)
        assert cpus is not None and len(limits) == 4
        chain = [int(quota) // 1000 for _path, quota in limits[:3] if quota != "max"]
        assert problem.answer == min(*chain, 100 * int(cpus[1]))


def test_the_victim_is_the_largest_of_its_group() -> None:
    for problem in drawn("victim"):
        found = re.findall(r"^(\w+) in (\w+): (\d+) pages$", problem.prompt, re.MULTILINE)
        web = {name: int(pages) for name, group, pages in found if group == "web"}
        jobs = {name: int(pages) for name, group, pages in found if group == "jobs"}
        assert problem.answer == max(web, key=lambda name: web[name])
        assert max(jobs.values()) > max(web.values())
        outside = max(jobs, key=lambda name: jobs[name])
        assert "never kills outside web" in problem.check(outside).message
        assert "somebody has to go" in problem.check("nobody").message


def test_every_cause_occurs_and_137_is_told_apart() -> None:
    problems = list(drawn("status"))
    assert {problem.answer for problem in problems} == set(CAUSES)
    for problem in problems:
        code = int(re.findall(r"exit code (\d+)", problem.prompt)[0])
        kills = int(re.findall(r"oom_kill (\d)", problem.prompt)[0])
        ooms = int(re.findall(r"oom (\d)", problem.prompt)[0])
        expected = "own" if code < 128 else "fault" if code == 139 else "killed"
        if kills:
            expected = "limit" if ooms else "machine"
        assert problem.answer == expected

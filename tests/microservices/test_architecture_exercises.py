"""The problems on monolith, services and splitting: right, wrong with the reason, counted again."""

from __future__ import annotations

import re

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

NAMES = [f"microservices/architecture/{n}" for n in ("availability", "blast", "count", "crossings")]
SPLITTING = [f"microservices/strangler/{n}" for n in ("lead", "leaver", "share", "teams")]


def wrong_ones(problem: Problem) -> list[object]:
    if isinstance(problem.answer, str):
        names = re.findall(r"[a-z]+", problem.expects.partition(":")[2])
        return [name for name in names if name != problem.answer]
    return [problem.answer + off for off in (-1, 1, 6, 10_000)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


class TestSplitting(Graded):
    names = SPLITTING
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", text.replace(",", ""))]


def graph(prompt: str) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Module: unit, and module: whom it asks, from the text alone."""
    units = re.search(r"Units: ([a-z |]+)\.", prompt)
    asks = re.search(r"asks whom: ([^.]+)\.", prompt)
    assert units and asks
    places = {
        name: number for number, unit in enumerate(units[1].split("|")) for name in unit.split()
    }
    edges = (each.split(" → ") for each in asks[1].split(", "))
    return places, {name: whom.split() for name, whom in edges}


def test_crossings_counted_from_the_text() -> None:
    for seed in range(100):
        problem = draw("microservices/architecture/crossings", seed)
        places, asks = graph(problem.prompt)
        count, todo = 2, ["orders"]
        while todo:
            name = todo.pop()
            for asked in asks.get(name, []):
                count += places[asked] != places[name]
                todo.append(asked)
        assert count == problem.answer


def test_blast_radius_counted_from_the_text() -> None:
    for seed in range(100):
        problem = draw("microservices/architecture/blast", seed)
        places, asks = graph(problem.prompt)
        bad = re.search(r"A bad ([a-z]+) is", problem.prompt)
        assert bad
        total = 0
        for first, share in re.findall(r"([a-z]+) (\d+)%", problem.prompt):
            seen, todo = set(), [first]
            while todo:
                name = todo.pop()
                seen.add(places[name])
                todo += [each for each in asks.get(name, []) if each != "mail"]
            total += int(share) * (places[bad[1]] in seen)
        assert total == problem.answer


def test_leavers_ask_nobody() -> None:
    for seed in range(100):
        problem = draw("microservices/strangler/leaver", seed)
        told = re.search(r"asks whom: ([^.]+)\.", problem.prompt)
        assert told
        asking = {each.split(" → ")[0] for each in told[1].split(", ")}
        names = re.search(r"modules: ([a-z, ]+)\.", problem.prompt)
        assert names
        assert set(names[1].split(", ")) - asking == {problem.answer}


def test_pairs_counted_one_by_one() -> None:
    for seed in range(0, 100, 5):
        problem = draw("microservices/strangler/teams", seed)
        people, count, size, *_rest = numbers(problem.prompt)
        pairs = 0
        for one in range(people):
            for other in range(one):
                same = one // size == other // size
                speakers = one % size == 0 and other % size == 0
                pairs += same or speakers
        assert pairs == problem.answer and count * size == people

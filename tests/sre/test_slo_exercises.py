"""The graded problems of the chapter on objectives and budgets, worked out again by hand."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from html import escape

import pytest
from ruamel.yaml import YAML

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded
from tests.sre.openslo_schema import valid

ROOM = "sre/slo/"
NAMES = [ROOM + kind for kind in ("allowed", "burn", "chain", "ledger", "slices", "spec")]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("slices"):
        every = [a + b + c for a in "+-" for b in "+-" for c in "+-"]
        return [one for one in every if one != problem.answer]
    return [problem.answer + off for off in (-7, -1, 1, 2, 10)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


@pytest.mark.parametrize("name", NAMES)
def test_there_are_many(name: str) -> None:
    assert len({draw(name, seed).prompt for seed in range(100)}) > 80


def numbers(text: str) -> list[Decimal]:
    return [Decimal(word.replace(",", "")) for word in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def test_allowed_by_hand() -> None:
    kinds = set()
    for seed in range(100):
        problem = draw(ROOM + "allowed", seed)
        target, amount = numbers(problem.prompt)
        in_time = "seconds" in problem.prompt
        whole = amount * 86_400 if in_time else amount
        assert problem.answer == whole * (100 - target) / 100
        assert "budget is the rest" in problem.check(int(whole * target / 100)).message
        kinds.add(in_time)
    assert kinds == {True, False}


def test_burn_by_hand() -> None:
    kinds = set()
    for seed in range(100):
        problem = draw(ROOM + "burn", seed)
        target, days, bad, total = numbers(problem.prompt)
        rate = bad / total / ((100 - target) / 100)
        hours = "hours" in problem.prompt
        assert problem.answer == (days * 24 / rate if hours else rate)
        kinds.add(hours)
    assert kinds == {True, False}


def test_chain_by_hand() -> None:
    signs = set()
    for seed in range(100):
        problem = draw(ROOM + "chain", seed)
        target, n, first, m, second = numbers(problem.prompt)[:5]
        assert problem.answer == 10_000 * ((100 - target) - n * (100 - first) - m * (100 - second))
        signs.add(problem.answer > 0)
    assert signs == {True, False}


def test_ledger_by_hand() -> None:
    kinds = set()
    for seed in range(100):
        problem = draw(ROOM + "ledger", seed)
        target = Decimal(re.search(r"promises ([\d.]+)%", problem.prompt)[1])  # type: ignore[index]
        downs = re.findall(r"(\d{4}-\d\d-\d\d), 00:00: (\d+) minutes", problem.prompt)
        today = date.fromisoformat(re.search(r"Today is ([\d-]+)", problem.prompt)[1])  # type: ignore[index]
        if rolling := "rolling" in problem.prompt:
            begin, days = today - timedelta(days=30), 30
        else:
            begin = today.replace(day=1)
            days = ((begin + timedelta(days=32)).replace(day=1) - begin).days
        spent = sum(int(m) for day, m in downs if begin <= date.fromisoformat(day) < today)
        assert problem.answer == days * 1440 * (100 - target) / 100 - spent
        kinds.add(rolling)
    assert kinds == {True, False}


def test_slices_by_hand() -> None:
    seen = set()
    for seed in range(100):
        problem = draw(ROOM + "slices", seed)
        pairs = [(int(b), int(t)) for b, t in re.findall(r": (\d+) of (\d+)", problem.prompt)]
        assert len(pairs) == 10
        by_request = sum(b for b, _t in pairs) * 10 <= sum(t for _b, t in pairs)
        by_slice = sum(b * 10 > t for b, t in pairs) <= 1
        by_mean = sum(Decimal(b) / t for b, t in pairs) <= 1
        signs = ("+" if each else "-" for each in (by_request, by_slice, by_mean))
        assert problem.answer == "".join(signs)
        seen.add(problem.answer)
    assert len(seen) >= 5


def test_spec_by_the_specification() -> None:
    """Refused if and only if OpenSLO's rules refuse it."""
    answers = set()
    for seed in range(50):
        problem = draw(ROOM + "spec", seed)
        lines = problem.prompt.partition("\n")[2].splitlines()
        text = "\n".join(line[3:] for line in lines)
        document = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))
        assert valid(document) == (problem.answer == 0), text
        answers.add(problem.answer)
    assert 0 in answers and len(answers) > 5


@pytest.mark.parametrize("name", [ROOM + "spec", "sre/sli/bucket", "sre/sli/ratio"])
def test_a_listing_keeps_its_columns(name: str) -> None:
    """On a page it is preformatted; everywhere it is part of the prompt, once."""
    problem = draw(name, 3)
    assert problem.prompt.count(problem.listing) == 1
    html = problem.task()
    assert f"<code>{escape(problem.listing)}</code></pre>" in html
    assert "<br><p" not in html and '<p class="lk-prompt"></p>' not in html


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(ROOM): draw(name, 1).answer for name in NAMES} == {
        "allowed": 3024,
        "burn": 20,
        "chain": 4350,
        "ledger": 402,
        "slices": "++-",
        "spec": 4,
    }

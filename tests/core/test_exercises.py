from __future__ import annotations

import re

import pytest

from lab_kernel import exercises
from lab_kernel.errors import BadInput
from lab_kernel.exercises import answers
from lab_kernel.language import LANGUAGES, language

SEEDS = range(100)


@pytest.mark.parametrize("name", exercises.names())
def test_a_right_answer_is_right_for_a_hundred_seeds(name: str) -> None:
    for seed in SEEDS:
        problem = exercises.draw(name, seed)
        assert problem.check(problem.answer), (seed, problem)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", exercises.names())
def test_a_problem_is_whole_in_both_languages(name: str, lang: str) -> None:
    with language(lang):
        problem = exercises.draw(name, 7)
        html = problem.html()
        told = [problem.prompt, problem.expects, *problem.hints, problem.solution]
        unsolved = problem.check(...)
    assert all(told) and len(set(problem.hints)) == 3
    for text in told:
        assert any("가" <= c <= "힣" for c in text) == (lang == "ko"), text
    assert not unsolved and unsolved.status == "unsolved"
    assert problem.check("").status == problem.check(None).status == "unsolved"
    assert html.count("<details>") == 4
    assert re.search(r"lab-kernel quiz \S+ <span>--seed 8</span></code>", html)
    assert html.count('class="lk-solved"') == 1
    with language(lang):
        assert exercises.title(name) == problem.title


@pytest.mark.parametrize("name", exercises.names())
def test_a_seed_draws_one_problem_and_seeds_differ(name: str) -> None:
    prompts = {exercises.draw(name, seed).prompt for seed in SEEDS}
    assert exercises.draw(name, 3).prompt == exercises.draw(name, 3).prompt
    assert len(prompts) > 20


def test_hints_are_three() -> None:
    name = exercises.names()[0]
    problem = exercises.draw(name, 1)
    assert [problem.hint(n) for n in (1, 2, 3)] == list(problem.hints)
    with pytest.raises(BadInput):
        problem.hint(4)


def test_answers_are_read_kindly_and_refused_clearly() -> None:
    assert answers.whole("0x10") == answers.whole(" 16 ") == answers.whole(16) == 16
    assert answers.whole("1,234") == 1234 and answers.whole("-12,345,678") == -12345678
    assert answers.whole(66800.0) == answers.whole("66800.0") == answers.whole("66,800.") == 66800
    assert answers.one_of("hit", "fault")("HIT") == "hit"
    for read in (answers.whole, answers.one_of("hit", "fault")):
        for bad in (1.5, float("inf"), "1.50", "1.0.0", "1e3", True):
            with pytest.raises(BadInput):
                read(bad)
        with pytest.raises(BadInput) as caught:
            read("seven?")
        assert caught.value.argument == "answer"
        assert "seven?" in caught.value.message


@pytest.mark.parametrize(
    "given", ["1,2", "1,23", "1,2345", "1234,567", "1,,234", ",123", "0x1,000"]
)
def test_commas_stand_between_thousands_only(given: str) -> None:
    with pytest.raises(BadInput, match=given):
        answers.whole(given)


def test_several_words_may_be_a_list_a_tuple_or_a_set() -> None:
    problem = exercises.draw("containers/images/view", 1)
    paths = problem.answer.split()
    assert len(paths) > 1
    for given in (paths, tuple(paths), set(paths), frozenset(paths)):
        assert problem.check(given)
    assert not problem.check(paths[1:])
    assert problem.check([]).status == "unsolved"
    order = exercises.draw("kernel/drivers/halves", 1)
    assert order.check(list(order.answer)) and answers.line([1, 2]) == "1 2"
    for bad in ([paths], [None], [True]):
        with pytest.raises(BadInput, match="not made of words"):
            problem.check(bad)

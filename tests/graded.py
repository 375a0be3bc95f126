"""What holds of every graded problem, whichever chapter it belongs to.

class TestEveryOne(Graded):
    names = NAMES  # all of one topic
    wrong_ones = staticmethod(wrong_ones)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

import pytest

from lab_kernel import exercises
from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, draw
from lab_kernel.language import language


class Graded:
    """Not collected itself; a chapter's ``TestEveryOne`` is."""

    names: ClassVar[list[str]]
    # readable answers that are not the right one
    wrong_ones: ClassVar[Callable[[Problem], Sequence[object]]]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "name" in metafunc.fixturenames:
            metafunc.parametrize("name", self.names)

    def test_they_are_all_there(self) -> None:
        topic = self.names[0].rpartition("/")[0] + "/"
        assert [name for name in exercises.names() if name.startswith(topic)] == self.names

    def test_a_hundred_right_and_wrong_answers(self, name: str) -> None:
        for seed in range(100):
            problem = draw(name, seed)
            right = problem.check(str(problem.answer))
            assert right.status == "right" and problem.solution in right.message
            assert all(problem.hint(number) for number in (1, 2, 3))
            for given in self.wrong_ones(problem):
                verdict = problem.check(given)
                assert verdict.status == "wrong" and not verdict, (seed, given)
                assert len(verdict.message) > len("Not right. "), (seed, given)

    def test_unreadable_answers_are_refused_and_none_is_not_solved(self, name: str) -> None:
        problem = draw(name, 5)
        with pytest.raises(BadInput) as caught:
            problem.check("somewhere")
        assert caught.value.argument == "answer"
        assert "somewhere" in caught.value.message
        assert problem.check().status == "unsolved"
        assert problem.expects in problem.check().message
        assert [problem.hint(number) for number in (1, 2, 3)] == list(problem.hints)

    def test_the_answer_does_not_depend_on_the_language(self, name: str) -> None:
        for seed in range(20):
            english = draw(name, seed)
            with language("ko"):
                korean = draw(name, seed)
                assert korean.answer == english.answer
                assert korean.prompt != english.prompt
                for given in self.wrong_ones(english):
                    assert re.search("[가-힣]", korean.explain(korean.read(given)))

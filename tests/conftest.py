from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, draw
from lab_kernel.language import language

if TYPE_CHECKING:
    from tools.site import check

# A loaded machine is slow without being wrong, so no example is timed; and every run tries the
# same examples, so that a failure can be repeated.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")


# So that a failure of what is in it shows the values.
pytest.register_assert_rewrite("tests.explored")


# The builder is imported only where a test asks for the site: most tests do not need it.


@pytest.fixture(scope="session")
def site_root() -> Path:
    """The finished site, built once if anything it is made from has changed."""
    from tools.site import build

    assert build.build(), "the site does not build; what is wrong is printed above"
    return build.SITE


@pytest.fixture(scope="session")
def site(site_root: Path) -> check.Site:
    from tools.site import check

    return check.Site(site_root)


# What holds of every graded problem, whichever chapter it belongs to.

Wrong = Callable[[Problem], Sequence[object]]


class Graded:
    """``wrong_ones`` gives readable answers that are not the right one."""

    def right_and_wrong_answers(self, name: str, wrong_ones: Wrong) -> None:
        """A hundred seeds."""
        for seed in range(100):
            problem = draw(name, seed)
            right = problem.check(str(problem.answer))
            assert right.status == "right" and problem.solution in right.message
            assert all(problem.hint(number) for number in (1, 2, 3))
            for given in wrong_ones(problem):
                verdict = problem.check(given)
                assert verdict.status == "wrong" and not verdict, (seed, given)
                assert len(verdict.message) > len("Not right. "), (seed, given)

    def unreadable_answers_are_refused_and_none_is_not_solved(self, name: str) -> None:
        problem = draw(name, 5)
        with pytest.raises(BadInput) as caught:
            problem.check("somewhere")
        assert caught.value.argument == "answer"
        assert "somewhere" in caught.value.message
        assert problem.check().status == "unsolved"
        assert problem.expects in problem.check().message
        assert [problem.hint(number) for number in (1, 2, 3)] == list(problem.hints)

    def the_answer_does_not_depend_on_the_language(self, name: str, wrong_ones: Wrong) -> None:
        for seed in range(20):
            english = draw(name, seed)
            with language("ko"):
                korean = draw(name, seed)
                assert korean.answer == english.answer
                assert korean.prompt != english.prompt
                for given in wrong_ones(english):
                    assert re.search("[가-힣]", korean.explain(korean.read(given)))


@pytest.fixture(scope="session")
def graded() -> Graded:
    return Graded()

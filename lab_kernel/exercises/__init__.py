"""Exercises: seeded problems that the simulators make, and graders that explain.

A seed draws one problem and always the same one, so there are as many problems as there are whole
numbers and an instructor can hand out one by its number. The answer is not written down anywhere:
the simulator works it out.

    @exercise("kernel/memory/faults", title=N_("..."))
    def faults(rng: random.Random) -> Problem: ...

In a notebook: ``problem = draw("kernel/memory/faults", seed=7)``, then ``problem.check(...)``. The
three dots are the honest default: not solved yet.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises.answers import line
from lab_kernel.figures import Figure
from lab_kernel.language import N_, _
from lab_kernel.registry import Registry

__all__ = ["Problem", "Verdict", "draw", "exercise", "names", "title"]

_MARKS = {
    "unsolved": ("○", N_("Not solved yet.")),
    "wrong": ("✗", N_("Not right.")),
    "right": ("✓", N_("Right.")),
}


@dataclass(frozen=True)
class Verdict:
    """What a grader says: ``status`` is ``unsolved``, ``wrong`` or ``right``. True when right.

    ``name`` and ``seed`` are the problem's.
    """

    status: str
    message: str
    name: str = ""
    seed: int = 0

    def __bool__(self) -> bool:
        return self.status == "right"

    def __repr__(self) -> str:
        return f"{_MARKS[self.status][0]} {self.message}"


@dataclass(frozen=True)
class Problem:
    """One problem, drawn in the language of the moment.

    ``read`` turns what was given (a number, a word, a line of text) into a value to compare, or
    raises BadInput; ``answer`` is that value; ``expects`` says in words what an answer looks like.
    ``listing`` are lines of the prompt, such as a file's, whose letters stand below each other.
    ``explain`` gets a wrong value and says what is wrong with it. ``hints`` lead from where to
    look, over how to go about it, to nearly there; ``solution`` is the whole way.
    """

    prompt: str
    expects: str
    answer: Any
    read: Callable[[Any], Any]
    explain: Callable[[Any], str]
    hints: tuple[str, str, str]
    solution: str
    figures: tuple[Figure, ...] = ()
    listing: str = ""
    name: str = ""
    title: str = ""
    seed: int = 0

    def check(self, given: Any = ...) -> Verdict:
        """Grade an answer; ``...`` or nothing is not solved yet, an unreadable one is BadInput."""
        given = line(given)
        if given is ... or given is None or given == "":
            return self._verdict("unsolved", self.expects)
        value = self.read(given)
        if value == self.answer:
            return self._verdict("right", self.solution)
        return self._verdict("wrong", self.explain(value))

    def hint(self, number: int) -> str:
        """Hint 1, 2 or 3."""
        if number not in (1, 2, 3):
            raise BadInput("hint", _("“{value}” is not 1, 2 or 3").format(value=number))
        return self.hints[number - 1]

    def _verdict(self, status: str, message: str) -> Verdict:
        return Verdict(status, f"{_(_MARKS[status][1])} {message}", self.name, self.seed)

    def __repr__(self) -> str:
        return f"[{self.name} · {self.seed}] {self.prompt}"

    def _repr_html_(self) -> str:
        pictures = "\n".join(figure.html() for figure in self.figures)
        return (
            f'<p class="lk-title">{escape(self.title)} <small>{escape(self.name)} ·'
            f" {self.seed}</small></p>\n"
            f"{self._prompt()}\n{pictures}"
        )

    def _prompt(self) -> str:
        before, listing, after = self.prompt, "", ""
        if self.listing:
            before, listing, after = self.prompt.partition(self.listing)
        parts = [
            f'<p class="lk-prompt">{_lines(text)}</p>' if text else ""
            for text in (before.strip("\n"), after.strip("\n"))
        ]
        if listing:
            parts.insert(1, f'<pre class="lk-listing"><code>{escape(listing)}</code></pre>')
        return "\n".join(filter(None, parts))

    def task(self) -> str:
        """For a page: the problem, and what an answer looks like."""
        return f'{self._repr_html_()}\n<p class="lk-expects">{escape(self.expects)}</p>'

    def folded(self) -> str:
        """For a page: hints and solution, each folded away, and the command for another one."""
        texts = [
            *((_("Hint {number}").format(number=i), h) for i, h in enumerate(self.hints, 1)),
            (_("Answer"), self.solution),
        ]
        option = f"<span>--seed {self.seed + 1}</span>"  # which stays on one line
        another = f"{escape(f'lab-kernel quiz {self.name}')} {option}"
        return "\n".join(
            [
                *(
                    f"<details><summary>{escape(summary)}</summary><p>{_lines(text)}</p></details>"
                    for summary, text in texts
                ),
                f'<p class="lk-another">{escape(_("Another one:"))} <code>{another}</code></p>',
            ]
        )

    def html(self) -> str:
        """The problem as HTML for a page: a field for the answer, which a script has graded."""
        return (
            f'<section class="lk-quiz" data-quiz="{escape(self.name)}" data-seed="{self.seed}"'
            f' aria-label="{escape(self.title)}">\n{_solved()}'
            f'<div class="lk-problem">{self.task()}</div>\n'
            '<form class="lk-controls" autocomplete="off">\n'
            f'<label class="lk-wide"><span>{escape(_("Your answer"))}</span>'
            ' <input type="text" name="answer" spellcheck="false" autocapitalize="off"></label>\n'
            f'<button class="md-button">{escape(_("Check"))}</button>\n'
            f'<button type="button" class="md-button lk-hint">{escape(_("Hint"))}</button>\n'
            f'<button type="button" class="md-button lk-next">{escape(_("Another one"))}</button>\n'
            '</form>\n<p class="lk-verdict" role="status"></p>\n'
            f'<div class="lk-folded" aria-live="polite">{self.folded()}</div>\n</section>'
        )


Maker = Callable[[random.Random], Problem]


@dataclass(frozen=True)
class _Exercise:
    name: str
    title: str
    make: Maker


_registry: Registry[_Exercise] = Registry(__name__, "exercise")


def exercise(name: str, *, title: str) -> Callable[[Maker], Maker]:
    """Declare the decorated function as a maker of problems; mark the title with ``N_``."""

    def declare(make: Maker) -> Maker:
        _registry.declare(name, _Exercise(name, title, make))
        return make

    return declare


def names(room: str = "") -> list[str]:
    """Every exercise, or those of a section (``kernel``) or of a topic (``kernel/memory``)."""
    return _registry.names(room)


def title(name: str) -> str:
    """What this kind of problem is called; BadInput names the exercises there are."""
    return _(_registry.find(name).title)


def draw(name: str, seed: int) -> Problem:
    """The problem with this number; BadInput names the exercises there are."""
    found = _registry.find(name)
    # Seeding with text is the same on every platform and Python from 3.11 on.
    problem = found.make(random.Random(f"{found.name}:{seed}"))
    return replace(problem, name=found.name, title=_(found.title), seed=seed)


def _solved() -> str:
    """Where a page's script says, in these words, what was solved before."""
    this = escape(_("✓ You solved this one."))
    kind = escape(_("Solved of this kind: {number}"))
    return f'<p class="lk-solved" data-this="{this}" data-kind="{kind}" hidden></p>\n'


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")

"""What holds of every explorable, whichever chapter it belongs to.

A chapter's test module says what it declares and what that refuses, and adds its own tests:

    class TestEveryOne(Explored):
        topic = "kernel/memory/"
        declared = ("buddy", "tlb")
        refused = (("tlb", "entries", 0),)

    view = TestEveryOne.view
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import pytest

from lab_kernel import explore
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, Control, Explorable, Toggle, View, Whole
from lab_kernel.language import LANGUAGES, language

HANGUL = re.compile("[가-힣]")
SHAPES = re.compile("<(rect|circle|polygon) ")


def settings(control: Control, short: int) -> Iterable[object]:
    """Every option of a choice and value of a short range, both ends of a long one, on and off."""
    if isinstance(control, Choice):
        return [option for option, _label in control.options]
    if isinstance(control, Whole):
        every = range(control.low, control.high + 1)
        return every if len(every) <= short else (control.low, control.high)
    return ("on", "off") if isinstance(control, Toggle) else ()


class Explored:
    """Not collected itself; a chapter's ``TestEveryOne`` is."""

    topic: ClassVar[str]
    declared: ClassVar[tuple[str, ...]]
    # name, control, value
    refused: ClassVar[tuple[tuple[str, str, object], ...]]
    # so many values of a number are all tried
    short: ClassVar[int] = 6
    # name, control: those whose other settings cost too much to draw
    costly: ClassVar[tuple[tuple[str, str], ...]] = ()
    # Charts whose lines leave as much room as the words beside them need: more or fewer markers
    # in one language, or a legend above instead. A name is all its settings, "name control=value"
    # one of them.
    makes_room: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def view(cls, name: str, /, **values: object) -> View:
        """What the chapter's explorable draws: ``view("tlb", entries=4)``."""
        return explore.load(cls.topic + name).view(**values)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "value" in metafunc.fixturenames:
            metafunc.parametrize(("name", "control", "value"), self.refused)
        elif "name" in metafunc.fixturenames:
            metafunc.parametrize("name", self.declared)

    def states(self, found: Explorable) -> Iterator[dict[str, object]]:
        """As it is declared, then every setting of every control that makes another state."""
        seen: list[dict[str, Any]] = []
        name = found.name.removeprefix(self.topic)
        turned = [
            {control.name: value}
            for control in found.controls
            if (name, control.name) not in self.costly
            for value in settings(control, self.short)
        ]
        for values in ({}, *turned):
            state = found.values(**values)
            if state not in seen:
                seen.append(state)
                yield values

    def test_the_chapter_declares_these(self) -> None:
        ours = [name for name in explore.names() if name.startswith(self.topic)]
        assert ours == [self.topic + name for name in self.declared]

    def test_every_setting_draws_in_both_languages(self, name: str) -> None:
        found = explore.load(self.topic + name)
        for values in self.states(found):
            drawn = []
            for lang in LANGUAGES:
                with language(lang):
                    drawn.append(found.view(**values))
                _speaks(drawn[-1], lang, values)
            one, other = drawn
            assert one.numbers == other.numbers, values
            shapes = [[SHAPES.findall(f.svg) for f in each.figures] for each in drawn]
            states = {name, *(f"{name} {control}={value}" for control, value in values.items())}
            if states.intersection(self.makes_room):
                counted = [[f.count("rect") for f in each] for each in shapes]
                kinds = [[set(f) for f in each] for each in shapes]
                assert counted[0] == counted[1] and kinds[0] == kinds[1], values
            else:
                assert shapes[0] == shapes[1], values

    def test_the_command_repeats_the_state(self, name: str) -> None:
        found = explore.load(self.topic + name)
        for values in self.states(found):
            shown = found.at(**values) if values else found
            again = shown.at(**shown.values())
            assert again.command() == shown.command(), values
            assert [c.default for c in again.controls] == [c.default for c in shown.controls]
            assert again.values() == found.values(**values)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_bad_input_names_its_control(
        self, lang: str, name: str, control: str, value: object
    ) -> None:
        with language(lang), pytest.raises(BadInput, match=control) as caught:
            self.view(name, **{control: value})
        assert caught.value.argument == control
        assert caught.value.message and "\n" not in caught.value.message
        assert bool(HANGUL.search(caught.value.message)) == (lang == "ko")


def _speaks(drawn: View, lang: str, values: object) -> None:
    """It says something, in this language; so does every picture, for those who do not see it."""
    korean = lang == "ko"
    assert drawn.figures and drawn.says.endswith("."), (lang, values)
    assert bool(HANGUL.search(drawn.says)) == korean, (lang, values, drawn.says)
    for figure in drawn.figures:
        assert figure.title and figure.description, (lang, values)
        # Either may be names and figures alone, but not both.
        told = figure.title + figure.description
        assert bool(HANGUL.search(told)) == korean, (lang, values, told)
        assert korean or not HANGUL.search(figure.svg), (lang, values)
    for text in (drawn.says, *(part for f in drawn.figures for part in (f.title, f.description))):
        assert "{" not in text and "None" not in text, (lang, values, text)

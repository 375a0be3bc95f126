"""What is imported when a page asks: its own rooms and no others."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lab_kernel import exercises, explore

ASK = 'live.answer(\'{{"do": "picture", "language": "en", "name": "{}", "values": {{}}}}\')'


def topics_after(code: str) -> set[str]:
    """The topics whose explorables or exercises a fresh Python has imported after this code."""
    told = "print(*(name for name in sys.modules if name.count('.') > 2))"
    command = [sys.executable, "-c", f"import sys; from lab_kernel import live; {code}; {told}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    inside = (name.split(".") for name in done.stdout.split())
    return {".".join(parts[2:4]) for parts in inside if parts[1] in ("explore", "exercises")}


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    assert topics_after("live.warm_up(); live.warm_up('nothing')") == set()


def test_a_picture_imports_its_own_topic() -> None:
    assert topics_after(ASK.format("kernel/memory/replacement")) == {"kernel.memory"}


def test_a_section_imports_its_own_topics() -> None:
    topics = {name.rpartition("/")[0].replace("/", ".") for name in explore.names("kernel")}
    assert topics_after("live.explore.names('kernel')") == topics
    assert topics_after("live.warm_up('kernel')") == topics


def test_everything_is_declared_in_the_room_of_its_topic() -> None:
    """Where else could it be looked for?"""
    for kind in (explore, exercises):
        for name, thing in kind._registry._declared.items() if kind.names() else ():
            room = name.rpartition("/")[0].replace("/", ".").replace("-", "_")
            made = getattr(thing, "draw", None) or thing.make
            assert made.__module__.startswith(f"{kind.__name__}.{room}"), name


def test_the_names_of_a_section_and_of_a_topic() -> None:
    every = explore.names()
    assert explore.names("kernel") == [name for name in every if name.startswith("kernel/")]
    assert explore.names("kernel/memory") == [n for n in every if n.startswith("kernel/memory/")]


@pytest.mark.parametrize(
    "room", ["nothing", "kernel/nothing", "explore", "../x", "a\0b", "controls/x"]
)
def test_where_there_is_no_room_there_are_no_names(room: str) -> None:
    assert explore.names(room) == []

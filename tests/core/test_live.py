"""What a page asks of lab_kernel, and that a line of input cannot break it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_kernel import exercises, explore, live
from lab_kernel.figures.palette import STYLESHEET
from lab_kernel.language import LANGUAGES, current_language, language


def ask(**request: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(live.answer(json.dumps({"language": "en", **request})))
    return answer


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_picture_is_the_explorables_own(spoken: str) -> None:
    name = "kernel/memory/replacement"
    shown = ask(do="picture", language=spoken, name=name, values={"frames": "4"})
    with language(spoken):
        whole = explore.load(name).at(frames=4).html().replace(f"<style>{STYLESHEET}</style>", "")
    assert all(part in whole for part in (shown["pictures"], shown["says"], shown["settings"]))
    assert "frames=4" in shown["call"]
    assert "--frames 4" in shown["command"]
    assert current_language() == "en"


def test_every_control_stands_in_the_page_by_its_name() -> None:
    for name in explore.names():
        found = explore.load(name)
        html = found.html()
        assert html.count("<form ") == bool(found.controls), name
        for control in found.controls:
            assert html.count(f' name="{control.name}"') == 1, (name, control.name)


def test_input_that_does_not_fit_names_its_control() -> None:
    refused = ask(do="picture", name="kernel/memory/replacement", values={"frames": "many"})
    assert refused["bad"]["argument"] == "frames"
    assert "many" in refused["bad"]["message"]


def test_a_problem_is_drawn_and_graded() -> None:
    about = {"name": "kernel/memory/faults", "seed": 7}
    problem = exercises.draw(**about)
    drawn = ask(do="problem", **about)
    assert drawn["folded"].count("<details>") == 4
    assert ask(do="check", answer=str(problem.answer), **about)["status"] == "right"
    assert ask(do="check", answer=str(problem.answer + 1), **about)["status"] == "wrong"
    assert ask(do="check", answer="", **about)["status"] == "unsolved"
    assert ask(do="check", answer="many", **about)["bad"]["argument"] == "answer"

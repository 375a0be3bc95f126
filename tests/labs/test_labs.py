"""Every committed lab is as a lab should be. That its cells still print what is stored is nbval's
work, in this same run: pytest collects the notebooks under labs/ cell by cell.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_kernel import exercises
from tools.labs import anatomy, exercise_names, form, language, outputs, read, topics, twins

ROOT = Path(__file__).parents[2]
LABS = ROOT / "labs"
TOPICS = sorted(topics(LABS))
EVERY_LAB = [(name, topic) for topic in TOPICS for name in ("ko", "en")]


def test_there_is_a_lab() -> None:
    assert TOPICS


@pytest.mark.parametrize("topic", TOPICS)
def test_every_lab_is_there_in_both_languages_and_beside_its_page(topic: str) -> None:
    assert topics(LABS)[topic] == {"ko", "en"}
    for name in ("ko", "en"):
        assert (ROOT / "docs" / name / f"{topic}.md").is_file()


@pytest.mark.parametrize(("name", "topic"), EVERY_LAB)
def test_a_lab_stores_only_what_every_run_prints(name: str, topic: str) -> None:
    lab = read(LABS / name / f"{topic}.ipynb")
    assert form(lab) == []
    assert outputs(lab) == []


@pytest.mark.parametrize(("name", "topic"), EVERY_LAB)
def test_a_lab_has_its_parts_in_its_language(name: str, topic: str) -> None:
    lab = read(LABS / name / f"{topic}.ipynb")
    assert anatomy(lab, name, topic) == []
    assert language(lab, name) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_the_two_languages_of_a_lab_are_twins(topic: str) -> None:
    assert twins(*(read(LABS / name / f"{topic}.ipynb") for name in ("ko", "en"))) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_lab_draws_problems_that_there_are(topic: str) -> None:
    assert exercise_names(read(LABS / "ko" / f"{topic}.ipynb")) <= set(exercises.names())

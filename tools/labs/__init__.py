"""What every lab must keep: `python -m tools.labs` says what is wrong with the labs.

Each check takes a notebook (or both languages of one) and returns a list of problems, empty when
all is well, so the tests and the command share them. nbval runs the cells and compares what they
print; these checks see what it cannot: outputs stored broken, cells hidden from it, twins that
have drifted apart.

    stored     what a notebook stores is complete, sound and the same on every machine
    anatomy    the parts a lab has, and the language it is in
    twins      one lab in two languages
    reading    the parts of a notebook that the others look at
"""

from __future__ import annotations

from pathlib import Path

from tools.labs.anatomy import anatomy, language
from tools.labs.reading import exercise_names, links, read
from tools.labs.stored import form, outputs
from tools.labs.twins import twins
from tools.outputs import LABS, notebooks

__all__ = [
    "LANGUAGES",
    "anatomy",
    "exercise_names",
    "form",
    "language",
    "links",
    "outputs",
    "problems",
    "read",
    "topics",
    "twins",
]

LANGUAGES = ("ko", "en")


def topics(root: Path = LABS) -> dict[str, set[str]]:
    """The languages of each topic (``kernel/memory``) that has a lab below ``root``."""
    found: dict[str, set[str]] = {}
    for name in LANGUAGES:
        for path in notebooks(root / name):
            topic = path.relative_to(root / name).with_suffix("").as_posix()
            found.setdefault(topic, set()).add(name)
    return found


def problems(root: Path = LABS) -> list[str]:
    """Everything that is wrong with the labs below ``root``, one line each."""
    found: list[str] = []
    for topic, spoken in sorted(topics(root).items()):
        pair = {name: read(root / name / f"{topic}.ipynb") for name in LANGUAGES if name in spoken}
        for name, lab in pair.items():
            # One that is no notebook has no cells to look at.
            wrong = form(lab) or outputs(lab) + anatomy(lab, name, topic) + language(lab, name)
            found += [f"{name}/{topic}: {problem}" for problem in wrong]
        if len(pair) < len(LANGUAGES):
            found.append(f"{topic}: only in {', '.join(pair)}")
        elif not any(form(lab) for lab in pair.values()):
            found += [f"{topic}: {problem}" for problem in twins(pair["ko"], pair["en"])]
    return found

"""What a page of the site asks while it is read: pictures and problems, as JSON.

The site's worker runs this module under Pyodide; nothing in it knows that. A request says what to
``do``, in which ``language``:

- ``picture``, with ``name`` and ``values``: an explorable's pictures, sentence and commands;
- ``problem``, with ``name`` and ``seed``: an exercise's problem, with its hints folded;
- ``check``, with ``name``, ``seed`` and ``answer``: the verdict;
- ``run``, with ``code``: a cell of a lab, whose outputs are told while it runs (``cells``). Cells
  see each other's names, except those of another ``session``.

Input that does not fit is answered by ``{"bad": {"argument", "message"}}``. Any other error is a
defect and is raised.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from html import escape
from typing import Any

from lab_kernel import cells, exercises, explore
from lab_kernel.cells import ipython
from lab_kernel.errors import BadInput
from lab_kernel.figures.palette import without_stylesheet
from lab_kernel.language import LANGUAGES, _, language

Tell = Callable[[str], object]

_sessions: dict[str, cells.Session] = {}


def answer(request: str, tell: Tell = lambda output: None) -> str:
    """The answer to one request, both as JSON, and so is all that is told on the way."""
    asked: dict[str, Any] = json.loads(request)
    with language(asked["language"]):
        try:
            given: dict[str, Any] = _DO[asked["do"]](asked, tell)
        except BadInput as error:
            given = {"bad": {"argument": error.argument, "message": error.message}}
    return json.dumps(given, ensure_ascii=False)


def warm_up(section: str = "") -> None:
    """Import all of a section, and draw one of each of its topics in every language.

    This is what a memory snapshot is taken of; without a section, of what every page needs. Memory
    never shrinks, and the snapshot has all of it: so not everything is drawn, and what has been
    freed is made empty.
    """
    pictures, problems = (
        {name.rpartition("/")[0]: name for name in names} for names in _declared(section)
    )
    shown = [f"explore.load({name!r})" for name in list(pictures.values())[-1:]]
    for spoken in LANGUAGES:
        for name in pictures.values():
            answer(json.dumps({"do": "picture", "language": spoken, "name": name, "values": {}}))
        for name in problems.values():
            about = {"language": spoken, "name": name, "seed": 1}
            answer(json.dumps({"do": "problem", **about}))
            answer(json.dumps({"do": "check", "answer": "1", **about}))
        for code in ("print([1, 2])", *shown, "1 / 0"):
            about = {"language": spoken, "session": "warm-up"}
            answer(json.dumps({"do": "run", "code": _WARM_UP + code, **about}))
    _sessions.clear()
    gc.collect()
    room = 2_500_000 if section else 300_000  # what simulations leave behind, or hardly anything
    zeros = [bytes(size) for size in _FREED for _ in range(room // size)]
    del zeros  # which now lie where something was


def _declared(section: str) -> tuple[list[str], list[str]]:
    if not section:
        return [], []
    # reversed, so that of each topic the first one stays
    return explore.names(section)[::-1], exercises.names(section)[::-1]


def state() -> str:
    """Where a page says that Python is starting, or what to do when it cannot; empty until then.

    The script's texts are in ``data-`` attributes, so that all wording is in the catalogue.
    """
    starting = _("Starting Python in this page. It happens once and takes a few seconds.")
    failed = _(
        "Python could not be started here. Check the connection and try again; if it stays so,"
        " use a current browser."
    )
    broken = _("Something went wrong in Python. This is a defect of the site. It says: {error}")
    return (
        f'<div class="lk-state" data-starting="{escape(starting)}" data-failed="{escape(failed)}"'
        f' data-broken="{escape(broken)}">'
        f'<progress max="1" aria-label="{escape(starting)}" hidden></progress>'
        '<p role="status"></p></div>'
    )


def _picture(asked: dict[str, Any], _tell: Tell) -> dict[str, str]:
    shown = explore.load(asked["name"]).at(**asked["values"])
    view = shown.view()
    return {
        "pictures": without_stylesheet(view.pictures()),
        "says": view.says,
        "settings": shown.settings(),
        "command": shown.command(),
        "call": shown.call(),
    }


def _problem(asked: dict[str, Any], _tell: Tell) -> dict[str, str]:
    problem = exercises.draw(asked["name"], asked["seed"])
    return {"problem": without_stylesheet(problem.task()), "folded": problem.folded()}


def _check(asked: dict[str, Any], _tell: Tell) -> dict[str, str]:
    verdict = exercises.draw(asked["name"], asked["seed"]).check(asked["answer"])
    return {"status": verdict.status, "says": repr(verdict)}


def _run(asked: dict[str, Any], tell: Tell) -> dict[str, Any]:
    ipython.stand_in()
    session = _sessions.setdefault(asked.get("session", ""), cells.Session())
    return session.run(asked["code"], lambda output: tell(json.dumps(output, ensure_ascii=False)))


# Sizes of what has been freed, measured: more of each, or smaller ones, would make memory grow.
_FREED = (250_000, 100_000, 30_000, 10_000, 4_000, 2_000)
_WARM_UP = "from lab_kernel import explore\n"
_DO: dict[str, Callable[[dict[str, Any], Tell], dict[str, Any]]] = {
    "picture": _picture,
    "problem": _problem,
    "check": _check,
    "run": _run,
}

"""The parts a lab has, and the language it is in."""

from __future__ import annotations

import ast
import re
from typing import Any

from tools.labs.reading import calls, code_cells, exercise_names, links, texts, tree

LONGEST_CELL = 8  # lines of code that still read like sentences
KINDS_OF_PROBLEM = 4

# Words by which the first cell says what the lab is about.
ABOUT = {
    "objectives": {"ko": r"목표", "en": r"objectives?\b|you will"},
    "time": {"ko": r"시간", "en": r"\btime\b"},
    "prerequisites": {
        "ko": r"준비|선수|미리|먼저|필요한",
        "en": r"prerequisites?|before you start",
    },
}

_HANGUL = re.compile(r"[가-힣]")


def anatomy(notebook: Any, language: str, topic: str) -> list[str]:
    """Where it begins, that its cells are short, and its problems many kinds and unsolved.

    ``topic`` is ``section/topic``, the page that the lab belongs to.
    """
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown":
        return ["does not begin with text"]
    problems = []
    if not first.source.startswith("# "):
        problems.append("the first cell does not begin with the title")
    for part, words in ABOUT.items():
        if not re.search(words[language], first.source, re.I):
            problems.append(f"the first cell does not name the {part}")
    if not any(_leads_to(target, topic) for target in links(first.source)):
        problems.append(f"the first cell has no link to the page {topic}")
    if (kinds := len(exercise_names(notebook))) < KINDS_OF_PROBLEM:
        problems.append(f"has {kinds} kinds of graded problem, not {KINDS_OF_PROBLEM}")
    for where, cell in code_cells(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        if len(lines) > LONGEST_CELL:
            problems.append(f"{where} has {len(lines)} lines, more than {LONGEST_CELL}")
        if re.search(r"^\s*[%!]", cell.source, re.M):
            problems.append(f"{where} has a %magic or !command, which is not Python")
        if not _unsolved(tree(cell)):
            problems.append(f"{where} stores an exercise solved; leave the three dots")
    return problems


def language(notebook: Any, name: str) -> list[str]:
    """A reader meets one language, in the text and in what the cells print."""
    problems = []
    for cell in notebook.cells:
        where = f"{cell.cell_type} cell ({cell.get('id')})"
        printed = "".join(shown for out in cell.get("outputs", []) for _kind, shown in texts(out))
        if name == "en" and _HANGUL.search(printed):
            problems.append(f"{where} prints Korean")
        if cell.cell_type != "markdown":
            continue
        if name == "en" and _HANGUL.search(cell.source.replace("한국어", "")):
            problems.append(f"{where} is not in English")
        if name == "ko" and len(cell.source) > 80 and not _HANGUL.search(cell.source):
            problems.append(f"{where} is not in Korean")
    return problems


def _leads_to(target: str, topic: str) -> bool:
    return re.sub(r"(/|\.md|/index\.html)?(#.*)?$", "", target).endswith(f"/{topic}")


def _unsolved(code: ast.AST) -> bool:
    """Every answer that is checked is the three dots, there or in a variable set beside it."""
    dots = {
        target.id
        for node in ast.walk(code)
        if isinstance(node, ast.Assign) and _is_dots(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return all(
        _is_dots(answer) or (isinstance(answer, ast.Name) and answer.id in dots)
        for call in calls(code, "check")
        for answer in call.args
    )


def _is_dots(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...

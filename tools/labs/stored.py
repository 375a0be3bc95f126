"""What a notebook stores: complete, sound, and the same on every machine."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import nbformat

from tools.labs.reading import code_cells, tags, texts
from tools.outputs import KERNEL, text, tidy

# Text, and pictures that are text.
SHOWN = {"text/plain", "text/html", "text/markdown", "image/svg+xml"}

UNSTABLE = {
    # /proc, /sys and /dev are the kernel's interfaces, the same on every Linux; what lies in /etc,
    # /srv, /var, /bin and /lib belongs to a simulated machine, an image or a recording.
    "an absolute path": r"(?<![\w.<>/])/(?!(?:proc|sys|dev|etc|srv|var|bin|lib|lib64)/)"
    r"[A-Za-z]\w*/[\w.-]+"
    r"|\b[A-Za-z]:\\\w",
    "an installed file": r"site-packages|\.venv\b",
    "a timing": r"\b\d+\.\d+ ?(?:[nµμu]?s|ms|sec|seconds|초)\b|per loop|Wall time|CPU times",
    "a time of day": r"(?<![\d:])[0-2]?\d:[0-5]\d:[0-5]\d(?![\d:])",
    # An address in a recording or a page table is data; one that Python made up is not.
    "an object's address": r"\bat 0x[0-9a-fA-F]{6,}",
    "a traceback": r"Traceback \(most recent call last\)",
}

_HIDING = re.compile(r"^\s*#\s*(?:NBVAL_|PYTEST_VALIDATE)", re.M)
_HIDING_TAGS = re.compile(r"nbval|pytest-validate|raises-exception|remove|hide")


def form(notebook: Any) -> list[str]:
    """Valid nbformat 4.5 for the kernel python3, every cell with an id of its own."""
    # Not validate(): it repairs what it finds before it looks.
    problems = [
        f"is not a valid notebook: {error.message[:200]}"
        for error in nbformat.validator.iter_validate(notebook)
    ]
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        problems.append("older than nbformat 4.5, whose cells have no ids")
    if notebook.metadata.get("kernelspec") != KERNEL:
        problems.append(f"its kernel is not {KERNEL['name']} as `make outputs` writes it")
    ids = Counter(cell.get("id") for cell in notebook.cells)
    problems += [f"{n} cells have the id {name}" for name, n in ids.items() if n > 1]
    if {cell.cell_type for cell in notebook.cells} - {"markdown", "code"}:
        problems.append("a cell is neither text nor code")
    return problems


def outputs(notebook: Any) -> list[str]:
    """Every cell ran, in order, without error, and printed what it always prints."""
    problems = []
    for number, (where, cell) in enumerate(code_cells(notebook), 1):
        if cell.execution_count != number:
            problems.append(f"{where} was not run in order: its number is {cell.execution_count}")
        if _HIDING.search(cell.source) or _HIDING_TAGS.search(" ".join(tags(cell))):
            problems.append(f"{where} hides what it prints from the check")
        for output in cell.outputs:
            problems += [f"{where} stores {what}" for what in _wrong(output)]
    if notebook.metadata.get("widgets"):
        problems.append("stores the state of widgets, whose ids are random")
    tidied = nbformat.from_dict(notebook)
    tidy(tidied)
    if not problems and text(tidied) != text(notebook):
        problems.append("is not as `make outputs` writes it")
    return problems


def _wrong(output: Any) -> list[str]:
    if output.output_type == "error":
        return [f"an error, {output.ename}: {output.evalue}"]
    if output.output_type == "stream" and output.name != "stdout":
        return [output.name]
    found = []
    for kind, shown in texts(output):
        if kind not in SHOWN:
            found.append(kind)
            continue
        for name, pattern in UNSTABLE.items():
            if match := re.search(pattern, shown):
                found.append(f"{name}, {match[0].strip()!r}")
    return found

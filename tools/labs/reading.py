"""The parts of a notebook that the checks look at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

_LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)|(?:href|src)=[\"']([^\"']+)")
_HEADING = re.compile(r"^(#{1,6})\s+\S", re.M)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.M | re.S)
_CODE = re.compile(r"`[^`]*`")


def read(path: Path) -> Any:
    """The notebook as it is stored: nothing is repaired on the way in."""
    return nbformat.from_dict(nbformat.reader.reads(path.read_text(encoding="utf-8")))


def code_cells(notebook: Any) -> list[tuple[str, Any]]:
    """Each code cell with a name for it that a person can find."""
    cells = (cell for cell in notebook.cells if cell.cell_type == "code")
    return [(f"code cell {n} ({cell.get('id')})", cell) for n, cell in enumerate(cells, 1)]


def tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", []))


def texts(output: Any) -> Iterator[tuple[str, str]]:
    """(mime type, text) of everything that an output stores."""
    if output.output_type == "stream":
        yield "text/plain", "".join(output.text)
    for kind, shown in output.get("data", {}).items():
        yield kind, "".join(shown) if isinstance(shown, (list, str)) else str(shown)


def heading_levels(source: str) -> list[int]:
    return [len(marks) for marks in _HEADING.findall(_FENCE.sub("", source))]


def links(source: str) -> list[str]:
    """Where the links of a text cell lead; what stands in code is no link."""
    source = _CODE.sub("", _FENCE.sub("", source))
    return [a or b for a, b in _LINK.findall(source)]


def tree(cell: Any) -> ast.AST:
    """The cell's code; a line that opens a source (``lru??``) is left to the notebook."""
    lines = [line for line in cell.source.splitlines() if not line.rstrip().endswith("?")]
    try:
        return ast.parse("\n".join(lines))
    except SyntaxError:
        return ast.Module([], [])


def calls(code: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of a function or method by this name."""
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            called = node.func
            if name in (getattr(called, "attr", None), getattr(called, "id", None)):
                yield node


def exercise_names(notebook: Any) -> set[str]:
    """The names that the cells draw problems by."""
    return {
        str(call.args[0].value)
        for _where, cell in code_cells(notebook)
        for call in calls(tree(cell), "draw")
        if call.args and isinstance(call.args[0], ast.Constant)
    }

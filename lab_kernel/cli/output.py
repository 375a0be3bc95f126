"""What a command prints: one JSON object, or neat text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width


def print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def columns(rows: Iterable[Sequence[object]], indent: str = "  ", *, right: bool = False) -> str:
    """Rows of cells under each other; a column that holds numbers goes to the right.

    ``right``: all but the first do, whatever they hold.
    """
    table = [list(row) for row in rows]
    sides = [
        any(isinstance(cell, int) for cell in cells) or (right and number > 0)
        for number, cells in enumerate(zip(*table, strict=True))
    ]
    widths = [max(map(_width, cells)) for cells in zip(*table, strict=True)]
    lines = ("  ".join(map(_padded, row, widths, sides)).rstrip() for row in table)
    return "\n".join(indent + line for line in lines)


def _width(cell: object) -> int:
    """Columns on a terminal, where a Hangul syllable takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in str(cell))


def _padded(cell: object, width: int, right: bool) -> str:
    space = " " * (width - _width(cell))
    return f"{space}{cell}" if right else f"{cell}{space}"

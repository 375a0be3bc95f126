"""What of a folder is not for the image: ``.containerignore``, or ``.dockerignore``.

A pattern on each line, relative to the folder: ``*`` and ``?`` within a name, ``**`` any number of
directories, ``!`` takes back. The last line that fits decides. A directory takes along what is in
it. Source: Dockerfile reference, section on the .dockerignore file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from lab_kernel.containers.image.tree import parents

NAMES = (".containerignore", ".dockerignore")
_PIECES = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
Kept = TypeVar("Kept")


def pattern(text: str) -> re.Pattern[str]:
    """A path pattern as a regular expression."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^/\]]+\])", text)
    return re.compile(
        "".join(
            _PIECES.get(piece)
            or (f"[{_set(piece)}]" if re.fullmatch(r"\[[^/\]]+\]", piece) else re.escape(piece))
            for piece in pieces
        ),
        re.DOTALL,
    )


def _set(piece: str) -> str:
    inside = piece[1:-1]
    sign = "^" * inside.startswith(("^", "!"))
    return sign + re.sub(r"([\\\[\]&~|^])", r"\\\1", inside[len(sign) :])


class Ignored:
    """The patterns of one file. ``path in ignored`` asks about a path of the folder."""

    def __init__(self, text: str) -> None:
        self._rules: list[tuple[bool, re.Pattern[str]]] = []
        for line in text.splitlines():
            rule = line.strip()
            if rule and not rule.startswith("#"):
                parts = rule.removeprefix("!").split("/")
                path = "/".join(part for part in parts if part not in ("", "."))
                self._rules.append((not rule.startswith("!"), pattern(path)))
        self.takes_back = not all(hides for hides, _rule in self._rules)

    def __contains__(self, path: object) -> bool:
        said = False
        names = (*parents(str(path)), str(path))
        for hides, rule in self._rules:
            if any(rule.fullmatch(name) for name in names):
                said = hides
        return said


def without_ignored(files: Mapping[str, Kept], text: str) -> dict[str, Kept]:
    """The files that the patterns leave, and the directories that these need."""
    ignored = Ignored(text)
    kept = {path for path in files if path not in ignored}
    needed = kept.union(*(parents(path) for path in kept))
    return {path: node for path, node in files.items() if path in needed}

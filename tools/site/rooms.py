"""A topic's rooms: what the navigation calls its page, and where its lab shows an explorable.

``section/topic/thing`` is an explorable's or an exercise's name; ``section/topic`` is its topic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.utils import get_relative_url

ROOT = Path(__file__).resolve().parents[2]
_SHOWS = re.compile(r"""\bexplore\(\s*["']([\w/-]+)["']""")


def topic(name: str) -> str:
    return name.rpartition("/")[0]


def section(page: str) -> str:
    """The section of a page or a lab, by its source file; empty for the pages above them all."""
    return page.removeprefix("labs/").rpartition("/")[0].partition("/")[0]


def titles(nav: Any) -> dict[str, str]:
    """What the navigation of mkdocs.yml calls each page; a section's first page has its title."""
    found: dict[str, str] = {}
    for entry in nav:
        for title, inside in entry.items() if isinstance(entry, dict) else ():
            if isinstance(inside, str):
                found[inside] = title
            else:
                found |= {page: title for page in inside if isinstance(page, str)} | titles(inside)
    return found


def address(page: str) -> str:
    """A page's address below its language's root, by its source file."""
    bare = re.sub(r"\.(md|ipynb)$", "", page)
    return "" if bare == "index" else bare.removesuffix("/index") + "/"


def link(page: str, target: str) -> str:
    """From one page to another, both by their source files."""
    return get_relative_url(address(target), address(page))


def lab(name: str, language: str, page: str) -> str:
    """From a page to where the topic's lab shows this explorable.

    The lab's top when no cell shows it; empty when the topic has no lab.
    """
    path = ROOT / "labs" / language / f"{topic(name)}.ipynb"
    if not path.exists():
        return ""
    cell = _cells(path).get(name.rpartition("/")[2], "")
    return link(page, f"labs/{topic(name)}.ipynb") + (f"#{anchor(cell)}" if cell else "")


def anchor(cell: str) -> str:
    """A cell's id in its lab's page: never a heading's."""
    return f"cell-{cell}"


@cache
def _cells(path: Path) -> Mapping[str, str]:
    """The first cell that shows each explorable, by the last part of its name."""
    found: dict[str, str] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            for name in _SHOWS.findall("".join(cell["source"])):
                found.setdefault(name.rpartition("/")[2], cell["id"])
    return found

"""One lab in two languages: the same but for the text and the literal that names the language."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

from tools.labs.reading import heading_levels, links, tags


def twins(ko: Any, en: Any) -> list[str]:
    """What differs between the Korean and the English lab and should not.

    The same cells by id and kind, the same code but for ``use_language("ko")``, which stands
    exactly once, outputs of the same kinds, headings of the same levels, links to the same places.
    """
    problems = []
    switches = 0
    for number, (ours, theirs) in enumerate(zip_longest(ko.cells, en.cells), 1):
        if ours is None or theirs is None:
            problems.append(f"{len(ko.cells)} cells in ko, {len(en.cells)} in en")
            break
        if ours.cell_type == "code":
            switches += ours.source.count('use_language("ko")')
        where = f"cell {number} ({ours.get('id')})"
        problems += [f"{where}: {what} in en" for what in _differs(ours, theirs)]
    if switches != 1:
        problems.append(f'use_language("ko") is called {switches} times, not once')
    return problems


def _differs(ours: Any, theirs: Any) -> list[str]:
    if ours.get("id") != theirs.get("id"):
        return [f"the id is {theirs.get('id')}"]
    if ours.cell_type != theirs.cell_type or tags(ours) != tags(theirs):
        return ["another kind of cell"]
    if ours.cell_type == "code":
        if ours.source.replace('use_language("ko")', 'use_language("en")') != theirs.source:
            return ["other code"]
        if [_kinds(out) for out in ours.outputs] != [_kinds(out) for out in theirs.outputs]:
            return ["prints another kind of thing"]
        return []
    found = []
    if heading_levels(ours.source) != heading_levels(theirs.source):
        found.append("other headings")
    if _places(ours.source) != _places(theirs.source):
        found.append("other links")
    return found


def _kinds(output: Any) -> list[str]:
    return [output.output_type, *sorted(output.get("data", {}))]


def _places(source: str) -> list[str]:
    """Links without the language, and without a heading's anchor, which is made of words.

    Sorted, because the two languages put the words of a sentence in different orders.
    """
    return sorted(
        re.sub(r"(^|/)(ko|en)(?=/|$)", r"\1*", target.split("#")[0]) for target in links(source)
    )

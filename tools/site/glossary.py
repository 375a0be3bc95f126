"""Explains the first use of each glossary term on a page, in place.

Works on the finished HTML and changes nothing but the text it wraps: tags, code, links, headings
and pictures pass through byte for byte.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.json"

_MARKUP = re.compile(r"""(<!--.*?-->|<(?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
_LEFT_ALONE = {
    "a", "abbr", "button", "code", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label", "pre",
    "script", "style", "summary", "svg", "textarea", "th",
}  # fmt: skip
_NEVER_CLOSED = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# what may follow a Korean noun without making it another word
_PARTICLES = (
    "에서는|에서도|에서의|에서|에게|에는|에도|에|으로는|으로|로는|로|과의|과는|과|와의|와는|와|"
    "은|는|이며|이란|이라는|이라|이나|이고|입니다|인|이|가|을|를|의|도|만|까지|부터|마다|보다|처럼|란|라는|나|들이|들은|들을|들의|들"
)


@dataclass(frozen=True)
class _Terms:
    pattern: re.Pattern[str]
    entry: dict[str, int]  # the form as it is written -> which entry
    title: tuple[str, ...]  # by entry
    aliases: tuple[str, ...]  # by entry: other words for it, which nobody sees but the search


def explain(html: str, language: str, glossary: Path = GLOSSARY) -> str:
    """Wrap the first occurrence of each term in ``<abbr class="term">`` with its definition.

    Inside it, hidden, stand the other words that people use for the term, so that a search for
    one of them finds the section that explains it.
    """
    terms = _terms(language, glossary, glossary.stat().st_mtime_ns)
    seen: set[int] = set()

    def wrap(match: re.Match[str]) -> str:
        number = terms.entry.get(_key(match["term"]))
        if number is None or number in seen:
            return match[0]
        seen.add(number)
        # the tab stop is for readers without a mouse: focus or a tap opens the explanation
        title = escape(terms.title[number])
        aliases = terms.aliases[number]
        hidden = f"<span hidden> {escape(aliases)} </span>" if aliases else ""
        return (
            f'<abbr class="term" tabindex="0" title="{title}">{match["term"]}</abbr>'
            f"{match['plural'] or ''}{hidden}"
        )

    out: list[str] = []
    closed_by: list[str] = []  # the elements left alone that we are in
    for piece in _MARKUP.split(html):
        if not piece.startswith("<"):
            out.append(piece if closed_by else terms.pattern.sub(wrap, piece))
            continue
        out.append(piece)
        tag = _TAG.match(piece)
        if tag and tag[2].lower() not in _NEVER_CLOSED and not piece.endswith("/>"):
            name = tag[2].lower()
            if tag[1] and name in closed_by:
                while closed_by.pop() != name:
                    pass
            elif not tag[1] and (closed_by or name in _LEFT_ALONE or "data-plain" in piece):
                closed_by.append(name)
    return "".join(out)


@cache
def _terms(language: str, glossary: Path, _changed: int) -> _Terms:
    entry: dict[str, int] = {}
    titles: list[str] = []
    aliases: list[str] = []
    for item in json.loads(glossary.read_text(encoding="utf-8")):
        definition = item.get("definition", {}).get(language)
        if not definition:
            continue
        for form in item["forms"][language]:
            entry.setdefault(_key(form), len(titles))
        there = item["en" if language == "ko" else "ko"]
        titles.append(f"{there} — {definition}")
        # alternates are Korean words, or English ones as Koreans write them
        others = [*item.get("alternates", ()), item["en"]] if language == "ko" else ()
        aliases.append(", ".join(others))
    longest_first = "|".join(re.escape(f) for f in sorted(entry, key=len, reverse=True)) or "(?!)"
    word = r"[A-Za-z0-9가-힣_]"
    ends = rf"(?P<plural>es|s)?(?!{word}|-[A-Za-z])"
    if language == "ko":
        ends = rf"(?P<plural>)(?=(?:{_PARTICLES})?(?!{word}))"
    begins = rf"(?<!{word})(?<![-/.])"
    pattern = re.compile(rf"{begins}(?P<term>{longest_first}){ends}", re.IGNORECASE)
    return _Terms(pattern, entry, tuple(titles), tuple(aliases))


def _key(form: str) -> str:
    """Capitals matter in an acronym only: TLB is a term, and Page is the term page."""
    return form if form.isupper() else form.casefold()

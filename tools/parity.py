"""Do the Korean and the English say the same thing?

Meaning cannot be compared by a program, but the skeleton can: a translation that has drifted has
lost a heading, a link, a block of code, a row of a table or a fact. Every function returns its
findings as a list of sentences, empty when there is nothing to say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

FACT = re.compile(r"<!--\s*fact:\s*([A-Z]\d\d(?:[\s,]+[A-Z]\d\d)*)\s*-->")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*(.*?)\s*$")
_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*$")
_ADMONITION = re.compile(r"^\s*(?:!!!|\?\?\?\+?)\s+(\w+)")
_TABLE_ROW = re.compile(r"^\s*\|.*\|\s*$")
_LINKS = (
    re.compile(r"\]\(\s*<?([^\s)>]+)>?(?:\s+\"[^\"]*\")?\s*\)"),  # [text](target "title")
    re.compile(r"^\s*\[(?!\^)[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)"),  # [label]: target, no footnote
    re.compile(r"<(https?://[^>\s]+)>"),
    re.compile(r"\b(?:href|src)=[\"']([^\"']+)[\"']"),
)
_INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EXPLICIT_ID = re.compile(r"\{\s*#([\w-]+)[^}]*\}\s*$")


@dataclass
class Page:
    """A page's skeleton, its prose without any code, and its text: all that a reader sees."""

    meta: dict[str, str] = field(default_factory=dict)
    headings: list[tuple[int, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: Counter[str] = field(default_factory=Counter)
    fences: list[str] = field(default_factory=list)
    admonitions: list[str] = field(default_factory=list)
    table_rows: int = 0
    facts: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    text: str = ""


def read(markdown: str) -> Page:
    """The skeleton of one Markdown page."""
    page = Page()
    lines = markdown.splitlines()
    if lines and lines[0] == "---" and "---" in lines[1:]:
        end = lines.index("---", 1)
        for line in lines[1:end]:
            name, colon, value = line.partition(":")
            if colon and not line.startswith((" ", "#")):
                page.meta[name.strip()] = value.strip().strip("\"'")
        lines = lines[end + 1 :]

    text: list[str] = []
    block: list[str] = []
    closing = ""
    for line in lines:
        fence = _FENCE.match(line)
        if closing:
            block.append(line.strip())
            if fence and fence[1].startswith(closing) and not fence[2]:
                page.fences.append("\n".join(block))
                closing = ""
        elif fence:
            closing, block = fence[1], [f"{fence[1]}{fence[2]}"]
        else:
            text.append(line)
    if closing:
        page.fences.append("\n".join([*block, "(never closed)"]))

    body = "\n".join(text)
    page.text = _COMMENT.sub("", "\n".join(lines))
    for match in FACT.finditer(body):
        page.facts += re.findall(r"[A-Z]\d\d", match[1])
    for line in _COMMENT.sub("", body).splitlines():
        bare = _INLINE_CODE.sub("", line)
        for pattern in _LINKS:
            page.links.update(_target(found) for found in pattern.findall(bare))
        if heading := _HEADING.match(line):
            page.headings.append((len(heading[1]), _EXPLICIT_ID.sub("", heading[2]).strip()))
            if explicit := _EXPLICIT_ID.search(heading[2]):
                page.ids.append(explicit[1])
        if admonition := _ADMONITION.match(line):
            page.admonitions.append(admonition[1])
        page.table_rows += bool(_TABLE_ROW.match(line))
        page.prose.append(bare)
    return page


def _target(link: str) -> str:
    """A link without what must differ: the language's own tree and the words of an anchor.

    ``#frames`` and ``#프레임`` may both be right; that an anchor exists is for the site's checks.
    """
    if re.match(r"[a-z]+:", link):
        return link
    return _neutral(re.sub(r"#.*", "#", link))


def _neutral(text: str) -> str:
    """Text with the name of its language taken out: ``labs/ko/``, ``--lang ko``, ``x.ko.md``."""
    text = re.sub(r"(?<=/)(?:ko|en)(?=/)|^(?:ko|en)(?=/)", "*", text)
    text = re.sub(r"(--lang[ =])(?:ko|en)\b", r"\1*", text)
    return re.sub(r"\.(?:ko|en)(?=\.\w+)", "", text)


def _code(fence: str) -> str:
    """A fence without its comments, which are prose, and without the name of its language."""
    lines = (re.sub(r"(^|\s)#\s.*$", "", line).rstrip() for line in fence.splitlines())
    return _neutral("\n".join(lines))


def page_problems(name: str, korean: str, english: str) -> list[str]:
    """Where the skeletons of one page's two languages differ."""
    ko, en = read(korean), read(english)
    found: list[str] = []

    def differ(what: str, here: object, there: object) -> None:
        found.append(f"{name}: {what}: Korean has {here}, English has {there}")

    for number, pair in enumerate(zip_longest(ko.headings, en.headings), start=1):
        here, there = ("#" * heading[0] if heading else "no more" for heading in pair)
        if here != there:
            title = next(heading[1] for heading in pair if heading)
            differ(f"heading {number} ({title})", here, there)
            break
    if ko.ids != en.ids:
        differ("heading ids", ko.ids, en.ids)
    for link in sorted({*ko.links, *en.links}):
        if ko.links[link] != en.links[link]:
            differ(f"link {link}", f"{ko.links[link]}", f"{en.links[link]}")
    codes_ko, codes_en = ([_code(fence) for fence in page.fences] for page in (ko, en))
    if len(codes_ko) != len(codes_en):
        differ("fenced blocks", len(codes_ko), len(codes_en))
    for number, (here, there) in enumerate(zip(codes_ko, codes_en, strict=False), start=1):
        if here != there:
            differ(f"fenced block {number}", repr(here), repr(there))
    for what in ("admonitions", "table_rows", "facts"):
        here, there = getattr(ko, what), getattr(en, what)
        if here != there:
            differ(what.replace("_", " "), here, there)
    if set(ko.meta) != set(en.meta):
        differ("front matter", sorted(ko.meta), sorted(en.meta))
    return found


def pages(root: Path) -> set[str]:
    """The Markdown pages below a language's root, as posix paths.

    rglob does not go into symlinked folders, so the labs are not among them.
    """
    return {path.relative_to(root).as_posix() for path in root.rglob("*.md")}


def site_problems(korean: Path, english: Path) -> list[str]:
    """Where two trees of pages differ, in their sets of pages or inside a page."""
    ko, en = pages(korean), pages(english)
    found = [f"{name}: there is no English page" for name in sorted(ko - en)]
    found += [f"{name}: there is no Korean page" for name in sorted(en - ko)]
    for name in sorted(ko & en):
        found += page_problems(
            name,
            (korean / name).read_text(encoding="utf-8"),
            (english / name).read_text(encoding="utf-8"),
        )
    return found


def style_problems(name: str, language: str, markdown: str) -> list[str]:
    """Plain style (평어체) in a Korean page, Hangul in an English one.

    What stands in quotation marks or in code is somebody else's voice and is let be.
    """
    found: list[str] = []
    for line in read(markdown).prose:
        said = re.sub(r"“[^”]*”|‘[^’]*’|\"[^\"]*\"", "", line)
        said = re.sub(r"\]\([^)]*\)", "]", said)
        if language == "ko":
            for end in re.finditer(r"[가-힣]*(?<!니)다(?=[.!](?:[\s)*_\]|]|$))", said):
                found.append(f"{name}: not 합니다체: …{end[0]}.")
        else:
            for word in re.findall(r"[가-힣]+", said):
                if word != "한국어":
                    found.append(f"{name}: Hangul in an English page: {word}")
    return found


def fact_problems(facts: list[dict[str, object]], root: Path) -> list[str]:
    """Facts whose chapter is finished but does not mark them, or lacks one of their terms.

    A fact's ``chapter`` is the page that teaches it, or null as long as none does; facts.json is
    the one place that says so. English terms are found in any case.
    """
    found: list[str] = []
    for fact in facts:
        if fact["chapter"] is None:
            continue
        for language in ("ko", "en"):
            path = root / language / f"{fact['chapter']}.md"
            where = f"{language}/{fact['chapter']}.md"
            if not path.is_file():
                found.append(f"{where}: no such page, but {fact['id']} is said to be taught there")
                continue
            page = read(path.read_text(encoding="utf-8"))
            if fact["id"] not in page.facts:
                found.append(f"{where}: does not mark {fact['id']} (<!-- fact: {fact['id']} -->)")
            terms = fact[f"{language}_terms"]
            assert isinstance(terms, list)
            for term in terms:
                if term.casefold() not in page.text.casefold():
                    found.append(f"{where}: lacks the term {term!r} of {fact['id']}")
    return found

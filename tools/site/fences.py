"""Fences that are filled while a page is built, most of them by running lab_kernel.

    ```explore kernel/memory/replacement frames=4
    ```
    ```quiz kernel/memory/faults seed=3
    ```
    ```recording memory-proc meminfo lines=1-5
    ```
    ```offline
    ```

Settings may go on in the fence's body, one or more on a line, quoted as in a shell. A fence that
cannot be shown stops the build and names the page and the line.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from html import escape

from mkdocs.exceptions import PluginError

from lab_kernel import exercises, explore, host, live
from lab_kernel.language import current_language
from lab_kernel.language import language as in_language
from tools.site import offline

_FENCE = re.compile(r"^(`{3,}|~{3,})[ \t]*([^`]*?)[ \t]*$")


def take_out(markdown: str, language: str, page: str, filled: list[str]) -> str:
    """Replace each fence by a place holder; its HTML is appended to ``filled``."""
    kept: list[str] = []
    fence = ""  # the marks that close what is open
    words, body, begun = "", [""], 0
    for number, line in enumerate(markdown.split("\n"), start=1):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not mark[2]
            ours = _maker(words)
            if closes and ours:
                filled.append(_make(ours, f"{words} {' '.join(body)}", language, page, begun))
                kept.append(f'\n<div data-fence="{len(filled) - 1}"></div>\n')
            elif not ours:
                kept.append(line)
            else:
                body.append(line)
            fence = "" if closes else fence
        elif mark:
            fence, words, body, begun = mark[1], mark[2], [], number
            if not _maker(words):
                kept.append(line)
        else:
            kept.append(line)
    if fence and _maker(words):
        raise PluginError(f"{page}: the fence of line {begun} ({words}) has no end")
    return "\n".join(kept)


def put_back(html: str, filled: list[str]) -> str:
    for number, block in enumerate(filled):
        html = html.replace(f'<div data-fence="{number}"></div>', block)
    return html


def _maker(words: str) -> Callable[..., str] | None:
    return _MAKERS.get(words.split(" ")[0]) if words else None


def _make(maker: Callable[..., str], words: str, language: str, page: str, line: int) -> str:
    try:
        _kind, *rest = shlex.split(words)
        names = [word for word in rest if "=" not in word]
        values = dict(word.split("=", 1) for word in rest if "=" in word)
        with in_language(language):
            made = maker(*names, **values)
            if "<form " in made:
                made += live.state()
    except Exception as error:  # whatever it is, the writer needs the page and the line
        raise PluginError(f"{page}, line {line}: ```{words.strip()}: {error}") from error
    # the words inside pictures and hints would crowd the text's out of the search
    return f'<div class="lab-block" data-search-exclude>{made}</div>'


def _explore(name: str, **values: str) -> str:
    return explore.load(name).html(**values)


def _quiz(name: str, seed: str = "1") -> str:
    return exercises.draw(name, int(seed)).html()


def _recording(name: str, entry: str, lines: str = "") -> str:
    """A recorded command, its real output (or ``lines=3-9`` of it) and where it comes from."""
    recording = host.recording(name)
    if entry not in recording.data:
        raise KeyError(f"no entry {entry!r}; there are: {', '.join(recording.data)}")
    output = recording.data[entry]["output"].rstrip("\n").split("\n")
    first, _dash, last = lines.partition("-")
    start, end = int(first or 1), int(last or first or len(output))
    if not 1 <= start <= end <= len(output):
        raise ValueError(f"lines={lines} of {len(output)}")
    shown = [
        f"$ {recording.data[entry]['command']}",
        *(["…"] if start > 1 else []),
        *output[start - 1 : end],
        *(["…"] if end < len(output) else []),
    ]
    return (
        '<div class="lk-recording"><div class="highlight"><pre><span></span><code>'
        + escape("\n".join(shown), quote=False)
        + f'\n</code></pre></div><p class="lk-provenance">{escape(str(recording.source))}</p></div>'
    )


def _offline() -> str:
    return offline.block(current_language())


_MAKERS: dict[str, Callable[..., str]] = {
    "explore": _explore,
    "quiz": _quiz,
    "recording": _recording,
    "offline": _offline,
}

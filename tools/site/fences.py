"""Fences that are filled while a page is built, most of them by running lab_kernel.

    ```explore kernel/memory/replacement frames=4
    ```
    ```quiz kernel/memory/faults seed=3
    ```
    ```recording memory-proc meminfo lines=1-5
    ```
    ```command slo check checkout --log access
    ```
    ```progress
    ```
    ```slo
    ```
    ```offline
    ```

Settings may go on in the fence's body, one or more on a line, quoted as in a shell. A fence that
cannot be shown stops the build and names the page and the line.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from mkdocs.exceptions import PluginError

from lab_kernel import cli, exercises, explore, host, live
from lab_kernel.language import language as in_language
from tools.site import offline, progress, rooms, slo

_FENCE = re.compile(r"^(`{3,}|~{3,})[ \t]*([^`]*?)[ \t]*$")


@dataclass(frozen=True)
class _Place:
    """Where a fence stands."""

    language: str
    page: str  # the page's source file
    titles: Mapping[str, str] = field(default_factory=dict)


def take_out(
    markdown: str,
    language: str,
    page: str,
    filled: list[str],
    titles: Mapping[str, str] | None = None,
) -> str:
    """Replace each fence by a place holder; its HTML is appended to ``filled``.

    ``titles`` is what the navigation calls each page, by its source file.
    """
    place = _Place(language, page, titles or {})
    kept: list[str] = []
    fence = ""  # the marks that close what is open
    words, body, begun = "", [""], 0
    for number, line in enumerate(markdown.split("\n"), start=1):
        mark = _FENCE.match(line)
        if fence:
            closes = mark and mark[1].startswith(fence) and not mark[2]
            ours = _maker(words)
            if closes and ours:
                filled.append(_make(ours, f"{words} {' '.join(body)}", place, begun))
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


def _make(maker: Callable[..., str], words: str, place: _Place, line: int) -> str:
    try:
        _kind, *rest = shlex.split(words)
        names = [word for word in rest if "=" not in word]
        values = dict(word.split("=", 1) for word in rest if "=" in word)
        with in_language(place.language):
            made = maker(place, *names, **values)
            made = made.replace("</form>", f"</form>{live.state()}", 1)
    except Exception as error:  # whatever it is, the writer needs the page and the line
        raise PluginError(f"{place.page}, line {line}: ```{words.strip()}: {error}") from error
    # the words inside pictures and hints would crowd the text's out of the search
    return f'<div class="lab-block" data-search-exclude>{made}</div>'


def _explore(place: _Place, name: str, /, **values: str) -> str:
    found = explore.load(name)
    return found.html(rooms.lab(found.name, place.language, place.page), **values)


def _progress(place: _Place) -> str:
    return progress.html(place.language, place.page, place.titles)


def _quiz(_place: _Place, name: str, seed: str = "1") -> str:
    return exercises.draw(name, int(seed)).html()


def _recording(_place: _Place, name: str, entry: str, lines: str = "", wrap: str = "off") -> str:
    """A recorded command, its real output (or ``lines=3-9`` of it) and where it comes from.

    ``wrap=on`` breaks long lines where what matters is at their end.
    """
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
    if wrap not in ("on", "off"):
        raise ValueError(f"wrap={wrap}, not on or off")
    kinds = "lk-recording lk-wrap" if wrap == "on" else "lk-recording"
    return (
        f'<div class="{kinds}"><div class="highlight"><pre><span></span><code>'
        + escape("\n".join(shown), quote=False)
        + f'\n</code></pre></div><p class="lk-provenance">{escape(str(recording.source))}</p></div>'
    )


def _command(place: _Place, *words: str) -> str:
    """What ``lab-kernel`` prints in the page's language when it is given these words."""
    printed, refused = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(refused):
        code = cli.main([*words, "--lang", place.language])
    if code == 2:
        raise ValueError(refused.getvalue().strip())
    shown = f"$ lab-kernel {shlex.join(words)}\n{printed.getvalue().rstrip()}"
    return (
        '<div class="lk-recording"><div class="highlight"><pre><span></span><code>'
        + escape(shown, quote=False)
        + "\n</code></pre></div></div>"
    )


def _slo(place: _Place) -> str:
    return slo.html(place.language)


def _offline(place: _Place) -> str:
    return offline.block(place.language)


_MAKERS: dict[str, Callable[..., str]] = {
    "explore": _explore,
    "quiz": _quiz,
    "recording": _recording,
    "command": _command,
    "progress": _progress,
    "slo": _slo,
    "offline": _offline,
}

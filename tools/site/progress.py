"""The home page's list of topics and kinds of problem, before anything is solved.

It can be read without scripts; ``browser/overview.js`` fills in what this browser keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import groupby

from lab_kernel import exercises
from tools.site import rooms

_WORDS = {
    "ko": {
        "count": "{all}가지 중 {solved}가지 해결",
        "all": "모든 문제 유형",
        "done": "✓ 푼 문제 {number}개",
        "save": "파일로 저장",
        "load": "파일에서 불러오기",
        "erase": "지우기",
        "ask": "이 브라우저에 남은 학습 기록을 지울까요? 되돌릴 수 없습니다.",
        "yes": "지우기",
        "no": "그대로 두기",
        "added": "불러왔습니다. 새로 더한 문제: {number}개",
        "bad": "여기에서 저장한 파일이 아닙니다. 아무것도 바꾸지 않았습니다.",
        "erased": "지웠습니다.",
        "unkept": (
            "지금 이 브라우저에는 기록을 남길 수 없습니다. 이 페이지를 떠나면 방금 푼 기록이"
            " 사라집니다."
        ),
    },
    "en": {
        "count": "{solved} of {all} solved",
        "all": "All kinds of problem",
        "done": "✓ solved: {number}",
        "save": "Save as a file",
        "load": "Load from a file",
        "erase": "Erase",
        "ask": "Erase the progress that this browser keeps? It cannot be undone.",
        "yes": "Erase it",
        "no": "Keep it",
        "added": "Loaded. Problems newly added: {number}",
        "bad": "This is no file that was saved here. Nothing was changed.",
        "erased": "Erased.",
        "unkept": (
            "This browser keeps nothing for the site at present: what you solve is forgotten when"
            " you leave the page."
        ),
    },
}


def html(language: str, page: str, titles: Mapping[str, str]) -> str:
    """Every topic that has problems, as the navigation orders them; it must have each."""
    words = {key: escape(text) for key, text in _WORDS[language].items()}
    names = exercises.names()
    order = list(titles)
    topics = sorted({rooms.topic(name) for name in names}, key=lambda t: order.index(f"{t}.md"))
    sections = [
        (section, list(inside)) for section, inside in groupby(topics, lambda t: t.split("/")[0])
    ]
    opened = " open" if len(sections) == 1 else ""
    shown = []
    for section, inside in sections:
        kinds = [name for name in names if name.startswith(f"{section}/")]
        items = "".join(_topic(topic, page, titles[f"{topic}.md"], words) for topic in inside)
        title = escape(titles[f"{section}/index.md"])
        shown.append(
            f'<details data-group{opened}><summary class="lk-row"><span>{title}</span>'
            f"{_bar(len(kinds), words)}</summary>\n<ul>{items}</ul></details>"
        )
    told = " ".join(
        f'data-{key}="{words[key]}"' for key in ("count", "done", "added", "bad", "erased")
    )
    buttons = "".join(
        f'<button type="button" class="md-button lk-{which}">{words[which]}</button>'
        for which in ("save", "load", "erase")
    )
    return (
        f'<div class="lk-progress" data-group {told}>\n'
        f'<p class="lk-row"><strong>{words["all"]}</strong>{_bar(len(names), words)}</p>\n'
        + "\n".join(shown)
        + f'\n<p class="lk-unkept" hidden>{words["unkept"]}</p>\n'
        f'<div class="lk-controls">{buttons}'
        '<input type="file" accept="application/json,.json" hidden></div>\n'
        f'<p class="lk-note" role="status"></p>\n'
        f'<dialog aria-label="{words["erase"]}"><p>{words["ask"]}</p>\n'
        f'<p class="lk-controls"><button class="md-button" value="erase">{words["yes"]}</button>'
        f'<button class="md-button" value="keep" autofocus>{words["no"]}</button></p></dialog>\n'
        "</div>"
    )


def _topic(topic: str, page: str, title: str, words: Mapping[str, str]) -> str:
    kinds = [name for name in exercises.names() if rooms.topic(name) == topic]
    items = "".join(
        f'<li data-kind="{escape(name)}">{escape(exercises.title(name))}'
        ' <span class="lk-done"></span></li>'
        for name in kinds
    )
    return (
        f'<li data-group><div class="lk-row"><a href="{rooms.link(page, f"{topic}.md")}">'
        f"{escape(title)}</a>{_bar(len(kinds), words)}</div>\n<ul>{items}</ul></li>"
    )


def _bar(kinds: int, words: Mapping[str, str]) -> str:
    """A picture for the eye, and the same in words for everybody."""
    count = words["count"].format(solved=0, all=kinds)
    return (
        f' <progress max="{kinds}" value="0" aria-hidden="true"></progress>'
        f' <span class="lk-count">{count}</span>'
    )

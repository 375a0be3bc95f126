"""What turns a lab's page into cells that run: a button, and a template that it opens.

The template holds every element and every word that the page's script (browser/cells.js) puts on
the page, in the page's language.
"""

from __future__ import annotations

from html import escape

from lab_kernel import live
from lab_kernel.language import language as in_language

_WORDS = {
    "ko": {
        "here": "이 페이지에서 실행",
        "failed": "불러오지 못했습니다. 페이지를 새로 고쳐 주세요",
        "bar": "이 실습의 셀",
        "all": "모두 실행",
        "stop": "중지",
        "reset": "모두 처음 상태로",
        "again": "위의 셀 다시 실행",
        "cell": "셀의 버튼",
        "run": "실행",
        "above": "위 셀 모두 실행",
        "add": "셀 추가",
        "remove": "셀 삭제",
        "keys": "키보드",
        "code": "Python 코드. Shift+Enter로 실행하고, Esc를 누르면 편집기에서 나갑니다",
        "running": "실행하고 있습니다.",
        "left": "실행하고 있습니다. 남은 셀: {number}개",
        "done": "실행이 끝났습니다(실행 번호 [{number}]).",
        "wrong": "오류가 났습니다(실행 번호 [{number}]).",
        "stopped": "중지했습니다. Python을 새로 시작했으므로 변수는 모두 사라졌습니다.",
        "broken": "Python이 멈춰 새로 시작했습니다. 변수는 모두 사라졌습니다.",
        "fresh": "처음 상태로 되돌렸습니다. Python도 새로 시작했습니다.",
        "discard": "셀에서 고친 내용이 모두 사라집니다. 처음 상태로 되돌릴까요?",
        "uneditable": "편집기를 불러오지 못했습니다. 실행은 됩니다. 고치려면 새로 고쳐 주세요.",
    },
    "en": {
        "here": "Run here",
        "failed": "This could not be loaded. Reload the page",
        "bar": "Cells of this lab",
        "all": "Run all",
        "stop": "Stop",
        "reset": "Reset",
        "again": "Run the cells above again",
        "cell": "Buttons of the cell",
        "run": "Run",
        "above": "Run all above",
        "add": "Add a cell",
        "remove": "Delete the cell",
        "keys": "Keyboard",
        "code": "Python code. Shift+Enter runs it, Esc leaves the editor",
        "running": "Running.",
        "left": "Running. Cells to go: {number}.",
        "done": "Cell [{number}] has run.",
        "wrong": "Cell [{number}] ended with an error.",
        "stopped": "Stopped. Python was started anew, so all variables are gone.",
        "broken": "Python broke down and was started anew. All variables are gone.",
        "fresh": "All is as it was published, and Python was started anew.",
        "discard": "Your changes to the cells will be lost. Go back to the lab as published?",
        "uneditable": "The editor could not be loaded. Cells run; to edit them, reload the page.",
    },
}
_KEYS = {
    "ko": (
        ("Shift+Enter", "실행하고 다음 셀로"),
        ("Ctrl+Enter", "실행하고 그 자리에"),
        ("Alt+Enter", "실행하고 아래에 셀 추가"),
        ("Esc", "편집기에서 나가 버튼으로. 그다음 Tab은 앞으로, ↑ ↓는 다른 셀로"),
    ),
    "en": (
        ("Shift+Enter", "run, and on to the next cell"),
        ("Ctrl+Enter", "run, and stay"),
        ("Alt+Enter", "run, and add a cell below"),
        ("Esc", "leave the editor for its buttons; then Tab goes on, ↑ ↓ to other cells"),
    ),
}
_TOLD = (
    *("code", "running", "left", "done", "wrong"),
    *("stopped", "broken", "fresh", "discard", "uneditable"),
)


def button(language: str) -> str:
    """The button that opens the cells; it needs the template on the same page."""
    words = _WORDS[language]
    return (
        f'<button type="button" class="md-button md-button--primary lab-here"'
        f' data-failed="{escape(words["failed"])}">{escape(words["here"])}</button>'
    )


def template(language: str) -> str:
    """The parts of the cells, which a reader does not see until they are opened."""
    words = _WORDS[language]
    told = "".join(f' data-{name}="{escape(words[name])}"' for name in _TOLD)
    keys = "".join(
        f"<div><dt><kbd>{escape(key)}</kbd></dt><dd>{escape(does)}</dd></div>"
        for key, does in _KEYS[language]
    )
    with in_language(language):
        state = live.state()
    return (
        f'<template class="lab-tools" data-search-exclude{told}>'
        f'<div class="lab-bar" role="group" aria-label="{escape(words["bar"])}">'
        f"<div>{_button('all', words)}{_button('stop', words, disabled=True)}"
        f"{_button('reset', words)}</div>"
        f'<p class="lab-told" role="status"></p>{_button("again", words, hidden=True)}{state}</div>'
        f'<details class="lab-keys"><summary>{escape(words["keys"])}</summary><dl>{keys}</dl>'
        "</details>"
        '<div class="lab-cell"><div class="language-python highlight lab-in"><pre><code></code>'
        "</pre></div></div>"
        f'<div class="lab-acts" role="group" aria-label="{escape(words["cell"])}">'
        f'<span class="lab-number">[ ]</span>{_button("run", words)}{_button("above", words)}'
        f"{_button('add', words)}{_button('remove', words)}</div>"
        "</template>"
    )


def _button(does: str, words: dict[str, str], **states: bool) -> str:
    marks = "".join(f" {name}" for name, on in states.items() if on)
    return f'<button type="button" data-do="{does}"{marks}>{escape(words[does])}</button>'

"""The steps that make pages: glossary, fences, addresses, notebooks."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import escape
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError

from lab_kernel import exercises
from lab_kernel.language import language as in_language
from tools.site import addresses, build, fences, glossary, rooms

TERMS = [
    {
        "en": "kernel",
        "ko": "커널",
        "forms": {"ko": ["커널"], "en": ["kernel"]},
        "definition": {"ko": "권한이 가장 높은 프로그램", "en": 'the "highest" program'},
    },
    {
        "en": "page table",
        "ko": "페이지 테이블",
        "forms": {"ko": ["페이지 테이블", "쪽표"], "en": ["page table"]},
        "definition": {"ko": "주소를 바꾸는 표", "en": "the table that maps addresses"},
    },
    {
        "en": "translation lookaside buffer (TLB)",
        "ko": "변환 색인 버퍼(TLB)",
        "forms": {
            "ko": ["변환 색인 버퍼", "TLB"],
            "en": ["translation lookaside buffer", "TLB"],
        },
        "definition": {"ko": "변환을 기억하는 캐시", "en": "a cache of translations"},
    },
]


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    path = tmp_path / "glossary.json"
    path.write_text(json.dumps(TERMS), encoding="utf-8")
    return path


def explained(html: str, language: str, terms: Path) -> list[str]:
    """The terms that were wrapped, in order."""
    out = glossary.explain(html, language, terms)
    return [part.split(">")[1].split("<")[0] for part in out.split('<abbr class="term"')[1:]]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>커널은 커널이 커널</p>", ["커널"]),
        ("<p>커널의 일. 쪽표를 본다.</p>", ["커널", "쪽표"]),
        ("<p>페이지 테이블(page table)을 둔다</p>", ["페이지 테이블"]),
        ("<p>변환 색인 버퍼(TLB)와 TLB</p>", ["변환 색인 버퍼"]),
        ("<p>마이크로커널은 커널링</p>", []),
        ("<h2>커널</h2><p><a href='#'>커널</a> <code>커널</code></p><pre>커널</pre>", []),
        ("<svg><text>커널</text></svg><abbr title='x'>커널</abbr>", []),
        ('<div data-plain><div>커널</div></div><p title="커널 > x">나중의 커널도</p>', ["커널"]),
        ("<!-- 커널 --><p>없음</p>", []),
        ("<p>정책이 커널에 있다</p>", ["커널"]),
    ],
)
def test_korean_terms(html: str, found: list[str], terms: Path) -> None:
    assert explained(html, "ko", terms) == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Kernels and the kernel</p>", ["Kernel"]),
        ("<p>microkernel, kernel-space, kernel.org page tables</p>", ["kernel", "page table"]),
        ("<p>the TLB, not tlb</p>", ["TLB"]),
    ],
)
def test_english_terms(html: str, found: list[str], terms: Path) -> None:
    assert explained(html, "en", terms) == found


def test_only_the_wrapped_text_changes(terms: Path) -> None:
    html = '<p>커널이</p>\n<svg viewBox="0 0 1 1"><linearGradient/></svg><BR><p class=x>a &lt; b'
    out = glossary.explain(html, "ko", terms)
    out = out.replace("<span hidden> kernel </span>", "")  # what only the search sees
    before, after = out.split("<abbr ")
    assert before + after.split("</abbr>")[0].split(">")[1] + after.split("</abbr>")[1] == html


def test_the_title_holds_definition_and_other_language(terms: Path) -> None:
    out = glossary.explain("<p>the kernel</p>", "en", terms)
    assert 'title="커널 — the &quot;highest&quot; program"' in out
    assert 'tabindex="0"' in out


def test_other_words_for_a_term_are_there_for_the_search_alone(tmp_path: Path) -> None:
    path = tmp_path / "glossary.json"
    path.write_text(json.dumps([{**TERMS[0], "alternates": ["알맹이"]}]), encoding="utf-8")
    assert "</abbr><span hidden> 알맹이, kernel </span>은" in glossary.explain("커널은", "ko", path)
    assert "hidden" not in glossary.explain("kernel", "en", path)


def test_a_fence_in_a_fence_is_text() -> None:
    text = "````markdown\n```explore x\n```\n````\n"
    assert fences.take_out(text, "en", "page.md", []) == text


def test_a_recording_can_be_wrapped() -> None:
    for words, wrapped in (("", False), (" wrap=on", True), (" wrap=off", False)):
        filled: list[str] = []
        fences.take_out(f"```recording memory-proc meminfo{words}\n```", "en", "a.md", filled)
        assert ("lk-wrap" in filled[0]) is wrapped


def test_a_recording_shows_command_output_and_origin() -> None:
    filled: list[str] = []
    text = "before\n\n```recording memory-proc meminfo lines=1-2\n```\n\nafter"
    kept = fences.take_out(text, "en", "page.md", filled)
    html = fences.put_back(kept, filled)
    assert "$ cat /proc/meminfo\nMemTotal:" in html
    assert html.count("kB") == 2
    assert "recording made" in html
    assert html.startswith("before\n")
    assert html.endswith("after")


@pytest.mark.parametrize(("language", "word"), [("en", "target"), ("ko", "목표")])
def test_a_command_shows_what_it_prints_in_the_page_s_language(language: str, word: str) -> None:
    filled: list[str] = []
    fences.take_out("```command slo budget 99.9 --period 30d\n```", language, "page.md", filled)
    assert f"$ lab-kernel slo budget 99.9 --period 30d\n{word}" in filled[0]
    assert "43" in filled[0]


@pytest.mark.parametrize(
    "fence",
    [
        "command slo budget 100",
        "explore kernel/memory/no-such-thing",
        "quiz kernel/memory/no-such-thing",
        "quiz kernel/memory/faults seed=x",
        "recording memory-proc no-such-entry",
        "recording memory-proc meminfo lines=9-2",
        "recording memory-proc meminfo wrap=yes",
        "recording no-such-recording x",
        "explore 'unclosed",
    ],
)
def test_a_fence_that_cannot_be_shown_names_page_and_line(fence: str) -> None:
    with pytest.raises(PluginError, match=r"kernel/memory\.md, line 3: ```"):
        fences.take_out(f"# x\n\n```{fence}\n```\n", "en", "kernel/memory.md", [])


NAV = [
    {"Home": "index.md"},
    {
        "The kernel": [
            "kernel/index.md",
            {"Memory": "kernel/memory.md"},
            {"Lab": "labs/kernel/memory.ipynb"},
        ]
    },
]


def test_the_navigation_names_pages_and_sections() -> None:
    assert rooms.titles(NAV) == {
        "index.md": "Home",
        "kernel/index.md": "The kernel",
        "kernel/memory.md": "Memory",
        "labs/kernel/memory.ipynb": "Lab",
    }


@pytest.mark.parametrize(("language", "zero"), [("ko", "8가지 중 0가지"), ("en", "0 of 8")])
def test_progress_names_every_topic_and_kind_before_anything_is_solved(
    language: str, zero: str
) -> None:
    filled: list[str] = []
    text = "```progress\n```\n"
    topics = dict.fromkeys(rooms.topic(name) for name in exercises.names())
    others = {f"{topic}.md": topic for topic in topics if topic != "kernel/memory"}
    others |= {f"{topic.split('/')[0]}/index.md": topic for topic in topics}
    fences.take_out(text, language, "start/index.md", filled, others | rooms.titles(NAV))
    (html,) = filled
    assert "The kernel" in html
    assert '<a href="../kernel/memory/">Memory</a>' in html
    kinds = Counter(rooms.topic(name) for name in exercises.names())
    for number in (kinds.total(), *kinds.values()):
        assert zero.replace("8", str(number)) in html  # all, and each topic
    with in_language(language):
        for name in exercises.names():
            assert f'<li data-kind="{name}">{escape(exercises.title(name))} ' in html
    assert "<form " not in html  # it needs no Python
    with pytest.raises(PluginError, match=r"line 1: ```progress: .*/\w+\.md"):
        fences.take_out(text, language, "index.md", [], rooms.titles(NAV[:1]))


def test_an_explorable_leads_to_the_cell_that_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [
        {"cell_type": "markdown", "id": "text", "source": ['explore("kernel/memory/tlb")']},
        {"cell_type": "code", "id": "short", "source": ["x = 1\n", "explore('oom', adj=1)"]},
        {"cell_type": "code", "id": "full", "source": 'explore(\n  "kernel/memory/frames")'},
        {"cell_type": "code", "id": "again", "source": 'explore("kernel/memory/frames", step=2)'},
    ]
    lab = tmp_path / "labs" / "ko" / "kernel" / "memory.ipynb"
    lab.parent.mkdir(parents=True)
    lab.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setattr(rooms, "ROOT", tmp_path)
    page = "kernel/memory.md"
    top = "../../labs/kernel/memory/"
    assert rooms.lab("kernel/memory/frames", "ko", page) == f"{top}#cell-full"
    assert rooms.lab("kernel/memory/oom", "ko", page) == f"{top}#cell-short"
    assert rooms.lab("kernel/memory/tlb", "ko", page) == top
    assert rooms.lab("kernel/memory/oom", "en", page) == ""
    assert rooms.lab("kernel/memory/oom", "ko", "index.md") == "labs/kernel/memory/#cell-short"


def test_the_same_picture_twice_on_a_page_shares_no_id() -> None:
    filled: list[str] = []
    fence = "```explore kernel/memory/replacement\n```\n```quiz kernel/memory/faults\n```\n"
    fences.take_out(fence * 2, "en", "page.md", filled)
    assert len(filled) == 4
    assert not [block for block in filled if re.search(r'\sid="', block)]


def test_a_fence_without_an_end_is_refused() -> None:
    with pytest.raises(PluginError, match="line 1"):
        fences.take_out("```explore x\n", "en", "page.md", [])


def test_addresses_without_a_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_REPOSITORY", raising=False)
    assert addresses.repository() is None


@pytest.mark.parametrize("setting", ["owner/name", "https://github.com/owner/name.git"])
def test_addresses_with_a_repository(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_REPOSITORY", setting)
    monkeypatch.delenv("LAB_BRANCH", raising=False)
    repository = addresses.repository()
    assert repository
    lab = addresses.source("ko", "labs/kernel/memory.ipynb")
    assert lab == "labs/ko/kernel/memory.ipynb"
    assert repository.edit(lab) == f"https://github.com/owner/name/edit/main/{lab}"
    assert repository.binder(lab) == (
        f"https://mybinder.org/v2/gh/owner/name/main?urlpath=lab/tree/{lab}"
    )
    assert addresses.source("en", "sre/index.md") == "docs/en/sre/index.md"


def test_binder_is_for_github_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_REPOSITORY", "https://gitlab.com/owner/name")
    repository = addresses.repository()
    assert repository
    assert repository.binder("labs/ko/x.ipynb") is None


@pytest.mark.parametrize(
    ("language", "url", "twin"),
    [
        ("ko", "./", "en/"),
        ("ko", "kernel/memory/", "../../en/kernel/memory/"),
        ("en", "kernel/memory/", "../../../kernel/memory/"),
        ("en", "./", "../"),
    ],
)
def test_twins_are_relative(language: str, url: str, twin: str) -> None:
    assert addresses.twin(language, url) == twin


@pytest.mark.parametrize("name", ["mkdocs.yml", "mkdocs.en.yml"])
def test_korean_headings_of_a_page_have_korean_anchors(name: str) -> None:
    slug = load_config(str(build.ROOT / name)).mdx_configs["toc"]["slugify"]
    assert slug("페이지 교체: 누가 나가야 하나", "-") == "페이지-교체-누가-나가야-하나"

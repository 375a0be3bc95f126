"""The gate that guards the translations must itself be able to fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import parity

KOREAN = """---
title: 메모리
description: 설명
---

# 메모리

첫 문단입니다. [다음 장](next.md#프레임)과 [커널 문서](https://docs.kernel.org/mm/)를 봅니다.

<!-- fact: K02, K06 -->

## 프레임 {#frames}

```sh
lab-kernel paging --frames 3 --lang ko  # 세 프레임
```

```explore kernel/memory/replacement frames=3
```

| 프레임 | 폴트 |
|---|---|
| 3 | 9 |

!!! note "참고"
    끝입니다.
"""

ENGLISH = """---
title: Memory
description: A description
---

# Memory

A first paragraph. See [the next chapter](next.md#frames) and [the docs](https://docs.kernel.org/mm/).

<!-- fact: K02, K06 -->

## Frames {#frames}

```sh
lab-kernel paging --frames 3 --lang en  # three frames
```

```explore kernel/memory/replacement frames=3
```

| frames | faults |
|---|---|
| 3 | 9 |

!!! note "Note"
    That is all.
"""


def test_a_faithful_translation_passes() -> None:
    assert parity.page_problems("memory.md", KOREAN, ENGLISH) == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("## Frames {#frames}", "### Frames {#frames}", "heading 2"),
        ("## Frames {#frames}\n", "Frames\n", "no more"),
        ("{#frames}", "{#frame}", "heading ids"),
        (
            "https://docs.kernel.org/mm/",
            "https://docs.kernel.org/",
            "link https://docs.kernel.org/",
        ),
        ("[the next chapter](next.md#frames)", "the next chapter", "link next.md#"),
        ("next.md#frames", "next.md", "link next.md"),
        ("--frames 3", "--frames 4", "fenced block 1"),
        ("replacement frames=3", "replacement frames=4", "fenced block 2"),
        ("```explore kernel/memory/replacement frames=3\n```\n", "", "fenced blocks"),
        ("K02, K06", "K02", "facts"),
        ("| 3 | 9 |\n", "", "table rows"),
        ("!!! note", "!!! warning", "admonitions"),
        ("description: A description\n", "", "front matter"),
    ],
)
def test_a_drifted_translation_fails(before: str, after: str, says: str) -> None:
    assert before in ENGLISH
    problems = parity.page_problems("memory.md", KOREAN, ENGLISH.replace(before, after))
    assert any(says in problem for problem in problems), problems


def test_a_heading_inside_a_fence_is_code() -> None:
    page = parity.read("# A\n\n~~~sh\n# not a heading [x](y)\n~~~\n")
    assert page.headings == [(1, "A")]
    assert not page.links


def test_a_link_in_inline_code_is_no_link() -> None:
    assert not parity.read("Write `[text](target.md)` for a link.").links


def test_a_missing_page_fails(tmp_path: Path) -> None:
    for language in ("ko", "en"):
        (tmp_path / language / "kernel").mkdir(parents=True)
    (tmp_path / "ko" / "kernel" / "memory.md").write_text(KOREAN, encoding="utf-8")
    (tmp_path / "en" / "kernel" / "extra.md").write_text(ENGLISH, encoding="utf-8")
    assert parity.site_problems(tmp_path / "ko", tmp_path / "en") == [
        "kernel/memory.md: there is no English page",
        "kernel/extra.md: there is no Korean page",
    ]


def test_pages_behind_a_symlink_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "notes.md").write_text("# Notes", encoding="utf-8")
    (tmp_path / "ko").mkdir()
    (tmp_path / "ko" / "labs").symlink_to(tmp_path / "elsewhere")
    assert parity.pages(tmp_path / "ko") == set()


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ko", "커널은 메모리를 추적한다.", 1),
        ("ko", "커널은 메모리를 추적합니다.", 0),
        ("ko", "항목은 짧게.", 0),
        ("ko", "사람들은 “커널은 작다.”라고 믿습니다.", 0),
        ("ko", "```sh\n# 추적한다.\n```", 0),
        ("en", "The 커널 is a kernel.", 1),
        ("en", "Also in 한국어.", 0),
    ],
)
def test_style(language: str, text: str, found: int) -> None:
    assert len(parity.style_problems("page.md", language, text)) == found


FACT: dict[str, object] = {
    "id": "K02",
    "chapter": "kernel/memory",
    "ko_terms": ["메모리", "프레임"],
    "en_terms": ["memory", "frames"],
}


def _docs(root: Path, korean: str = KOREAN, english: str = ENGLISH) -> Path:
    for language, text in (("ko", korean), ("en", english)):
        (root / language / "kernel").mkdir(parents=True)
        (root / language / "kernel" / "memory.md").write_text(text, encoding="utf-8")
    return root


def test_a_taught_fact_passes(tmp_path: Path) -> None:
    assert parity.fact_problems([FACT], _docs(tmp_path)) == []


def test_a_fact_without_its_mark_fails(tmp_path: Path) -> None:
    problems = parity.fact_problems([FACT], _docs(tmp_path, english=ENGLISH.replace("K02, ", "")))
    assert problems == ["en/kernel/memory.md: does not mark K02 (<!-- fact: K02 -->)"]


def test_a_fact_without_a_term_fails(tmp_path: Path) -> None:
    problems = parity.fact_problems([{**FACT, "ko_terms": ["참조열"]}], _docs(tmp_path))
    assert problems == ["ko/kernel/memory.md: lacks the term '참조열' of K02"]


def test_a_fact_of_no_page_fails(tmp_path: Path) -> None:
    assert len(parity.fact_problems([{**FACT, "chapter": "kernel/gone"}], _docs(tmp_path))) == 2


def test_a_fact_that_nobody_teaches_yet_is_let_be(tmp_path: Path) -> None:
    assert parity.fact_problems([{**FACT, "chapter": None}], _docs(tmp_path)) == []

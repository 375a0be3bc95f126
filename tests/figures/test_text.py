from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.figures.text import SIZE, longest, text_width, widest, wrap

LABELS = st.text("abc WM/한글.0x페이지 테이블(page table)-_=:A,", max_size=60)


def test_hangul_takes_a_full_em() -> None:
    assert text_width("페이지") == 3 * SIZE
    assert text_width("페이지", size=20) == 60


def test_bold_is_wider_and_the_widest_of_none_is_nothing() -> None:
    assert text_width("frame", bold=True) > text_width("frame") > 0
    assert widest() == 0
    assert widest("a", "abc", "ab") == text_width("abc")


def test_lines_break_at_spaces_and_behind_slashes() -> None:
    assert wrap("one two", text_width("one tw")) == ["one", "two"]
    path = "/usr/lib/x86_64-linux-gnu/libc.so.6"
    assert wrap(path, text_width("/usr/lib/x86_64-linux-gnu/")) == [
        "/usr/lib/x86_64-linux-gnu/",
        "libc.so.6",
    ]
    assert wrap("한국어는 낱말에서", 5 * SIZE) == ["한국어는", "낱말에서"]
    assert wrap("", 10) == [""]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        (".wh.cache", [".wh.", "cache"]),
        ("DATABASE_URL", ["DATABASE_", "URL"]),
        ("--workers=2", ["--workers=", "2"]),
        ("readinessProbe", ["readiness", "Probe"]),
        ("대기(pending)", ["대기", "(pending)"]),
    ],
)
def test_a_word_that_is_too_long_breaks_where_it_reads_well(word: str, parts: list[str]) -> None:
    assert wrap(word, widest(*parts)) == parts
    assert longest(f"a {word}") == text_width(word)
    assert longest(f"a {word}", broken=True) == widest(*parts)
    assert len(wrap(word, text_width("ww"))) > 2  # and anywhere, if that is not enough


@given(LABELS, st.floats(1, 300))
def test_wrapping_loses_nothing_and_keeps_the_limit(label: str, limit: float) -> None:
    lines = wrap(label, limit)
    assert "".join(lines).replace(" ", "") == re.sub(r"\s", "", label)
    assert all(text_width(line) <= limit or len(line) == 1 for line in lines)

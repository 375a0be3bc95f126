"""The words of the site: two languages that agree, a glossary and facts that hold together."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lab_kernel import explore
from lab_kernel.language import language
from tools import parity

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GLOSSARY: list[dict[str, Any]] = json.loads((DOCS / "glossary.json").read_text(encoding="utf-8"))
FACTS: list[dict[str, Any]] = json.loads((DOCS / "facts.json").read_text(encoding="utf-8"))
PAGES = [
    pytest.param(language, name, id=f"{language}/{name}")
    for language in ("ko", "en")
    for name in sorted(parity.pages(DOCS / language))
]
HANGUL = re.compile("[가-힣]")


def _text(language: str, name: str) -> str:
    return (DOCS / language / name).read_text(encoding="utf-8")


def test_the_two_languages_have_the_same_skeleton() -> None:
    assert parity.site_problems(DOCS / "ko", DOCS / "en") == []


def test_the_six_sections_are_there() -> None:
    sections = ["kernel", "containers", "cloud-native", "microservices", "sre", "devops"]
    assert {"index.md", *(f"{name}/index.md" for name in sections)} <= parity.pages(DOCS / "ko")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_files_for_people_agree(name: str) -> None:
    korean = (ROOT / name.replace(".md", ".ko.md")).read_text(encoding="utf-8")
    english = (ROOT / name).read_text(encoding="utf-8")
    assert parity.page_problems(name, korean, english) == []
    assert parity.style_problems(name, "ko", korean) == []
    assert parity.style_problems(name, "en", english) == []


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_page_has_a_title_and_a_short_description(language: str, name: str) -> None:
    meta = parity.read(_text(language, name)).meta
    assert meta.get("title")
    assert 20 <= len(meta.get("description", "")) <= 155


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_page_keeps_its_language_and_style(language: str, name: str) -> None:
    assert parity.style_problems(name, language, _text(language, name)) == []


@pytest.mark.parametrize(
    "name", sorted(n for n in parity.pages(DOCS / "en") if n.count("/") == 1 and "index" in n)
)
def test_an_overview_stays_on_one_screen(name: str) -> None:
    words = len(re.sub(r"\]\([^)]*\)|[|#-]+", " ", _text("en", name).split("---\n", 2)[2]).split())
    assert 150 <= words <= 300


def test_every_glossary_term_is_explained_in_both_languages() -> None:
    for term in GLOSSARY:
        assert list(term) == ["en", "ko", "alternates", "forms", "category", "definition"], term
        assert HANGUL.search(term["definition"]["ko"]), term["en"]
        assert term["definition"]["ko"].endswith("니다."), term["en"]
        assert not HANGUL.search(term["en"] + term["definition"]["en"]), term["en"]
        assert term["definition"]["en"].endswith("."), term["en"]


def test_a_korean_term_is_korean_or_the_name_that_korean_engineers_use() -> None:
    latin = {term["ko"] for term in GLOSSARY if not HANGUL.search(term["ko"])}
    assert latin == {"cgroup", "CommitLimit"}


@pytest.mark.parametrize("key", ["en", "ko"])
def test_no_glossary_term_is_there_twice(key: str) -> None:
    names = [term[key].casefold() for term in GLOSSARY]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_word_on_a_page_means_one_thing(language: str) -> None:
    forms = [form.casefold() for term in GLOSSARY for form in term["forms"][language]]
    assert sorted(set(forms)) == sorted(forms)


def test_glossary_categories_are_known() -> None:
    known = {"kernel", "container", "cloud-native", "sre", "devops"}
    assert {term["category"] for term in GLOSSARY} == known


def test_there_are_sixty_facts() -> None:
    groups = {"K": 7, "U": 8, "C": 6, "N": 5, "M": 5, "L": 7, "S": 13, "D": 9}
    ids = {f"{letter}{n:02}" for letter, count in groups.items() for n in range(1, count + 1)}
    assert len(ids) == 60
    assert sorted(ids) == sorted(fact["id"] for fact in FACTS)


def test_facts_are_said_in_both_languages() -> None:
    for fact in FACTS:
        assert fact["ko_terms"] and fact["en_terms"], fact["id"]
        for words in (fact["statement"], fact["correction"]):
            if words is not None:
                assert HANGUL.search(words["ko"]) and words["ko"].endswith("니다."), fact["id"]
                assert not HANGUL.search(words["en"]) and words["en"].endswith("."), fact["id"]


def test_finished_chapters_teach_their_facts() -> None:
    assert parity.fact_problems(FACTS, DOCS) == []


def test_a_marked_fact_names_its_chapter() -> None:
    taught = {fact["id"]: fact["chapter"] for fact in FACTS}
    for name in parity.pages(DOCS / "ko"):
        for fact in parity.read(_text("ko", name)).facts:
            assert taught.get(fact) == name.removesuffix(".md"), fact


@pytest.mark.parametrize("name", ["ko", "en"])
def test_the_picture_of_the_readme_is_what_the_explorable_draws(name: str) -> None:
    """Made by ``lab-kernel explore kernel/memory/miss-curve --lang LANG --out FILE``."""
    with language(name):
        picture = explore.load("kernel/memory/miss-curve").view().figures[0]
    drawn = (DOCS / f"ko/assets/readme.{name}.svg").read_text(encoding="utf-8")
    assert drawn == picture.svg

"""What a reader does on a page: other languages, the search, the schemes, terms, lost addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_the_language_link_keeps_the_page(page: Page, base: str) -> None:
    for address in ("/", "/labs/kernel/memory/"):  # of every page, the gates of the site say it
        page.goto(base + address)
        page.click("a.lab-language")
        page.wait_for_url(f"{base}/en{address}")
        assert page.get_attribute("html", "lang") == "en"
        page.click("a.lab-language")
        page.wait_for_url(base + address)
        assert page.get_attribute("html", "lang") == "ko"


def test_the_language_link_works_without_scripts(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/en/kernel/memory/")
    page.click("a.lab-language")
    page.wait_for_url(f"{base}/kernel/memory/")
    context.close()


@pytest.mark.parametrize(
    ("home", "queries"),
    [
        (
            "/",
            {
                "커널": "커널",
                "커널은": "커널",
                "커널이": "커널",
                "페이지": "페이지",
                "메모리를": "메모리",
                "page": "page",
            },
        ),
        ("/en/", {"kernel": "kernel", "memory": "memory", "page table": "page"}),
    ],
    ids=["ko", "en"],
)
def test_search_finds(page: Page, base: str, home: str, queries: dict[str, str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base + home, wait_until="networkidle")
    assert not any("search_index" in url for url in asked)  # not before it is wanted
    page.click(".md-search__input")
    results = page.locator(".md-search-result__item")
    for query, word in queries.items():
        page.locator(".md-search__input").fill("")
        page.keyboard.press("Shift")  # what an input method ends with: the search waits for a key
        sync_api.expect(results).to_have_count(0)
        page.keyboard.type(query)
        page.keyboard.press("Shift")
        results.first.wait_for(timeout=10_000)
        assert word in results.first.inner_text().lower(), query


def test_the_scheme_can_be_chosen_and_is_kept(page: Page, base: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{base}/labs/kernel/memory/", wait_until="networkidle")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    for _press in range(2):  # the system's, then light, then dark
        page.locator("label[for^=__palette]:not([hidden])").click()
    assert page.get_attribute("body", "data-md-color-scheme") == "slate"
    assert page.evaluate(paper) != light
    page.goto(f"{base}/kernel/memory/", wait_until="networkidle")
    assert page.get_attribute("body", "data-md-color-scheme") == "slate"


def test_the_table_of_contents_leads_to_korean_headings(page: Page, base: str) -> None:
    page.goto(f"{base}/labs/kernel/memory/", wait_until="networkidle")
    entry = page.locator(".md-sidebar--secondary .md-nav__link[href^='#']").last
    name = unquote((entry.get_attribute("href") or "")[1:])
    assert any("가" <= letter <= "힣" for letter in name)
    entry.click()
    page.wait_for_function("decodeURIComponent(location.hash).length > 1")
    top = "name => document.getElementById(name).getBoundingClientRect().top"
    assert page.evaluate(top, name) < 900


def test_code_can_be_copied(page: Page, base: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{base}/en/labs/kernel/memory/", wait_until="networkidle")
    page.locator(".lab-command button.md-clipboard, .lab-command .md-code__button").first.click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == "make lab LAB=en/kernel/memory"


def test_a_term_is_explained_to_the_keyboard(page: Page, base: str) -> None:
    page.goto(f"{base}/kernel/memory/", wait_until="networkidle")
    term = page.locator("abbr.term").first
    title = term.get_attribute("title")
    term.focus()
    tooltip = page.locator(".md-tooltip2--active")
    tooltip.wait_for()
    assert tooltip.inner_text().split() == (title or "").split()


def test_an_address_without_a_page(page: Page, base: str) -> None:
    response = page.goto(f"{base}/en/no/such/page/")
    assert response
    assert response.status == 404
    styled = "getComputedStyle(document.querySelector('.lab-lost__code')).fontWeight"
    assert page.evaluate(styled) == "700"
    page.click("text=English home")
    page.wait_for_url(f"{base}/en/")

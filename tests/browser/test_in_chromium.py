"""The pages as a reader gets them: Chromium, both languages, light and dark, wide and narrow."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

import pytest

from tools.site import check, offline

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

WIDTHS = (1280, 390)
Scheme = Literal["light", "dark"]
SCHEMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}
LOUD = ("error", "warning")  # the console's messages that are problems
SHOWN = 'name => document.body.getAttribute("data-md-color-scheme") === name'
OVER = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def watched(page: Page) -> tuple[list[str], list[Response]]:
    """Two lists that fill while the page is used: what went wrong, and what was loaded."""
    problems: list[str] = []
    responses: list[Response] = []
    page.on("console", lambda m: problems.append(m.text) if m.type in LOUD else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda response: responses.append(response))
    return problems, responses


def overflow(page: Page) -> int:
    """Pixels that the page is too wide, once the drawer has slid to its place."""
    with contextlib.suppress(sync_api.TimeoutError):
        page.wait_for_function(f"{OVER} <= 0", timeout=2_000)
    return max(0, int(page.evaluate(OVER)))


class Clean:
    """No other host, nothing in the console, no sideways scrolling, the reader's scheme, light.

    A class for each language, so that two workers share the pages.
    """

    language: str

    def test_every_page(self, browser: Browser, base: str, site: check.Site) -> None:
        wrong = [
            f"{one.address}: {problem}"
            for one in site.pages
            if one.lang == self.language and not one.is_lost
            for problem in visited(browser, base, site, one)
        ]
        assert not wrong, "\n".join(wrong)

    def test_a_page_of_each_kind_that_is_narrow_and_dark_from_the_start(
        self, browser: Browser, base: str
    ) -> None:
        context = browser.new_context(
            viewport={"width": WIDTHS[-1], "height": 900}, color_scheme="dark"
        )
        page = context.new_page()
        problems, _responses = watched(page)
        for address in ("/", "/kernel/memory/", "/labs/kernel/memory/"):
            page.goto(base + ("" if self.language == "ko" else "/en") + address)
            page.wait_for_function(SHOWN, arg=SCHEMES["dark"])
            assert overflow(page) == 0, address
        assert not problems
        context.close()


class TestKorean(Clean):
    language = "ko"


class TestEnglish(Clean):
    language = "en"


def visited(browser: Browser, base: str, site: check.Site, one: check.Page) -> list[str]:
    """What is wrong with a page on a first visit, in every setting."""
    first_visit = browser.new_context(color_scheme="light")
    page = first_visit.new_page()
    problems, responses = watched(page)
    page.goto(base + one.address, wait_until="networkidle")
    # the offline worker comes when the page is there, in idle time
    own = [response for response in responses if offline.WORKER not in response.url]
    size = sum(len(gzip.compress(response.body())) for response in own)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(SHOWN, arg=SCHEMES[scheme])
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if over := overflow(page):
                problems.append(f"{over} px too wide at {width}, {scheme}")
    problems += [f"asks {r.url}" for r in responses if not r.url.startswith(base)]
    first_visit.close()
    if size > (check.LAB_LIMIT if one.is_lab else check.TEXT_LIMIT):
        problems.append(f"{size} bytes for a first visit")
    if check.weight(site, one) < 0.98 * size:
        problems.append(f"{size} bytes were loaded, {check.weight(site, one)} computed")
    return problems


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
    _problems, responses = watched(page)
    page.goto(base + home, wait_until="networkidle")
    assert not any("search_index" in r.url for r in responses)  # not before it is wanted
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

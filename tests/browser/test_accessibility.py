"""What axe-core says of a page in use, of one on a phone, and of one that is broken.

Every page as it comes is looked at in test_every_page.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from lab_kernel import exercises
from tools import node
from tools.site import accessibility

from .reading import read, shown_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

START = 60_000  # ms: Python's, on a machine with other work


@pytest.fixture(scope="module", autouse=True)
def _axe() -> None:
    try:
        accessibility.script()
    except node.Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Without movement: half a fade is a colour that nobody chose."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def judged(page: Page, what: str) -> list[str]:
    """All rules in light, and in dark those that a colour can break."""
    shown_in(page, "light")
    found = [f"{what} | light | {one}" for one in accessibility.violations(page)]
    shown_in(page, "dark")
    dark = accessibility.violations(page, accessibility.COLOURS)
    return found + [f"{what} | dark | {one}" for one in dark]


def test_what_appears_on_use(page: Page, base: str) -> None:
    page.goto(f"{base}/kernel/memory/")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    read(page)
    line = page.locator("[data-explorable='kernel/memory/replacement'] [name=references]")
    line.fill("1,x")
    line.press("Enter")
    for number, status in enumerate(("wrong", "right", "bad")):
        quiz = page.locator("[data-quiz]").nth(number)
        name, seed = quiz.get_attribute("data-quiz"), quiz.get_attribute("data-seed")
        right = str(exercises.draw(str(name), int(str(seed))).answer)
        typed = {"wrong": "999", "right": right, "bad": "?"}[status]
        quiz.locator("[name=answer]").fill(typed)
        quiz.locator("[name=answer]").press("Enter")
        quiz.locator(f".lk-verdict[data-status={status}]").wait_for(timeout=START)
    page.locator(".lk-bad:visible").wait_for()
    page.locator("abbr.term").first.focus()
    page.locator(".md-tooltip2--active").wait_for()
    problems = judged(page, "unfolded, explained, refused, wrong, right")

    page.click(".md-search__input")
    page.keyboard.type("kernel")
    page.keyboard.press("Shift")
    page.locator(".md-search-result__item").first.wait_for(timeout=10_000)
    problems += judged(page, "the search")
    assert not problems, "\n".join(problems)


def test_narrow(page: Page, base: str) -> None:
    """A page of each kind, and the drawer open."""
    page.set_viewport_size({"width": 390, "height": 844})
    problems = []
    for address in ("labs/kernel/memory/", "kernel/memory/", ""):
        page.goto(f"{base}/en/{address}")
        read(page)
        problems += judged(page, f"{address} at 390 px")
    page.click("label.md-header__button[for=__drawer]")
    drawer = "document.querySelector('.md-sidebar--primary').getBoundingClientRect().left"
    page.wait_for_function(f"{drawer} >= 0")
    problems += judged(page, "the drawer")
    assert not problems, "\n".join(problems)


BREAK = {
    "image-alt": "m => m.insertAdjacentHTML('beforeend', '<img src=\"data:,\">')",
    "color-contrast": "m => m.querySelector('p').style.color = '#999'",
    "label": "m => m.insertAdjacentHTML('beforeend', '<input type=\"text\">')",
    "target-size": "m => m.insertAdjacentHTML('beforeend', '<button>.</button>'.repeat(9))",
    "heading-order": "m => m.insertAdjacentHTML('beforeend', '<h6>deep</h6>')",
}


def test_what_is_broken_is_noticed(page: Page, base: str) -> None:
    page.goto(f"{base}/en/sre/")
    for spoil in BREAK.values():
        page.evaluate(f"({spoil})(document.querySelector('.md-content article'))")
    assert {one.split(" | ")[0] for one in accessibility.violations(page)} == set(BREAK)


def test_what_is_dark_alone_is_noticed(page: Page, base: str) -> None:
    page.goto(f"{base}/en/sre/")
    style = "[data-md-color-scheme=slate] article p { color: #555 !important }"
    page.add_style_tag(content=style)
    found = judged(page, "here")
    assert found
    assert all(one.startswith("here | dark | color-contrast") for one in found)

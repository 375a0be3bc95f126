"""The memory page without a mouse, without movement, and printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .reading import read

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

# The focused element: its place among all, whether it is ours, and how its focus shows.
FOCUSED = """
() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const style = getComputedStyle(one);
  const article = one.closest("article");
  const ours = one.matches("article :is(input, select, button, summary, a, [tabindex])");
  const place = article ? [...article.querySelectorAll("*")].indexOf(one) : -1;
  return [ours, place, style.outlineStyle, one.outerHTML.slice(0, 90)];
}
"""
REACHED = """
() => [...document.querySelectorAll("article :is(input, select, button, summary)")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true })).length
"""


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{base}/kernel/memory/", wait_until="networkidle")
    yield page
    context.close()


def test_tab_walks_the_page_in_order_and_shows_where_it_is(page: Page) -> None:
    read(page)  # copy buttons are made a screen ahead, which nobody outruns but a test
    steps = []
    for _press in range(600):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if step is None or (steps and step[1] == -1 and steps[-1][1] >= 0):
            break
        steps.append(step)
    else:
        pytest.fail("Tab never leaves the page's text")
    ours = [step for step in steps if step[0]]
    assert not [what for _ours, _place, outline, what in ours if outline == "none"]
    places = [place for _ours, place, _outline, _what in ours]
    assert places == sorted(places)
    controls = [what for *_rest, what in ours if what.startswith(("<inp", "<sel", "<but", "<sum"))]
    assert len(controls) == page.evaluate(REACHED)


def test_who_wants_no_movement_gets_none(page: Page) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0);
      return (style.animationName !== "none" && lasts(style.animationDuration)) ||
        (style.transitionProperty !== "none" && lasts(style.transitionDuration));
    }).length"""
    assert page.evaluate(moving)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_readable(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", media="print")
    page.set_viewport_size({"width": 640, "height": 1000})  # what A4 leaves between its margins
    shown = page.locator("article :is(button, input, select, .lk-quiz details)")
    assert not [one for one in shown.all() if one.is_visible()]
    assert page.locator("article .lk-settings").first.is_visible()
    text = "getComputedStyle(document.querySelector('article p')).color"
    assert page.evaluate(text) == "rgb(28, 36, 44)"
    clipped = """() => [...document.querySelectorAll("article :is(svg, pre, table)")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => one.outerHTML.slice(0, 90))"""
    assert page.evaluate(clipped) == []

"""Pictures as a real browser lays them out."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lab_kernel.figures import Bar, Figure, bars
from lab_kernel.figures.palette import DARK, LIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SAMPLES = Path(__file__).parents[1] / "figures" / "samples.py"
# Every text against the paper, the box it is written in, other texts, and boxes it is not in.
# Heights are taken 3 units smaller: a line box is higher than its glyphs.
MISPLACED = """
() => {
  const wrong = [];
  const meets = (a, b) => a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 &&
    a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5;
  const holds = (a, b) => b.x >= a.x - 0.5 && b.x + b.width <= a.x + a.width + 0.5 &&
    b.y >= a.y - 0.5 && b.y + b.height <= a.y + a.height + 0.5;
  for (const figure of document.querySelectorAll("svg.lk-figure")) {
    const say = (text, what) => wrong.push(
      figure.getAttribute("aria-label") + ": " + text.textContent + " " + what);
    const paper = figure.viewBox.baseVal;
    const boxes = [...figure.querySelectorAll(".lk-box > rect")].map(r => [r, r.getBBox()]);
    const texts = [...figure.querySelectorAll("text")].map(t => {
      const b = t.getBBox();
      return [t, {x: b.x, y: b.y + 3, width: b.width, height: b.height - 6}];
    });
    texts.forEach(([text, extent], n) => {
      if (!holds(paper, text.getBBox())) say(text, "leaves the paper");
      const own = text.parentNode.querySelector(":scope > rect");
      const inside = text.parentNode.classList.contains("lk-box");
      if (inside && !holds(own.getBBox(), extent)) say(text, "leaves its box");
      for (const [other, area] of boxes)
        if (!(inside && other === own) && meets(area, extent) && !holds(area, extent))
          say(text, "runs across the edge of a box");
      for (const [other, area] of texts.slice(n + 1))
        if (meets(area, extent)) say(text, "runs into " + other.textContent);
    });
  }
  return wrong;
}
"""


@pytest.fixture(scope="module", params=["ko", "en"])
def pictures(request: pytest.FixtureRequest) -> dict[str, Figure]:
    found: dict[str, Figure] = runpy.run_path(str(SAMPLES))["samples"](request.param == "ko")
    return found


def page_of(browser: Browser, pictures: dict[str, Figure], **how: Any) -> Page:
    page = browser.new_page(**how)
    shown = "".join(f"<p>{name}</p>{p.html()}" for name, p in pictures.items())
    page.set_content(f'<!doctype html><meta charset="utf-8"><body style="margin:16px">{shown}')
    return page


def test_no_text_is_clipped_or_covered(browser: Browser, pictures: dict[str, Figure]) -> None:
    page = page_of(browser, pictures)
    assert page.locator("svg.lk-figure").count() == len(pictures)
    assert page.evaluate(MISPLACED) == []
    page.close()


def test_a_label_that_is_too_long_would_be_found(
    browser: Browser, pictures: dict[str, Figure]
) -> None:
    page = page_of(browser, {"grid": pictures["grid"]})
    page.evaluate("document.querySelector('.lk-box text').textContent = '너무 긴 이름'")
    assert page.evaluate(MISPLACED)
    page.close()


def test_on_a_phone_text_stays_legible_and_the_page_does_not_scroll(
    browser: Browser, pictures: dict[str, Figure]
) -> None:
    page = page_of(browser, pictures, viewport={"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("svg.lk-figure text")].map(t =>
        parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"""
    )
    assert min(sizes) >= 10
    page.close()


def test_a_wide_picture_scrolls_by_keyboard(browser: Browser, pictures: dict[str, Figure]) -> None:
    page = page_of(browser, {"": pictures["long grid"]}, viewport={"width": 360, "height": 640})
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('[role=region]').scrollLeft > 20", timeout=5000)
    page.close()


def papers(page: Page) -> list[str]:
    """The colour of each picture's paper."""
    fills = page.evaluate(
        """() => [...document.querySelectorAll(".lk-figure .lk-paper")]
        .map(p => getComputedStyle(p).fill.match(/\\d+/g).slice(0, 3).map(Number))"""
    )
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in fills]


HOSTS = {
    '<div data-md-color-scheme="default">{}</div>': LIGHT,
    '<div data-md-color-scheme="slate">{}</div>': DARK,
    '<div data-jp-theme-light="true">{}</div>': LIGHT,
    '<div data-jp-theme-light="false">{}</div>': DARK,
    '<div data-md-color-scheme="slate"><div data-jp-theme-light="true">{}</div></div>': DARK,
    '<div data-md-color-scheme="default"><div data-jp-theme-light="false">{}</div></div>': LIGHT,
}


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_page_chooses_the_scheme_and_else_the_system(browser: Browser, system: Any) -> None:
    picture = bars([Bar("a", [("", 1)])], title="t", description="d").html()
    page = browser.new_page(color_scheme=system)
    page.set_content(picture + "".join(host.format(picture) for host in HOSTS))
    schemes = [{"light": LIGHT, "dark": DARK}[system], *HOSTS.values()]
    assert papers(page) == [scheme["paper"] for scheme in schemes]
    page.emulate_media(media="print", color_scheme=system)
    assert set(papers(page)) == {LIGHT["paper"]}
    page.close()


def test_forced_colours_are_the_readers(browser: Browser, pictures: dict[str, Figure]) -> None:
    page = page_of(browser, pictures)
    page.emulate_media(forced_colors="active", color_scheme="dark")
    fills = page.evaluate(
        """() => [...document.querySelectorAll(".lk-figure .lk-box > rect:not(.lk-solid)")]
        .map(r => getComputedStyle(r).fill)"""
    )
    text = page.evaluate("getComputedStyle(document.querySelector('.lk-figure text')).fill")
    assert len(set(fills)) == 1
    assert text not in fills
    page.close()


def test_a_saved_file_opens_by_itself_and_asks_for_nothing(
    browser: Browser, pictures: dict[str, Figure], tmp_path: Path
) -> None:
    asked: list[str] = []
    page = browser.new_page(color_scheme="dark")
    page.on("request", lambda request: asked.append(request.url))
    for name in ("grid", "map"):
        file = tmp_path / f"{name}.svg"
        pictures[name].save(file)
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.localName") == "svg"
        assert page.locator("parsererror").count() == 0
        assert papers(page) == [DARK["paper"]]
    assert [url for url in asked if not url.startswith("file:")] == []
    page.close()
